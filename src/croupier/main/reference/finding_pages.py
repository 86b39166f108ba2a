"""docs/errors/CRP-….md: one page per finding of the diagnosis, at the address that an answer's `finding` leads to."""

from croupier.diagnosis.catalogue import CATALOGUE, LAYERS, Entry, Layer

SIDES = {"yours": "Your side", "ours": "Our side", "network": "The network between"}
TITLES: dict[Layer, str] = {
    "ours": "Settings, requests to us, our failures",
    "transport": "Transport: did bytes travel?",
    "http": "HTTP: did your code answer?",
    "signature": "Signature and access",
    "encoding": "Encoding",
    "json": "JSON",
    "shape": "Fields",
    "values": "Values and units",
    "semantics": "What must not be accepted",
    "money": "Money",
    "idempotency": "Repeats",
    "races": "Simultaneous calls",
}

INDEX = """\
# Findings

What is wrong with an answer of a wallet: whose side it is on, how it is recognised, what it costs and what to change.
Each cause has one of these codes. They are looked for from the top of this page to its end: a lower layer explains what
the higher ones show. `croupier explain CODE` prints the same text offline.

"""


def pages() -> dict[str, str]:
    """File name -> text."""
    index = INDEX
    for layer in LAYERS:
        entries = {code: entry for code, entry in CATALOGUE.items() if entry.layer == layer}
        rows = "".join(f"| [`{code}`]({code}.md) | {entry.title} |\n" for code, entry in entries.items())
        index += f"## {TITLES[layer]}\n\n| Code | |\n|---|---|\n{rows}\n"
    return {"findings.md": index} | {f"{code}.md": page(code, entry) for code, entry in CATALOGUE.items()}


def page(code: str, entry: Entry) -> str:
    text = (
        f"# {code}\n\n**{entry.title}.** {SIDES[entry.side]}.\n\n"
        f"| | |\n|---|---|\n| What to do | {_cell(entry.hint)} |\n| Why it matters | {_cell(entry.why)} |\n"
        f"| How it is recognised | {_cell(entry.detected)} |\n"
        f"| The API's error code | [`{entry.api_code}`]({entry.api_code}.md) |\n\n"
    )
    if entry.fixes:
        rows = "".join(f"| {name} | `{_cell(fix)}` |\n" for name, fix in entry.fixes.items())
        text += f"## In your framework\n\n| | |\n|---|---|\n{rows}\n"
    return text + f"## Wrong\n\n{_block(entry.bad)}\n## Right\n\n{_block(entry.good)}\n[All findings](findings.md)\n"


def fields(code: str) -> dict[str, str]:
    """What `croupier explain` prints."""
    entry = CATALOGUE[code]
    told = {
        "code": code,
        "side": SIDES[entry.side].lower(),
        "title": entry.title,
        "detected": entry.detected,
        "why": entry.why,
        "fix": entry.hint,
    }
    told |= {f"in {name}": fix for name, fix in entry.fixes.items()}
    return told | {"wrong": _visible(entry.bad), "right": _visible(entry.good), "api code": entry.api_code}


def _block(text: str) -> str:
    return f"```text\n{_visible(text)}\n```\n"


def _visible(text: str) -> str:
    return text.replace("\ufeff", "<EF BB BF>")


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
