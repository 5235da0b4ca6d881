"""What patrons want comes first: the golden queries over the demo consortium."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import get_args

import pytest

from benchmarks.golden import GoldenQuery, Outcome, mrr, ndcg, outcomes
from benchmarks.relevance import book_of, fill, golden_queries
from fixtures.consortium.editions import load_editions
from indexer.document import document
from indexer.engine import Clause, FacetField, SearchRequest
from indexer.engine.cluster import ClusterEngine
from indexer.engine.embedded import EmbeddedEngine
from mappings.library import load_libraries

FACETS: tuple[FacetField, ...] = get_args(FacetField)

MRR, NDCG = 0.99, 0.945
"""The floors. A change that lowers them makes patrons look further; a change that raises them raises these."""


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[tuple[str, str], str]]:
    """Where the demo consortium is indexed, and the book of each record."""
    folder = tmp_path_factory.mktemp("golden")

    async def fill_one() -> dict[tuple[str, str], str]:
        engine = EmbeddedEngine(folder)
        try:
            return await fill(engine, folder)
        finally:
            await engine.close()

    return folder, asyncio.run(fill_one())


@pytest.fixture(scope="module")
def found(filled: tuple[Path, dict[tuple[str, str], str]]) -> list[Outcome]:
    folder, keys = filled

    async def measured() -> list[Outcome]:
        engine = EmbeddedEngine(folder)
        try:
            return await outcomes(engine, golden_queries(), book_of(keys))
        finally:
            await engine.close()

    return asyncio.run(measured())


def failures(found: list[Outcome]) -> str:
    return "\n".join(f"{one.query.text}: {one.found[:3]}" for one in found if one.reciprocal_rank < 1)


def test_there_are_queries_enough_in_every_script(found: list[Outcome]) -> None:
    scripts = [outcome.query.script for outcome in found]
    assert len(found) >= 150
    assert all(scripts.count(script) >= 10 for script in ("zh-Hant", "zh-Hans", "romanised", "en", "ja", "ko", "vi"))


def test_the_first_hit_is_what_is_wanted(found: list[Outcome]) -> None:
    assert mrr(found) >= MRR, failures(found)


def test_the_first_ten_are_what_is_wanted(found: list[Outcome]) -> None:
    assert ndcg(found) >= NDCG, failures(found)


def test_no_query_that_wants_something_finds_nothing(found: list[Outcome]) -> None:
    assert [one.query.text for one in found if one.query.wanted and not one.found] == []


async def test_both_engines_find_the_same_in_the_same_order(
    filled: tuple[Path, dict[tuple[str, str], str]], elasticsearch_url: str
) -> None:
    embedded, cluster = EmbeddedEngine(filled[0]), ClusterEngine(elasticsearch_url, "golden")
    alike = 0
    queries = golden_queries()
    try:
        everything = await embedded.search(SearchRequest(limit=10_000))
        await cluster.write([document(hit.edition, load_libraries()) for hit in everything.hits])
        for query in queries:
            request = SearchRequest((Clause(query.text),), limit=10, facets=FACETS, facet_size=10)
            one, other = await embedded.search(request), await cluster.search(request)
            assert (one.total, one.facets) == (other.total, other.facets), query.text
            pairs = zip(one.hits, other.hits, strict=True)
            alike += all(a.edition.id == b.edition.id for a, b in pairs)
    finally:
        await embedded.close()
        await cluster.close()
    assert alike >= 0.99 * len(queries)


@pytest.mark.parametrize(
    ("hits", "rank", "gain"),
    [(("a", "b"), 1.0, 1.0), (("x", "a", "b"), 0.5, pytest.approx(0.693, abs=0.001)), (("x",), 0.0, 0.0)],
)
def test_an_outcome_is_scored(hits: tuple[str, ...], rank: float, gain: float) -> None:
    outcome = Outcome(GoldenQuery("en", "q", frozenset({"a", "b"})), hits)
    assert (outcome.reciprocal_rank, outcome.ndcg) == (rank, gain)


def test_a_query_that_wants_what_nobody_holds_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "queries.toml"
    path.write_text('en = [["dream", "no-such-book"]]', encoding="utf-8")
    with pytest.raises(ValueError, match="dream"):
        golden_queries(path, load_editions()[:5])
