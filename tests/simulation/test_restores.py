"""A backup of the platform's store is put back in mid-world, and every lost transaction is named afterwards."""

import dataclasses

import pytest

from croupier.simulation.auditor import Auditor
from croupier.simulation.faults import RESTORED, mix_of
from croupier.simulation.world import simulate

SEEDS = (1, 3, 11)


def restored(seed, rounds=80):
    mix = dataclasses.replace(mix_of(seed), heals=True, restored=True, forgetful_restarts=False, approval_s=60.0)
    return simulate(seed, rounds, mix=dataclasses.replace(mix, late_s=min(mix.late_s, 580.0)))


def test_one_world_in_twenty_five_loses_its_end():
    share = sum(mix_of(seed).restored for seed in range(2000)) / 2000
    assert share == pytest.approx(RESTORED, rel=0.25)


@pytest.mark.parametrize("seed", SEEDS)
def test_what_a_restore_has_taken_is_named_and_play_goes_on(seed):
    report = restored(seed)
    assert [violation.what for violation in report.violations] == []
    assert report.counted["restored from a backup"] == 1
    for often in (
        "restore that lost money's records",
        "lost bet found by reconciliation",
        "play resumed after a restore",
    ):
        assert report.sometimes[often] > 0, often
    assert report.trace == restored(seed).trace


def test_an_auditor_who_is_not_told_of_the_restore_finds_the_lost_money(monkeypatch):
    honest = Auditor.restore

    def untold(self, kept):
        honest(self, kept)
        self.lost = dataclasses.replace(self.lost, ids=frozenset())

    monkeypatch.setattr(Auditor, "restore", untold)
    said = [violation.what for violation in restored(SEEDS[0]).violations if violation.invariant == "I-01"]
    assert any("money for a round that we do not know" in what for what in said)
    assert any("which no restore has taken" in what for what in said)
