"""Where the wallet's secret lies: in the environment, or in a file that is not committed."""

import os
from pathlib import Path


def wallet_secrets(variable: str = "CROUPIER_WALLET_SECRET", file: str | Path = ".env") -> list[str]:
    """The secrets in the environment's variable, else in the file's line ``VARIABLE=…``; several with blanks between.

    KeyError says what to set when there is none.
    """
    value = os.environ.get(variable, "")
    if not value and Path(file).is_file():
        lines = Path(file).read_text(encoding="utf-8").splitlines()
        value = next((line.partition("=")[2] for line in lines if line.partition("=")[0].strip() == variable), "")
    secrets = value.strip().strip("'\"").split()
    if not secrets:
        raise KeyError(f"set {variable} to the wallet secret that the platform printed (whsec_…)")
    return secrets
