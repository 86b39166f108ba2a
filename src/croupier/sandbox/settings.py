"""Settings of the casino's process. Secrets come from the environment only: arguments are seen by every user."""

import os
from collections.abc import Mapping
from pathlib import Path

import msgspec

from croupier.domain.parties import Operator

PREFIX = "CROUPIER_CASINO_"


class CasinoSettings(msgspec.Struct, frozen=True):
    """`platform_url`: where the casino calls the platform's operator API; None = the wallet alone.

    `wallet_secrets`: the current one first, an older one while it is rotated. `answer_secrets`: sign answers with them.
    `fault`: the mode of `break_it.FAULTS` that is on from the start; `bug`: that of `bugs.BUGS`. `dialect`: the API of
    the wallet, `number`: the casino's number in APIs that have one, `agreed_settings`: see `Operator.settings`.
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
    dialect: str = "native"
    number: int = 0
    agreed_settings: dict[str, str] = {}

    @property
    def agreed(self) -> Operator:
        """What the casino and the platform have agreed on, as far as the wallet needs it."""
        return Operator(
            operator_id=self.operator_id,
            dialect=self.dialect,
            wallet_url="",
            wallet_secrets=self.wallet_secrets,
            currencies=(),
            answer_secrets=self.answer_secrets,
            number=self.number,
            settings=self.agreed_settings,
        )

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "CasinoSettings":
        """``CROUPIER_CASINO_DATA``, ``_WALLET_SECRET`` (several with commas), ``_HOST``, ``_PORT``, ``_PLATFORM_URL``,
        ``_OPERATOR_ID``, ``_API_KEY``, ``_ANSWER_SECRET``, ``_FAULT``, ``_BUG``, ``_DIALECT``, ``_NUMBER``,
        ``_SETTINGS`` (``name=value``, several with commas). ValueError when a needed one
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
            dialect=setting("DIALECT", "native"),
            number=int(setting("NUMBER", "0")),
            agreed_settings=dict(part.partition("=")[::2] for part in _list(setting("SETTINGS"))),
        )


def _list(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())
