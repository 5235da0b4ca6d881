"""A title of which characters could not be typed is the one that has them, and no other."""

from __future__ import annotations

import pytest

from indexer.compare import compare
from indexer.gaps import fits, with_gaps
from indexer.profile import form
from tests.support.records import make_record


@pytest.mark.parametrize(
    ("gapped", "title", "fitting", "why"),
    [
        ("游錫〓的故事", "游錫堃的故事", True, "the sign of what is missing"),
        ("游錫□的故事", "游錫堃的故事", True, "a box"),
        ("朱?基傳", "朱鎔基傳", True, "a question mark within"),
        ("??四季歌", "𨑨迌四季歌", True, "two at the beginning"),
        ("陶（吉吉）音樂手記", "陶喆音樂手記", True, "a character described"),
        ("〓〓歌", "四季歌", False, "one character that is left tells nothing"),
        ("朱〓基傳", "朱德傳", False, "another name"),
        ("朱〓基傳", "朱鎔基自傳", False, "more than what is missing"),
        ("她是誰?", "她是誰啊", False, "a question asked at the end"),
        ("國語(三上)", "國語習", False, "a qualifier at the end"),
        ("朱鎔基傳", "朱鎔基傳", False, "nothing is missing"),
    ],
)
def test_a_gap_takes_what_is_missing(gapped: str, title: str, fitting: bool, why: str) -> None:
    marked = with_gaps(gapped)
    assert (bool(marked) and fits(marked, form(title).vernacular)) is fitting, why


def test_a_judgement_says_that_a_character_is_missing() -> None:
    whole = make_record("朱鎔基傳", "a:1", author="高新", publisher="新新聞", year=1998, pages=420)
    gapped = make_record("朱〓基傳", "b:1", author="高新", publisher="新新聞", year=1998, pages=420)
    found = compare(whole, gapped)
    assert found.verdict == "same"
    [said] = [reason for reason in found.reasons if reason.statement == "character_missing_in_title"]
    assert (said.a, said.b) == ("朱镕基传", "朱〓基传")
    assert compare(gapped, whole).score == found.score


def test_a_gap_fills_itself_with_no_other_title() -> None:
    other = make_record("朱德傳", "a:1", author="高新", publisher="新新聞", year=1998, pages=388)
    gapped = make_record("朱〓基傳", "b:1", author="高新", publisher="新新聞", year=1998, pages=420)
    assert compare(other, gapped).verdict == "different"
