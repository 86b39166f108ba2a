"""Free bets: prepaids are what can be given, a reward is given to one player, a campaign is the pattern of rewards.

Each reward is a campaign of ours with one player, under its `reward_uuid`; each campaign of theirs is one of ours
without players. What else they want to hear again stands in its notes.
"""

import hashlib
from collections.abc import Callable

import msgspec

from croupier.campaigns.campaign import Campaign
from croupier.dialects.actions import (
    CancelCampaign,
    FindPlayer,
    Gift,
    GiveFreeRounds,
    Granted,
    ListGames,
    ListGrants,
    PutCampaign,
    PutPlayer,
    ReadCampaign,
    Steps,
    ask,
)
from croupier.dialects.amounts import CannotCarry
from croupier.dialects.hub88.names import WIRE_MAX, scale, uuid_made_of, uuid_of, wire_amount
from croupier.dialects.hub88.wanted import WRONG_SYNTAX, Asked, Hub88Error, Result
from croupier.dialects.members import Members
from croupier.domain.days import DAY_US
from croupier.domain.instants import rfc3339
from croupier.domain.parties import Operator
from croupier.games.game import Game

BULK_MAX = 100
LIFE_US = 30 * DAY_US
"""Of a reward without an end of its own."""


class Notes(msgspec.Struct, frozen=True, omit_defaults=True):
    """`pattern`: a campaign of theirs. `campaign`: the one that a reward was made from."""

    pattern: bool = False
    campaign: str | None = None
    prepaid: str | None = None
    reference: str | None = None
    name: str | None = None


class Terms(msgspec.Struct, frozen=True):
    """What is given. `bet` in minor units, times in microseconds; those that were not said are None."""

    game_id: str
    currency: str
    bet: int
    count: int
    prepaid: str
    starts_at: int | None
    ends_at: int | None


def prepaids_list(asked: Asked) -> Steps[list[Result]]:
    """One for each game with free bets, currency and bet level; how many of them is said by the reward."""
    m = asked.members
    game_code, currency = m.optional_text("game_code"), m.optional_text("currency", 16)
    games = yield from ask(ListGames())
    return [
        {
            "prepaid_uuid": prepaid,
            "game_code": game.game_id,
            "name": game.name,
            "currency": code,
            "bet_value": wire_amount(bet, code),
            "bet_count": None,
            "bonus_buy": False,
        }
        for prepaid, (game, code, bet) in _prepaids(games, asked.operator).items()
        if game_code in (None, game.game_id) and currency in (None, code)
    ]


def reward_create(asked: Asked) -> Steps[Result]:
    (reward,) = yield from _give(asked, (asked.members.name("user", 3),))
    return reward


def reward_create_bulk(asked: Asked) -> Steps[list[Result]]:
    """All of these players, or none."""
    users = tuple(dict.fromkeys(asked.members.names("users", BULK_MAX)))
    return (yield from _give(asked, users))


def rewards_list(asked: Asked) -> Steps[list[Result]]:
    m = asked.members
    wanted = {name: m.optional_text(name, 255) for name in _FILTERS}
    grants = yield from ask(ListGrants(m.optional_name("user")))
    rewards = [_reward(one, asked) for one in grants if one.campaign.notes and one.progress is not None]
    return [one for one in rewards if all(value in (None, one[name]) for name, value in wanted.items())]


_FILTERS = ("reward_uuid", "campaign_uuid", "prepaid_uuid", "game_code", "currency", "status", "operator_reference")


def reward_cancel(asked: Asked) -> Steps[Result]:
    name = asked.members.text("reward_uuid")
    found = yield from ask(ReadCampaign(name))
    if found is None or not found.campaign.notes or not found.progress:
        raise Hub88Error(404, "UNKNOWN", f"There is no reward {name}.")
    yield from ask(CancelCampaign(name))
    campaign = msgspec.structs.replace(found.campaign, cancelled_at=asked.at)
    return _reward(Granted(campaign, found.progress[0]), asked)


