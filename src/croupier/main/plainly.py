"""Trouble with settings and the database, told as a line instead of a traceback."""

from collections.abc import Iterator
from contextlib import contextmanager

from croupier.main.settings import BadSetting, Settings
from croupier.main.supervisor import CannotStart
from croupier.main.terminal import fail
from croupier.store.catch_up import Behind
from croupier.store.connect import TROUBLE
from croupier.store.embedded_place import CannotRun
from croupier.store.projection_tables import AnotherDatabase
from croupier.store.rebuild import InUse
from croupier.store.vault import WrongMasterKey


@contextmanager
def told_plainly() -> Iterator[None]:
    """What the user can mend becomes a line and exit code 2."""
    try:
        yield
    except (BadSetting, CannotStart, CannotRun, WrongMasterKey, Behind, AnotherDatabase, InUse) as error:
        fail(str(error))
    except TROUBLE as error:
        fail(f"the database does not answer: {error}")


def settings(**given: object) -> Settings:
    with told_plainly():
        return Settings.read(**given)  # type: ignore[arg-type]
    raise AssertionError("fail() does not return")
