"""The game client's API: a plain ASGI application, because every spin goes through it."""
