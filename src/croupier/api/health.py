"""For whoever runs the platform: is the process up, can it work, and how is it doing."""

import asyncpg
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from croupier.api.platform import Platform
from croupier.store.partitions import months_ahead


class Health:
    def __init__(self, platform: Platform) -> None:
        self.platform = platform
        self.registry = CollectorRegistry()
        self.registry.register(Gauges(platform))

    def routes(self) -> list[BaseRoute]:
        return [
            Route("/healthz", self.alive),
            Route("/readyz", self.ready),
            Route("/metrics", self.metrics),
        ]

    async def alive(self, _: Request) -> Response:
        return JSONResponse({"status": "up"})

    async def ready(self, _: Request) -> Response:
        """200 when the database answers and the journal has room for the time to come; else 503 and why."""
        try:
            ahead = await months_ahead(self.platform.pool, self.platform.now())
        except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            return JSONResponse({"status": "database", "detail": type(error).__name__}, 503)
        if ahead < 1:
            return JSONResponse({"status": "partitions", "detail": "run croupier migrate"}, 503)
        return JSONResponse({"status": "ready"})

    async def metrics(self, _: Request) -> Response:
        return Response(generate_latest(self.registry), media_type=CONTENT_TYPE_LATEST)


class Gauges(Collector):
    """Read when asked for: a round pays nothing for being counted."""

    def __init__(self, platform: Platform) -> None:
        self.platform = platform

    def collect(self) -> list[Metric]:
        runner = self.platform.runner
        load = runner.admission.load
        metrics: list[Metric] = [
            GaugeMetricFamily("croupier_seats", "Seats in memory", len(runner.seats)),
            GaugeMetricFamily("croupier_rounds_driven", "Rounds that wait for a wallet", runner.driven),
            GaugeMetricFamily("croupier_append_wait_ms", "Age of the oldest append", load.append_wait_ms()),
            GaugeMetricFamily("croupier_loop_lag_ms", "How late the event loop is", load.loop_lag_ms),
            GaugeMetricFamily("croupier_projector_lag_ms", "How far lists lag behind", load.projector_lag_ms),
        ]
        calls = CounterMetricFamily("croupier_wallet_calls", "Wallet calls by outcome", labels=("outcome",))
        for outcome, count in runner.calls.counted.items():
            calls.add_metric((outcome,), count)
        metrics.append(calls)
        return metrics
