"""`croupier games`, `verify` and `play`: the catalogue, its exact figures, and simulated rounds."""

import json
from fractions import Fraction
from typing import Annotated, Any

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

from croupier.games.catalogue import GAMES
from croupier.games.game import Game
from croupier.main.terminal import FINDINGS, AsJson, fail, show, show_one, voice

GameId = Annotated[str | None, typer.Argument(help=f"One of {', '.join(GAMES)}.")]


def percent(share: Fraction, digits: int = 4) -> str:
    """``96.1234 %``, rounded half up from the exact value."""
    scaled = (share * 100 * 10**digits + Fraction(1, 2)).__floor__()
    return f"{scaled // 10**digits}.{scaled % 10**digits:0{digits}d} %"


def list_games(as_json: AsJson = False) -> None:
    """List the games with their exact return to player."""
    rows: list[dict[str, Any]] = [
        {
            "id": game.game_id,
            "name": game.name,
            "kind": game.kind,
            "version": game.version,
            "rtp": ", ".join(f"{mode} {percent(rtp)}" for mode, rtp in game.rtp.items()),
            "method": game.rtp_method,
            "volatility": game.volatility,
            "max win": f"{game.max_win} x",
        }
        for game in GAMES.values()
    ]
    columns = ("id", "name", "kind", "version", "rtp", "volatility", "max win")
    show(rows, columns, as_json=as_json, empty="No games are installed.")


def verify(
    game: GameId = None,
    every: Annotated[bool, typer.Option("--all", help="Every game.")] = False,
    write: Annotated[bool, typer.Option("--write", help="Make the published sheet what was computed now.")] = False,
    as_json: AsJson = False,
) -> None:
    """Compute a game's figures again and compare them with its published PAR sheet. Exit code 1 when they differ."""
    from croupier.games.par import verify as compute
    from croupier.games.par import write as publish

    if not every and game is None:
        fail("name a game, or use --all; croupier games lists them")
    results = [compute(g) for g in (GAMES.values() if every else [known(game or "")])]
    if write:
        for result in results:
            publish(known(result.game_id), result.sheet)
    if as_json:
        print(json.dumps([{"game": r.game_id, "ok": r.ok, "differences": r.differences} for r in results]))
    else:
        for result in results:
            mark = "[green]as published[/green]" if result.ok else "[red]differs[/red]"
            voice.print(f"{result.game_id} {result.version}  {mark}  ({result.method})")
            for difference in result.differences:
                voice.print(f"  {difference}", highlight=False)
    if not write and not all(result.ok for result in results):
        raise typer.Exit(FINDINGS)


def play(
    game: GameId,
    rounds: Annotated[int, typer.Option(min=1, help="How many rounds.")] = 1_000_000,
    seed: Annotated[str | None, typer.Option(help="Same seed, same rounds; default: system entropy.")] = None,
    as_json: AsJson = False,
) -> None:
    """Simulate rounds and compare the measured return with the exact one. Exit code 1 outside the 99.9 % interval."""
    from croupier.games.simulate import simulate
    from croupier.runtime.entropy import Seeded, SystemRng

    chosen = known(game or "")
    with Progress(
        "{task.description}", BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), console=voice, transient=True
    ) as progress:
        task = progress.add_task(chosen.name, total=rounds)
        rng = Seeded(seed) if seed is not None else SystemRng()
        result = simulate(chosen, rounds, rng, lambda done: progress.update(task, completed=done))
    fields = {
        "game": chosen.game_id,
        "rounds": result.rounds,
        "rtp": percent(result.rtp),
        "exact": percent(result.expected),
        "interval": f"{percent(result.low)} to {percent(result.high)} (99.9 %)",
        "hit_frequency": percent(result.hit_frequency),
        "inside": result.inside,
    }
    show_one(fields, as_json=as_json)
    if not result.inside:
        raise typer.Exit(FINDINGS)


def known(game_id: str) -> Game:
    game = GAMES.get(game_id)
    if game is None:
        fail(f"there is no game {game_id!r}; there is {', '.join(GAMES)}")
        raise AssertionError
    return game
