"""The dialect's voice: right bytes for every call, and bytes that are wrong on purpose.

Nothing here knows a dialect's fields. Where a value stands in a body is found by writing the body twice with another
value; which headers are the signature, by signing twice with another key.
"""

import hashlib
import json
from collections.abc import Callable
from functools import cache
from typing import NamedTuple
from urllib.parse import urlsplit

import msgspec
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from croupier.conformance.fields import CannotChange, broken, kind_of, read, written
from croupier.conformance.profiles import Profile, profile_of
from croupier.conformance.rule import Change
from croupier.dialects import SPOKEN
from croupier.dialects.answer_shapes import Answers
from croupier.dialects.mapped.wallet import Mapped
from croupier.dialects.signed_again import SIGNED_AGAIN
from croupier.domain.exchange import HttpRequest
from croupier.domain.parties import Operator
from croupier.wallet.answer_shape import Pointer, leaves, value_at, without
from croupier.wallet.calls import Bet, Rollback, WalletCall, Win
from croupier.wallet.dialect import Dialect

HOUR_US = 3_600_000_000
LARGE = 65_536
RAISED = 1000
_RAW = "\ue000raw\ue000"

OTHER_SECRET = {
    "standard_webhooks": "whsec_" + "b3RoZXJvdGhlcm90aGVyb3RoZXJvdGhl",
    "text": "another-secret-of-nobody-01",
    "hex": "b3" * 32,
    "base64": "b3RoZXJvdGhlcm90aGVyb3RoZXJvdGhl",
}


@cache
def _other_rsa_key() -> str:
    key = rsa.generate_private_key(65_537, 2048)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


class Tongue(NamedTuple):
    """`operator`: writes what a right answer looks like. `signed_again`: a changed request of this call; None where it
    is not known how.
    """

    wallet: Dialect
    operator: Answers
    signed_again: Callable[[WalletCall, HttpRequest, Operator, int], HttpRequest] | None


