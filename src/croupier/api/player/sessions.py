"""Play tokens to sessions, in this process's memory: a spin asks no database who it is."""

from collections import OrderedDict

import msgspec

from croupier.api.platform import Platform
from croupier.api.player.forwarding import AtAnotherWorker, Forwarding
from croupier.api.player.replays import PREFIX, ReplayOf, read_replay_token
from croupier.domain.refusal import Refused
from croupier.runtime.round_runner import RoundRunner
from croupier.store.sessions import (
    IDLE_LIFE_US,
    LaunchTokenExpired,
    LaunchTokenUsed,
    SessionRow,
    session_of_play_token,
    touch_sessions,
    use_launch_token,
)

KNOWN_MAX = 50_000


class PlaySession:
    """A session that plays here. `seen_at` is written to the database from time to time."""

    __slots__ = ("row", "runner", "seen_at")

    def __init__(self, row: SessionRow, runner: RoundRunner) -> None:
        self.row = row
        self.runner = runner
        self.seen_at = row.seen_at


class Opened(msgspec.Struct, frozen=True):
    play_token: str
    session_id: str


class PlaySessions:
    def __init__(self, platform: Platform) -> None:
        self.platform = platform
        self.forwarding = Forwarding(platform.home)
        self._known: OrderedDict[str, PlaySession] = OrderedDict()
        self._touched: dict[str, int] = {}

    def known(self, token: str) -> PlaySession | None:
        """The session of this token, when memory has it and has heard of it within 24 hours."""
        session = self._known.get(token)
        if session is None:
            return None
        now = self.platform.now()
        if now - session.seen_at > IDLE_LIFE_US:
            del self._known[token]  # another server may have heard of it since: `find` looks
            return None
        if session.row.mode == "demo" and not self.platform.play_money.has(session.row.seat_key):
            raise Refused("session_expired", "This demo was idle for long and is forgotten. Start it again.")
        session.seen_at = now
        self._touched[session.row.session.session_id] = now
        return session

    async def find(self, token: str) -> PlaySession:
        """Refused ``unauthenticated`` for a token that is not ours, ``session_expired`` after 24 hours of silence.

        AtAnotherWorker for a demo that is played there.
        """
        session = self.known(token)
        if session is None:
            row = await session_of_play_token(self.platform.pool, token)
            if row is None:
                raise Refused("unauthenticated", "This play token is not known. Launch the game again.")
            if self.platform.now() - row.seen_at > IDLE_LIFE_US:
                raise Refused("session_expired", "No call came for 24 hours. Launch the game again.")
            if self._is_elsewhere(row):
                address = self.forwarding.address_of(row.subject.home or "")
                if address is None:
                    raise Refused("session_expired", "This demo is played at another server. Start it again.")
                raise AtAnotherWorker(address)
            self._keep(token, row)
            session = self.known(token)
            assert session is not None
        return session

    async def exchange(self, token: str) -> tuple[Opened, PlaySession | None]:
        """A launch token for a play token, once. A replay token is good for as long as it says."""
        platform = self.platform
        if token.startswith(PREFIX):
            of = self.replay(token)
            return Opened(token, f"replay:{of.round_id}"[:64]), None
        play_token = platform.token("pt_")
        try:
            row = await use_launch_token(platform.pool, token, play_token, platform.now())
        except LaunchTokenUsed:
            raise Refused("launch_token_used") from None
        except LaunchTokenExpired:
            raise Refused("launch_token_expired") from None
        if row is None:
            raise Refused("unauthenticated", "This launch link is not known.")
        if self._is_elsewhere(row):
            return Opened(play_token, row.session.session_id), None
        self._keep(play_token, row)
        session = await self.find(play_token)
        await session.runner.player_returned(row.seat_id, row.session.session_id)
        return Opened(play_token, row.session.session_id), session

    def _is_elsewhere(self, row: SessionRow) -> bool:
        return row.mode == "demo" and row.subject.home not in (None, self.forwarding.home)

    def replay(self, token: str) -> ReplayOf:
        of = read_replay_token(self.platform.replay_key, token, self.platform.now())
        if of is None:
            raise Refused("launch_token_expired", "This replay link is too old or was changed.")
        return of

    async def write_touched(self) -> None:
        """Tell the database which sessions were heard of since the last time."""
        if self._touched:
            touched, self._touched = self._touched, {}
            await touch_sessions(self.platform.pool, touched)

    def _keep(self, token: str, row: SessionRow) -> PlaySession:
        session = PlaySession(row, self.platform.runner_for(row.mode))
        self._known[token] = session
        if len(self._known) > KNOWN_MAX:
            self._known.popitem(last=False)
        return session
