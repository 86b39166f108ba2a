"""The worker's process: one event loop that serves everything over HTTP."""

import logging
import os
import socket
from collections.abc import Callable

import uvicorn

from croupier.main.app import Worker, create
from croupier.main.fast_lane import FastLane
from croupier.main.place import PLACE
from croupier.main.settings import Settings
from croupier.main.tls import TlsServer


def listener(host: str, port: int, *, shared: bool = False) -> socket.socket:
    """`shared`: all workers of this server listen on that port, and the kernel deals new connections out evenly."""
    bound = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if shared:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    bound.bind((host, port))
    return bound


def main(made: Callable[[Settings], Worker] = create) -> None:
    settings = Settings.read()
    logging.basicConfig(level=settings.log_level.upper(), format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("alembic").setLevel("WARNING")
    worker = made(settings)
    # Demo sessions are in one worker's memory; the others hand their calls on to this address.
    own = listener(settings.peer_host or "127.0.0.1", 0)
    host, port = own.getsockname()[:2]
    server = os.environ.get(PLACE, "").partition("/")[0]
    worker.home = f"{server} http://{f'[{host}]' if ':' in host else host}:{port}"
    config = uvicorn.Config(
        worker,
        loop="uvloop",
        http=FastLane,
        ws="none",
        lifespan="on",
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,  # main/app.py reads them where somebody asks who calls, not for every spin
        backlog=2048,
        timeout_keep_alive=75,
        timeout_graceful_shutdown=5,
    )
    tls = listener(settings.host, settings.tls_port, shared=True) if settings.tls_port else None
    TlsServer(config, worker, tls).run(sockets=[listener(settings.host, settings.port, shared=True), own])


if __name__ == "__main__":
    main()
