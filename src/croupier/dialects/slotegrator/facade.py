"""The operator's calls to us: GET queries and POST forms below one base address, signed, answered in JSON."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote_plus

from croupier.dialects import forms
from croupier.dialects.actions import Steps
from croupier.dialects.facade import FacadeRequest, NotAuthentic, Once, WrongSignature
from croupier.dialects.slotegrator import signature
from croupier.dialects.slotegrator.methods import ENDPOINTS, Asked, wrong
from croupier.dialects.slotegrator.replies import refusal
from croupier.domain.exchange import HttpResponse
from croupier.domain.parties import Operator
from croupier.domain.refusal import Refused

REPLAY_US = 2 * signature.TOLERANCE_S * 1_000_000
"""How long a call is remembered: for as long as its timestamp can be good."""


class SlotegratorFacade:
    secrets: tuple[str, ...] = ("email",)
    words: Mapping[str, str] = {"starts_at": "valid_from", "ends_at": "valid_until"}

    def login(self, operator: Operator) -> str:
        return operator.operator_id

    def caller(self, request: FacadeRequest) -> str | None:
        return request.last_header(signature.MERCHANT)

    def authenticate(self, request: FacadeRequest, operator: Operator, at: int) -> Once | None:
        kind = (request.last_header("content-type") or "").partition(";")[0].strip().lower()
        if request.method == "POST" and request.body and kind not in ("", forms.TYPE):
            raise Refused("unsupported_media_type", f"Send {forms.TYPE}, not {kind[:80]}.")
        keys = operator.wallet_secrets
        doubt = signature.doubt(request.last_header, _parameters(request), operator.operator_id, keys, at)
        if doubt is not None:
            raise (WrongSignature if doubt.startswith(signature.WRONG) else NotAuthentic)(doubt)
        # The signature covers nonce and time, not the address: the same one must not do for another endpoint either.
        return Once((request.last_header(signature.SIGN) or "").lower().encode(), at + REPLAY_US)

    def converse(self, request: FacadeRequest, operator: Operator, at: int) -> Steps[HttpResponse]:
        path = request.path.rstrip("/")
        method, endpoint = ENDPOINTS.get(path, ("", None))
        if endpoint is None:
            raise Refused("not_found", f"There is no {path[:80] or '/'} here.")
        if request.method != method:
            raise Refused("method_not_allowed", f"{method} only.")
        fields = forms.Fields(forms.read(_parameters(request)), wrong)
        answer = yield from endpoint(Asked(operator, fields, at, request.base_url + path))
        return answer

    def refuse(self, request: FacadeRequest, refused: Refused) -> HttpResponse:  # noqa: ARG002 - as Facade says
        return refusal(refused)

    def signed(self, request: FacadeRequest, operator: Operator, reply: HttpResponse) -> HttpResponse:  # noqa: ARG002 - its replies are not signed
        return reply

    def handover(self, operator: Operator, base_url: str) -> dict[str, Any]:
        merchant, key = operator.operator_id, operator.wallet_secrets[0]
        base = f"{base_url}/dialects/slotegrator"
        # Signed anew each time it is run, as a call is good for seconds only.
        sign = (
            f"t=$(date +%s) n=$(openssl rand -hex 16); s=$(printf "
            f"'X-Merchant-Id={quote_plus(merchant).replace('%', '%%')}&X-Nonce=%s&X-Timestamp=%s' $n $t"
            f" | openssl dgst -sha1 -hmac '{key}' | sed 's/.* //');"
        )
        named = f"-H 'X-Merchant-Id: {merchant}' -H X-Timestamp:$t -H X-Nonce:$n -H X-Sign:$s"
        return {
            "base_url": base,
            "merchant_id": merchant,
            "merchant_key": key,
            "callback_url": operator.wallet_url,
            "first_request": f"{sign} curl -s {named} {base}/games",
        }


def _parameters(request: FacadeRequest) -> bytes | str:
    return request.query if request.method == "GET" else request.body
