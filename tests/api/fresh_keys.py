"""A hook of Schemathesis: each call has an Idempotency-Key of its own.

The examples of one constant key would all be refused as a reused one, and nothing else of them would be looked at. What
is not a key stays as it is: it must be refused.
"""

import itertools

import schemathesis

HEADER = "Idempotency-Key"
_numbers = itertools.count(1)


@schemathesis.hook
def before_call(context, case, kwargs):
    headers = case.headers or {}
    given = headers.get(HEADER)
    if isinstance(given, str) and given and given.isascii() and given.isprintable() and len(given) < 200:
        headers[HEADER] = f"{given}-{next(_numbers)}"
