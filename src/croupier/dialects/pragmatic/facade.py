"""The operator's calls to us: form posts below ``/IntegrationService/v3/http``, each with a `hash`."""

from collections.abc import Mapping
from typing import Any

from croupier.dialects import forms
from croupier.dialects.actions import Steps
from croupier.dialects.facade import FacadeRequest, NotAuthentic, Once, WrongSignature
from croupier.dialects.pragmatic import feeds, signature
from croupier.dialects.pragmatic.asked import Asked, wrong
from croupier.dialects.pragmatic.methods import ASKED_BY_GET, ENDPOINTS
from croupier.dialects.pragmatic.names import provider_of
from croupier.dialects.pragmatic.replies import refusal
from croupier.domain.exchange import HttpResponse
from croupier.domain.parties import Operator
from croupier.domain.refusal import Refused

BASE = "/IntegrationService/v3"


class PragmaticFacade:
    """Its calls carry no time and no nonce: whoever sees one can repeat it, so their hashes are never kept."""

    secrets: tuple[str, ...] = ("hash", "password")
    words: Mapping[str, str] = {"starts_at": "startDate", "ends_at": "expirationDate"}

    def login(self, operator: Operator) -> str:
        return operator.operator_id

    def caller(self, request: FacadeRequest) -> str | None:
        return _fields(request).get("login" if _is_feed(request) else "secureLogin")

    def authenticate(self, request: FacadeRequest, operator: Operator, at: int) -> Once | None:  # noqa: ARG002 - as Facade says
        fields = _fields(request)
        if _is_feed(request):
            if not feeds.may_read(fields.get("password", ""), operator):
                raise NotAuthentic("login and password do not belong together; the password is your secret key.")
            return None
        if not fields.get(signature.FIELD):
            raise NotAuthentic("The field hash is missing.")
        if not signature.proves(_signed(request), operator.wallet_secrets):
            told = signature.string_to_sign(fields.items())
            raise WrongSignature(f"hash is wrong. It must be the MD5 of this text and the secret key: {told[:500]}")
        return None

    def converse(self, request: FacadeRequest, operator: Operator, at: int) -> Steps[HttpResponse]:
        if _is_feed(request):
            if request.method != "GET":
                raise Refused("method_not_allowed", "GET only.")
            feed = yield from feeds.finished(forms.Fields(_fields(request).items(), wrong), at)
            return feed
        path = request.path.rstrip("/")
        name = path.removeprefix(f"{BASE}/http")
        endpoint = ENDPOINTS.get(name) if path.startswith(BASE) else None
        if endpoint is None:
            raise Refused("not_found", f"There is no {path[:120] or '/'} here.")
        if request.method != "POST" and not (request.method == "GET" and name in ASKED_BY_GET):
            raise Refused("method_not_allowed", "POST only.")
        fields = forms.Fields(_fields(request).items(), wrong)
        answer = yield from endpoint(Asked(operator, fields, b"" if _is_form(request) else request.body, at))
        return answer

    def refuse(self, request: FacadeRequest, refused: Refused) -> HttpResponse:
        return feeds.refusal(refused) if _is_feed(request) else refusal(refused)

    def signed(self, request: FacadeRequest, operator: Operator, reply: HttpResponse) -> HttpResponse:  # noqa: ARG002 - its replies are not signed
        return reply

    def handover(self, operator: Operator, base_url: str) -> dict[str, Any]:
        login, secret = operator.operator_id, operator.wallet_secrets[0]
        api = f"{base_url}/dialects/pragmatic{BASE}"
        form = forms.encoded(signature.with_hash(secret, [("secureLogin", login)]))
        return {
            "api_url": api,
            "secure_login": login,
            "secret_key": secret,
            "provider_id": provider_of(operator),
            "data_feed": f"{api}{feeds.PATH}/?login={login}&password=SECRET_KEY&timepoint=MILLISECONDS",
            "wallet_methods": f"{operator.wallet_url.rstrip('/')}/<method>.html",
            "first_request": f"curl -s -d '{form}' {api}/http/CasinoGameAPI/getCasinoGames/",
        }


def _is_feed(request: FacadeRequest) -> bool:
    return request.path.rstrip("/") == f"{BASE}{feeds.PATH}"


def _is_form(request: FacadeRequest) -> bool:
    return not (request.last_header("content-type") or "").lower().startswith("application/json")


def _signed(request: FacadeRequest) -> bytes | str:
    """The form, or beside a JSON body the query."""
    return request.body if request.body and _is_form(request) else request.query


def _fields(request: FacadeRequest) -> dict[str, str]:
    try:
        return dict(forms.read(_signed(request)))
    except forms.NotAForm:
        return {}
