"""Which records of a block (those that share a key) are compared. Pure, and the same whatever came first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from itertools import combinations

Place = tuple[int, int]
"""Where a record stands in its block (`match_keys.place_in_block`), and the record's number."""

Pair = tuple[int, int]
"""Two records' numbers, the smaller first."""

LARGEST_BLOCK = 40
"""Up to this many records all pairs are compared."""

NEIGHBOURS = 8
"""In a larger block each record is compared with so many that stand next to it by year and pages. Generic titles and
wrongly shared numbers make such blocks; comparing all would let the work grow with the square of their size."""


def pairs(block: Iterable[Place]) -> Iterator[Pair]:
    """The pairs of a block that are compared, each once."""
    places = sorted(block)
    if len(places) <= LARGEST_BLOCK:
        for (_, a), (_, b) in combinations(places, 2):
            yield (a, b) if a < b else (b, a)
        return
    for position, (_, a) in enumerate(places):
        for _, b in places[position + 1 : position + 1 + NEIGHBOURS]:
            yield (a, b) if a < b else (b, a)


def pairs_with(block: Iterable[Place], changed: AbstractSet[int]) -> Iterator[Pair]:
    """The pairs of a block that hold at least one of the changed records, for a block small enough to compare as a
    whole."""
    members = [number for _, number in block]
    for a in members:
        if a in changed:
            for b in members:
                if b != a and (b not in changed or a < b):
                    yield (a, b) if a < b else (b, a)
