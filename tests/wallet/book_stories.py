"""What a correct operator answers, as conversations. Read by the book in memory and by the casino's ledger.

``bet b1 163 @r1`` places a bet of 163 in round r1 (default: a round named after the bet); ``win w1 279 of b1``;
``roll b1 as r1``. Options: ``by q`` another player, ``in USD`` another currency, ``at 31`` seconds after the bet
expires. After ``->`` what is answered: a balance, or a reason. Players p, q and x own 1000 EUR;
x is blocked.
"""

STORIES = {
    "a bet, a win": """
        balance -> 1000
        bet b1 163 -> 837
        win w1 279 of b1 -> 1116
        balance -> 1116
    """,
    "a repeated bet is answered as the first time": """
        bet b1 163 -> 837
        win w1 279 of b1 -> 1116
        bet b1 163 -> 837
        win w1 279 of b1 -> 1116
        balance -> 1116
    """,
    "the whole balance can be staked, and the repeat of it is no second bet": """
        bet b1 1000 -> 0
        bet b1 1000 -> 0
        bet b2 1 -> insufficient_funds
    """,
    "a declined bet stays declined": """
        bet b1 1001 -> insufficient_funds
        bet b2 100 -> 900
        win w2 500 of b2 -> 1400
        bet b1 1001 -> insufficient_funds
        balance -> 1400
    """,
    "the same id with other content is a conflict and leaves no trace": """
        bet b1 163 @r1 -> 837
        bet b1 57 @r1 -> conflict
        bet b1 163 @r2 -> conflict
        bet b1 163 @r1 by q -> conflict
        win b1 163 of b1 -> conflict
        bet b1 163 @r1 -> 837
        balance by q -> 1000
    """,
    "a rollback gives the stake back once": """
        bet b1 163 -> 837
        roll b1 as r1 -> 1000
        roll b1 as r1 -> 1000
        roll b1 as r2 -> 1000
        balance -> 1000
    """,
    "a bet repeated after its rollback stays rolled back": """
        bet b1 163 -> 837
        roll b1 as r1 -> 1000
        bet b1 163 -> already_rolled_back
        balance -> 1000
    """,
    "a rollback that comes first leaves a tombstone": """
        roll b1 as r1 -> 1000
        bet b1 163 -> already_rolled_back
        roll b1 as r1 -> 1000
        roll b1 as r2 -> 1000
        bet b1 163 -> already_rolled_back
        balance -> 1000
    """,
    "a tombstone does not give another player's bet away": """
        roll b1 as r1 by q -> 1000
        bet b1 163 -> conflict
        balance -> 1000
    """,
    "a rollback of a declined bet credits nothing": """
        bet b1 1001 -> insufficient_funds
        roll b1 as r1 -> 1000
    """,
    "nobody rolls back another player's bet": """
        bet b1 163 -> 837
        roll b1 as r1 by q -> conflict
        balance by q -> 1000
        balance -> 837
    """,
    "a rollback that names a win credits nothing": """
        bet b1 163 -> 837
        win w1 279 of b1 -> 1116
        roll w1 as r1 -> conflict
        balance -> 1116
    """,
    "a settled bet is not rolled back": """
        bet b1 163 -> 837
        win w1 279 of b1 -> 1116
        roll b1 as r1 -> conflict
        balance -> 1116
    """,
    "two bets in a round, one of them rolled back": """
        bet b1 100 @r -> 900
        bet b2 50 @r -> 850
        roll b2 as x2 -> 900
        win w1 300 of b1 @r -> 1200
    """,
    "a win that overtakes its bet is paid when it comes again": """
        win w1 279 of b1 -> not_found
        bet b1 163 -> 837
        win w1 279 of b1 -> 1116
    """,
    "a zero win closes a round, also one without a bet": """
        bet b1 163 -> 837
        win w1 0 of b1 -> 837
        win w2 0 of none -> 837
    """,
    "a win for a bet that was rolled back or declined is a conflict": """
        bet b1 163 -> 837
        roll b1 as r1 -> 1000
        win w1 279 of b1 -> conflict
        bet b2 1001 -> insufficient_funds
        win w2 279 of b2 -> conflict
        balance -> 1000
    """,
    "an expired bet is declined, with 30 seconds of clock difference allowed": """
        bet b1 163 at 30 -> 837
        bet b2 163 at 31 -> expired
        bet b2 163 -> expired
        balance -> 837
    """,
    "the repeat of a bet in time is not judged by its expiry": """
        bet b1 163 -> 837
        bet b1 163 at 90 -> 837
    """,
    "a blocked player cannot bet": """
        bet b1 163 by x -> player_blocked
        balance by x -> 1000
    """,
    "a currency is not a player's for the asking": """
        bet b1 163 in USD -> currency_mismatch
        balance in USD -> currency_mismatch
        balance -> 1000
    """,
    "an unknown player is declined, not created": """
        bet b1 163 by nobody -> unknown_player
        balance by nobody -> unknown_player
    """,
    "ids that differ late or in case only are different": """
        bet t-0123456789-0123456789-0123456789-a 100 -> 900
        bet t-0123456789-0123456789-0123456789-b 100 -> 800
        bet t-0123456789-0123456789-0123456789-A 100 -> 700
    """,
    "a free round takes nothing and its win is paid": """
        bet f1 0 for spring -> 1000
        win w1 700 of f1 for spring -> 1700
        bet f1 0 for spring -> 1000
        balance -> 1700
    """,
    "a free round takes nothing whatever amount it names, and gives nothing back": """
        bet f1 163 for spring -> 1000
        bet f2 5000 for spring -> 1000
        roll f1 as r1 -> 1000
        bet f1 163 for spring -> already_rolled_back
    """,
    "a bet cannot become a free round, nor the free round of another campaign": """
        bet b1 163 -> 837
        bet b1 163 for spring -> conflict
        bet f1 0 for spring -> 837
        bet f1 0 for summer -> conflict
        bet f1 0 -> conflict
        balance -> 837
    """,
    "a blocked player gets no free round": """
        bet f1 0 by x for spring -> player_blocked
    """,
}
