"""docs/dialects/: one page for each operator API, made of its wire examples (tests/dialects/<name>/*.yaml)."""

import importlib
import textwrap
from pathlib import Path
from typing import Any

import msgspec

from croupier.dialects import DIALECTS, FACADES
from croupier.wallet.dialect import Abilities

EXAMPLES = Path(__file__).resolve().parents[4] / "tests" / "dialects"

INDEX = """\
# Operator APIs

An operator that has integrated somebody before need not do it again: Croupier speaks these APIs in both directions, as
the caller of the wallet and as the one who is called. `croupier operator add ID --dialect NAME` chooses one, and prints
what the operator's technician needs in that API's own words.

Each page shows the API by its wire examples. They are the tests: what a page says is what the bytes are.

"""
FAILURES = """\
A call that failed is answered in this API's own shape, and says more in headers, whatever its status:

| Header | |
|---|---|
| `X-Croupier-Code` | the code of [Croupier's errors](../errors/index.md), where one of them is the reason |
| `X-Croupier-Finding` | why, as `croupier explain` has it; only for a caller that has proved who it is |
| `X-Croupier-Log` | the page of this very call in the account; it asks for a login |
"""
KINDS = (("Calls to the wallet", False), ("Calls from the operator", True))


def pages() -> dict[str, str]:
    """File name -> text."""
    shown = {f"{name}.md": _page(name) for name in DIALECTS}
    rows = "".join(f"| [`{name}`]({name}.md) | {_first_line(name)} |\n" for name in DIALECTS)
    return {"index.md": f"{INDEX}| Name | API |\n|---|---|\n{rows}"} | shown


def _page(name: str) -> str:
    parts = [f"# `{name}`\n\n{_about(name)}\n\n", _abilities(DIALECTS[name].abilities)]
    if name in FACADES:
        parts.append(f"\nThe operator's calls go to addresses below `/dialects/{name}`.\n\n{FAILURES}")
    for title, of_facade in KINDS:
        examples = [path for path in _examples(name) if path.stem.startswith("facade-") == of_facade]
        if examples:
            parts.append(f"\n## {title}\n")
            parts.extend(_example(path) for path in examples)
    return "".join(parts)


def _examples(name: str) -> list[Path]:
    found = [path for path in (EXAMPLES / name).glob("*.yaml") if path.stem != "operator"]
    return sorted(found, key=lambda path: path.stem)  # the plain case before its variants


def _about(name: str) -> str:
    text = importlib.import_module(f"croupier.dialects.{name.replace('-', '_')}").__doc__ or ""
    return textwrap.dedent(text).strip()


def _first_line(name: str) -> str:
    return _about(name).split("\n\n")[0].replace("\n", " ")


def _abilities(a: Abilities) -> str:
    free = {
        "call": "Croupier counts them; their bets are calls that take nothing",
        "local": "Croupier counts them; the wallet hears of their wins only",
        "none": "the operator counts them",
        "absent": "the API has none",
    }
    end = {"none": "nothing more is sent", "zero_win": "a closing call without money"}
    rows = {
        "Time-out of a call": f"{a.timeout_ms / 1000:g} s",
        "Tries of a bet": f"{a.bet_attempts}, then it is rolled back",
        "Wins and rollbacks": f"sent until they are taken: {_at_once(a)}{a.retry_base_ms / 1000:g} s doubling to "
        f"{a.retry_cap_ms / 1000:g} s, for {a.id_retention_ms // 3_600_000} h; then people",
        "A round without a win": end[a.round_end],
        **({"The end of a round": _end_round(a)} if a.end_round else {}),
        "Free rounds": free[a.free_bets],
        **({"Those it issues itself": "no call for each; what they have won is told once"} if a.free_sum else {}),
        "Signed answers": "possible" if a.answers_signed else "the API has none",
    }
    return "| | |\n|---|---|\n" + "".join(f"| {name} | {value} |\n" for name, value in rows.items())


def _at_once(a: Abilities) -> str:
    return f"a win {a.wins_at_once} times at once, then after " if a.wins_at_once > 1 else ""


def _end_round(a: Abilities) -> str:
    told = "told in a call of its own, until it is taken"
    return f"{told}; a win says it itself" if a.closing_win else told


def _example(path: Path) -> str:
    import yaml

    example: dict[str, Any] = yaml.safe_load(path.read_text("utf-8"))
    parts = [f"\n### {path.stem}\n\n{example['what']}\n" if example["what"] else f"\n### {path.stem}\n"]
    if "operator" in example:
        parts.append(f"\nSettings of this operator: `{msgspec.json.encode(example['operator']).decode()}`.\n")
    if path.stem.startswith("facade-"):
        asked = example["request"]
        line = f"{asked['method']} {asked['path']}" + (f"?{asked['query']}" if asked.get("query") else "")
        parts.append(_block("http", _message(line, asked)))
        parts.append(_block("http", _message(str(example["reply"]["status"]), example["reply"])))
        return "".join(parts)
    if "request" in example:
        parts.append(_block("http", _message(f"POST {example['request']['url']}", example["request"])))
    if "answer" in example:
        parts.append(_block("http", _message(str(example["answer"]["status"]), example["answer"])))
    if "no_answer" in example:
        parts.append("\nNo answer.\n")
    if "outcome" in example:
        parts.append(f"\n**{_outcome(example['outcome'])}**\n")
    return "".join(parts)


def _message(line: str, message: dict[str, Any]) -> str:
    headers = "".join(f"\n{name}: {value}" for name, value in message.get("headers", {}).items())
    body = message.get("body", "")
    shown = body if len(body) <= 1500 else body[:1500] + " …"
    return line + headers + (f"\n\n{shown}" if shown else "")


def _block(language: str, text: str) -> str:
    return f"\n``` {language}\n{text}\n```\n"


def _outcome(outcome: dict[str, Any]) -> str:
    (name, value), *rest = outcome.items()
    words = name.capitalize() if value is True else f"{name.capitalize()}: {value}"
    told = ", ".join(f"{key.replace('_', ' ')} {value}" for key, value in rest)
    return f"{words} ({told})" if told else words
