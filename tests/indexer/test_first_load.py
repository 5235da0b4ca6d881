"""A first load comes to what loading batch after batch comes to, wherever it is killed on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from fixtures.generate import LIBRARIES as CODES
from fixtures.generate import records
from harvester.store import RawRecord, Store
from indexer import catalogue_rows as rows
from indexer import catalogue_tables as tables
from indexer import first_load
from indexer.catalogue import Catalogue
from indexer.crew import Crew, Tools
from indexer.engine.embedded import EmbeddedEngine
from indexer.first_load import FirstLoad
from indexer.record import RecordRef
from indexer.run import index_changes, is_behind
from tests.support import marc

LIBRARIES = {code: marc.library(code) for code in CODES}
MADE = [RawRecord(one.library, one.control_number, "iso2709", one.payload) for one in records(400, seed=3)]
BAD = RawRecord("alder", "bad", "iso2709", b"not MARC at all")


class Union:
    """A store and a catalogue in a folder."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        self.folder = folder
        self.store = Store.open(f"sqlite:///{folder / 'catalogue.sqlite3'}")
        self.catalogue = Catalogue(self.store.engine)

    def harvest(self, raws: Iterable[RawRecord]) -> None:
        raws = list(raws)
        for library in dict.fromkeys(raw.library for raw in raws):
            run = self.store.begin_run(library, "incremental", "test")
            self.store.commit_page(run, [raw for raw in raws if raw.library == library], None)
            self.store.finish_run(run, "complete")

    async def index(self) -> Any:
        engine = EmbeddedEngine(self.folder / "index")
        outcome = await index_changes(self.store, self.catalogue, engine, LIBRARIES)
        assert await engine.count() == self.catalogue.counts().editions
        await engine.close()
        return outcome

    def load(self) -> FirstLoad:
        found = FirstLoad.of(self.store, self.catalogue, Crew(Tools(self.store, LIBRARIES), 0), 1)
        assert found is not None
        return found

    def editions(self) -> set[frozenset[RecordRef]]:
        together: dict[str, set[RecordRef]] = {}
        for ref, edition in self.catalogue.editions_of_all().items():
            together.setdefault(edition, set()).add(ref)
        return set(map(frozenset, together.values()))

    def rows(self) -> dict[str, set[tuple[Any, ...]]]:
        """Everything that is matched by and found by, with names in place of numbers."""
        with self.catalogue.engine.connect() as connection:
            record = tables.records.c
            query = select(record.number, record.library, record.identifier)
            name = {number: f"{library}:{own}" for number, library, own in connection.execute(query)}
            found = {}
            for table, numbers in (
                (tables.keys, {"record"}),
                (tables.work_keys, {"record"}),
                (tables.local_ids, {"record"}),
                (tables.named, {"record"}),
            ):
                held = connection.execute(select(table)).mappings()
                found[table.name] = {
                    tuple(name[value] if column in numbers else value for column, value in row.items()) for row in held
                }
            edges = connection.execute(select(tables.edges)).all()
            found["edges"] = {(frozenset((name[e.a], name[e.b])), e.score, e.reasons, e.model) for e in edges}
        return found


@pytest.fixture
def union(tmp_path: Path) -> Iterator[Callable[[str], Union]]:
    opened: list[Union] = []

    def make(name: str) -> Union:
        opened.append(Union(tmp_path / name))
        return opened[-1]

    yield make
    for one in opened:
        one.store.close()


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(first_load, "AT_ONCE", 90)
    monkeypatch.setattr("indexer.run.PROCESSES", 0)


async def test_a_first_load_comes_to_what_batch_after_batch_comes_to(
    union: Callable[[str], Union], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = union("batches"), union("at-once")
    for each in (one, other):
        each.harvest([*MADE, BAD])
    monkeypatch.setattr("indexer.run.RECORDS_AT_ONCE", 90)
    before = await one.index()
    monkeypatch.setattr("indexer.run.LONG_LOAD", 1)
    after = await other.index()
    assert (after.seen, after.read, after.unreadable, after.deleted) == (401, 400, 1, 0)
    assert (after.read, after.unreadable) == (before.read, before.unreadable)
    assert other.editions() == one.editions()
    assert other.rows() == one.rows()
    assert [bad.identifier for bad in other.store.quarantined("alder")] == ["bad"]
    assert not is_behind(other.store)


async def test_what_changed_while_it_loaded_comes_after_it(
    union: Callable[[str], Union], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = union("later"), union("at-once")
    one.harvest(MADE)
    first = one.load()
    reading = first.read()
    next(reading)
    gone = [RawRecord(raw.library, raw.identifier, raw.format, b"", deleted=True) for raw in MADE[::50]]
    one.harvest([*gone, BAD])
    list(reading)
    list(first.match())
    monkeypatch.setattr("indexer.run.LONG_LOAD", 1)
    await one.index()
    other.harvest([*(raw for raw in MADE if raw not in MADE[::50]), BAD])
    await other.index()
    assert one.editions() == other.editions()
    assert one.rows() == other.rows()


@pytest.mark.parametrize(
    ("steps", "matched"), [(0, 0), (1, 0), (3, 0), (5, 0), (5, 1), (5, 256)], ids="after {} steps".format
)
async def test_a_load_that_was_killed_goes_on(
    union: Callable[[str], Union], monkeypatch: pytest.MonkeyPatch, steps: int, matched: int
) -> None:
    monkeypatch.setattr("indexer.run.LONG_LOAD", 1)
    killed, whole = union("killed"), union("whole")
    for each in (killed, whole):
        each.harvest(MADE)
    load = killed.load()
    reading = load.read()
    read = sum(step.seen for step in islice(reading, steps))
    reading.close()
    if steps == 5 and matched:
        matching = load.match()
        list(islice(matching, matched))
        matching.close()
        assert killed.editions() == set(), "matching is one transaction"
    assert is_behind(killed.store)
    outcome = await killed.index()
    await whole.index()
    assert outcome.seen == len(MADE) - read
    assert killed.editions() == whole.editions()
    assert killed.rows() == whole.rows()
    assert killed.catalogue.editions_of_all() == whole.catalogue.editions_of_all()


async def test_a_catalogue_that_has_records_is_not_loaded_first(union: Callable[[str], Union]) -> None:
    one = union("one")
    one.harvest(MADE[:3])
    await one.index()
    one.harvest(MADE)
    assert FirstLoad.of(one.store, one.catalogue, Crew(Tools(one.store, LIBRARIES), 0), 1) is None


async def test_new_rules_in_the_middle_of_a_load_judge_all_of_it(
    union: Callable[[str], Union], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, whole = union("one"), union("whole")
    monkeypatch.setattr("indexer.run.LONG_LOAD", 1)
    for each in (one, whole):
        each.harvest(MADE)
    load = one.load()
    list(islice(load.read(), 2))
    with one.catalogue.writing() as connection:
        rows.set_state(connection, "model", "older")
        rows.set_state(connection, "work_rules", "older")
    await one.index()
    await whole.index()
    assert one.editions() == whole.editions()
    assert one.rows() == whole.rows()
