"""What lists and shelves ask of an engine, held against both: whole headings, counts of many searches, the order of the
shelf, and the patron's libraries first in any order."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from indexer.document import document
from indexer.engine import Clause, EngineUnavailable, Filter, SearchEngine, SearchPage, SearchRequest, Sort
from indexer.record import Classification, Edition, Item, Sourced, Title
from tests.support.editions import make_edition, make_libraries
from tests.support.shelf import SHELF

LIBRARIES = make_libraries()


async def written(engine: SearchEngine, *editions: Edition) -> SearchEngine:
    await engine.write([document(edition, LIBRARIES) for edition in editions])
    return engine


def ids(page: SearchPage) -> list[str]:
    return [hit.edition.id for hit in page.hits]


async def in_order(engine: SearchEngine, request: SearchRequest) -> AsyncIterator[list[str]]:
    """Pages, each behind the cursor of the one before."""
    page = await engine.search(request)
    while page.hits:
        yield ids(page)
        page = await engine.search(replace(request, after=page.cursor))


WHOLE = [
    (Clause("紅樓夢", "title", "whole"), {"dream", "dream-simplified"}, "in any characters, and not what begins so"),
    (Clause("Norwegian Wood", "title", "whole"), {"norwegian-en"}, "in any case"),
    (Clause("Noruwei no mori", "title", "whole"), {"norwegian-ja"}, "romanised"),
    (Clause("wood", "title", "whole"), set(), "a word of it"),
    (Clause("!", "title", "whole"), set(), "signs"),
    (
        Clause("857.49 5513 v.1", "call_number", "whole"),
        {"dream-annotated"},
        "a volume that nothing tells from the rest",
    ),
    (Clause("857.49", "call_number", "whole"), set(), "its class"),
    (Clause("857.49/5514", "call_number", "whole"), {"dream"}, "written otherwise"),
    (Clause("857.49 55", "call_number", "whole"), set(), "its beginning"),
    (Clause("-", "call_number", "whole"), set(), "signs"),
]


@pytest.mark.parametrize(("clause", "expected", "why"), WHOLE)
async def test_a_whole_heading_finds_what_has_it_as_a_whole(
    engine: SearchEngine, clause: Clause, expected: set[str], why: str
) -> None:
    await written(engine, *SHELF)
    assert set(ids(await engine.search(SearchRequest((clause,))))) == expected, why


async def test_what_volumes_share_is_a_whole_call_number_and_the_class_alone_another(engine: SearchEngine) -> None:
    items = tuple(Item(barcode=f"B{n}", call_number=f"857.49 5513 v.{n}", volume=f"v.{n}") for n in (1, 2))
    edition = make_edition("volumes", "x", call_number="857.49")
    holding = replace(edition.holdings[0], call_number="", items=items)
    await written(engine, replace(edition, holdings=(holding,)), replace(edition, id="class"))
    for text, expected in (("857.49 5513", ["volumes"]), ("857.49", ["class"]), ("857.49 5513 v.1", [])):
        assert ids(await engine.search(SearchRequest((Clause(text, "call_number", "whole"),)))) == expected


async def test_a_title_that_cataloguers_added_is_a_whole_title_too(engine: SearchEngine) -> None:
    await written(engine, make_edition("e", [Title("挪威的森林"), Title("ノルウェイの森", kind="uniform")]))
    assert ids(await engine.search(SearchRequest((Clause("ノルウェイの森", "title", "whole"),)))) == ["e"]


async def test_totals_are_those_of_the_searches(engine: SearchEngine) -> None:
    await written(engine, *SHELF)
    requests = [
        SearchRequest((Clause("紅樓夢", "title", "whole"),)),
        SearchRequest(filters=(Filter("creator", ("曹雪芹",)),)),
        SearchRequest(filters=(Filter("creator", ("nobody",)),)),
        SearchRequest((Clause("dream"), Clause("857.49", "call_number"))),
        SearchRequest(),
    ]
    expected = tuple([(await engine.search(request)).total for request in requests])
    assert expected[:3] == (2, 3, 0)
    assert await engine.totals(requests) == expected
    assert await engine.totals([]) == ()


async def test_totals_of_no_index_are_no_zeros(engine: SearchEngine) -> None:
    with pytest.raises(EngineUnavailable, match="allshelves index"):
        await engine.totals([SearchRequest()])


def on_shelf(edition_id: str, call_number: str, *classes: tuple[str, str]) -> Edition:
    edition = make_edition(edition_id, "x", call_number=call_number, languages=["chi"])
    return replace(edition, classifications=tuple(Sourced(Classification(*one), ("ntl",)) for one in classes))


async def test_editions_are_sorted_as_on_the_shelf_those_of_taiwans_scheme_first(engine: SearchEngine) -> None:
    shelf = [
        on_shelf("tenths", "857.4 9", ("857.4", "ncsclt")),
        on_shelf("small-author", "857.49 875", ("857.49", "ncsclt")),
        on_shelf("great-author", "R 857.49 5513", ("857.49", "ncsclt")),
        on_shelf("unstated", "857.5 1"),
        on_shelf("dewey", "123 A1", ("123", "ddc")),
        on_shelf("congress", "PL99 .S3"),
        on_shelf("congress-later", "PL2727 .S3"),
        on_shelf("running-number", "CD-12"),
        on_shelf("nowhere", ""),
    ]
    await written(engine, *reversed(shelf))
    request = SearchRequest(sort="call_number", limit=2)
    found = [one async for page in in_order(engine, request) for one in page]
    assert found == [edition.id for edition in shelf]


SORTS: tuple[Sort, ...] = ("newest", "oldest", "title", "creator", "call_number", "libraries")


@pytest.mark.parametrize("sort", SORTS)
async def test_in_any_order_what_the_patrons_libraries_hold_comes_first(engine: SearchEngine, sort: Sort) -> None:
    await written(engine, *SHELF)
    everything = await engine.search(SearchRequest(sort=sort, limit=100))
    mine = {edition.id for edition in SHELF if {"haifeng", "fengdao"} & set(edition.libraries)}
    expected = sorted(ids(everything), key=lambda one: one not in mine)
    request = SearchRequest(sort=sort, limit=100, first=("haifeng", "fengdao"), facets=("library",))
    page = await engine.search(request)
    assert ids(page) == expected
    assert page.total == len(SHELF)
    assert page.facets == (await engine.search(SearchRequest(facets=("library",)))).facets, "of all, not of one turn"
    by_cursor = [one async for found in in_order(engine, replace(request, limit=7)) for one in found]
    assert by_cursor == expected
    by_offset = [
        one for start in range(0, 60, 7) for one in ids(await engine.search(replace(request, offset=start, limit=7)))
    ]
    assert by_offset == expected


async def test_nothing_of_mine_and_nothing_but_mine_are_one_turn_each(engine: SearchEngine) -> None:
    await written(engine, *SHELF)
    titles = SearchRequest(sort="title", limit=5)
    plain = ids(await engine.search(titles))
    assert ids(await engine.search(replace(titles, first=("nobody",)))) == plain
    everybody = tuple(LIBRARIES)
    assert ids(await engine.search(replace(titles, first=everybody))) == plain
    assert (await engine.search(replace(titles, first=everybody, limit=0))).total == len(SHELF)


@pytest.mark.parametrize("after", ["41", "x41", "f", "r-"])
async def test_a_cursor_of_another_order_is_refused(engine: SearchEngine, after: str) -> None:
    await written(engine, *SHELF)
    with pytest.raises(ValueError, match="no cursor"):
        await engine.search(SearchRequest(sort="title", first=("ntl",), after=after))