def campaign_create(asked: Asked) -> Steps[Result]:
    m = asked.members
    title, reference = m.text("name", 255), m.optional_text("operator_reference", 255)
    terms = yield from _terms(asked, m)
    name = _made_here("campaign", reference, asked, title)
    notes = Notes(pattern=True, prepaid=terms.prepaid, reference=reference, name=title)
    made = yield from _made(name, terms, notes)
    if made is None:
        made = yield from ask(_wanted(asked, name, terms, notes))
    return _campaign(made, asked)


def campaigns_list(asked: Asked) -> Steps[list[Result]]:
    """`start_time`: those that start then or later, `end_time`: those that end then or before."""
    m = asked.members
    since, until = m.optional_moment("start_time"), m.optional_moment("end_time")
    wanted = {name: m.optional_text(name, 255) for name in ("name", "prepaid_uuid", "operator_reference")}
    grants = yield from ask(ListGrants())
    campaigns = [one.campaign for one in grants if _notes(one.campaign).pattern]
    shown = [
        _campaign(one, asked)
        for one in campaigns
        if one.starts_at >= (since or 0) and (until is None or one.ends_at <= until)
    ]
    return [one for one in shown if all(value in (None, one[name]) for name, value in wanted.items())]


def campaign_info(asked: Asked) -> Steps[Result]:
    return _campaign((yield from _pattern(asked.members.text("campaign_uuid"))), asked)


def _give(asked: Asked, users: tuple[str, ...]) -> Steps[list[Result]]:
    m = asked.members
    reference, source = m.optional_text("operator_reference", 255), m.optional_text("campaign_uuid")
    terms = yield from (_terms(asked, m) if source is None else _terms_of(source))
    for user in users:
        known = yield from ask(FindPlayer(user))
        if known is not None and known.currency != terms.currency:
            raise Hub88Error(400, "WRONG_CURRENCY", f"{user} has {known.currency}, the free bets {terms.currency}.")
    notes = Notes(campaign=source, prepaid=terms.prepaid, reference=reference)
    named = {user: _made_here("reward", reference, asked, user) for user in users}
    gifts = []
    for user, name in named.items():
        if (yield from _made(name, terms, notes)) is None:
            gifts.append(Gift(_wanted(asked, name, terms, notes), (PutPlayer(user, terms.currency),)))
    yield from ask(GiveFreeRounds(tuple(gifts)))
    rewards = []
    for user, name in named.items():
        found = yield from ask(ReadCampaign(name, user))
        assert found is not None, "it was written a moment ago"
        rewards.append(_reward(Granted(found.campaign, found.progress[0]), asked))
    return rewards


def _made(name: str, terms: Terms, notes: Notes) -> Steps[Campaign | None]:
    """What a call before this one has made; a repeat finds it."""
    known = yield from ask(ReadCampaign(name))
    if known is None:
        return None
    c = known.campaign
    same = (c.game_ids, c.currency, c.bet, c.rounds, _notes(c))
    if same != ((terms.game_id,), terms.currency, terms.bet, terms.count, notes):
        raise Hub88Error(400, WRONG_SYNTAX, "operator_reference has been used with other content.")
    return c


def _wanted(asked: Asked, name: str, terms: Terms, notes: Notes) -> PutCampaign:
    starts_at = asked.at if terms.starts_at is None else terms.starts_at
    ends_at = starts_at + LIFE_US if terms.ends_at is None else terms.ends_at
    text = msgspec.json.encode(notes).decode()
    return PutCampaign(name, (terms.game_id,), terms.count, terms.bet, terms.currency, starts_at, ends_at, notes=text)


def _terms(asked: Asked, m: Members) -> Steps[Terms]:
    """Of a prepaid, or of a game, currency and bet that are named one by one."""
    games = yield from ask(ListGames())
    prepaids = _prepaids(games, asked.operator)
    value = m.optional_whole("bet_value", 1, WIRE_MAX)
    if m.has("prepaid_uuid"):
        prepaid = m.text("prepaid_uuid")
    else:
        named = m.text("game_code"), m.text("currency", 16), m.whole("bet_value", 1, WIRE_MAX)
        prepaid = _prepaid(*named)
    found = prepaids.get(prepaid)
    if found is None:
        raise Hub88Error(400, WRONG_SYNTAX, "There is no such prepaid: see prepaids/list for games and bet values.")
    game, currency, bet = found
    if value not in (None, wire_amount(bet, currency)):
        raise Hub88Error(400, WRONG_SYNTAX, f"bet_value of this prepaid is {wire_amount(bet, currency)}.")
    count = m.whole("bet_count", 1, 10_000)
    return Terms(
        game.game_id, currency, bet, count, prepaid, m.optional_moment("start_time"), m.optional_moment("end_time")
    )


