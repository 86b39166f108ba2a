"""The worker's process: one event loop that serves everything over HTTP."""

import logging
import socket
from collections.abc import Callable

import uvicorn

from croupier.main.app import Worker, create
from croupier.main.fast_lane import FastLane
from croupier.main.settings import Settings


def shared_listener(host: str, port: int) -> socket.socket:
    """A socket on a port that all workers of this server listen on: the kernel deals new connections out evenly."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    listener.bind((host, port))
    return listener


def main(made: Callable[[Settings], Worker] = create) -> None:
    settings = Settings.read()
    logging.basicConfig(level=settings.log_level.upper(), format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("alembic").setLevel("WARNING")
    config = uvicorn.Config(
        made(settings),
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
    uvicorn.Server(config).run(sockets=[shared_listener(settings.host, settings.port)])


if __name__ == "__main__":
    main()
