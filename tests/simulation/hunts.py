"""Which mistake shows as which violation, and in what weather.

What is rare in a few rounds gets a world in which it is not. The seed that shows each is in `killed.json`;
``make mutants`` finds them anew.
"""

import dataclasses
import json
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from pathlib import Path

from croupier.games.catalogue import GAMES
from croupier.simulation.faults import WIRE, Quirks, mix_of
from croupier.simulation.world import simulate
from simulation import free_round_mutants as free
from simulation import more_mutants as more
from simulation import mutants as plain
from simulation import past_mistakes as past
from simulation import restore_mutants as after

ROUNDS = 60
NEARBY = 120
"""Seeds tried when the recorded one shows nothing any more: a new draw somewhere moves every world a little."""

KILLED = Path(__file__).parent / "killed.json"

Weather = Mapping[str, object]


@dataclasses.dataclass(frozen=True)
class Hunt:
    """`invariant`: one that must be among those found. `dialect`: what the world's casino speaks."""

    mutant: Callable[[], AbstractContextManager[None]]
    invariant: str
    weather: Weather = dataclasses.field(default_factory=dict)
    games: tuple[str, ...] = tuple(GAMES)
    rounds: int = ROUNDS
    dialect: str = "native"

    @property
    def name(self) -> str:
        return self.mutant.__name__

    @property
    def said(self) -> str:
        return (self.mutant.__doc__ or "").split("\n")[0]

    def found(self, seed: int) -> set[str]:
        mix = dataclasses.replace(mix_of(seed), **self.weather)
        games = {name: GAMES[name] for name in self.games}
        violations = simulate(seed, self.rounds, games, mix, dialect=self.dialect).violations
        outdated = [v.what for v in violations if "positional argument" in v.what or "keyword argument" in v.what]
        assert not outdated, f"{self.name} replaces a function that takes other arguments by now: {outdated[0]}"
        return {violation.invariant for violation in violations}

    def kills(self, seed: int) -> bool:
        with self.mutant():
            return self.invariant in self.found(seed)

    def seed(self, first: int = 0) -> int | None:
        """The first one from here on that shows the mistake."""
        return next((seed for seed in range(first, first + NEARBY) if self.kills(seed)), None)


def only(*kinds: str) -> Weather:
    return {"wire_kinds": kinds, "wire_weights": (1.0,) * len(kinds)}


