"""Mounts the facades of the dialects under ``/dialects/<name>/…``: bytes in, actions performed, bytes out.

Every call that names an operator of ours becomes an exchange, whether it was good or not.
"""

import hashlib
import logging
import re
from collections.abc import Mapping

import msgspec
from starlette.types import Message, Receive, Scope, Send

from croupier.api.actions.perform import perform
from croupier.api.bodies import read_body
from croupier.api.certificates import Certificates
from croupier.api.platform import Platform
from croupier.dialects import DIALECTS
from croupier.dialects.actions import Steps
from croupier.dialects.facade import Facade, FacadeRequest, NotAuthentic, WrongSignature, in_words
from croupier.domain.exchange import Exchange, HttpRequest, HttpResponse, Timing
from croupier.domain.ids import exchange_id
from croupier.domain.parties import Operator
from croupier.domain.refusal import Refused
from croupier.runtime.explanations import finding_of_refusal
from croupier.runtime.masks import OWN_HEADER, masked_headers, unmasked_signatures
from croupier.store.connect import AWAY
from croupier.store.groups import first_time
from croupier.store.records import Unavailable

BASE = "/dialects/"
ANSWER_KEPT = 65_536

log = logging.getLogger("croupier.dialects")


class DialectApi:
    """ASGI."""

    def __init__(self, platform: Platform, facades: Mapping[str, Facade], certificates: Certificates) -> None:
        self.platform = platform
        self.facades = facades
        self.certificates = certificates
        self._secrets = {name: _secret_fields(facade.secrets) for name, facade in facades.items()}
        self._secrets_but_signatures = {
            name: _secret_fields(tuple(field for field in facade.secrets if field != _signature_field(name)))
            for name, facade in facades.items()
        }
        self._logins: dict[tuple[str, str], str] = {}
        self._logins_of = -1

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        name, slash, rest = scope["path"].removeprefix(BASE).partition("/")
        facade = self.facades.get(name)
        if facade is None:
            text = b"There is no such API here.\n"
            await _send(send, HttpResponse(404, (("content-type", "text/plain"),), text))
            return
        at = self.platform.now()
        request = FacadeRequest(
            scope["method"],
            slash + rest,
            scope["query_string"].decode("latin-1"),
            tuple((key.decode("latin-1"), value.decode("latin-1")) for key, value in scope["headers"]),
            certificate=self.certificates.common_name(scope),
            base_url=self.platform.links.public + BASE + name,
        )
        operator, why, wrong, proved = None, "", False, False
        try:
            body = await read_body(scope, receive)
            request = msgspec.structs.replace(request, body=body)
            operator = await self._operator(name, facade.caller(request))
            if operator is None:
                raise NotAuthentic("This caller is not known here.")
            await self._prove(facade, request, operator, at)
            proved = True
            reply, why = await self._converse(facade, facade.converse(request, operator, at), operator)
            reply = facade.signed(request, operator, reply)
        except NotAuthentic as doubt:
            why, wrong = "unauthenticated", isinstance(doubt, WrongSignature)
            reply = facade.refuse(request, Refused(why, doubt.why))
        except Refused as refused:
            why = refused.code
            reply = facade.refuse(request, refused)
            reply = reply if operator is None else facade.signed(request, operator, reply)
        except (Unavailable, *AWAY) as error:
            why = "busy"
            log.warning("%s %s: %s", request.method, scope["path"], error)
            reply = facade.refuse(request, Refused(why))
        except Exception:
            why = "internal_error"
            log.exception("a call failed: %s %s", request.method, scope["path"])
            reply = facade.refuse(request, Refused(why))
        logged_as = exchange_id(at, self.platform.world.ids.random(7)) if operator is not None else ""
        reply = _explained(reply, why, logged_as, proved=proved)
        await _send(send, reply)
        if operator is not None:
            self._log(name, request, operator, reply, logged_as, at=at, why=why, wrong=wrong)

    async def _operator(self, name: str, login: str | None) -> Operator | None:
        """Whose login this is; one that was added a moment ago is found as well."""
        if login is None:
            return None
        operator = self._known(name, login)
        if operator is None:
            await self.platform.directory.look_again()
            operator = self._known(name, login)
        return operator

    def _known(self, name: str, login: str) -> Operator | None:
        settings = self.platform.directory.settings
        if settings.version != self._logins_of:
            self._logins = {
                (one.dialect, self.facades[one.dialect].login(one)): one.operator_id
                for one in settings.operators.values()
                if one.dialect in self.facades
            }
            self._logins_of = settings.version
        operator_id = self._logins.get((name, login))
        return settings.operators.get(operator_id) if operator_id is not None else None

    async def _prove(self, facade: Facade, request: FacadeRequest, operator: Operator, at: int) -> None:
        once = facade.authenticate(request, operator, at)
        if once is not None and not await first_time(
            self.platform.pool, hashlib.sha256(operator.operator_id.encode() + b"\0" + once.key).digest(), once.until
        ):
            raise NotAuthentic("This very call was made before.")

    async def _converse(
        self, facade: Facade, course: Steps[HttpResponse], operator: Operator
    ) -> tuple[HttpResponse, str]:
        """The reply, and the code of what was refused on the way: some APIs tell it with status 200."""
        why = ""
        try:
            action = next(course)
            while True:
                try:
                    result = await perform(self.platform, operator, action)
                except Refused as refused:
                    why = refused.code
                    action = course.throw(in_words(refused, facade.words))
                else:
                    action = course.send(result)
        except StopIteration as end:
            reply: HttpResponse = end.value
            return reply, why

    def _log(
        self,
        name: str,
        request: FacadeRequest,
        operator: Operator,
        reply: HttpResponse,
        logged_as: str,
        *,
        at: int,
        why: str,
        wrong: bool,
    ) -> None:
        """`wrong`: the signature did not fit, so it is kept for the explanation."""
        secret = (self._secrets_but_signatures if wrong else self._secrets)[name]
        query = f"?{request.query}" if request.query else ""
        url = secret.sub(r"\1***", request.base_url + request.path + query)
        took = Timing(total_us=self.platform.now() - at)
        own = operator.settings.get(OWN_HEADER)
        headers = masked_headers(request.headers, own)
        if wrong:
            headers = unmasked_signatures(headers, request.headers, own)
        kept = _without(secret, reply.body[:ANSWER_KEPT])
        self.platform.exchanges.add(
            Exchange(
                exchange_id=logged_as,
                operator_id=operator.operator_id,
                direction="in",
                at=at,
                request=HttpRequest(request.method, url, headers, _without(secret, request.body)),
                answer=HttpResponse(reply.status, masked_headers(reply.headers, own), kept, took),
                verdict="error" if _failed(reply, why) else "ok",
                why=why,
                call=name,
            )
        )


