"""Our own wallet API (contract.md §3): `wallet` is our half, `operator` the casino's."""
