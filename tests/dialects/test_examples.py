"""Every dialect's wire examples: call -> request must equal, answer -> outcome must equal, their call -> our reply."""

from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import msgspec
import pytest

from croupier.dialects import DIALECTS, FACADES
from croupier.dialects.facade import FacadeRequest, NotAuthentic
from croupier.domain.refusal import Refused
from croupier.wallet.outcome import Unknown
from dialects.examples import (
    AT,
    FACADE,
    SUM,
    WALLET,
    answer_of,
    call_of,
    operator_of,
    outcome_of,
    paths,
    read,
    result_of,
)

EXAMPLES = paths()
WALLETS = [path for path in EXAMPLES if not path.stem.startswith("facade-")]
CALLS = [path for path in EXAMPLES if path.stem.startswith("facade-")]


def named(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}"


@pytest.mark.parametrize("path", WALLETS, ids=named)
def test_example(path: Path):
    example = read(path)
    dialect, operator, call = DIALECTS[path.parent.name], operator_of(path, example), call_of(example["call"])
    assert set(example) & {"request", "outcome"}, "an example shows a request or an outcome"
    request = dialect.request(call, operator, AT)
    if "request" in example:
        shown = {"url": request.url, "headers": dict(request.headers), "body": request.body.decode("ascii")}
        assert (request.method, shown) == ("POST", example["request"])
    if "outcome" in example:
        outcome = dialect.outcome(call, operator, answer_of(example), AT, request)
        if isinstance(outcome, Unknown):
            outcome = msgspec.structs.replace(outcome, detail="")  # words for people, free to change
        assert outcome == outcome_of(example["outcome"])


def said(value: Any) -> Any:
    """What an action says beside what is said by default, as YAML has it."""
    if is_dataclass(value):
        given = {one.name: (getattr(value, one.name), one.default) for one in fields(value)}
        return {name: said(value) for name, (value, default) in given.items() if value != default}
    return [said(one) for one in value] if isinstance(value, tuple) else msgspec.to_builtins(value)


@pytest.mark.parametrize("path", CALLS, ids=named)
def test_facade_example(path: Path):
    """`steps`: the actions that it asks for, with what they answer; the reply must equal."""
    example = read(path)
    facade, operator, asked = FACADES[path.parent.name], operator_of(path, example), example["request"]
    headers = tuple((str(name), str(value)) for name, value in asked.get("headers", {}).items())
    request = FacadeRequest(
        asked["method"],
        asked["path"],
        asked.get("query", ""),
        headers,
        asked.get("body", "").encode("utf-8"),
        asked.get("certificate"),
        f"https://croupier.example/dialects/{path.parent.name}",
    )
    steps = list(example.get("steps", ()))
    try:
        if facade.caller(request) != facade.login(operator):
            raise NotAuthentic("This caller is not known here.")
        facade.authenticate(request, operator, AT)
        course = facade.converse(request, operator, AT)
        action = next(course)
        while True:
            step = steps.pop(0)
            assert {type(action).__name__: said(action)} == step["action"]
            if "refused" in step:
                action = course.throw(Refused(**step["refused"]))
            else:
                action = course.send(result_of(step.get("result")))
    except StopIteration as end:
        reply = facade.signed(request, operator, end.value)
    except NotAuthentic as doubt:
        reply = facade.refuse(request, Refused("unauthenticated", doubt.why))
    except Refused as refused:
        reply = facade.signed(request, operator, facade.refuse(request, refused))
    assert not steps, "the reply came before these"
    wanted = example["reply"]
    if "headers" in wanted:
        assert {name: value for name, value in reply.headers if name in wanted["headers"]} == wanted["headers"]
    assert (reply.status, reply.body.decode("utf-8")) == (wanted["status"], wanted["body"])


@pytest.mark.parametrize("name", DIALECTS)
def test_a_dialect_shows_what_every_dialect_must(name: str):
    """One may be missing only where the dialect says that it has no such thing."""
    lacks = DIALECTS[name].abilities.lacks
    assert DIALECTS[name].abilities.free_sum == ({path.stem for path in paths(name)} >= SUM)
    required = WALLET | (FACADE if name in FACADES else set())
    shown = {path.stem for path in paths(name)}
    assert required - lacks <= shown
    assert not lacks & shown, "it has this after all"
    assert lacks <= WALLET | FACADE
