"""The one table of what is fuzzed."""

from fuzz import facade_calls, wallet_answers
from fuzz.target import Target

TARGETS: dict[str, Target] = {target.name: target for target in (*wallet_answers.TARGETS, *facade_calls.TARGETS)}
