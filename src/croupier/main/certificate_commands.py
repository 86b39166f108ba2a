"""`croupier operator certificate` and `authorities`: client certificates, ours and the operators'."""

import asyncio
import hashlib
import sys
from pathlib import Path
from typing import Annotated

import typer

from croupier.main.by_hand import by_hand
from croupier.main.database import registry
from croupier.main.operator_commands import OperatorId, known_operator, operators
from croupier.main.operator_options import handed_over
from croupier.main.plainly import settings, told_plainly
from croupier.main.settings import Settings
from croupier.main.terminal import AsJson, Data, fail, now, show_one
from croupier.store.audit import add_entry
from croupier.store.authority import CALLBACKS, OPERATORS, Authority, BadRequestForCertificate, authority

DAYS_MAX = 3650


@operators.command("certificate")
def certificate(
    operator_id: OperatorId,
    csr: Annotated[str, typer.Option(help="Its certificate signing request, a PEM file; - reads stdin.")],
    days: Annotated[int, typer.Option(min=1, max=DAYS_MAX, help="How long it is good for.")] = 825,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Sign an operator's request: with the certificate it calls us over TLS. Its private key never leaves it."""
    chosen = settings(data=data)
    operator = known_operator(chosen, operator_id)
    told = handed_over(operator, chosen)
    common_name: str = told.get("certificate_cn", "")
    if not common_name:
        fail(f"the API {operator.dialect} has no calls with client certificates")
    try:
        request = sys.stdin.buffer.read() if csr == "-" else Path(csr).read_bytes()
        with told_plainly():
            signed = asyncio.run(_signed(chosen, operator_id, request, common_name, days))
    except OSError as error:
        fail(f"--csr cannot be read: {error}")
    except BadRequestForCertificate as error:
        fail(f"--csr: {error}")
    if as_json:
        fields = {"id": operator_id, "certificate_cn": common_name, "url": told["mtls_url"], "certificate": signed}
        show_one(fields, as_json=True)
    else:
        print(signed, end="")


@operators.command("authorities")
def authorities(data: Data = None, as_json: AsJson = False) -> None:
    """Our two authorities: `operators` for a proxy in front of us, `callbacks` for operators who check our calls."""
    with told_plainly():
        found = {name: asyncio.run(_authority(data, name)).certificate for name in (OPERATORS, CALLBACKS)}
        show_one(found, as_json=as_json)


async def _signed(chosen: Settings, operator_id: str, request: bytes, common_name: str, days: int) -> str:
    async with registry(chosen) as known:
        signed = (await authority(known, OPERATORS, now())).signed(request, common_name, now(), days)
        told = {"certificate_sha256": hashlib.sha256(signed.encode()).hexdigest(), "days": days}
        async with known.pool.acquire() as db, db.transaction():
            await add_entry(db, now(), operator_id, "sign_certificate", common_name, by_hand(), **told)
        return signed


async def _authority(data: str | None, name: str) -> Authority:
    async with registry(settings(data=data)) as known:
        return await authority(known, name, now())
