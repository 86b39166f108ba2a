"""What a rule is. Rules are data in `rules/`, spoken in wallet terms: the dialect makes the bytes."""

import tomllib
from importlib.resources import files
from typing import Literal

import msgspec

Level = Literal["must", "should"]
Answer = Literal["ok", "no", "not ok", "ended", "any"]
"""Accepted; plainly refused; anything but accepted; a rollback after which nothing is owed; whatever."""

GROUPS = ("connection", "signature", "balance", "round", "funds", "retry", "rollback", "time", "race", "value",
          "precision", "encoding", "session", "free", "restart")  # fmt: skip
"""A file each, in the order in which they run."""

LEVELS: dict[str, tuple[str, ...]] = {"basic": GROUPS[:5], "money-safe": GROUPS[:13], "production": GROUPS}

FIRST = ("CONN-01", "CONN-02", "CONN-03", "SIG-01")
"""Each stands after the one before, and every other rule after the last of them."""


class Change(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is wrong with the bytes of a step, on purpose. All but `sign` and `tampered` are signed afterwards.

    `sign`: ``other`` key, ``old`` = an hour ago, ``both`` = another key's signature first, ``none``. `tampered`: the
    amount is raised under the old signature. `amount`: written as ``negative``, ``fraction``, ``other type``, ``NaN``,
    ``Infinity``, ``empty``, ``power`` (1e3) or ``padded``. `drop`: a field by its role. `put`: role -> its text.
    `note`: an extra field of that text. `body`: ``indented``, ``broken`` or ``large``. `path`: the address of another
    call.
    """

    sign: Literal["", "other", "old", "both", "none"] = ""
    tampered: bool = False
    amount: str = ""
    drop: str = ""
    put: dict[str, str] = {}
    note: str = ""
    body: str = ""
    path: str = ""


class Step(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename={"answer": "is", "name": "as"}
):
    """One call, or what happens between calls. Exactly one of the first group is given.

    `bet`, `win`, `rollback`, `prize`: the label of the transaction (of a rollback: of the bet it names). `again`: the
    same bytes once more. `balance`: of this player. `end`: the end of this bet's round, where the API has a call for
    it. `batch`: calls that travel in one request. `together`: calls sent at once, `bursts` times with new ids.
    `wait_ms`. `hook`: what happens meanwhile to the player or the wallet: ``expire``, ``block``, ``limit``,
    ``restart``.

    `amount`: an expression of B0, bet, win, other. `of`: the bet of a win or prize, or another bet of the round.
    `name`: the rollback's own label, or that of a batch. `round`, `session`, `game`: labels, where they are not
    those of the bet. `by`: the player; ``each``: another for each repetition. `token`: ``invented``, or the player
    whose session's token it carries. `currency`: a code, or ``second``. `repeat`: so many, one after another, each
    with an id of its own. `free`: a free round; where the operator counts them, it is asked for one first. `id`: a
    special form of the id. `answer`: what must come. `reason`: the refusal's code. `optional`: left out where the
    API has no such call. `cut`: the connection is closed before the answer is read; `during`: by this hook.
    `shows`: what of it the API's bytes must show, as a wallet that cannot see it cannot do it wrong: the ``token``,
    ``session``, ``amount``, or, of a repeat, its ``time``.
    """

    balance: str = ""
    bet: str = ""
    win: str = ""
    rollback: str = ""
    again: str = ""
    end: str = ""
    prize: str = ""
    batch: tuple["Step", ...] = ()
    together: tuple["Step", ...] = ()
    wait_ms: int = 0
    hook: str = ""

    amount: str = ""
    of: str = ""
    name: str = ""
    round: str = ""
    by: str = "p"
    session: str = "s1"
    game: str = ""
    currency: str = ""
    id: str = ""
    repeat: int = 1
    bursts: int = 1
    answer: Answer = "ok"
    reason: str = ""
    closed: bool = True
    expired_s: int = 0
    resigned: bool = False
    free: bool = False
    optional: bool = False
    cut: bool = False
    during: str = ""
    token: str = ""
    shows: Literal["", "token", "session", "amount", "time"] = ""
    change: Change = Change()


class Rule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`guards`: what goes wrong without it. `after`: rules that must have passed. `needs`: what wallet, dialect or
    configuration must have. `expect`: player -> the balance in the end, one or several. `checks`: named functions of
    `checks.py` that judge what was heard. `causes`: findings that may explain a failure, the likeliest first.
    `bug`: the sandbox's bug that breaks this rule and no other; `also`: other rules it may break, and why.
    `each_currency`: tried in every currency that players can be made in.
    """

    id: str
    group: str
    name: str
    level: Level = "must"
    requirement: str
    guards: str
    after: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()
    expect: dict[str, str | tuple[str, ...]] = {}
    checks: tuple[str, ...] = ()
    causes: tuple[str, ...]
    bug: str
    also: dict[str, str] = {}
    each_currency: bool = False

    @property
    def address(self) -> str:
        return f"{self.group}/{self.name}"

    @property
    def prerequisites(self) -> tuple[str, ...]:
        if self.id in FIRST:
            place = FIRST.index(self.id)
            return FIRST[place - 1 : place] if place else ()
        return (*self.after, FIRST[-1])


def _load() -> dict[str, Rule]:
    rules: dict[str, Rule] = {}
    for group in GROUPS:
        text = files(f"{__package__}.rules").joinpath(f"{group}.toml").read_text(encoding="utf-8")
        for identifier, members in tomllib.loads(text).items():
            rules[identifier] = msgspec.convert({"id": identifier, "group": group, **members}, Rule)
    return rules


def _in_order(rules: dict[str, Rule]) -> dict[str, Rule]:
    """Each after its prerequisites, else as written. ValueError for an unknown one or a circle."""
    placed: dict[str, Rule] = {}

    def place(identifier: str, above: tuple[str, ...]) -> None:
        if identifier in above or identifier not in rules:
            raise ValueError(f"{above[-1]}: prerequisite {identifier} is unknown or stands behind it")
        if identifier not in placed:
            for one in rules[identifier].prerequisites:
                place(one, (*above, identifier))
            placed[identifier] = rules[identifier]

    for identifier in rules:
        place(identifier, ())
    return placed


RULES: dict[str, Rule] = _in_order(_load())
RULE_SET = "1"
"""Its version goes into every report."""


def selected(names: tuple[str, ...], level: str = "production") -> tuple[Rule, ...]:
    """Rules by id, group or address, each after its prerequisites; all of the level when none is named. KeyError for
    a name that is none of these.
    """
    wanted = set()
    for name in names:
        matching = {r.id for r in RULES.values() if name in (r.id, r.id.partition("-")[0], r.group, r.address)}
        if not matching:
            raise KeyError(name)
        wanted |= matching
    if not names:
        wanted = {rule.id for rule in RULES.values() if rule.group in LEVELS[level]}
    return tuple(rule for rule in RULES.values() if rule.id in with_prerequisites(wanted))


def with_prerequisites(wanted: set[str]) -> set[str]:
    found: set[str] = set()

    def add(identifier: str) -> None:
        if identifier not in found:
            found.add(identifier)
            for one in RULES[identifier].prerequisites:
                add(one)

    for one in wanted:
        add(one)
    return found
