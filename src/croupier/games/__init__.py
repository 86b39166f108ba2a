"""Game maths: from drawn numbers to a result. Knows nothing of money, players, wallets or clocks."""