ALONE = {"processes": 1, "pause": 0.0}
CRASHES = {**ALONE, "crash": 0.02, "pace_s": 2.0, "tend_s": 2.0}
STALLS = {**ALONE, "stall": 0.02, "clock_steps": False}
FORGETFUL = {**ALONE, "outage": 6.0, "outage_s": 6000.0, "quirks": Quirks(id_retention_h=2)}
CONFLICTS = {**ALONE, "quirks": Quirks(conflicts=0.5)}
BAD_DISK = {**ALONE, "store": 0.3, "store_kinds": ("unavailable", "unknown_lost"), "store_weights": (1.0, 1.0)}
LATE_WRITES = {**ALONE, "store": 0.3, "store_kinds": ("unknown_late",), "store_weights": (1.0,)}
DROPS = {**ALONE, "drop": 0.2, "store": 0.2, "store_kinds": ("slow",), "store_weights": (1.0,)}
BAD_LUCK = {**ALONE, "no_randomness": 0.02, "heals": True, "crash": 0.0}
SEVERAL = {"processes": 3, "pause": 0.005}
LOST_LEASES = {
    "processes": 3,
    "pause": 0.02,
    "pace_s": 2.0,
    "tend_s": 2.0,
    "wire": 0.6,
    **only("request_lost", "answer_lost"),
}
VOIDED_DOUBLES = {**ALONE, "wire": 0.5, **only("request_lost", "answer_lost"), "pace_s": 2.0, "heals": True}
SLOW_DOUBTS = {**ALONE, "wire": 0.9, **only("request_lost", "slow_answer"), "quirks": Quirks(tombstones=False)}
CARELESS = {
    **ALONE,
    "wire": 0.5,
    **only("late_request", "request_lost", "answer_lost"),
    "quirks": Quirks(tombstones=False, obeys_expiry=False, checks_timestamps=False),
}
STORM = {**ALONE, "wire": 0.9, **only(*WIRE), "heals": True, "outage": 0.0}
FOREIGN = {**ALONE, "wire": 0.3, **only("foreign_answer")}
FORGED = {**ALONE, "wire": 0.3, **only("forged"), "quirks": Quirks(signed_answers=True)}
THREE_TRIES = {**ALONE, "wire": 0.5, **only(*WIRE), "quirks": Quirks(bet_attempts=3)}
LOST_ANSWERS = {**ALONE, "wire": 0.5, **only("answer_lost", "reset_after"), "quirks": Quirks(bet_attempts=3)}
LATE_AND_HEARD = {
    **CARELESS,
    "processes": 3,
    "late_s": 2000.0,
    "pause": 0.004,
    "pause_s": 3000.0,
    **only("late_request", "request_lost"),
    **dict.fromkeys(("crash", "stall", "store", "outage", "store_outage", "drop"), 0.0),
    "pace_s": 15.0,
    "heals": True,
}
"""A process that stands still finds in its socket what the wallet said meanwhile."""
LIES = {**ALONE, "quirks": Quirks(declines_trusted=False, lies_when_declining=True)}
SUMS = {**ALONE, "heals": True, "outage": 0.0}
ZERO_WIN = {**ALONE, "quirks": Quirks(zero_win=True)}
RESTORED = {"restored": True, "heals": True, "forgetful_restarts": False, "late_s": 580.0}
SECOND_PERSON_LATE = {**ALONE, "approval_s": 8.0, "pace_s": 2.0, "heals": True}
CLOCKS = {**ALONE, "clock_steps": True}

