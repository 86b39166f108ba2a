"""Errors about checks of the wallet, and about going live."""

from croupier.domain.error_kinds import rows

CERTIFICATIONS = rows(
    (
        *("certification_running", 409, "A check of this wallet is running"),
        "Wait until it is over, or stop it with DELETE /api/v1/certifications/{certification_id}.",
        "Two checks at once would move each other's balances, so there is one at a time for each operator.",
        "GET /api/v1/certifications shows the one that is running and how far it is.",
    ),
    (
        *("unknown_rule", 422, "There is no such rule, group or address"),
        "Name rules like ROLL-05, groups like rollback, or addresses like rollback/late-bet.",
        "One of `rules` is none of them.",
        "`croupier certify --list` and the guide's page Rules of a wallet list them all.",
    ),
    (
        *("players_needed", 422, "The check needs players to play with"),
        "Give player_ids of test players, or players_url, where your test server makes one.",
        "Each rule places bets, wins and rollbacks with players of your wallet, and their balances change.",
        "Give at least two test players with 200.00 each. A live operator names them by id.",
    ),
    (
        *("player_has_played", 422, "This player has played for real"),
        "Name players that exist for tests only.",
        "A check moves money of the players that it is given; on a live wallet they must not be anybody's.",
        "Open accounts for tests in your wallet that are never used to play.",
    ),
    (
        *("certification_not_finished", 409, "This check has no report"),
        "Look at it with GET /api/v1/certifications/{certification_id}; run it again when it was cut off.",
        "A report is written when a check ends. This one has not ended yet, or the platform was stopped meanwhile.",
        "What was judged until then is in the answer of GET /api/v1/certifications/{certification_id}.",
    ),
    (
        *("not_certified", 403, "This live operator has not gone live yet"),
        "Check the wallet under Integration in the account until it is green, then go live there.",
        "Real play begins when this very wallet, at its address of today, has kept every rule of the level money-safe.",
        "GET /api/v1/going-live says what is missing. The platform's staff may open play without it, with a reason.",
    ),
    (
        *("not_ready_to_go_live", 409, "Something is missing before play can begin"),
        "GET /api/v1/going-live lists what is missing.",
        "A wallet goes live after a whole check of at least the level money-safe that is green, and not old.",
        "Run POST /api/v1/certifications with level money-safe or production, and mend what it finds.",
    ),
    (
        *("operator_changed", 409, "The operator was changed meanwhile"),
        "Read its settings again; then repeat what you wanted, if it is still right.",
        "Somebody else changed the same operator between your reading and your change; nothing of yours was stored.",
        "`croupier operator show` and `croupier audit list` say what it is now, and who changed it.",
    ),
)
