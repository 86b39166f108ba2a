"""The wire between a process and the wallet: what leaves may arrive once, twice, late, changed or not at all."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from hashlib import blake2b

import msgspec

from croupier.domain.exchange import HttpRequest, HttpResponse, NoAnswer
from croupier.simulation.agreed import Watched, stranger
from croupier.simulation.clock import SimulatedClock
from croupier.simulation.faults import Faults
from croupier.simulation.wallet import SimulatedWallet
from croupier.wallet.outcome import Accepted

LATE_S = 580.0
"""Latest arrival of a delayed request that the rules can bear: `max_life`, less what the clocks may differ."""

HOUR_US = 3_600_000_000

Answer = HttpResponse | NoAnswer


class Heard(asyncio.Future[Answer]):
    """`came`: what came when the sender had given up, or would have, had it not been stopped."""

    came: Answer | None = None


STATUS = {
    "redirect": (302, (("location", "https://elsewhere.example/"),)),
    "not_found": (404, ()),
    "request_timeout": (408, ()),
    "conflict_409": (409, ()),
    "too_early": (425, ()),
    "too_many": (429, ()),
    "too_many_wait": (429, (("retry-after", "40"),)),
    "error_500": (500, ()),
    "error_502": (502, ()),
    "error_503": (503, ()),
    "error_503_wait": (503, (("retry-after", "120"),)),
    "error_504": (504, ()),
}


GARBLED: dict[str, Callable[[bytes], bytes]] = {
    "html": lambda _: b"<html><body>Please wait</body></html>",
    "truncated": lambda body: body[: len(body) // 2],
    "not_json": lambda body: body + b"}",
    "wrong_currency": lambda body: (
        body.replace(b'"currency":"EUR"', b'"currency":"JPY"')
        if b'"EUR"' in body
        else body.replace(b'"currency":"', b'"currency":"X')
    ),
    "float_balance": lambda body: body.replace(b'"currency"', b'"x":1.5,"currency"'),
    "no_reference": lambda body: body.replace(b'"transaction_id"', b'"transaction"'),
    "doubled_key": lambda body: body.replace(b'"balance":', b'"balance":7,"balance":'),
    "huge": lambda body: body[:-1] + b',"pad":"' + b"x" * 70_000 + b'"}',
}


class Sent(msgspec.Struct):
    """One attempt as it left a process. `fault` says what the wire did with it."""

    at: int
    """By the sender's clock."""
    call: str
    transaction_id: str
    content: bytes
    fault: str
    time: float
    """On the simulation's own clock, which nobody sets."""
    writer: str
    """The process that sent it."""
    heard: float | None = None
    """When the sender got an answer, or gave up."""


