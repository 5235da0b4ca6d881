from __future__ import annotations

import pytest

from indexer.bindings import bindings
from indexer.record import Identifier

ISBN, OTHER = "9789570835878", "9780141439518"


@pytest.mark.parametrize(
    ("qualifiers", "found", "why"),
    [
        (["平裝"], {"soft"}, "as the national library writes it"),
        (["精裝 : 第1冊"], {"hard"}, "with a volume"),
        (["pbk. : alk. paper"], {"soft"}, "paper that lasts is not a binding"),
        (["hardcover"], {"hard"}, "in English"),
        (["並製"], {"soft"}, "in Japanese"),
        (["pbk.", "hbk."], {"soft", "hard"}, "both"),
        (["全套"], set(), "says another thing"),
        (["", ""], set(), "says nothing"),
        ([], set(), "no number"),
    ],
)
def test_bindings_are_what_numbers_are_qualified_by(qualifiers: list[str], found: set[str], why: str) -> None:
    assert bindings(Identifier("isbn", ISBN, qualifier) for qualifier in qualifiers) == found


def test_a_number_that_the_record_takes_back_has_no_binding() -> None:
    assert bindings([Identifier("isbn", OTHER, "精裝", valid=False), Identifier("issn", "1234-5679", "平裝")]) == set()
