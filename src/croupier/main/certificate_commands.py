"""`croupier operator certificate` and `authorities`: client certificates, ours and the operators'."""

import asyncio
import sys
import time
from pathlib import Path
from typing import Annotated

import typer

from croupier.main.database import registry
from croupier.main.operator_commands import OperatorId, handed_over, known_operator, operators
from croupier.main.plainly import settings, told_plainly
from croupier.main.terminal import AsJson, Data, fail, show_one
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
            signed = asyncio.run(_authority(data, OPERATORS)).signed(request, common_name, _now(), days)
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


async def _authority(data: str | None, name: str) -> Authority:
    async with registry(settings(data=data)) as known:
        return await authority(known, name, _now())


def _now() -> int:
    return time.time_ns() // 1000
