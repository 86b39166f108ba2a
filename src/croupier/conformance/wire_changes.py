"""The dialect's voice: right bytes for every call, and bytes that are wrong on purpose.

Nothing here knows a dialect's fields. Where a value stands in a body is found by writing the body twice with another
value; which headers are the signature, by signing twice with another key.
"""

import json
import re
from collections.abc import Callable
from decimal import Decimal
from functools import cache
from typing import NamedTuple
from urllib.parse import urlsplit

import msgspec
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from croupier.conformance.profiles import Profile, profile_of
from croupier.conformance.rule import Change
from croupier.dialects import SPOKEN
from croupier.dialects.answer_shapes import Answers
from croupier.dialects.mapped.wallet import Mapped
from croupier.dialects.signed_again import SIGNED_AGAIN
from croupier.domain.exchange import HttpRequest
from croupier.domain.parties import Operator
from croupier.wallet.answer_shape import Pointer, leaves, value_at, without
from croupier.wallet.calls import Bet, WalletCall, Win
from croupier.wallet.dialect import Dialect

HOUR_US = 3_600_000_000
LARGE = 65_536
_RAW = "\ue000raw\ue000"

OTHER_SECRET = {
    "standard_webhooks": "whsec_" + "b3RoZXJvdGhlcm90aGVyb3RoZXJvdGhl",
    "text": "another-secret-of-nobody-01",
}


@cache
def _other_rsa_key() -> str:
    key = rsa.generate_private_key(65_537, 2048)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


class CannotChange(Exception):
    """This dialect's bytes have no such thing; the text says why."""


class Tongue(NamedTuple):
    """`operator`: writes what a right answer looks like. `signed_again`: None where it is not known how."""

    wallet: Dialect
    operator: Answers
    signed_again: Callable[[HttpRequest, Operator, int, bytes], HttpRequest] | None


class Voice:
    """One dialect towards one wallet."""

    def __init__(self, operator: Operator, mapped: Mapped | None = None) -> None:
        """`mapped`: speaks instead of the operator's dialect."""
        self.operator = operator
        if mapped is None:
            known = SPOKEN[operator.dialect]
            self.spoken = Tongue(known.wallet, known.operator, SIGNED_AGAIN.get(operator.dialect))
            self.profile = profile_of(operator.dialect)
        else:
            self.spoken = Tongue(mapped, mapped, mapped.signed_again)
            self.profile = msgspec.convert(msgspec.to_builtins(mapped.mapping.rules), Profile)

    def request(self, call: WalletCall, at: int, change: Change | None = None) -> HttpRequest:
        """The bytes of this call at this moment (microseconds), changed or not. CannotChange."""
        if change is None or change == Change():
            return self.spoken.wallet.request(call, self.operator, at)
        if change.sign == "old":
            at -= HOUR_US
        operator = self._signing(change)
        request = self.spoken.wallet.request(call, operator, at)
        if change.tampered:
            return self._tampered(call, request, at)
        if change.path:
            request = msgspec.structs.replace(request, url=self._address(call, change.path))
        body = self._body(call, request, at, change)
        if body != request.body:
            request = self._signed(request, operator, at, body)
        if change.sign == "none":
            names = self.signature_headers(call, at)
            request = _without_headers(request, names)
        return request

    def signature_headers(self, call: WalletCall, at: int) -> frozenset[str]:
        """Names, in lower case, of the headers that a key changes. CannotChange when none does."""
        mine = self.spoken.wallet.request(call, self.operator, at)
        other = msgspec.structs.replace(self.operator, wallet_secrets=(self._other_secret(),))
        theirs = self.spoken.wallet.request(call, other, at)
        changed = {name.lower() for name, value in mine.headers if theirs.last_header(name) != value}
        if not changed or mine.body != theirs.body or mine.url != theirs.url:
            raise CannotChange("its signature is not in a header")
        return frozenset(changed)

    def place(self, call: WalletCall, at: int, role: str) -> Pointer:
        """Where the body has the ``amount``, ``player``, ``id``, ``round`` or ``currency``. CannotChange."""
        one, other = (self.spoken.wallet.request(c, self.operator, at) for c in (call, _varied(call, role)))
        mine, theirs = (dict(leaves(_object(request.body))) for request in (one, other))
        found = [where for where, value in mine.items() if theirs.get(where) != value]
        if role == "id" and len(found) > 1:
            found = [where for where in found if isinstance(mine[where], str)]
        if not found:
            raise CannotChange(f"its body does not hold the {role}")
        return found[0]

    def _signing(self, change: Change) -> Operator:
        if change.sign not in ("other", "both"):
            return self.operator
        other = self._other_secret()
        secrets = (other, *self.operator.wallet_secrets) if change.sign == "both" else (other,)
        return msgspec.structs.replace(self.operator, wallet_secrets=secrets)

    def _other_secret(self) -> str:
        kind = self.spoken.wallet.abilities.key
        return _other_rsa_key() if kind == "rsa" else OTHER_SECRET[kind]

    def _signed(self, request: HttpRequest, operator: Operator, at: int, body: bytes) -> HttpRequest:
        if self.spoken.signed_again is None:
            raise CannotChange("the kit does not sign changed bodies of this dialect yet")
        return self.spoken.signed_again(request, operator, at, body)

    def _tampered(self, call: WalletCall, request: HttpRequest, at: int) -> HttpRequest:
        if not isinstance(call, Bet | Win):
            raise CannotChange("only amounts are raised")
        raised = self.spoken.wallet.request(_varied(call, "amount"), self.operator, at)
        if raised.body == request.body:
            raise CannotChange("its amounts are not in the body")
        return msgspec.structs.replace(request, body=raised.body)

    def _address(self, call: WalletCall, verb: str) -> str:
        if not isinstance(call, Bet) or verb != "win":
            raise CannotChange(f"no way from {type(call).__name__} to {verb}")
        win = Win(call.context, call.transaction_id, call.round_id, call.amount, call.transaction_id)
        url = self.spoken.wallet.request(win, self.operator, 0).url
        if urlsplit(url).path == urlsplit(self.spoken.wallet.request(call, self.operator, 0).url).path:
            raise CannotChange("one address serves all calls")
        return url

    def _body(self, call: WalletCall, request: HttpRequest, at: int, change: Change) -> bytes:
        if change.body == "broken":
            return b'{"a":'
        fields = change.amount or change.drop or change.put or change.note or change.body
        if not fields:
            return request.body
        members = _object(request.body)
        raw: dict[str, str] = {}
        if change.amount:
            where = self.place(call, at, "amount")
            members = _put(members, where, _RAW)
            raw[f'"{_RAW}"'] = _written(value_at(_object(request.body), where), change.amount)
        for role, text in change.put.items():
            members = _put(members, self.place(call, at, role), text)
        if change.drop:
            members = without(members, self.place(call, at, change.drop))
        if change.note:
            members = _put(members, (*self.place(call, at, "player")[:-1], "note"), change.note)
        if change.body == "large":
            members = _put(
                members, (*self.place(call, at, "player")[:-1], "note"), "x" * (LARGE - len(request.body) - 40)
            )
        indent = 2 if change.body == "indented" else None
        text = json.dumps(_closed(members), indent=indent, separators=None if indent else (",", ":"))
        for mark, written in raw.items():
            text = text.replace(json.dumps(mark[1:-1]), written)
        if change.body == "indented":
            # A letter of a name as an escape: legal, and different from every other writer's bytes.
            text = re.sub(r'"([a-z])', lambda found: f'"\\u{ord(found[1]):04x}', text, count=1)
        return text.encode()


