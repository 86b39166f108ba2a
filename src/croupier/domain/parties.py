"""Who takes part: operator, player, session, seat."""

import uuid
from typing import Literal

import msgspec

Mode = Literal["real", "demo", "replay"]
LANGUAGES = ("en", "de", "es", "pt-BR")


class Limits(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """Limits of the bet that opens a round, in minor units; None = none.

    A double, a split or insurance may go above `max_bet`: the game's rules bound them, and no hand is left half played.
    """

    min_bet: int | None = None
    max_bet: int | None = None


class Operator(msgspec.Struct, frozen=True, gc=False):
    """A casino that integrates us. `wallet_secrets`: the current one first, older ones while rotating.

    `number`: its whole number in APIs that know operators by one, given by the store. `idempotent_bets`: it has been
    seen to take a repeated bet once. `settings`: what only its dialect understands. `callback_secrets`: for calls to
    the wallet, where an API has one key for both directions and this operator wants two. `went_live`: by which check of
    its wallet a live operator was opened to real play, or ``staff``; empty = not yet. `deadline_ms`: no bet is
    sent later than this after its player asked. `send_window_ms`: a bet not on the wire this long after its stamp is
    dropped. `abandon_after_ms`: then the game's published rule ends a round for its player. `clock_lag_ms`: the most
    that its clock was behind ours lately, in steps of 30 s, given by the store; None = not measured.
    `keep_failed_days`: of exchanges that were refused, unclear or slow; `keep_exchanges_days`: of all others.
    `recheck_days`: its wallet is checked again after so many; 0 = only when asked.
    `compare_from`: after a restore, from which moment on (microseconds) its wallet may know of play that we do not;
    0 = the books were compared since.
    """

    operator_id: str
    dialect: str
    wallet_url: str
    wallet_secrets: tuple[str, ...]
    currencies: tuple[str, ...]
    test: bool = True
    enabled: bool = True
    origins: tuple[str, ...] = ()
    answer_secrets: tuple[str, ...] = ()
    signed_answers: bool = False
    declines_trusted: bool = True
    round_end: Literal["none", "zero_win"] = "none"
    timeout_ms: int = 5000
    retry_base_ms: int = 1000
    retry_cap_ms: int = 60_000
    max_life_ms: int = 660_000
    id_retention_ms: int = 30 * 86_400_000
    deadline_ms: int = 10_000
    send_window_ms: int = 5_000
    abandon_after_ms: int = 86_400_000
    idempotent_bets: bool = False
    settings: dict[str, str] = {}
    number: int = 0
    callback_secrets: tuple[str, ...] = ()
    went_live: str = ""
    clock_lag_ms: int | None = None
    keep_exchanges_days: int = 7
    keep_failed_days: int = 90
    compare_from: int = 0
    recheck_days: int = 0

    @property
    def open_to_play(self) -> bool:
        """Whether players may play for the operator's money: what a test operator has is none."""
        return (self.test or bool(self.went_live)) and not self.compare_from

    def __repr__(self) -> str:
        """Without secrets: it may end up in a log or a traceback."""
        return f"Operator({self.operator_id!r}, {self.dialect!r}, …)"


class Player(msgspec.Struct, frozen=True, gc=False):
    """The operator's id for a person. The currency is fixed at creation."""

    operator_id: str
    player_id: str
    currency: str
    nickname: str | None = None
    country: str | None = None
    language: str | None = None
    enabled: bool = True
    group_id: str | None = None


class SeatKey(msgspec.Struct, frozen=True, gc=False):
    """One player at one game in one mode: the stream of the journal."""

    operator_id: str
    player_id: str
    game_id: str
    mode: Mode


class Seat(msgspec.Struct, frozen=True, gc=False):
    seat_id: uuid.UUID
    key: SeatKey


class Session(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """One player in one game for a while. Times in microseconds since 1970, UTC.

    `campaign_id`: the campaign whose free rounds are played first. `bonus_id`: free rounds that the operator counts.
    """

    session_id: str
    currency: str
    language: str
    opened_at: int
    expires_at: int
    limits: Limits = Limits()
    operator_token: str | None = None
    return_url: str | None = None
    deposit_url: str | None = None
    campaign_id: str | None = None
    bonus_id: str | None = None
