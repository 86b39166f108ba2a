"""Our calls, as the wallets that we wrote read them: the operator's half of each API, before the book of a casino."""

import random
from collections.abc import Callable
from functools import cache

from msgspec.structs import replace

from croupier.dialects import DIALECTS, OPERATOR_HALVES
from croupier.dialects.operator_half import BadRequest, read_again
from croupier.dialects.signed_again import SIGNED_AGAIN
from croupier.domain.exchange import HttpRequest
from croupier.domain.money import AMOUNT_MAX, CURRENCIES
from croupier.domain.parties import Operator
from croupier.wallet.book import Book
from croupier.wallet.calls import Balance, Batch, Bet, EndRound, Prize, Rollback, WalletCall, Win
from croupier.wallet.outcome import Accepted
from dialects.examples import AT, call_of, operator_of, paths, read
from fuzz.target import Seed, Target

START = 100_000
STATUSES = {200, 400, 401, 403, 404, 412, 413}


def seeds(dialect: str) -> list[Seed]:
    found = []
    for path in paths(dialect):
        example = read(path)
        if "call" not in example:
            continue
        operator = operator_of(path, example)
        request = DIALECTS[dialect].request(call_of(example["call"]), operator, AT)
        found.append(Seed(path.stem, request.body, (request, operator), "json" if request.body[:1] == b"{" else "form"))
    return found


@cache
def genuine(dialect: str) -> list[tuple[object, ...]]:
    """What was really signed: parts of two such bodies may be one of them."""
    return [meaning(OPERATOR_HALVES[dialect].read(*seed.about, AT)) for seed in seeds(dialect)]


def meaning(call: WalletCall) -> tuple[object, ...]:
    """Without what kind of call it is: that is said by the address, which not every API signs."""
    about = ("round_id", "amount", "campaign_id", "calls")
    return (call.id, call.context.player_id, *(getattr(call, name, None) for name in about))


def judge_of(dialect: str) -> Callable[[Seed, bytes, random.Random], str]:
    half = OPERATOR_HALVES[dialect]

    def judge(seed: Seed, body: bytes, rng: random.Random) -> str:
        request, operator = seed.about
        forged = replace(request, body=body)
        if rng.random() < 0.4:
            try:
                call = half.read(forged, operator, AT)
            except BadRequest as refused:
                return refusal(dialect, forged, refused, "forged")
            assert meaning(call) in genuine(dialect), "nobody has signed this"
            return "read"
        try:
            sent = SIGNED_AGAIN[dialect](request, operator, AT, body)
        except ValueError:
            return "not signed"
        try:
            call = half.read(sent, operator, AT)
            if not call.context.currency:  # of an API whose calls name none: it is the account's
                call = read_again(half.read, sent, operator, AT, "EUR")
        except BadRequest as refused:
            return refusal(dialect, sent, refused, "refused")
        return booked(dialect, sent, operator, call)

    return judge


def refusal(dialect: str, request: HttpRequest, refused: BadRequest, word: str) -> str:
    reply = OPERATOR_HALVES[dialect].refuse(request, refused)
    assert reply.status in STATUSES, reply.status
    assert b"Traceback" not in reply.body
    return word


def booked(dialect: str, request: HttpRequest, operator: Operator, call: WalletCall) -> str:
    """What a casino does with it: the player's money is what its answer says, and moves by what the call says."""
    amounts = [getattr(one, "amount", 0) for one in (call.calls if isinstance(call, Batch) else (call,))]
    assert all(type(amount) is int and 0 <= amount <= AMOUNT_MAX for amount in amounts), amounts
    who, book = call.context, Book()
    assert len(call.id) <= 64
    if who.player_id:
        book.open_account(who.player_id, who.currency if who.currency in CURRENCIES else "EUR", START)
    outcome = book.answer(call, AT)
    answer = OPERATOR_HALVES[dialect].answer(request, call, outcome, operator)
    assert 200 <= answer.status <= 500
    balance = book.balance(who.player_id) if who.player_id else START
    moved = balance - START
    assert balance >= 0
    if not isinstance(outcome, Accepted):
        assert moved == 0, f"{outcome}, but {moved} moved"
        return "declined"
    match call:
        case Balance() | EndRound() | Rollback():
            assert moved == 0
        case Bet():
            assert moved == (0 if call.campaign_id is not None else -call.amount)
        case Win() | Prize():
            assert moved in (0, call.amount)
    return "booked"


SEEN = frozenset({"forged", "refused", "booked"})
TARGETS = [Target(f"wallet/{name}", lambda name=name: seeds(name), judge_of(name), SEEN) for name in DIALECTS]