def _failed(reply: HttpResponse, why: str) -> bool:
    return bool(why) or reply.status >= 400


def _explained(reply: HttpResponse, why: str, logged_as: str, *, proved: bool) -> HttpResponse:
    """A failure says in headers what our own API says in its problems: these APIs have no place for it in their bodies.

    Why it failed is for callers that have proved who they are; the page behind the log's address asks for a login.
    """
    if not _failed(reply, why):
        return reply
    told = {
        "X-Croupier-Code": why,
        "X-Croupier-Finding": finding_of_refusal(why, reply.status) if proved else "",
        "X-Croupier-Log": f"/account/exchanges/{logged_as}" if logged_as else "",
    }
    added = tuple((name, value) for name, value in told.items() if value)
    return msgspec.structs.replace(reply, headers=(*reply.headers, *added))


def _signature_field(name: str) -> str:
    return DIALECTS[name].abilities.signature_field


def _secret_fields(names: tuple[str, ...]) -> re.Pattern[str]:
    """A value of one of these fields, in JSON, in a form or in an address, however its name is written; tokens of our
    own always.
    """
    fields = "|".join(map(re.escape, ("token", *names)))
    # A text of JSON ends at its quotation mark only, whatever stands in it.
    return re.compile(rf'(\b(?:{fields})=)[^"&\s]+|("(?:{fields})"\s*:\s*")(?:[^"\\]|\\.)+', re.IGNORECASE)


_MASKED = r"\1\2***"


def _without(secret: re.Pattern[str], body: bytes) -> bytes:
    # Latin-1 keeps every byte as it is.
    return secret.sub(_MASKED, body.decode("latin-1")).encode("latin-1")


async def _send(send: Send, reply: HttpResponse) -> None:
    headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in reply.headers]
    if reply.status != 204:
        headers.append((b"content-length", b"%d" % len(reply.body)))
    start: Message = {"type": "http.response.start", "status": reply.status, "headers": headers}
    await send(start)
    await send({"type": "http.response.body", "body": reply.body})
