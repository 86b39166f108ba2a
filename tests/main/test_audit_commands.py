"""`croupier audit`: who changed what, and whether the log is whole."""

import asyncio
import json
import os

import asyncpg


def test_the_audit_log_says_who_changed_what_and_whether_it_is_whole(croupier, tmp_path):
    assert json.loads(croupier("audit", "list", "--json")[1]) == []
    croupier("operator", "add", "casino", "--wallet-url", "http://127.0.0.1:1/w", "--currency", "EUR")
    croupier("operator", "set", "casino", "--timeout-ms", "900")
    croupier("operator", "disable", "casino")
    croupier("operator", "rotate-key", "casino", "--wallet-secret")
    croupier("user", "add", "ana@casino.test", "--operator", "casino")
    entries = json.loads(croupier("audit", "list", "--operator", "casino", "--json")[1])
    assert [one["act"] for one in entries] == [
        "add_operator", "change_operator", "disable_operator", "rotate_key", "rotate_secret", "add_user",
    ]  # fmt: skip
    assert all(one["actor"].startswith("command line: ") for one in entries)
    assert [one["number"] for one in json.loads(croupier("audit", "list", "--last", "2", "--json")[1])] == [5, 6]
    assert croupier("audit", "list", "--operator", "nobody")[0] == 2

    code, out, _ = croupier("audit", "check", "--json")
    assert (code, json.loads(out)) == (
        0, {"entries": 6, "head": entries[-1]["hash"], "broken_at": None, "whole": True},
    )  # fmt: skip

    async def alter() -> None:
        owner = await asyncpg.connect(os.environ["CROUPIER_DATABASE_URL"])  # we ourselves have no right to do this
        await owner.execute("UPDATE audit SET entry = replace(entry, '900', '901') WHERE number = 2")
        await owner.close()

    asyncio.run(alter())
    code, out, _ = croupier("audit", "check", "--json")
    assert (code, json.loads(out)["broken_at"]) == (1, 2)
    assert "Entry 2 is not what was written" in " ".join(croupier("audit", "check")[2].split())
