"""The error codes of the native wallet, and what each means on which call."""

DECLINES = frozenset(
    {
        "insufficient_funds",
        "limit_reached",
        "player_blocked",
        "session_expired",
        "unknown_player",
        "currency_mismatch",
        "expired",
    }
)
"""Certainly nothing moved. They decline a bet; a win or rollback goes on being sent, with an alarm."""

ALREADY_ROLLED_BACK = "already_rolled_back"
"""Declines a bet or win; on a rollback it is as good as done."""

UNKNOWN_TRANSACTION = "unknown_transaction"
"""Only a rollback may be answered so; what it means then depends on when that rollback was sent."""

TRANSACTION_CONFLICT = "transaction_conflict"
"""The same id with other content: the one code that always stops a round for people to look."""

CODES = DECLINES | {ALREADY_ROLLED_BACK, UNKNOWN_TRANSACTION, TRANSACTION_CONFLICT}