def _written(value: object, form: str) -> str:
    """The amount in another form, as raw JSON."""
    text = isinstance(value, str)
    plain = str(value)
    quoted = '"{}"'.format if text else "{}".format
    forms = {
        "negative": quoted("-" + plain),
        "fraction": quoted(plain + ("5" if "." in plain else ".5")),
        "other type": plain if text else f'"{plain}"',
        "NaN": quoted("NaN"),
        "Infinity": quoted("Infinity"),
        "empty": '""',
        "power": quoted("1e3"),
        "padded": f'" {plain}"',
    }
    return forms[form]


def _varied(call: WalletCall, role: str) -> WalletCall:
    who = call.context
    match role:
        case "amount" if isinstance(call, Bet | Win):
            return msgspec.structs.replace(call, amount=call.amount + 1000)
        case "player":
            return msgspec.structs.replace(call, context=msgspec.structs.replace(who, player_id=who.player_id + "x"))
        case "round" if isinstance(call, Bet | Win):
            return msgspec.structs.replace(call, round_id=call.round_id + "x")
        case "id" if isinstance(call, Bet | Win):
            return msgspec.structs.replace(call, transaction_id=call.transaction_id + "x")
        case "currency":
            other = "USD" if who.currency != "USD" else "EUR"
            return msgspec.structs.replace(call, context=msgspec.structs.replace(who, currency=other))
        case _:
            raise CannotChange(f"this call has no {role}")


def _object(body: bytes) -> object:
    """Lists are opened to objects with the names ``[0]``, ``[1]``, so that every value has a way to it."""
    try:
        return _opened(json.loads(body, parse_float=Decimal))
    except ValueError:
        raise CannotChange("its bodies are no JSON") from None


def _opened(value: object) -> object:
    if isinstance(value, list):
        return {f"[{number}]": _opened(one) for number, one in enumerate(value)}
    return {name: _opened(one) for name, one in value.items()} if isinstance(value, dict) else value


def _closed(value: object) -> object:
    if not isinstance(value, dict):
        return value
    if value and all(re.fullmatch(r"\[\d+\]", name) for name in value):
        return [_closed(one) for one in value.values()]
    return {name: _closed(one) for name, one in value.items()}


def _put(value: object, where: Pointer, inner: object) -> object:
    if not where:
        return inner
    members = value if isinstance(value, dict) else {}
    return {**members, where[0]: _put(members.get(where[0]), where[1:], inner)}


def _without_headers(request: HttpRequest, names: frozenset[str]) -> HttpRequest:
    kept = tuple((name, value) for name, value in request.headers if name.lower() not in names)
    return msgspec.structs.replace(request, headers=kept)
