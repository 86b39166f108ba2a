"""A mapping spoken: wallet call -> signed bytes, answer -> Outcome, as every dialect does."""

import base64
import hashlib
import hmac
import uuid
from decimal import Decimal
from typing import Any
from urllib.parse import quote, urlsplit

import msgspec

from croupier.dialects.amounts import Scale
from croupier.dialects.decimals import nearest, number
from croupier.dialects.mapped.mapping import AnswerMap, CallMap, Mapping, filled
from croupier.dialects.strict_json import Loose, NotStrict, read_decimals
from croupier.domain.exchange import HttpRequest, HttpResponse, NoAnswer
from croupier.domain.instants import rfc3339
from croupier.domain.money import CURRENCIES
from croupier.domain.parties import Operator
from croupier.wallet.calls import Balance, Batch, Bet, EndRound, Prize, Rollback, WalletCall, Win
from croupier.wallet.dialect import Abilities
from croupier.wallet.outcome import Accepted, Conflict, Declined, Outcome, Unknown

_NAMES = uuid.UUID("6f1d6c52-6a55-4c0c-8d1f-2f6b5d8f7a10")
_JSON = (("accept", "application/json"), ("content-type", "application/json"))


class Mapped:
    def __init__(self, mapping: Mapping) -> None:
        self.mapping = mapping
        self.name = mapping.name
        self.abilities = Abilities(key="text", timeout_ms=mapping.timeout_ms)

    def request(self, call: WalletCall, operator: Operator, at: int, attempt: int = 1) -> HttpRequest:  # noqa: ARG002 - as Dialect says
        said, values = self._map(call), self._values(call, at)
        in_path = {name: quote(str(value), safe="") for name, value in values.items() if value is not None}
        path = filled(said.path + " ", in_path).strip()
        body = b"" if said.body is None else msgspec.json.encode(filled(said.body, values))
        url = operator.wallet_url.rstrip("/") + path
        bare = HttpRequest(said.method, url, _JSON, body, operator.timeout_ms)
        return self._with_headers(bare, operator, values)

    def step(self, currency: str, operator: Operator) -> int:  # noqa: ARG002 - as Dialect says
        return 1

    def signed_again(self, request: HttpRequest, operator: Operator, at: int, body: bytes) -> HttpRequest:
        """Another body under a right signature; what the headers alone say is kept."""
        values: dict[str, Any] = _times(at) | self.mapping.constants
        for name, template in self.mapping.headers.items():
            if template.startswith("{") and template.endswith("}") and template[1:-1] not in values:
                values[template[1:-1]] = request.last_header(name)
        return self._with_headers(msgspec.structs.replace(request, body=body), operator, values)

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
        return HttpResponse(said.accepted[0], _JSON[1:], msgspec.json.encode(members))

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

    def _values(self, call: WalletCall, at: int) -> dict[str, Any]:
        who = call.context
        values: dict[str, Any] = {
            "player": who.player_id, "session": who.session_id, "game": who.game_id, "currency": who.currency,
            "token": who.operator_token, "id": self._id(call.id),
        }  # fmt: skip
        if not isinstance(call, Balance):
            values["round"] = self._id(call.round_id)
        if isinstance(call, Bet | Win | Rollback):
            values["amount"] = _written(call.amount, who.currency, self.mapping.amounts)
        if isinstance(call, Bet):
            values |= {"expires": rfc3339(call.expires_at), "expires_s": str(call.expires_at // 1_000_000)}
        elif isinstance(call, Win | Rollback):
            values |= {"bet": self._id(call.bet_transaction_id), "closed": call.round_closed}
        return values | _times(at) | self.mapping.constants

    def _id(self, name: str) -> str:
        """The same for the same name, in the form that this API wants."""
        match self.mapping.ids:
            case "uuid":
                return str(uuid.uuid5(_NAMES, name))
            case "decimal":
                return str(int.from_bytes(hashlib.sha256(name.encode()).digest()[:7], "big"))
            case "text":
                return name

    def _with_headers(self, request: HttpRequest, operator: Operator, values: dict[str, Any]) -> HttpRequest:
        parts = urlsplit(request.url)
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        known = values | {"body": request.body.decode("utf-8", "replace"), "path": path, "method": request.method}
        if self.mapping.signature is not None:
            known["signature"] = self._signature(operator.wallet_secrets[0], known)
        own = {name.lower(): (name, filled(text + " ", known)[:-1]) for name, text in self.mapping.headers.items()}
        kept = tuple(header for header in request.headers if header[0].lower() not in own)
        return msgspec.structs.replace(request, headers=kept + tuple(own.values()))

    def _signature(self, secret: str, known: dict[str, Any]) -> str:
        how = self.mapping.signature
        assert how is not None, "asked only where there is one"
        text = filled(how.text + " ", known)[:-1].encode()
        key = {"text": str.encode, "hex": bytes.fromhex, "base64": base64.b64decode}[how.key](secret)
        match how.made:
            case "hmac":
                made = hmac.digest(key, text, how.digest)
            case "key + text":
                made = hashlib.new(how.digest, key + text, usedforsecurity=False).digest()
            case "text + key":
                made = hashlib.new(how.digest, text + key, usedforsecurity=False).digest()
        return made.hex() if how.written == "hex" else base64.b64encode(made).decode()

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
