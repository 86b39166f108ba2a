"""One round under every placement of faults: small, but complete."""

import pytest

from croupier.simulation.placements import FAULTS, KINDS, QUIRKS, attempt, explore, placements, read, said
from simulation.free_round_mutants import free_round_lost


@pytest.mark.parametrize("quirks", QUIRKS)
def test_every_placement_of_two_faults_in_a_hand_with_a_double(quirks):
    tried = explore(KINDS["blackjack"], QUIRKS[quirks], 2)
    assert not tried.failed, f"--game blackjack --wallet '{quirks}' --placement '{said(tried.failed[0][0])}'"
    assert tried.placements > 1500


def test_the_only_free_round_is_neither_lost_nor_doubled_wherever_a_fault_falls():
    kind, wallet = KINDS["free round"], QUIRKS["careless"]
    assert not explore(kind, wallet, 1).failed
    with free_round_lost():
        failed = explore(kind, wallet, 1).failed
    assert {violation.invariant for _, violations in failed for violation in violations} == {"I-13"}


@pytest.mark.parametrize("kind", KINDS)
def test_an_undisturbed_round_is_won(kind):
    world, violations = attempt(KINDS[kind], QUIRKS["by the book"], ())
    assert not violations
    assert [movement.kind for movement in world.wallet.statement][-1] == "win"
    assert {"message", "record"} == set(world.placed.met)


@pytest.mark.parametrize("fault", [f"{what}: {fault}" for what, faults in FAULTS.items() for fault in faults])
def test_every_kind_of_fault_happens_where_it_is_placed(fault):
    what, _, name = fault.partition(": ")
    world, _ = attempt(KINDS["slot"], QUIRKS["careless"], ())
    place = world.placed.met.index(what)
    struck, violations = attempt(KINDS["slot"], QUIRKS["careless"], ((place, name),))
    assert not violations
    assert struck.placed.counted == {fault: 1}


def test_a_second_fault_is_placed_in_what_follows_the_first():
    slot, wallet = KINDS["slot"], QUIRKS["by the book"]
    clean, _ = attempt(slot, wallet, ())
    struck, _ = attempt(slot, wallet, ((4, "answer lost"),))
    assert struck.placed.met != clean.placed.met
    seconds = list(placements(struck.placed.met, ((4, "answer lost"),)))
    assert all(first == (4, "answer lost") and place > 4 for first, (place, _) in seconds)


def test_a_placement_survives_being_printed():
    placement = ((2, "twice, late"), (5, "crash after"))
    assert read(said(placement)) == placement
