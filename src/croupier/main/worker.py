"""The worker's process: one event loop that serves everything over HTTP."""

import logging
from collections.abc import Callable

import uvicorn

from croupier.main.app import Worker, create
from croupier.main.fast_lane import FastLane
from croupier.main.settings import Settings


def main(made: Callable[[Settings], Worker] = create) -> None:
    settings = Settings.read()
    logging.basicConfig(level=settings.log_level.upper(), format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("alembic").setLevel("WARNING")
    uvicorn.run(
        made(settings),
        host=settings.host,
        port=settings.port,
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


if __name__ == "__main__":
    main()
