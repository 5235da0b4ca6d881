"""What `/metrics` tells Prometheus of the libraries' own systems: what this process asked them, and what came."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from search_api.availability.health import Health


class LiveStatus(Collector):
    """The figures of a process's checker, read when somebody asks. Libraries without live status are left out."""

    def __init__(self, health: Callable[[], Mapping[str, Health]]) -> None:
        self._health = health

    def describe(self) -> Iterable[Metric]:
        return []

    def collect(self) -> Iterable[Metric]:
        found = {code: one for code, one in self._health().items() if one.protocol != "none"}
        questions = CounterMetricFamily(
            "allshelves_live_questions", "Questions to a library's own system.", labels=("library", "outcome")
        )
        compared = CounterMetricFamily(
            "allshelves_live_copies", "Copies of answers, held against the catalogue.", labels=("library", "known_to")
        )
        unknown = CounterMetricFamily(
            "allshelves_live_unknown_words", "Status words that no map knows.", labels=("library",)
        )
        resting = GaugeMetricFamily(
            "allshelves_live_resting", "1 while a system that failed is left alone.", labels=("library",)
        )
        seconds = GaugeMetricFamily(
            "allshelves_live_last_answer_seconds", "Seconds the last answer took.", labels=("library",)
        )
        answered = GaugeMetricFamily(
            "allshelves_live_last_answer_timestamp_seconds", "When it answered last.", labels=("library",)
        )
        for code, one in found.items():
            questions.add_metric((code, "answered"), one.answered)
            questions.add_metric((code, "failed"), one.failed)
            compared.add_metric((code, "both"), one.compared - one.only_live - one.only_catalogued)
            compared.add_metric((code, "system"), one.only_live)
            compared.add_metric((code, "catalogue"), one.only_catalogued)
            unknown.add_metric((code,), sum(one.unknown_words.values()))
            resting.add_metric((code,), float(one.resting_until is not None))
            if one.last_answer_at is not None:
                answered.add_metric((code,), one.last_answer_at.timestamp())
            if one.last_elapsed_seconds is not None:
                seconds.add_metric((code,), one.last_elapsed_seconds)
        return (questions, compared, unknown, resting, seconds, answered)
