import pytest

from sandbox.process import CasinoProcess


@pytest.fixture(scope="module")
def casino(tmp_path_factory):
    """One casino for a module; tests use players of their own."""
    process = CasinoProcess(tmp_path_factory.mktemp("casino"))
    yield process
    process.kill()
