"""An operator says itself how long the bytes of its exchanges are kept; every worker and the audit log know."""

import asyncio

import pytest

from croupier.store.audit import audit_entries

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_it_is_seen_set_and_written_down(house):
    casino = await house.casino("keeper")
    seen = (await casino.call("GET", "/exchanges/retention")).json()
    assert (seen["days"], seen["failed_days"], seen["bytes_max"]) == (7, 90, 2 * 1024**3)
    set_ = await casino.call("PUT", "/exchanges/retention", json={"days": 30, "failed_days": 365})
    assert (set_.status_code, set_.json()["days"], set_.json()["failed_days"]) == (200, 30, 365)
    for _ in range(100):
        seen = (await casino.call("GET", "/exchanges/retention")).json()
        if seen["days"] == 30:
            break
        await asyncio.sleep(0.05)
    assert (seen["days"], seen["failed_days"]) == (30, 365)
    entry = (await audit_entries(house.worker.platform.pool, "keeper"))[-1].entry
    assert '"act":"change_operator"' in entry
    assert '"after":{"keep_exchanges_days":30,"keep_failed_days":365}' in entry


@pytest.mark.parametrize("body", [{"days": 0, "failed_days": 90}, {"days": 7, "failed_days": 401}, {"days": 7},
    {"days": 91, "failed_days": 90}, {"days": "7", "failed_days": 90}])  # fmt: skip
async def test_what_cannot_be_is_refused(casino, body):
    refused = await casino.call("PUT", "/exchanges/retention", json=body)
    assert refused.status_code == 422, refused.text
    assert (await casino.call("GET", "/exchanges/retention")).json()["days"] == 7
