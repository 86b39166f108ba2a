"""What rules look at besides balances and outcomes: named functions over what a trial heard. None = all is well."""

from collections.abc import Callable

import msgspec

from croupier.conformance.heard import Heard, in_words
from croupier.conformance.trial import Trial
from croupier.diagnosis.http_layer import LEAK
from croupier.diagnosis.syntax import BOM, NotJson, parsed
from croupier.domain.exchange import HttpResponse, NoAnswer
from croupier.wallet.calls import Balance, Bet
from croupier.wallet.outcome import Accepted, Conflict, Declined, Unknown


class Complaint(msgspec.Struct, frozen=True):
    """`expected`, `got`: in words. `code`: the finding that it proves, if it does. `heard`: which call shows it.

    `absent`: what was looked at is not there.
    """

    expected: str
    got: str
    code: str = ""
    heard: Heard | None = None
    absent: bool = False


def answered(trial: Trial) -> Complaint | None:
    for one in trial.heard:
        if isinstance(one.answer, NoAnswer) and not one.cut:
            return Complaint("an answer in time", f"none: {one.answer.why} {one.answer.detail}".strip(), heard=one)
    return None


def no_redirect(trial: Trial) -> Complaint | None:
    for one in trial.heard:
        if one.status is not None and 300 <= one.status < 400 and isinstance(one.answer, HttpResponse):
            to = one.answer.header("location") or "elsewhere"
            return Complaint("an answer at this address", f"HTTP {one.status} to {to}", "CRP-NET-003", one)
    return None


def readable(trial: Trial) -> Complaint | None:
    """The answer is one object of the dialect's shape; a refusal is an answer too."""
    for one in trial.heard:
        if isinstance(one.outcome, Unknown) and one.status == 200:
            return Complaint("an object of the dialect's shape", in_words(one), heard=one)
    return None


def json_type(trial: Trial) -> Complaint | None:
    for one in trial.heard:
        if isinstance(one.answer, HttpResponse) and 200 <= one.answer.status < 300:
            kind = (one.answer.header("content-type") or "none").lower()
            if "json" not in kind or ("charset" in kind and "utf-8" not in kind and "utf8" not in kind):
                return Complaint("Content-Type: application/json", kind, "CRP-CT-001", one)
    return None


