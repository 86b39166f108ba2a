"""What the machine asks the shell to do, after the event that led to it is durable."""

import msgspec


class SendCall(msgspec.Struct, frozen=True, gc=False):
    """Send this transaction's call now, or at `not_before` (microseconds).

    `again`: it was sent before, so pause first.
    """

    transaction_id: str
    not_before: int = 0
    again: bool = False


class PlayGame(msgspec.Struct, frozen=True, gc=False):
    """Let the game play the pending action; local, no waiting."""


Command = SendCall | PlayGame
