# ruff: noqa: INP001, TID251 - a tool beside the product: a script of its own, with the clock of the machine
"""The player API without a platform: the real games, play money in memory, and trouble on demand. For developing only.

    python web/src/play/mock/server.py 23001
    npx vite --config src/play/mock/vite.config.ts --port 23000
    http://127.0.0.1:23000/play.html?token=krakens-hoard,free_spins,EUR

A token is `game[,scenario[,currency[,mode]]]`. Scenarios that ask for a result (big_win, free_spins, insurance, split,
blackjack) search seeds until the round has it; the others are troubles: funds, unknown, paying, busy, replaced, gone.
"""

import hashlib
import itertools
import json
import sys
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from croupier.domain.money import CURRENCIES
from croupier.games.catalogue import GAMES
from croupier.games.game import Action, Game, NotAllowedChoice, Play
from croupier.games.rng import Lemire

Json = Any


def seeded(seed: int) -> Lemire:
    """The same draws for the same seed."""
    stream = itertools.chain.from_iterable(hashlib.sha256(b"%d %d" % (seed, i)).digest() for i in itertools.count())
    return Lemire(lambda count: bytes(itertools.islice(stream, count)))


def kinds(play: Play) -> set[str]:
    return {reveal["kind"] for reveal in play.reveals}


def is_pair(play: Play) -> bool:
    return any(offer.action == "split" for offer in play.offers)


def lines_won(play: Play) -> int:
    return max((len(reveal.get("lines", ())) for reveal in play.reveals), default=0)


WANTED: dict[str, Callable[[Play, int], bool]] = {
    "lose": lambda play, _: play.finished and play.win == 0,
    "lines": lambda play, _: len(play.reveals) == 1 and lines_won(play) >= 3,
    "big_win": lambda play, bet: 15 * bet <= play.win and "free_spins_awarded" not in kinds(play),
    "free_spins": lambda play, _: "free_spins_awarded" in kinds(play),
    "insurance": lambda play, _: "insurance_offered" in kinds(play),
    "split": lambda play, _: is_pair(play),
    "blackjack": lambda play, bet: play.finished and play.win > bet,
    "win": lambda play, bet: play.win > bet,
}
"""What a scenario asks of the opening action: its result and its price, in units."""


class Round:
    """One round: what the player has seen and staked."""

    def __init__(self, number: int, unit: int, mode: str, choice: Json) -> None:
        self.round_id = f"r-mock-{number:06d}"
        self.unit, self.mode, self.choice = unit, mode, choice
        self.play: Play | None = None
        self.bet = self.win = 0
        self.state = "in_play"
        self.steps: list[dict[str, Json]] = []
        self.opened_at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        self.settles_at = 0.0


