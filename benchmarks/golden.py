"""Golden queries: what is typed and what is wanted, what was found, and how good that is."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from indexer.engine import Clause, SearchEngine, SearchRequest
from indexer.record import Edition

SHOWN = 10
NOTHING = "none"


@dataclass(frozen=True, slots=True)
class GoldenQuery:
    """What is typed, and the names of the editions of which one is wanted first; none when nothing should be
    found."""

    script: str
    text: str
    wanted: frozenset[str]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a query found: the name of each of the first hits, and how good that is."""

    query: GoldenQuery
    found: tuple[str, ...]

    @property
    def reciprocal_rank(self) -> float:
        if not self.query.wanted:
            return float(not self.found)
        return next((1 / rank for rank, key in enumerate(self.found, 1) if key in self.query.wanted), 0.0)

    @property
    def ndcg(self) -> float:
        """Of the first ten, every wanted edition being worth as much as another."""
        if not self.query.wanted:
            return float(not self.found)
        gained = sum(1 / math.log2(rank + 1) for rank, key in enumerate(self.found, 1) if key in self.query.wanted)
        ideal = sum(1 / math.log2(rank + 1) for rank in range(1, min(SHOWN, len(self.query.wanted)) + 1))
        return min(gained / ideal, 1.0)


async def outcomes(
    engine: SearchEngine, queries: Sequence[GoldenQuery], name: Callable[[Edition], str]
) -> list[Outcome]:
    """What each query finds, by the names that its wanted editions have."""
    found = []
    for query in queries:
        page = await engine.search(SearchRequest((Clause(query.text),), limit=SHOWN))
        found.append(Outcome(query, tuple(name(hit.edition) for hit in page.hits)))
    return found


def mrr(found: Sequence[Outcome]) -> float:
    return statistics.fmean(outcome.reciprocal_rank for outcome in found)


def ndcg(found: Sequence[Outcome]) -> float:
    return statistics.fmean(outcome.ndcg for outcome in found)
