"""A reference operator: a casino lobby with a wallet of its own, which knows the platform only by its public API."""
