"""A mapping spoken: wallet call -> signed bytes, answer -> Outcome, as every dialect does."""

import base64
import hashlib
import hmac
import json
import uuid
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl, quote, quote_plus, urlsplit

import msgspec

from croupier.dialects.amounts import Scale
from croupier.dialects.decimals import nearest, number
from croupier.dialects.forms import TYPE as FORM
from croupier.dialects.forms import encoded
from croupier.dialects.mapped.mapping import AnswerMap, CallMap, Mapping, filled, in_text, names_in
from croupier.dialects.strict_json import Loose, NotStrict, read_decimals
from croupier.domain.exchange import HttpRequest, HttpResponse, NoAnswer
from croupier.domain.instants import rfc3339
from croupier.domain.money import CURRENCIES
from croupier.domain.parties import Operator
from croupier.wallet.calls import Balance, Batch, Bet, EndRound, Prize, Rollback, WalletCall, Win
from croupier.wallet.dialect import Abilities
from croupier.wallet.outcome import Accepted, Conflict, Declined, Outcome, Unknown

_NAMES = uuid.UUID("6f1d6c52-6a55-4c0c-8d1f-2f6b5d8f7a10")
_JSON = "application/json"


class Mapped:
    def __init__(self, mapping: Mapping) -> None:
        self.mapping = mapping
        self.name = mapping.name
        self.key = mapping.signature.key if mapping.signature else "text"
        fields = ",".join(mapping.secret_fields)
        self.abilities = Abilities(key="text", timeout_ms=mapping.timeout_ms, signature_field=fields)

    def request(self, call: WalletCall, operator: Operator, at: int, attempt: int = 1) -> HttpRequest:  # noqa: ARG002 - as Dialect says
        said, values = self._map(call), self._values(call, operator, at)
        in_path = {name: quote(str(value), safe="") for name, value in values.items() if value is not None}
        url = operator.wallet_url.rstrip("/") + filled(said.path + " ", in_path).strip()
        bare = self._bare(said, url, values, operator.timeout_ms)
        known = self._known(bare, said, operator, values)
        return self._with_headers(self._bare(said, url, known, operator.timeout_ms), known)

    def _bare(self, said: CallMap, url: str, values: dict[str, Any], timeout_ms: int) -> HttpRequest:
        """Without headers of its own."""
        query = encoded(self._pairs(said.query, values))
        url += (("&" if "?" in url else "?") + query) if query else ""
        body, kind = b"", _JSON
        if said.form is not None:
            body, kind = encoded(self._pairs(said.form, values)).encode(), FORM
        elif said.body is not None:
            body = msgspec.json.encode(filled(said.body, values))
        headers = (("accept", _JSON), *((("content-type", kind),) if body else ()))
        return HttpRequest(said.method, url, headers, body, timeout_ms)

    def _pairs(self, fields: dict[str, str], values: dict[str, Any]) -> list[tuple[str, str]]:
        return [(name, in_text(one, self.mapping.booleans)) for name, one in filled(fields, values).items()]

    def step(self, currency: str, operator: Operator) -> int:  # noqa: ARG002 - as Dialect says
        return 1

    def signed_again(self, call: WalletCall, request: HttpRequest, operator: Operator, at: int) -> HttpRequest:
        """Changed on the way, under a right signature of what it says now; its other bytes are kept."""
        said, values = self._map(call), self._values(call, operator, at)
        told = _told(request)
        for name, template in said.fields.items():
            _overlay(template, told.get(name), values)
        known = self._known(request, said, operator, values)
        for name, template in said.fields.items():
            if "signature" in names_in(template) and isinstance(told.get(name), str):
                request = _replaced(request, told[name], filled(template + " ", known)[:-1])
        return self._with_headers(request, known)

    def outcome(
        self,
        call: WalletCall,
        operator: Operator,  # noqa: ARG002 - as Dialect says
        answer: HttpResponse | NoAnswer,
        at: int,  # noqa: ARG002 - as Dialect says
        request: HttpRequest | None = None,  # noqa: ARG002 - as Dialect says
    ) -> Outcome:
        """A code on the list is a refusal under any status; else the status decides."""
        if isinstance(answer, NoAnswer):
            return Unknown(answer.why, answer.detail)
        said = self.mapping.answer
        try:
            members = read_decimals(answer.body)
        except NotStrict as doubt:
            return Unknown(doubt.why if answer.status in said.accepted else f"http_{answer.status}", doubt.detail)
        code = _at(members, said.code) if said.code else None
        if code is not None and code not in said.ok:
            return _refused(call, said, code, self._balance(members, call))
        if answer.status not in said.accepted:
            return Unknown(f"http_{answer.status}")
        balance = self._balance(members, call)
        if balance is None:
            return Unknown("bad_balance", f"{said.balance} is {ascii(_at(members, said.balance))[:60]}")
        currency = _at(members, said.currency) if said.currency else call.context.currency
        if currency != call.context.currency:
            return Unknown("wrong_currency", ascii(currency)[:60])
        reference = _at(members, said.reference) if said.reference else None
        return Accepted(balance, None if reference is None else str(reference)[:64])

    def answer(self, request: HttpRequest, call: WalletCall, outcome: Outcome, operator: Operator) -> HttpResponse:  # noqa: ARG002 - as OperatorHalf says
        """What a right answer looks like: for the diagnosis, which compares."""
        assert isinstance(outcome, Accepted), "only those are shown"
        said = self.mapping.answer
        members: dict[str, Any] = {}
        form = said.amounts or self.mapping.amounts
        _put(members, said.balance, _written(outcome.balance or 0, call.context.currency, form))
        if said.currency:
            _put(members, said.currency, call.context.currency)
        if said.reference and not isinstance(call, Balance):
            _put(members, said.reference, outcome.operator_reference)
        return HttpResponse(said.accepted[0], (("content-type", _JSON),), msgspec.json.encode(members))

    def _map(self, call: WalletCall) -> CallMap:
        calls = self.mapping.calls
        match call:
            case Balance():
                return calls.balance
            case Bet():
                return calls.bet
            case Win():
                return calls.win
            case Rollback():
                return calls.rollback
            case EndRound() | Prize() | Batch():
                raise ValueError(f"a mapping has no call for a {type(call).__name__}")

    def _values(self, call: WalletCall, operator: Operator, at: int) -> dict[str, Any]:
        who = call.context
        values: dict[str, Any] = {
            "player": who.player_id, "session": who.session_id, "game": who.game_id, "currency": who.currency,
            "token": who.operator_token, "id": self._id(call.id),
        }  # fmt: skip
        if not isinstance(call, Balance):
            values["round"] = self._id(call.round_id)
        if isinstance(call, Bet | Win) and call.campaign_id is not None:
            values["campaign"] = call.campaign_id
        if isinstance(call, Bet | Win | Rollback):
            values["amount"] = _written(call.amount, who.currency, self.mapping.amounts)
        if isinstance(call, Bet | Win):
            values["free"] = call.campaign_id is not None
        if isinstance(call, Bet):
            values |= {"expires": rfc3339(call.expires_at), "expires_s": str(call.expires_at // 1_000_000)}
        elif isinstance(call, Win | Rollback):
            values |= {"bet": self._id(call.bet_transaction_id), "closed": call.round_closed}
        return values | _times(at) | self.mapping.constants | {"secret": operator.wallet_secrets[0]}

    def _id(self, name: str) -> str:
        """The same for the same name, in the form that this API wants."""
        match self.mapping.ids:
            case "uuid":
                return str(uuid.uuid5(_NAMES, name))
            case "decimal":
                return str(int.from_bytes(hashlib.sha256(name.encode()).digest()[:7], "big"))
            case "text":
                return name

    def _known(self, request: HttpRequest, said: CallMap, operator: Operator, values: dict[str, Any]) -> dict[str, Any]:
        """All that may be signed, and the signature."""
        parts = urlsplit(request.url)
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        told = {n: one for n, one in _told(request).items() if "signature" not in names_in(said.fields.get(n))}
        plain = {n: in_text(one, self.mapping.booleans) for n, one in told.items() if not isinstance(one, dict | list)}
        known = values | {
            "body": request.body.decode("utf-8", "replace"), "path": path, "method": request.method,
            "sorted": "&".join(f"{name}={text}" for name, text in sorted(plain.items())),
        }  # fmt: skip
        if self.mapping.signature is not None:
            known["signature"] = self._signature(operator.wallet_secrets[0], known)
        return known

    def _with_headers(self, request: HttpRequest, known: dict[str, Any]) -> HttpRequest:
        texts = self._texts(known)
        own = {name.lower(): (name, filled(text + " ", texts)[:-1]) for name, text in self.mapping.headers.items()}
        kept = tuple(header for header in request.headers if header[0].lower() not in own)
        return msgspec.structs.replace(request, headers=kept + tuple(own.values()))

    def _texts(self, known: dict[str, Any]) -> dict[str, str]:
        return {name: in_text(value, self.mapping.booleans) for name, value in known.items()}

    def _signature(self, secret: str, known: dict[str, Any]) -> str:
        how = self.mapping.signature
        assert how is not None, "asked only where there is one"
        text = filled(how.text + " ", self._texts(known))[:-1].encode()
        key = key_bytes(how.key, secret)
        match how.made:
            case "hmac":
                made = hmac.digest(key, text, how.digest)
            case "key + text":
                made = hashlib.new(how.digest, key + text, usedforsecurity=False).digest()
            case "text + key":
                made = hashlib.new(how.digest, text + key, usedforsecurity=False).digest()
        match how.written:
            case "hex":
                return made.hex()
            case "HEX":
                return made.hex().upper()
            case "base64":
                return base64.b64encode(made).decode()

    def _balance(self, members: dict[str, Loose], call: WalletCall) -> int | None:
        found, form = _at(members, self.mapping.answer.balance), self.mapping.answer.amounts or self.mapping.amounts
        if isinstance(found, str) != form.endswith("text"):
            return None
        value = number(found)
        if value is None:
            return None
        if form.startswith("minor"):
            return int(value) if value == value.to_integral_value() else None
        digits = CURRENCIES[call.context.currency].exponent
        return nearest(value, Scale(digits, digits))


def key_bytes(form: str, secret: str) -> bytes:
    """ValueError when the secret is no such text."""
    match form:
        case "hex":
            return bytes.fromhex(secret)
        case "base64":
            return base64.b64decode(secret, validate=True)
        case _:
            return secret.encode()


def _told(request: HttpRequest) -> dict[str, Any]:
    """The fields of query and body; numbers as the text that they are. What cannot be read has none."""
    told: dict[str, Any] = dict(parse_qsl(urlsplit(request.url).query, keep_blank_values=True))
    if request.last_header("content-type") == FORM:
        return told | dict(parse_qsl(request.body.decode("utf-8", "replace"), keep_blank_values=True))
    try:
        found = json.loads(request.body or b"{}", parse_float=str, parse_int=str, parse_constant=str)
    except ValueError:
        return told
    return told | (found if isinstance(found, dict) else {})


def _overlay(template: Any, told: Any, values: dict[str, Any]) -> None:
    """What a field says now, under the name of its place."""
    if isinstance(template, dict):
        for name, inner in template.items():
            _overlay(inner, told.get(name) if isinstance(told, dict) else None, values)
    elif isinstance(template, str) and template[:1] == "{" and template[1:-1] in values:
        values[template[1:-1]] = told


def _replaced(request: HttpRequest, old: str, new: str) -> HttpRequest:
    """As it is, and as forms have it."""
    body, url = request.body, request.url
    for before, after in {(old, new), (quote_plus(old), quote_plus(new))}:
        body, url = body.replace(before.encode(), after.encode()), url.replace(before, after)
    return msgspec.structs.replace(request, body=body, url=url)


def _refused(call: WalletCall, said: AnswerMap, code: object, balance: int | None) -> Outcome:
    reason = next((name for name, codes in said.refusals.items() if code in codes), None)
    match reason:
        case None:
            return Unknown("unknown_code", ascii(code)[:80])
        case "transaction_conflict":
            return Conflict(reason)
        case "already_rolled_back" if isinstance(call, Rollback):
            return Accepted(balance)
        case _:
            return Declined(reason, str(code), balance)


def _written(amount: int, currency: str, form: str) -> Any:
    if form.startswith("minor"):
        return str(amount) if form.endswith("text") else amount
    digits = CURRENCIES[currency].exponent
    text = format(Decimal(amount).scaleb(-digits), "f")
    return text if form.endswith("text") else msgspec.Raw(text.encode())


def _times(at: int) -> dict[str, Any]:
    return {"time": str(at // 1_000_000), "time_ms": str(at // 1000)}


def _at(members: object, way: str) -> Any:
    for name in way.split("."):
        if not isinstance(members, dict) or name not in members:
            return None
        members = members[name]
    return members


def _put(members: dict[str, Any], way: str, value: object) -> None:
    *folders, last = way.split(".")
    for name in folders:
        members = members.setdefault(name, {})
    members[last] = value
