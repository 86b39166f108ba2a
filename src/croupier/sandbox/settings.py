"""Settings of the casino's process. Secrets come from the environment only: arguments are seen by every user."""

import os
from collections.abc import Mapping
from pathlib import Path

import msgspec

PREFIX = "CROUPIER_CASINO_"


class CasinoSettings(msgspec.Struct, frozen=True):
    """`platform_url`: where the casino calls the platform's operator API; None = the wallet alone.

    `wallet_secrets`: the current one first, an older one while it is rotated. `answer_secrets`: sign answers with them.
    `fault`: the mode of `break_it.FAULTS` that is on from the start; `bug`: that of `bugs.BUGS`.
    """

    data: Path
    wallet_secrets: tuple[str, ...]
    host: str = "127.0.0.1"
    port: int = 8081
    platform_url: str | None = None
    operator_id: str = "demo"
    api_key: str = ""
    answer_secrets: tuple[str, ...] = ()
    fault: str = "off"
    bug: str = "off"

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "CasinoSettings":
        """``CROUPIER_CASINO_DATA``, ``_WALLET_SECRET`` (several with commas), ``_HOST``, ``_PORT``, ``_PLATFORM_URL``,
        ``_OPERATOR_ID``, ``_API_KEY``, ``_ANSWER_SECRET``, ``_FAULT``, ``_BUG``. ValueError when a needed one
        is missing.
        """

        def setting(name: str, default: str = "") -> str:
            return environment.get(PREFIX + name, default)

        data, secret = setting("DATA"), setting("WALLET_SECRET")
        if not data or not secret:
            raise ValueError(f"{PREFIX}DATA and {PREFIX}WALLET_SECRET must be set")
        return cls(
            data=Path(data),
            wallet_secrets=_list(secret),
            host=setting("HOST", "127.0.0.1"),
            port=int(setting("PORT", "8081")),
            platform_url=setting("PLATFORM_URL").rstrip("/") or None,
            operator_id=setting("OPERATOR_ID", "demo"),
            api_key=setting("API_KEY"),
            answer_secrets=_list(setting("ANSWER_SECRET")),
            fault=setting("FAULT", "off"),
            bug=setting("BUG", "off"),
        )


def _list(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())
