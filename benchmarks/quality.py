"""Pairwise precision and recall of editions against the truth."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PairQuality:
    """Of the pairs of records put together, how many belong together (precision), and the reverse (recall)."""

    true: int
    found: int
    right: int  # of those found

    @property
    def precision(self) -> float:
        """Of the pairs found, those that are true; 1 when none is found."""
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        """Of the true pairs, those found; 1 when there is none."""
        return self.right / self.true if self.true else 1.0


def pair_quality(labelled: Iterable[tuple[str, str]]) -> PairQuality:
    """The quality of (true edition, found edition), one a record."""
    true: Counter[str] = Counter()
    found: Counter[str] = Counter()
    both: Counter[tuple[str, str]] = Counter()
    for book, edition in labelled:
        true[book] += 1
        found[edition] += 1
        both[book, edition] += 1
    return PairQuality(_pairs(true.values()), _pairs(found.values()), _pairs(both.values()))


def _pairs(sizes: Iterable[int]) -> int:
    return sum(size * (size - 1) // 2 for size in sizes)
