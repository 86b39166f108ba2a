"""MariaDB for tests: Debian's server in a folder of its own, no port, one private socket."""

import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

START_S = 30
_MEMORY = Path("/dev/shm")  # tests kill processes, never the machine


@pytest.fixture(scope="session")
def mariadb_socket() -> Iterator[str]:
    install, serve = shutil.which("mariadb-install-db"), shutil.which("mariadbd") or shutil.which("mysqld")
    if install is None or serve is None:
        pytest.skip("MariaDB is not installed: apt install mariadb-server")
    with tempfile.TemporaryDirectory(prefix="croupier-", dir=_MEMORY if _MEMORY.is_dir() else None) as folder:
        data, socket, log = f"--datadir={folder}/data", f"{folder}/socket", Path(folder) / "log"
        subprocess.run(
            [install, "--no-defaults", data, "--auth-root-authentication-method=normal", "--skip-test-db"],
            check=True,
            capture_output=True,
        )
        with log.open("wb") as output:
            server = subprocess.Popen(
                [serve, "--no-defaults", "--user=root", data, f"--socket={socket}", "--skip-networking"],
                stdout=output,
                stderr=output,
            )
        try:
            until = time.monotonic() + START_S
            while not answers(socket):
                assert server.poll() is None, log.read_text()
                assert time.monotonic() < until, log.read_text()
                time.sleep(0.05)
            yield socket
        finally:
            server.terminate()
            server.wait(30)


def answers(socket: str) -> bool:
    import pymysql

    with suppress(pymysql.OperationalError):
        pymysql.connect(unix_socket=socket, user="root").close()
        return True
    return False