class Wire:
    """Carries requests, and remembers what was sent: the auditor's second witness."""

    def __init__(
        self, clock: SimulatedClock, wallet: SimulatedWallet, faults: Faults, rng: random.Random, watched: Watched
    ) -> None:
        self.clock = clock
        self.watched = watched
        self.wallet = wallet
        self.faults = faults
        self.rng = rng
        self.sent: list[Sent] = []
        self.in_flight = 0
        self.down_until = 0.0
        self.astray: set[str] = set()
        """What arrived later than any rule can bear."""
        self.trace = blake2b(digest_size=12)
        self._ways = {
            "outage": self._outage,
            **dict.fromkeys(("request_lost", "refused", "dns", "tls", "reset_before"), self._broken),
            **dict.fromkeys(("answer_lost", "late_request", "late_answer", "reset_after"), self._unanswered),
            **dict.fromkeys(("twice", "twice_late"), self._repeated),
            **dict.fromkeys(("foreign_answer", "forged"), self._made_up),
            "slow_answer": self._slow,
        }

    async def carry(self, request: HttpRequest, writer: str, at: int, runs: Callable[[], Awaitable[None]]) -> Answer:
        """What the sender hears, within the request's time-out. `writer`: the process that sends, `at` by its clock.

        `runs`: returns when the sender is not stopped. What came until then lies in its socket: it is read before the
        clock is looked at.
        """
        loop = asyncio.get_running_loop()
        heard = Heard(loop=loop)
        fault = "outage" if loop.time() < self.down_until else self.faults.wire()
        there, back = self.rng.uniform(0.002, 0.06), self.rng.uniform(0.002, 0.06)
        sent = self._remember(request, fault or "", writer, at)
        self._send(fault, request, heard, there, back)
        answer = await heard
        await runs()
        sent.heard = loop.time()
        return heard.came or answer

    def _send(self, fault: str | None, request: HttpRequest, heard: Heard, there: float, back: float) -> None:
        if fault is None:
            asyncio.get_running_loop().call_later(there, self._arrive, request, heard, back, None)
        else:
            self._ways.get(fault, self._answered)(fault, request, heard, there, back)

    def _remember(self, request: HttpRequest, fault: str, writer: str, at: int) -> Sent:
        call = self.watched.call_of(request)
        kind, time = str(type(call).__struct_config__.tag), asyncio.get_running_loop().time()
        sent = Sent(at, kind, call.id, self._content(request), fault, time, writer)
        self.sent.append(sent)
        self.trace.update(request.body)
        return sent

    def _content(self, request: HttpRequest) -> bytes:
        """What must be the same at every attempt. Some APIs number their attempts: then, what the operator reads."""
        if self.watched.name == "native":
            return request.body
        return msgspec.json.encode(self.wallet.half.read(request, self.wallet.operator, None))

    def _arrive(self, request: HttpRequest, heard: Heard | None, back: float, spoil: str | None) -> None:
        response = self.wallet.receive(request, self.clock.now())
        if heard is not None:
            answer = response if spoil is None else self._spoilt(request, response, spoil)
            asyncio.get_running_loop().call_later(back, _told, heard, answer)

    def _arrive_late(self, request: HttpRequest, heard: Heard | None) -> None:
        self.in_flight -= 1
        response = self.wallet.receive(request, self.clock.now())
        if heard is not None:
            heard.came = response

    def _later(self, request: HttpRequest, seconds: float, heard: Heard | None = None) -> None:
        self.in_flight += 1
        if seconds > LATE_S:
            self.astray.add(self.watched.call_of(request).id)
        asyncio.get_running_loop().call_later(seconds, self._arrive_late, request, heard)

    def _unheard(self, request: HttpRequest, heard: Heard) -> None:
        asyncio.get_running_loop().call_later(request.timeout_ms / 1000, _told, heard, NoAnswer("timeout"))

    # Families of faults

    def _outage(self, _: str, request: HttpRequest, heard: Heard, there: float, back: float) -> None:
        self.faults.count("outage")
        if self.rng.random() < 0.3:
            self._unheard(request, heard)
        else:
            answer = self.rng.choice((NoAnswer("refused", sent=False), HttpResponse(503, (), b""), NoAnswer("reset")))
            asyncio.get_running_loop().call_later(there + back, _told, heard, answer)

    def _broken(self, fault: str, request: HttpRequest, heard: Heard, there: float, _: float) -> None:
        """No byte of it arrives, and the sender knows or does not."""
        if fault == "request_lost":
            self._unheard(request, heard)
            return
        answer = NoAnswer("reset") if fault == "reset_before" else NoAnswer(fault, sent=False)
        asyncio.get_running_loop().call_later(there, _told, heard, answer)

    def _unanswered(self, fault: str, request: HttpRequest, heard: Heard, there: float, back: float) -> None:
        """It arrives, now or later, and the sender does not hear of it."""
        if fault == "late_request":
            self._later(request, self.faults.delay(), heard)
        else:
            asyncio.get_running_loop().call_later(there, self._arrive, request, None, back, None)
        if fault == "reset_after":
            asyncio.get_running_loop().call_later(there + back, _told, heard, NoAnswer("reset"))
        else:
            self._unheard(request, heard)

    def _repeated(self, fault: str, request: HttpRequest, heard: Heard, there: float, back: float) -> None:
        self._later(request, there if fault == "twice" else self.faults.delay())
        asyncio.get_running_loop().call_later(there, self._arrive, request, heard, back, None)

    def _slow(self, _: str, request: HttpRequest, heard: Heard, there: float, back: float) -> None:
        """As it should be, and nearly too late."""
        slow = back + self.rng.uniform(0.1, 0.95) * request.timeout_ms / 1000
        asyncio.get_running_loop().call_later(there, self._arrive, request, heard, slow, None)

    def _made_up(self, fault: str, request: HttpRequest, heard: Heard, there: float, back: float) -> None:
        """Not the wallet's: somebody's who has no secret, or a cache's that mixes up its customers."""
        call = self.watched.call_of(request)
        if fault == "foreign_answer":
            currency = "JPY" if call.context.currency == "EUR" else "EUR"
            call = msgspec.structs.replace(call, context=msgspec.structs.replace(call.context, currency=currency))
        answer = self.wallet.half.answer(request, call, Accepted(1000, "op-0"), self.wallet.operator)
        asyncio.get_running_loop().call_later(there + back, _told, heard, answer)

    def _answered(self, fault: str, request: HttpRequest, heard: Heard, there: float, back: float) -> None:
        """An answer that means nothing, from a wallet that acted on the request or from a proxy before it."""
        if fault in STATUS and self.rng.random() < 0.4:
            answer = self._spoilt(request, HttpResponse(200, (), b""), fault)
            asyncio.get_running_loop().call_later(there + back, _told, heard, answer)
        else:
            asyncio.get_running_loop().call_later(there, self._arrive, request, heard, back, fault)

    def _spoilt(self, request: HttpRequest, response: HttpResponse, fault: str) -> HttpResponse:
        if fault in STATUS:
            status, headers = STATUS[fault]
            return HttpResponse(status, headers, response.body if self.rng.random() < 0.5 else b"")
        if fault in ("bad_signature", "old_signature"):
            half, operator, at = self.wallet.half, self.wallet.operator, self.clock.now()
            bare = HttpResponse(response.status, (), response.body)
            if fault == "bad_signature":
                return half.signed(request, bare, stranger(operator), at)
            # As if this answer had been given an hour ago, to the same call.
            earlier = self.watched.dialect.request(self.watched.call_of(request), operator, at - HOUR_US)
            return half.signed(earlier, bare, operator, at - HOUR_US)
        return HttpResponse(response.status, response.headers, GARBLED[fault](response.body))


def _told(heard: Heard, answer: Answer) -> None:
    if not heard.done():
        heard.set_result(answer)
