"""Our transactions under the names of APIs that want a UUID."""

import uuid

from hypothesis import given
from hypothesis import strategies as st

from croupier.domain.ids import bet_id, rollback_id, second_rollback_id, transaction_uuid, transactions_named, win_id


@given(st.binary(min_size=16, max_size=16))
def test_every_transaction_has_its_own_uuid_which_leads_back(random):
    bet = bet_id(random)
    names = [bet, rollback_id(bet), second_rollback_id(bet)]
    uuids = [transaction_uuid(name) for name in names]
    assert len(set(uuids)) == 3
    assert all(one.version == 4 for one in uuids)
    assert all(name in transactions_named(one) for name, one in zip(names, uuids, strict=True))
    assert win_id(random) in transactions_named(transaction_uuid(win_id(random)))


@given(st.text(max_size=64))
def test_any_other_id_has_one_as_well(name):
    assert transaction_uuid(name) == transaction_uuid(name)
    assert transactions_named(uuid.UUID(int=0))
