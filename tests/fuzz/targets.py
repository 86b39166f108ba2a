"""The one table of what is fuzzed."""

from fuzz import facade_calls, wallet_answers, wallet_calls
from fuzz.target import Target

TARGETS: dict[str, Target] = {
    target.name: target for target in (*wallet_answers.TARGETS, *facade_calls.TARGETS, *wallet_calls.TARGETS)
}
