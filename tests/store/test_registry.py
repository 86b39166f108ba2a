"""Operators and their secrets: what the database holds, and when settings reach a worker."""

import pytest
from msgspec.structs import replace

from croupier.domain.parties import Operator
from croupier.store.audit import PLATFORM
from croupier.store.connect import open_pool
from croupier.store.going_live import open_to_play
from croupier.store.leases import PostgresLeases
from croupier.store.registry import AlreadyExists, ChangedMeanwhile, Registry, digest, new_secret
from croupier.store.vault import Vault, WrongMasterKey, master_keys


@pytest.fixture
async def registry(postgres_dsn):
    pool = await open_pool(postgres_dsn, "test", 2)
    yield Registry(pool, Vault(bytes(32)))
    await pool.close()


def operator(name="casino", **more):
    fields = {"dialect": "native", "wallet_url": "http://w", "wallet_secrets": (new_secret(),), "currencies": ("EUR",)}
    return Operator(name, **(fields | more))


async def rows(registry):
    tables = ("operators", "operator_secrets", "api_keys", "platform_secrets", "config")
    found = [await registry.pool.fetch(f"SELECT * FROM {table}") for table in tables]
    return "\n".join(str(tuple(row)) for rows in found for row in rows)


async def test_what_was_stored_comes_back(registry):
    mine = operator(origins=("https://a.example",), timeout_ms=900, answer_secrets=(new_secret(),))
    key = await registry.add_operator(mine, 1)
    settings = await registry.settings()
    assert settings.operators == {"casino": replace(mine, number=1001)}, "the store gives it a number"
    assert settings.keys == {digest(key): "casino"}


async def test_a_copy_of_the_database_holds_no_secret(registry):
    mine = operator()
    key = await registry.add_operator(mine, 1)
    platform = await registry.platform_secret("replay_links")
    dump = await rows(registry)
    for secret in (key, mine.wallet_secrets[0], mine.wallet_secrets[0].removeprefix("whsec_"), repr(platform)[2:-1]):
        assert secret not in dump
    assert await registry.platform_secret("replay_links") == platform


async def test_swapped_secrets_do_not_open(registry):
    await registry.add_operator(operator("a"), 1)
    await registry.add_operator(operator("b"), 1)
    await registry.pool.execute(
        "UPDATE operator_secrets SET sealed = (SELECT sealed FROM operator_secrets WHERE operator_id = 'b') "
        "WHERE operator_id = 'a'"
    )
    with pytest.raises(WrongMasterKey, match="a/wallet/1"):
        await registry.settings()


async def test_swapped_data_keys_do_not_open_either(registry):
    await registry.add_operator(operator("a"), 1)
    await registry.add_operator(operator("b"), 1)
    for table, columns in (("operators", "data_key"), ("operator_secrets", "sealed")):
        await registry.pool.execute(
            f"UPDATE {table} SET {columns} = (SELECT {columns} FROM {table} WHERE operator_id = 'b') "
            "WHERE operator_id = 'a'"
        )
    with pytest.raises(WrongMasterKey):
        await registry.settings()


async def test_another_master_key_opens_nothing(registry):
    await registry.add_operator(operator(), 1)
    with pytest.raises(WrongMasterKey):
        await Registry(registry.pool, Vault(b"x" * 32)).settings()


async def test_the_master_key_is_changed_in_three_steps_and_nothing_is_lost(registry):
    old, new = bytes(32), b"n" * 32
    first = await registry.add_operator(operator(wallet_secrets=(new_secret(),)), 1)
    await registry.rotate_secret("casino", "wallet", new_secret(), 2, keep_old=True)
    link = await registry.platform_secret("replay_links")
    held = (await registry.settings()).operators
    both = Registry(registry.pool, Vault(new, old))
    assert (await both.settings()).operators == held, "what was sealed before opens with the second key"
    before = {bytes(row["data_key"]) for row in await registry.pool.fetch("SELECT data_key FROM operators")}
    assert await both.reseal(3) == 3
    only = Registry(registry.pool, Vault(new))
    assert (await only.settings()).operators == held
    assert digest(first) in (await only.settings()).keys
    assert await only.platform_secret("replay_links") == link
    assert not before & {bytes(row["data_key"]) for row in await registry.pool.fetch("SELECT data_key FROM operators")}
    with pytest.raises(WrongMasterKey):
        await registry.settings()


