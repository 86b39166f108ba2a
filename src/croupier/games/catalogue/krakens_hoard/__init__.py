"""Kraken's Hoard: five reels, twenty lines, free spins at three times the win."""
