"""Who our operators are, as this process knows it."""

from typing import Protocol

from croupier.domain.parties import Operator


class Operators(Protocol):
    def get(self, operator_id: str) -> Operator:
        """The operator's current settings. KeyError when there is none."""
        ...
