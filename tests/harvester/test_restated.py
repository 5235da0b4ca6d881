from __future__ import annotations

import pytest

from harvester.ending import judge_changes
from harvester.restated import renamed, restated

ADDRESSES = [
    ("http://lib.tw/oai", "http://new.lib.tw/oai", True, "another host"),
    ("http://lib.tw/oai", "https://lib.tw/oai/", False, "the same, as it is written now and then"),
    ("", "http://lib.tw/oai", False, "it said nothing before"),
    ("http://lib.tw/oai", "", False, "it says nothing now"),
]


@pytest.mark.parametrize(("before", "now", "told", "why"), ADDRESSES, ids=[row[3] for row in ADDRESSES])
def test_another_address_is_worth_a_list_of_identifiers(before: str, now: str, told: bool, why: str) -> None:
    assert bool(restated({"base_url": before}, {"base_url": now})) is told, why


DATES = [
    ("2001-01-01", "2024-05-01", True, "all was stamped anew"),
    ("2001-01-01T00:00:00Z", "2001-01-20T00:00:00Z", False, "the oldest record was changed"),
    ("2024-05-01", "2001-01-01", False, "it has older ones now"),
    ("0001-01-01", "unknown", False, "it is no date"),
    ("", "2024-05-01", False, "it said nothing before"),
]


@pytest.mark.parametrize(("before", "now", "told", "why"), DATES, ids=[row[3] for row in DATES])
def test_a_much_later_earliest_date_is_worth_a_list_of_identifiers(before: str, now: str, told: bool, why: str) -> None:
    assert bool(restated({"earliest_datestamp": before}, {"earliest_datestamp": now})) is told, why


def test_what_is_not_said_anew_says_nothing() -> None:
    assert restated({"base_url": "http://lib.tw/oai", "earliest_datestamp": "2001-01-01"}, {}) == ""
    assert renamed({"repository_identifier": "lib.tw"}, {}) == ""
    assert "new.lib.tw" in renamed({"repository_identifier": "lib.tw"}, {"repository_identifier": "new.lib.tw"})


CHANGES = [
    (120, 0, 120, True, "as many new ones as there were"),
    (36, 0, 120, False, "three in ten"),
    (20, 0, 40, False, "too few to tell"),
    (21, 0, 40, True, "half of a small library"),
    (500, 0, 0, False, "there was nothing before"),
    (0, 60, 120, False, "half of the identifiers"),
    (0, 61, 120, True, "more than half of the identifiers"),
]


@pytest.mark.parametrize(("arrived", "replaced", "former", "moved", "why"), CHANGES, ids=[row[4] for row in CHANGES])
def test_changes_that_look_like_a_move_are_told(
    arrived: int, replaced: int, former: int, moved: bool, why: str
) -> None:
    assert bool(judge_changes(arrived, replaced, former)) is moved, why
