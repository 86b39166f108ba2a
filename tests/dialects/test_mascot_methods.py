"""Every method that the API's description names is answered, and an example shows how."""

import json

import pytest

from croupier.dialects import FACADES
from croupier.dialects.facade import FacadeRequest
from croupier.dialects.mascot.methods import METHODS, NOT_SERVED
from croupier.domain.refusal import Refused
from dialects.examples import AT, HERE, operator_of, paths, read

DESCRIBED = {
    *("Game.List", "BankGroup.Set", "BankGroup.Create", "BankGroup.ApplySettingsTemplate"),
    *("Player.Set", "Player.Create"),
    *("Session.Create", "Session.CreateDemo", "Session.Close", "Session.Get", "Session.List"),
    *("Bonus.Set", "Bonus.GetPendingBonusTransactions", "History.GetToken", "Jackpot.GetStreamToken"),
    *("Bonus.List", "PlayerBonus.List", "PlayerBonus.Get", "PlayerBonus.Activate", "PlayerBonus.Deactivate"),
    *("PlayerBonus.Execute", "Balance.Get", "Balance.Change"),
}


def test_every_method_is_answered():
    assert METHODS.keys() | NOT_SERVED.keys() == DESCRIBED
    assert not METHODS.keys() & NOT_SERVED.keys()


def test_every_method_has_an_example():
    asked = "".join(read(path)["request"].get("body", "") for path in paths("mascot") if "facade" in path.stem)
    assert {name for name in DESCRIBED if f'"method":"{name}"' not in asked} == set()


@pytest.mark.parametrize("call_id", [b'"\xee"', b'{"a":"\xee"}', b'"\xed\xa0\x80"'])
def test_an_id_that_is_no_text_is_not_sent_back(call_id):
    """The reply repeats it as it came: what is not UTF-8 would make the whole of it unreadable."""
    facade, operator = FACADES["mascot"], operator_of(HERE / "mascot" / "operator.yaml", {})
    one = b'{"jsonrpc":"2.0","method":"Game.Nothing","id":%b}' % call_id
    for body in (one, b"[%b]" % one):
        request = FacadeRequest("POST", "/v1/signed/", body=body)
        try:
            next(facade.converse(request, operator, AT))
        except StopIteration as end:
            reply = end.value
        except Refused as refused:
            reply = facade.refuse(request, refused)
        told = json.loads(reply.body)
        told = told[0] if isinstance(told, list) else told
        assert (told["error"]["code"], told["id"]) == (-32700, None)
