"""A platform on a real port with a real database, and what an operator of this API has."""

from running import PROXY, House, house

__all__ = ["PROXY", "House", "house"]