async def test_an_id_is_taken_once(registry):
    await registry.add_operator(operator(), 1)
    before = await rows(registry)
    with pytest.raises(AlreadyExists):
        await registry.add_operator(operator(), 2)
    assert await rows(registry) == before


async def test_every_change_raises_the_version(registry):
    mine = operator()
    seen = [await registry.version()]
    changes = (
        lambda: registry.add_operator(mine, 1),
        lambda: registry.change_operator(replace(mine, timeout_ms=900), 2),
        lambda: registry.rotate_key(mine, 2, keep_old=True),
        lambda: registry.rotate_key(mine, 2, keep_old=False),
        lambda: registry.rotate_secret("casino", "wallet", new_secret(), 3, keep_old=True),
    )
    for change in changes:
        await change()
        seen.append(await registry.version())
    assert seen == sorted(set(seen))


async def test_a_change_of_what_is_not_so_any_more_changes_nothing(registry):
    await registry.add_operator(operator(), 1)
    read = await registry.operator("casino")
    # A row of an older release lacks the newest settings, which is no change.
    await registry.pool.execute("UPDATE operators SET settings = settings - 'abandon_after_ms' - 'send_window_ms'")
    await registry.change_operator(replace(read, timeout_ms=900), 2, before=read)
    held = await rows(registry)
    with pytest.raises(ChangedMeanwhile):
        await registry.change_operator(replace(read, enabled=False), 3, before=read)
    assert await rows(registry) == held
    await registry.change_operator(replace(read, enabled=False), 4)  # whatever it is: nobody has asked


async def test_a_wallet_that_has_moved_since_it_was_checked_is_not_opened(registry):
    await registry.add_operator(operator(test=False), 1)
    checked = await registry.operator("casino")
    await registry.change_operator(replace(checked, wallet_url="https://elsewhere.example/w"), 2)
    held = await rows(registry)
    with pytest.raises(ChangedMeanwhile):
        async with registry.pool.acquire() as db, db.transaction():
            await open_to_play(db, checked, "staff", PLATFORM, (), 3)
    assert await rows(registry) == held
    assert not (await registry.operator("casino")).went_live


async def test_rotating_a_secret_keeps_the_one_before_for_a_while(registry):
    first, second, third = new_secret(), new_secret(), new_secret()
    await registry.add_operator(operator(wallet_secrets=(first,)), 1)
    await registry.rotate_secret("casino", "wallet", second, 2, keep_old=True)
    assert (await registry.operator("casino")).wallet_secrets == (second, first)
    await registry.rotate_secret("casino", "wallet", third, 3, keep_old=True)
    assert (await registry.operator("casino")).wallet_secrets == (third, second)
    await registry.rotate_secret("casino", "wallet", first, 4, keep_old=False)
    assert (await registry.operator("casino")).wallet_secrets == (first,)


async def test_rotating_a_key_revokes_the_old_ones_or_keeps_them(registry):
    mine = operator()
    first = await registry.add_operator(mine, 1)
    second = await registry.rotate_key(mine, 2, keep_old=True)
    assert set((await registry.settings()).keys) == {digest(first), digest(second)}
    third = await registry.rotate_key(mine, 3, keep_old=False)
    assert set((await registry.settings()).keys) == {digest(third)}
    assert [k.revoked_at for k in await registry.keys("casino")] == [None, 3, 3]


async def test_a_change_is_everywhere_when_no_worker_lags(registry, postgres_dsn):
    leases = PostgresLeases(postgres_dsn)
    version = await registry.version()
    assert await registry.lagging(version) == {}
    await leases.beat("w1", version)
    await leases.beat("w2", version - 1)
    await leases.beat("w2", version - 1)
    assert await registry.lagging(version) == {"w2": 2}
    await leases.beat("w2", version + 1)
    assert await registry.lagging(version) == {}
    await leases.close()


def test_the_master_key_is_made_once_and_private(tmp_path):
    (first,) = master_keys(tmp_path / "data")
    assert master_keys(tmp_path / "data") == (first,)
    assert (tmp_path / "data" / "master.key").stat().st_mode & 0o777 == 0o600
    assert len(first) == 32
    mine = operator(wallet_secrets=("s3cr3t",), settings={"key": "s3cr3t"})
    assert "s3cr3t" not in f"{mine} {mine!r}"
    assert "***" in repr(Vault(first))
    assert Vault(*master_keys(tmp_path, "QUJD" * 10 + "QUI= " + "QUJD" * 10 + "QUI"))
