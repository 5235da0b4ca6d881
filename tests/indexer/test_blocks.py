"""Which pairs of a block are compared: all of a small one, neighbours in a large one, whatever came first."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from indexer.blocks import LARGEST_BLOCK, NEIGHBOURS, pairs, pairs_with


def test_in_a_small_block_all_pairs_are_compared() -> None:
    assert set(pairs([(5, 1), (3, 2), (9, 3)])) == {(1, 2), (1, 3), (2, 3)}


def test_a_large_block_grows_with_its_size_not_with_its_square() -> None:
    block = [(place, place) for place in range(1000)]
    assert len(list(pairs(block))) <= 1000 * NEIGHBOURS


def test_neighbours_of_a_large_block_are_compared() -> None:
    block = [(place, place) for place in range(LARGEST_BLOCK + 1)]
    found = set(pairs(block))
    assert (0, NEIGHBOURS) in found
    assert (0, NEIGHBOURS + 1) not in found


@given(st.sets(st.tuples(st.integers(0, 50), st.integers(0, 10_000)), max_size=90), st.randoms())
def test_the_order_of_a_block_does_not_matter(block: set[tuple[int, int]], dice: random.Random) -> None:
    shuffled = sorted(block)
    dice.shuffle(shuffled)
    assert set(pairs(shuffled)) == set(pairs(sorted(block)))


@given(st.integers(0, LARGEST_BLOCK), st.sets(st.integers(0, LARGEST_BLOCK)))
def test_pairs_with_changed_records_are_those_of_the_whole_block_that_hold_one(size: int, changed: set[int]) -> None:
    block = [(0, number) for number in range(size)]
    found = list(pairs_with(block, changed))
    assert len(found) == len(set(found))
    assert set(found) == {pair for pair in pairs(block) if changed & set(pair)}
