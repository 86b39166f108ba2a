"""Operator API v1: JSON-RPC 2.0 at one address for signed calls and one for client certificates."""

from collections.abc import Mapping
from typing import Any

import msgspec

from croupier.dialects.actions import Steps
from croupier.dialects.facade import FacadeRequest, NotAuthentic, Once, WrongSignature
from croupier.dialects.mascot import signature
from croupier.dialects.mascot.methods import METHODS, NOT_SERVED, Asked, Params, RpcError, plain
from croupier.dialects.mascot.names import subject_of
from croupier.dialects.strict_json import NotStrict, read_decimals
from croupier.domain.exchange import HttpResponse
from croupier.domain.parties import Operator
from croupier.domain.refusal import Refused

MTLS_PATH, SIGNED_PATH = "/v1", "/v1/signed"
BATCH_MAX = 20
REPLAY_US = 2 * signature.TOLERANCE_S * 1_000_000
"""How long a signed call is remembered: for as long as its timestamp can be good."""

_JSON = (("content-type", "application/json"), ("cache-control", "no-store"))
_TEXT = (("content-type", "text/plain; charset=utf-8"),)
_STATUS = {"unauthenticated": 401, "not_found": 404, "method_not_allowed": 405, "body_too_large": 413}
_FIRST = (
    """B='{{"jsonrpc":"2.0","method":"Game.List","id":1}}' N=$(date +%s)1 T=$(date +%s); """
    """S=$( (perl -e 'print pack "Q>N", @ARGV' $N $T; printf %s "$B") | """
    """openssl dgst -sha256 -hmac '{key}' | sed 's/.* //'); """
    """curl -s {url} -H 'Content-Type: application/json' -H 'X-Subject: {subject}' -H "X-Nonce: $N" """
    """-H "X-Timestamp: $T" -H "X-Signature: {key_id}=$S" -d "$B\""""
)
"""For a shell: signs itself, and may be sent once a second."""
_encode = msgspec.json.Encoder().encode
_members = msgspec.json.Decoder(dict[str, msgspec.Raw])


