"""What Prometheus is told of the libraries' own systems, read back with its own parser."""

from __future__ import annotations

from datetime import UTC, datetime

from prometheus_client import CollectorRegistry
from prometheus_client.exposition import generate_latest
from prometheus_client.parser import text_string_to_metric_families

from search_api.availability.health import Health
from search_api.availability.live_metrics import LiveStatus

AT = datetime(2026, 11, 21, 8, tzinfo=UTC)


def told(**health: Health) -> dict[tuple[str, ...], float]:
    registry = CollectorRegistry()
    registry.register(LiveStatus(lambda: health))
    families = text_string_to_metric_families(generate_latest(registry).decode())
    samples = [sample for family in families for sample in family.samples]
    return {(s.name, *(s.labels[n] for n in sorted(s.labels, key="library".__ne__))): s.value for s in samples}


def test_a_system_that_fails_is_seen() -> None:
    failing = Health("alpha", "daia", asked=5, answered=3, failed=2, failing_since=AT, resting_until=AT)
    found = told(alpha=failing)
    assert found["allshelves_live_questions_total", "alpha", "answered"] == 3
    assert found["allshelves_live_questions_total", "alpha", "failed"] == 2
    assert found["allshelves_live_resting", "alpha"] == 1


def test_what_an_answer_took_and_what_nobody_understood_are_told() -> None:
    well = Health("beta", "daia", asked=1, answered=1, last_answer_at=AT, last_elapsed_seconds=0.25)
    words = Health("gamma", "web", unknown_words={"修整": 2, "外展": 1})
    found = told(beta=well, gamma=words)
    assert found["allshelves_live_last_answer_seconds", "beta"] == 0.25
    assert found["allshelves_live_last_answer_timestamp_seconds", "beta"] == AT.timestamp()
    assert found["allshelves_live_resting", "beta"] == 0
    assert found["allshelves_live_unknown_words_total", "gamma"] == 3
    assert ("allshelves_live_last_answer_seconds", "gamma") not in found, "it never answered"


def test_copies_are_told_by_who_knows_them() -> None:
    found = told(beta=Health("beta", "daia", compared=10, only_live=2, only_catalogued=3))
    assert {who: found["allshelves_live_copies_total", "beta", who] for who in ("both", "system", "catalogue")} == {
        "both": 5,
        "system": 2,
        "catalogue": 3,
    }


def test_a_library_without_live_status_is_left_out() -> None:
    assert not told(delta=Health("delta", "none"))
