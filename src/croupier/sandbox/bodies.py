"""What a request's body says, JSON or form: bugs look at its amounts, and change them, without knowing the API."""

import json
import math
import re
from collections.abc import Callable
from decimal import ROUND_DOWN, Decimal
from typing import Any

from croupier.dialects import forms
from croupier.domain.exchange import HttpRequest
from croupier.domain.money import CURRENCIES

AMOUNTS = ("amount", "withdraw", "deposit")
LISTS = ("actions", "transactions")
"""Some APIs list the movements of a call."""
WITH_TEXTS = (b'"id_provider":', b'"account_id":')
"""In bodies whose amounts are texts, of which one may be missing."""
DIGITS = 2
CENT = Decimal("0.01")
"""Forms write amounts as decimals; the reference wallet's players have euros."""
_NUMBER = re.compile(r"-?[0-9]{1,18}(\.[0-9]{1,8})?")


def is_form(request: HttpRequest) -> bool:
    return request.last_header("content-type") == forms.TYPE


def fields_of(request: HttpRequest) -> dict[str, Any]:
    """Those that stand beside the amount; empty where nothing can be read."""
    if is_form(request):
        try:
            return dict(forms.read(request.body))
        except forms.NotAForm:
            return {}
    members = _object(request.body)
    inner = members.get("params", members)
    return inner if isinstance(inner, dict) else {}


def beside_the_amount(request: HttpRequest) -> dict[str, Any]:
    """The fields among which the amount is: those of the first movement, where a call lists several."""
    return _first_movement(fields_of(request))


def amounts_of(request: HttpRequest) -> list[object]:
    fields = beside_the_amount(request)
    return [_told(fields[name]) for name in AMOUNTS if name in fields]


def with_amounts(request: HttpRequest, change: Callable[[object], object]) -> bytes | None:
    """The body with other amounts; None when it has none."""
    fields = beside_the_amount(request)
    changed = {name: change(_told(fields[name])) for name in AMOUNTS if name in fields}
    return with_fields(request, changed) if changed else None


def with_fields(request: HttpRequest, added: dict[str, object]) -> bytes:
    if is_form(request):
        fields = fields_of(request) | {name: _written(one) for name, one in added.items()}
        return forms.encoded(fields.items()).encode("ascii")
    members = _object(request.body)
    inner = members.get("params", members)
    _first_movement(inner).update(
        (name, _written(one) if isinstance(one, Decimal) else one) for name, one in added.items()
    )
    return json.dumps(members, separators=(",", ":")).encode()


def _first_movement(fields: dict[str, Any]) -> dict[str, Any]:
    for name in LISTS:
        listed = fields.get(name)
        if isinstance(listed, list) and listed and isinstance(listed[0], dict):
            first: dict[str, Any] = listed[0]
            return first
    return fields


def is_broken(body: bytes) -> bool:
    """Cut off, or no field with a value."""
    if body.startswith(b"{"):
        return not body.rstrip().endswith(b"}")
    return any(b"=" not in part[1:] for part in body.split(b"&"))


def amount_has_wrong_type(body: bytes) -> bool:
    if any(name in body for name in WITH_TEXTS):
        return re.search(rb'"amount":-?[0-9]', body) is not None
    return any(b'"%s":"' % name.encode() in body or b"%s%%5B%%5D=" % name.encode() in body for name in AMOUNTS)


def has_quote(body: bytes) -> bool:
    return b"'" in body or b"%27" in body


def lowered(amount: object, by: int) -> object:
    """`by` in minor units. What is below was not raised: the deposit of a bet is 0."""
    if isinstance(amount, Decimal):
        return amount - by * CENT if amount >= by * CENT else amount
    return amount - by if isinstance(amount, int) and amount >= by else amount


def digits_of(request: HttpRequest) -> int:
    """Of the currency that the call names; two where it names none."""
    currency = CURRENCIES.get(str(fields_of(request).get("currency")))
    return DIGITS if currency is None else currency.exponent


def cut(amount: object, digits: int) -> object:
    """Without decimals that a currency of so many digits does not have."""
    if isinstance(amount, Decimal):
        smallest = Decimal(1).scaleb(-digits)
        return amount.quantize(smallest, ROUND_DOWN) if amount % smallest else amount
    return int(amount) if isinstance(amount, float) and math.isfinite(amount) else amount


def is_negative(amount: object) -> bool:
    return isinstance(amount, int | Decimal) and amount < 0


def positive(amount: object) -> object:
    return abs(amount) if isinstance(amount, int | Decimal) else amount


def _told(value: Any) -> object:
    """A number as such, also where it is written as text in a form; everything else as it is."""
    return Decimal(value) if isinstance(value, str) and _NUMBER.fullmatch(value) else value


def _written(amount: object) -> str:
    return format(amount, "f") if isinstance(amount, Decimal) else str(amount)


def _object(body: bytes) -> dict[str, Any]:
    try:
        members = json.loads(body)
    except ValueError:
        return {}
    return members if isinstance(members, dict) else {}
