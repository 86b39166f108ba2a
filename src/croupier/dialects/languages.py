"""Languages as other APIs write them."""

LANGUAGES = {"en": "en", "de": "de", "es": "es", "pt": "pt-BR"}
"""ISO 639-1 -> ours. Games in any other language speak English."""


def language_of(code: object) -> str:
    """``pt-BR``, ``pt_BR`` and ``PT`` are ``pt``; what we do not speak is English."""
    text = code.lower().replace("_", "-").partition("-")[0] if isinstance(code, str) else ""
    return LANGUAGES.get(text, "en")
