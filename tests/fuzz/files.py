"""Files from outside: statements of operators, mapping files of home-made wallets, the history of earlier runs."""

import contextlib
import io
import json
import random
import re
import tempfile
from pathlib import Path
from unittest import mock

import typer

from croupier.domain.money import AMOUNT_MAX
from croupier.ledger.operator_statement import KINDS, STATES, BadStatement, read_statement
from croupier.main import certify_history, certify_run
from fuzz.target import Seed, Target

GUIDE = (Path(__file__).parents[2] / "docs/home-made-api.md").read_text("utf-8")
MAPPINGS = dict(re.findall(r'```\w+ title="([^"]+\.(?:toml|yaml))"\n(.*?)```', GUIDE, re.DOTALL))

HEAD = "transaction_id,kind,amount,currency,player_id,round_id,state,at"
ROWS = (
    "b_1,bet,100,EUR,ana,rd_1,accepted,2026-11-22T12:00:00Z",
    "w_1,win,250,EUR,ana,rd_1,accepted,2026-11-22T12:00:01.5+01:00",
    '"b_2",bet,9007199254740991,JPY,"bob",rd_2,reversed,2026-11-22T12:00:02Z',
    "3f2504e0-4f89-41d3-9a0c-0305e82c3301,rollback,0,EUR,ana,rd_3,declined,2026-11-22T23:59:59.999999Z",
)
STATEMENT = "\n".join((HEAD, *ROWS))


def statements() -> list[Seed]:
    columns = [line.split(",") for line in STATEMENT.split("\n")]
    turned = "\r\n".join(",".join([*reversed(cells), "x"]) for cells in columns)
    return [
        Seed("plain", STATEMENT.encode(), kind="lines"),
        Seed("turned", b"\xef\xbb\xbf" + turned.encode(), kind="lines"),
        Seed("cut", STATEMENT[:200].encode(), kind="lines"),
    ]


def judge_statement(seed: Seed, data: bytes, rng: random.Random) -> str:
    """The same, however it comes in pieces; every line exactly right, or all of it refused with at most 20 mistakes."""
    ends = []
    for size in (len(data) + 1, rng.randint(1, 60)):
        lines, mistakes = [], []
        try:
            for line in read_statement(data[at : at + size] for at in range(0, len(data), size)):
                lines.append(line)  # noqa: PERF402 - what came before the mistake counts
        except BadStatement as bad:
            mistakes = bad.mistakes
        ends.append((lines, mistakes))
    assert ends[0] == ends[1], "it depends on the pieces"
    lines, mistakes = ends[0]
    for line in lines:
        assert 0 <= line.amount <= AMOUNT_MAX
        assert line.kind in KINDS
        assert line.state in STATES
        assert str(line.amount).encode() in data
        assert line.player_id.encode() in data
    assert len(mistakes) <= 20
    assert all(str(one).isprintable() and one.line >= 1 and len(one.what) < 300 for one in mistakes), mistakes
    return "refused" if mistakes else "read"


def mappings() -> list[Seed]:
    return [Seed(name, text.encode(), Path(name).suffix, "bytes") for name, text in MAPPINGS.items()]


STRANGE = (
    *("&a [*a]", "*x", "!!python/object/apply:os.system ['true']", "!!binary x", "2026-13-45", "0x" + "9" * 5000),
    *(
        "9" * 5000,
        ".nan",
        ".inf",
        "? {a: b}\n: c",
        "<<: 3",
        "{a: &b {c: *b}}",
        "[" * 3000,
        "2026-11-22",
        "\t",
        "é",
        "---",
    ),
    *("{player", "{nobody}", "{signature}", "{secret}", "'{amount}'", "null", "~", "[]", "{}", "true", "-1", "1.5"),
)


def judge_mapping(seed: Seed, data: bytes, rng: random.Random) -> str:
    """A wallet that can be spoken to, or one sentence and exit code 2."""
    if rng.random() < 0.6:  # what stands behind a colon or an equals sign is another value
        values = list(re.finditer(rb"(?<=[:=] )[^\n]+", data))
        if values:
            one = rng.choice(values)
            data = data[: one.start()] + rng.choice(STRANGE).encode() + data[one.end() :]
    with tempfile.NamedTemporaryFile(suffix=seed.about) as file, contextlib.redirect_stderr(io.StringIO()) as told:
        file.write(data)
        file.flush()
        try:
            with mock.patch.object(certify_run, "fail", _failed):
                found = certify_run.mapped_of(file.name)
        except Sentence:
            return "refused"
    assert told.getvalue() == ""
    assert found is not None
    assert found.mapping.calls.named().keys() == {"balance", "bet", "win", "rollback"}
    return "read"


class Sentence(typer.Exit):
    """What `fail` has said."""


def _failed(text: str) -> None:
    assert text.startswith("--dialect ")
    raise Sentence


def histories() -> list[Seed]:
    good = {
        "at": 1,
        "wallet_url": "http://w",
        "green": False,
        "rules": 3,
        "whole": True,
        "red": ["A-1"],
        "judged": ["A-1"],
    }
    old = {"at": 1, "wallet_url": "http://w", "green": True, "rules": 3}
    return [
        Seed("two", (json.dumps(good) + "\n" + json.dumps(good) + "\n").encode(), kind="bytes"),
        Seed("old", (json.dumps(old) + "\n").encode()),
        Seed("one", (json.dumps(good) + "\n").encode()),
    ]


def judge_history(seed: Seed, data: bytes, rng: random.Random) -> str:
    """Earlier runs are for people: what cannot be read of them costs no run its report."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "history.jsonl"
        place.write_bytes(data)
        with mock.patch.object(certify_history, "HISTORY", place):
            clock, progress = certify_history.noted("http://w", (), whole=True)
    assert isinstance(clock, str)
    return "nothing" if progress is None and not clock else "told"


TARGETS = [
    Target("statement", statements, judge_statement, frozenset({"read", "refused"})),
    Target("mapping", mappings, judge_mapping, frozenset({"read", "refused"})),
    Target("history", histories, judge_history, frozenset({"nothing", "told"})),
]
