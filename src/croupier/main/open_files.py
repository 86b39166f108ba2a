"""How many files this process may have open: players and wallets each are one."""

import contextlib
import resource

from croupier.runtime.wallet_client import CONNECTIONS_OF_ALL_MAX

FILES_WANTED = 65_536


def wallet_connections() -> int:
    """Raises the limit as far as it may, and says how many connections wallets get of it: a quarter at most."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = FILES_WANTED if hard == resource.RLIM_INFINITY else min(FILES_WANTED, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return CONNECTIONS_OF_ALL_MAX if soft == resource.RLIM_INFINITY else min(CONNECTIONS_OF_ALL_MAX, soft // 4)
