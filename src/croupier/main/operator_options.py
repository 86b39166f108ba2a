"""What can be set for an operator: read from the command line, checked, and shown."""

import re
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

import typer

from croupier.dialects import DIALECTS, FACADES
from croupier.domain.ids import ID
from croupier.domain.instants import rfc3339
from croupier.domain.money import CURRENCIES
from croupier.domain.origins import origin_of, origins_fault
from croupier.domain.parties import Operator
from croupier.main.settings import Settings
from croupier.main.terminal import fail, voice
from croupier.runtime.addresses import inner
from croupier.runtime.http1 import BadUrl, Target
from croupier.store.exchange_retention import retention_fault
from croupier.wallet.clocks import MARGIN_MS, least_max_life_ms
from croupier.wallet.retry import RETENTION_MARGIN_MS

RETENTION_MOST_MS = 3650 * 86_400_000

Setting = Annotated[
    list[str] | None, typer.Option(help="NAME=VALUE of its API, NAME=@FILE for a file's text, NAME= for the default.")
]


def reason_of(uncertified: str | None) -> str:
    """Why play is open without a green check; empty when nobody says so."""
    if uncertified is not None and len(uncertified.strip()) < 10:
        fail("--uncertified needs a reason of ten characters or more")
    return (uncertified or "").strip()


def handed_over(operator: Operator, chosen: Settings) -> dict[str, Any]:
    """What its technician needs, in its API's own words; nothing for APIs without calls to us."""
    facade = FACADES.get(operator.dialect)
    told = facade.handover(operator, chosen.public) if facade is not None else {}
    if told and not chosen.public_url:
        where = f"These addresses are for {chosen.public}."
        voice.print(f"{where} CROUPIER_PUBLIC_URL says how operators reach the platform.")
    if chosen.tls_url and "mtls_url" in told:
        told["mtls_url"] = chosen.tls_url.rstrip("/") + told["mtls_url"].removeprefix(chosen.public)
    return told


def check_reachable(operator: Operator, chosen: Settings) -> None:
    """Ends the command when a live operator would be told addresses of ours that it cannot call."""
    if operator.test or operator.dialect not in FACADES:
        return
    public = urlsplit(chosen.public)
    if not chosen.public_url or inner(public.hostname or "", private=False):
        fail(
            f"a live operator calls us at {chosen.public}, which leads to its own machine or nowhere: set"
            " CROUPIER_PUBLIC_URL to the address of this platform that operators reach"
        )
    if public.scheme != "https":
        fail(f"a live operator's calls to us need https; CROUPIER_PUBLIC_URL is {chosen.public_url}")


def wallet_address(dialect: str, wallet_url: str) -> str:
    """The native wallet's four addresses follow it; other APIs get it as it is."""
    return wallet_url.rstrip("/") if dialect == "native" else wallet_url


def normal_origins(given: list[str]) -> tuple[str, ...]:
    """As browsers write them, each once; what is none stays, to be named."""
    return tuple(dict.fromkeys(origin_of(one) or one for one in given))


def chosen_settings(operator: Operator, given: list[str]) -> dict[str, str]:
    """The operator's settings of its API with these changes."""
    known, chosen = DIALECTS[operator.dialect].abilities.settings, dict(operator.settings)
    for one in given:
        name, _, value = one.partition("=")
        if name not in known:
            fail(f"the API {operator.dialect} has no setting {name!r}; it has {', '.join(known) or 'none'}")
        if value.startswith("@"):
            try:
                value = Path(value[1:]).read_text("ascii").strip()
            except (OSError, ValueError) as error:
                fail(f"--setting {name}: {value[1:]} cannot be read: {error}")
        if value and not re.fullmatch(known[name], value):
            fail(f"--setting {name} must match {known[name]}")
        chosen[name] = value
    return {name: value for name, value in chosen.items() if value}


def switched(name: str, text: str | None) -> bool | None:
    if text not in (None, "on", "off"):
        fail(f"{name} must be on or off")
    return None if text is None else text == "on"


