"""Blackjack for one player from a fresh six-deck shoe."""
