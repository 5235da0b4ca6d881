"""Pairwise precision and recall of editions against the truth."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PairQuality:
    """Of the pairs of records put together, how many belong together (precision), and the reverse (recall)."""

    true_pairs: int
    found_pairs: int
    right_pairs: int

    @property
    def precision(self) -> float:
        return self.right_pairs / self.found_pairs if self.found_pairs else 1.0

    @property
    def recall(self) -> float:
        return self.right_pairs / self.true_pairs if self.true_pairs else 1.0


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
