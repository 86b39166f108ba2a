"""Mistakes after a restore from a backup, and of people who decide late, that the simulator must find."""

from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

from msgspec.structs import replace

from croupier.rounds import lifecycle
from croupier.runtime import recovery, restored
from croupier.runtime.world import World
from croupier.store.eras import StoreState

Mutant = Iterator[None]


@contextmanager
def seats_kept_open_after_a_restore() -> Mutant:
    """After a restore players go on in streams that have lost their end."""
    with patch.object(World, "is_restored", lambda self, seat: False):
        yield


@contextmanager
def waiting_rounds_go_on_after_a_restore() -> Mutant:
    """Rounds that waited in the backup go on after a restore as after a crash; the lost time may have ended them."""

    async def stop(runner, live, by):
        return None

    with patch.object(restored, "stop", stop), patch.object(recovery, "stop", stop):
        yield


@contextmanager
def era_kept() -> Mutant:
    """A restore begins no era: nobody can tell from a record on which side of it it was written."""
    honest = StoreState.begun
    with patch.object(StoreState, "begun", lambda self, *at: replace(honest(self, *at), era=self.era)):
        yield


@contextmanager
def decision_meets_the_open_round() -> Mutant:
    """A void or a suspension that people decided meets whatever round is open by the time that the second agrees."""
    with patch.object(lifecycle, "_meant", lambda r, e: r):
        yield
