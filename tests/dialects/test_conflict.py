"""“The same id, other content” says nothing about what the id has moved: no API's word for it may read as a decline."""

import msgspec
import pytest

from croupier.dialects import DIALECTS, OPERATOR_HALVES
from croupier.domain.parties import Operator
from croupier.wallet.calls import Bet, Context, Rollback, Win
from croupier.wallet.outcome import Conflict, Unknown
from dialects.examples import HERE, read

AT = 1_795_000_000_000_000
WHO = Context("ana", "ss_1", "krakens-hoard", "EUR", operator_token="ana")
BET, WIN, UNDO = "b_" + "A" * 22, "w_" + "A" * 22, "x_" + "A" * 22
CALLS = [
    Bet(WHO, BET, "rd_1", 80, AT + 30_000_000),
    Win(WHO, WIN, "rd_1", 80, BET),
    Rollback(WHO, UNDO, "rd_1", BET, 80),
]


@pytest.mark.parametrize("call", CALLS, ids=lambda call: type(call).__name__)
@pytest.mark.parametrize("dialect", OPERATOR_HALVES)
def test_a_conflict_is_no_proof_that_nothing_moved(dialect, call):
    ours, half = DIALECTS[dialect], OPERATOR_HALVES[dialect]
    operator = msgspec.convert(read(HERE / dialect / "operator.yaml")["operator"], Operator)
    request = ours.request(call, operator, AT)
    said = half.answer(request, half.read(request, operator, AT), Conflict("transaction_conflict"), operator)
    answer = half.signed(request, said, operator, AT)
    assert answer.status < 500, "the platform's call is at fault, not the wallet"
    assert isinstance(ours.outcome(call, operator, answer, AT, request), Conflict | Unknown)
