"""What of a record's fields is left when its form is told once for many records: all that tells one."""

from __future__ import annotations

import pytest

from fixtures.generate import records
from indexer.form_words import as_heard
from indexer.forms import form_in_marc21, marc21_form
from indexer.marc import Marc
from indexer.transmission import Malformed, from_iso2709
from tests.support.marc import marc
from tests.support.real_files import ABSENT, DATA, iso2709_records

real = pytest.mark.skipif(not DATA.is_dir(), reason=ABSENT)


def test_fields_that_tell_nothing_are_alike_and_one_that_does_is_left_whole() -> None:
    of_paper, other, micro = (
        marc(f"=300  \\\\$a{text}").fields("300")[0] for text in ("245 p.", "8 v.", "3 microfiches")
    )
    assert as_heard(of_paper) == as_heard(other) != as_heard(micro) == micro


def test_of_headings_only_those_that_name_a_kind_of_book_are_left() -> None:
    told, silent = (marc(f"=650  \\0$a{text}").fields("650")[0] for text in ("Picture books", "Pictures"))
    assert (as_heard(told), as_heard(silent)) == (told, None)


def test_of_a_title_the_designation_is_left() -> None:
    title = marc("=245  10$aHamlet$h[sound recording] /$cShakespeare").fields("245")[0]
    heard = as_heard(title)
    assert heard is not None
    assert heard.subfields == (("h", "[sound recording] /"),)


def test_generated_records_have_the_form_that_all_they_say_gives() -> None:
    for record in records(200):
        whole = from_iso2709(record.payload)
        assert marc21_form(whole) == form_in_marc21(whole)


@real
@pytest.mark.parametrize("name", ["uva-2000.marc8.mrc", "dnb-499.utf8.mrc", "austen-383-from-49-libraries.utf8.mrc"])
def test_real_records_have_the_form_that_all_they_say_gives(name: str) -> None:
    for whole in _readable(name):
        assert marc21_form(whole) == form_in_marc21(whole), whole.control("001")


def _readable(name: str) -> list[Marc]:
    found: list[Marc] = []
    for payload in iso2709_records(DATA / "marc" / name):
        try:
            found.append(from_iso2709(payload))
        except Malformed:
            continue
    return found
