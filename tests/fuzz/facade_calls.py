"""Operators' calls to us in other APIs: as they came, with bytes changed, and signed again by whoever has the key."""

import json
import random
from collections import defaultdict
from collections.abc import Callable
from functools import cache
from typing import Any

from msgspec.structs import replace

from croupier.dialects import FACADES, actions, forms
from croupier.dialects.actions import Action
from croupier.dialects.facade import FacadeRequest, NotAuthentic, in_words
from croupier.dialects.hub88 import signature as hub88
from croupier.dialects.mascot import signature as mascot
from croupier.dialects.mascot.names import subject_of
from croupier.dialects.pragmatic import signature as pragmatic
from croupier.dialects.slotegrator import signature as slotegrator
from croupier.dialects.softswiss import signature as softswiss
from croupier.domain.exchange import Headers, HttpResponse
from croupier.domain.parties import Operator
from croupier.domain.refusal import Refused
from croupier.games.catalogue import GAMES
from dialects.examples import AT, operator_of, paths, read, result_of
from fuzz.target import Seed, Target

STATUSES: dict[str, set[int]] = {
    "mascot": {200, 204, 401, 404, 405, 413},
    "slotegrator": {200, 400, 401, 403, 404, 405, 415, 422, 429},
    "pragmatic": {200, 401, 404, 405, 413, 400},
    "hub88": {200, 400, 401, 403, 404, 405, 413},
    "softswiss-v1": {200, 400, 403, 404, 405, 413},
    "softswiss-v2": {200, 400, 405, 413},
}
"""Of replies while nothing of ours has failed."""

WRITES = (
    *(actions.PutGroup, actions.PutPlayer, actions.OpenSession, actions.OpenDemo, actions.EndSession),
    *(actions.PutCampaign, actions.GiveFreeRounds, actions.GrantFreeRounds, actions.CancelCampaign, actions.PutBonus),
)
REFUSALS = ("not_found", "unknown_currency", "currency_is_fixed", "player_blocked")


def request_of(dialect: str, asked: dict[str, Any]) -> FacadeRequest:
    headers = tuple((str(name), str(value)) for name, value in asked.get("headers", {}).items())
    base = f"https://croupier.example/dialects/{dialect}"
    body, query = asked.get("body", "").encode(), asked.get("query", "")
    return FacadeRequest(asked["method"], asked["path"], query, headers, body, asked.get("certificate"), base)


def seeds(dialect: str) -> list[Seed]:
    """Of a call without a body it is the query that is changed."""
    found = []
    for path in paths(dialect):
        example = read(path)
        if not path.stem.startswith("facade-"):
            continue
        request, operator = request_of(dialect, example["request"]), operator_of(path, example)
        data = request.body or request.query.encode()
        kind = "json" if data[:1] in b"{[" and data else "form"
        found.append(Seed(path.stem, data, (request, operator), kind))
    return found


@cache
def known_results(dialect: str) -> dict[str, list[Any]]:
    """What the examples' actions answer, by the name of the action."""
    found: dict[str, list[Any]] = defaultdict(list)
    for path in paths(dialect):
        for step in read(path).get("steps", ()):
            ((name, _),) = step["action"].items()
            if "refused" not in step:
                found[name].append(result_of(step.get("result")))
    return found


def judge_of(dialect: str) -> Callable[[Seed, bytes, random.Random], str]:
    def judge(seed: Seed, data: bytes, rng: random.Random) -> str:
        request, operator = seed.about
        changed = replace(request, body=data) if request.body else replace(request, query=data.decode("latin-1"))
        if rng.random() < 0.05:
            changed = replace(changed, path=changed.path + rng.choice(("/", "x", "/../", "//", "%00")))
        if rng.random() < 0.3:
            changed = replace(changed, headers=tuple(_bent(changed.headers, rng)))
        else:
            changed = signed(dialect, changed, operator)
        reply, done, word = answered(dialect, changed, operator, rng)
        assert word == "done" or failed(dialect, reply) or (dialect == "mascot" and reply.status == 204)
        if failed(dialect, reply):
            assert not done, f"refused, but {done} is done"
            word = word if word == "unauthenticated" else "refused"
        return _checked(dialect, reply, word)

    return judge


def answered(
    dialect: str, request: FacadeRequest, operator: Operator, rng: random.Random
) -> tuple[HttpResponse, list[Action[Any]], str]:
    """The reply, what changed something on its way, and how it ended."""
    facade, done = FACADES[dialect], list[Action[Any]]()
    try:
        if facade.caller(request) != facade.login(operator):
            raise NotAuthentic("This caller is not known here.")
        facade.authenticate(request, operator, AT)
        return _performed(dialect, request, operator, rng, done), done, "done"
    except NotAuthentic as doubt:
        return facade.refuse(request, Refused("unauthenticated", doubt.why)), done, "unauthenticated"
    except Refused as refused:
        return facade.signed(request, operator, facade.refuse(request, refused)), done, "refused"


