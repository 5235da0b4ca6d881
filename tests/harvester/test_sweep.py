"""What lists no longer have: removed within bounds, asked for, awaited, held for a person, brought back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from harvester import tables
from harvester.decisions import accept, holds, removals, undo, would_go
from harvester.ending import judge
from harvester.removal import Absence
from harvester.standing import standings
from harvester.store import Store
from tests.support.harvesting import live
from tests.support.listing import Clock, Listing, numbered, visited
from tests.support.oai import oai_library


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> Iterator[Store]:
    store = Store.open(f"sqlite:///{tmp_path}/catalogue.sqlite3", clock)
    yield store
    store.close()


JUDGEMENTS = [
    # former, absent, new and once brought back; without name; the source can be asked; what; why
    (Absence(100, 0, 0, 0), 9, True, "nothing", "nothing is absent, whatever has no name"),
    (Absence(100, 50, 0, 0), 0, True, "ask", "few, and the source can say"),
    (Absence(100, 50, 0, 0), 0, False, "go", "few, and a file is all there is to ask"),
    (Absence(100, 51, 0, 0), 0, True, "held", "many of few"),
    (Absence(10_000, 200, 0, 0), 0, True, "ask", "two in a hundred"),
    (Absence(10_000, 201, 0, 0), 0, True, "held", "more than two in a hundred"),
    (Absence(100_000, 501, 0, 0), 0, True, "go when absent twice", "too many to ask for one by one"),
    (Absence(10, 10, 0, 0), 0, True, "held", "all of them, few as they are"),
    (Absence(10, 10, 30, 0), 0, False, "held", "none of those before, though there are others"),
    (Absence(100, 1, 0, 1), 0, True, "held", "somebody brought it back by hand"),
    (Absence(100, 1, 0, 0), 1, True, "doubt", "the absent one may be the one without name"),
    (Absence(1000, 400, 400, 0), 0, True, "moved", "so many gone and so many unknown"),
    (Absence(1000, 400, 10, 0), 0, True, "held", "many gone and few unknown"),
    (Absence(1000, 10, 400, 0), 0, True, "ask", "it grew"),
]


@pytest.mark.parametrize(("found", "nameless", "can_ask", "what", "why"), JUDGEMENTS, ids=[j[-1] for j in JUDGEMENTS])
def test_absence_is_judged(found: Absence, nameless: int, can_ask: bool, what: str, why: str) -> None:
    limit = max(50, found.former // 50)
    assert judge(found, limit, nameless=nameless, can_ask=can_ask).what == what, why


async def test_a_sweep_finds_what_vanished_and_asks_before_it_deletes(store: Store) -> None:
    there = Listing(numbered(300))
    await visited(store, there.source())
    gone = [f"r{n:05}" for n in range(7)]
    for name in gone:
        del there.records[name]
    changes, sweep = await visited(store, there.source(), sweep=True)
    assert (changes.kind, changes.vanished) == ("incremental", 0)
    assert (sweep.kind, sweep.status, sweep.vanished, sweep.unchanged) == ("sweep", "complete", 7, 293)
    assert there.asked == gone
    assert len(live(store)) == 293
    (removal,) = removals(store, "testlib")
    assert (removal.reason, removal.records, removal.accepted) == ("sweep", 7, False)


async def test_a_list_that_lacks_what_the_source_still_has_is_not_believed(store: Store) -> None:
    there = Listing(numbered(300))
    await visited(store, there.source())
    there.hidden = {"r00001", "r00002"}
    del there.records["r00003"]
    _, sweep = await visited(store, there.source(), sweep=True)
    assert (sweep.status, sweep.vanished) == ("unverified", 1)
    assert "2 records that the source still has" in sweep.error
    assert len(live(store)) == 299


async def test_what_nobody_can_be_asked_about_goes_when_two_sweeps_a_day_apart_lack_it(
    store: Store, clock: Clock
) -> None:
    there = Listing(numbered(300), silent=True)
    await visited(store, there.source())
    del there.records["r00001"], there.records["r00002"]
    vanished = []
    for hours in (0, 23, 2):
        clock.later(hours=hours)
        *_, sweep = await visited(store, there.source(), sweep=True)
        vanished.append(sweep.vanished)
        there.records["r00002"] = "It is back"  # seen in between, it is not absent twice running
        if hours == 23:
            del there.records["r00002"]
    assert vanished == [0, 0, 1]
    assert "r00001" not in live(store)
    assert "r00002" in live(store)


@pytest.mark.parametrize("left", [0, 1, 3, 240])
async def test_a_server_that_suddenly_offers_little_empties_nothing(store: Store, left: int) -> None:
    there = Listing(numbered(300))
    await visited(store, there.source())
    there.records = numbered(left)
    for full in (False, True):
        outcome = (await visited(store, there.source(), full=full, sweep=not full))[-1]
        assert (outcome.status, outcome.vanished, outcome.held) == ("unverified", 0, 300 - left)
    assert len(live(store)) == 300
    assert there.asked == []
    (hold,) = holds(store, "testlib")
    assert (hold.kind, hold.records, hold.live) == ("absent", 300 - left, 300)


async def test_a_later_list_that_has_them_all_makes_the_hold_void(store: Store) -> None:
    there = Listing(numbered(300))
    await visited(store, there.source())
    there.records = numbered(1)
    await visited(store, there.source(), sweep=True)
    there.records = numbered(300)
    assert (await visited(store, there.source(), sweep=True))[-1].status == "complete"
    assert holds(store, "testlib") == []


async def test_somebody_accepts_what_is_held_and_can_undo_it_for_ninety_days(store: Store, clock: Clock) -> None:
    there = Listing(numbered(300))
    await visited(store, there.source())
    there.records = numbered(100)
    await visited(store, there.source(), sweep=True)
    (hold,) = holds(store, "testlib")
    assert len(would_go(store, hold, 500)) == 200
    assert would_go(store, hold, 2) == ["r00100", "r00101"]
    before = store.last_seq()
    assert accept(store, hold) == 200
    assert [(s.raw.identifier, s.raw.deleted) for s in store.changes(before, 1)] == [("r00100", True)]
    assert len(live(store)) == 100
    assert holds(store, "testlib") == []
    clock.later(days=89)
    (removal,) = removals(store, "testlib")
    assert removal.accepted
    before = store.last_seq()
    assert undo(store, removal) == 200
    assert len(live(store)) == 300
    assert all(s.raw.payload for s in store.changes(before, 500))
    assert removals(store, "testlib") == []
    assert accept(store, hold) == 0  # it was settled


async def test_what_a_hold_comes_to_now_is_told_and_nothing_when_all_have_come_back(store: Store) -> None:
    there = Listing(numbered(300))
    library = oai_library("http://127.0.0.1:1/oai")
    await visited(store, there.source())
    there.records = numbered(100)
    await visited(store, there.source(), sweep=True)
    for count in (250, 300):
        there.changes = numbered(count)
        await visited(store, there.source(), sweep=False)
        told = [(hold.records, hold.live) for hold in standings(store, {"testlib": library})["testlib"].holds]
        assert told == ([(300 - count, 300)] if count < 300 else [])


async def test_a_list_that_a_person_agreed_with_is_gone_on_from_unless_a_later_one_was_complete(store: Store) -> None:
    there = Listing(numbered(300))
    await visited(store, there.source())
    there.records = numbered(100)
    await visited(store, there.source(), full=True)
    (hold,) = holds(store, "testlib")
    with store.writing() as connection:  # as if the list had been another time than the one before it
        connection.execute(tables.hold.update().values(watermark="later"))
    accept(store, hold)
    assert store.watermark("testlib", "src") == "later"
    there.records = numbered(1)
    await visited(store, there.source(), full=True)
    (hold,) = holds(store, "testlib")
    await visited(store, there.source())
    accept(store, hold)
    assert store.watermark("testlib", "src") == "mark"


async def test_after_ninety_days_nothing_is_undone(store: Store, clock: Clock) -> None:
    there = Listing(numbered(300))
    await visited(store, there.source())
    del there.records["r00001"]
    await visited(store, there.source(), sweep=True)
    clock.later(days=91)
    assert removals(store, "testlib") == []


async def test_what_was_brought_back_by_hand_is_shown_to_a_person_before_it_goes_again(store: Store) -> None:
    there = Listing(numbered(300))
    await visited(store, there.source())
    del there.records["r00001"]
    await visited(store, there.source(), sweep=True)
    (removal,) = removals(store, "testlib")
    undo(store, removal)
    *_, sweep = await visited(store, there.source(), sweep=True)
    assert (sweep.status, sweep.held) == ("unverified", 1)
    assert "brought back by hand" in sweep.error
    assert "r00001" in live(store)


async def test_a_sweep_that_is_not_proven_removes_nothing(store: Store) -> None:
    there = Listing(numbered(300))
    await visited(store, there.source())
    del there.records["r00001"]
    there.proven = False
    outcomes = await visited(store, there.source(), sweep=True)
    assert [o.kind for o in outcomes] == ["incremental"]  # an ill server is not swept
    assert len(live(store)) == 300


async def test_deletions_that_are_stated_are_carried_out_at_the_end_of_the_run(store: Store) -> None:
    there = Listing(numbered(300))
    await visited(store, there.source())
    there.changes = dict.fromkeys(numbered(50))
    (outcome,) = await visited(store, there.source())
    assert (outcome.status, outcome.deleted, outcome.held) == ("complete", 50, 0)
    assert len(live(store)) == 250


async def test_stated_deletions_above_the_limit_are_held_and_can_be_accepted(store: Store) -> None:
    there = Listing(numbered(300))
    await visited(store, there.source())
    there.changes = dict.fromkeys(numbered(51))
    (outcome,) = await visited(store, there.source())
    assert (outcome.status, outcome.deleted, outcome.held) == ("complete", 0, 51)  # nothing has become of them yet
    assert (outcome.seen, outcome.unchanged, outcome.waiting) == (51, 0, 51)
    assert len(live(store)) == 300
    (hold,) = holds(store, "testlib")
    assert (hold.kind, hold.records) == ("stated", 51)
    assert would_go(store, hold, 100) == list(numbered(51))
    there.changes = {"r00000": "It was a mistake"}
    await visited(store, there.source())
    assert holds(store, "testlib") == []  # fifty are within the limit: they went
    assert len(live(store)) == 250


@pytest.mark.parametrize(
    ("limit", "held", "why"),
    [(60, 0, "records"), ("20 %", 0, "a share"), ("16%", 51, "less"), (0, 51, "never unasked")],
)
async def test_a_library_has_a_limit_of_its_own(store: Store, limit: object, held: int, why: str) -> None:
    there = Listing(numbered(300))
    await visited(store, there.source())
    there.changes = dict.fromkeys(numbered(51))
    (outcome,) = await visited(store, there.source(), sweep_limit=limit)
    assert outcome.held == held, why


async def test_stated_deletions_that_are_held_go_when_somebody_agrees(store: Store) -> None:
    there = Listing(numbered(300))
    await visited(store, there.source())
    there.changes = dict.fromkeys(numbered(51))
    await visited(store, there.source())
    (hold,) = holds(store, "testlib")
    assert accept(store, hold) == 51
    assert len(live(store)) == 249
    (removal,) = removals(store, "testlib")
    assert (removal.reason, removal.accepted) == ("stated", True)


async def test_the_deletion_of_what_never_came_is_kept_and_is_news_to_nobody(store: Store) -> None:
    there = Listing(numbered(3) | dict.fromkeys(numbered(400, "gone")))
    (outcome,) = await visited(store, there.source())
    assert (outcome.new, outcome.deleted, outcome.held) == (3, 400, 0)
    assert len(store.changes(0, 1000)) == store.last_seq() == 3
    there.changes = {"gone00007": "It came after all"}
    await visited(store, there.source())
    (change,) = store.changes(3, 10)
    assert (change.raw.identifier, change.raw.deleted) == ("gone00007", False)


async def test_full_harvests_and_sweeps_are_due_by_the_calendar(store: Store, clock: Clock) -> None:
    there = Listing(numbered(3))
    kinds = []
    for days in (0, 29, 1, 29, 1, 30):
        clock.later(days=days)
        kinds.append("+".join(o.kind for o in await visited(store, there.source())))
    assert kinds == ["full", "incremental", "incremental+sweep", "incremental", "incremental+sweep", "full"]


@pytest.mark.parametrize(
    ("policy", "days", "kinds", "why"),
    [
        ("no", 7, ["incremental", "sweep"], "deletions are never told"),
        ("transient", 8, ["incremental", "sweep"], "those told in between may be forgotten"),
        ("transient", 6, ["incremental"], "none is forgotten so soon"),
        ("persistent", 8, ["incremental"], "deletions are told"),
    ],
)
async def test_servers_that_do_not_keep_deletions_are_swept_sooner(
    tmp_path: Path, policy: str, days: int, kinds: list[str], why: str
) -> None:
    clock = Clock()
    store = Store.open(f"sqlite:///{tmp_path}/catalogue.sqlite3", clock)
    there = Listing(numbered(3), learnt={"deleted_record": policy})
    await visited(store, there.source())
    clock.later(days=days)
    assert [outcome.kind for outcome in await visited(store, there.source())] == kinds, why
    store.close()


async def test_records_that_a_sweep_lists_and_that_never_come_make_the_next_harvest_a_full_one(store: Store) -> None:
    there = Listing(numbered(300))
    await visited(store, there.source())
    there.records["missed"] = "It was added without a new date"
    *_, sweep = await visited(store, there.source(), sweep=True)
    assert (sweep.status, sweep.new) == ("complete", 1)
    (outcome,) = await visited(store, there.source())
    assert (outcome.kind, outcome.status) == ("incremental", "unverified")
    assert "everything is asked for again" in outcome.error
    (outcome,) = await visited(store, there.source())
    assert (outcome.kind, outcome.status, outcome.new) == ("full", "complete", 1)
    (outcome,) = await visited(store, there.source())
    assert (outcome.kind, outcome.status) == ("incremental", "complete")


async def test_what_a_sweep_lists_and_what_comes_with_the_next_changes_was_only_new(store: Store) -> None:
    there = Listing(numbered(300))
    await visited(store, there.source())
    there.records["fresh"] = "Just catalogued"
    await visited(store, there.source(), sweep=True)
    there.changes = {"fresh": "Just catalogued"}
    (outcome,) = await visited(store, there.source())
    assert (outcome.kind, outcome.status, outcome.new) == ("incremental", "complete", 1)


SMALL = [
    (45, 23, 23, "more than half"),
    (45, 22, 0, "half"),
    (45, 45, 45, "all of them"),
    (4, 3, 0, "most of a handful"),
    (1, 1, 1, "the only one"),
]


@pytest.mark.parametrize(("there_are", "go", "held", "why"), SMALL, ids=[row[3] for row in SMALL])
async def test_a_small_library_does_not_lose_its_records_below_the_usual_limit(
    store: Store, there_are: int, go: int, held: int, why: str
) -> None:
    there = Listing(numbered(there_are))
    await visited(store, there.source())
    there.changes = dict.fromkeys(numbered(go))
    (outcome,) = await visited(store, there.source())
    assert (outcome.deleted, outcome.held) == (go - held, held), why
    assert len(live(store)) == there_are - (go - held)


async def test_a_small_library_is_not_emptied_even_where_its_own_limit_is_higher(store: Store) -> None:
    there = Listing(numbered(45))
    await visited(store, there.source(), sweep_limit=100)
    there.changes = dict.fromkeys(numbered(45))
    (outcome,) = await visited(store, there.source(), sweep_limit=100)
    assert (outcome.deleted, outcome.held) == (0, 45)
