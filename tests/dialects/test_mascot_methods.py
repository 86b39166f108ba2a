"""Every method that the API's description names is answered, and an example shows how."""

from croupier.dialects.mascot.methods import METHODS, NOT_SERVED
from dialects.examples import paths, read

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
