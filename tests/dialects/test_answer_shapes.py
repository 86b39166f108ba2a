"""What a right answer looks like is learnt from the dialect itself: which fields it needs, and where they are."""

import pytest

from croupier.dialects import SPOKEN
from croupier.dialects.answer_shapes import answer_shape
from croupier.domain.parties import Operator
from croupier.wallet.answer_shape import AnswerShape, value_at
from croupier.wallet.calls import Balance, Bet, Context, Rollback

WHO = Context("p1", "s1", "krakens-hoard", "EUR", "token")
AT = 1_700_000_000_000_000
BET = Bet(WHO, "b_1", "r_1", 163, AT + 30_000_000)


def shape(dialect: str, call, balance: int = 100_003) -> AnswerShape:
    secret = "whsec_" + "QUJD" * 8
    operator = Operator("op", dialect, "http://w.example/wallet", (secret,), ("EUR",), number=7)
    spoken = SPOKEN[dialect]
    request = spoken.wallet.request(call, operator, AT)
    return answer_shape(spoken.wallet, spoken.operator, operator, call=call, request=request, balance=balance)


def test_native():
    told = shape("native", BET)
    assert told.required == {("balance",), ("currency",), ("transaction_id",)}
    assert (told.balance, told.currency, told.reference) == (("balance",), ("currency",), ("transaction_id",))
    assert shape("native", Balance(WHO, "q1")).required == {("balance",), ("currency",)}


def test_mascot():
    assert shape("mascot", BET).required == {("result", "newBalance")}
    assert shape("mascot", Balance(WHO, "q1")).balance == ("result", "balance")
    assert shape("mascot", Rollback(WHO, "r", "r_1", "b_1", 163)).balance is None


@pytest.mark.parametrize("dialect", ["native", "mascot"])
def test_the_balance_is_in_the_dialects_unit(dialect):
    import json

    told = shape(dialect, BET)
    assert value_at(json.loads(told.example), told.balance) == 100_003


@pytest.mark.parametrize(
    ("dialect", "decimals"), [("native", False), ("softswiss-v1", False), ("slotegrator", True), ("pragmatic", True)]
)
@pytest.mark.parametrize("balance", [100_000, 100_003])
def test_a_whole_balance_does_not_hide_that_others_have_a_fraction(dialect, decimals, balance):
    assert shape(dialect, BET, balance).decimals is decimals
