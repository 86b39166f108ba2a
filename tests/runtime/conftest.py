import asyncio

import uvloop

# What talks to sockets itself must behave the same on both event loops; production runs on uvloop.
ON_BOTH_LOOPS = {"test_wallet_client.py", "test_wallet_tls.py"}


def pytest_asyncio_loop_factories(config, item):
    both = {"asyncio": asyncio.new_event_loop, "uvloop": uvloop.new_event_loop}
    return both if item.path.name in ON_BOTH_LOOPS else {"asyncio": asyncio.new_event_loop}
