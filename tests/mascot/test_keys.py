"""Keys change while rounds are played: the operator always has time to learn the new one first."""

import asyncio
import subprocess

import pytest

from croupier.dialects import DIALECTS, OPERATOR_HALVES
from croupier.dialects.mascot.signature import key_id
from croupier.dialects.operator_half import BadRequest
from croupier.domain.parties import Operator
from croupier.store.registry import new_secret
from croupier.wallet.calls import Balance, Context

CALL = Balance(Context("ana", "s1", "krakens-hoard", "EUR"), "q_1")
AT = 1_795_348_800_000_000


def operator(*keys: str, callback: tuple[str, ...] = ()) -> Operator:
    return Operator("c", "mascot", "https://c.example/cb", keys, ("EUR",), number=7, callback_secrets=callback)


def taken(ours: Operator, theirs: Operator) -> bool:
    """Whether a call that we sign passes at an operator that has these keys."""
    request = DIALECTS["mascot"].request(CALL, ours, AT)
    try:
        OPERATOR_HALVES["mascot"].read(request, theirs, AT)
    except BadRequest as refused:
        return refused.code != "bad_signature"
    return True


@pytest.mark.parametrize(
    ("step", "ours", "theirs"),
    [
        ("before", operator("old"), operator("old")),
        ("rotated here", operator("new", "old"), operator("old")),
        ("learnt there", operator("new", "old"), operator("new", "old")),
        ("retired here", operator("new"), operator("new", "old")),
        ("forgotten there", operator("new"), operator("new")),
        ("a callback key made", operator("k", callback=("cb", "k")), operator("k")),
        ("retired, so that only it counts", operator("k", callback=("cb",)), operator("k", callback=("cb",))),
    ],
)
def test_no_step_of_a_rotation_loses_a_call(step, ours, theirs):
    assert taken(ours, theirs), step


def test_a_separate_callback_key_is_no_key_for_the_operators_own_calls():
    assert not taken(operator("k", callback=("cb",)), operator("k"))


@pytest.mark.asyncio(loop_scope="module")
async def test_the_first_request_can_be_copied(house):
    _, told = await house.casino("copies", "http://127.0.0.1:1/callback")
    worker = await asyncio.create_subprocess_exec("bash", "-c", told["first_request"], stdout=subprocess.PIPE)
    out, _ = await worker.communicate()
    assert out.startswith(b'{"jsonrpc":"2.0","id":1,"result":{"Games":['), out


async def rotated(house, operator_id: str, name: str) -> str:
    secret = new_secret("text")
    registry, now = house.worker.platform.registry, house.worker.platform.now()
    await registry.rotate_secret(operator_id, name, secret, now, keep_old=True)
    return secret


@pytest.mark.asyncio(loop_scope="module")
async def test_two_keys_are_in_use_until_the_old_one_is_retired(house):
    first, _ = await house.casino("rotates", "http://127.0.0.1:1/callback")
    registry, now = house.worker.platform.registry, house.worker.platform.now()
    new = await rotated(house, "rotates", "wallet")
    callback = await rotated(house, "rotates", "callback")
    both = await registry.operator("rotates")
    assert (both.wallet_secrets, both.callback_secrets) == ((new, *first.wallet_secrets), (callback,))
    await registry.retire_secrets("rotates", now)
    only = await registry.operator("rotates")
    assert (only.wallet_secrets, only.callback_secrets) == ((new,), (callback,))
    assert key_id(new) != key_id(callback)
