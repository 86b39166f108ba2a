"""Which of our keys signs, in APIs where a call carries one signature."""

from croupier.domain.parties import Operator

SETTING = {"signs_with": "newest|oldest"}
"""``oldest``: while a key is rotated the one before goes on signing, until the operator has the new one."""


def signing_key(operator: Operator) -> str:
    return operator.wallet_secrets[-1 if operator.settings.get("signs_with") == "oldest" else 0]
