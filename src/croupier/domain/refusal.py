"""A request that changes nothing: told to the caller with a stable code."""

from typing import Literal

MoneyState = Literal["not_placed", "being_checked", "placed"]
"""What happened to the stake of the refused request."""


class Refused(Exception):
    """`code` is one of the catalogue's; `detail` says in a sentence what to do. Nothing was changed."""

    def __init__(
        self,
        code: str,
        detail: str = "",
        *,
        money: MoneyState = "not_placed",
        round_id: str | None = None,
        balance: int | None = None,
        param: str | None = None,
    ) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail
        self.money: MoneyState = money
        self.round_id = round_id
        self.balance = balance
        self.param = param
