"""The casino's process: ``python -m croupier.sandbox.run``, settings from the environment (`CasinoSettings`)."""

import sys
from typing import cast

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from croupier.runtime.world import Clock
from croupier.sandbox.app import create
from croupier.sandbox.settings import CasinoSettings
from croupier.sandbox.wallet import HANG_UP


class HangUpProtocol(HttpToolsProtocol):
    """Lets the application cut the connection or say too much, as broken wallets do: ASGI has no words for that."""

    def on_message_begin(self) -> None:
        super().on_message_begin()
        ways = {name: getattr(self.transport, name) for name in ("abort", "close", "write")}
        self.scope["extensions"] = {HANG_UP: cast("dict[object, object]", ways)}


def server(settings: CasinoSettings, clock: Clock | None = None) -> uvicorn.Server:
    config = uvicorn.Config(
        create(settings, clock),
        host=settings.host,
        port=settings.port,
        http=HangUpProtocol,
        loop="uvloop",
        ws="none",
        access_log=False,
        log_level="warning",
        # The page's open event stream must not hold up the end.
        timeout_graceful_shutdown=1,
    )
    return uvicorn.Server(config)


def main() -> int:
    try:
        settings = CasinoSettings.from_environment()
    except ValueError as error:
        print(f"casino: {error}", file=sys.stderr)  # noqa: T201 - there is no log before there are settings
        return 2
    server(settings).run()
    return 0


if __name__ == "__main__":
    sys.exit(main())
