"""Who the audit log names for what is done on the command line: whoever may do that may do everything."""

import getpass
import os

from croupier.store.audit import Actor


def by_hand(reason: str = "") -> Actor:
    try:
        name = getpass.getuser()
    except (KeyError, OSError):  # a container's user without a name
        name = str(os.getuid())
    return Actor(f"command line: {name}", "staff_admin", reason)
