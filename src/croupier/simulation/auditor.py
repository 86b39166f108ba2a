"""The auditor: works everything out again from the raw records, the wire and the operator's own statement.

It uses neither `step` nor `apply`: a rule that the machine gets wrong is not wrong here as well. What it finds is
named by the invariant's number (docs: "Invariants").
"""

import asyncio
import uuid
from collections import Counter, defaultdict
from collections.abc import Mapping

import msgspec

from croupier.domain.parties import Seat, Session
from croupier.domain.refusal import Refused
from croupier.games.game import ABANDON, Action, Game
from croupier.games.rng import Replay
from croupier.ledger.reconciliation import Report
from croupier.rounds.events import ActionRequested, BetRequested, GamePlayed
from croupier.rounds.round import FINISHED
from croupier.runtime.requests import ActionRequest, BetRequest
from croupier.runtime.views import RoundView
from croupier.simulation.bets import BetSeen
from croupier.simulation.crashes import Crashes
from croupier.simulation.evidence import Reader, RoundSeen, SeatSeen, events_of
from croupier.simulation.faults import Mix
from croupier.simulation.free_rounds import audit_counted, audit_free_rounds, audit_sums, count_free_rounds
from croupier.simulation.lost import Lost
from croupier.simulation.network import Wire
from croupier.simulation.process import Operators
from croupier.simulation.promotions import Promotions
from croupier.simulation.rest import CLOCKS_DIFFER_US, Sends, net, rest
from croupier.simulation.sendings import Sendings
from croupier.simulation.sometimes import count
from croupier.simulation.statements import missed
from croupier.simulation.store import Disk
from croupier.simulation.story import tell
from croupier.simulation.wallet import Movement, SimulatedWallet
from croupier.store.records import Record

NO_RANDOMNESS = "check failed: RandomnessFailed: the source repeats itself"

