"""`croupier operator …`: they work beside a running platform and on one that stands still."""

import asyncio
import time
from typing import Annotated, Any

import typer
from msgspec.structs import replace

from croupier.conformance.rule import RULE_SET
from croupier.dialects import DIALECTS, FACADES
from croupier.domain.parties import Operator
from croupier.main.by_hand import by_hand
from croupier.main.database import registry
from croupier.main.operator_options import (
    Setting,
    check,
    check_reachable,
    chosen_settings,
    handed_over,
    normal_origins,
    public,
    reason_of,
    switched,
    wallet_address,
)
from croupier.main.plainly import settings, told_plainly
from croupier.main.settings import Settings
from croupier.main.terminal import FINDINGS, AsJson, Data, fail, now, show, show_one, voice
from croupier.store.exchange_retention import DAYS_MOST, FAILED_DAYS_LEAST
from croupier.store.going_live import Missing, moved, standing
from croupier.store.rechecks import DAYS_MOST as RECHECK_DAYS_MOST
from croupier.store.registry import AlreadyExists, ChangedMeanwhile, Registry, new_secret

operators = typer.Typer(no_args_is_help=True, help="Operators: the casinos that integrate us.")

OperatorId = Annotated[str, typer.Argument(help="Id of the operator, 1-64 of A-Z a-z 0-9 _ . : @ -")]


OPEN = "Check it under Integration in its account, then: croupier operator go-live ID."
CHECK = "Check it under Integration in its account, or give a reason with --uncertified."
LEASE_S = 5.0
"""A worker whose counter stands still for this long has taken no bet for two seconds."""
PATIENCE_S = 15.0