def _bent(headers: Headers, rng: random.Random) -> list[tuple[str, str]]:
    """A header lost, twice, cut, or with something else in it."""
    bent = list(headers)
    if bent:
        at = rng.randrange(len(bent))
        name, value = bent[at]
        texts = ("", value[:-1], value + "0", value.upper(), "é", "\xa0", "9" * 5000, f"{value},{value}", "=", "k=")
        bent[at : at + 1] = rng.choice(([], [(name, rng.choice(texts))], [(name, value), (name, rng.choice(texts))]))
    return bent


def signed(dialect: str, request: FacadeRequest, operator: Operator) -> FacadeRequest:
    """By whoever has the key, where the bytes can be signed at all."""
    key, made = operator.wallet_secrets[0], ()
    form = not (request.last_header("content-type") or "").lower().startswith("application/json")
    text = request.body if request.body and form else request.query
    try:
        if dialect == "hub88":
            made = ((hub88.HEADER, hub88.sign(key, request.body)),)
        elif dialect.startswith("softswiss"):
            made = ((softswiss.HEADER, softswiss.sign(key, request.body)),)
        elif dialect == "mascot" and request.certificate is None:
            made = mascot.headers(key, subject_of(operator), 1, AT // 1_000_000, request.body)
        elif dialect == "slotegrator":
            fields = forms.read(request.query if request.method == "GET" else request.body)
            made = slotegrator.headers(key, operator.operator_id, "n", AT // 1_000_000, fields)
        elif dialect == "pragmatic":
            pairs = [pair for pair in forms.read(text) if pair[0] != pragmatic.FIELD]
            told = forms.encoded(pragmatic.with_hash(key, pairs))
            return replace(request, body=told.encode()) if text is request.body else replace(request, query=told)
    except (ValueError, UnicodeError):
        return request
    names = {name.lower() for name, _ in made}
    return replace(request, headers=(*(h for h in request.headers if h[0].lower() not in names), *made))


def _performed(
    dialect: str, request: FacadeRequest, operator: Operator, rng: random.Random, done: list[Action[Any]]
) -> HttpResponse:
    """The call's course; `done` gets what changed something."""
    facade, batch = FACADES[dialect], request.body.lstrip()[:1] == b"["
    course = facade.converse(request, operator, AT)
    try:
        action = next(course)
        while True:
            try:
                result = _result(dialect, action, rng, given=bool(done))
            except Refused as refused:
                action = course.throw(in_words(refused, facade.words))
            else:
                # Of a batch each call is refused or done by itself.
                done += [action] if isinstance(action, WRITES) and not batch else []
                action = course.send(result)
    except StopIteration as end:
        return facade.signed(request, operator, end.value)


def _result(dialect: str, action: Action[Any], rng: random.Random, *, given: bool) -> Any:
    """`given`: something was written before, so it is there."""
    if isinstance(action, actions.FindGame):
        if action.game_id not in GAMES:
            raise Refused("unknown_game", "There is no such game.")
        return GAMES[action.game_id]
    if isinstance(action, actions.ListGames):
        return tuple(GAMES.values())
    if rng.random() < 0.15 and isinstance(action, (*WRITES, actions.Introduce, actions.HistoryToken)):
        raise Refused(rng.choice(REFUSALS), "No.")
    known = known_results(dialect).get(type(action).__name__)
    assert known, f"no example shows what {action} answers"
    if isinstance(action, actions.ReadCampaign) and given:
        known = [one for one in known if one is not None and one.progress]
    return rng.choice(known)


def failed(dialect: str, reply: HttpResponse) -> bool:
    if reply.status >= 400:
        return True
    if dialect == "pragmatic" and reply.body[:1] == b"{":
        return json.loads(reply.body)["error"] != "0"
    value = json.loads(reply.body) if dialect == "mascot" and reply.body else None
    return isinstance(value, dict) and "error" in value


def _checked(dialect: str, reply: HttpResponse, word: str) -> str:
    assert reply.status in STATUSES[dialect], reply.status
    assert (reply.body == b"") == (reply.status == 204)
    assert all("\r" not in text and "\n" not in text and text.isascii() for pair in reply.headers for text in pair)
    kind = next((value for name, value in reply.headers if name == "content-type"), "")
    if kind.startswith("application/json"):
        value = json.loads(reply.body)
        if dialect == "slotegrator" and word != "done":
            assert value["status"] == reply.status
    return word


TARGETS = [
    Target(
        f"calls/{name}",
        lambda name=name: seeds(name),
        judge_of(name),
        frozenset({"unauthenticated", "refused", "done"}),
    )
    for name in FACADES
]
