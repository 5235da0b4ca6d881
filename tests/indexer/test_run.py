"""A run from raw records to the engine: its counts add up, and it may be killed at any moment."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from harvester.store import RawRecord, Store
from indexer import catalogue_rows as rows
from indexer import feed
from indexer.catalogue import Catalogue
from indexer.document import document
from indexer.engine import Clause, Document, EngineUnavailable, SearchPage, SearchRequest
from indexer.engine.embedded import EmbeddedEngine
from indexer.record import RecordRef
from indexer.run import IndexOutcome, IndexProgress, index_changes, rebuild
from indexer.strangers import not_configured
from mappings.library import Library
from tests.support import marc
from tests.support.editions import make_edition

LIBRARIES = {code: marc.library(code) for code in ("ntl", "haifeng", "elm")}
ROOT = Path(__file__).parents[2]


def _raw(ref: str, title: str = "紅樓夢校注", year: int = 1984, **fields: str) -> RawRecord:
    library, _, name = ref.partition(":")
    isbn = f"=020  \\\\$a{fields['isbn']}\n" if "isbn" in fields else ""
    text = f"""
=001  {name}
=008  040101s{year}    ch            000 0 chi d
{isbn}=245  10$a{title}
=260  \\\\$a臺北市 :$b{fields.get("publisher", "里仁書局")},$c{year}.
=300  \\\\$a{fields.get("pages", "1285")}面
=700  1\\$a曹雪芹
"""
    return RawRecord(library, name, "marcxml", marc.marcxml(text))


def _deleted(ref: str) -> RawRecord:
    library, _, name = ref.partition(":")
    return RawRecord(library, name, "marcxml", b"", deleted=True)


@dataclass
class Union:
    """A store, a catalogue and an embedded engine over one folder."""

    folder: Path
    libraries: Mapping[str, Library] = field(default_factory=lambda: LIBRARIES)

    def __post_init__(self) -> None:
        self.store = Store.open(f"sqlite:///{self.folder / 'catalogue.sqlite3'}")
        self.catalogue = Catalogue(self.store.engine)
        self.engine = EmbeddedEngine(self.folder / "index")

    def harvest(self, *records: RawRecord) -> None:
        for library in {record.library for record in records}:
            run = self.store.begin_run(library, "incremental", "test")
            self.store.commit_page(run, [record for record in records if record.library == library], None)
            self.store.finish_run(run, "complete")

    async def index(self, **options: Any) -> IndexOutcome:
        return await index_changes(self.store, self.catalogue, self.engine, self.libraries, **options)

    async def titles(self, query: str = "") -> list[str]:
        """The titles the engine finds, sorted: all of them without a query."""
        clauses = (Clause(query),) if query else ()
        page = await self.engine.search(SearchRequest(clauses=clauses, limit=50))
        return sorted(hit.edition.title.proper for hit in page.hits if hit.edition.title)

    def pending(self) -> int:
        return self.catalogue.counts().pending

    async def close(self) -> None:
        await self.engine.close()
        self.store.close()


@pytest.fixture
async def union(tmp_path: Path) -> AsyncIterator[Union]:
    opened = Union(tmp_path)
    yield opened
    await opened.close()


async def test_records_of_several_libraries_become_one_findable_edition(union: Union) -> None:
    union.harvest(_raw("ntl:1"), _raw("haifeng:1", "红楼梦校注"), _raw("elm:1", "西遊記", publisher="三民書局"))
    outcome = await union.index()
    assert (outcome.seen, outcome.read, outcome.editions_written) == (3, 3, 2)
    page = await union.engine.search(SearchRequest(clauses=(Clause("紅樓夢"),)))
    assert page.hits[0].edition.libraries == ("haifeng", "ntl")
    assert union.pending() == 0


async def test_a_second_run_has_nothing_to_do(union: Union) -> None:
    union.harvest(_raw("ntl:1"))
    await union.index()
    again = await union.index()
    assert (again.seen, again.editions_written, again.editions_removed) == (0, 0, 0)


async def test_every_record_ends_in_one_count(union: Union) -> None:
    union.harvest(_raw("ntl:1"), _raw("ntl:2"), _raw("elm:1"))
    await union.index()
    union.harvest(
        _raw("ntl:1", year=1999),
        RawRecord("ntl", "2", "marcxml", _raw("ntl:2").payload + b"\n"),  # other bytes, the same record
        _deleted("elm:1"),
        RawRecord("haifeng", "1", "iso2709", b"not MARC at all"),
    )
    outcome = await union.index()
    assert (outcome.seen, outcome.read, outcome.unchanged, outcome.deleted, outcome.unreadable) == (4, 1, 1, 1, 1)


async def test_what_cannot_be_read_is_quarantined_and_the_good_version_stays(union: Union) -> None:
    union.harvest(_raw("ntl:1"))
    await union.index()
    union.harvest(RawRecord("ntl", "1", "iso2709", b"not MARC at all"))
    outcome = await union.index()
    assert outcome.unreadable == 1
    (held,) = union.store.quarantined("ntl")
    assert (held.identifier, held.stage) == ("1", "read")
    assert held.reason
    assert await union.titles() == ["紅樓夢校注"]
    union.harvest(_raw("ntl:1", "紅樓夢"))
    await union.index()
    assert union.store.quarantined("ntl") == [], "a readable version lets it out"
    assert await union.titles() == ["紅樓夢"]


async def test_a_record_of_a_library_nobody_configured_is_counted_and_explained(union: Union) -> None:
    union.harvest(_raw("nobody:1"))
    outcome = await union.index()
    assert outcome.unreadable == 1
    assert "is not configured" in union.store.quarantined("nobody")[0].reason
    assert not_configured(union.store, union.libraries) == {"nobody": 1}


async def test_a_library_whose_file_is_taken_away_keeps_its_records_and_is_read_again_when_it_is_back(
    union: Union,
) -> None:
    union.harvest(_raw("ntl:1", "紅樓夢"))
    await union.index()
    there = union.libraries
    union.libraries = {code: library for code, library in there.items() if code != "ntl"}
    union.harvest(_raw("ntl:1", "西遊記"))
    await union.index()
    assert await union.titles() == ["紅樓夢"]
    assert not_configured(union.store, union.libraries) == {"ntl": 1}
    union.libraries = there
    await union.index()
    assert await union.titles() == ["西遊記"]
    assert not_configured(union.store, {}) == {}


async def test_a_deleted_record_leaves_the_engine_with_its_edition(union: Union) -> None:
    union.harvest(_raw("ntl:1"), _raw("elm:1", "西遊記", publisher="三民書局"))
    await union.index()
    union.harvest(_deleted("ntl:1"))
    outcome = await union.index()
    assert outcome.editions_removed == 1
    assert await union.titles() == ["西遊記"]


async def test_editions_that_merge_leave_one_document(union: Union) -> None:
    union.harvest(_raw("ntl:1"), _raw("elm:1", year=1999, pages="700", publisher="桂冠"))
    await union.index()
    assert len(await union.titles()) == 2
    union.harvest(_raw("elm:1"))
    outcome = await union.index()
    assert (outcome.editions_merged, outcome.editions_removed) == (1, 1)
    assert await union.titles() == ["紅樓夢校注"]


async def test_an_engine_that_refuses_loses_nothing(union: Union) -> None:
    union.harvest(_raw("ntl:1"))
    with pytest.raises(EngineUnavailable):
        await index_changes(union.store, union.catalogue, _Refusing(), LIBRARIES)
    assert union.pending() == 1
    assert union.catalogue.edition_of(RecordRef("ntl", "1")) is not None
    outcome = await union.index()
    assert (outcome.seen, outcome.editions_written) == (0, 1)
    assert await union.titles() == ["紅樓夢校注"]


class _Refusing:
    """An engine that is there but takes nothing."""

    name = "refusing"

    async def write(self, documents: Sequence[Document], deleted: Sequence[str] = ()) -> None:
        raise EngineUnavailable("full")

    async def rebuild(self, batches: AsyncIterator[Sequence[Document]]) -> int:
        raise EngineUnavailable("full")

    async def back(self) -> None:
        raise EngineUnavailable("full")

    async def count(self) -> int:
        return 1

    async def search(self, request: SearchRequest) -> SearchPage:
        raise EngineUnavailable("full")

    async def editions(self, ids: Sequence[str]) -> dict[str, Any]:
        raise EngineUnavailable("full")

    async def with_isbns(self, isbns: Sequence[str]) -> dict[str, Any]:
        raise EngineUnavailable("full")

    async def close(self) -> None:
        return None


async def test_a_new_and_empty_engine_is_given_everything(union: Union, tmp_path: Path) -> None:
    union.harvest(_raw("ntl:1"), _raw("elm:1", "西遊記", publisher="三民書局"))
    await union.index()
    other = EmbeddedEngine(tmp_path / "another-index")
    outcome = await index_changes(union.store, union.catalogue, other, LIBRARIES)
    assert (outcome.seen, outcome.editions_written) == (0, 2)
    assert await other.count() == 2
    await other.close()


async def test_an_engine_that_missed_changes_is_filled_anew(union: Union, tmp_path: Path) -> None:
    union.harvest(_raw("ntl:1"), _raw("elm:1", "西遊記", publisher="三民書局"))
    await union.index()
    other = EmbeddedEngine(tmp_path / "another-index")
    union.harvest(_raw("elm:1", "水滸傳", publisher="三民書局"))
    await index_changes(union.store, union.catalogue, other, LIBRARIES)
    await other.close()
    assert await union.titles() == ["紅樓夢校注", "西遊記"], "the other engine was given the change"
    await union.index()
    assert await union.titles() == ["水滸傳", "紅樓夢校注"]


async def test_what_others_put_into_the_index_does_not_stay(union: Union) -> None:
    union.harvest(_raw("ntl:1"))
    await union.index()
    await union.engine.write([document(make_edition("stranger", "西遊記"), LIBRARIES)])
    await union.index()
    assert await union.titles() == ["紅樓夢校注"]


async def test_a_rebuild_gives_the_same_editions_under_the_same_ids(union: Union) -> None:
    union.harvest(_raw("ntl:1"), _raw("haifeng:1"), _raw("elm:1", "西遊記", publisher="三民書局"))
    await union.index()
    before = union.catalogue.editions_of_all()
    for reread in (False, True):
        outcome = await rebuild(union.store, union.catalogue, union.engine, LIBRARIES, reread=reread)
        assert outcome.editions_written == 2
        assert outcome.seen == (3 if reread else 0)
        assert union.catalogue.editions_of_all() == before
        assert await union.titles() == ["紅樓夢校注", "西遊記"]
        assert union.pending() == 0


async def test_a_rebuild_takes_what_changed_along(union: Union) -> None:
    union.harvest(_raw("ntl:1"))
    await rebuild(union.store, union.catalogue, union.engine, LIBRARIES)
    assert await union.titles() == ["紅樓夢校注"]


async def test_changed_rules_judge_everything_again_on_the_next_run(
    union: Union, monkeypatch: pytest.MonkeyPatch
) -> None:
    union.harvest(_raw("ntl:1"), _raw("haifeng:1"))
    await union.index()
    monkeypatch.setattr("indexer.compare.MODEL", "other")
    monkeypatch.setattr("indexer.compare.SAME", 1000.0)  # nothing is the same any more
    outcome = await union.index()
    assert outcome.editions_split == 1
    assert len(await union.titles()) == 2


async def test_progress_is_told_to_whoever_listens(union: Union) -> None:
    union.harvest(_raw("ntl:1"), _raw("elm:1", "西遊記", publisher="三民書局"))
    told: list[IndexProgress] = []
    await union.index(progress=told.append)
    assert told[0].stage == "records"
    assert (told[0].done, told[0].total) == (2, 2)
    assert told[-1] == IndexProgress("editions", 2, 2)


_CHILD = """
import asyncio, os, signal, sys
from pathlib import Path
from harvester.store import Store
from indexer import feed, run
from indexer.catalogue import Catalogue
from indexer.engine.embedded import EmbeddedEngine
from tests.support import marc

