"""The one table of what is fuzzed."""

from fuzz import (
    exchanges,
    facade_calls,
    files,
    journal,
    operator_api,
    plays,
    reports,
    sdk_calls,
    signatures,
    wallet_answers,
    wallet_calls,
)
from fuzz.target import Target

_PARTS = (
    wallet_answers,
    facade_calls,
    wallet_calls,
    sdk_calls,
    signatures,
    journal,
    files,
    plays,
    operator_api,
    exchanges,
    reports,
)

TARGETS: dict[str, Target] = {target.name: target for part in _PARTS for target in part.TARGETS}
