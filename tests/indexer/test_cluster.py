"""Edges become editions the same way in any order, and ids last."""

from __future__ import annotations

import random
from collections.abc import Callable
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.cluster import ID_LENGTH, Former, Ruled, assign, candidate_id, components, is_founder, partition
from indexer.record import RecordRef

A, B, C, D, E = (RecordRef("ntl", name) for name in "abcde")


def _apart(*pairs: tuple[RecordRef, RecordRef]) -> Callable[[RecordRef, RecordRef], bool]:
    conflicts = {frozenset(pair) for pair in pairs}
    return lambda x, y: frozenset((x, y)) in conflicts


def test_records_joined_by_edges_are_one_edition() -> None:
    assert partition([A, B, C], [(A, B, 5.0), (B, C, 4.0)], _apart()) == [(A, B, C)]


def test_a_record_without_edge_stands_alone() -> None:
    assert partition([A, B, C], [(A, B, 5.0)], _apart()) == [(A, B), (C,)]


def test_a_poor_record_between_two_editions_joins_the_likelier_and_welds_nothing() -> None:
    assert partition([A, B, C], [(A, B, 5.0), (B, C, 4.0)], _apart((A, C))) == [(A, B), (C,)]
    assert partition([A, B, C], [(A, B, 4.0), (B, C, 5.0)], _apart((A, C))) == [(A,), (B, C)]


def test_a_conflict_of_any_two_members_keeps_two_groups_apart() -> None:
    edges = [(A, B, 9.0), (C, D, 8.0), (B, C, 7.0)]
    assert partition([A, B, C, D], edges, _apart((A, D))) == [(A, B), (C, D)]


def test_equal_scores_are_taken_in_the_order_of_names() -> None:
    assert partition([A, B, C], [(B, C, 5.0), (A, B, 5.0)], _apart((A, C))) == [(A, B), (C,)]


# One weak link

WEAK, STRONG, SURE = 2.5, 6.0, 4.0
F = RecordRef("ntl", "f")


@pytest.mark.parametrize(
    ("edges", "expected", "why"),
    [
        ([(A, B, WEAK)], [(A, B), (C,), (D,)], "two records need no more than being judged the same"),
        ([(A, B, 5.0), (B, C, WEAK)], [(A, B, C), (D,)], "nor does one record beside others: it may say little"),
        ([(A, B, 5.0), (C, D, 5.0), (B, C, WEAK)], [(A, B), (C, D)], "one weak link chains no two groups"),
        ([(A, B, 5.0), (C, D, 5.0), (B, C, STRONG)], [(A, B, C, D)], "one that is sure does"),
        ([(A, B, 5.0), (C, D, 5.0), (B, C, WEAK), (A, D, WEAK)], [(A, B, C, D)], "two weak ones bear each other out"),
        ([(A, B, 5.0), (C, D, 5.0), (B, C, WEAK), (B, D, WEAK)], [(A, B, C, D)], "of one record too"),
    ],
)
def test_groups_of_several_records_need_more_than_one_weak_link(
    edges: list[tuple[RecordRef, RecordRef, float]], expected: list[tuple[RecordRef, ...]], why: str
) -> None:
    assert partition([A, B, C, D], edges, _apart(), sure=SURE) == expected, why


def test_a_weak_link_that_found_no_support_is_looked_at_again_when_its_group_has_grown() -> None:
    edges = [(A, B, 5.0), (C, D, 5.0), (B, C, 3.5), (D, E, 3.0), (E, F, 2.9), (A, F, 2.0)]
    assert partition([A, B, C, D, E, F], edges, _apart(), sure=SURE) == [(A, B, C, D, E, F)]


def test_a_chain_of_weak_links_does_not_run_through_pairs() -> None:
    edges = [(A, B, 3.0), (C, D, 3.0), (B, C, 2.5)]
    assert partition([A, B, C, D], edges, _apart(), sure=SURE) == [(A, B), (C, D)]


# What people said


def test_what_people_judged_the_same_brings_the_groups_of_both() -> None:
    ruled = Ruled.by([(A, C)], [])
    edges = [(A, B, 5.0), (C, D, 5.0)]
    assert partition([A, B, C, D], edges, _apart((A, C), (B, D)), ruled=ruled) == [(A, B, C, D)]


def test_what_people_judged_the_same_is_handed_on() -> None:
    ruled = Ruled.by([(A, B), (B, C)], [])
    assert partition([A, C, D], [], _apart((A, C)), ruled=ruled) == [(A, C), (D,)], "b is not here today"


def test_what_people_told_apart_never_meets_and_neither_does_what_is_the_same_as_either() -> None:
    ruled = Ruled.by([(A, D)], [(A, C)])
    edges = [(A, B, 9.0), (B, C, 8.0), (A, C, 9.5), (C, D, 7.0)]
    assert partition([A, B, C, D], edges, _apart(), ruled=ruled) == [(A, B, D), (C,)]


