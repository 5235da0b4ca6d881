"""Call numbers in the order of the shelf."""

from __future__ import annotations

import pytest

from indexer.shelf_order import Scheme, class_in, shared, shelf_place

SHELVES: list[tuple[Scheme, list[str], str]] = [
    (
        "ncsclt",
        ["008 12", "857 9", "857.4 100", "857.49 100", "857.5 1", "857.63 5", "857.7 1"],
        "classes are decimals",
    ),
    ("ncsclt", ["857.49 875", "857.49 5513", "857.49 5513 984", "857.49 5513 2004"], "author numbers are not"),
    ("ncsclt", ["857.7 8276 v.2", "857.7/8276:3", "857.7 8276 v10"], "one author mark however it is written"),
    ("ncsclt", ["857.49 5513", "R 857.49 5513", "857.49 5514"], "a collection counts last"),
    ("ddc", ["813.5 B6", "813.52 A1", "813.52 A15", "813.52 A2", "813.6 A1"], "letters with decimals"),
    ("lcc", ["P99 .A1", "PL99 .S3", "PL2727 .S25", "PL2727 .S3", "PL2727.5 .A1", "PN1 .A1"], "numbers by size"),
    ("ncsclt", ["857.49 5513", "PL2727 .S2", "XYZ"], "what is not of the scheme stands behind"),
    ("ncsclt", ["857.49 丁", "857.49 曹"], "marks in Han characters by strokes"),
]


@pytest.mark.parametrize(("scheme", "shelf", "why"), SHELVES)
def test_call_numbers_stand_as_on_the_shelf(scheme: Scheme, shelf: list[str], why: str) -> None:
    places = [shelf_place(text, scheme) for text in shelf]
    assert places == sorted(set(places)), why


@pytest.mark.parametrize(("begun", "whole"), [("857", "857 1"), ("857.4", "857.49 1"), ("857.49", "857.49 5513")])
def test_the_place_of_a_beginning_is_before_what_begins_so(begun: str, whole: str) -> None:
    assert shelf_place("856.99 9999", "ncsclt") < shelf_place(begun, "ncsclt") < shelf_place(whole, "ncsclt")


def test_nothing_stands_nowhere() -> None:
    assert shelf_place("", "ncsclt") == ""


def test_volumes_and_copies_share_a_call_number() -> None:
    assert shared("857.49 5513 v.1 c.2", "v.1", "c.2") == "857.49 5513"
    assert shared("857.49 5513", "v.1", "c.2") == "857.49 5513", "a volume told elsewhere"
    assert shared("v.1", "v.1", "") == "v.1", "a call number is never emptied"
    assert shared("861.57 4116 2015", "", "4") == "861.57 4116 2015", "a figure of the author mark is no copy"
    assert shared("861.57 4116 2015", "", "5") == "861.57 4116 2015", "nor one of the year"
    assert shared("861.57 4116 c.4", "", "4") == "861.57 4116"
    assert shared("861.57 4116 複本4", "", "4") == "861.57 4116"
    assert shared("861.57 4116 v.2 c.4", "2", "4") == "861.57 4116"
    assert shared("861.57 4116 4", "", "4") == "861.57 4116", "the whole of the last part"
    assert shared("PL2727 .S24", "", "4") == "PL2727 .S24", "a cutter number"


CLASSES = [
    ("857.49 5513", "857.49", "digits, decimals"),
    ("R 030 8", "030", "behind a collection"),
    ("PL2727 .S2", "PL2727 .S2", "of the Library of Congress"),
    ("2004/15", "", "four digits are no class"),
    ("CD-12", "", "a running number"),
    ("", "", "nothing"),
]


@pytest.mark.parametrize(("text", "classification", "why"), CLASSES)
def test_a_class_is_told_where_parts_are_not_known(text: str, classification: str, why: str) -> None:
    assert class_in(text) == classification, why
