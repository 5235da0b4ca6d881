"""The page of matching shows every kind of hard pairs that there is, as often as there is one, and the targets hold."""

from __future__ import annotations

from collections import Counter

import pytest

from benchmarks.matching import KindQuality, by_kind
from benchmarks.matching_table import PART, hard_pairs, table
from benchmarks.pairs import LabelledPair


@pytest.fixture(scope="module")
def pairs() -> list[LabelledPair]:
    return hard_pairs()


@pytest.fixture(scope="module")
def kinds(pairs: list[LabelledPair]) -> list[KindQuality]:
    return by_kind(pairs)


def test_the_committed_table_counts_the_pairs_there_are(pairs: list[LabelledPair]) -> None:
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in PART.text().splitlines()]
    shown = {row[0]: (int(row[2]), int(row[3])) for row in rows[3:-2]}
    there = Counter((pair.kind, pair.same) for pair in pairs)
    assert shown == {pair.kind: (there[pair.kind, True], there[pair.kind, False]) for pair in pairs}, (
        "run `make docs-matching` and look at what changed"
    )


def test_every_kind_has_its_row_and_so_has_the_whole(kinds: list[KindQuality]) -> None:
    made = table(kinds, kinds).splitlines()
    assert len(made) == 3 + len(kinds) + 1
    assert kinds[-1].pairs == sum(one.pairs for one in kinds[:-1])


def test_folders_without_kinds_have_no_such_table(pairs: list[LabelledPair]) -> None:
    assert by_kind([LabelledPair(pair.a, pair.b, pair.same) for pair in pairs[:10]]) == []


def test_hard_pairs_are_judged_as_well_as_wanted(kinds: list[KindQuality]) -> None:
    everything = kinds[-1]
    assert everything.named.precision >= 0.95
    assert everything.named.recall >= 0.90
    assert everything.bare.precision >= 0.90
    assert everything.bare.recall >= 0.85
    assert everything.bare.candidate_recall >= 0.95
