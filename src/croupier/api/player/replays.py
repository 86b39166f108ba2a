"""Replay links: signed, good for an hour, readable without signing in. They open one past round and nothing else."""

import hashlib
import hmac

import msgspec

from croupier.domain.ids import bytes_of, text_of

PREFIX = "rt_"
HISTORY_PREFIX = "ht_"
HISTORY_PATH = "/history"
LIFE_US = 3600 * 1_000_000
_MAC_BYTES = 16


class ReplayOf(msgspec.Struct, frozen=True, array_like=True):
    operator_id: str
    round_id: str
    expires_at: int


def replay_token(key: bytes, of: ReplayOf) -> str:
    payload = msgspec.msgpack.encode(of)
    return PREFIX + text_of(_mac(key, payload) + payload)


def read_replay_token(key: bytes, token: str, at: int) -> ReplayOf | None:
    """None when it is not ours, was changed, or is too old."""
    try:
        raw = bytes_of(token.removeprefix(PREFIX))
    except ValueError:
        return None
    mac, payload = raw[:_MAC_BYTES], raw[_MAC_BYTES:]
    if not hmac.compare_digest(mac, _mac(key, payload)):
        return None
    of = msgspec.msgpack.decode(payload, type=ReplayOf)
    return of if at < of.expires_at else None


class HistoryOf(msgspec.Struct, frozen=True, array_like=True):
    operator_id: str
    session_id: str
    expires_at: int


def history_token(key: bytes, of: HistoryOf) -> str:
    """Shows the rounds of one session to people, until it expires."""
    payload = msgspec.msgpack.encode(of)
    return HISTORY_PREFIX + text_of(_mac(key, b"history" + payload) + payload)


def read_history_token(key: bytes, token: str, at: int) -> HistoryOf | None:
    """None when it is not ours, was changed, or is too old."""
    try:
        raw = bytes_of(token.removeprefix(HISTORY_PREFIX))
    except ValueError:
        return None
    mac, payload = raw[:_MAC_BYTES], raw[_MAC_BYTES:]
    if not hmac.compare_digest(mac, _mac(key, b"history" + payload)):
        return None
    of = msgspec.msgpack.decode(payload, type=HistoryOf)
    return of if at < of.expires_at else None


def _mac(key: bytes, payload: bytes) -> bytes:
    return hmac.digest(key, b"replay\0" + payload, hashlib.sha256)[:_MAC_BYTES]
