"""Players with two currencies: another account beside the first, under a name that no player can have."""

import msgspec

from croupier.sandbox.pages import SqlitePages
from croupier.wallet.calls import WalletCall


def purse(player_id: str, currency: str) -> str:
    return f"{player_id}#{currency}"


def is_purse(account_id: str) -> bool:
    return "#" in account_id


def owner(account_id: str) -> str:
    return account_id.partition("#")[0]


def in_purse(pages: SqlitePages, call: WalletCall) -> WalletCall:
    """The call for the account of its currency, where the player has such a purse."""
    other = purse(call.context.player_id, call.context.currency)
    if pages.account(other) is None:
        return call
    return msgspec.structs.replace(call, context=msgspec.structs.replace(call.context, player_id=other))
