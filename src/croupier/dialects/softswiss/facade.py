"""The casino's calls to us, as both APIs have them: signed JSON, POST, one path for each call."""

from collections.abc import Callable, Mapping

import msgspec

from croupier.dialects.actions import Steps
from croupier.dialects.facade import FacadeRequest, NotAuthentic, Once, WrongSignature
from croupier.dialects.softswiss import codes, launch
from croupier.dialects.softswiss.launch import Asked, Result, SoftswissError
from croupier.dialects.softswiss.signature import HEADER, proves
from croupier.domain.exchange import HttpResponse
from croupier.domain.parties import Operator
from croupier.domain.refusal import Refused

JSON = (("content-type", "application/json"), ("cache-control", "no-store"))

_HTTP = {"method_not_allowed": 405, "body_too_large": 413}
_encode = msgspec.json.Encoder().encode


class SoftswissFacade:
    """`calls`: by path. `failed`: an error in the API's own shape; on the HTTP status that it is given, else on the
    one that the error's code has there.
    """

    secrets: tuple[str, ...] = launch.SECRETS
    words: Mapping[str, str] = {"ends_at": "valid_until"}

    def __init__(
        self,
        calls: Mapping[str, Callable[[Asked], Steps[Result]]],
        failed: Callable[[SoftswissError, int | None], HttpResponse],
    ) -> None:
        self.calls = calls
        self.failed = failed

    def login(self, operator: Operator) -> str:
        return operator.operator_id

    def caller(self, request: FacadeRequest) -> str | None:
        return launch.casino_of(request.body)

    def authenticate(self, request: FacadeRequest, operator: Operator, at: int) -> Once | None:  # noqa: ARG002 - as Facade says
        """Nothing that is signed tells one call from its repeat: these APIs have no nonce and no time."""
        given = request.last_header(HEADER)
        if given is None:
            raise NotAuthentic(f"The header {HEADER} is missing.")
        if not proves(given, operator.wallet_secrets, request.body):
            raise WrongSignature(f"{HEADER} is wrong: HMAC-SHA256 of the body's own bytes with the token, in hex.")
        return None

    def converse(self, request: FacadeRequest, operator: Operator, at: int) -> Steps[HttpResponse]:
        if request.method != "POST":
            raise Refused("method_not_allowed", "POST only.")
        path = request.path.rstrip("/")
        call = self.calls.get(path)
        try:
            if call is None:
                raise SoftswissError(codes.NOT_FOUND, f"There is no {path[:80] or '/'} here.")
            answer = yield from call(Asked(operator, at, request.body))
        except SoftswissError as error:
            return self.failed(error, None)
        except Refused as refused:
            return self.failed(launch.told(refused), None)
        return HttpResponse(200, JSON, _encode(answer))

    def refuse(self, request: FacadeRequest, refused: Refused) -> HttpResponse:
        if refused.code == "unauthenticated":
            try:
                launch.read(request.body)
            except SoftswissError as error:
                return self.failed(error, None)
        return self.told(refused)

    def told(self, refused: Refused) -> HttpResponse:
        return self.failed(launch.told(refused), _HTTP.get(refused.code))

    def signed(self, request: FacadeRequest, operator: Operator, reply: HttpResponse) -> HttpResponse:  # noqa: ARG002 - as Facade says
        """Replies are not signed."""
        return reply