def _terms_of(source: str) -> Steps[Terms]:
    c = yield from _pattern(source)
    prepaid = _notes(c).prepaid or ""
    return Terms(c.game_ids[0], c.currency, c.bet, c.rounds, prepaid, c.starts_at, c.ends_at)


def _pattern(name: str) -> Steps[Campaign]:
    found = yield from ask(ReadCampaign(name))
    if found is None or not _notes(found.campaign).pattern:
        raise Hub88Error(404, "UNKNOWN", f"There is no campaign {name}.")
    return found.campaign


def _prepaids(games: tuple[Game, ...], operator: Operator) -> dict[str, tuple[Game, str, int]]:
    """By `prepaid_uuid`: game, currency, bet in minor units."""
    found = {}
    for game in games:
        for code in operator.currencies if game.free_rounds else ():
            for bet in game.bet_levels(code):
                if bet % (scale(code).step * (game.scale or 1)) == 0:
                    found[_prepaid(game.game_id, code, wire_amount(bet, code))] = game, code, bet
    return found


def _prepaid(game_id: str, currency: str, bet_value: int) -> str:
    return uuid_made_of("prepaid", game_id, currency, str(bet_value))


def _made_here(kind: str, reference: str | None, asked: Asked, subject: str) -> str:
    """Its UUID: the same for the same reference, else a new one."""
    if reference is not None:
        return uuid_made_of(kind, reference, subject)
    return uuid_made_of(kind, hashlib.sha256(asked.body).hexdigest(), str(asked.at), subject)


def _notes(campaign: Campaign) -> Notes:
    """Of a campaign that was made elsewhere: none."""
    return msgspec.json.decode(campaign.notes, type=Notes) if campaign.notes else Notes()


def _reward(one: Granted, asked: Asked) -> Result:
    c, progress, notes = one.campaign, one.progress, _notes(one.campaign)
    assert progress is not None, "a reward has its player"
    return {
        "reward_uuid": uuid_of(c.campaign_id),
        "user": progress.player_id,
        "status": _status(c, progress.left, asked.at),
        "campaign_uuid": notes.campaign,
        "operator_reference": notes.reference,
        **_shown(c, notes, asked),
    }


def _campaign(c: Campaign, asked: Asked) -> Result:
    notes = _notes(c)
    return {
        "campaign_uuid": c.campaign_id,
        "name": notes.name,
        "operator_reference": notes.reference,
        **_shown(c, notes, asked),
    }


def _shown(c: Campaign, notes: Notes, asked: Asked) -> Result:
    try:
        value: int | None = wire_amount(c.bet, c.currency)
    except CannotCarry:
        value = None
    return {
        "operator_id": asked.operator.number,
        "prepaid_uuid": notes.prepaid,
        "game_code": c.game_ids[0],
        "currency": c.currency,
        "bet_value": value,
        "bet_count": c.rounds,
        "start_time": rfc3339(c.starts_at),
        "end_time": rfc3339(c.ends_at),
    }


def _status(c: Campaign, left: int, at: int) -> str:
    phase = c.phase(at)
    if phase != "cancelled" and not left:
        return "FRS_FINISHED"
    return {"scheduled": "FRS_NEW", "running": "FRS_ACTIVE", "ended": "FRS_EXPIRED"}.get(phase, "FRS_CANCELLED")


CALLS: dict[str, Callable[[Asked], Steps[object]]] = {
    "/freebet/prepaids/list": prepaids_list,
    "/freebet/rewards/create": reward_create,
    "/freebet/rewards/create_bulk": reward_create_bulk,
    "/freebet/rewards/list": rewards_list,
    "/freebet/rewards/cancel": reward_cancel,
    "/freebet/campaigns/create": campaign_create,
    "/freebet/campaigns/list": campaigns_list,
    "/freebet/campaigns/info": campaign_info,
}
