"""Whether a record is the one that was asked for."""

from __future__ import annotations

import pytest

from indexer.marc import Field, Marc
from mappings.opac import OpacSystem
from search_api.availability.opac.copies import is_record
from search_api.availability.status import AskedRecord

ISBN = "9789573264682"
ASKED = AskedRecord("42", isbns=(ISBN,), title="紅樓夢")


def marc(*fields: str, number: str = "") -> Marc:
    """A record of fields ``245 $a 紅樓夢``."""
    data = []
    for text in fields:
        tag, *parts = text.split("$")
        data.append(Field(tag.strip(), " ", " ", tuple((part[0], part[1:].strip()) for part in parts)))
    return Marc("", [("001", number)] if number else [], data)


ROWS: list[tuple[OpacSystem, Marc | None, bool, bool, str]] = [
    ("alma", marc(number="42"), False, True, "its number"),
    ("alma", marc(number=" 42 "), True, True, "with blanks"),
    ("alma", marc(f"020 $a {ISBN}", "245 $a 紅樓夢", number="43"), True, False, "another number, whatever else agrees"),
    ("generic", marc("035 $a (NjP)42", number="ocm9"), True, True, "its number with the agency's name"),
    ("generic", marc("245 $a 紅樓夢", number="ocm9"), True, True, "001 may be anybody's number: told by title"),
    ("generic", marc("245 $a 紅樓夢", number="ocm9"), False, False, "but not when several were found"),
    ("generic", marc("245 $a 西遊記", number="ocm9"), True, False, "another title"),
    ("generic", marc(number="ocm9"), True, False, "another number and nothing else"),
    ("sierra", marc("245 $a 紅樓夢", number="ocm9"), True, True, "Sierra says no number: told by title"),
    ("sierra", marc("020 $a 957-32-6468-9 (平裝)", f"020 $a {ISBN} (平裝)", number="ocm9"), False, True, "by ISBN"),
    ("sierra", marc("907 $a .b42", "245 $a 紅樓夢"), True, False, "a number that is another"),
    ("sierra", marc("245 $a 紅樓夢 : $b 一百二十回"), True, True, "the title goes on"),
    ("koha", marc("999 $c 42", number="ocm9"), False, True, "Koha's biblionumber"),
    ("koha", marc("999 $c 43", number="42"), False, True, "the number that was harvested is as good"),
    ("polaris", marc("852 $p 1"), True, True, "nothing but copies, found alone by the number"),
    ("polaris", marc("852 $p 1"), False, False, "nothing but copies, and not alone"),
    ("worldshare", None, True, True, "no record at all, found alone by the number"),
    ("worldshare", None, False, False, "no record at all, and not alone"),
]


@pytest.mark.parametrize(("kind", "record", "alone", "same", "why"), ROWS, ids=[f"{r[0]}: {r[4]}" for r in ROWS])
def test_a_record_is_told_by_what_it_says(
    *, kind: OpacSystem, record: Marc | None, alone: bool, same: bool, why: str
) -> None:
    assert is_record(record, "42", ASKED, kind, (), alone=alone) is same, why
