"""The online account: signing in, and the addresses that its front door shows."""
