"""How a member's harvests stand, read from a real store."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from harvester import epoch
from harvester.errors import AccessRefused, HarvestFailed, HostUnknown, SourceUnreachable
from harvester.raw_record import Quarantined
from harvester.runs import RunStatus
from harvester.standing import Standing, in_trouble, standings
from harvester.store import RawRecord, Store
from mappings.library import Library
from mappings.schedule import Schedule
from tests.support.oai import library_of, oai_library

T = datetime(2024, 5, 1, 2, 0, tzinfo=UTC)
LIBRARY = oai_library("http://x.example/oai", "lib")
SOURCE = "oai-pmh http://x.example/oai set= prefix="


class Clock:
    now = T

    def __call__(self) -> datetime:
        return self.now

    def passes(self, **time: float) -> None:
        self.now += timedelta(**time)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> Iterator[Store]:
    opened = Store.open(f"sqlite:///{tmp_path}/catalogue.sqlite3", clock)
    yield opened
    opened.close()


def of(store: Store, library: Library = LIBRARY) -> Standing:
    return standings(store, {"lib": library})["lib"]


def scheduled(**values: Any) -> Library:
    return LIBRARY.model_copy(update={"schedule": Schedule(**values)})


def harvest(store: Store, status: RunStatus = "complete", failure: HarvestFailed | None = None, count: int = 3) -> None:
    run = store.begin_run("lib", "full", SOURCE)
    store.commit_page(run, [RawRecord("lib", f"r{n}", "marcxml", b"<record/>") for n in range(count)], None)
    store.finish_run(
        run, status, error=str(failure or ""), failure=failure, absent="held" if status == "unverified" else "stay"
    )


def test_nobody_has_tried_yet(store: Store) -> None:
    found = of(store)
    assert (found.freshness, found.came, found.late_at, found.next_at) == ("never", None, None, T)
    assert not in_trouble([found])


def test_a_token_for_uploads_that_is_not_set_is_to_be_seen_to(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    harvest = {"protocol": "marc-dump", "folder": {"path": "/in"}, "upload_token_env": "LIB_TOKEN"}
    library = library_of("lib", harvest)
    monkeypatch.delenv("LIB_TOKEN", raising=False)
    (told,) = of(store, library).proposals
    assert told.startswith("set LIB_TOKEN, which harvest.upload_token_env names")
    monkeypatch.setenv("LIB_TOKEN", "x")
    assert of(store, library).proposals == ()
    assert of(store).proposals == ()


AGES = [
    ({}, 47, "fresh"),
    ({}, 49, "late"),
    ({}, 145, "alarm"),
    ({"every_hours": 168}, 145, "fresh"),
    ({"by_itself": False}, 9_000, "fresh"),
    ({"by_itself": False, "late_after_hours": 100}, 145, "late"),
    ({"late_after_hours": 10, "alarm_after_hours": 20}, 21, "alarm"),
]


@pytest.mark.parametrize(("schedule", "hours", "expected"), AGES)
def test_the_last_proven_harvest_grows_old(
    store: Store, clock: Clock, schedule: dict[str, Any], hours: float, expected: str
) -> None:
    harvest(store)
    clock.passes(hours=hours)
    harvest(store, "failed", SourceUnreachable("down"))
    found = of(store, scheduled(**schedule))
    assert found.freshness == expected
    assert found.state.last_complete_at == T
    assert found.unproven == 1
    assert in_trouble([found]) == (expected != "fresh")


def test_one_that_was_never_proven_grows_old_from_the_first_attempt(store: Store, clock: Clock) -> None:
    harvest(store, "failed", SourceUnreachable("down"))
    assert of(store).freshness == "unproven"
    assert in_trouble([of(store)])
    clock.passes(hours=49)
    harvest(store, "failed", SourceUnreachable("down"))
    assert (of(store).freshness, of(store).tried_since) == ("late", T)


@pytest.mark.parametrize("status", ["failed", "unverified"])
@pytest.mark.parametrize("schedule", [{}, {"by_itself": False}])
def test_one_that_was_never_proven_is_not_fresh_and_waits_for_no_date(
    store: Store, status: RunStatus, schedule: dict[str, Any]
) -> None:
    harvest(store, status, SourceUnreachable("down"))
    assert of(store, scheduled(**schedule)).freshness == "unproven"
    harvest(store)
    assert of(store, scheduled(**schedule)).freshness == "fresh"


def test_a_first_harvest_under_way_is_no_trouble(store: Store) -> None:
    store.begin_run("lib", "full", SOURCE)
    assert (of(store).freshness, of(store).under_way) == ("never", True)
    assert not in_trouble([of(store)])


@pytest.mark.parametrize("failure", [HostUnknown("x.example: nobody knows"), AccessRefused("401")])
def test_what_only_a_person_can_mend_is_an_alarm_at_once_and_over_when_it_is_mended(
    store: Store, failure: HarvestFailed
) -> None:
    harvest(store)
    harvest(store, "failed", failure)
    assert of(store).freshness == "alarm"
    harvest(store)
    assert of(store).freshness == "fresh"


def test_what_is_held_and_what_is_proposed_and_why_records_are_in_quarantine(store: Store) -> None:
    harvest(store)
    harvest(store, "unverified", count=0)
    store.learn("lib", SOURCE, moved_to="https://new.example/oai", moved_runs=3)
    reasons = ["no title", "no title", "cut off"]
    store.quarantine_records(Quarantined("lib", f"q{n}", "read", "", reason, T) for n, reason in enumerate(reasons))
    found = of(store)
    assert [(hold.kind, hold.records, hold.live) for hold in found.holds] == [("absent", 3, 3)]
    assert found.proposals == ("the server has moved: set harvest.url to https://new.example/oai",)
    assert found.reasons == (("no title", 2), ("cut off", 1))
    assert in_trouble([found])


def test_a_sweep_is_not_what_came(store: Store) -> None:
    harvest(store)
    run = store.begin_run("lib", "sweep", SOURCE)
    store.finish_run(run, "complete")
    found = of(store)
    assert found.came is not None
    assert (found.came.kind, found.came.new) == ("full", 3)
    assert found.state.last_run is not None
    assert found.state.last_run.kind == "sweep"


def test_one_under_way_has_no_next_harvest_yet(store: Store) -> None:
    store.begin_run("lib", "full", SOURCE)
    found = of(store)
    assert (found.under_way, found.next_at) == (True, None)


def test_records_have_come_under_new_names_only_when_some_have(store: Store) -> None:
    harvest(store)
    moved = "oai-pmh http://gone.invalid/oai set= prefix="
    with store.writing() as connection:
        epoch.enter(connection, "lib", SOURCE, store.now())
        new = epoch.enter(connection, "lib", moved, store.now())
    run = store.begin_run("lib", "full", moved, of=new)
    assert not of(store).collecting  # nothing came from the new address
    store.commit_page(run, [RawRecord("lib", "n1", "marcxml", b"<record/>")], None)
    assert of(store).collecting
