"""Errors that people meet who decide about rounds and statements; see `errors`."""

from croupier.domain.error_kinds import rows

STAFF = rows(
    (
        *("round_not_open", 409, "The round is over or was never opened"),
        "Read the round again; only a round that is still open can be suspended or voided.",
        "The round was settled in the meantime, or nothing of it exists.",
        "GET /api/v1/rounds/{id} shows its state and its transactions.",
    ),
    (
        *("round_not_suspended", 409, "The round is not suspended"),
        "Read the round again; only a suspended round can be resolved.",
        "Somebody resolved it already, or it never stopped.",
        "GET /api/v1/rounds/{id} shows its state and who decided what.",
    ),
    (
        *("second_person_needed", 403, "Another person must approve this"),
        "Ask a second person with the right role to approve.",
        "What moves money by hand is proposed by one person and approved by another.",
        "Sign in as the second person; two accounts of one person do not count.",
    ),
    (
        *("person_needed", 403, "This needs a person, not an API key"),
        "Sign in to the online account and do it there.",
        "What moves money by hand is decided by two different people; a key is nobody.",
        "`croupier user add` makes a sign-in with a role.",
    ),
    (
        *("resolution_closed", 409, "This proposal can no longer be approved"),
        "Read the round again; propose anew if it is still suspended.",
        "It was approved already, withdrawn, or older than 24 hours.",
        "GET /api/v1/rounds/{id}/resolutions lists all proposals of a round.",
    ),
    (
        *("nothing_to_repair", 409, "This bet is not repaired by rule"),
        "Read the round again and compare both sides.",
        "Only a bet of a finished round that we do not count is rolled back by itself.",
        "Everything else is decided by people.",
    ),
    (
        *("invalid_statement", 422, "The statement cannot be used"),
        "`mistakes` lists lines and what is wrong with them; nothing was compared.",
        "A statement is CSV in UTF-8: transaction_id, kind, amount, currency, player_id, round_id, state and at.",
        "Correct the export and send it again. Amounts are whole minor units, times have a zone and lie in the day.",
    ),
    (
        *("invalid_resolution", 422, "The round cannot go on like this"),
        "`detail` says which transaction or state does not fit.",
        "The proposed state and the states of the transactions contradict each other.",
        "Compare our transactions with the operator's statement, then settle each one that is in doubt.",
    ),
)
