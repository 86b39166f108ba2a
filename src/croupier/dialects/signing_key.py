"""Which of our keys signs, in APIs where a call carries one signature."""

from croupier.domain.parties import Operator

SETTING = {"signs_with": "newest|oldest"}
"""``oldest``, the default: while a key is rotated the one before goes on signing, until it is retired; by then the
operator has the new one.
"""


def signing_key(operator: Operator, keys: tuple[str, ...] = ()) -> str:
    """`keys`: the newest first, where they are not the operator's `wallet_secrets`."""
    return (keys or operator.wallet_secrets)[0 if operator.settings.get("signs_with") == "newest" else -1]