def quick(trial: Trial) -> Complaint | None:
    """95 % of the answers within half of the time limit."""
    times = sorted(one.answer.timing.total_us for one in trial.heard)
    p95, limit = times[len(times) * 95 // 100 - 1] // 1000, trial.wallet.voice.operator.timeout_ms
    code = "CRP-CONC-004" if trial.rule.group == "race" else "CRP-SLOW-001"
    return None if p95 <= limit // 2 else Complaint(f"95 % within {limit // 2} ms", f"{p95} ms", code)


def keeps_connections(trial: Trial) -> Complaint | None:
    opened = sum(1 for one in trial.heard[1:] if one.answer.timing.connect_us is not None)
    got = f"{opened} new connections for {len(trial.heard)} calls"
    return None if opened <= 1 else Complaint("at most one new connection", got, "CRP-CONN-001")


def unit(trial: Trial) -> Complaint | None:
    """The bet changed the balance by its amount and not by a power of ten of it."""
    bet, moved = trial.amounts.bet, trial.before["p"] - trial.after["p"]
    for power in range(1, 9):
        for scaled, words in ((bet * 10**power == moved, "times"), (moved * 10**power == bet and moved, "through")):
            if scaled:
                got = f"it fell by {moved}: {words} {10**power}"
                return Complaint(f"the bet of {bet} smallest units lowers the balance by {bet}", got, "CRP-AMT-001")
    return None


def contains_effect(trial: Trial) -> Complaint | None:
    for one in trial.heard:
        model = one.model.balance if isinstance(one.model, Accepted) else None
        said = one.outcome.balance if isinstance(one.outcome, Accepted) else None
        if None not in (model, said) and model != said:
            return Complaint(f"balance {model} in the answer", f"{said}", "CRP-BAL-001", one)
    return None


def references(trial: Trial) -> Complaint | None:
    """The operator's ids: there, the same on a retry, another for another transaction."""
    given: dict[str, str] = {}
    for one in trial.heard:
        if not isinstance(one.outcome, Accepted) or one.kind == "balance":
            continue
        reference = one.outcome.operator_reference
        if reference is None:
            return Complaint("the operator's transaction id", "none", "CRP-REF-001", one, absent=True)
        if given.setdefault(one.label, reference) != reference:
            return Complaint(f"{given[one.label]} again", reference, "CRP-REF-001", one)
    if len(set(given.values())) != len(given):
        return Complaint("an id for each transaction", "the same one twice", "CRP-REF-001")
    return None


def _reason(trial: Trial, wanted: str, code: str) -> Complaint | None:
    """A refusal in no words of the dialect is explained by its bytes; one by status alone is in the wrong place."""
    one = next(one for one in reversed(trial.heard) if one.kind == "bet")
    if isinstance(one.outcome, Declined) and one.outcome.reason == wanted:
        return None
    if isinstance(one.outcome, Unknown) and one.status is not None and one.status < 500:
        code = "CRP-HTTP-003" if one.status >= 400 else ""
    return Complaint(f"declined: {wanted}", in_words(one), code, one)


def says_funds(trial: Trial) -> Complaint | None:
    return _reason(trial, "insufficient_funds", "CRP-FUND-002")


def says_limit(trial: Trial) -> Complaint | None:
    return _reason(trial, "limit_reached", "CRP-FUND-002")


def refusal_has_balance(trial: Trial) -> Complaint | None:
    one = trial.heard[-1]
    shown = one.outcome.balance if isinstance(one.outcome, Declined) else None
    wanted = trial.before["p"]
    got = "no balance" if shown is None else f"{shown}"
    return None if shown == wanted else Complaint(f"balance {wanted}", got, "CRP-FUND-002", one)


def one_of_two(trial: Trial) -> Complaint | None:
    """Of two bets of the whole balance one is accepted and one refused."""
    bets = [one for one in trial.heard if one.kind == "bet"]
    taken = sum(isinstance(one.outcome, Accepted) for one in bets)
    refused = sum(isinstance(one.outcome, Declined | Conflict) for one in bets)
    if (taken, refused) == (1, len(bets) - 1):
        return None
    return Complaint("one accepted, one refused", "; ".join(in_words(one) for one in bets), "CRP-CONC-002")


def no_server_error(trial: Trial) -> Complaint | None:
    for one in trial.heard:
        if one.status is not None and one.status >= 500:
            return Complaint("no 5xx", f"HTTP {one.status}", "CRP-HTTP-002", one)
    return None


def clean_text(trial: Trial) -> Complaint | None:
    """UTF-8 without a byte order mark, in every answer of the run so far."""
    for one in trial.log:
        if one.body.startswith(BOM):
            return Complaint("no byte order mark", "EF BB BF at the start", "CRP-ENC-001", one)
        try:
            one.body.decode("utf-8")
        except UnicodeDecodeError as error:
            return Complaint("UTF-8", str(error), "CRP-ENC-002", one)
    return None


def nothing_around(trial: Trial) -> Complaint | None:
    """Exactly one JSON value in every accepted answer of the run so far."""
    for one in trial.log:
        if one.status != 200 or not one.body.strip():
            continue
        try:
            parsed(one.body.decode("utf-8", "replace").removeprefix("\ufeff"))
        except NotJson as error:
            return Complaint("one JSON value and nothing around it", str(error), "CRP-JSON-001", one)
    return None


def nothing_leaks(trial: Trial) -> Complaint | None:
    for one in trial.log:
        found = LEAK.search(one.body)
        if found:
            return Complaint("errors without traces or queries", repr(found[0])[:60], "CRP-LEAK-001", one)
    return None


def purse_untouched(trial: Trial) -> Complaint | None:
    """The balance in the second currency is the same before and after."""
    told = [one for one in trial.heard if isinstance(one.call, Balance)]
    first, last = (one.outcome.balance if isinstance(one.outcome, Accepted) else None for one in (told[0], told[-1]))
    where = f"balance {first} in {trial.wallet.second_currency}"
    return None if first == last and first is not None else Complaint(where, f"{last}", "CRP-CUR-002", told[-1])


def stays_unknown(trial: Trial) -> Complaint | None:
    """The player that nobody knows is still unknown after a bet of theirs."""
    for one in trial.heard:
        if isinstance(one.call, Balance) and isinstance(one.outcome, Accepted):
            return Complaint("unknown player", in_words(one), "CRP-PLAYER-001", one)
    return None


def says_charged(trial: Trial) -> Complaint | None:
    """Where the operator counts its free rounds, only its answer tells our books that one took the place of money."""
    for one in trial.heard:
        asked = isinstance(one.call, Bet) and one.call.charge_free_round
        if asked and isinstance(one.outcome, Accepted) and not one.outcome.free_round_charged:
            return Complaint("the word that a free round was charged", "an answer without it", "CRP-BONUS-003", one)
    return None


def machine_readable(trial: Trial) -> Complaint | None:
    """A refusal in 4xx (or 200) whose body is JSON."""
    for one in trial.heard:
        if one.status is None or one.status >= 500:
            return Complaint("a 4xx in the dialect's form", in_words(one), "CRP-HTTP-002", one)
        if one.status < 400 and one.status != 200:
            return Complaint("a 4xx in the dialect's form", f"HTTP {one.status}", "", one)
    return None


CHECKS: dict[str, Callable[[Trial], Complaint | None]] = {
    check.__name__: check
    for check in (
        answered, no_redirect, readable, json_type, quick, keeps_connections, unit, contains_effect, references,
        says_funds, says_limit, refusal_has_balance, one_of_two, no_server_error, clean_text, nothing_around,
        nothing_leaks, purse_untouched, stays_unknown, machine_readable, says_charged,
    )
}  # fmt: skip
