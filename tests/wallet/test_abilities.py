from msgspec.structs import asdict

from croupier.domain.parties import Operator
from croupier.wallet.dialect import Abilities


def test_a_new_operator_starts_with_the_habits_of_its_api():
    before = Operator("casino", "native", "https://wallet.example", ("whsec_x",), ("EUR",))
    habits = {
        "round_end": "zero_win",
        "timeout_ms": 7001,
        "retry_base_ms": 1502,
        "retry_cap_ms": 30_003,
        "id_retention_ms": 86_400_004,
    }
    after = Abilities(**habits).given_to(before)
    assert asdict(after) == asdict(before) | habits
