"""Fields that records have and nothing reads."""

from __future__ import annotations

import pytest

from indexer.record import RecordRef
from indexer.unread_fields import UnreadField, unread_fields
from mappings.library import Library
from tests.support.marc import library, marc

TITLE = "=245  00$aT"
OF_UNIMARC = "=200  1\\$aT"


def told(member: Library, *texts: str) -> tuple[UnreadField, ...]:
    return unread_fields(((RecordRef("testlib", str(n)), marc(text)) for n, text in enumerate(texts)), member)


@pytest.mark.parametrize(
    ("text", "tags", "why"),
    [
        (f"{TITLE}\n=697  \\\\$ax\n=907  \\\\$ay\n=699  \\\\$az", ["697", "699", "907"], "local fields"),
        (f"{TITLE}\n=650  \\0$ax\n=852  \\\\$bM\n=866  \\\\$av.1", [], "a subject, and copies"),
        (f"{TITLE}\n=001  1\n=005  2\n=040  \\\\$aX", [], "who made the record"),
        (f"{TITLE}\n=880  \\\\$6697-00$ax", ["697"], "one that only an 880 has"),
        (f"{TITLE}\n=952  \\\\$bM$p1", ["952"], "copies of another system"),
        (f"{OF_UNIMARC}\n=606  \\\\$ax\n=801  \\\\$ay", [], "of UNIMARC's what is read, and who made it"),
        (f"{OF_UNIMARC}\n=852  \\\\$bM\n=697  \\\\$ax", ["697"], "and what is not"),
        (TITLE, [], "nothing else"),
    ],
)
def test_fields_that_nothing_reads_are_told(text: str, tags: list[str], why: str) -> None:
    assert [one.tag for one in told(library(), text)] == tags, why


@pytest.mark.parametrize(
    ("records", "why"),
    [
        ({"holdings": "koha-952"}, "its preset"),
        ({"holdings": "none", "item_fields": [{"tag": "952", "barcode": "p"}]}, "a field of its own"),
        ({"local_id": "952$9"}, "its control number"),
        ({"ignore_fields": ["9XX"]}, "told to ignore"),
    ],
)
def test_what_the_librarys_file_speaks_of_is_not_unread(records: dict[str, object], why: str) -> None:
    member = library(**records)
    data = marc(f"{TITLE}\n=952  \\\\$p1$91")
    if "ignore_fields" in records:
        data = type(data)(data.leader, data.control_fields, data.data_fields, ignore=member.records.ignore_fields)
    assert unread_fields([(RecordRef("testlib", "1"), data)], member) == (), why


def test_they_are_counted_with_records_that_have_them_the_most_frequent_first() -> None:
    rare, often = f"{TITLE}\n=697  \\\\$ax\n=907  \\\\$ay\n=907  \\\\$az", f"{TITLE}\n=907  \\\\$ay"
    found = told(library(), rare, often, often, TITLE)
    refs = [RecordRef("testlib", str(n)) for n in range(2)]
    assert found == (UnreadField("907", 3, 4, tuple(refs)), UnreadField("697", 1, 4, (refs[0],)))