HUNTS = [
    Hunt(plain.new_id_on_retry, "I-03"),
    Hunt(plain.win_given_up, "I-10", STORM),
    Hunt(plain.rollback_given_up, "I-10", STORM),
    Hunt(plain.every_not_found_trusted, "I-01", CARELESS),
    Hunt(more.not_found_judged_by_arrival, "I-03", SLOW_DOUBTS),
    Hunt(plain.shown_before_durable, "I-06"),
    Hunt(plain.played_without_acceptance, "I-05"),
    Hunt(plain.drawn_again_after_a_crash, "I-09"),
    Hunt(plain.client_errors_taken_as_declines, "I-01"),
    Hunt(plain.server_errors_taken_as_declines, "I-01"),
    Hunt(more.wrong_echo_taken_as_accepted, "I-01", FOREIGN),
    Hunt(more.late_acceptance_revives_a_cancelled_round, "I-07", SEVERAL),
    Hunt(plain.double_played_on_unknown, "I-05"),
    Hunt(plain.whole_round_rolled_back_after_an_outcome, "I-07"),
    Hunt(plain.session_checked_on_wins, "I-10"),
    Hunt(free.free_round_used_twice, "I-13"),
    Hunt(free.free_rounds_counted_per_game, "I-13"),
    Hunt(free.free_round_given_back_while_in_doubt, "I-13"),
    Hunt(free.free_round_lost, "I-13"),
    Hunt(free.free_round_lost_with_its_record, "I-13", BAD_DISK),
    *(
        Hunt(mutant, invariant, SUMS, ("krakens-hoard", "blackjack"), rounds=120, dialect="softswiss-v1")
        for mutant, invariant in (
            (free.sum_told_twice, "I-13"),
            (free.sum_told_only_when_all_are_played, "I-10"),
            (free.win_paid_beside_the_sum, "I-01"),
            (free.last_win_left_out_of_the_sum, "I-13"),
            (free.sum_lost_in_a_crash, "I-10"),
        )
    ),
    Hunt(plain.failed_double_kept, "I-05"),
    Hunt(plain.second_round_beside_an_open_one, "I-11"),
    Hunt(plain.suspended_round_goes_on_sending, "I-10", CONFLICTS),
    Hunt(more.late_acceptance_of_what_was_not_found_forgotten, "I-01", LATE_AND_HEARD),
    Hunt(more.money_through_a_float, "I-01", {"processes": 1}),
    Hunt(plain.wins_in_another_currency, "I-10"),
    Hunt(plain.bet_sent_after_its_rollback, "I-03"),
    Hunt(more.stamped_after_the_send, "I-03", LOST_ANSWERS),
    Hunt(plain.fence_not_checked, "I-03", STALLS),
    Hunt(plain.win_sent_after_retention, "I-08", FORGETFUL),
    Hunt(plain.rollback_posted_twice, "I-01"),
    Hunt(plain.breaker_stops_wins, "I-10", STORM),
    Hunt(plain.answer_credited_to_another_transaction, "I-01"),
    Hunt(more.unsigned_answer_believed, "I-01", FORGED),
    Hunt(free.free_round_taken_outside_of_its_record, "I-13"),
    Hunt(more.second_record_after_a_stale_one, "error", SEVERAL),
    Hunt(plain.operator_skew_left_out, "I-01", CARELESS),
    # Not on the list of the rules of money: of our own code.
    Hunt(plain.draws_not_kept, "I-04"),
    Hunt(more.sent_while_still_being_written, "I-03"),
    Hunt(more.closing_events_forgotten, "I-11"),
    Hunt(more.lost_record_settled_by_reading, "error", LATE_WRITES),
    Hunt(more.request_ids_not_kept, "I-06", DROPS),
    Hunt(more.cancelled_after_the_first_rollback, "I-10", VOIDED_DOUBLES, ("blackjack", "krakens-hoard"), rounds=150),
    Hunt(more.refusal_of_a_second_attempt_believed, "I-10", THREE_TRIES),
    Hunt(more.untrusted_declines_believed, "I-01", LIES),
    Hunt(more.paid_round_voided, "I-10", STORM),
    Hunt(more.lost_rounds_not_closed_at_the_operator, "I-04", ZERO_WIN),
    Hunt(more.second_hand_half_price, "I-04"),
    Hunt(more.stake_limit_forgotten, "I-16"),
    Hunt(more.expired_session_bets, "I-12"),
    Hunt(more.time_runs_back, "I-16", CLOCKS),
    Hunt(more.tried_after_the_deadline, "I-03", THREE_TRIES),
    Hunt(more.same_id_other_bet, "I-06"),
    Hunt(past.draw_kept_for_another_action, "error", BAD_DISK),
    Hunt(past.reload_gives_up_when_the_store_is_away, "error", BAD_DISK),
    Hunt(past.late_record_not_looked_for, "I-10", CRASHES),
    Hunt(past.decided_before_the_stream_was_read_again, "error", CRASHES),
    Hunt(past.disabled_operator_takes_doubles, "I-12"),
    Hunt(past.doubtful_record_forgotten, "I-10", DROPS),
    Hunt(past.failed_draw_kept, "I-10", BAD_LUCK),
    Hunt(past.answer_held_against_the_next_round, "error", SEVERAL),
    Hunt(past.seat_forgotten_in_use, "error", LOST_LEASES, rounds=150),
    Hunt(after.seats_kept_open_after_a_restore, "I-02", RESTORED),
    Hunt(after.waiting_rounds_go_on_after_a_restore, "I-07", RESTORED),
    Hunt(after.era_kept, "I-02", RESTORED),
    Hunt(after.decision_meets_the_open_round, "I-08", SECOND_PERSON_LATE, ("blackjack", "krakens-hoard"), rounds=300),
]

SOURCES = (plain, more, free, past, after)


def recorded() -> dict[str, dict[str, str]]:
    """Mutant -> by what it was killed, as the last long run found it."""
    killed: dict[str, dict[str, str]] = json.loads(KILLED.read_text(encoding="utf-8"))
    return killed
