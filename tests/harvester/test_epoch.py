"""A member that names its records anew: the old ones stay until the new list is proven, then all is swapped."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from harvester import epoch, run_state, tables
from harvester.decisions import accept, holds, refuse, removals, undo, would_go
from harvester.likeness import alike, numbers
from harvester.schedule import due_next
from harvester.store import Store
from tests.support.harvesting import contents, live
from tests.support.listing import Clock, Listing, numbered, visited
from tests.support.marc_bytes import iso2709, marcxml
from tests.support.oai import oai_library

OLD = numbered(300)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store.open(f"sqlite:///{tmp_path}/catalogue.sqlite3", Clock())
    yield store
    store.close()


def migrated(titles: dict[str, str | None], **values: object) -> Listing:
    """The same records in a new system: other identifiers, the control numbers kept."""
    there = Listing({f"new{name}": title for name, title in titles.items()}, **values)  # type: ignore[arg-type]
    there.number = {f"new{name}": name for name in titles}
    return there


def left_beside(store: Store) -> int:
    with store.reading() as connection:
        query = select(func.count()).select_from(tables.raw).where(tables.raw.c.library.contains("#"))
        return connection.execute(query).scalar_one()


async def test_another_address_with_the_same_records_changes_nothing_that_anybody_sees(store: Store) -> None:
    await visited(store, Listing(OLD).source())
    before = store.last_seq()
    (outcome,) = await visited(store, Listing(OLD, name="https").source())
    assert (outcome.kind, outcome.status, outcome.new, outcome.unchanged) == ("full", "complete", 0, 300)
    assert store.last_seq() == before
    assert (store.watermark("testlib", "https"), left_beside(store)) == ("mark", 0)
    (outcome,) = await visited(store, Listing(OLD, name="https").source())
    assert outcome.kind == "incremental"


Figures = dict[str, int]


def figures(store: Store) -> Figures:
    """What the totals of all runs come to, as they are told to Prometheus."""
    with store.reading() as connection:
        rows = run_state.totals(connection)
        gone = sum(run_state.removed(connection).values())
        agreed = sum(run_state.agreed(connection).values())
    found = {name: sum(row._mapping[name] for row in rows if row.kind != "sweep") for name in ("new", "changed")}
    ended = {status: sum(row.runs for row in rows if row.status == status) for status in ("complete", "unverified")}
    deleted = store.library_state("testlib").deleted
    return {**found, "left": gone, "deleted": deleted, "agreed": agreed, **ended}


async def test_the_same_records_under_other_identifiers_are_neither_new_nor_gone(store: Store) -> None:
    await visited(store, Listing(OLD).source())
    first, again = await visited(store, migrated(OLD).source(), full=True)
    assert (first.status, first.new, first.waiting, first.left) == ("unverified", 0, 300, 0)
    assert (again.status, again.new, again.unchanged, again.vanished, again.left) == ("complete", 0, 300, 0, 0)
    assert figures(store) == {
        "new": 300, "changed": 0, "left": 0, "deleted": 0, "agreed": 0, "complete": 2, "unverified": 1
    }  # fmt: skip
    assert removals(store, "testlib") == []


async def test_what_a_held_swap_came_to_is_counted_when_somebody_agrees_and_nothing_counted_goes_back(
    store: Store,
) -> None:
    await visited(store, Listing(OLD).source())
    there = migrated({name: OLD[name] for name in list(OLD)[:100]} | {f"more{n}": f"More {n}" for n in range(60)})
    await visited(store, there.source(), full=True)
    before = figures(store)
    assert before == {"new": 300, "changed": 0, "left": 0, "deleted": 0, "agreed": 0, "complete": 1, "unverified": 2}
    (hold,) = holds(store, "testlib")
    accept(store, hold)
    after = figures(store)
    assert after == {"new": 360, "changed": 0, "left": 200, "deleted": 200, "agreed": 1, "complete": 1, "unverified": 2}


async def test_records_of_a_new_system_take_the_places_of_those_they_succeed(store: Store) -> None:
    await visited(store, Listing(OLD).source())
    before = store.last_seq()
    there = migrated(OLD | {"r00005": "Title 5 corrected since", "added": "An added one"}, name="new system")
    (outcome,) = await visited(store, there.source())
    assert (outcome.status, outcome.vanished, outcome.held) == ("complete", 1, 0)
    changes = {s.raw.identifier: s.raw.deleted for s in store.changes(before, 1000)}
    # The title of one is another, so its number alone does not make it the successor; nobody else hears of anything.
    assert changes == {"newadded": False, "newr00005": False, "r00005": True}
    assert len(live(store)) == 301


async def test_changes_after_the_swap_reach_the_records_under_their_lasting_names(store: Store) -> None:
    await visited(store, Listing(OLD).source())
    there = migrated(OLD, name="new system")
    await visited(store, there.source())
    before = store.last_seq()
    there.changes = {"newr00001": "Title 1, revised", "newr00002": None, "r00003": "Quite another one"}
    (outcome,) = await visited(store, there.source())
    assert (outcome.changed, outcome.deleted, outcome.new) == (1, 1, 1)
    changed = {s.raw.identifier: s.raw.deleted for s in store.changes(before, 10)}
    # An identifier that was the name of another record is not confused with it.
    assert changed == {"r00001": False, "r00002": True, "r00003~2": False}
    assert b"Title 3<" in contents(store)["r00003"][0]
    del there.records["newr00004"]
    there.changes = {}
    there.records["r00003"] = "Quite another one"
    *_, sweep = await visited(store, there.source(), sweep=True)
    assert (sweep.status, sweep.vanished) == ("complete", 1)
    assert there.asked == ["newr00004"]


async def test_the_old_records_stay_until_the_new_list_is_proven(store: Store) -> None:
    await visited(store, Listing(OLD).source())
    before = store.last_seq()
    there = migrated(OLD, name="new system", proven=False)
    (outcome,) = await visited(store, there.source())
    assert outcome.status == "unverified"
    assert (store.last_seq(), live(store), left_beside(store)) == (before, sorted(OLD), 300)
    assert store.raw("testlib", "newr00001") is None
    there.proven = True
    await visited(store, there.source())
    assert (store.last_seq(), left_beside(store)) == (before, 0)


async def test_a_new_list_that_lacks_many_waits_for_a_person_who_agrees(store: Store) -> None:
    await visited(store, Listing(OLD).source())
    before = store.last_seq()
    there = migrated(numbered(200), name="new system")
    (outcome,) = await visited(store, there.source())
    assert (outcome.status, outcome.held) == ("unverified", 100)
    assert "none for 100 of the 300" in outcome.error
    assert (store.last_seq(), len(live(store))) == (before, 300)
    (hold,) = holds(store, "testlib")
    assert (hold.kind, would_go(store, hold, 1)) == ("epoch", ["r00200"])
    assert accept(store, hold) == 100
    assert live(store) == sorted(numbered(200))
    assert holds(store, "testlib") == []
    (removal,) = removals(store, "testlib")
    assert (removal.reason, removal.accepted) == ("epoch", True)
    assert undo(store, removal) == 100
    assert live(store) == sorted(OLD)


async def test_what_a_person_agreed_with_is_gone_on_from_and_not_listed_again(store: Store) -> None:
    await visited(store, Listing(OLD).source())
    there = migrated(numbered(200), name="new system")
    await visited(store, there.source())
    assert store.watermark("testlib", "new system") == ""
    (hold,) = holds(store, "testlib")
    accept(store, hold)
    assert store.watermark("testlib", "new system") == "mark"
    assert "full" in store.last_complete("testlib", "new system")
    there.changes = {"newr00007": "Title 7 changed"}
    (outcome,) = await visited(store, there.source())
    assert (outcome.kind, outcome.status, outcome.seen) == ("incremental", "complete", 1)
    assert live(store) == sorted(numbered(200))


async def test_while_a_person_is_to_decide_all_of_it_is_collected_once_a_week(store: Store) -> None:
    await visited(store, Listing(OLD).source())
    await visited(store, migrated(numbered(200), name="new system").source())
    library = oai_library("http://127.0.0.1:1/oai")
    waiting = due_next(store, {"testlib": library})["testlib"]
    assert waiting == store.now() + timedelta(days=7)
    (hold,) = holds(store, "testlib")
    accept(store, hold)
    assert due_next(store, {"testlib": library})["testlib"] == store.now() + timedelta(days=1)


async def test_a_person_who_does_not_agree_keeps_everything_as_it_was(store: Store) -> None:
    await visited(store, Listing(OLD).source())
    await visited(store, migrated(numbered(20), name="new system").source())
    (hold,) = holds(store, "testlib")
    refuse(store, hold)
    assert (holds(store, "testlib"), left_beside(store), live(store)) == ([], 0, sorted(OLD))
    (outcome,) = await visited(store, Listing(OLD).source())  # the address was set back
    assert (outcome.kind, outcome.status) == ("incremental", "complete")


async def test_an_empty_new_system_empties_nothing(store: Store) -> None:
    await visited(store, Listing(OLD).source())
    (outcome,) = await visited(store, Listing({}, name="new system").source())
    assert (outcome.status, len(live(store))) == ("unverified", 300)


async def test_a_full_list_of_other_identifiers_is_taken_for_a_new_system(store: Store) -> None:
    await visited(store, Listing(OLD).source())
    before = contents(store)
    first, second = await visited(store, migrated(OLD).source(), full=True)
    assert (first.status, second.status, second.vanished) == ("unverified", "complete", 0)
    assert "names its records differently" in first.error
    after = {name: payload for name, (payload, deleted) in contents(store).items() if not deleted}
    assert after == {name: payload for name, (payload, _) in before.items()}


async def test_a_sweep_of_other_identifiers_is_taken_for_a_new_system(store: Store) -> None:
    await visited(store, Listing(OLD).source())
    outcomes = await visited(store, migrated(OLD).source(), sweep=True)
    assert [(o.kind, o.status) for o in outcomes] == [
        ("incremental", "complete"),
        ("sweep", "unverified"),
        ("full", "complete"),
    ]
    assert live(store) == sorted(OLD)


async def test_a_repository_that_calls_itself_otherwise_is_collected_beside_the_one_before(store: Store) -> None:
    there = Listing(OLD, learnt={"repository_identifier": "old.example.org"})
    await visited(store, there.source())
    before = store.last_seq()
    there = migrated(OLD, learnt={"repository_identifier": "new.example.org"})
    there.changes = there.records
    first, second = await visited(store, there.source())
    assert (first.status, second.status) == ("unverified", "complete")
    assert "new.example.org" in first.error
    assert (store.last_seq(), live(store)) == (before, sorted(OLD))
    (third,) = await visited(store, there.source())
    assert third.status == "complete"


async def test_a_collection_that_was_interrupted_is_gone_on_with(store: Store) -> None:
    await visited(store, Listing(OLD).source())
    there = migrated(OLD, name="new system")
    source = there.source(resumes=True)
    pages = source.pages

    class Stopped(Exception):
        pass

    async def two_pages(visit):  # type: ignore[no-untyped-def]
        count = 0
        async for page in pages(visit):
            if count == 2:
                raise Stopped
            count += 1
            yield page

    object.__setattr__(source, "pages", two_pages)
    with pytest.raises(ExceptionGroup):
        await visited(store, source)
    assert left_beside(store) == 200
    (outcome,) = await visited(store, there.source(resumes=True))
    assert (outcome.status, outcome.seen) == ("complete", 300)
    assert live(store) == sorted(OLD)


async def test_the_swap_is_one_step_for_whoever_reads(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    await visited(store, Listing(OLD).source())
    there = migrated(numbered(280), name="new system")
    seen: list[int] = []
    clear = epoch._clear

    def watched(connection: object, shelf: str) -> None:
        seen.append(len(live(store)))  # another connection: within the swap it sees the records before
        clear(connection, shelf)  # type: ignore[arg-type]

    monkeypatch.setattr(epoch, "_clear", watched)
    await visited(store, there.source())
    assert (seen, len(live(store))) == ([300], 280)


NUMBERS = [
    # a record, what it is known by, why
    (marcxml("7", "A title"), {"7|atitle"}, "a bare number counts only with the title"),
    (marcxml("7", ""), set(), "and without title not at all"),
    (iso2709("7", "A title"), {"7|atitle"}, "the same in ISO 2709"),
]


@pytest.mark.parametrize(("record", "known_by", "why"), NUMBERS)
def test_a_record_is_known_by_its_numbers(record: str | bytes, known_by: set[str], why: str) -> None:
    payload, form = (record.encode(), "marcxml") if isinstance(record, str) else (record, "iso2709")
    assert numbers(payload, form) == known_by, why  # type: ignore[arg-type]


def test_numbers_of_other_systems_and_organisations_are_numbers_of_the_record_too() -> None:
    fields = (
        '<controlfield tag="001">99123</controlfield><controlfield tag="003">NTU</controlfield>'
        '<datafield tag="035"><subfield code="a">(OCoLC)4711</subfield></datafield>'
        '<datafield tag="035"><subfield code="a">(Old)7</subfield></datafield>'
        '<datafield tag="245"><subfield code="a">A title /</subfield></datafield>'
    )
    payload = f'<record xmlns="http://www.loc.gov/MARC21/slim">{fields}</record>'.encode()
    assert numbers(payload, "marcxml") == {
        "(NTU)99123",
        "(OCoLC)4711",
        "(Old)7",
        "99123|atitle",
        "4711|atitle",
        "7|atitle",
    }


def test_two_versions_are_alike_when_anything_tells_that_they_are_one_record() -> None:
    one = marcxml("1", "紅樓夢").encode()
    assert alike(one, marcxml("1", "紅樓夢 /").encode(), "marcxml", "marcxml")
    assert not alike(one, marcxml("1", "西遊記").encode(), "marcxml", "marcxml")
    assert alike(one, marcxml("1", "").encode(), "marcxml", "marcxml")  # nothing tells that they are two


def dublin_core(**values: str) -> bytes:
    inside = "".join(f"<dc:{name}>{value}</dc:{name}>" for name, value in values.items())
    return f'<o:dc xmlns:o="urn:o" xmlns:dc="http://purl.org/dc/elements/1.1/">{inside}</o:dc>'.encode()


NAMED = dublin_core(title="紅樓夢", identifier="http://old.lib.tw/7", creator="曹雪芹", date="1791")
DUBLIN_CORE = [
    (dublin_core(title="紅樓夢", identifier="http://old.lib.tw/7"), True, "the identifier lasts"),
    (
        dublin_core(title="紅樓夢", identifier="http://new.lib.tw/1", creator="曹雪芹", date="1791"),
        True,
        "maker and date",
    ),
    (dublin_core(title="西遊記", identifier="http://old.lib.tw/7", date="1592"), False, "an identifier counted anew"),
    (
        dublin_core(title="紅樓夢", identifier="http://new.lib.tw/1", creator="曹雪芹", date="1985"),
        False,
        "another year",
    ),
    (dublin_core(title="紅樓夢"), False, "a title alone names nothing"),
    (b"<o:dc", False, "it cannot be read"),
]


@pytest.mark.parametrize(("other", "succeeds", "why"), DUBLIN_CORE, ids=[row[2] for row in DUBLIN_CORE])
def test_a_record_of_dublin_core_is_known_by_identifier_or_makers_with_its_title(
    other: bytes, succeeds: bool, why: str
) -> None:
    assert bool(numbers(NAMED, "oai_dc") & numbers(other, "oai_dc")) is succeeds, why
