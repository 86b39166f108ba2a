"""The auditor: works everything out again from the raw records, the wire and the operator's own statement.

It uses neither `step` nor `apply`: a rule that the machine gets wrong is not wrong here as well. What it finds is
named by the invariant's number (docs: "Invariants").
"""

from collections import Counter, defaultdict
from collections.abc import Mapping

import msgspec

from croupier.domain.parties import Seat, Session
from croupier.domain.refusal import Refused
from croupier.games.game import Action, Game
from croupier.games.rng import Replay
from croupier.rounds.events import ActionRequested, BetRequested, GamePlayed
from croupier.runtime.requests import ActionRequest, BetRequest
from croupier.runtime.views import RoundView
from croupier.simulation.evidence import BetSeen, Reader, RoundSeen, SeatSeen, events_of
from croupier.simulation.network import Sent, Wire
from croupier.simulation.process import Operators
from croupier.simulation.store import Disk
from croupier.simulation.wallet import Movement, SimulatedWallet
from croupier.store.records import Record
from croupier.wallet.outcome import Accepted, Declined, Unknown

_json = msgspec.json.Encoder()
CLOCKS_DIFFER_US = 60_000_000
SEND_WINDOW_US = 5_100_000


class Violation(msgspec.Struct, frozen=True):
    """`invariant` like ``I-01``; `story`: the round as it went, line by line."""

    invariant: str
    round_id: str
    what: str
    story: tuple[str, ...]


