"""European roulette: one zero, every classic bet."""
