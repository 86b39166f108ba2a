"""docs/games/: a page per game of the catalogue, with the figures that its PAR sheet proves."""

from fractions import Fraction

from croupier.domain.money import CURRENCIES, Money
from croupier.games.catalogue import GAMES
from croupier.games.game import Game

INDEX = """\
# Games

What `GET /api/v1/games` lists. Return to player (RTP), hit frequency and the largest win are exact figures, computed
from the rules and not measured; `croupier verify GAME` computes them again.

| Game | Id | Kind | RTP | Volatility | Wins anything | Largest win |
|---|---|---|---|---|---|---|
"""

SHOWN_CURRENCIES = ("EUR", "JPY", "KWD")
KINDS = {"slot": "Slot", "roulette": "Roulette", "blackjack": "Blackjack"}


def pages() -> dict[str, str]:
    """File name -> text."""
    index = INDEX + "".join(row(game) for game in GAMES.values())
    return {"index.md": index} | {f"{game.game_id}.md": page(game) for game in GAMES.values()}


def row(game: Game) -> str:
    rtp = percent(min(game.rtp.values()))
    return (
        f"| [{game.name}]({game.game_id}.md) | `{game.game_id}` | {KINDS[game.kind]} | {rtp} "
        f"| {game.volatility} | {percent(game.hit_frequency)} of rounds | {game.max_win:,} × bet |\n"
    )


def page(game: Game) -> str:
    modes = "".join(f"| {mode} | {percent(rtp)} |\n" for mode, rtp in game.rtp.items())
    levels = "".join(f"| {code} | {', '.join(levels_in(game, code))} |\n" for code in SHOWN_CURRENCIES)
    return (
        f"# {game.name}\n\n"
        f"| | |\n|---|---|\n"
        f"| Id | `{game.game_id}` |\n| Version | {game.version} |\n| Fingerprint | `{game.fingerprint}` |\n"
        f"| Kind | {KINDS[game.kind]} |\n| Features | {', '.join(game.features) or 'none'} |\n"
        f"| Volatility | {game.volatility} |\n"
        f"| Hit frequency | {percent(game.hit_frequency)} of rounds win anything |\n"
        f"| Largest win | {game.max_win:,} × bet |\n| How the RTP is known | {game.rtp_method} |\n\n"
        f"## Return to player\n\n| Bet | RTP |\n|---|---|\n{modes}\n"
        f"## Bet levels\n\n| Currency | Levels |\n|---|---|\n{levels}\n"
        f"Other currencies have levels of about the same worth; `GET /api/v1/games/{game.game_id}` lists them all.\n\n"
        f"[All games](index.md)\n"
    )


def levels_in(game: Game, code: str) -> list[str]:
    return [str(Money(amount, CURRENCIES[code])).removesuffix(f" {code}") for amount in game.bet_levels(code)]


def percent(share: Fraction) -> str:
    """Two decimals, rounded half up, in whole numbers."""
    hundredths = (share.numerator * 20_000 + share.denominator) // (2 * share.denominator)
    return f"{hundredths // 100}.{hundredths % 100:02d} %"
