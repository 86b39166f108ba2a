"""docs/errors/: one page per error code, at the address that every answer names in `doc_url`."""

import json

from croupier.domain.campaign_errors import CAMPAIGNS
from croupier.domain.error_kinds import ErrorKind
from croupier.domain.errors import ACCESS, ERRORS, OBJECTS, PLAY, REQUEST, problem_of
from croupier.domain.refusal import Refused
from croupier.domain.staff_errors import STAFF

GROUPS = {
    "The request itself": REQUEST,
    "Keys, tokens and sign-in": ACCESS,
    "Players, games and sessions": OBJECTS,
    "Free rounds": CAMPAIGNS,
    "Play and wallet": PLAY,
    "Decisions of staff": STAFF,
}

INDEX = """\
# Errors

Every error of the APIs is `application/problem+json` with a stable `code`, a `hint` that says the next step, and a
`doc_url` that leads to one of these pages. Build on `code` and the HTTP status; the texts may be improved.

Errors of the player API also say in `money` what became of the stake: `not_placed`, `being_checked` or `placed`.

The codes that *your wallet* answers with are in the [wallet guide](../wallet-guide.md#error-codes). What is wrong with
an answer of your wallet is told by a [finding](findings.md), `CRP-…`.

"""


def pages() -> dict[str, str]:
    """File name -> text."""
    index = INDEX
    for title, group in GROUPS.items():
        index += f"## {title}\n\n| Code | Status | |\n|---|---|---|\n"
        index += "".join(f"| [`{code}`]({code}.md) | {kind.status} | {kind.title} |\n" for code, kind in group.items())
        index += "\n"
    return {"index.md": index} | {f"{code}.md": page(code, kind) for code, kind in ERRORS.items()}


def page(code: str, kind: ErrorKind) -> str:
    player = code in PLAY or code.startswith(("session_", "launch_token_"))
    status, body = problem_of(Refused(code), player=player)
    answer = json.dumps(body, indent=2)
    return (
        f"# {code}\n\n**{kind.title}.** HTTP status {kind.status}.\n\n"
        f"| | |\n|---|---|\n| What to do now | {kind.hint} |\n| Why it happens | {kind.cause} |\n"
        f"| How to mend it | {kind.fix} |\n\n"
        f"## The answer\n\n```http\nHTTP/1.1 {status}\nContent-Type: application/problem+json\n\n{answer}\n```\n\n"
        f"[All errors](index.md)\n"
    )