class Voice:
    """One dialect towards one wallet."""

    def __init__(self, operator: Operator, mapped: Mapped | None = None) -> None:
        """`mapped`: speaks instead of the operator's dialect."""
        self.operator = operator
        if mapped is None:
            known = SPOKEN[operator.dialect]
            self.spoken = Tongue(known.wallet, known.operator, _signed_by(operator.dialect))
            self.profile = profile_of(operator.dialect).agreed(operator.round_end)
        else:
            self.spoken = Tongue(mapped, mapped, mapped.signed_again)
            leaves_open = msgspec.to_builtins(mapped.mapping.rules) | {"has": mapped.mapping.has}
            self.profile = msgspec.convert(leaves_open, Profile)
        self._key = "text" if mapped is None else mapped.key
        self._mapping = None if mapped is None else mapped.mapping

    @property
    def fingerprint(self) -> str:
        """Of what makes this dialect: two reports with the same one were judged alike."""
        parts = (self.operator.dialect, self.spoken.wallet.abilities, self.profile, self._mapping)
        return hashlib.sha256(msgspec.json.encode(parts, order="deterministic")).hexdigest()[:12]

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
        changed = self._changed(call, request, at, change)
        if changed != request:
            request = self._signed(call, changed, operator, at)
        return self._unsigned(call, request, at) if change.sign == "none" else request

    def _unsigned(self, call: WalletCall, request: HttpRequest, at: int) -> HttpRequest:
        names, places = self.signature_headers(call, at), self.seals(call, at)
        if not names and not places:
            raise CannotChange("its calls carry no signature")
        if places:
            members = read(request)
            for where in places:
                members = without(members, where)
            request = written(request, members, {})
        return _without_headers(request, names)

    def signature_headers(self, call: WalletCall, at: int) -> frozenset[str]:
        """Names, in lower case, of the headers that a key changes."""
        mine, theirs = self._by_two_keys(call, at)
        return frozenset(name.lower() for name, value in mine.headers if theirs.last_header(name) != value)

    def seals(self, call: WalletCall, at: int) -> list[Pointer]:
        """The fields that a key changes."""
        mine, theirs = self._by_two_keys(call, at)
        if mine.body == theirs.body and mine.url == theirs.url:
            return []
        others = dict(leaves(read(theirs)))
        return [where for where, value in leaves(read(mine)) if others.get(where) != value]

    def _by_two_keys(self, call: WalletCall, at: int) -> tuple[HttpRequest, HttpRequest]:
        other = msgspec.structs.replace(self.operator, wallet_secrets=(self._other_secret(),))
        first, second = (self.spoken.wallet.request(call, one, at) for one in (self.operator, other))
        return first, second

    def place(self, call: WalletCall, at: int, role: str) -> Pointer:
        """Which field is the ``amount``, ``player``, ``id``, ``round`` or ``currency``. CannotChange."""
        one, other = (self.spoken.wallet.request(c, self.operator, at) for c in (call, self._varied(call, role)))
        mine, theirs = (dict(leaves(read(request))) for request in (one, other))
        seals = self.seals(call, at)
        found = [where for where, value in mine.items() if theirs.get(where) != value and where not in seals]
        if role == "id" and len(found) > 1:
            found = [where for where in found if isinstance(mine[where], str)]
        if not found:
            raise CannotChange(f"its body does not hold the {role}")
        return found[0]

    def shows(self, call: WalletCall, at: int, role: str) -> bool:
        """Whether a wallet could tell this call from one with another ``token``, ``session`` or ``amount``, or from
        the same call at another ``time``.
        """
        other, then = (call, at + HOUR_US) if role == "time" else (self._varied(call, role), at)
        one, two = self.spoken.wallet.request(call, self.operator, at), self.request(other, then)
        return (one.url, one.headers, one.body) != (two.url, two.headers, two.body)

    def _varied(self, call: WalletCall, role: str) -> WalletCall:
        return _varied(call, role, self.spoken.wallet.step(call.context.currency, self.operator))

    def _signing(self, change: Change) -> Operator:
        if change.sign not in ("other", "both"):
            return self.operator
        other = self._other_secret()
        secrets = (other, *self.operator.wallet_secrets) if change.sign == "both" else (other,)
        return msgspec.structs.replace(self.operator, wallet_secrets=secrets)

    def _other_secret(self) -> str:
        kind = self.spoken.wallet.abilities.key
        return _other_rsa_key() if kind == "rsa" else OTHER_SECRET[self._key if kind == "text" else kind]

    def _signed(self, call: WalletCall, request: HttpRequest, operator: Operator, at: int) -> HttpRequest:
        if self.spoken.signed_again is None:
            raise CannotChange("the kit does not sign changed bodies of this dialect yet")
        return self.spoken.signed_again(call, request, operator, at)

    def _tampered(self, call: WalletCall, request: HttpRequest, at: int) -> HttpRequest:
        if not isinstance(call, Bet | Win):
            raise CannotChange("only amounts are raised")
        raised = self.spoken.wallet.request(self._varied(call, "amount"), self.operator, at)
        seals = self.seals(call, at)
        if seals:
            members, signed = read(raised), read(request)
            for where in seals:
                members = _put(members, where, value_at(signed, where))
            raised = written(raised, members, {})
        if (raised.body, raised.url) == (request.body, request.url):
            raise CannotChange("its amounts are not in the body")
        return msgspec.structs.replace(request, body=raised.body, url=raised.url)

    def _address(self, call: WalletCall, verb: str) -> str:
        if not isinstance(call, Bet) or verb != "win":
            raise CannotChange(f"no way from {type(call).__name__} to {verb}")
        win = Win(call.context, call.transaction_id, call.round_id, call.amount, call.transaction_id)
        url = self.spoken.wallet.request(win, self.operator, 0).url
        if urlsplit(url).path == urlsplit(self.spoken.wallet.request(call, self.operator, 0).url).path:
            raise CannotChange("one address serves all calls")
        return url

    def _changed(self, call: WalletCall, request: HttpRequest, at: int, change: Change) -> HttpRequest:
        """Not signed yet."""
        kind = kind_of(request)
        if change.body == "broken":
            return broken(request)
        if not (change.amount or change.drop or change.put or change.note or change.body):
            return request
        members = read(request)
        raw: dict[str, str] = {}
        if change.amount:
            where = self.place(call, at, "amount")
            form = _written(value_at(members, where), change.amount)
            if kind == "json":
                members, raw[_RAW] = _put(members, where, _RAW), form
            elif change.amount == "other type":
                # A list of one: what PHP and others make of a name with brackets.
                members = _put(without(members, where), (f"{where[0]}[]",), value_at(members, where))
            else:
                members = _put(members, where, json.loads(form))
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
        return written(request, members, raw, odd=change.body == "indented")


def _signed_by(dialect: str) -> Callable[[WalletCall, HttpRequest, Operator, int], HttpRequest] | None:
    sign = SIGNED_AGAIN.get(dialect)
    return None if sign is None else lambda _, request, operator, at: sign(request, operator, at, request.body)


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


def _varied(call: WalletCall, role: str, step: int) -> WalletCall:
    """With another value there; `step`: the smallest amount that the API carries."""
    who = call.context
    match role:
        case "amount" if isinstance(call, Bet | Win | Rollback):
            return msgspec.structs.replace(call, amount=call.amount + RAISED * step)
        case "token":
            other = (who.operator_token or "tok") + "x"
            return msgspec.structs.replace(call, context=msgspec.structs.replace(who, operator_token=other))
        case "session":
            return msgspec.structs.replace(call, context=msgspec.structs.replace(who, session_id=who.session_id + "x"))
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


def _put(value: object, where: Pointer, inner: object) -> object:
    if not where:
        return inner
    members = value if isinstance(value, dict) else {}
    return {**members, where[0]: _put(members.get(where[0]), where[1:], inner)}


def _without_headers(request: HttpRequest, names: frozenset[str]) -> HttpRequest:
    kept = tuple((name, value) for name, value in request.headers if name.lower() not in names)
    return msgspec.structs.replace(request, headers=kept)
