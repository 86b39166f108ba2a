"""Terms as operators may have agreed on them, in every combination that the rules of a round look at."""

from hypothesis import strategies as st

from croupier.rounds.events import Terms

TERMS = st.builds(
    Terms,
    bet_attempts=st.integers(1, 3),
    declines_trusted=st.booleans(),
    zero_win=st.booleans(),
    end_round=st.booleans(),
    closing_win=st.booleans(),
    max_life_ms=st.just(90_000),
)
