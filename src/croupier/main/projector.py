"""The projector's process: follows the journal and keeps lists and statistics up to date."""

import asyncio
import os
import signal

from croupier.main.settings import Settings
from croupier.runtime.projector import run

NICE = 5
"""Lists may be a moment late; a round may not."""


async def main() -> None:
    os.nice(NICE)
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await run(Settings.read().database_url, stop)


if __name__ == "__main__":
    asyncio.run(main())
