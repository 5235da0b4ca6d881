"""A list of ISBNs against the catalogue: every line ends in one bucket, and the counts add up."""

from __future__ import annotations

import pytest

from indexer.record import Edition, Holding, Item
from search_api.overlap import HeldBy, LineState, Overlap, overlap, read_lines
from tests.support.status import edition

RED = "9789570835878"
SAPIENS = "9780062316097"
HELD = edition(
    "e1",
    {
        "bb": [Holding("bb", "r", "1", items=(Item(), Item())), Holding("bb", "r", "1", branch="X", items=(Item(),))],
        "aa": [Holding("aa", "r", "1", summary="v.1-3")],
    },
)
OTHER = edition("e2", {"aa": "5"})


def check(*texts: str, found: dict[str, tuple[Edition, ...]] | None = None) -> Overlap:
    lines = read_lines(list(enumerate(texts, start=1)))
    return overlap(lines, {RED: (HELD,)} if found is None else found)


READ = [
    (RED, RED, "", "thirteen digits"),
    ("978-957-08-3587-8", RED, "", "with hyphens"),
    ("957-08-3587-X", "", "wrong_check_digit", "a check digit that is wrong"),
    ("0062316095", SAPIENS, "", "ten digits"),
    (" 0-06-231609-5 (pbk.) : US$24 ", SAPIENS, "", "with what cataloguers write behind it"),
    ("９７８９５７０８３５８７８", RED, "", "full-width digits"),
    ("", "", "empty", "nothing"),
    ("紅樓夢", "", "no_isbn", "a title"),
]


@pytest.mark.parametrize(("text", "isbn", "reason", "why"), READ)
def test_a_line_is_read_or_says_why_not(text: str, isbn: str, reason: str, why: str) -> None:
    (line,) = check(text, found={}).lines
    assert (line.isbn, line.reason) == (isbn, reason), why
    assert line.state is (LineState.NOT_HELD if isbn else LineState.INVALID)
    assert line.text == text


def test_every_line_is_in_one_bucket_and_the_counts_add_up() -> None:
    found = check(RED, SAPIENS, "no", RED, "", SAPIENS)
    assert [line.state.value for line in found.lines] == [
        "found",
        "not_held",
        "invalid",
        "found",
        "invalid",
        "not_held",
    ]
    assert (found.found, found.not_held, found.invalid) == (2, 2, 2)
    assert found.found + found.not_held + found.invalid == len(found.lines) == 6
    assert [line.repeats for line in found.lines] == [None, None, None, 1, None, 2]
    assert found.repeated == 2


def test_a_found_line_names_who_holds_it_and_how_many_copies() -> None:
    (line,) = check(RED).lines
    assert line.libraries == ("aa", "bb")
    assert line.editions[0].held_by == (HeldBy("aa", None), HeldBy("bb", 3)), "copies not stated are not none"
    assert line.copies == 3


def test_an_isbn_of_two_editions_names_both() -> None:
    found = check(RED, found={RED: (HELD, OTHER)})
    (line,) = found.lines
    assert [held.edition.id for held in line.editions] == ["e1", "e2"]
    assert line.libraries == ("aa", "bb")
    assert line.copies == 4
    assert found.held_by == {"aa": 1, "bb": 1}


def test_lines_are_counted_by_library_and_what_a_single_one_holds_is_said() -> None:
    found = check(RED, SAPIENS, found={RED: (HELD,), SAPIENS: (OTHER,)})
    assert found.held_by == {"aa": 2, "bb": 1}
    assert found.held_by_one == 1


def test_no_lines_are_no_lines() -> None:
    found = check()
    assert (found.lines, found.found, found.held_by) == ((), 0, {})