class MascotFacade:
    """Errors of calls travel on HTTP 200, because the usual client hides what stands below any other status."""

    secrets: tuple[str, ...] = ("AlternativeId",)
    words: Mapping[str, str] = {"start_balance": "StartBalance"}

    def login(self, operator: Operator) -> str:
        return subject_of(operator)

    def caller(self, request: FacadeRequest) -> str | None:
        path = request.path.rstrip("/")
        if path == SIGNED_PATH:
            signed = signature.read(request.last_header)
            return signed.subject if signed is not None else None
        if path == MTLS_PATH and request.certificate is not None:
            # casino7, as older documents have it, or casino:7.
            name = request.certificate.removeprefix("casino").removeprefix(":")
            return f"casino:{name}" if name != request.certificate else None
        return None

    def authenticate(self, request: FacadeRequest, operator: Operator, at: int) -> Once | None:
        if request.path.rstrip("/") == MTLS_PATH:
            if operator.settings.get("client_certificate") == "off":
                raise NotAuthentic("Calls with client certificates are switched off: sign them.")
            return None  # TLS has done it, and a connection cannot be replayed
        signed = signature.read(request.last_header)
        if signed is None or signed.subject != subject_of(operator):
            raise NotAuthentic("The call is not signed.")
        if abs(signed.timestamp - at // 1_000_000) > signature.TOLERANCE_S:
            raise NotAuthentic("X-Timestamp is more than 10 minutes off: set the clock.")
        if not signature.proves(signed, operator.wallet_secrets, request.body):
            raise WrongSignature("X-Signature is wrong: sign nonce, timestamp and the body's own bytes.")
        # Clients choose the same nonces again, so only the very same call is a replay.
        made = f"{signed.key_id}/{signed.nonce}/{signed.timestamp}/{signed.digest}"
        return Once(made.encode(), at + REPLAY_US)

    def converse(self, request: FacadeRequest, operator: Operator, at: int) -> Steps[HttpResponse]:
        if request.method != "POST":
            raise Refused("method_not_allowed", "POST only.")
        if request.body.lstrip()[:1] != b"[":
            answer = yield from _answer(request.body, operator, at, alone=True)
            return HttpResponse(200, _JSON, answer) if answer else HttpResponse(204, (), b"")
        try:
            batch = msgspec.json.decode(request.body, type=list[msgspec.Raw])
        except (ValueError, RecursionError):
            raise RpcError(-32700, "The body is not JSON.") from None
        if not 1 <= len(batch) <= BATCH_MAX:
            raise RpcError(-32600, f"A batch has 1-{BATCH_MAX} calls.")
        answers = []
        for one in batch:
            answer = yield from _answer(bytes(one), operator, at)
            answers += [answer] if answer else []
        return HttpResponse(200, _JSON, b"[" + b",".join(answers) + b"]") if answers else HttpResponse(204, (), b"")

    def refuse(self, request: FacadeRequest, refused: Refused) -> HttpResponse:
        status = _STATUS.get(refused.code)
        if status is not None:
            return HttpResponse(status, _TEXT, (refused.detail or refused.code).encode()[:500])
        error = refused if isinstance(refused, RpcError) else plain(refused)
        return HttpResponse(200, _JSON, _failed(_id(request.body), error))

    def signed(self, request: FacadeRequest, operator: Operator, reply: HttpResponse) -> HttpResponse:
        """With the nonce and the time of the call, over the reply's own body."""
        asked = signature.read(request.last_header) if request.path.rstrip("/") == SIGNED_PATH else None
        key = next((k for k in operator.wallet_secrets if asked and signature.key_id(k) == asked.key_id), None)
        if asked is None or key is None:
            return reply
        made = signature.headers(key, asked.subject, asked.nonce, asked.timestamp, reply.body)
        return msgspec.structs.replace(reply, headers=reply.headers + made)

    def handover(self, operator: Operator, base_url: str) -> dict[str, Any]:
        key, subject = operator.wallet_secrets[0], subject_of(operator)
        signed_url = f"{base_url}/dialects/mascot{SIGNED_PATH}/"
        told = {
            "subject": subject,
            "key_id": signature.key_id(key),
            "key": key,
            "signed_url": signed_url,
            "mtls_url": f"{base_url}/dialects/mascot{MTLS_PATH}/",
            "certificate_cn": f"casino{operator.number}",
            "certificate_step": f"croupier operator certificate {operator.operator_id} --csr FILE",
            "callback_address": operator.wallet_url,
            "first_request": _FIRST.format(key=key, key_id=signature.key_id(key), subject=subject, url=signed_url),
        }
        for callback in operator.callback_secrets[:1]:
            told |= {"callback_key_id": signature.key_id(callback), "callback_key": callback}
        return told


def _answer(body: bytes, operator: Operator, at: int, *, alone: bool = False) -> Steps[bytes]:
    """The answer to one call; empty for one without an `id`, which wants none. `alone`: RpcError is raised."""
    call_id = b"null"
    try:
        members = _read(body)
        call_id = bytes(members.get("id", b""))
        result = yield from _called(members, operator, at)
    except RpcError as error:
        if alone and call_id:
            raise
        return _failed(call_id, error) if call_id else b""
    return b'{"jsonrpc":"2.0","id":%b,"result":%b}' % (call_id, _encode(result)) if call_id else b""


def _called(members: dict[str, msgspec.Raw], operator: Operator, at: int) -> Steps[object]:
    name = _text(members.get("method"))
    method = METHODS.get(name)
    if method is None:
        told = f"{name} {NOT_SERVED[name]}" if name in NOT_SERVED else f"There is no method {name!r} here."
        raise RpcError(-32601, told)
    asked = Asked(operator, at)
    try:
        result: object = yield from method(asked, Params(_params(members.get("params"))))
    except RpcError:
        raise
    except Refused as refused:
        raise plain(refused) from None
    return result


def _read(body: bytes) -> dict[str, msgspec.Raw]:
    try:
        body.decode()  # what is passed over, and sent back as it is, is not looked at by the decoder
        return _members.decode(body)
    except msgspec.ValidationError:
        raise RpcError(-32600, "A call is an object with method, id and params.") from None
    except (ValueError, RecursionError):
        raise RpcError(-32700, "The body is not JSON.") from None


def _text(raw: msgspec.Raw | None) -> str:
    try:
        return msgspec.json.decode(raw or b"", type=str)
    except (ValueError, RecursionError):
        raise RpcError(-32600, "method must be a text.") from None


def _params(raw: msgspec.Raw | None) -> dict[str, Any]:
    """Absent, null, {} and [] alike: some languages cannot tell an empty object from an empty list."""
    text = bytes(raw or b"null").strip()
    if text == b"null" or (text[:1] == b"[" and not text[1:-1].strip()):
        return {}
    try:
        return dict(read_decimals(text))
    except NotStrict as error:
        raise RpcError(-32602, f"params must be an object with names: {error.why}.") from None


def _id(body: bytes) -> bytes:
    try:
        return bytes(_read(body).get("id", b"null"))
    except RpcError:
        return b"null"


def _failed(call_id: bytes, error: RpcError) -> bytes:
    told = _encode({"code": error.number, "message": error.message})
    return b'{"jsonrpc":"2.0","id":%b,"error":%b}' % (call_id or b"null", told)
