"""Money under fire: the real runner in a seeded world of lost answers, dead processes and careless wallets."""
