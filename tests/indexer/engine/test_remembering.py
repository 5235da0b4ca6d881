"""An engine that remembers what it answered gives what the one behind it would give, whatever is written meanwhile."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace

import pytest

from indexer.document import document
from indexer.engine import Clause, Document, SearchEngine, SearchPage, SearchRequest
from indexer.engine.remembering import RememberingEngine
from indexer.record import Edition
from tests.indexer.engine.conftest import OpenEngine
from tests.support.editions import make_edition, make_libraries

EVERYTHING = SearchRequest(facets=("library", "format"))


class Counted(RememberingEngine):
    """Passes everything on, and counts the searches, and those with facets."""

    def __init__(self, engine: SearchEngine) -> None:
        super().__init__(engine, room=0)
        self.searches = 0
        self.counts = 0

    async def search(self, request: SearchRequest) -> SearchPage:
        self.searches += 1
        self.counts += bool(request.facets)
        return await super().search(request)


async def write(engine: SearchEngine, editions: Sequence[Edition], deleted: Sequence[str] = ()) -> None:
    await engine.write([document(edition, make_libraries()) for edition in editions], deleted)


async def test_a_search_is_made_once_while_nothing_is_written(engine: SearchEngine) -> None:
    await write(engine, [make_edition("a"), make_edition("b")])
    counted = Counted(engine)
    remembering = RememberingEngine(counted)
    first = await remembering.search(EVERYTHING)
    assert await remembering.search(EVERYTHING) == first
    assert (first.total, counted.searches) == (2, 1)


async def test_what_another_process_writes_is_found_with_the_next_search(open_engine: OpenEngine) -> None:
    writer, remembering = open_engine(), RememberingEngine(open_engine())
    await write(writer, [make_edition("a")])
    for count in (2, 3):
        before = await remembering.search(EVERYTHING)
        await write(writer, [make_edition(f"new-{count}")])
        after = await remembering.search(EVERYTHING)
        assert (before.total, after.total) == (count - 1, count)
        assert sum(value.count for value in after.facets["format"]) == count
    await write(writer, [], deleted=["a"])
    assert (await remembering.search(EVERYTHING)).total == 2


async def test_a_rebuild_is_another_state_even_of_the_same_documents(open_engine: OpenEngine) -> None:
    engine = open_engine()
    await write(engine, [make_edition("a")])
    before = await engine.state()

    async def batches() -> AsyncIterator[Sequence[Document]]:
        yield [document(make_edition("a"), make_libraries())]

    await engine.rebuild(batches())
    assert await engine.state() != before


async def test_a_state_lasts_until_something_is_written(engine: SearchEngine) -> None:
    await write(engine, [make_edition("a")])
    states = [await engine.state() for _ in range(3)]
    await engine.search(EVERYTHING)
    assert {*states, await engine.state()} == {states[0]}
    await write(engine, [make_edition("a")])
    assert await engine.state() != states[0]


@pytest.mark.parametrize(("room", "searches"), [(3, 3), (2, 6), (0, 6)])
async def test_what_was_not_asked_for_longest_is_forgotten_first(
    engine: SearchEngine, room: int, searches: int
) -> None:
    await write(engine, [make_edition("a")])
    counted = Counted(engine)
    remembering = RememberingEngine(counted, room)
    for text in ("x", "y", "z", "x", "y", "z"):  # each finds nothing, and takes one place
        await remembering.search(SearchRequest((Clause(text),)))
    assert counted.searches == searches


async def test_rows_are_remembered_beside_whole_editions(engine: SearchEngine) -> None:
    await write(engine, [make_edition("a")])
    remembering = RememberingEngine(engine)
    row = (await remembering.search(SearchRequest(rows=True))).hits[0].edition
    whole = (await remembering.search(SearchRequest())).hits[0].edition
    assert whole == make_edition("a")
    assert row.title == whole.title
    assert (row.holdings, row.subjects) == ((), ())
    assert row.libraries == whole.libraries


OTHER_PAGES = [
    (replace(EVERYTHING, offset=1, limit=1), 1, "the next page"),
    (replace(EVERYTHING, sort="title"), 1, "another order"),
    (replace(EVERYTHING, by_work=True, rows=True), 1, "by work"),
    (replace(EVERYTHING, first=("haifeng",)), 1, "some libraries first"),
    (replace(EVERYTHING, first=("ntl",), only="rest"), 2, "what some do not hold is another search"),
    (replace(EVERYTHING, facet_size=1), 2, "fewer values"),
    (replace(EVERYTHING, facets=("language",)), 2, "another facet"),
    (replace(EVERYTHING, clauses=(Clause("a"),)), 2, "another search"),
]


@pytest.mark.parametrize(("other", "counts", "why"), OTHER_PAGES)
async def test_the_facets_of_a_search_are_counted_once(
    engine: SearchEngine, other: SearchRequest, counts: int, why: str
) -> None:
    await write(engine, [make_edition("a"), make_edition("b")])
    counted = Counted(engine)
    remembering = RememberingEngine(counted)
    await remembering.search(EVERYTHING)
    assert await remembering.search(other) == await engine.search(other), why
    assert counted.counts == counts, why


async def test_facets_are_counted_anew_when_something_is_written_meanwhile(engine: SearchEngine) -> None:
    class Overtaken(Counted):
        """Another process writes while the second page is sought."""

        async def search(self, request: SearchRequest) -> SearchPage:
            found = await super().search(request)
            if request.offset and not request.facets:
                await write(engine, [make_edition("c")])
            return found

    await write(engine, [make_edition("a"), make_edition("b")])
    remembering = RememberingEngine(Overtaken(engine))
    await remembering.search(EVERYTHING)
    page = await remembering.search(replace(EVERYTHING, offset=1))
    assert page.total == 3
    assert sum(value.count for value in page.facets["format"]) == 3