_json = msgspec.json.Encoder()


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
        promotions: Promotions,
        clock_is_true: bool,
        heard_after_s: float,
        mix: Mix,
    ) -> None:
        self.mix = mix
        self.disk = disk
        self.deaths: dict[str, float] = {}
        self.wire = wire
        self.wallet = wallet
        self.operators = operators
        self.games = games
        self.promotions = promotions
        self.left: dict[uuid.UUID, tuple[str, int]] = {}
        """What the platform says at rest of free rounds."""
        self.sessions: dict[str, Session] = {}
        self.deposits: Counter[str] = Counter()
        self.free_rounds: Counter[str] = Counter()
        """Those that the operator counts itself, as they were given."""
        self.sometimes: Counter[str] = Counter()
        self.lost = Lost()
        self.found: list[tuple[str, str, str]] = []
        self.reader = Reader()
        self.astray: frozenset[str] = frozenset()
        self.compared: Report | None = None
        """What reconciliation says of a world in which the books may differ; then what it says once it has repaired."""
        self.compared_again: Report | None = None
        self.before_repairs: list[Movement] = []
        self.repaired = 0
        terms = operators.operator
        self.sends = Sends(terms.max_life_ms // 1000)
        self.sendings = Sendings(
            disk,
            self.reader,
            clock_is_true=clock_is_true,
            heard_after_s=heard_after_s,
            retention_s=terms.id_retention_ms // 1000,
            alone=mix.processes == 1,
        )
        self._replies: dict[tuple[str, str], tuple[BetRequest | ActionRequest, bytes]] = {}
        self._begun: list[tuple[float, Record]] = []
        self._told: dict[str, float] = {}

    # While it runs

    def deposit(self, player_id: str, currency: str, amount: int, free_rounds: int = 0) -> None:
        account = self.wallet.book.open_account(player_id, currency, amount)
        self.wallet.pages.put_account(msgspec.structs.replace(account, free_rounds=free_rounds))
        self.free_rounds[player_id] += free_rounds
        self.deposits[player_id] += amount

    def begins(self, record: Record) -> None:
        """A process begins to write this record: new bets need an operator that is open."""
        self._begun.append((asyncio.get_running_loop().time(), record))
        operator = self.operators.operator
        if (operator.enabled and operator.open_to_play) or record.request_id is None:
            return
        for event in events_of(record):
            if isinstance(event, BetRequested) or (isinstance(event, ActionRequested) and event.cost):
                self._find("I-12", "", f"a bet was recorded while the operator was closed: {record.request_id}")

    def shown(self, seat: Seat, request: BetRequest | ActionRequest, view: RoundView) -> None:
        """I-06: what a player sees of an action is durable, and the same at every repetition."""
        reveals = bytes(view.reveals)
        request_id = request.request_id
        self._told.setdefault(request_id, asyncio.get_running_loop().time())
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
        self._journal()
        self.astray = self._astray()
        statement = self._statement()
        for seen in self.reader.seats.values():
            for r in seen.rounds:
                movements = self.lost.known(statement.pop(r.round_id, []))
                self._round(r, movements)
                count(self.sometimes, r, movements, self.sends, self.sessions)
        rounds = [r for seen in self.reader.seats.values() for r in seen.rounds]
        self._reconciled(rounds)
        if self.lost.kept:
            entries = self.wallet.pages.entries
            self.found.extend(self.lost.audit(self.disk, self.compared_again, entries, self.wallet.statement))
            self.lost.count(self.sometimes, self.disk, self.wallet.statement)
        Crashes(self.disk, self.deaths, self._begun, self._told, self.sends).count(self.sometimes, rounds)
        self.found.extend(audit_free_rounds(self.disk, rounds, self.sends, self.promotions, self.left))
        self.found.extend(audit_counted(rounds, self.wallet, self.free_rounds, self.astray, self.sends))
        sums = audit_sums(*(rounds, self.wallet, self.promotions, self.sends), astray=self.astray, heals=self.mix.heals)
        self.found.extend(sums)
        count_free_rounds(self.sometimes, self.disk, rounds)
        for round_id, movements in statement.items():
            if self.lost.known(movements):
                self._find("I-01", round_id, f"the operator moved money for a round that we do not know: {movements}")
        return [self._violation(*finding) for finding in dict.fromkeys(self.found)]

    def restore(self, kept: int) -> None:
        """The store loses what landed after its first `kept` records. What they show is audited before."""
        self._journal()
        for seen in self.reader.seats.values():
            for r in seen.rounds:
                self._draws(r)
        before, self.reader = self.reader, Reader()
        self.disk.restore(kept)
        for stream in self.disk.streams.by_id.values():
            self.reader.read(stream)
        self.lost = Lost.between(before, self.reader, self.disk, self.wire.sent)
        self.sendings.reader = self.reader = Reader()
        self.sendings.since = asyncio.get_running_loop().time()
        self.sends = Sends(self.sends.max_life_s)
        for forgotten in (self._replies, self._begun, self._told):
            forgotten.clear()

    def _journal(self) -> None:
        """Streams and sendings, each by itself."""
        self._records()
        self.sends.add(self.wire.sent)
        for stream in self.disk.streams.by_id.values():
            self._seat(self.reader.read(stream))
        for stranger in self.reader.strangers:
            self._find("I-08", "", stranger)
        self.found.extend(self.sendings.audit(self.sends))

    def _violation(self, invariant: str, round_id: str, what: str) -> Violation:
        told = tell(round_id, self.disk, self.reader, self.wire.sent, self.wallet.statement) if round_id else ()
        return Violation(invariant, round_id, what, told)

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
            if rest(before, self.sends) not in ("closed", "declined", "cancelled"):
                self._find("I-11", after.round_id, f"opened beside {before.round_id}, which was not finished")
        for r in seen.rounds:
            for bet in r.bets if r.sum is None else ():
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

    def _reconciled(self, rounds: list[RoundSeen]) -> None:
        """Where books may differ, every difference is found, none is invented, and none is left that a rule repairs."""
        if self.compared is None or self.compared_again is None:
            return
        moved: Counter[str] = Counter()
        for movement in self.before_repairs:
            moved[movement.round_id] += movement.change
        differing = {}
        for r in rounds:
            end = rest(r, self.sends)
            if end in ("closed", "cancelled", "declined") and moved[r.round_id] != net(r, end, self.sends):
                differing[r.round_id] = f"our net is {net(r, end, self.sends)}, the operator's {moved[r.round_id]}"
        self.found.extend(missed(self.compared, differing, self.astray))
        late = {bet.transaction_id: r for r in rounds for bet in r.bets if bet.found_late and r.over}
        for difference in self.compared.differences:
            r_late = late.get(difference.transaction_id)
            if r_late is not None and difference.action == "roll_back":
                what = f"the wallet had said that it took {difference.transaction_id}: only its statement was heard"
                self._find("I-01", r_late.round_id, what)
        self.sometimes["bet given back that was found late"] += len(late)
        for difference in self.compared_again.differences:
            side = difference.ours
            if difference.action == "roll_back" and side is not None and side.round_state in FINISHED:
                self._find("I-01", "", f"{difference.transaction_id} was not repaired: {difference.code}")
        self.sometimes["difference found by comparing statements"] += len(differing)
        self.sometimes["reconciliation repairs a bet later than max_life"] += self.repaired

    def _astray(self) -> frozenset[str]:
        """Rounds that met more than the rules can bear: a wallet that forgot, a message later than `max_life`."""
        late = {r.round_id for r in map(self.reader.by_transaction.get, self.wire.astray) if r is not None}
        return frozenset(late | self.wallet.forgotten)

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

    def _round(self, r: RoundSeen, movements: list[Movement]) -> None:
        self._draws(r)
        if r.round_id in self.astray:
            return  # no protocol between two parties can keep these equal; comparing the statements finds them
        self._wins(r, movements)
        end = rest(r, self.sends)
        if end == "suspended":
            failed = r.stopped == NO_RANDOMNESS and not self.mix.heals
            if r.stopped not in ("conflict", "too old", "staff", "void") and not failed:
                self._find("I-10", r.round_id, f"suspended because of {r.stopped}")
            return
        if end == "unfinished":
            if self.mix.heals:
                self._find("I-10", r.round_id, "faults have stopped, and it does not come to rest")
            return
        moved = sum(movement.change for movement in movements)
        if moved != net(r, end, self.sends):
            self._find(
                "I-01",
                r.round_id,
                f"{end}: by our records the player's net is {net(r, end, self.sends)}, he got {moved}",
            )
        back = {m.by for m in movements if m.kind == "rollback"}
        for bet in r.bets:
            voided = r.voided or (self.lost.kept and r.decided.get(bet.transaction_id) == "reversed")
            if bet.played and bet.rollback_id in back and not voided:
                self._find("I-07", r.round_id, f"{bet.transaction_id} was given back after its outcome")

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
            told = play.bet.accepted if play.bet is not None else None
            if told is not None and told[0] != play.place[0] and not r.silences:
                self._find("I-05", r.round_id, f"step {number} was drawn in another record than its bet's acceptance")
            if play.bet is not None and play.bet.exhausted:
                self._find("I-05", r.round_id, f"step {number} was drawn although its bet was given up")
            if number and r.plays[number - 1].event.finished:
                self._find("I-09", r.round_id, f"step {number} was drawn after the end")
            if event.action != play.action:
                self._find("I-09", r.round_id, f"step {number}: {play.action} was asked for, {event.action} played")
            choice = msgspec.json.decode(play.choice) if play.choice is not None else None
            action = Action(play.action, r.opened.mode, choice)
            state_before = msgspec.json.decode(state)
            try:
                price = game.price(state_before, action) * r.opened.unit if play.action != ABANDON else 0
                again = game.play(state_before, action, Replay(event.draws))
            except Exception as error:  # noqa: BLE001 - whatever a game says to a wrong state or draw
                self._find("I-04", r.round_id, f"step {number} cannot be replayed: {error!r}")
                return
            win, free = again.win * r.opened.unit, r.opened.free_round
            asked = play.bet.amount if play.bet is not None else 0
            if asked != (0 if free is not None and not number else price):
                self._find("I-04", r.round_id, f"step {number} costs {price}, the wallet was asked for {asked}")
            if event.win_id is not None and r.later:
                self._find("I-04", r.round_id, "a win of its own, although it is told in the sum")
            if event.finished and r.opened.terms.zero_win and event.win_id is None and not r.later:
                self._find("I-04", r.round_id, "the operator wants every round closed by a win, this one has none")
            if free is not None and free.win_max is not None:
                win = min(win, free.win_max)
            same = (_json.encode(again.state), _json.encode(again.reveals), win, again.finished)
            if same != (event.state, event.reveals, event.win, event.finished):
                self._find("I-04", r.round_id, f"step {number} cannot be reproduced from its draws")
            state = event.state

    def _wins(self, r: RoundSeen, movements: list[Movement]) -> None:
        """I-04: no win without an accepted bet, and the sum of wins is the one that was drawn."""
        paid = sum(m.change for m in movements if m.kind == "win")
        drawn = r.pays
        if paid not in (0, drawn):
            self._find("I-04", r.round_id, f"{paid} was paid as win, {drawn} was drawn")
        free = r.opened.free_round is not None or r.bets[0].charged
        if paid and not free and not any(m.kind == "bet" for m in movements):
            self._find("I-04", r.round_id, "a win was paid for a bet that the operator never took")