class Table:
    """One session."""

    def __init__(self, token: str) -> None:
        game, scenario, currency, mode = (*token.split(","), "", "", "")[:4]
        self.game: Game = GAMES[game]
        self.scenario, self.currency, self.mode = scenario, currency or "EUR", mode or "real"
        self.exponent = CURRENCIES[self.currency].exponent
        self.levels = self.game.bet_levels(self.currency)
        self.balance = self.levels[0] * 5000
        self.rounds: list[Round] = []
        self.answers: dict[str, tuple[int, Json]] = {}
        self.seed = int(time.time() * 1000)

    def session(self) -> Json:
        game = self.game
        waiting = [r for r in self.rounds if r.state not in ("closed", "cancelled")]
        return {
            "game": {"id": game.game_id, "name": game.name, "kind": game.kind, "version": game.version},
            "mode": self.mode,
            "currency": self.currency,
            "exponent": self.exponent,
            "language": "en",
            "balance": self.balance,
            "bet_levels": self.levels,
            "bet_modes": game.modes,
            "rules": game.rules,
            "rtp": {"base": "0.9612"},
            "open_round": self.reply(waiting[-1], whole=True) if waiting else None,
            "free_rounds": None,
            "session_id": "s-mock",
            "return_url": "http://127.0.0.1:23000/play.html",
            "deposit_url": "http://127.0.0.1:23000/play.html?deposit",
            "replay_round_id": "r-mock-000001",
        }

    def reply(self, r: Round, *, whole: bool = False) -> Json:
        if r.state in ("rolling_back", "paying") and time.time() > r.settles_at:
            self.balance += r.bet if r.state == "rolling_back" else 0
            r.state = "cancelled" if r.state == "rolling_back" else "closed"
        shown = r.steps if whole else r.steps[-1:]
        offers = r.play.offers if r.play and r.state == "in_play" else ()
        return {
            "round_id": r.round_id,
            "state": r.state,
            "step": len(r.steps),
            "reveals": [reveal for step in shown for reveal in step["reveals"]],
            "bet": r.bet,
            "win": r.win,
            "balance": None if r.state in ("paying", "rolling_back") else self.balance,
            "unit": r.unit,
            "currency": self.currency,
            "next_actions": [{"action": offer.action, "cost": offer.cost * r.unit} for offer in offers],
            "opened_at": r.opened_at,
            "mode": r.mode,
            "choice": r.choice,
        }

    def open(self, body: Json) -> tuple[int, Json]:
        trouble = self.trouble(body)
        if trouble:
            return trouble
        mode, choice = body.get("mode", "base"), body.get("choice")
        unit = body["bet"] // self.game.scale if self.game.scale else 1
        r = Round(len(self.rounds) + 1, unit, mode, choice)
        self.rounds.append(r)
        return self.take(r, Action("bet", mode, choice))

    def act(self, r: Round, body: Json) -> tuple[int, Json]:
        return self.take(r, Action(body["action"]))

    def take(self, r: Round, action: Action) -> tuple[int, Json]:
        state = r.play.state if r.play else None
        try:
            price = self.game.price(state, action)
        except NotAllowedChoice as error:
            return problem(422, "invalid_choice", str(error), money="not_placed")
        cost = price * r.unit
        wanted = WANTED.get(self.scenario) if state is None else None
        for _ in range(200_000):
            self.seed += 1
            play = self.game.play(state, action, seeded(self.seed))
            if wanted is None or wanted(play, price):
                break
        self.balance -= cost
        r.bet += cost
        if self.scenario == "unknown" and len(self.rounds) % 2:
            r.state, r.settles_at = "rolling_back", time.time() + 4
            return problem(424, "wallet_unknown", "no clear answer", money="being_checked", round_id=r.round_id)
        r.play = play
        step = {"action": action.name, "choice": action.choice, "cost": cost, "reveals": play.reveals, "at": ""}
        r.steps.append(step)
        if play.finished:
            r.state, r.win = "closed", play.win * r.unit
            self.balance += r.win
            if self.scenario == "paying" and r.win:
                r.state, r.settles_at = "paying", time.time() + 5
        return 200, self.reply(r)

    def trouble(self, body: Json) -> tuple[int, Json] | None:
        if self.scenario == "funds" or body["bet"] > self.balance:
            return problem(402, "insufficient_funds", "", money="not_placed", balance=self.balance)
        if self.scenario == "busy":
            return problem(503, "busy", "", money="not_placed")
        if self.scenario == "replaced":
            return problem(409, "session_replaced", "", money="not_placed")
        return None


def problem(status: int, code: str, detail: str, **more: Json) -> tuple[int, Json]:
    return status, {"type": "about:blank", "title": code, "status": status, "code": code, "detail": detail, **more}


TABLES: dict[str, Table] = {}


class Handler(BaseHTTPRequestHandler):
    def answer(self, status: int, body: Json) -> None:
        data = json.dumps(body, default=list).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json" if status < 400 else "application/problem+json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: Any) -> None:
        return

    @property
    def table(self) -> Table | None:
        return TABLES.get(self.headers.get("Authorization", "").removeprefix("Bearer "))

    def do_GET(self) -> None:
        table, parts = self.table, self.path.split("?")[0].split("/")[3:]
        if table is None:
            return self.answer(*problem(401, "unauthorized", ""))
        if parts == ["session"]:
            return self.answer(200, table.session())
        if parts == ["rounds"]:
            items = [{**table.reply(r, whole=True), "closed_at": None} for r in reversed(table.rounds)]
            return self.answer(200, {"items": items, "next_cursor": None})
        found = [r for r in table.rounds if r.round_id == parts[1]]
        if not found:
            return self.answer(*problem(404, "not_found", ""))
        reply = table.reply(found[0], whole=True)
        return self.answer(200, {**reply, "steps": found[0].steps} if parts[-1] == "replay" else reply)

    def do_POST(self) -> None:
        parts = self.path.split("/")[3:]
        body = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))))
        if parts == ["sessions"]:
            name = f"play-{len(TABLES)}"
            TABLES[name] = opened = Table(body["token"])
            if opened.mode == "replay":
                opened.open({"bet": opened.levels[0], "choice": REPLAYED.get(opened.game.kind), "mode": "base"})
            return self.answer(201, {"play_token": name, "session_id": "s-mock"})
        table = self.table
        if table is None:
            return self.answer(*problem(401, "unauthorized", ""))
        request_id = body.pop("request_id")
        if table.scenario == "gone" and len(table.answers) == 1 and request_id not in table.answers:
            table.answers[request_id] = table.open(body) if parts == ["rounds"] else table.act(table.rounds[-1], body)
            self.close_connection = True  # The answer is lost; a repeat must find it.
            return None
        if request_id not in table.answers:
            table.answers[request_id] = table.open(body) if parts == ["rounds"] else table.act(table.rounds[-1], body)
        return self.answer(*table.answers[request_id])


REPLAYED = {
    "roulette": {"bets": [{"type": "red", "amount": 40}, {"type": "corner", "numbers": [1, 2, 4, 5], "amount": 20}]},
}
"""What the round of a replay token was opened with."""


if __name__ == "__main__":
    ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
