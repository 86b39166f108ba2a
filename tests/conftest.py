import os

import pytest

# A failing contract must show its values, although its module is not named test_….
pytest.register_assert_rewrite("store.contract", "store.lease_contract")
pytest_plugins = ["mariadb", "postgres"]

if (edit := os.environ.get("CROUPIER_EDIT")) is not None:
    # Tests on trial: they must notice that one line of the code is wrong. See `simulation.edits`.
    from simulation.edits import EDITS

    EDITS[edit].apply()
