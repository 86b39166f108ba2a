"""Operator APIs, one folder each: pure translation both ways. An explicit list, so that it can be searched."""

from croupier.dialects.native.wallet import Native
from croupier.wallet.dialect import Dialect

DIALECTS: dict[str, Dialect] = {"native": Native()}
