from __future__ import annotations

import pytest

from indexer import unimarc
from indexer.date_parts import is_blank_form
from tests.support.marc import marc


@pytest.mark.parametrize(
    ("date", "blank", "why"),
    [
        ("民.", True, "an era's letter and the stop of a form"),
        ("民", True, "without it"),
        ("民國  年  月", True, "the places for year and month"),
        ("[ ]", True, "brackets"),
        ("西元    年", True, "of ours"),
        ("", True, "nothing"),
        ("民國", False, "a time without a year: of the Republic"),
        ("清光緒間", False, "a reign"),
        ("明治年間", False, "another"),
        ("明", False, "a dynasty"),
        ("民93", False, "a year"),
        ("n.d.", False, "not known, in words"),
        ("." * 10_000, False, "a hostile one is not looked at"),
    ],
)
def test_a_form_that_nobody_has_filled_in_is_no_date(date: str, blank: bool, why: str) -> None:
    assert is_blank_form(date) is blank, why


def test_an_imprint_has_no_date_where_only_the_form_of_one_was_sent() -> None:
    [imprint] = unimarc.imprints(marc("=210  \\\\$a臺北市$c遠流$d民."))
    assert (imprint.place, imprint.publisher, imprint.date) == ("臺北市", "遠流", "")
    [imprint] = unimarc.imprints(marc("=210  \\\\$a臺北市$c遠流$d民93."))
    assert imprint.date == "民93"
    assert unimarc.imprints(marc("=210  \\\\$d民.")) == ()
