import pytest

# A failing contract must show its values, although its module is not named test_….
pytest.register_assert_rewrite("store.contract", "store.lease_contract")
pytest_plugins = ["postgres"]
