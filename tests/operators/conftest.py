from running import house

__all__ = ["house"]
