"""The operator of these tests."""

import json


def added(croupier, *more):
    """What `croupier operator add` prints of a new test operator."""
    arguments = ("operator", "add", "casino", "--wallet-url", "http://127.0.0.1:1/w", "--currency", "EUR", *more)
    code, out, err = croupier(*arguments, "--json")
    assert code == 0, err
    return json.loads(out)
