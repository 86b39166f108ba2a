"""Operators, their keys and secrets, and the version of all settings."""

import base64
import hashlib
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import msgspec
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from croupier.domain.ids import text_of
from croupier.domain.parties import Operator
from croupier.store.audit import PLATFORM, Actor, add_entry
from croupier.store.connect import Connection, Pool
from croupier.store.vault import Vault
from croupier.wallet.dialect import KeyKind

OWN_PLACE = ("wallet_secrets", "answer_secrets", "callback_secrets", "number", "clock_lag_ms")
"""Fields of an operator that are not among its stored settings."""
SECRETS = ("wallet", "answer", "callback")


class AlreadyExists(Exception):
    """An object with this id exists; nothing was changed."""


class ChangedMeanwhile(Exception):
    """Somebody else has changed this operator since it was read; nothing was changed."""


class Settings(msgspec.Struct, frozen=True):
    """All that a worker needs to know of operators at one version."""

    version: int
    operators: dict[str, Operator]
    keys: dict[bytes, str]
    """SHA-256 of an API key that is not revoked -> operator id."""


class KeyInfo(msgspec.Struct, frozen=True):
    prefix: str
    last4: str
    created_at: int
    revoked_at: int | None


def digest(token: str) -> bytes:
    """How tokens are stored: they hold 256 random bits, so a plain SHA-256 is enough."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()


class Registry:
    """Every change writes its entry into the audit log, in its transaction. `by`: who makes it."""

    def __init__(self, pool: Pool, vault: Vault) -> None:
        self.pool = pool
        self.vault = vault

    async def version(self) -> int:
        return int(await self.pool.fetchval("SELECT version FROM config"))

    async def settings(self) -> Settings:
        """One consistent reading of all operators and keys."""
        async with self._snapshot() as db:
            version = int(await db.fetchval("SELECT version FROM config"))
            operators = await db.fetch(
                """SELECT operator_id, settings, data_key, number, lag_ms
                   FROM operators LEFT JOIN operator_clocks USING (operator_id)"""
            )
            keys = await db.fetch("SELECT key_hash, operator_id FROM api_keys WHERE revoked_at IS NULL")
            sealed = await db.fetch(
                """SELECT operator_id, name, version, sealed FROM operator_secrets
                   WHERE retired_at IS NULL ORDER BY version DESC"""
            )
        wrapped = {row["operator_id"]: row["data_key"] for row in operators}
        opened: dict[tuple[str, str], list[str]] = {}
        for row in sealed:
            owner, name = row["operator_id"], row["name"]
            label = f"{owner}/{name}/{row['version']}"
            opened.setdefault((owner, name), []).append(self.vault.open(wrapped[owner], row["sealed"], label))
        return Settings(
            version,
            {
                row["operator_id"]: _operator(
                    row["operator_id"], row["settings"], opened, number=row["number"], clock_lag_ms=row["lag_ms"]
                )
                for row in operators
            },
            {row["key_hash"]: row["operator_id"] for row in keys},
        )

    async def operator(self, operator_id: str) -> Operator | None:
        return (await self.settings()).operators.get(operator_id)

    async def add_operator(self, operator: Operator, at: int, by: Actor = PLATFORM) -> str:
        """Stores a new operator with its secrets and makes its first API key, which is returned once.

        AlreadyExists when the id is taken.
        """
        async with self.pool.acquire() as db, db.transaction():
            data_key = self.vault.new_data_key(operator.operator_id)
            added = await db.fetchval(
                """INSERT INTO operators (operator_id, settings, data_key, created_at) VALUES ($1, $2, $3, $4)
                   ON CONFLICT DO NOTHING RETURNING operator_id""",
                operator.operator_id,
                _settings_of(operator),
                data_key,
                at,
            )
            if added is None:
                raise AlreadyExists(operator.operator_id)
            for name in SECRETS:
                for secret in reversed(getattr(operator, f"{name}_secrets")):
                    await self._add_secret(db, operator.operator_id, data_key, name, secret, at)
            after = msgspec.json.decode(_settings_of(operator))
            await add_entry(db, at, operator.operator_id, "add_operator", operator.operator_id, by, after=after)
            return await _add_key(db, operator, at)

    async def change_operator(
        self,
        operator: Operator,
        at: int,
        by: Actor = PLATFORM,
        told: dict[str, object] | None = None,
        *,
        before: Operator | None = None,
    ) -> int:
        """Stores the operator's settings without its secrets; answers the new version. KeyError when unknown.

        `before`: as the caller has read it; ChangedMeanwhile when it is not so any more. None: whatever it is.
        `told`: what the entry says beside the settings before and after; its ``act``, if it is more than a change.
        """
        async with self.pool.acquire() as db, db.transaction():
            stored = await db.fetchval(
                "SELECT settings FROM operators WHERE operator_id = $1 FOR UPDATE", operator.operator_id
            )
            if stored is None:
                raise KeyError(operator.operator_id)
            was = _settings_of(_operator(operator.operator_id, stored, {}))
            if before is not None and was != _settings_of(before):
                raise ChangedMeanwhile(operator.operator_id)
            wanted = _settings_of(operator)
            held, after = msgspec.json.decode(stored), msgspec.json.decode(wanted)
            await db.execute("UPDATE operators SET settings = $2 WHERE operator_id = $1", operator.operator_id, wanted)
            changed = {name for name in {*held, *after} if held.get(name) != after.get(name)}
            if changed:
                fields: dict[str, Any] = {
                    "act": _change_of(changed, operator),
                    "what": operator.operator_id,
                    "before": {name: held.get(name) for name in changed},
                    "after": {name: after.get(name) for name in changed},
                } | (told or {})
                await add_entry(db, at, operator.operator_id, by=by, **fields)
            return int(await db.fetchval("SELECT version FROM config"))

    async def rotate_key(self, operator: Operator, at: int, by: Actor = PLATFORM, *, keep_old: bool) -> str:
        """A new API key, returned once. Without `keep_old` all earlier ones are revoked now."""
        async with self.pool.acquire() as db, db.transaction():
            if not keep_old:
                await db.execute(
                    "UPDATE api_keys SET revoked_at = $2 WHERE operator_id = $1 AND revoked_at IS NULL",
                    operator.operator_id,
                    at,
                )
            key = await _add_key(db, operator, at)
            told = {"last4": key[-4:], "others": "kept" if keep_old else "revoked"}
            await add_entry(db, at, operator.operator_id, "rotate_key", operator.operator_id, by, **told)
            return key

    async def rotate_secret(
        self, operator_id: str, name: str, secret: str, at: int, by: Actor = PLATFORM, *, keep_old: bool
    ) -> None:
        """`name`: one of SECRETS. With `keep_old` both secrets are in use until the next rotation."""
        async with self.pool.acquire() as db, db.transaction():
            data_key = await db.fetchval("SELECT data_key FROM operators WHERE operator_id = $1", operator_id)
            if data_key is None:
                raise KeyError(operator_id)
            newest = await self._add_secret(db, operator_id, data_key, name, secret, at)
            await db.execute(
                """UPDATE operator_secrets SET retired_at = $4
                   WHERE operator_id = $1 AND name = $2 AND version < $3 AND retired_at IS NULL""",
                operator_id,
                name,
                newest - 1 if keep_old else newest,
                at,
            )
            told = {"secret": name, "version": newest, "others": "kept" if keep_old else "retired"}
            await add_entry(db, at, operator_id, "rotate_secret", operator_id, by, **told)

    async def retire_secrets(self, operator_id: str, at: int, by: Actor = PLATFORM) -> None:
        """Only the newest of each name is in use from now on."""
        async with self.pool.acquire() as db, db.transaction():
            retired = await db.fetch(
                """UPDATE operator_secrets AS s SET retired_at = $2 WHERE operator_id = $1 AND retired_at IS NULL
                   AND version < (SELECT max(version) FROM operator_secrets AS n
                                  WHERE n.operator_id = s.operator_id AND n.name = s.name)
                   RETURNING name, version""",
                operator_id,
                at,
            )
            if retired:
                told = sorted(f"{row['name']} {row['version']}" for row in retired)
                await add_entry(db, at, operator_id, "retire_secrets", operator_id, by, retired=told)

    async def keys(self, operator_id: str) -> list[KeyInfo]:
        rows = await self.pool.fetch(
            """SELECT prefix, last4, created_at, revoked_at FROM api_keys
               WHERE operator_id = $1 ORDER BY created_at DESC""",
            operator_id,
        )
        return [KeyInfo(*row) for row in rows]

    async def platform_secret(self, name: str) -> bytes:
        """32 bytes that all workers share; made at first use."""
        return await self.platform_kept(name, secrets.token_bytes(32))

    async def platform_kept(self, name: str, made: bytes) -> bytes:
        """What was kept under this name first: `made` when there was nothing."""
        fresh = self.vault.seal_platform(made, name)
        await self.pool.execute("INSERT INTO platform_secrets VALUES ($1, $2) ON CONFLICT DO NOTHING", name, fresh)
        sealed = await self.pool.fetchval("SELECT sealed FROM platform_secrets WHERE name = $1", name)
        return self.vault.open_platform(sealed, name)

    async def reseal(self, at: int, by: Actor = PLATFORM) -> int:
        """Everything under the first master key and new data keys, in one transaction. How many secrets there were."""
        async with self.pool.acquire() as db, db.transaction():
            owners = await db.fetch("SELECT operator_id, data_key FROM operators ORDER BY operator_id FOR UPDATE")
            done = 0
            for owner, wrapped in owners:
                fresh = self.vault.new_data_key(owner)
                await db.execute("UPDATE operators SET data_key = $2 WHERE operator_id = $1", owner, fresh)
                for name, version, sealed in await db.fetch(
                    "SELECT name, version, sealed FROM operator_secrets WHERE operator_id = $1", owner
                ):
                    label = f"{owner}/{name}/{version}"
                    again = self.vault.seal(fresh, self.vault.open(wrapped, sealed, label), label)
                    await db.execute(
                        "UPDATE operator_secrets SET sealed = $4 WHERE operator_id = $1 AND name = $2 AND version = $3",
                        *(owner, name, version, again),
                    )
                    done += 1
            for name, sealed in await db.fetch("SELECT name, sealed FROM platform_secrets FOR UPDATE"):
                again = self.vault.seal_platform(self.vault.open_platform(sealed, name), name)
                await db.execute("UPDATE platform_secrets SET sealed = $2 WHERE name = $1", name, again)
                done += 1
            await add_entry(db, at, "", "reseal", "all secrets", by, secrets=done)
            return done

    async def lagging(self, version: int) -> dict[str, int]:
        """Workers that have not applied this version or a later one -> their counters (store/leases.py)."""
        rows = await self.pool.fetch("SELECT writer, beats FROM workers WHERE applied_version < $1", version)
        return {row["writer"]: row["beats"] for row in rows}

    async def any_worker(self) -> bool:
        """Somebody is serving."""
        return bool(
            await self.pool.fetchval("SELECT EXISTS (SELECT FROM workers WHERE beat_at > now() - interval '6 s')")
        )

    async def _add_secret(  # noqa: PLR0917
        self, db: Connection, operator_id: str, data_key: bytes, name: str, secret: str, at: int
    ) -> int:
        version = 1 + int(
            await db.fetchval(
                "SELECT coalesce(max(version), 0) FROM operator_secrets WHERE operator_id = $1 AND name = $2",
                operator_id,
                name,
            )
        )
        sealed = self.vault.seal(data_key, secret, f"{operator_id}/{name}/{version}")
        await db.execute(
            "INSERT INTO operator_secrets VALUES ($1, $2, $3, $4, $5)", operator_id, name, version, sealed, at
        )
        return version

    @asynccontextmanager
    async def _snapshot(self) -> AsyncIterator[Connection]:
        async with self.pool.acquire() as db, db.transaction(isolation="repeatable_read", readonly=True):
            yield db


def new_secret(kind: KeyKind = "standard_webhooks") -> str:
    """What calls are signed with: in the Standard Webhooks form, as plain text, or a private key in PEM."""
    match kind:
        case "standard_webhooks":
            return "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()
        case "text":
            return text_of(secrets.token_bytes(32))
        case "rsa":
            key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
            return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


async def _add_key(db: Connection, operator: Operator, at: int) -> str:
    prefix = "sk_test_" if operator.test else "sk_live_"
    key = prefix + text_of(secrets.token_bytes(32))
    await db.execute(
        "INSERT INTO api_keys (key_hash, operator_id, prefix, last4, created_at) VALUES ($1, $2, $3, $4, $5)",
        digest(key),
        operator.operator_id,
        prefix,
        key[-4:],
        at,
    )
    return key


def _change_of(names: set[str], after: Operator) -> str:
    """What is done in a hurry has a name of its own."""
    if names == {"enabled"}:
        return "enable_operator" if after.enabled else "disable_operator"
    return "change_operator"


def _settings_of(operator: Operator) -> str:
    fields = msgspec.to_builtins(operator)
    return msgspec.json.encode({k: v for k, v in fields.items() if k not in OWN_PLACE}).decode()


def _operator(
    operator_id: str, settings: str, opened: dict[tuple[str, str], list[str]], **own_place: int | None
) -> Operator:
    fields: dict[str, Any] = msgspec.json.decode(settings) | own_place
    fields |= {f"{name}_secrets": tuple(opened.get((operator_id, name), ())) for name in SECRETS}
    return msgspec.convert(fields, Operator)
