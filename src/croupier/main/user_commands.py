"""`croupier user …`: people who sign in to an operator's account."""

import asyncio
import secrets
from typing import Annotated, cast, get_args

import typer

from croupier.domain.ids import text_of
from croupier.main.by_hand import by_hand
from croupier.main.database import registry
from croupier.main.operator_commands import known_operator
from croupier.main.plainly import settings, told_plainly
from croupier.main.terminal import AsJson, Data, fail, now, show, show_one
from croupier.store.accounts import Role, User, add_user, list_users, set_enabled
from croupier.store.registry import AlreadyExists

Email = Annotated[str, typer.Argument(help="E-mail address that the person signs in with.")]

users = typer.Typer(no_args_is_help=True, help="People who sign in to the online account.")


@users.command("add")
def add_account_user(
    email: Annotated[str, typer.Argument(help="E-mail address to sign in with.")],
    operator: Annotated[str, typer.Option(help="Whose account this person sees.")],
    role: Annotated[str, typer.Option(help=f"{', '.join(get_args(Role))}; staff are the provider's people.")] = "owner",
    reset: Annotated[bool, typer.Option(help="Give somebody who exists a new password.")] = False,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Add a person to an operator's account. The password is printed once."""
    if role not in get_args(Role) or "@" not in email:
        fail(f"--role must be one of {', '.join(get_args(Role))}, and the first argument an e-mail address")
    chosen = settings(data=data)
    known_operator(chosen, operator)
    password = text_of(secrets.token_bytes(12))
    user = User(text_of(secrets.token_bytes(9)), email, operator, cast("Role", role))

    async def run() -> None:
        async with registry(chosen) as known:
            await add_user(known.pool, user, password, now(), by_hand(), reset=reset)

    with told_plainly():
        try:
            asyncio.run(run())
        except AlreadyExists:
            fail(f"{email} has an account; --reset gives a new password")
    show_one({"email": email, "operator": operator, "role": role, "password": password}, as_json=as_json)


@users.command("list")
def list_all(
    operator: Annotated[str | None, typer.Option(help="Only of this operator.")] = None,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """List the people who have an account. Passwords are never shown again."""
    chosen = settings(data=data)
    if operator is not None:
        known_operator(chosen, operator)

    async def run() -> list[tuple[User, bool]]:
        async with registry(chosen) as known:
            return await list_users(known.pool, operator)

    with told_plainly():
        found = asyncio.run(run())
    rows = [{"email": u.email, "operator": u.operator_id, "role": u.role, "enabled": on} for u, on in found]
    show(rows, ("email", "operator", "role", "enabled"), as_json=as_json, empty="Nobody: croupier user add --help")


@users.command("disable")
def disable(email: Email, data: Data = None, as_json: AsJson = False) -> None:
    """Nobody signs in with this account any more; whoever has is signed out at once."""
    _switch(email, data, enabled=False, as_json=as_json)


@users.command("enable")
def enable(email: Email, data: Data = None, as_json: AsJson = False) -> None:
    """The person may sign in again, with the password of before."""
    _switch(email, data, enabled=True, as_json=as_json)


def _switch(email: str, data: Data, *, enabled: bool, as_json: bool) -> None:
    chosen = settings(data=data)

    async def run() -> User | None:
        async with registry(chosen) as known:
            return await set_enabled(known.pool, email, now(), by_hand(), enabled=enabled)

    with told_plainly():
        user = asyncio.run(run())
    if user is None:
        fail(f"nobody has the e-mail address {email}; croupier user list")
        return
    told = {"email": user.email, "operator": user.operator_id, "role": user.role, "enabled": enabled}
    show_one(told, as_json=as_json)
