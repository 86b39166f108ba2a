"""Answers that no reader understands, or that come from somebody else than the wallet: the bytes behind findings."""

import json
from collections.abc import Callable
from typing import Any

import msgspec

from croupier.domain.exchange import HttpResponse
from croupier.sandbox.misbehaviour import Spoil

JSON = "application/json"
PAGE = "text/html; charset=utf-8"
NOT_HTTP = b"+OK ready\r\n"
"""What a server of another kind says."""


def always(status: int, kind: str, text: str, *more: tuple[str, str]) -> Spoil:
    """This answer to every call."""
    answer = HttpResponse(status, (("content-type", kind), *more), text.encode())
    return lambda _: answer


def with_status(status: int) -> Spoil:
    return lambda response: msgspec.structs.replace(response, status=status)


def with_body(change: Callable[[str], str]) -> Spoil:
    return lambda response: msgspec.structs.replace(response, body=change(response.body.decode()).encode())


def with_members(change: Callable[[dict[str, Any]], dict[str, Any]], charset: str = "utf-8") -> Spoil:
    """Of good answers; refusals stay."""

    def spoil(response: HttpResponse) -> HttpResponse:
        members = json.loads(response.body)
        if "error" in members:
            return response
        text = json.dumps(change(members), ensure_ascii=False, separators=(",", ":"))
        return msgspec.structs.replace(response, body=text.encode(charset))

    return spoil


def with_balance(change: Callable[[int], object]) -> Spoil:
    return with_members(lambda members: members | {"balance": change(members["balance"])})


def renamed(old: str, new: str) -> Spoil:
    return with_members(lambda members: {new if name == old else name: value for name, value in members.items()})


def without_result(name: str) -> Spoil:
    """Without this member of a JSON-RPC result."""

    def change(members: dict[str, Any]) -> dict[str, Any]:
        return members | {"result": {one: value for one, value in members["result"].items() if one != name}}

    return with_members(change)


def for_people(amount: int) -> str:
    """``1.000,03``"""
    whole, minor = divmod(amount, 100)
    return f"{whole:,}".replace(",", ".") + f",{minor:02d}"


def funds(status: int, body: str) -> Spoil:
    """Of the refusal for missing funds."""

    def spoil(response: HttpResponse) -> HttpResponse:
        refused = b"insufficient_funds" in response.body
        return HttpResponse(status, response.headers, body.encode()) if refused else response

    return spoil
