from __future__ import annotations

import pytest

from indexer.surnames import stands_last


@pytest.mark.parametrize(
    ("surname", "latin", "last", "why"),
    [
        ("奧斯汀", "Austen, Jane", True, "no Japanese syllables"),
        ("村上", "Murakami, Haruki", False, "a known surname"),
        ("荻原", "Ogiwara, Noriko", False, "Japanese syllables"),
        ("歐陽", "Ouyang, Xiu", False, "a Chinese surname of two characters"),
        ("張", "Chang, Eileen", False, "one character is a surname"),
        ("奧斯汀", "Jane Austen", False, "the form does not part them"),
        ("奧斯汀", "", False, "there is no form"),
        ("奧斯汀", "n" * 900 + "x, n", True, "a hostile one costs little"),
    ],
)
def test_the_form_in_latin_letters_tells_whose_surname_stands_last(
    surname: str, latin: str, last: bool, why: str
) -> None:
    assert stands_last(surname, latin) is last, why
