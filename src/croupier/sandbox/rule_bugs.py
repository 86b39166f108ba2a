"""One bug for each rule of `croupier certify`: it breaks that rule, and no other that does not stand on it.

Each is as narrow as its rule: it acts only on the kind of call, the order and the amounts that the rule's steps send.
"""

from collections.abc import Callable

from croupier.sandbox import bodies
from croupier.sandbox import misanswering as answers
from croupier.sandbox import misbooking as books
from croupier.sandbox import misracing as races
from croupier.sandbox import misreading as reads
from croupier.sandbox import misrefunding as refunds
from croupier.sandbox import mistreating as players
from croupier.sandbox.bugs import Bug
from croupier.sandbox.misbehaviour import Rules, Spoil, by_the_book
from croupier.wallet.calls import Bet, Rollback, Win

EVERY_CALL = frozenset({"balance", "bet", "win", "rollback", "end_round", "prize", "batch"})
_BALANCE, _BET = frozenset({"balance"}), frozenset({"bet"})


def _books(rule: str, does: str, rules: Rules) -> Bug:
    return Bug(wallet="", does=does, breaks=rule, rules=rules, calls=EVERY_CALL)


def _reads(rule: str, does: str, read: reads.Reads) -> Bug:
    return Bug(wallet="", does=does, breaks=rule, reads=read, calls=EVERY_CALL)


def _says(rule: str, does: str, spoil: Spoil, calls: frozenset[str] = EVERY_CALL) -> Bug:
    return Bug(wallet="", does=does, breaks=rule, spoil=spoil, calls=calls)


def _races(rule: str, does: str, race: races.Race, calls: frozenset[str] = EVERY_CALL) -> Bug:
    return Bug(wallet="", does=does, breaks=rule, race=race, calls=calls)


def _hung_up(rule: str, does: str, hung_up: Rules, rules: Rules | None = None) -> Bug:
    return Bug(wallet="", does=does, breaks=rule, hung_up=hung_up, rules=rules or by_the_book, calls=EVERY_CALL)


_forged: set[str] = set()
_hears_answered, _hears_nothing = races.rollback_sees_answered_bets()


def _note(test: Callable[[str], bool]) -> reads.Reads:
    return reads.refusing(lambda fields: "note" in fields and test(str(fields["note"])))


