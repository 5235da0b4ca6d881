from __future__ import annotations

import pytest

from indexer.companions import companion_words
from indexer.text import fold, has_cjk
from indexer.variants import fold_variants


@pytest.mark.parametrize(
    ("title", "says", "why"),
    [
        ("大家的日本語問題集", True, "problems that go with a textbook"),
        ("微積分詳解", True, "worked answers"),
        ("國文教師手冊", True, "what the teacher has"),
        ("Organic chemistry: a study guide", True, "in English"),
        ("Pride and prejudice: York notes", True, "a house known for it"),
        ("Student solutions manual to accompany Physics", True, "a manual of solutions"),
        ("紅樓夢", False, "the book itself"),
        ("題解", False, "nothing besides the word"),
        ("Pride and prejudice", False, "the book itself"),
        ("Workbook", False, "nothing besides the word"),
        ("The work of a bookbinder", False, "words that only begin alike"),
    ],
)
def test_what_goes_with_another_book_says_so(title: str, says: bool, why: str) -> None:
    folded = fold(title)
    vernacular = fold_variants(folded).replace(" ", "") if has_cjk(folded) else ""
    assert bool(companion_words(vernacular, folded)) is says
