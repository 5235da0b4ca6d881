"""Hits by work: both engines show each work once, by its first edition in order, and count works and editions alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import get_args

import pytest

from indexer.document import document
from indexer.engine import (
    MAX_WINDOW,
    OTHERS_SHOWN,
    Clause,
    Document,
    FacetField,
    Filter,
    SearchEngine,
    SearchPage,
    SearchRequest,
    Sort,
)
from indexer.record import Edition
from tests.support.editions import make_edition, make_libraries

LIBRARIES = make_libraries()
FACETS: tuple[FacetField, ...] = get_args(FacetField)


def of_work(work: str, edition_id: str, title: str, year: int, libraries: tuple[str, ...] = ("ntl",)) -> Edition:
    edition = make_edition(edition_id, title, year=year, libraries=libraries, languages=["chi"], creators=["曹雪芹"])
    return replace(edition, work=work)


DREAM = [of_work("w-dream", f"dream-{n}", "紅樓夢" if n % 2 else "红楼梦", 1950 + n) for n in range(14)]
MONKEY = [
    of_work("w-monkey", "monkey-old", "西遊記", 1960, ("ntl", "haifeng", "fenggu")),
    of_work("w-monkey", "monkey-new", "西遊記", 2020),
    of_work("w-monkey", "monkey-dream", "西遊記與紅樓夢", 1990),
]
ALONE = [of_work("", f"alone-{n}", f"紅樓夢研究 {n}", 1970 + n) for n in range(9)]
LEFT = of_work("w-left", "left-over", "紅樓夢影", 1999)  # its work lost all other editions
EDITIONS = [*DREAM, *MONKEY, *ALONE, LEFT]


def documents(*editions: Edition) -> list[Document]:
    return [document(edition, LIBRARIES) for edition in editions]


def ids(page: SearchPage) -> list[str]:
    return [hit.edition.id for hit in page.hits]


def work_of(edition: Edition) -> str:
    return edition.work or edition.id


async def asked(both: Mapping[str, SearchEngine], request: SearchRequest) -> SearchPage:
    """The answer of the embedded engine, once the cluster's is known to be the same."""
    embedded, cluster = [await both[kind].search(request) for kind in ("embedded", "cluster")]
    assert (embedded.total, embedded.works, embedded.facets) == (cluster.total, cluster.works, cluster.facets)
    assert embedded.cursor == cluster.cursor == ""
    assert [(h.edition, h.matching, h.others) for h in embedded.hits] == [
        (h.edition, h.matching, h.others) for h in cluster.hits
    ]
    return embedded


@pytest.fixture
async def filled(own_both: dict[str, SearchEngine]) -> dict[str, SearchEngine]:
    for engine in own_both.values():
        await engine.write(documents(*EDITIONS))
    return own_both


@pytest.mark.parametrize("sort", get_args(Sort))
async def test_pages_show_each_work_once_by_its_first_edition(filled: dict[str, SearchEngine], sort: Sort) -> None:
    clauses = (Clause("紅樓夢"),)
    plain = await filled["embedded"].search(SearchRequest(clauses, sort=sort, limit=100))
    firsts: dict[str, str] = {}
    for hit in plain.hits:
        firsts.setdefault(work_of(hit.edition), hit.edition.id)
    pages = [
        await asked(filled, SearchRequest(clauses, sort=sort, offset=n, limit=5, by_work=True)) for n in range(0, 20, 5)
    ]
    assert [one for page in pages for one in ids(page)] == list(firsts.values())
    assert {(page.total, page.works) for page in pages} == {(25, 12)}


async def test_a_hit_counts_the_editions_found_and_brings_the_next_ones(filled: dict[str, SearchEngine]) -> None:
    request = SearchRequest((Clause("紅樓夢"),), sort="newest", limit=100, by_work=True)
    hits = {work_of(hit.edition): hit for hit in (await asked(filled, request)).hits}
    assert hits["w-dream"].edition.id == "dream-13"
    assert hits["w-dream"].matching == len(DREAM)
    assert [one.id for one in hits["w-dream"].others] == [f"dream-{12 - n}" for n in range(OTHERS_SHOWN)]
    assert (hits["w-monkey"].matching, hits["w-monkey"].others) == (1, ())  # of its three only one speaks of 紅樓夢
    assert (hits["alone-3"].matching, hits["alone-3"].others) == (1, ())
    assert (hits["w-left"].matching, hits["w-left"].others) == (1, ())