folder, stage, after = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
run.RECORDS_AT_ONCE = feed.EDITIONS_AT_ONCE = 3
store = Store.open(f"sqlite:///{folder / 'catalogue.sqlite3'}")
libraries = {code: marc.library(code) for code in ("ntl", "haifeng", "elm")}

def progress(told):
    if told.stage == stage and told.done >= after:
        os.kill(os.getpid(), signal.SIGKILL)

asyncio.run(
    run.index_changes(store, Catalogue(store.engine), EmbeddedEngine(folder / "index"), libraries, progress=progress)
)
"""


@pytest.mark.parametrize(("stage", "after"), [("records", 3), ("records", 9), ("editions", 3), ("editions", 6)])
async def test_a_run_that_was_killed_is_gone_on_with(tmp_path: Path, stage: str, after: int) -> None:
    """Some batches are in the catalogue, some editions in the engine: the next run ends as if nothing had happened."""
    union = Union(tmp_path)
    for library in ("ntl", "haifeng"):
        union.harvest(*(_raw(f"{library}:{n}", f"第{n}本書", 1980 + n, pages=str(200 + 9 * n)) for n in range(8)))
    await union.close()
    child = (sys.executable, "-c", _CHILD, str(tmp_path), stage, str(after))
    killed = await asyncio.create_subprocess_exec(*child, cwd=ROOT, stderr=asyncio.subprocess.PIPE)
    _, complaint = await killed.communicate()
    assert killed.returncode == -signal.SIGKILL, complaint.decode()
    union = Union(tmp_path)
    await union.index()
    assert len(await union.titles()) == 8
    page = await union.engine.search(SearchRequest(limit=50))
    assert all(hit.edition.libraries == ("haifeng", "ntl") for hit in page.hits)
    assert union.pending() == 0
    await union.close()


async def test_what_changes_while_the_engine_is_written_stays_pending(union: Union) -> None:
    union.harvest(_raw("ntl:1"))
    await union.index()
    edition = str(union.catalogue.edition_of(RecordRef("ntl", "1")))
    with union.catalogue.writing() as connection:
        rows.mark_pending(connection, [edition], 7)
    given = {edition: 6}  # what was written was of an older stamp
    with union.catalogue.writing() as connection:
        rows.clear_pending(connection, given)
    assert union.pending() == 1
    assert await feed.give(union.catalogue, union.engine, LIBRARIES, lambda *_: None) == (1, 0)
    assert union.pending() == 0
