"""What patrons want comes first: the golden queries over the demo consortium."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from benchmarks.relevance import GoldenQuery, Outcome, fill, golden_queries, mrr, ndcg, outcomes
from fixtures.consortium.editions import load_editions
from indexer.engine.embedded import EmbeddedEngine

MRR, NDCG = 0.99, 0.945
"""The floors. A change that lowers them makes patrons look further; a change that raises them raises these."""


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> list[Outcome]:
    folder = tmp_path_factory.mktemp("golden")

    async def measured() -> list[Outcome]:
        engine = EmbeddedEngine(folder / "index")
        try:
            return await outcomes(engine, golden_queries(), await fill(engine, folder))
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
