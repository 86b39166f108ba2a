"""`croupier audit`: who changed what, and whether the log is whole."""

import asyncio
import json
import os

import asyncpg
import typer.main

from croupier.main.cli import app

# Command -> the act in the log; what only reads, or serves, has none.
CHANGES = {
    "operator add": "add_operator",
    "operator set": "change_operator",
    "operator rotate-key": "rotate_key",
    "operator retire-secrets": "retire_secrets",
    "operator disable": "disable_operator",
    "operator enable": "enable_operator",
    "operator certificate": "sign_certificate",
    "operator go-live": "go_live",
    "operator reopen": "reopen_operator",
    "user add": "add_user",
    "user disable": "disable_user",
    "user enable": "enable_user",
    "store restored": "restore_store",
    "store reseal": "reseal",
    "store rebuild": "rebuild_projections",
    "reconcile": "money",
    # These three ask the running platform, signed in: their routes are in tests/api/test_audited.py.
    "round suspend": "suspend_round",
    "round void": "",
    "round approve-void": "void_round",
}
READS = {
    *("serve", "demo", "migrate", "sandbox", "certify"),  # of the platform itself, or nothing of it
    *("init wallet", "init secret"),
    *("explain", "replay", "openapi", "statement", "ledger check", "audit check", "audit list"),
    *("games", "verify", "play", "operator list", "operator show", "operator authorities"),
    "user list",
}


def test_every_command_is_known_to_change_something_or_to_read():
    """A new command fails here until somebody says which; one that changes something needs its entry."""

    def names(command, above=()):
        below = getattr(command, "commands", None)
        if below is None:
            return {" ".join(above)}
        return {name for key in list(below) for name in names(below[key], (*above, key))}

    assert names(typer.main.get_command(app) if isinstance(app, typer.Typer) else app) == set(CHANGES) | READS


def test_the_audit_log_says_who_changed_what_and_whether_it_is_whole(croupier, tmp_path):
    assert json.loads(croupier("audit", "list", "--json")[1]) == []
    croupier("operator", "add", "casino", "--wallet-url", "http://127.0.0.1:1/w", "--currency", "EUR")
    croupier("operator", "set", "casino", "--timeout-ms", "900")
    croupier("operator", "disable", "casino")
    croupier("operator", "rotate-key", "casino", "--wallet-secret")
    croupier("user", "add", "ana@casino.test", "--operator", "casino")
    croupier("user", "add", "ana@casino.test", "--operator", "casino", "--role", "finance", "--reset")
    croupier("operator", "rotate-key", "casino", "--wallet-secret", "--keep-old")
    croupier("operator", "retire-secrets", "casino")
    croupier("operator", "enable", "casino")
    for command in ("disable", "disable", "enable"):
        croupier("user", command, "ana@casino.test")
    entries = json.loads(croupier("audit", "list", "--operator", "casino", "--json")[1])
    assert [one["act"] for one in entries] == [
        "add_operator", "change_operator", "disable_operator", "rotate_key", "rotate_secret", "add_user",
        "reset_user", "rotate_key", "rotate_secret", "retire_secrets", "enable_operator",
        "disable_user", "enable_user",
    ]  # fmt: skip
    assert {one["act"]: (one.get("before"), one.get("after")) for one in entries if one["act"].endswith("_user")} == {
        "add_user": (None, {"role": "owner"}),
        "reset_user": ({"role": "owner"}, {"role": "finance"}),
        "disable_user": ({"enabled": True}, {"enabled": False}),
        "enable_user": ({"enabled": False}, {"enabled": True}),
    }
    croupier("store", "reseal")
    croupier("store", "rebuild")
    of_all = [one["act"] for one in json.loads(croupier("audit", "list", "--json")[1])]
    assert of_all == [*(one["act"] for one in entries), "reseal", "rebuild_projections"]
    assert all(one["actor"].startswith("command line: ") for one in entries)
    assert [one["number"] for one in json.loads(croupier("audit", "list", "--last", "2", "--json")[1])] == [14, 15]
    assert croupier("audit", "list", "--operator", "nobody")[0] == 2

    code, out, _ = croupier("audit", "check", "--json")
    newest = json.loads(croupier("audit", "list", "--last", "1", "--json")[1])[0]
    assert (code, json.loads(out)) == (
        0, {"entries": 15, "head": newest["hash"], "broken_at": None, "whole": True},
    )  # fmt: skip

    async def alter() -> None:
        owner = await asyncpg.connect(os.environ["CROUPIER_DATABASE_URL"])  # we ourselves have no right to do this
        await owner.execute("UPDATE audit SET entry = replace(entry, '900', '901') WHERE number = 2")
        await owner.close()

    asyncio.run(alter())
    code, out, _ = croupier("audit", "check", "--json")
    assert (code, json.loads(out)["broken_at"]) == (1, 2)
    assert "Entry 2 is not what was written" in " ".join(croupier("audit", "check")[2].split())
