"""Signing in to the online account: a cookie that scripts cannot read, and a value that only our pages can."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Request, Security
from pydantic import Field, SecretStr
from starlette.responses import Response

from croupier.api.account.attempts import Attempts
from croupier.api.fields import Email, Strict, View
from croupier.api.operator.caller import COOKIE, ThePlatform, check_csrf, cookie, person_of
from croupier.api.operator.roles import ROLES, may
from croupier.domain.money import CURRENCIES
from croupier.domain.refusal import Refused
from croupier.store.accounts import LIFE_US, password_of, sign_in, sign_out, verify

router = APIRouter()
attempts = Attempts()


class LoginBody(Strict):
    email: Email
    password: Annotated[SecretStr, Field(min_length=1, max_length=256)]


class LoginView(View):
    email: str
    operator_id: str
    role: str


class MeView(LoginView):
    test: bool
    players_url: str | None
    """Where the demo's casino makes players for a check of its wallet."""
    currencies: list[str]
    exponents: dict[str, int]
    acts: list[str]
    csrf: str


Cookie = Annotated[str | None, Security(cookie)]


@router.post("/login", summary="Sign in", response_model=LoginView)
async def login(body: LoginBody, request: Request, platform: ThePlatform) -> Response:
    """The answer is the same, and takes as long, for an unknown account and for a wrong password."""
    address = request.client.host if request.client else ""
    account = "account:" + body.email.lower()
    who = (account, f"address:{address}")
    attempts.check(who, platform.now())
    user, stored = await password_of(platform.pool, body.email)
    good = await asyncio.to_thread(verify, stored, body.password.get_secret_value())
    if user is None or not good:
        attempts.failed(who, platform.now())
        raise Refused("login_failed")
    attempts.succeeded(account)
    token = await sign_in(platform.pool, user, platform.now())
    view = LoginView(email=user.email, operator_id=user.operator_id, role=user.role)
    response = Response(view.model_dump_json(), media_type="application/json")
    response.set_cookie(
        COOKIE,
        token,
        max_age=LIFE_US // 1_000_000,
        path="/",
        secure=platform.links.public.startswith("https://"),
        httponly=True,
        samesite="lax",
    )
    return response


@router.post("/logout", summary="Sign out", status_code=204)
async def logout(request: Request, platform: ThePlatform, token: Cookie) -> Response:
    check_csrf(request, await person_of(platform, token))
    assert token is not None
    await sign_out(platform.pool, token)
    response = Response(status_code=204)
    response.delete_cookie(COOKIE, path="/")
    return response


@router.get("/me", summary="Who is signed in")
async def me(platform: ThePlatform, token: Cookie) -> MeView:
    person = await person_of(platform, token)
    operator = await platform.directory.find(person.user.operator_id)
    casino = platform.links.casino
    return MeView(
        email=person.user.email,
        operator_id=operator.operator_id,
        role=person.user.role,
        test=operator.test,
        players_url=f"{casino}/players?platform=no" if casino and operator.wallet_url.startswith(casino) else None,
        currencies=list(operator.currencies),
        exponents={code: CURRENCIES[code].exponent for code in operator.currencies},
        acts=sorted(act for act in ROLES if may(person.user.role, act)),
        csrf=person.csrf,
    )