class Auditor:
    def __init__(
        self,
        disk: Disk,
        wire: Wire,
        wallet: SimulatedWallet,
        operators: Operators,
        games: Mapping[str, Game],
        *,
        clock_is_true: bool,
        heard_after_s: float,
    ) -> None:
        """`heard_after_s`: at the latest then a process knows of every record, also of one it did not wait for."""
        self.clock_is_true = clock_is_true
        self.heard_after_s = heard_after_s
        self.disk = disk
        self.wire = wire
        self.wallet = wallet
        self.operators = operators
        self.games = games
        self.sessions: dict[str, Session] = {}
        self.deposits: Counter[str] = Counter()
        self.sometimes: Counter[str] = Counter()
        self.found: list[tuple[str, str, str]] = []
        self.reader = Reader()
        self._replies: dict[tuple[str, str], tuple[BetRequest | ActionRequest, bytes]] = {}

    # While it runs

    def deposit(self, player_id: str, currency: str, amount: int) -> None:
        self.wallet.book.open_account(player_id, currency, amount)
        self.deposits[player_id] += amount

    def begins(self, record: Record) -> None:
        """A process begins to write this record: new bets need an operator that is open."""
        if self.operators.operator.enabled or record.request_id is None:
            return
        for event in events_of(record):
            if isinstance(event, BetRequested) or (isinstance(event, ActionRequested) and event.cost):
                self._find("I-12", "", f"a bet was recorded while the operator was disabled: {record.request_id}")

    def shown(self, seat: Seat, request: BetRequest | ActionRequest, view: RoundView) -> None:
        """I-06: what a player sees of an action is durable, and the same at every repetition."""
        reveals = bytes(view.reveals)
        request_id = request.request_id
        first = self._replies.setdefault((seat.key.player_id, request_id), (request, reveals))
        if first != (request, reveals):
            self._find("I-06", view.round_id, f"request {request_id} was answered in two ways")
        stream = self.disk.streams.by_id[seat.seat_id]
        seq = stream.requests.get(request_id)
        durable = seq is not None and any(
            isinstance(event, GamePlayed) and event.reveals == reveals
            for record in stream.records[seq - 1 : seq + 40]
            for event in events_of(record)
        )
        if not durable:
            self._find("I-06", view.round_id, f"request {request_id} showed what no record holds")

    def refused(self, seat: Seat, request: BetRequest | ActionRequest, refused: Refused) -> None:
        """I-06: who has seen an action's outcome is never told later that it was refused."""
        first = self._replies.get((seat.key.player_id, request.request_id))
        if first is not None and first[0] == request and refused.code != "busy":
            self._find("I-06", refused.round_id or "", f"request {request.request_id} was shown, then {refused.code}")

    def _find(self, invariant: str, round_id: str, what: str) -> None:
        self.found.append((invariant, round_id, what))

    # At the end

    def audit(self) -> list[Violation]:
        """Everything that must hold of a world at rest."""
        self._records()
        for stream in self.disk.streams.by_id.values():
            self._seat(self.reader.read(stream))
        for stranger in self.reader.strangers:
            self._find("I-08", "", stranger)
        sent = self._wire()
        statement = self._statement()
        for seen in self.reader.seats.values():
            for r in seen.rounds:
                self._round(r, statement.pop(r.round_id, []), sent)
        for round_id, movements in statement.items():
            self._find("I-01", round_id, f"the operator moved money for a round that we do not know: {movements}")
        return [Violation(i, r, what, tuple(self._story(r))) for i, r, what in dict.fromkeys(self.found)]

    def _records(self) -> None:
        """I-02: what became durable is still there, unchanged, in order; I-16: time never runs back."""
        kept = {
            (record.seat_id, record.seq): record
            for stream in self.disk.streams.by_id.values()
            for record in stream.records
        }
        if len(kept) != len(self.disk.landed):
            self._find("I-02", "", f"{len(self.disk.landed)} records were written, {len(kept)} are there")
        for record in self.disk.landed:
            if kept.get((record.seat_id, record.seq)) is not record:
                self._find("I-02", "", f"record {record.seq} of {record.seat_id} was changed")
        for stream in self.disk.streams.by_id.values():
            for before, after in zip(stream.records, stream.records[1:], strict=False):
                if after.seq != before.seq + 1:
                    self._find("I-02", "", f"{stream.seat.seat_id}: {before.seq} is followed by {after.seq}")
                if after.at < before.at:
                    self._find("I-16", "", f"{stream.seat.seat_id}: time runs back at {after.seq}")

    def _seat(self, seen: SeatSeen) -> None:
        """I-11 one unfinished round, I-12 no bet without an open session."""
        for before, after in zip(seen.rounds, seen.rounds[1:], strict=False):
            if self._rest(before, self._sends_until_now) not in ("closed", "declined", "cancelled"):
                self._find("I-11", after.round_id, f"opened beside {before.round_id}, which was not finished")
        for r in seen.rounds:
            if r.session_ended_while_open:
                self.sometimes["session ended with an open round"] += 1
            for bet in r.bets:
                self._session(seen, r, bet)

    def _session(self, seen: SeatSeen, r: RoundSeen, bet: BetSeen) -> None:
        past = [(name, opened) for place, name, opened in seen.sessions if place < bet.place]
        current = next((name for name, opened in reversed(past) if opened), None)
        session = self.sessions.get(bet.session_id)
        if current != bet.session_id or past[-1] == (bet.session_id, False):
            self._find("I-12", r.round_id, f"bet {bet.transaction_id} was asked for after its session had ended")
        if session is not None and bet.at >= session.expires_at + CLOCKS_DIFFER_US:
            self._find("I-12", r.round_id, f"bet {bet.transaction_id} was asked for after its session had expired")
        limit = session.limits.max_bet if session is not None else None
        if limit is not None and bet is r.bets[0] and bet.amount > limit:
            self._find("I-16", r.round_id, f"a bet of {bet.amount}, the session allows {limit}")

    @property
    def _sends_until_now(self) -> Mapping[str, list[Sent]]:
        if not hasattr(self, "_sends"):
            self._sends: dict[str, list[Sent]] = defaultdict(list)
            for sent in self.wire.sent:
                self._sends[sent.transaction_id].append(sent)
        return self._sends

    @property
    def _max_life_s(self) -> int:
        return self.operators.operator.max_life_ms // 1000

    def _wire(self) -> Mapping[str, list[Sent]]:
        """I-08 one content for ever; I-03 no bet after its rollback; nothing is sent that no record asks for."""
        sends = self._sends_until_now
        for name, attempts in sends.items():
            r = self.reader.by_transaction.get(name)
            round_id = r.round_id if r is not None else ""
            if len({attempt.content for attempt in attempts}) > 1:
                self._find("I-08", round_id, f"{name} was sent with different contents")
            if r is not None:
                self._sendings(r, name, attempts, sends.get("r_" + name[2:], []))
            elif attempts[0].call != "balance":
                self._find("I-03", "", f"{attempts[0].call} {name} was sent, and no record asks for it")
        return sends

    def _sendings(self, r: RoundSeen, name: str, attempts: list[Sent], rollbacks: list[Sent]) -> None:
        """When a transaction may be sent, and when not any more."""
        if attempts[0].call == "bet":
            asked = next(bet for bet in r.bets if bet.transaction_id == name)
            if rollbacks and attempts[-1].time > rollbacks[0].time:
                self._find("I-03", r.round_id, f"bet {name} was sent after its rollback")
            if self.clock_is_true and attempts[0].at > asked.at + SEND_WINDOW_US:
                self._find("I-03", r.round_id, f"bet {name} left {attempts[0].at - asked.at} us after its stamp")
            if len(attempts) > r.opened.terms.bet_attempts:
                self._find("I-03", r.round_id, f"bet {name} was sent {len(attempts)} times")
        elif attempts[-1].time - attempts[0].time > self.operators.operator.id_retention_ms / 1000 - 3600 + 60:
            self._find("I-08", r.round_id, f"{name} was sent when the operator may have forgotten it")
        for first, last in r.silences:
            begin = self.disk.times[r.seat.seat_id, first] + self.heard_after_s
            end = self.disk.times[r.seat.seat_id, last] if last is not None else float("inf")
            if any(begin < attempt.time < end for attempt in attempts):
                self._find("I-10", r.round_id, f"{name} was sent while the round was suspended")

    def _statement(self) -> dict[str, list[Movement]]:
        """I-03: at most one effect per transaction and one rollback per bet, by the operator's own statement."""
        by_round: dict[str, list[Movement]] = defaultdict(list)
        balances = self.deposits.copy()
        seen: set[str] = set()
        for movement in self.wallet.statement:
            by_round[movement.round_id].append(movement)
            balances[movement.player_id] += movement.change
            if movement.by in seen:
                self._find("I-03", movement.round_id, f"{movement.by} moved money twice")
            seen.add(movement.by)
        for player_id, balance in balances.items():
            if self.wallet.book.balance(player_id) != balance:
                self._find("I-01", "", f"{player_id} has {self.wallet.book.balance(player_id)}, not {balance}")
        return by_round

    # One round

    def _round(self, r: RoundSeen, movements: list[Movement], sent: Mapping[str, list[Sent]]) -> None:
        self._draws(r)
        self._wins(r, movements)
        rest = self._rest(r, sent)
        self._count(r, movements, sent)
        if rest == "suspended":
            if r.stopped not in ("conflict", "too old", "staff", "void"):
                self._find("I-10", r.round_id, f"suspended because of {r.stopped}")
            return
        if rest == "unfinished":
            self._find("I-10", r.round_id, "faults have stopped, and it does not come to rest")
            return
        stake = 0 if rest in ("cancelled", "declined") else sum(bet.amount for bet in r.bets if bet.played)
        win = r.finished_play.win if r.finished_play is not None and rest == "closed" else 0
        moved = sum(movement.change for movement in movements)
        if moved != win - stake:
            self._find("I-01", r.round_id, f"{rest}: by our records the player's net is {win - stake}, he got {moved}")
        given_back = {m.by for m in movements if m.kind == "rollback"}
        for bet in r.bets:
            if bet.played and bet.rollback_id in given_back and not r.voided:
                self._find("I-07", r.round_id, f"{bet.transaction_id} was given back after its outcome")

    def _rest(self, r: RoundSeen, sent: Mapping[str, list[Sent]]) -> str:
        """``closed``, ``declined``, ``cancelled``, ``waiting`` for the player, ``suspended`` or ``unfinished``."""
        if r.stopped is not None:
            return "suspended"
        if r.ended is not None:
            return r.ended
        open_bets = [bet for bet in r.bets if not self._settled(r, bet, sent)]
        if r.voided:
            given_back = all(self._given_back(r, bet, sent) for bet in r.bets if bet.played)
            return "cancelled" if given_back and not open_bets else "unfinished"
        if r.finished_play is not None:
            return "closed" if r.finished_play.win_id is None or r.win_accepted else "unfinished"
        if open_bets:
            return "unfinished"
        if r.plays:
            return "waiting"
        return "cancelled" if r.bets[0].rollback_id in sent else "declined"

    def _settled(self, r: RoundSeen, bet: BetSeen, sent: Mapping[str, list[Sent]]) -> bool:
        """Played, given back, or certainly never taken."""
        if bet.played or self._given_back(r, bet, sent) or r.decided.get(bet.transaction_id) == "declined":
            return True
        return bet.rollback_id not in sent and any(isinstance(e.outcome, Declined) for _, e in bet.answers)

    def _given_back(self, r: RoundSeen, bet: BetSeen, sent: Mapping[str, list[Sent]]) -> bool:
        if r.decided.get(bet.rollback_id) == "accepted" or r.decided.get(bet.transaction_id) == "reversed":
            return True
        for answer in r.rollback_answers.get(bet.rollback_id, ()):
            if isinstance(answer.outcome, Accepted):
                return True
            last = max((attempt.at for attempt in sent.get(bet.transaction_id, ())), default=0)
            late = answer.sent_at > last + self._max_life_s * 1_000_000 - CLOCKS_DIFFER_US
            if isinstance(answer.outcome, Declined) and answer.outcome.reason == "not_found" and late:
                return True
        return False

    def _draws(self, r: RoundSeen) -> None:
        """I-04, I-05, I-09, I-14: every draw was paid for first, and gives exactly the result that was recorded."""
        for place in r.orphans:
            self._find("I-09", r.round_id, f"record {place[0]} holds a draw that nobody had asked for")
        game = self.games[r.seat.key.game_id]
        state: bytes = b"null"
        for number, play in enumerate(r.plays):
            event = play.event
            if play.bet is not None and (play.bet.accepted is None or play.bet.accepted > play.place):
                self._find("I-05", r.round_id, f"step {number} was drawn before its bet was accepted")
            if play.bet is not None and play.bet.exhausted:
                self._find("I-05", r.round_id, f"step {number} was drawn although its bet was given up")
            if number and r.plays[number - 1].event.finished:
                self._find("I-09", r.round_id, f"step {number} was drawn after the end")
            if event.action != play.action:
                self._find("I-09", r.round_id, f"step {number}: {play.action} was asked for, {event.action} played")
            choice = msgspec.json.decode(play.choice) if play.choice is not None else None
            action = Action(play.action, r.opened.mode, choice)
            try:
                again = game.play(msgspec.json.decode(state), action, Replay(event.draws))
            except Exception as error:  # noqa: BLE001 - whatever a game says to a wrong state or draw
                self._find("I-04", r.round_id, f"step {number} cannot be replayed: {error!r}")
                return
            same = (_json.encode(again.state), _json.encode(again.reveals), again.win * r.opened.unit, again.finished)
            if same != (event.state, event.reveals, event.win, event.finished):
                self._find("I-04", r.round_id, f"step {number} cannot be reproduced from its draws")
            state = event.state

    def _wins(self, r: RoundSeen, movements: list[Movement]) -> None:
        """I-04: no win without an accepted bet, and the sum of wins is the one that was drawn."""
        paid = sum(m.change for m in movements if m.kind == "win")
        drawn = r.finished_play.win if r.finished_play is not None else 0
        if paid not in (0, drawn):
            self._find("I-04", r.round_id, f"{paid} was paid as win, {drawn} was drawn")
        if paid and not any(m.kind == "bet" for m in movements):
            self._find("I-04", r.round_id, "a win was paid for a bet that the operator never took")

    def _count(self, r: RoundSeen, movements: list[Movement], sent: Mapping[str, list[Sent]]) -> None:
        """Sometimes-assertions: what a long run must have met, or it has proved little."""
        some = self.sometimes
        some["suspended by conflict"] += "conflict" in r.causes
        some["suspended by age"] += "too old" in r.causes
        some["resolved by two people"] += r.resolutions > 0
        some["voided and given back"] += r.voided
        some["abandoned and played out"] += any(play.action == "abandon" for play in r.plays)
        some["alarm about a pending win or rollback"] += r.alarms
        some["session expired with an open round"] += any(
            bet.session_id in self.sessions and play.event.at > self.sessions[bet.session_id].expires_at
            for bet in r.bets[:1]
            for play in r.plays[-1:]
        )
        for bet in r.bets:
            reasons = [e.outcome.reason for _, e in bet.answers if isinstance(e.outcome, Declined)]
            some["send dropped by the fence"] += "not_sent" in reasons
            some["bet asked for again and accepted"] += len(sent.get(bet.transaction_id, ())) > 1 and bet.played
            extra = bet is not r.bets[0]
            doubted = bet.exhausted or any(isinstance(e.outcome, Unknown) for _, e in bet.answers)
            some["extra bet with unknown outcome"] += extra and doubted
            given_back = self._given_back(r, bet, sent)
            some["extra bet given back and hand resumed"] += (
                extra and given_back and any(play.place > bet.place for play in r.plays)
            )
            undone = sent.get(bet.rollback_id, [])
            some["late acceptance during rollback"] += any(
                m.by == bet.transaction_id and m.at > first.at for m in movements for first in undone[:1]
            )
            refused = [
                answer
                for answer in r.rollback_answers.get(bet.rollback_id, ())
                if isinstance(answer.outcome, Declined) and answer.outcome.reason == "not_found"
            ]
            some["not-found believed"] += bool(refused) and given_back
            left = max((attempt.time for attempt in sent.get(bet.transaction_id, ())), default=0.0)
            early = (attempt for attempt in undone if attempt.time < left + self._max_life_s and not attempt.fault)
            some["not-found too early"] += bool(refused) and given_back and any(early)

    # Telling

    def _story(self, round_id: str) -> list[str]:
        """All that is known of a round, in the order of the journal, then the wire, then the statement."""
        lines: list[str] = []
        for stream in self.disk.streams.by_id.values():
            events = [(record, event) for record in stream.records for event in events_of(record)]
            inside = False
            for record, event in events:
                if isinstance(event, BetRequested):
                    inside = event.round_id == round_id
                if inside:
                    lines.append(f"record {record.seq} at {record.at}: {event}"[:400])
        r = next((r for seen in self.reader.seats.values() for r in seen.rounds if r.round_id == round_id), None)
        if r is not None:
            names = {name for name, owner in self.reader.by_transaction.items() if owner is r}
            lines += [
                f"sent {s.call} {s.transaction_id} at {s.at} {s.fault}"
                for s in self.wire.sent
                if s.transaction_id in names
            ][:60]
        lines += [f"operator: {m}" for m in self.wallet.statement if m.round_id == round_id]
        return lines