def check(operator: Operator, before: Operator | None = None) -> None:
    """Ends the command when a setting cannot be used; says which. `before`: what it changes."""
    if not ID.fullmatch(operator.operator_id):
        fail("the operator's id must be 1-64 characters of A-Z a-z 0-9 _ . : @ -")
    try:
        address = Target.of(operator.wallet_url)
    except BadUrl:
        address = None
    if address is None or "?" in operator.wallet_url:
        fail("--wallet-url must be an address like https://wallet.example/v1, without user, query or fragment")
        raise AssertionError
    if address.scheme == "http" and not operator.test:
        fail("a live operator's wallet needs https")
    if inner(address.host, private=operator.test):
        only = "" if inner(address.host, private=True) else " for a live operator; --test operators may have it"
        fail(f"a wallet at {address.host} is never called{only}")
    if unknown := [code for code in operator.currencies if code not in CURRENCIES]:
        fail(f"unknown currency {', '.join(unknown)}; known are {', '.join(sorted(CURRENCIES))}")
    least = least_max_life_ms(operator.clock_lag_ms, operator.send_window_ms)
    as_it_was = before is not None and (before.max_life_ms, before.send_window_ms) == (
        *(operator.max_life_ms, operator.send_window_ms),
    )
    if operator.max_life_ms < least and not as_it_was:
        behind = (least - least_max_life_ms(0, operator.send_window_ms) + MARGIN_MS) // 1000
        waits = operator.send_window_ms / 1000
        known = "not measured" if operator.clock_lag_ms is None else "measured, and 30 s more"
        fail(
            f"--max-life-ms must be {least} or more: a signature is good for 300 s, the wallet's clock may be"
            f" {behind} s behind ({known}), a call may"
            f" wait {waits:g} s before it is sent, and our own clocks differ by up to 30 s"
        )
    remembered = operator.id_retention_ms - min(RETENTION_MARGIN_MS, operator.id_retention_ms // 2)
    if not operator.max_life_ms < remembered or operator.id_retention_ms > RETENTION_MOST_MS:
        fail(
            f"--id-retention-ms must be more than {2 * operator.max_life_ms}, twice max_life_ms, and at most ten years:"
            " a rollback is repeated until its bet cannot arrive any more, and half of the time, at most an hour, is"
            " kept back"
        )
    if operator.retry_cap_ms < operator.retry_base_ms:
        fail("--retry-cap-ms must not be less than --retry-base-ms")
    if fault := retention_fault(operator.keep_exchanges_days, operator.keep_failed_days):
        fail(f"--keep-exchanges-days, --keep-failed-days: {fault}")
    new = [one for one in operator.origins if before is None or one not in before.origins]
    if fault := origins_fault(new, test=operator.test):
        fail(f"--origin: {fault}")


def public(operator: Operator) -> dict[str, Any]:
    return {
        "id": operator.operator_id,
        "number": operator.number,
        "dialect": operator.dialect,
        "wallet_url": operator.wallet_url,
        "currencies": list(operator.currencies),
        "test": operator.test,
        "enabled": operator.enabled,
        "open_to_play": operator.open_to_play,
        "compare_from": rfc3339(operator.compare_from) if operator.compare_from else None,
        "origins": list(operator.origins),
        "timeout_ms": operator.timeout_ms,
        "signed_answers": operator.signed_answers,
        "declines_trusted": operator.declines_trusted,
        "round_end": operator.round_end,
        "idempotent_bets": operator.idempotent_bets,
        "max_life_ms": operator.max_life_ms,
        "clock_lag_ms": operator.clock_lag_ms,
        "id_retention_ms": operator.id_retention_ms,
        "deadline_ms": operator.deadline_ms,
        "send_window_ms": operator.send_window_ms,
        "abandon_after_ms": operator.abandon_after_ms,
        "retry_base_ms": operator.retry_base_ms,
        "retry_cap_ms": operator.retry_cap_ms,
        "recheck_days": operator.recheck_days,
        "keep_exchanges_days": operator.keep_exchanges_days,
        "keep_failed_days": operator.keep_failed_days,
        "settings": operator.settings,
    }
