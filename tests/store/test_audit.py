"""The audit log: every change by staff has one entry, written with it or not at all; whatever is altered is seen."""

import json

import asyncpg
import pytest
from msgspec.structs import replace

from croupier.domain.parties import Operator
from croupier.store.accounts import User, add_user, password_of, set_enabled, sign_in, signed_in
from croupier.store.audit import Actor, AuditCheck, audit_entries, check_audit
from croupier.store.connect import open_pool
from croupier.store.registry import AlreadyExists, Registry, new_secret
from croupier.store.vault import Vault

BOSS = Actor("command line: boss", "staff_admin")
CASINO = Operator("casino", "native", "http://w", (new_secret(),), ("EUR",))
ANA = User("usr_ana", "ana@casino.test", "casino", "finance")


@pytest.fixture
async def registry(postgres_dsn):
    pool = await open_pool(postgres_dsn, "test", 2)
    yield Registry(pool, Vault(bytes(32)))
    await pool.close()


CHANGES = {
    "add_operator": lambda r: r.add_operator(CASINO, 1, BOSS),
    "add_user": lambda r: add_user(r.pool, ANA, "secret", 2, BOSS, reset=False),
    "reset_user": lambda r: add_user(r.pool, ANA, "another", 3, BOSS, reset=True),
    "disable_user": lambda r: set_enabled(r.pool, ANA.email, 3, BOSS, enabled=False),
    "enable_user": lambda r: set_enabled(r.pool, ANA.email, 3, BOSS, enabled=True),
    "change_operator": lambda r: r.change_operator(replace(CASINO, timeout_ms=900), 4, BOSS),
    "disable_operator": lambda r: r.change_operator(replace(CASINO, timeout_ms=900, enabled=False), 5, BOSS),
    "enable_operator": lambda r: r.change_operator(replace(CASINO, timeout_ms=900), 6, BOSS),
    "rotate_key": lambda r: r.rotate_key(CASINO, 7, BOSS, keep_old=False),
    "rotate_secret": lambda r: r.rotate_secret("casino", "wallet", new_secret(), 8, BOSS, keep_old=True),
    "retire_secrets": lambda r: r.retire_secrets("casino", 9, BOSS),
    "reseal": lambda r: r.reseal(10, BOSS),
}
"""In an order in which each of them can be done."""


async def state(registry):
    """All that these changes change."""
    tables = ("operators", "operator_secrets", "api_keys", "users")
    return [[tuple(row) for row in await registry.pool.fetch(f"SELECT * FROM {table} ORDER BY 1")] for table in tables]


async def test_every_change_has_one_entry_that_says_who_and_what(registry):
    for number, (act, change) in enumerate(CHANGES.items(), 1):
        await change(registry)
        entries = await audit_entries(registry.pool)
        assert len(entries) == number, f"{act} is told once"
        told = json.loads(entries[-1].entry)
        assert (told["act"], told["actor"], told["role"]) == (act, BOSS.actor, "staff_admin")
        assert told["operator"] == ("" if act == "reseal" else "casino")
    changed = json.loads((await audit_entries(registry.pool))[5].entry)
    assert (changed["before"], changed["after"]) == ({"timeout_ms": 5000}, {"timeout_ms": 900})
    log = "".join(one.entry for one in await audit_entries(registry.pool))
    assert "whsec_" not in log, "it names no secret"
    assert await check_audit(registry.pool) == AuditCheck(
        len(CHANGES), (await audit_entries(registry.pool))[-1].hash.hex(), None
    )


@pytest.fixture
async def owner(postgres_dsn):
    """Of the database: we ourselves may not change the log."""
    connection = await asyncpg.connect(postgres_dsn)
    yield connection
    await connection.close()


async def test_what_cannot_be_told_is_not_done(registry, owner):
    """The entry and the change are one transaction (I-17)."""
    for act, change in CHANGES.items():
        before = await state(registry)
        await owner.execute("ALTER TABLE audit ADD CONSTRAINT full_disk CHECK (number < 0) NOT VALID")
        with pytest.raises(asyncpg.CheckViolationError):
            await change(registry)
        assert await state(registry) == before, f"{act} was done, and nobody is told"
        await owner.execute("ALTER TABLE audit DROP CONSTRAINT full_disk")
        await change(registry)


async def test_what_was_not_done_is_not_told(registry):
    await registry.add_operator(CASINO, 1)
    await add_user(registry.pool, ANA, "secret", 2, reset=False)
    with pytest.raises(AlreadyExists):
        await registry.add_operator(CASINO, 3)
    with pytest.raises(AlreadyExists):
        await add_user(registry.pool, ANA, "secret", 4, reset=False)
    with pytest.raises(KeyError):
        await registry.change_operator(replace(CASINO, operator_id="nobody"), 5)
    await registry.change_operator(CASINO, 6)  # as it was
    await registry.retire_secrets("casino", 7)  # nothing to retire
    assert [one.number for one in await audit_entries(registry.pool)] == [1, 2]


DAMAGE = {
    "changed": ("UPDATE audit SET entry = replace(entry, 'boss', 'nobody') WHERE number = 3", 3),
    "lost": ("DELETE FROM audit WHERE number = 4", 4),
    "lost at the end": ("DELETE FROM audit WHERE number = 10", 10),
    "moved": (
        """UPDATE audit SET number = -number WHERE number IN (2, 3);
           UPDATE audit SET number = number + 5 WHERE number < 0""",
        2,
    ),
    "all of them": ("DELETE FROM audit", 1),
}


@pytest.mark.parametrize(("damage", "at"), DAMAGE.values(), ids=DAMAGE)
async def test_whatever_is_altered_is_seen(registry, owner, damage, at):
    for change in CHANGES.values():
        await change(registry)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await registry.pool.execute(damage)
    await owner.execute(damage)
    assert (await check_audit(registry.pool)).broken_at == at


async def test_whoever_is_disabled_is_signed_out_at_once_and_signs_in_no_more(registry):
    pool = registry.pool
    await registry.add_operator(CASINO, 1, BOSS)
    await add_user(pool, ANA, "secret", 2, BOSS, reset=False)
    tokens = [await sign_in(pool, ANA, 3) for _ in range(2)]
    assert [(await signed_in(pool, one, 4)).user for one in tokens] == [ANA, ANA]
    assert await set_enabled(pool, ANA.email, 5, BOSS, enabled=False) == ANA
    assert (await password_of(pool, ANA.email))[0] is None
    assert await set_enabled(pool, ANA.email, 6, BOSS, enabled=True) == ANA
    assert [await signed_in(pool, one, 7) for one in tokens] == [None, None], "also after the way back is open"
    assert (await password_of(pool, ANA.email))[0] == ANA
    assert await set_enabled(pool, "eve@casino.test", 8, BOSS, enabled=False) is None
