"""When a member is harvested next: what its last runs came to, its schedule, its quiet hours."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from harvester.errors import ComeBackLater, HostUnknown
from harvester.runs import RunOutcome
from harvester.schedule import Past, due_next, next_harvest, pasts
from harvester.store import Store
from mappings.schedule import Schedule
from tests.support.oai import oai_library

T = datetime(2024, 5, 1, 2, 0, tzinfo=UTC)  # ten in the morning in Taipei
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


def ended(status: str = "complete", **values: Any) -> RunOutcome:
    return RunOutcome("lib", "incremental", status, T, 60.0, **{"ended_at": T + MINUTE, **values})  # type: ignore[arg-type]


DAILY, QUIET = Schedule(), Schedule(quiet="08:00-22:00")
NOW = T + 2 * HOUR

NEXT = [
    (DAILY, Past(), NOW, "never harvested: now"),
    (QUIET, Past(), T + 12 * HOUR, "never harvested, but not now"),
    (DAILY, Past(ended()), T + 24 * HOUR, "a day after it began"),
    (DAILY, Past(ended(ended_at=T + 30 * HOUR)), T + 31 * HOUR, "one that takes longer than a day is let rest"),
    (Schedule(every_hours=0.5), Past(ended(ended_at=T + 2 * HOUR)), T + 2.5 * HOUR, "no longer than its own distance"),
    (QUIET, Past(ended()), T + 36 * HOUR, "a day after is within quiet hours"),
    (DAILY, Past(ended("failed", cause="unreachable"), 1), T + 16 * MINUTE, "failed once"),
    (DAILY, Past(ended("failed", cause="unreachable"), 3), T + 61 * MINUTE, "failed three times"),
    (DAILY, Past(ended("failed", cause="unreachable"), 999), T + 24 * HOUR, "failed for weeks: no rarer than else"),
    (Schedule(every_hours=0.25), Past(ended("failed", cause="unreachable"), 1), T + 16 * MINUTE, "often"),
    (DAILY, Past(ended("failed", cause="host_unknown"), 1), T + 16 * MINUTE, "a name may come back"),
    (DAILY, Past(ended("failed", cause="not_let_in"), 1), T + 24 * HOUR, "asking again lets nobody in"),
    (DAILY, Past(ended("failed", cause="not_there"), 1), T + 24 * HOUR, "nor brings an address back"),
    (DAILY, Past(ended("failed", cause="settings"), 1), T + 16 * MINUTE, "mended here, and nobody is asked meanwhile"),
    (DAILY, Past(ended("unverified"), 1), T + 61 * MINUTE, "a doubtful list is asked for again"),
    (DAILY, Past(ended("unverified", held=900), 1), T + 24 * HOUR, "what is held waits for a person"),
    (DAILY, Past(ended("failed", come_back_at=T + 5 * HOUR), 1), T + 5 * HOUR, "as the server asked"),
    (DAILY, Past(ended("failed", come_back_at=T + 90 * HOUR), 1), T + 90 * HOUR, "however long"),
    (DAILY, Past(ended("failed", come_back_at=T + MINUTE), 1), T + 16 * MINUTE, "and not before our own time"),
    (DAILY, Past(ended(), interrupted=True), NOW, "stopped in the middle: at once"),
    (QUIET, Past(ended(), interrupted=True), T + 12 * HOUR, "stopped as quiet hours began"),
    (DAILY, Past(ended("failed", come_back_at=T + 5 * HOUR), 1, interrupted=True), T + 5 * HOUR, "but as asked"),
    (Schedule(by_itself=False), Past(), None, "a person says when"),
]  # fmt: skip


@pytest.mark.parametrize(("schedule", "past", "expected", "why"), NEXT)
def test_when_the_next_harvest_is(schedule: Schedule, past: Past, expected: datetime | None, why: str) -> None:
    assert next_harvest(schedule, past, NOW) == expected, why


class Clock:
    now = T

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> Iterator[Store]:
    opened = Store.open(f"sqlite:///{tmp_path}/catalogue.sqlite3", clock)
    yield opened
    opened.close()


def past(store: Store) -> Past:
    return pasts(store, ["lib"])["lib"]


def fail(store: Store, error: Exception) -> None:
    run = store.begin_run("lib", "full", "src")
    store.finish_run(run, "failed", error=str(error), failure=error)  # type: ignore[arg-type]


def test_a_member_that_was_never_harvested_has_no_past(store: Store) -> None:
    assert past(store) == Past()


def test_failures_are_counted_since_the_last_complete_run(store: Store) -> None:
    fail(store, HostUnknown("nobody"))
    store.finish_run(store.begin_run("lib", "full", "src"), "complete")
    assert past(store).unproven == 0
    fail(store, HostUnknown("nobody"))
    fail(store, HostUnknown("nobody"))
    found = past(store)
    assert found.unproven == 2
    assert found.last is not None
    assert (found.last.cause, found.last.error, found.last.ended_at) == ("host_unknown", "nobody", T)


def test_what_a_server_asked_for_is_remembered(store: Store) -> None:
    fail(store, ComeBackLater("busy", 7200))
    last = past(store).last
    assert last is not None
    assert (last.cause, last.come_back_at) == ("come_back_later", T + 2 * HOUR)
    assert due_next(store, {"lib": oai_library("http://x.example", "lib")}) == {"lib": T + 2 * HOUR}


def test_a_run_that_was_let_go_is_to_be_gone_on_with_and_one_under_way_is_not(store: Store) -> None:
    run = store.begin_run("lib", "full", "src")
    assert (past(store).under_way, past(store).interrupted) == (True, False)
    assert due_next(store, {"lib": oai_library("http://x.example", "lib")}) == {}
    store.let_go(run)
    assert (past(store).under_way, past(store).interrupted) == (False, True)


def test_a_run_whose_process_was_not_heard_of_for_long_is_to_be_gone_on_with(store: Store, clock: Clock) -> None:
    store.begin_run("lib", "full", "src")
    clock.now = T + 10 * MINUTE
    assert (past(store).under_way, past(store).interrupted) == (False, True)


def test_those_that_are_due_first_come_first(store: Store) -> None:
    run = store.begin_run("lib", "full", "src")
    store.finish_run(run, "complete")
    libraries = {code: oai_library("http://x.example", code) for code in ("lib", "new")}
    assert list(due_next(store, libraries).items()) == [("new", T), ("lib", T + 24 * HOUR)]
