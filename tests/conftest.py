import os
import time

import pytest

# A failing contract must show its values, although its module is not named test_….
pytest.register_assert_rewrite("store.contract", "store.lease_contract")
pytest_plugins = ["mariadb", "postgres"]

TIME_LEFT_S = 120
_begun: set[str] = set()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Statements and reports are of one UTC day: a file of tests that would begin just before midnight waits for it."""
    if str(item.path) not in _begun:
        _begun.add(str(item.path))
        left = 86_400 - time.time() % 86_400
        if left < TIME_LEFT_S:
            time.sleep(left)


if (edit := os.environ.get("CROUPIER_EDIT")) is not None:
    # Tests on trial: they must notice that one line of the code is wrong. See `simulation.edits`.
    from simulation.edits import EDITS

    EDITS[edit].apply()