async def test_facets_count_editions_and_filters_narrow_works(filled: dict[str, SearchEngine]) -> None:
    request = SearchRequest(
        filters=(Filter("library", ("haifeng", "fenggu")),), year_to=1990, facets=FACETS, by_work=True, limit=10
    )
    page = await asked(filled, request)
    assert (ids(page), page.total, page.works) == (["monkey-old"], 1, 1)
    assert {v.value: v.count for v in page.facets["library"]} == {"ntl": 25, "haifeng": 1, "fenggu": 1}
    whole = await asked(filled, SearchRequest(facets=FACETS, by_work=True, limit=0))
    assert (whole.total, whole.works, whole.hits) == (len(EDITIONS), 12, ())


async def test_not_asked_by_work_no_works_are_counted(filled: dict[str, SearchEngine]) -> None:
    page = await filled["embedded"].search(SearchRequest((Clause("紅樓夢"),), limit=100))
    assert page.works is None
    assert {(hit.matching, hit.others) for hit in page.hits} == {(1, ())}


@pytest.mark.parametrize(
    ("works", "expected", "why"),
    [
        (("w-monkey",), {one.id for one in MONKEY}, "all editions of a work"),
        (("w-monkey", "alone-3"), {*(one.id for one in MONKEY), "alone-3"}, "an edition of no work is its own"),
        (("w-nothing",), set(), "a work nobody knows has no editions"),
    ],
)
async def test_the_editions_of_works_are_found(
    filled: dict[str, SearchEngine], works: tuple[str, ...], expected: set[str], why: str
) -> None:
    for engine in filled.values():
        page = await engine.search(SearchRequest(works=works, limit=100, facets=("year",)))
        assert (set(ids(page)), page.total) == (expected, len(expected)), why


async def test_an_edition_that_changes_its_work_is_shown_under_the_new_one(filled: dict[str, SearchEngine]) -> None:
    for engine in filled.values():
        await engine.write(documents(replace(LEFT, work="w-dream"), replace(MONKEY[2], work="")))
    page = await asked(filled, SearchRequest((Clause("紅樓夢"),), by_work=True, limit=100))
    assert (page.total, page.works) == (25, 11)
    assert next(hit.matching for hit in page.hits if hit.edition.work == "w-dream") == 15


async def test_a_page_behind_one_long_work_is_not_empty(own_both: dict[str, SearchEngine]) -> None:
    """What comes before a page may be far more editions than works."""
    long = [of_work("w-long", f"long-{n}", "聖經", 2000) for n in range(150)]
    for engine in own_both.values():
        await engine.write(documents(*long, *(of_work("", f"after-{n}", "聖經註釋", 1900) for n in range(4))))
    page = await asked(own_both, SearchRequest((Clause("聖經"),), sort="newest", limit=3, offset=1, by_work=True))
    assert (len(set(ids(page))), page.total, page.works) == (3, 154, 5)
    assert all(one.startswith("after-") for one in ids(page))


async def test_by_work_there_is_no_cursor_and_the_window_counts_works(filled: dict[str, SearchEngine]) -> None:
    for engine in filled.values():
        page = await engine.search(SearchRequest(by_work=True, sort="newest", offset=MAX_WINDOW - 1, limit=1))
        assert (page.hits, page.works) == ((), 12)
        with pytest.raises(ValueError, match="cursor"):
            await engine.search(SearchRequest(by_work=True, sort="newest", after="1"))
        with pytest.raises(ValueError, match=str(MAX_WINDOW)):
            await engine.search(SearchRequest(by_work=True, offset=MAX_WINDOW, limit=1))
