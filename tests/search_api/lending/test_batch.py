"""A list of wanted items, spread over the libraries."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

import pytest

from indexer.record import Holding, Item
from search_api.lending.batch import FAIR_SHARE, Batch, Line, place_of
from search_api.lending.lenders import Desk, lenders
from search_api.lending.reasons import Wanted
from search_api.lending.sought import Sought
from tests.support.status import edition, library

TODAY = date(2026, 9, 1)


def spread(items: int, asked: dict[str, int] | None = None, **policies: dict[str, Any]) -> Counter[str]:
    """Which library each of so many items goes to, where all hold all of them."""
    libraries = {code: library(code, protocol="none", lending=policy) for code, policy in policies.items()}
    desk = Desk(libraries, asked=asked or {})
    load: Counter[str] = Counter()
    for number in range(items):
        held = edition(f"e{number}", {c: [Holding(c, "r", "1", items=(Item("b"),))] for c in policies})
        ranked = lenders([held], desk, Wanted(TODAY)).lenders
        load[ranked[place_of(ranked, load, libraries)].library] += 1
    return load


@pytest.mark.parametrize(
    ("asked", "policies", "shares", "why"),
    [
        ({}, {"aa": {}, "bb": {}}, {"aa": 10, "bb": 10}, "equals share"),
        ({"aa": 10}, {"aa": {}, "bb": {}}, {"aa": 5, "bb": 15}, "what was asked of late counts"),
        ({}, {"aa": {}, "bb": {"lends": "ask"}, "cc": {"lends": True}}, {"cc": 20}, "what is sure comes first"),
        ({}, {"aa": {"at_most": 5, "fees": [{"loan": 0}]}, "bb": {"fees": [{"loan": 0}]}}, {"aa": 5, "bb": 15}, "full"),
        (
            {},
            {"aa": {"fees": [{"loan": 0, "postage": 0}]}, "bb": {"fees": [{"loan": 50}]}},
            {"aa": 20},
            "nobody pays to be fair",
        ),
    ],
)
def test_a_list_is_spread_over_equals(
    asked: dict[str, int], policies: dict[str, dict[str, Any]], shares: dict[str, int], why: str
) -> None:
    assert spread(20, asked, **policies) == shares, why


def test_a_share_is_filled_before_the_next_library_gets_its_own() -> None:
    assert spread(FAIR_SHARE, aa={}, bb={}) == {"aa": FAIR_SHARE}


def test_counts_of_a_list_add_up_and_name_every_state() -> None:
    lines = (Line(1, Sought(), "nobody"), Line(2, Sought(), "unreadable"), Line(3, Sought(), "nobody"))
    found = Batch(lines)
    assert found.counts == {"assigned": 0, "nobody": 2, "not_found": 0, "unreadable": 1}
    assert found.by_lender == {}