@operators.command("add")
def add(
    operator_id: OperatorId,
    wallet_url: Annotated[str, typer.Option(help="Where the wallet answers, for example https://wallet.example/v1")],
    currency: Annotated[list[str], typer.Option(help="Currency that players may have; may be repeated.")],
    dialect: Annotated[str, typer.Option(help=f"API of the wallet: {', '.join(DIALECTS)}.")] = "native",
    test: Annotated[bool, typer.Option("--test/--live", help="Test operators may have loopback wallets.")] = True,
    origin: Annotated[list[str] | None, typer.Option(help="Page that may frame the game; may be repeated.")] = None,
    setting: Setting = None,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Add an operator. Its API key and wallet secret are printed once."""
    if dialect not in DIALECTS:
        fail(f"there is no dialect {dialect!r}; there is {', '.join(DIALECTS)}")
    abilities = DIALECTS[dialect].abilities
    operator = abilities.given_to(
        Operator(
            operator_id,
            dialect=dialect,
            wallet_url=wallet_address(dialect, wallet_url),
            wallet_secrets=(new_secret(abilities.key),),
            currencies=tuple(currency),
            test=test,
            origins=normal_origins(origin or []),
        )
    )
    operator = replace(operator, settings=chosen_settings(operator, setting or []))
    check(operator)
    chosen = settings(data=data)
    check_reachable(operator, chosen)

    async def run() -> tuple[str, Operator]:
        async with registry(chosen) as known:
            api_key = await known.add_operator(operator, now(), by_hand())
            added = await known.operator(operator_id)
            assert added is not None, "it was added a moment ago"
            return api_key, added

    with told_plainly():
        try:
            api_key, operator = asyncio.run(run())
        except AlreadyExists:
            fail(f"operator {operator_id} exists; see croupier operator show {operator_id}")
    fields: dict[str, Any] = {"id": operator_id, "api_key": api_key, "wallet_secret": operator.wallet_secrets[0]}
    if dialect in FACADES:
        # The key of a foreign API is told under that API's own name for it.
        del fields["wallet_secret"]
        fields[dialect] = handed_over(operator, chosen)
    show_one(fields | public(operator), as_json=as_json)


@operators.command("list")
def list_all(data: Data = None, as_json: AsJson = False) -> None:
    """List all operators."""
    rows = [public(o) for o in _operators(settings(data=data)).values()]
    columns = ("id", "dialect", "test", "enabled", "wallet_url", "currencies")
    show(rows, columns, as_json=as_json, empty="No operators yet. Add one: croupier operator add --help")


@operators.command("show")
def show_operator(operator_id: OperatorId, data: Data = None, as_json: AsJson = False) -> None:
    """Show an operator's settings; secrets are never shown again."""
    show_one(public(known_operator(settings(data=data), operator_id)), as_json=as_json)


@operators.command("set")
def set_operator(
    operator_id: OperatorId,
    wallet_url: Annotated[str | None, typer.Option(help="Where the wallet answers.")] = None,
    currency: Annotated[list[str] | None, typer.Option(help="All currencies, in place of the present ones.")] = None,
    origin: Annotated[
        list[str] | None, typer.Option(help="All origins, in place of the present ones; '' for none.")
    ] = None,
    timeout_ms: Annotated[int | None, typer.Option(min=100, max=60_000, help="Time-out of a wallet call.")] = None,
    signed_answers: Annotated[str | None, typer.Option(help="on: answers must be signed; prints the secret.")] = None,
    declines_trusted: Annotated[str | None, typer.Option(help="off: a declined bet is rolled back too.")] = None,
    round_end: Annotated[str | None, typer.Option(help="none, or zero_win: a win of 0 ends a lost round.")] = None,
    idempotent_bets: Annotated[str | None, typer.Option(help="on: a bet may be sent again, if the API allows.")] = None,
    uncertified: Annotated[
        str | None,
        typer.Option(
            metavar="REASON",
            help="With --wallet-url or --idempotent-bets on, live: without a green check; goes into the audit log.",
        ),
    ] = None,
    max_life_ms: Annotated[
        int | None,
        typer.Option(
            help="A bet cannot be taken any more so long after it was sent; 635000 or more, or as its clock asks."
        ),
    ] = None,
    id_retention_ms: Annotated[
        int | None, typer.Option(help="How long the wallet remembers ids; then wins are not sent again.")
    ] = None,
    deadline_ms: Annotated[
        int | None, typer.Option(min=1000, max=30_000, help="No bet is sent later than this after its player asked.")
    ] = None,
    send_window_ms: Annotated[
        int | None,
        typer.Option(min=5000, max=30_000, help="A bet not on the wire this long after it was recorded is not sent."),
    ] = None,
    abandon_after_ms: Annotated[
        int | None,
        typer.Option(
            min=120_000,
            max=30 * 86_400_000,
            help="Then the game's published rule ends a round whose player stays away; two minutes or more.",
        ),
    ] = None,
    retry_base_ms: Annotated[
        int | None, typer.Option(min=100, max=60_000, help="Pause before a win or rollback is sent again; it doubles.")
    ] = None,
    retry_cap_ms: Annotated[int | None, typer.Option(min=1000, max=86_400_000, help="The longest such pause.")] = None,
    keep_exchanges_days: Annotated[
        int | None, typer.Option(min=1, max=DAYS_MOST, help="How long the bytes of accepted calls are kept.")
    ] = None,
    keep_failed_days: Annotated[
        int | None,
        typer.Option(min=FAILED_DAYS_LEAST, max=DAYS_MOST, help="How long those of all other calls are kept."),
    ] = None,
    recheck_days: Annotated[
        int | None,
        typer.Option(min=0, max=RECHECK_DAYS_MOST, help="Its wallet is checked again after so many; 0: never."),
    ] = None,
    setting: Setting = None,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Change settings. Running platforms apply them within seconds; `effective_at` says from when.

    A new address of a wallet that went live closes its play until that is checked, or staff gives a reason.
    """
    chosen = settings(data=data)
    operator = known_operator(chosen, operator_id)
    changes: dict[str, Any] = {
        "wallet_url": wallet_address(operator.dialect, wallet_url) if wallet_url else None,
        "currencies": tuple(currency) if currency else None,
        "origins": normal_origins([one for one in origin if one]) if origin else None,
        "timeout_ms": timeout_ms,
        "signed_answers": switched("--signed-answers", signed_answers),
        "declines_trusted": switched("--declines-trusted", declines_trusted),
        "round_end": round_end,
        "idempotent_bets": switched("--idempotent-bets", idempotent_bets),
        "max_life_ms": max_life_ms,
        "id_retention_ms": id_retention_ms,
        "deadline_ms": deadline_ms,
        "send_window_ms": send_window_ms,
        "abandon_after_ms": abandon_after_ms,
        "retry_base_ms": retry_base_ms,
        "retry_cap_ms": retry_cap_ms,
        "keep_exchanges_days": keep_exchanges_days,
        "keep_failed_days": keep_failed_days,
        "recheck_days": recheck_days,
        "settings": chosen_settings(operator, setting) if setting else None,
    }
    if round_end not in (None, "none", "zero_win"):
        fail("--round-end must be none or zero_win")
    changed = replace(operator, **{name: value for name, value in changes.items() if value is not None})
    check(changed, operator)
    reason = reason_of(uncertified)
    changed, has_moved = moved(operator, changed, reason)
    sends_again = changed.idempotent_bets and not operator.idempotent_bets and not operator.test
    if uncertified is not None and has_moved is None and not sends_again:
        fail("--uncertified goes with a new --wallet-url, or --idempotent-bets on, of an operator that is live")
    if sends_again and not reason and (missing := asyncio.run(_missing(chosen, changed))):
        wanted = ", ".join(code.replace("_", " ") for code in missing)
        fail(f"a bet is sent again only to a wallet that was seen to take it once: {wanted}. {CHECK}", FINDINGS)
    answer_secret = new_secret() if changed.signed_answers and not operator.answer_secrets else None
    if answer_secret:
        asyncio.run(_rotate_secret(chosen, operator_id, "answer", answer_secret))
    try:
        effective = asyncio.run(_change(chosen, operator, changed, reason, has_moved))
    except ChangedMeanwhile:
        if answer_secret:
            show_one({"id": operator_id, "answer_secret": answer_secret}, as_json=as_json)
        fail(
            f"operator_changed: somebody else has changed {operator_id} meanwhile, and nothing of yours was stored."
            f" See croupier operator show {operator_id}, and say it again",
            FINDINGS,
        )
        raise
    if has_moved is not None and not changed.open_to_play:
        voice.print(f"{operator_id} is closed for new bets: its wallet has not been checked at this address. {OPEN}")
    fields = public(changed) | {"effective_at": effective}
    show_one(fields | ({"answer_secret": answer_secret} if answer_secret else {}), as_json=as_json)


@operators.command("rotate-key")
def rotate_key(
    operator_id: OperatorId,
    keep_old: Annotated[bool, typer.Option(help="The old key works on, until the next rotation.")] = False,
    wallet_secret: Annotated[bool, typer.Option(help="Rotate the wallet secret as well; both sign for now.")] = False,
    callback_key: Annotated[
        bool, typer.Option(help="Mascot: a key of its own for calls to the wallet, or a new one.")
    ] = False,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Make a new API key, printed once. Without --keep-old the present ones stop working."""
    chosen = settings(data=data)
    operator = known_operator(chosen, operator_id)

    async def run() -> tuple[str, str]:
        async with registry(chosen) as known:
            key = await known.rotate_key(operator, now(), by_hand(), keep_old=keep_old)
            return key, await _applied(known)

    with told_plainly():
        api_key, effective = asyncio.run(run())
    fields: dict[str, Any] = {"id": operator_id, "api_key": api_key, "effective_at": effective}
    if wallet_secret:
        fields["wallet_secret"] = new_secret(DIALECTS[operator.dialect].abilities.key)
        asyncio.run(_rotate_secret(chosen, operator_id, "wallet", fields["wallet_secret"]))
    if callback_key:
        if operator.dialect != "mascot":
            fail(f"the API {operator.dialect} has no separate key for calls to the wallet")
        # Until the old one is retired our calls are signed with it, so that the operator has time for the new one.
        before = () if operator.callback_secrets else operator.wallet_secrets[:1]
        for secret in (*before, new_secret(DIALECTS["mascot"].abilities.key)):
            asyncio.run(_rotate_secret(chosen, operator_id, "callback", secret))
    if operator.dialect in FACADES and (wallet_secret or callback_key):
        # Now it has two keys: both are believed until the old one is retired.
        fields[operator.dialect] = handed_over(known_operator(chosen, operator_id), chosen)
        fields.pop("wallet_secret", None)
    show_one(fields, as_json=as_json)


@operators.command("retire-secrets")
def retire_secrets(operator_id: OperatorId, data: Data = None, as_json: AsJson = False) -> None:
    """End a rotation: of wallet secrets, answer secrets and callback keys only the newest are in use."""
    chosen = settings(data=data)
    known_operator(chosen, operator_id)

    async def run() -> str:
        async with registry(chosen) as known:
            await known.retire_secrets(operator_id, now(), by_hand())
            return await _applied(known)

    with told_plainly():
        show_one({"id": operator_id, "effective_at": asyncio.run(run())}, as_json=as_json)


@operators.command("disable")
def disable(operator_id: OperatorId, data: Data = None, as_json: AsJson = False) -> None:
    """No new bets and sessions; open rounds are settled. Returns when every running platform has applied it."""
    _enable(operator_id, data, enabled=False, as_json=as_json)


@operators.command("enable")
def enable(operator_id: OperatorId, data: Data = None, as_json: AsJson = False) -> None:
    """Take a disabled operator back."""
    _enable(operator_id, data, enabled=True, as_json=as_json)


def _enable(operator_id: str, data: str | None, *, enabled: bool, as_json: bool) -> None:
    chosen = settings(data=data)
    while True:
        operator = known_operator(chosen, operator_id)
        try:
            with told_plainly():
                effective = asyncio.run(_change(chosen, operator, replace(operator, enabled=enabled)))
            break
        except ChangedMeanwhile:
            continue  # what others have changed stays, and this must be done all the same
    show_one({"id": operator_id, "enabled": enabled, "effective_at": effective}, as_json=as_json)


def _operators(chosen: Settings) -> dict[str, Operator]:
    async def run() -> dict[str, Operator]:
        async with registry(chosen) as known:
            return (await known.settings()).operators

    with told_plainly():
        return asyncio.run(run())
    raise AssertionError("told_plainly ends the command")


def known_operator(chosen: Settings, operator_id: str) -> Operator:
    operator = _operators(chosen).get(operator_id)
    if operator is None:
        fail(f"there is no operator {operator_id!r}; croupier operator list shows all")
        raise AssertionError
    return operator


async def _missing(chosen: Settings, operator: Operator) -> tuple[Missing, ...]:
    async with registry(chosen) as known:
        return (await standing(known.pool, operator, RULE_SET, now())).missing


async def _change(
    chosen: Settings, before: Operator, operator: Operator, reason: str = "", told: dict[str, object] | None = None
) -> str:
    """ChangedMeanwhile: its settings are not those `before` any more."""
    async with registry(chosen) as known:
        await known.change_operator(operator, now(), by_hand(reason), told, before=before)
        return await _applied(known)


async def _rotate_secret(chosen: Settings, operator_id: str, name: str, secret: str) -> None:
    async with registry(chosen) as known:
        await known.rotate_secret(operator_id, name, secret, now(), by_hand(), keep_old=True)


async def _applied(known: Registry) -> str:
    """Waits until every worker has applied the newest version, or has lost its lease and takes no bets."""
    version = await known.version()
    first_seen: dict[tuple[str, int], float] = {}
    began = time.monotonic()
    while lagging := await known.lagging(version):
        moment = time.monotonic()
        if all(moment - first_seen.setdefault(seen, moment) > LEASE_S for seen in lagging.items()):
            break
        if moment - began > PATIENCE_S:
            fail(f"stored, but {len(lagging)} running workers do not apply it; see their logs", FINDINGS)
        await asyncio.sleep(0.1)
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
