"""What this process counts, for Prometheus. Counting is a dictionary's work; the rest happens when somebody asks."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from croupier.domain.exchange import Exchange
from croupier.runtime.admission import Admission, Load
from croupier.runtime.clock_watch import ClockWatch
from croupier.runtime.world import ExchangeLog

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"
BOUNDS_US = (1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000, 5_000_000)


class Metrics(Collector):
    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._registry.register(self)
        self._replies: Counter[tuple[str, str]] = Counter()
        self._calls: Counter[tuple[str, str]] = Counter()
        self._call_us = [0] * (len(BOUNDS_US) + 1)
        self._call_us_sum = 0
        self._gauges: list[tuple[str, str, Callable[[], float]]] = []
        self._admission: Admission | None = None
        self._clocks = ClockWatch()

    def gauge(self, name: str, text: str, value: Callable[[], float]) -> None:
        """A value that is looked at whenever somebody asks."""
        self._gauges.append((name, text, value))

    def watch(self, load: Load) -> None:
        self.gauge("croupier_append_wait_ms", "Oldest record that waits to be durable", load.append_wait_ms)
        self.gauge("croupier_loop_lag_ms", "How late the event loop is", lambda: load.loop_lag_ms)
        self.gauge("croupier_projector_lag_ms", "How far lists lie behind", lambda: load.projector_lag_ms)

    def watch_operators(self, admission: Admission, clocks: ClockWatch) -> None:
        self._admission, self._clocks = admission, clocks

    def replied(self, call: str, result: str) -> None:
        """An answer to a game client; `result`: ``ok``, or the code of the refusal."""
        self._replies[call, result] += 1

    def called(self, exchange: Exchange) -> None:
        """A wallet's answer, or its absence."""
        self._calls[exchange.call, exchange.verdict] += 1
        took = exchange.answer.timing.total_us
        self._call_us[bisect_left(BOUNDS_US, took)] += 1
        self._call_us_sum += took

    def page(self) -> bytes:
        return generate_latest(self._registry)

    def collect(self) -> Iterator[Metric]:
        replies = CounterMetricFamily("croupier_player_calls", "Answers to game clients", labels=["call", "result"])
        for labels, count in self._replies.items():
            replies.add_metric(labels, count)
        calls = CounterMetricFamily("croupier_wallet_calls", "Answers of wallets", labels=["call", "verdict"])
        for labels, count in self._calls.items():
            calls.add_metric(labels, count)
        yield replies
        yield calls
        yield self._durations()
        for name, text, value in self._gauges:
            yield GaugeMetricFamily(name, text, value=value())
        if self._admission is not None:
            yield from _operators(self._admission)
        clocks = GaugeMetricFamily("croupier_operator_clock_seconds", "Plus: ahead of ours", labels=["operator"])
        for operator_id, offset in self._clocks.offsets.items():
            clocks.add_metric([operator_id], offset.median_ms / 1000)
        yield clocks

    def _durations(self) -> Metric:
        buckets: list[tuple[str, float]] = []
        until_here = 0
        for bound, count in zip((*(b / 1e6 for b in BOUNDS_US), "+Inf"), self._call_us, strict=True):
            until_here += count
            buckets.append((str(bound), until_here))
        name, text = "croupier_wallet_call_seconds", "Duration of wallet calls"
        return HistogramMetricFamily(name, text, buckets=buckets, sum_value=self._call_us_sum / 1e6)


def _operators(admission: Admission) -> Iterator[Metric]:
    """How it stands with each operator's wallet that was called since the start."""
    labels = ["operator"]
    calling = GaugeMetricFamily("croupier_operator_calls", "Rounds whose wallet call is on its way", labels=labels)
    retrying = GaugeMetricFamily("croupier_operator_retries", "Wins and rollbacks to be sent again", labels=labels)
    open_now = GaugeMetricFamily("croupier_operator_breaker_open", "1: new bets wait for the wallet", labels=labels)
    opened = CounterMetricFamily("croupier_operator_breaker_opened", "How often new bets were stopped", labels=labels)
    shed = CounterMetricFamily("croupier_operator_bets_shed", "Bets refused for the wallet's sake", labels=labels)
    late = CounterMetricFamily("croupier_operator_late_answers", "Answers that no round waited for", labels=labels)
    for operator_id, standing in admission.standings.items():
        calling.add_metric([operator_id], admission.calls.held.get(operator_id, 0))
        retrying.add_metric([operator_id], admission.retries.held.get(operator_id, 0))
        open_now.add_metric([operator_id], 0 if standing.breaker.closed else 1)
        opened.add_metric([operator_id], standing.breaker.opened)
        shed.add_metric([operator_id], standing.shed)
        late.add_metric([operator_id], standing.late)
    yield from (calling, retrying, open_now, opened, shed, late)


class CountedExchanges:
    """An exchange log that counts what passes."""

    def __init__(self, metrics: Metrics, log: ExchangeLog) -> None:
        self.metrics = metrics
        self.log = log

    def add(self, exchange: Exchange) -> None:
        self.metrics.called(exchange)
        self.log.add(exchange)
