"""Croupier's own wallet API. The [wallet guide](../wallet-guide.md) explains it step by step; an operator's calls to us
are the operator API.
"""
