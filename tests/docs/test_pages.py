"""Pages lead somewhere, generated ones are fresh, and every error that the code can tell has a page."""

import ast
import json
import re

import pytest
from guide import DOCS, ROOT

from croupier.domain.errors import ERRORS
from croupier.main import generate

PAGES = sorted(DOCS.rglob("*.md"))
LINK = re.compile(r"\]\(([^)\s]+)\)")


def test_generated_pages_are_fresh():
    assert generate.stale(ROOT, generate.generated()) == [], "run make generate"


def test_a_changed_or_forgotten_page_is_noticed(tmp_path):
    wanted = {"docs/errors/a.md": "A\n", "docs/errors/b.md": "B\n"}
    generate.write(tmp_path, wanted)
    assert generate.stale(tmp_path, wanted) == []
    (tmp_path / "docs/errors/a.md").write_text("edited")
    (tmp_path / "docs/errors/gone.md").write_text("of an error that no longer exists")
    assert generate.stale(tmp_path, wanted) == ["docs/errors/a.md", "docs/errors/gone.md"]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(DOCS).as_posix())
def test_links_lead_to_pages_and_headings(page):
    lost = []
    for target in LINK.findall(page.read_text("utf-8")):
        address, _, heading = target.partition("#")
        if address.startswith(("http:", "https:", "/docs/api")):
            continue
        file = (page.parent / address).resolve() if address else page
        if not file.is_file() or (heading and heading not in headings(file)):
            lost.append(target)
    assert not lost


def headings(page):
    """Anchors of a page: those that are given, else made from the heading's words."""
    found = set()
    for line in re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.MULTILINE):
        given = re.search(r"\{ #([\w-]+) \}", line)
        found.add(given[1] if given else re.sub(r"[^\w\s-]", "", line).strip().lower().replace(" ", "-"))
    return found


COMMAND = re.compile(r"(?:^|`|bin/)croupier ((?:[a-z]+)(?: [a-z][a-z-]+)?)", re.MULTILINE)
TEXTS = [*PAGES, ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "ARCHITECTURE.md"]


@pytest.mark.parametrize("page", TEXTS, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_command_that_is_named_exists(page):
    known = set(
        re.findall(r"^## croupier (.+)$", (DOCS / "reference/command-line.md").read_text("utf-8"), re.MULTILINE)
    )
    groups = {command.split(" ")[0] for command in known}
    unknown = []
    for named in COMMAND.findall(page.read_text("utf-8")):
        first = named.split(" ")[0]
        if named not in known and first not in known and named not in groups:
            unknown.append(named)
    assert not unknown


def references(value):
    """Every ``$ref`` in a JSON value."""
    if isinstance(value, dict):
        yield from ([value["$ref"]] if isinstance(value.get("$ref"), str) else [])
        value = list(value.values())
    for inner in value if isinstance(value, list) else []:
        yield from references(inner)


def test_every_reference_of_the_specification_resolves():
    document = json.loads((ROOT / "openapi.json").read_text("utf-8"))
    schemas = {f"#/components/schemas/{name}" for name in document["components"]["schemas"]}
    found = set(references(document))
    assert found
    assert found - schemas == set()
    assert set(document["webhooks"]) == {"balance", "bet", "win", "rollback"}


def refusals():
    """``(file, code)`` of every `Refused("code")` in the platform's sources; the sandbox casino has its own."""
    found = []
    for source in sorted((ROOT / "src/croupier").rglob("*.py")):
        if "sandbox" in source.parts:
            continue
        for node in ast.walk(ast.parse(source.read_text("utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] == "Refused" and node.args:
                code = node.args[0]
                if isinstance(code, ast.Constant) and isinstance(code.value, str):
                    found.append((source.name, code.value))
    return found


def test_every_error_that_can_be_told_is_in_the_catalogue():
    assert len(refusals()) > 20
    assert [(file, code) for file, code in refusals() if code not in ERRORS] == []
