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
from croupier.main.terminal import AsJson, Data, fail, now, show_one
from croupier.store.accounts import Role, User, add_user
from croupier.store.registry import AlreadyExists

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
