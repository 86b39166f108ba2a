"""Free spins: an issue is one player's; each is a campaign of ours under its `issue_id`."""

from croupier.campaigns.campaign import ROUNDS_MAX
from croupier.dialects.actions import (
    CancelCampaign,
    FindGame,
    Gift,
    GiveFreeRounds,
    PutCampaign,
    PutPlayer,
    ReadCampaign,
    Steps,
    ask,
)
from croupier.dialects.members import Members
from croupier.dialects.softswiss import codes
from croupier.dialects.softswiss.launch import Asked, Result, SoftswissError
from croupier.dialects.softswiss.names import game_named
from croupier.domain.days import DAY_US
from croupier.domain.money import CURRENCIES

LIFE_MAX_US = 31 * DAY_US


def issue(asked: Asked) -> Steps[Result]:
    """The same issue again is good and gives nothing twice; with other content it is refused."""
    m = asked.members
    name, currency, user = m.name("issue_id"), m.text("currency", 32), m.members("user")
    rounds, until = m.whole("freespins_quantity", 1, ROUNDS_MAX), _until(asked, m)
    games, player_id = tuple(dict.fromkeys(map(game_named, m.texts("games", 100)))), user.name("id")
    bet = yield from _bet(games, currency, m.whole("bet_level", 1, 1000))
    known = yield from ask(ReadCampaign(name))
    if known is not None:
        c = known.campaign
        same = (c.game_ids, c.currency, c.bet, c.rounds, c.ends_at)
        if same != (games, currency, bet, rounds, until) or player_id not in {one.player_id for one in known.progress}:
            raise SoftswissError(codes.FREE_SPINS, f"issue_id {name} has been used with other content.")
        return {}
    campaign = PutCampaign(name, games, rounds, bet, currency, asked.at, until, notes="{}", summed=True)
    player = PutPlayer(player_id, currency, country=user.optional_country("country"))
    yield from ask(GiveFreeRounds((Gift(campaign, (player,)),)))
    return {}


def cancel(asked: Asked) -> Steps[Result]:
    """What is being played is played to its end."""
    yield from ask(CancelCampaign(asked.members.name("issue_id")))
    return {}


def _until(asked: Asked, m: Members) -> int:
    until = m.optional_moment("valid_until")
    if until is None:
        raise SoftswissError(codes.REQUEST, "valid_until is missing.")
    if until > asked.at + LIFE_MAX_US:
        raise SoftswissError(codes.FREE_SPINS_TOO_LONG, "valid_until is more than a month away.")
    return until


def _bet(games: tuple[str, ...], currency: str, level: int) -> Steps[int]:
    """The bet of this level, in all of these games."""
    bets = set()
    for game_id in games:
        game = yield from ask(FindGame(game_id))
        if not game.free_rounds:
            raise SoftswissError(codes.NO_FREE_SPINS_HERE, f"{game_id} has no free spins.")
        levels = game.bet_levels(currency) if currency in CURRENCIES else ()
        if not 1 <= level <= len(levels):
            raise SoftswissError(codes.FREE_SPINS, f"bet_level is 1-{len(levels)} in {game_id}.")
        bets.add(levels[level - 1])
    if len(bets) != 1:
        raise SoftswissError(
            codes.FREE_SPINS, "bet_level is another bet in each of these games: issue them one by one."
        )
    return bets.pop()
