"""Our own TLS: a port on which operators may show client certificates."""

import asyncio
import socket
import ssl
from functools import partial
from typing import Any, cast

import uvicorn

from croupier.main.app import Worker
from croupier.main.settings import Settings


class TlsServer(uvicorn.Server):
    """uvicorn, and beside its plain sockets one with TLS: the same application, the same end."""

    def __init__(self, config: uvicorn.Config, worker: Worker, tls: socket.socket | None) -> None:
        super().__init__(config)
        self._worker = worker
        self._tls = tls

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self._tls is None or self.should_exit:
            return
        protocol: Any = partial(
            cast("Any", self.config.http_protocol_class),
            config=self.config,
            server_state=self.server_state,
            app_state=self.lifespan.state,
        )
        context = server_context(self._worker.settings, self._worker.client_authority)
        loop = asyncio.get_running_loop()
        made = await loop.create_server(protocol, sock=self._tls, ssl=context, backlog=self.config.backlog)
        self.servers.append(made)


def server_context(settings: Settings, authority: str) -> ssl.SSLContext:
    """Who shows a certificate must show one of ours; who shows none is a plain client. `authority`: PEM."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(settings.tls_certificate, settings.tls_key or None)
    context.load_verify_locations(cadata=authority)
    context.verify_mode = ssl.CERT_OPTIONAL
    return context