def test_what_was_told_apart_goes_with_its_strongest_edge_when_two_groups_are_made_one() -> None:
    ruled = Ruled.by([(A, C)], [(B, D)])
    edges = [(A, B, 5.0), (C, D, 6.0)]
    assert partition([A, B, C, D], edges, _apart(), ruled=ruled) == [(A, C, D), (B,)]


_EDGES = st.lists(
    st.tuples(
        st.sampled_from([A, B, C, D, E]), st.sampled_from([A, B, C, D, E]), st.sampled_from([2.0, 3.5, 5.0])
    ).filter(lambda edge: edge[0] < edge[1]),
    max_size=10,
    unique_by=lambda edge: edge[:2],
)


@given(_EDGES, st.sets(st.sampled_from(list(combinations([A, B, C, D, E], 2)))), st.randoms())
def test_the_partition_is_the_same_for_every_order_and_direction_of_edges(
    edges: list[tuple[RecordRef, RecordRef, float]], conflicts: set[tuple[RecordRef, RecordRef]], dice: random.Random
) -> None:
    conflict = _apart(*conflicts)
    expected = partition([A, B, C, D, E], edges, conflict)
    turned = [(b, a, score) if dice.random() < 0.5 else (a, b, score) for a, b, score in edges]
    dice.shuffle(turned)
    members = [A, B, C, D, E]
    dice.shuffle(members)
    assert partition(members, turned, conflict) == expected
    assert sorted(member for group in expected for member in group) == [A, B, C, D, E]


@given(_EDGES)
def test_each_component_can_be_partitioned_by_itself(edges: list[tuple[RecordRef, RecordRef, float]]) -> None:
    conflict = _apart((A, C), (B, E))
    whole = partition([A, B, C, D, E], edges, conflict)
    parts = [
        group
        for part in components([A, B, C, D, E], [(a, b) for a, b, _ in edges])
        for group in partition(part, [edge for edge in edges if edge[0] in part], conflict)
    ]
    assert sorted(parts) == whole


# Ids


def test_an_edition_that_gains_a_record_keeps_its_id() -> None:
    found = assign([(A, B, C)], {A: "x", B: "x"}, {"x": Former(1)})
    assert found.kept == {0: "x"}
    assert not found.moved
    assert not found.founding


def test_of_merged_editions_the_one_with_most_records_survives() -> None:
    found = assign([(A, B, C)], {A: "old", B: "big", C: "big"}, {"old": Former(1), "big": Former(2)})
    assert found.kept == {0: "big"}
    assert found.moved == {"old": 0}


@pytest.mark.parametrize(
    ("former", "survivor", "why"),
    [
        ({"x": Former(2), "y": Former(1)}, "y", "the older of two as large"),
        ({"x": Former(1), "y": Former(1)}, "x", "the first in the alphabet of two as large and as old"),
    ],
)
def test_of_merged_editions_as_large(former: dict[str, Former], survivor: str, why: str) -> None:
    found = assign([(A, B)], {A: "x", B: "y"}, former)
    assert found.kept == {0: survivor}, why


def test_when_an_edition_splits_its_id_goes_with_the_larger_part_and_the_other_knows_its_origin() -> None:
    found = assign([(A,), (B, C)], {A: "x", B: "x", C: "x"}, {"x": Former(1)})
    assert found.kept == {1: "x"}
    assert found.founding == {0: "x"}


def test_an_even_split_leaves_the_id_with_the_first_record() -> None:
    found = assign([(B,), (A,)], {A: "x", B: "x"}, {"x": Former(1)})
    assert found.kept == {1: "x"}


def test_an_even_split_leaves_the_id_with_the_record_it_was_made_of() -> None:
    own = candidate_id(B)
    found = assign([(A,), (B,)], {A: own, B: own}, {own: Former(1)}, is_founder)
    assert found.kept == {1: own}, "though A comes first"
    second = candidate_id(B, 1)
    assert assign([(A,), (B,)], {A: second, B: second}, {second: Former(1)}, is_founder).kept == {1: second}
    larger = assign([(A, C), (B,)], {A: own, B: own, C: own}, {own: Former(1)}, is_founder)
    assert larger.kept == {0: own}, "the larger part comes before all"


def test_records_that_change_editions_leave_both_ids_where_they_are() -> None:
    found = assign([(A, B), (C, D)], {A: "x", B: "y", C: "y", D: "y"}, {"x": Former(1), "y": Former(2)})
    assert found.kept == {0: "x", 1: "y"}
    assert not found.moved


def test_an_edition_of_which_no_record_is_left_is_gone() -> None:
    found = assign([(A,)], {A: "x"}, {"x": Former(1), "y": Former(1)})
    assert found.gone == ("y",)


def test_a_gone_edition_comes_back_with_its_record() -> None:
    found = assign([(A,)], {A: "x"}, {"x": Former(1, live=False)})
    assert found.kept == {0: "x"}
    assert found.gone == ()


def test_an_id_is_made_of_the_founder_and_of_letters_for_addresses() -> None:
    first, second = candidate_id(A), candidate_id(A, 1)
    assert first == candidate_id(A)
    assert first != second
    assert len(first) == ID_LENGTH
    assert first.isalnum()
    assert first == first.lower()
