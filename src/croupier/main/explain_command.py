"""`croupier explain`: what a code means, and why a stored exchange failed."""

import asyncio
from typing import Annotated

import typer

from croupier.conformance.rule import RULES
from croupier.diagnosis.catalogue import CATALOGUE
from croupier.domain.errors import ERRORS
from croupier.main.reference.finding_pages import fields as finding_fields
from croupier.main.reference.rules_page import fields as rule_fields
from croupier.main.terminal import FINDINGS, AsJson, Data, fail, show_one


def explain(
    code: Annotated[
        str, typer.Argument(help="An error, finding, rule or exchange: busy, CRP-JSON-003, ROLL-05, ex_….")
    ],
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Say what a code means, why it happens and what to do; of a stored exchange, why it failed."""
    if code.startswith("ex_"):
        # The only one that needs the database, and half a second to load what opens it.
        from croupier.main.explain_exchange import explain_exchange
        from croupier.main.plainly import settings, told_plainly

        with told_plainly():
            told = asyncio.run(explain_exchange(settings(data=data), code))
        if told is None:
            fail(f"there is no exchange {code}, or it is past its retention", FINDINGS)
            return
        show_one(told, as_json=as_json)
        return
    if code.upper() in CATALOGUE:
        show_one(finding_fields(code.upper()), as_json=as_json)
        return
    if code.upper() in RULES:
        show_one(rule_fields(code.upper()), as_json=as_json)
        return
    kind = ERRORS.get(code)
    if kind is None:
        near = ", ".join(sorted(known for known in ERRORS if code.split("_")[0] in known)) or "see /docs/errors"
        fail(f"there is no code {code!r}; {near}", FINDINGS)
        return
    fields = {"code": code, "status": kind.status, "title": kind.title, "cause": kind.cause, "fix": kind.fix}
    show_one(fields, as_json=as_json)
