"""The specification describes the API as it is."""

import json
from pathlib import Path

import pytest

from croupier.api.fields import IN_WORDS
from croupier.api.operator.app import openapi_document
from croupier.domain.errors import ERRORS

DOCUMENT = openapi_document()
OPERATIONS = [(m, path, op) for path, ops in DOCUMENT["paths"].items() for m, op in ops.items()]
NAMES = [f"{method} {path}" for method, path, _ in OPERATIONS]


def refs(value):
    if isinstance(value, dict):
        if "$ref" in value:
            yield value["$ref"]
        for part in value.values():
            yield from refs(part)
    elif isinstance(value, list):
        for part in value:
            yield from refs(part)


def test_it_is_openapi_3_1_with_the_four_wallet_calls_as_webhooks():
    assert DOCUMENT["openapi"].startswith("3.1")
    assert set(DOCUMENT["webhooks"]) == {"balance", "bet", "win", "rollback"}


def test_nothing_refers_to_a_schema_that_is_not_there():
    schemas = {f"#/components/schemas/{name}" for name in DOCUMENT["components"]["schemas"]}
    assert set(refs(DOCUMENT)) <= schemas


@pytest.mark.parametrize(("method", "path", "operation"), OPERATIONS, ids=NAMES)
def test_every_operation_says_what_it_does_and_how_it_fails(method, path, operation):
    assert operation["summary"]
    assert operation["security"]
    problems = {status: r for status, r in operation["responses"].items() if status >= "400"}
    assert {"401", "422"} <= set(problems)
    for status, response in problems.items():
        examples = response["content"]["application/problem+json"]["examples"]
        assert {str(ERRORS[code].status) for code in examples} == {status}
    if method in ("put", "post", "delete"):
        assert any(p["name"] == "Idempotency-Key" for p in operation["parameters"])


def test_operation_ids_are_names_and_unique():
    names = [operation["operationId"] for _, _, operation in OPERATIONS]
    assert len(set(names)) == len(names)
    assert all(name.isidentifier() for name in names)


def test_the_committed_document_is_fresh():
    committed = Path(__file__).parents[2] / "openapi.json"
    assert json.loads(committed.read_text(encoding="utf-8")) == json.loads(json.dumps(DOCUMENT)), "run make generate"


def patterns(value):
    if isinstance(value, dict):
        if isinstance(value.get("pattern"), str):
            yield value["pattern"]
        for part in value.values():
            yield from patterns(part)
    elif isinstance(value, list):
        for part in value:
            yield from patterns(part)


def test_every_pattern_has_words_for_people():
    calls = {path: DOCUMENT["paths"][path] for path in DOCUMENT["paths"]}
    asked = set(patterns(calls)) | set(patterns(DOCUMENT["components"]))
    assert asked
    assert asked <= set(IN_WORDS)
