"""What `/metrics` tells Prometheus: how members' harvests stand, how their systems and requests are answered.

All of harvesting is read from the database when it is asked for, so it does not matter which process harvested, and
nothing is forgotten with one. Requests, and questions to the libraries' systems, are counted by the process itself.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable, Mapping

from fastapi import APIRouter, Request
from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from harvester.run_state import agreed as agreed_with
from harvester.run_state import removed, totals
from harvester.standing import Standing, standings
from harvester.store import Store
from mappings.library import Library
from search_api.availability.health import Health
from search_api.availability.live_metrics import LiveStatus
from search_api.errors import Unauthorised
from search_api.services import Services
from search_api.staff.secrets import same

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5)
"""The bounds of the histogram of answers."""

METHODS = {"GET", "HEAD", "POST", "OPTIONS"}
"""Others share one name: whoever asks may call a method whatever they like."""

CAME = ("new", "changed", "unchanged", "unreadable")
LEFT = ("deleted", "vanished")
"""What is counted of records: what came, and what left as it was said to be deleted, or as a list lacked it."""

FRESHNESS = ("never", "unproven", "fresh", "late", "alarm")

router = APIRouter()


class Metrics:
    """The figures of one application."""

    def __init__(
        self, store: Store, libraries: Mapping[str, Library], live: Callable[[], Mapping[str, Health]]
    ) -> None:
        self.registry = CollectorRegistry()
        self.registry.register(_Harvests(store, libraries))
        self.registry.register(LiveStatus(live))
        names = ("route", "method", "status")
        self.answers = Counter(
            "allshelves_http_requests", "Requests answered, by route.", names, registry=self.registry
        )
        self.seconds = Histogram(
            "allshelves_http_request_seconds",
            "Seconds until an answer began.",
            ("route",),
            buckets=SECONDS,
            registry=self.registry,
        )

    def exposition(self) -> bytes:
        """All figures as they are now, in Prometheus' text format."""
        return generate_latest(self.registry)


class MeasuredRequests:
    """Counts requests and times the beginning of their answers, by the route's pattern: never by what was asked."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = time.perf_counter()

        async def measured(message: Message) -> None:
            if message["type"] == "http.response.start":
                route = getattr(scope.get("route"), "path", "") or "(none)"
                method = scope["method"] if scope["method"] in METHODS else "other"
                self._metrics.answers.labels(route, method, str(message["status"])).inc()
                self._metrics.seconds.labels(route).observe(time.perf_counter() - begun)
            await send(message)

        await self._app(scope, receive, measured)


class _Harvests(Collector):
    """How the members' harvests stand, read when somebody asks."""

    def __init__(self, store: Store, libraries: Mapping[str, Library]) -> None:
        self._store = store
        self._libraries = libraries

    def describe(self) -> Iterable[Metric]:
        return []  # else registering would read the database

    def collect(self) -> Iterable[Metric]:
        found = standings(self._store, self._libraries)
        yield from _gauges(found)
        yield _states(found)
        yield from self._runs()

    def _runs(self) -> Iterable[Metric]:
        runs = CounterMetricFamily(
            "allshelves_harvests", "Harvests that have ended.", labels=("library", "kind", "status")
        )
        agreed = CounterMetricFamily(
            "allshelves_harvests_agreed", "What was held and a person agreed with.", labels=("library",)
        )
        seconds = CounterMetricFamily("allshelves_harvest_seconds", "Seconds of harvests.", labels=("library",))
        records = CounterMetricFamily(
            "allshelves_harvested_records", "Records that came, and that left.", labels=("library", "what")
        )
        spent: dict[str, float] = {}
        came: dict[tuple[str, str], int] = {}
        with self._store.reading() as connection:
            for row in totals(connection):
                if row.library in self._libraries:
                    runs.add_metric((row.library, row.kind, row.status), row.runs)
                    spent[row.library] = spent.get(row.library, 0.0) + row.seconds
                    for what in CAME:
                        key = (row.library, what)
                        brought = row.kind != "sweep"  # a sweep lists names, it brings no records
                        came[key] = came.get(key, 0) + brought * int(row._mapping[what])
                    for what in LEFT:
                        came.setdefault((row.library, what), 0)
            for (library, reason), count in removed(connection).items():
                if library in self._libraries:
                    key = (library, "deleted" if reason == "stated" else "vanished")
                    came[key] = came.get(key, 0) + int(count)
            for library, times in agreed_with(connection).items():
                if library in self._libraries:
                    agreed.add_metric((library,), times)
        for library, total in spent.items():
            seconds.add_metric((library,), total)
        for labels, count in came.items():
            records.add_metric(labels, count)
        yield from (runs, agreed, seconds, records)


def _gauges(found: Mapping[str, Standing]) -> Iterable[Metric]:
    def gauge(name: str, text: str, values: Mapping[str, float | None]) -> Metric:
        family = GaugeMetricFamily(f"allshelves_{name}", text, labels=("library",))
        for code, value in values.items():
            if value is not None:
                family.add_metric((code,), value)
        return family

    def each(one: Standing) -> dict[str, float | None]:
        proven, due = one.state.last_complete_at, one.next_at
        unknown = one.state.last_run is not None and one.state.last_run.cause == "host_unknown"
        return {
            "last_proven_harvest_timestamp_seconds": None if proven is None else proven.timestamp(),
            "next_harvest_timestamp_seconds": None if due is None else due.timestamp(),
            "records": one.state.records,
            "records_quarantined": one.state.quarantined,
            "deletions_held": sum(hold.records for hold in one.holds),
            "files_refused": len(one.refused),
            "unproven_harvests": one.unproven,
            "host_unknown": float(unknown),
        }

    figures = {code: each(one) for code, one in found.items()}
    for name, text in GAUGES.items():
        yield gauge(name, text, {code: values[name] for code, values in figures.items()})


def _states(found: Mapping[str, Standing]) -> Metric:
    family = GaugeMetricFamily("allshelves_harvest_freshness", "1 for how it stands.", labels=("library", "freshness"))
    for code, one in found.items():
        for freshness in FRESHNESS:
            family.add_metric((code, freshness), float(one.freshness == freshness))
    return family


GAUGES: Mapping[str, str] = {
    "last_proven_harvest_timestamp_seconds": "When the last harvest that was proven complete ended.",
    "next_harvest_timestamp_seconds": "When the next harvest is due.",
    "records": "Live raw records.",
    "records_quarantined": "Records that could not be read.",
    "deletions_held": "Records that would leave and wait for a person.",
    "files_refused": "Files that cannot be read and keep those after them waiting.",
    "unproven_harvests": "Harvests since the last proven one.",
    "host_unknown": "1 when the name of the library's host leads nowhere.",
}
"""Figures of one library: the name after ``allshelves_`` and what it means."""


@router.get("/metrics", include_in_schema=False)
async def metrics(request: Request) -> Response:
    """The figures for Prometheus. Nothing of readers or staff is in them; where a token is set it has to be brought.

    Raises: Unauthorised.
    """
    services: Services = request.app.state.services
    expected = services.settings.metrics_token
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    if expected and not (scheme.lower() == "bearer" and same(given.strip(), expected)):
        raise Unauthorised("This needs the token of ALLSHELVES_METRICS_TOKEN, as Authorization: Bearer …")
    found: Metrics = request.app.state.metrics
    return Response(await asyncio.to_thread(found.exposition), media_type=CONTENT_TYPE_LATEST)
