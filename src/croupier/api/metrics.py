"""What this process counts, for Prometheus."""

from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from croupier.domain.exchange import Exchange
from croupier.runtime.admission import Load
from croupier.runtime.world import ExchangeLog

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"
SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)


class Metrics:
    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.replies = Counter(
            "croupier_player_calls", "Answers to game clients", ["call", "result"], registry=self.registry
        )
        self._replies: dict[tuple[str, str], Counter] = {}
        self.calls = Counter("croupier_wallet_calls", "Answers of wallets", ["call", "verdict"], registry=self.registry)
        self.call_seconds = Histogram(
            "croupier_wallet_call_seconds", "Duration of wallet calls", buckets=SECONDS, registry=self.registry
        )
        self._gauges: list[tuple[Gauge, Callable[[], float]]] = []

    def gauge(self, name: str, text: str, value: Callable[[], float]) -> None:
        """A value that is looked at whenever somebody asks."""
        self._gauges.append((Gauge(name, text, registry=self.registry), value))

    def watch(self, load: Load) -> None:
        self.gauge("croupier_append_wait_ms", "Oldest record that waits to be durable", load.append_wait_ms)
        self.gauge("croupier_loop_lag_ms", "How late the event loop is", lambda: load.loop_lag_ms)
        self.gauge("croupier_projector_lag_ms", "How far lists lie behind", lambda: load.projector_lag_ms)

    def replied(self, call: str, result: str) -> None:
        """`result`: ``ok``, or the code of the refusal."""
        key = call, result
        counter = self._replies.get(key)
        if counter is None:
            counter = self._replies[key] = self.replies.labels(*key)
        counter.inc()

    def page(self) -> bytes:
        for gauge, value in self._gauges:
            gauge.set(value())
        return generate_latest(self.registry)


class CountedExchanges:
    """An exchange log that counts what passes."""

    def __init__(self, metrics: Metrics, log: ExchangeLog) -> None:
        self.metrics = metrics
        self.log = log
        self._labels: dict[tuple[str, str], Counter] = {}

    def add(self, exchange: Exchange) -> None:
        key = exchange.call, exchange.verdict
        counter = self._labels.get(key)
        if counter is None:
            counter = self._labels[key] = self.metrics.calls.labels(*key)
        counter.inc()
        self.metrics.call_seconds.observe(exchange.answer.timing.total_us / 1_000_000)
        self.log.add(exchange)
