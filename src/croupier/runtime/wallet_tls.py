"""TLS of our calls to wallets."""

import os
import ssl
import tempfile
from pathlib import Path


def wallet_context(certificate: bytes) -> ssl.SSLContext:
    """The system's trusted roots, and our certificate (PEM with key) for wallets that ask for one."""
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    # The ssl module reads keys from files only.
    descriptor, name = tempfile.mkstemp(prefix="croupier-")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(certificate)
        context.load_cert_chain(name)
    finally:
        Path(name).unlink()
    return context