RULE_BUGS: dict[str, Bug] = {
    # CONN
    "answers-too-late": Bug(
        wallet="", does="It sends a balance byte by byte.", breaks="CONN-01", answers="slowly", calls=_BALANCE
    ),
    "redirects-to-slash": _says("CONN-02", "It redirects every call to the address with a slash.", answers.redirected),
    "wraps-answers": _says("CONN-03", "It wraps its answers in `data`.", answers.wrapped),
    "says-text-html": _says("CONN-04", "It calls its JSON text/html.", answers.typed_as_page),
    "slow-answers": Bug(
        wallet="", does="It is slow when it is asked often.", breaks="CONN-05", calls=_BALANCE,
        delay=players.slow_when_asked_often(),
    ),
    "closes-connections": _says("CONN-06", "It closes after every balance.", answers.closing, _BALANCE),
    "refuses-unknown-fields": _reads("CONN-07", "It refuses fields that it does not know.", _note(lambda _: True)),
    # SIG
    "wrong-secret": _reads("SIG-01", "It verifies with another secret.", reads.with_another_secret),
    "ignores-signature": _reads("SIG-02", "It verifies nothing.", reads.without_checking),
    "unsigned-is-fine": _reads("SIG-03", "It takes unsigned calls.", reads.without_checking_if_unsigned),
    "signs-ids-only": _reads("SIG-04", "It leaves the amount out of what it verifies.", reads.without_the_amount),
    "signs-reserialised-json": _reads("SIG-05", "It verifies JSON written anew.", reads.over_data_written_again),
    "accepts-old-requests": _reads("SIG-06", "It does not look at the time stamp.", reads.at_any_time),
    "stores-before-checking": Bug(
        wallet="", does="It keeps an id before it checks the signature.", breaks="SIG-07",
        reads=reads.remembering_forged_bets(_forged), rules=books.nothing_for(_forged), calls=EVERY_CALL,
    ),
    "verb-not-signed": Bug(
        wallet="", does="It takes a bet's body for a win.", breaks="SIG-08", reads=reads.with_any_verb,
        rules=books.any_verb, calls=EVERY_CALL,
    ),
    "one-secret-only": _reads("SIG-09", "It looks at the first signature only.", reads.only_the_first_signature),
    "leaks-stack-trace": _says("SIG-10", "Its refusals hold a trace.", answers.with_trace),
    # BAL
    "balance-in-wrong-unit": _says("BAL-01", "It tells balances times 100.", answers.in_hundredths),
    "creates-players": _books("BAL-02", "It opens an account for whoever is named.", books.creates_players),
    "stale-balance": _books("BAL-03", "It answers a bet with the balance before.", books.stale_balance_of_bets),
    "blocked-player-unpaid": _books(
        "BAL-04", "It pays no blocked player.", players.refuses((Win, Rollback), "blocked", "player_blocked")
    ),
    "ignores-currency": _books("BAL-05", "It takes a bet in any currency from one account.", books.ignores_currency),
    "one-balance-for-all": _books("BAL-06", "It shows one balance for two currencies.", players.one_balance),
    "two-decimals-everywhere": _books("BAL-07", "It keeps two decimals of any currency.", players.in_hundredths),
    # ROUND
    "bet-off-by-a-cent": _books("ROUND-01", "It takes a cent more.", books.off_by(Bet, 1)),
    "win-not-paid": _books("ROUND-02", "It does not pay wins.", books.off_by(Win, "all")),
    "refuses-zero-win": _books("ROUND-03", "It refuses a win of 0.", books.refuses_zero(Win)),
    "refuses-zero-bet": _books("ROUND-04", "It refuses a bet of 0.", books.refuses_zero(Bet)),
    "one-bet-per-round": _books("ROUND-05", "It takes one bet for each round.", books.one_of_a_round(Bet)),
    "one-win-per-round": _books("ROUND-06", "It takes one win for each round.", books.one_of_a_round(Win)),
    "win-needs-bet": _books("ROUND-07", "It refuses a win of 0 without a bet.", books.zero_win_needs_bet),
    "win-before-bet": _books("ROUND-08", "A win may pay for the bet of its own call.", books.win_before_bet),
    "new-id-per-retry": _books("ROUND-09", "It gives a repeat another id.", books.new_id_per_retry),
    "one-open-round": _books("ROUND-10", "It has one open round for each player.", books.one_open_round),
    "closes-round-early": _books("ROUND-11", "The first win closes a round of two bets.", books.closes_round_early),
    "refuses-win-after-close": _books("ROUND-12", "It pays nothing into a closed round.", books.no_prize_after_close),
    "end-round-only-once": _books("ROUND-13", "It refuses the end of a round again.", players.end_only_once()),
    "pins-game-to-session": _books("ROUND-14", "A win must come in the game of its bet.", books.pins("game")),
    # FUND
    "allows-overdraft": _books("FUND-01", "It takes what is there for a bet above it.", books.allows_overdraft),
    "keeps-a-cent": _books("FUND-02", "It refuses a bet of the whole balance.", books.keeps_a_cent),
    "refuses-with-500": _says("FUND-03", "It answers missing funds with status 500.", answers.funds_as_500),
    "refusal-without-balance": _books("FUND-04", "Its refusals have no balance.", books.no_balance_in_refusals),
    "limit-as-funds": _books("FUND-05", "A limit reads as missing funds.", players.limit_as_funds),
    # IDEM
    "takes-retries-again": _books("IDEM-01", "It takes a repeated bet again.", books.repeats(Bet)),
    "pays-retries-again": _books("IDEM-02", "It pays a repeated win again.", books.repeats(Win)),
    "retry-is-an-error": _books("IDEM-03", "It refuses a repeated bet.", books.bet_repeats_are_errors),
    "funds-before-duplicate": _books("IDEM-04", "It looks at funds before ids.", books.funds_before_id),
    "ignores-changed-amount": _books("IDEM-05", "It takes an id with another amount.", books.ignores_changed_amount),
    "ids-per-player": _books("IDEM-06", "It knows ids by player.", books.ids_per_player),
    "retries-declined-bets": _books("IDEM-07", "It tries a refused bet anew.", books.retries_declined),
    "dedupes-by-signature": _reads("IDEM-08", "It knows a repeat by its time stamp.", reads.by_time_stamp()),
    "cuts-ids-at-32": _reads("IDEM-09", "It keeps 32 characters of an id.", reads.renaming(reads.cut_at_32)),
    "ids-ignore-case": _reads("IDEM-10", "It compares ids without case.", reads.renaming(reads.case_ignored)),
    "forgets-after-5-minutes": _books("IDEM-11", "It forgets ids after five minutes.", players.forgets_ids),
    # ROLL
    "rollback-does-nothing": _books("ROLL-01", "It accepts rollbacks and gives nothing back.", refunds.does_nothing),
    "refunds-retries-again": _books("ROLL-02", "It gives back again when repeated.", books.repeats(Rollback)),
    "refunds-per-rollback-id": _books("ROLL-03", "It gives back once for each rollback id.", refunds.for_each_id),
    "unknown-rollback-is-an-error": _books("ROLL-04", "An unknown bet is an error.", refunds.unknown_is_an_error),
    "forgets-rollbacks": _books("ROLL-05", "It forgets the rollback of an unknown bet.", refunds.forgets_unknown),
    "revives-bets": _books("ROLL-06", "It takes a rolled back bet again.", refunds.revives_bets),
    "refunds-declined-bets": _books("ROLL-07", "It gives back refused bets.", refunds.of_declined_bets),
    "trusts-rollback-amount": _books("ROLL-08", "It gives back what the rollback says.", players.trusts_amount),
    "refunds-wins": _books("ROLL-09", "It pays a win again when it is rolled back.", refunds.of_wins),
    "refunds-anyone": _books("ROLL-10", "It gives back to whoever asks.", refunds.of_anyone),
    "rollback-needs-round": _books("ROLL-11", "It finds bets by their round.", refunds.only_in_its_round),
    "refunds-whole-round": _books("ROLL-12", "It gives the round's other bets back, too.", refunds.of_the_whole_round),
    "rollback-takes-double-win": _books("ROLL-13", "It takes the win away twice.", refunds.takes_double_win),
    "list-not-deduplicated": _books("ROLL-14", "It undoes a list again under a new id.", refunds.lists_again),
    "refuses-zero-rollback": _books("ROLL-15", "It refuses to undo a bet of 0.", books.refuses_zero_rollback),
    # TIME
    "rollback-misses-commit": _hung_up(
        "TIME-01", "It gives back only bets whose answer was heard.", _hears_nothing, _hears_answered
    ),
    "aborts-half-way": _hung_up("TIME-02", "It stops between id and money.", races.stores_and_does_nothing(Bet)),
    "stores-win-before-paying": _hung_up("TIME-03", "It stops before it pays.", races.stores_and_does_nothing(Win)),
    "refuses-early-win-for-good": _books("TIME-04", "It remembers refused wins.", books.early_wins_are_lost()),
    "keeps-last-15-rounds": _books("TIME-05", "It knows the last 15 rounds.", books.keeps_few_rounds),
    "ignores-expiry": _books("TIME-06", "It takes expired bets.", books.ignores_expiry),
    # RACE
    "check-then-act": _races("RACE-01", "Two copies are both new to it.", races.check_then_act(Bet)),
    "duplicate-key-500": _races("RACE-02", "The second copy is a database error.", races.duplicate_key),
    "lost-update": _races("RACE-03", "It writes back a balance that it read before.", races.lost_update),
    "parallel-overdraft": _races("RACE-04", "It looks at funds before it takes them.", races.parallel_overdraft),
    "win-check-then-act": _races("RACE-05", "Two copies of a win are both new to it.", races.check_then_act(Win)),
    "rollback-check-then-act": _races("RACE-06", "Two copies of a rollback both pay.", races.check_then_act(Rollback)),
    "rollback-id-race": _races("RACE-07", "Two rollbacks of one bet both pay.", races.rollback_id_race),
    "rollback-misses-open-bet": _races("RACE-08", "A bet on its way misses its rollback.", races.misses_open_bet, _BET),
    "deadlocks-surface": _races("RACE-09", "Bets and wins together end in a deadlock.", races.deadlocks()),
    "global-lock": Bug(
        wallet="", does="Its players wait for each other.", breaks="RACE-10", calls=_BET,
        delay=players.turns_of_players(), in_turns=True,
    ),
    # VAL
    "negative-bet-credits": Bug(
        wallet="", does="It pays a negative bet.", breaks="VAL-01", reads=reads.negative(Bet),
        rules=books.negative_amounts, calls=EVERY_CALL,
    ),
    "negative-win-debits": Bug(
        wallet="", does="It takes a negative win.", breaks="VAL-02", reads=reads.negative(Win),
        rules=books.negative_amounts, calls=EVERY_CALL,
    ),
    "rounds-silently": _reads("VAL-03", "It cuts decimals off.", reads.cutting_decimals),
    "crashes-on-wrong-type": _reads(
        "VAL-04", "An amount as text is a 500.", reads.crashing(bodies.amount_has_wrong_type)
    ),
    "crashes-on-broken-json": _reads(
        "VAL-05", "A broken body is a 500.", reads.crashing(bodies.is_broken)
    ),
    "missing-amount-is-zero": _reads("VAL-06", "A missing amount is 0.", reads.missing_is_zero),
    "parses-nan": _reads("VAL-07", "NaN is 0.", reads.nan_is_zero),
    "pastes-ids-into-sql": _reads("VAL-08", "A quote in an id is a 500.", reads.crashing(bodies.has_quote)),
    "ids-are-numbers": _reads("VAL-09", "It keeps ids as numbers.", reads.renaming(reads.as_number)),
    "crashes-on-large-body": _reads(
        "VAL-10", "A large body is a 500.", reads.crashing(lambda body: len(body) > reads.LARGE)
    ),
    # PREC
    "binary-floats": _books("PREC-01", "Its balance drifts after many bets.", books.drifts()),
    "truncates-cents": _books(
        "PREC-02", "0.29, 1.15 and 4.35 lose a cent.", books.takes_other_amount({cut: cut - 1 for cut in books.CUT})
    ),
    "javascript-numbers": _books("PREC-03", "It counts in steps of 2 above 2^53.", books.counts_as_javascript),
    # ENC
    "sends-bom": _says("ENC-01", "Its answers begin with a byte order mark.", answers.with_bom),
    "ascii-only": _reads("ENC-02", "It refuses text that is not ASCII.", _note(lambda note: not note.isascii())),
    "prints-notices": _says("ENC-03", "It prints a notice before its JSON.", answers.with_notice),
    # SESS
    "any-token-works": _books("SESS-01", "It takes bets with any token.", players.takes_bets(players.invented)),
    "expired-session-unpaid": _books(
        "SESS-02", "It refuses wins after the session.", players.refuses(Win, "over", "session_expired")
    ),
    "expired-session-no-refund": _books(
        "SESS-03", "It refuses rollbacks after the session.", players.refuses(Rollback, "over", "session_expired")
    ),
    "expired-session-can-bet": _books("SESS-04", "It takes bets after the session.", players.takes_bets(players.ended)),
    "token-not-bound": _books("SESS-05", "It takes anybody's token.", players.takes_bets(players.of_another)),
    "win-bound-to-session": _books("SESS-06", "A win must come in the session of its bet.", books.pins("session")),
    # FREE
    "freebet-takes-cash": _books("FREE-01", "It charges free bets.", books.free_bets_cost),
    "freebet-win-twice": _books("FREE-02", "It pays the win of a free round again.", books.free_wins_again),
    "freebet-needs-funds": _books("FREE-04", "It refuses free bets at zero.", books.free_bets_need_funds),
    "freebet-refund-in-cash": _books("FREE-03", "It gives back free bets in cash.", refunds.of_free_bets),
    "promo-needs-round": _books("FREE-05", "It refuses a prize without a round.", books.no_prize_without_round),
    # OPS
    "remembers-in-memory": Bug(
        wallet="", does="It has forgotten all ids when it starts again.", breaks="OPS-01", forgets_at_start="ids"
    ),
    "tombstones-in-memory": Bug(
        wallet="", does="It has forgotten early rollbacks when it starts again.", breaks="OPS-02",
        forgets_at_start="rollbacks",
    ),
    "commits-in-two-steps": _races("OPS-03", "It takes the money before it writes the id.", races.in_two_steps),
}  # fmt: skip
