from __future__ import annotations

import pytest

from indexer.terms import MOST, terms_in


@pytest.mark.parametrize(
    ("text", "terms", "why"),
    [
        ("rivers; lakes; 河川", ["rivers", "lakes", "河川"], "semicolons"),
        ("甲；乙、丙", ["甲", "乙", "丙"], "of full width, and the sign between words of Chinese"),
        ("文學、歷史", ["文學", "歷史"], "that sign alone"),
        ("Rivers, lakes", ["Rivers, lakes"], "a comma may be of a term"),
        ("論《詩經》、《楚辭》的比喻", ["論《詩經》、《楚辭》的比喻"], "titles within one term"),
        ("rivers", ["rivers"], "one"),
        ("; ;", [], "nothing but signs"),
    ],
)
def test_one_heading_may_hold_several_terms(text: str, terms: list[str], why: str) -> None:
    assert terms_in(text) == terms, why


def test_a_hostile_heading_gives_a_bounded_number_of_terms() -> None:
    assert len(terms_in("a;" * 1_000_000)) <= MOST
