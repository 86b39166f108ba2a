"""Who calls: an operator's server by its API key, or one of its people by the account's cookie.

The operator always comes from the credential. No address and no body names it, so nobody can name another one.
"""

import hmac
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request, Security
from fastapi.security import APIKeyCookie, HTTPAuthorizationCredentials, HTTPBearer

from croupier.api.operator.roles import PEOPLE_ONLY, act_of, may
from croupier.api.platform import Platform
from croupier.domain.parties import Operator
from croupier.domain.refusal import Refused
from croupier.store.accounts import SignedIn, signed_in
from croupier.store.audit import Actor

BASE = "/api/v1"
COOKIE = "croupier_account"
CSRF_HEADER = "x-croupier-csrf"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

bearer = HTTPBearer(auto_error=False, scheme_name="ApiKey", description="`sk_test_…` or `sk_live_…`")
cookie = APIKeyCookie(name=COOKIE, auto_error=False, scheme_name="Account", description="Sign-in of the online account")


@dataclass(frozen=True, slots=True)
class Caller:
    operator: Operator
    person: SignedIn | None = None

    @property
    def operator_id(self) -> str:
        return self.operator.operator_id


def platform_of(request: Request) -> Platform:
    platform: Platform = request.app.state.platform
    return platform


ThePlatform = Annotated[Platform, Depends(platform_of)]


async def caller_of(
    request: Request,
    platform: ThePlatform,
    key: Annotated[HTTPAuthorizationCredentials | None, Security(bearer)],
    token: Annotated[str | None, Security(cookie)],
) -> Caller:
    """Refused ``unauthenticated``, ``forbidden``, ``person_needed``, and for changes ``csrf_failed``."""
    act = act_of(request.method, request.scope["route"].path.removeprefix(BASE))
    given = request.headers.getlist("authorization")
    if len(given) > 1:
        raise Refused("unauthenticated", "Send the header Authorization once.")
    if given:
        operator = await platform.directory.by_key(key.credentials) if key is not None else None
        if operator is None:
            raise Refused("unauthenticated", "This API key is not known, or it was revoked.")
        request.state.operator_id = operator.operator_id
        if act in PEOPLE_ONLY:
            raise Refused("person_needed")
        return Caller(operator)
    person = await person_of(platform, token)
    if request.method not in SAFE_METHODS:
        check_csrf(request, person)
    if not may(person.user.role, act):
        raise Refused("forbidden", f"The role {person.user.role} may not do this.")
    return Caller(await platform.directory.find(person.user.operator_id), person)


async def person_of(platform: Platform, token: str | None) -> SignedIn:
    """Refused ``unauthenticated`` without a good cookie."""
    person = await signed_in(platform.pool, token, platform.now()) if token else None
    if person is None:
        raise Refused("unauthenticated", "Send Authorization: Bearer with an API key, or sign in.")
    return person


def check_csrf(request: Request, person: SignedIn) -> None:
    given = request.headers.get(CSRF_HEADER, "")
    if not hmac.compare_digest(given.encode("latin-1"), person.csrf.encode()):
        raise Refused("csrf_failed")


def actor_of(caller: Caller) -> Actor:
    """As the audit log names whoever calls."""
    if caller.person is None:
        return Actor("api_key", "operator")
    return Actor(caller.person.user.user_id, caller.person.user.role)


TheCaller = Annotated[Caller, Depends(caller_of)]
