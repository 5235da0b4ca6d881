"""The contract of the raw store, the same for every database.

SQLite always; setting ALLSHELVES_TEST_POSTGRES to a SQLAlchemy URL adds PostgreSQL, in a schema it may empty.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from harvester import tables
from harvester.errors import RunTakenOver
from harvester.removal import Absence
from harvester.store import Checkpoint, Quarantined, RawRecord, Run, Store
from tests.support.harvesting import expire_lease

POSTGRES = os.environ.get("ALLSHELVES_TEST_POSTGRES", "")
NOW = datetime(2024, 5, 1, 12, tzinfo=UTC)


class Clock:
    """A clock that goes on by one second whenever it is read."""

    def __init__(self) -> None:
        self.seconds = 0

    def __call__(self) -> datetime:
        self.seconds += 1
        return NOW + timedelta(seconds=self.seconds)


@pytest.fixture(params=["sqlite", *(["postgresql"] if POSTGRES else [])])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/state/catalogue.sqlite3"
    with Store.open(POSTGRES).engine.begin() as connection:
        tables.metadata.drop_all(connection)
    return POSTGRES


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    store = Store.open(url, Clock())
    yield store
    store.close()


def goes_on(store: Store, source: str = "src", *, full: bool = False) -> tuple[Run, Checkpoint] | None:
    """What another process finds to go on with, once the one before has not been heard of for long."""
    expire_lease(store, "lib")
    return store.resume_run("lib", source, full=full)


def record(identifier: str, payload: bytes = b"<record>1</record>", **values: object) -> RawRecord:
    return RawRecord("lib", identifier, "marcxml", payload, **values)  # type: ignore[arg-type]


def deleted(identifier: str, datestamp: str = "") -> RawRecord:
    return RawRecord("lib", identifier, "marcxml", b"", deleted=True, datestamp=datestamp)


def full_run(store: Store, *records: RawRecord) -> None:
    run = store.begin_run("lib", "full", "src")
    store.commit_page(run, records, None)
    store.finish_run(run, "complete", watermark="w", absent="go")


def counts(store: Store, run: Run, *records: RawRecord) -> dict[str, int]:
    outcome = store.commit_page(run, records, None)
    names = ("seen", "new", "changed", "unchanged", "deleted", "unreadable")
    assert outcome.seen == sum(getattr(outcome, name) for name in names[1:])
    return {name: getattr(outcome, name) for name in names if getattr(outcome, name)}


def test_a_payload_comes_back_byte_for_byte(store: Store) -> None:
    payload = "<record>紅樓夢 \r\n é</record>".encode() + bytes(range(32))
    full_run(store, record("a", payload, datestamp="2024-01-01"))
    stored = store.raw("lib", "a")
    assert stored is not None
    assert stored.raw == record("a", payload, datestamp="2024-01-01")
    assert stored.harvested_at.tzinfo is not None


def test_a_record_that_never_came_is_absent(store: Store) -> None:
    assert store.raw("lib", "nothing") is None
    assert store.changes(0, 10) == []
    assert store.last_seq() == 0


def test_the_same_identifier_in_two_libraries_is_two_records(store: Store) -> None:
    full_run(store, record("a", b"one"))
    run = store.begin_run("other", "full", "src")
    store.commit_page(run, [RawRecord("other", "a", "iso2709", b"two")], None)
    assert [(s.raw.library, s.raw.payload) for s in store.changes(0, 10)] == [("lib", b"one"), ("other", b"two")]


def test_changes_come_in_rising_order_and_only_above_the_mark(store: Store) -> None:
    full_run(store, *(record(name) for name in "cab"))
    changes = store.changes(0, 2)
    assert [s.raw.identifier for s in changes] == ["c", "a"]
    assert [s.raw.identifier for s in store.changes(changes[-1].seq, 2)] == ["b"]
    assert store.changes(store.last_seq(), 2) == []


def test_an_unchanged_payload_keeps_its_number(store: Store) -> None:
    full_run(store, record("a"), record("b"))
    before = store.last_seq()
    full_run(store, record("a"), record("b", b"changed"))
    assert [s.raw.identifier for s in store.changes(before, 10)] == ["b"]


def test_an_unchanged_payload_takes_its_new_datestamp(store: Store) -> None:
    full_run(store, record("a", datestamp="2024-01-01"))
    full_run(store, record("a", datestamp="2024-02-02"))
    stored = store.raw("lib", "a")
    assert stored is not None
    assert (stored.raw.datestamp, stored.seq) == ("2024-02-02", 1)


OUTCOMES = [
    # what is there, what comes, the counts, why
    ([], [record("a")], {"seen": 1, "new": 1}, "it was never there"),
    ([record("a")], [record("a")], {"seen": 1, "unchanged": 1}, "the payload is the same"),
    ([record("a")], [record("a", b"x")], {"seen": 1, "changed": 1}, "the payload differs"),
    ([record("a")], [deleted("a")], {"seen": 1, "deleted": 1}, "the source says so"),
    ([deleted("a")], [deleted("a")], {"seen": 1, "unchanged": 1}, "it was deleted before"),
    ([deleted("a")], [record("a")], {"seen": 1, "new": 1}, "it is back"),
    ([], [deleted("a")], {"seen": 1, "deleted": 1}, "a deletion of a record never seen is kept too"),
    ([record("a")], [record("a", b"")], {"seen": 1, "unreadable": 1}, "it came without metadata"),
    ([], [record("a"), record("a")], {"seen": 2, "new": 1, "unchanged": 1}, "twice in a page"),
    ([], [record("a"), record("a", b"x")], {"seen": 2, "new": 1, "changed": 1}, "twice in a page, changed"),
    ([], [deleted("a"), record("a")], {"seen": 2, "deleted": 1, "new": 1}, "deleted first, live after"),
    ([], [record("a", datestamp="2"), deleted("a", "2")], {"seen": 2, "new": 1, "unchanged": 1}, "a tie: live counts"),
    ([], [record("a", datestamp="2"), deleted("a", "3")], {"seen": 2, "new": 1, "deleted": 1}, "deleted later"),
    ([], [record("a", datestamp="2"), record("a", b"x", datestamp="1")], {"seen": 2, "new": 1, "unchanged": 1}, "old"),
]  # fmt: skip


@pytest.mark.parametrize(("before", "page", "expected", "why"), OUTCOMES, ids=[row[3] for row in OUTCOMES])
def test_every_record_ends_in_one_counted_outcome(
    store: Store, before: list[RawRecord], page: list[RawRecord], expected: dict[str, int], why: str
) -> None:
    if before:
        full_run(store, *before)
    assert counts(store, store.begin_run("lib", "incremental", "src"), *page) == expected, why


def test_a_deleted_record_has_no_payload_and_a_new_number(store: Store) -> None:
    full_run(store, record("a"))
    before = store.last_seq()
    run = store.begin_run("lib", "incremental", "src")
    store.commit_page(run, [deleted("a")], None)
    assert store.changes(before, 10) == []  # carried out when the run ends: too many are shown to a person first
    store.finish_run(run, "complete")
    (change,) = store.changes(before, 10)
    assert (change.raw.deleted, change.raw.payload) == (True, b"")


def test_a_record_without_metadata_leaves_the_good_version_and_says_why(store: Store) -> None:
    full_run(store, record("a", b"good"))
    run = store.begin_run("lib", "full", "src")
    store.commit_page(run, [record("a", b"")], None)
    store.finish_run(run, "complete", absent="go")
    stored = store.raw("lib", "a")
    assert stored is not None
    assert (stored.raw.payload, stored.raw.deleted) == (b"good", False)
    (held,) = store.quarantined("lib")
    assert (held.identifier, held.stage) == ("a", "harvest")
    assert "without metadata" in held.reason


def test_a_page_and_its_checkpoint_are_committed_together(store: Store) -> None:
    run = store.begin_run("lib", "full", "src")
    checkpoint = Checkpoint("0", 3, 30, 40, 100, True, 2, NOW)
    store.commit_page(run, [record("a")], checkpoint)
    resumed = goes_on(store)
    assert resumed is not None
    assert resumed[1] == checkpoint
    assert resumed[0].id == run.id


def test_a_page_that_cannot_be_written_leaves_neither_records_nor_checkpoint(store: Store) -> None:
    run = store.begin_run("lib", "full", "src")
    store.commit_page(run, [record("a")], Checkpoint("first"))
    taken = store.last_seq()
    with pytest.raises(AttributeError):
        store.commit_page(run, [record("b")], "no checkpoint")  # type: ignore[arg-type]
    assert store.raw("lib", "b") is None
    assert store.last_seq() == taken
    resumed = goes_on(store)
    assert resumed is not None
    assert resumed[1].token == "first"


def test_a_run_that_was_taken_over_writes_nothing_more(store: Store) -> None:
    run = store.begin_run("lib", "full", "src")
    store.commit_page(run, [record("a")], Checkpoint("t"))
    assert goes_on(store) is not None
    with pytest.raises(RunTakenOver):
        store.commit_page(run, [record("b")], None)
    with pytest.raises(RunTakenOver):
        store.finish_run(run, "complete", absent="go")
    assert store.raw("lib", "b") is None


def test_whether_a_page_is_asked_for_is_noted_by_whoever_has_the_run_and_by_nobody_else(store: Store) -> None:
    def noted() -> datetime | None:
        with store.reading() as connection:
            return connection.execute(select(tables.checkpoint.c.requested_at)).scalar_one()

    run = store.begin_run("lib", "full", "src")
    store.commit_page(run, [record("a")], Checkpoint("t", requested_at=NOW))
    store.let_go(run)
    resumed = goes_on(store)
    assert resumed is not None
    store.let_go(run, between_pages=True)
    assert noted() == resumed[1].requested_at == NOW
    store.let_go(resumed[0], between_pages=True)
    assert noted() is None
    again = goes_on(store)
    assert again is not None
    store.note_request(again[0])
    assert noted() is not None


def test_a_new_run_ends_the_one_under_way(store: Store) -> None:
    first = store.begin_run("lib", "full", "src")
    store.commit_page(first, [record("a")], Checkpoint("t"))
    expire_lease(store, "lib")
    store.begin_run("lib", "full", "src")
    assert goes_on(store) is None
    last = store.library_state("lib").last_run
    assert last is not None
    assert (last.status, last.seen) == ("failed", 1)


def test_another_source_does_not_go_on_with_a_run_nor_with_its_watermark(store: Store) -> None:
    full_run(store, record("a"))
    run = store.begin_run("lib", "incremental", "src", "w")
    store.commit_page(run, [record("a")], Checkpoint("t"))
    assert goes_on(store, "elsewhere") is None
    assert (store.watermark("lib", "src"), store.watermark("lib", "elsewhere")) == ("w", "")


def test_a_full_harvest_does_not_go_on_with_an_incremental_one(store: Store) -> None:
    run = store.begin_run("lib", "incremental", "src", "w")
    store.commit_page(run, [record("a")], Checkpoint("t"))
    assert goes_on(store, full=True) is None
    assert goes_on(store) is not None


def test_the_counts_of_a_resumed_run_go_on(store: Store) -> None:
    run = store.begin_run("lib", "full", "src")
    store.commit_page(run, [record("a")], Checkpoint("t"))
    resumed = goes_on(store)
    assert resumed is not None
    store.commit_page(resumed[0], [record("b")], None)
    outcome = store.finish_run(resumed[0], "complete", watermark="w")
    assert (outcome.seen, outcome.new, outcome.status) == (2, 2, "complete")
    assert outcome.started_at == run.started_at


def test_what_a_full_run_has_not_seen_is_counted_and_deleted_only_when_asked(store: Store) -> None:
    full_run(store, record("a"), record("b"), record("c"))
    run = store.begin_run("lib", "full", "src")
    store.commit_page(run, [record("b")], None)
    assert store.absence(run) == Absence(former=3, absent=2, new=0, kept=0)
    before = store.last_seq()
    outcome = store.finish_run(run, "complete", absent="go")
    assert (outcome.vanished, outcome.deleted, outcome.seen) == (2, 0, 1)
    gone = store.changes(before, 10)
    assert [(s.raw.identifier, s.raw.deleted) for s in gone] == [("a", True), ("c", True)]
    assert len({s.seq for s in gone}) == 2
    state = store.library_state("lib")
    assert (state.records, state.deleted) == (1, 2)


def test_an_unverified_run_deletes_nothing_and_keeps_the_watermark(store: Store) -> None:
    full_run(store, record("a"), record("b"))
    run = store.begin_run("lib", "full", "src")
    store.commit_page(run, [record("a")], None)
    outcome = store.finish_run(run, "unverified", error="why")
    assert (outcome.status, outcome.error, outcome.vanished) == ("unverified", "why", 0)
    assert store.watermark("lib", "src") == "w"
    assert store.library_state("lib").records == 2


def test_other_libraries_are_not_touched_by_a_removal(store: Store) -> None:
    run = store.begin_run("other", "full", "src")
    store.commit_page(run, [RawRecord("other", "x", "marcxml", b"1")], None)
    full_run(store, record("a"))
    full_run(store, record("b"))
    assert store.library_state("other").records == 1


def test_the_state_of_a_library_never_harvested_is_zeros_and_absences(store: Store) -> None:
    state = store.library_state("lib")
    assert (state.records, state.deleted, state.quarantined) == (0, 0, 0)
    assert state.last_run is None
    assert state.last_complete_at is None


def test_the_last_complete_run_is_remembered_through_a_failed_one(store: Store) -> None:
    full_run(store, record("a"))
    store.finish_run(store.begin_run("lib", "incremental", "src", "w"), "failed", error="no answer")
    state = store.library_states(["lib", "other"])["lib"]
    assert state.last_run is not None
    assert (state.last_run.status, state.last_run.error) == ("failed", "no answer")
    assert state.last_complete_at is not None
    assert state.last_run.seconds > 0


def test_quarantine_says_of_each_record_where_and_why(store: Store) -> None:
    store.quarantine_record("lib", "a", "the leader is cut off", field="LDR")
    store.quarantine_record("lib", "a", "again", field="LDR")
    (held,) = store.quarantined("lib")
    assert (held.identifier, held.stage, held.field, held.reason) == ("a", "read", "LDR", "again")
    assert store.library_state("lib").quarantined == 1
    assert store.quarantined("other") == []


def test_quarantine_keeps_what_could_not_be_read(store: Store) -> None:
    held = Quarantined("lib", "f@17", "harvest", "byte 17", "broken", NOW, b"\x00\xff")
    run = store.begin_run("lib", "full", "src")
    store.commit_page(run, [], None, refused=[held])
    assert store.quarantined("lib") == [held]


def test_a_record_read_well_again_leaves_quarantine(store: Store) -> None:
    reasons = [Quarantined("lib", name, "read", "", "why", NOW) for name in "abc"]
    store.quarantine_records(reasons)
    store.clear_quarantine("lib", "a")
    assert [q.identifier for q in store.quarantined("lib")] == ["b", "c"]
    store.clear_quarantine_many([("lib", "b"), ("lib", "c"), ("lib", "never there")])
    assert store.quarantined("lib") == []


def test_letting_go_at_one_stage_keeps_the_other(store: Store) -> None:
    store.quarantine_records([Quarantined("lib", "a", stage, "", "why", NOW) for stage in ("harvest", "read")])
    store.clear_quarantine("lib", "a", stage="read")
    assert [q.stage for q in store.quarantined("lib")] == ["harvest"]


@pytest.mark.parametrize(
    ("comes", "left"),
    [
        (record("a", b"good"), ["read"]),  # whether it can be read is for the indexer to say
        (record("b", b"good"), ["harvest", "read"]),
        (deleted("a"), []),
    ],
)
def test_a_record_that_comes_again_leaves_the_harvest_quarantine(
    store: Store, comes: RawRecord, left: list[str]
) -> None:
    store.quarantine_records([Quarantined("lib", "a", stage, "", "why", NOW) for stage in ("harvest", "read")])
    store.commit_page(store.begin_run("lib", "incremental", "src"), [comes], None)
    assert [q.stage for q in store.quarantined("lib")] == left


def test_a_piece_that_a_later_full_list_no_longer_has_leaves_quarantine(store: Store) -> None:
    broken = Quarantined("lib", "f@17", "harvest", "byte 17", "broken", NOW)
    run = store.begin_run("lib", "full", "src")
    store.commit_page(run, [record("a")], None, refused=[broken])
    store.finish_run(run, "complete", absent="go")
    assert len(store.quarantined("lib")) == 1
    full_run(store, record("a"))
    assert store.quarantined("lib") == []


def test_the_store_is_found_again_as_it_was_left(store: Store, url: str) -> None:
    full_run(store, record("a"))
    store.close()
    again = Store.open(url)
    assert again.last_seq() == 1
    assert again.raw("lib", "a") is not None
    run = again.begin_run("lib", "full", "src")
    again.commit_page(run, [record("b")], None)
    assert again.changes(1, 10)[0].seq == 2
    again.close()


def test_numbers_rise_and_never_repeat_when_several_threads_write(store: Store) -> None:
    def harvest(code: str) -> None:
        run = store.begin_run(code, "full", "src")
        for page in range(5):
            records = [RawRecord(code, f"{page}-{n}", "marcxml", b"1") for n in range(20)]
            store.commit_page(run, records, None)

    threads = [threading.Thread(target=harvest, args=(f"lib-{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    numbers = [s.seq for s in store.changes(0, 1000)]
    assert numbers == list(range(1, 401))


def test_a_reader_is_not_held_up_by_a_writer_and_sees_only_what_is_committed(store: Store) -> None:
    full_run(store, record("a"))
    with store.writing() as connection:
        connection.execute(tables.raw.delete())
        assert len(store.changes(0, 10)) == 1
    assert store.changes(0, 10) == []


def test_a_page_larger_than_a_statement_may_hold_is_stored_whole(store: Store) -> None:
    many = [record(f"{n:05}") for n in range(2500)]
    full_run(store, *many)
    run = store.begin_run("lib", "full", "src")
    assert counts(store, run, *many) == {"seen": 2500, "unchanged": 2500}


def test_payloads_are_compressed_and_hashed(store: Store) -> None:
    full_run(store, record("a", b"<record>" + b"same " * 1000 + b"</record>"))
    with store.engine.connect() as connection:
        payload, digest = connection.execute(select(tables.raw.c.payload, tables.raw.c.sha256)).one()
    assert len(payload) < 500
    assert len(digest) == 32


def test_outcomes_are_values(store: Store) -> None:
    run = store.begin_run("lib", "full", "src")
    outcome = store.finish_run(run, "complete")
    assert replace(outcome) == outcome
