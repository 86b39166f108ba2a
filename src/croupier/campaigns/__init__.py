"""Free rounds: what a player was granted, what is left of it, and the claims that keep a use from being made twice."""
