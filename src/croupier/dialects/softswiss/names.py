"""Games are ``provider:identifier``."""

PROVIDER = "croupier"


def wire_game(game_id: str) -> str:
    return f"{PROVIDER}:{game_id}"


def game_named(text: str) -> str:
    """The identifier of ours, with or without the provider before it."""
    return text.removeprefix(f"{PROVIDER}:")
