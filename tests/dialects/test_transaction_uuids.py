"""Our transactions under the names of APIs that want a UUID."""

from hypothesis import given
from hypothesis import strategies as st

from croupier.domain.ids import bet_id, rollback_id, second_rollback_id, transaction_named, transaction_uuid, win_id


@given(st.binary(min_size=16, max_size=16))
def test_every_transaction_has_its_own_uuid_which_leads_back(random):
    bet = bet_id(random)
    names = [bet, rollback_id(bet), second_rollback_id(bet), win_id(random)]
    uuids = [transaction_uuid(name) for name in names]
    assert len(set(uuids)) == 4
    assert all(one.version == 4 for one in uuids)
    assert [transaction_named(str(one)) for one in uuids] == names


@given(st.text(max_size=64))
def test_any_other_id_has_one_that_stays_as_it_is(name):
    wire = str(transaction_uuid(name))
    assert wire == str(transaction_uuid(name))
    assert transaction_named(wire) == wire
    assert transaction_named(name) == name


def test_only_the_usual_spelling_is_a_name():
    assert transaction_named("0b6f1c5e3d0a4a579b8e2f0d5d1a7c01") == "0b6f1c5e3d0a4a579b8e2f0d5d1a7c01"
