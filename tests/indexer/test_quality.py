"""What is counted of records, in tables; memory does not grow with their number."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from harvester.store import Quarantined
from indexer.quality import (
    COVERED,
    EXAMPLES,
    MAX_KINDS,
    OTHERS,
    Conflict,
    Quality,
    kind_of_repair,
    quality,
    why_bad,
)
from indexer.record import (
    Agent,
    Classification,
    Holding,
    Identifier,
    Imprint,
    Item,
    Link,
    Record,
    RecordRef,
    Series,
    Subject,
    Title,
)
from tests.support.marc import library

EMPTY = Record("testlib", "1", "1", "marc21")
HELD = Holding("testlib", "1", "1")


def of(*records: Record, quarantined: Iterable[Quarantined] = ()) -> Quality:
    return quality(library(), records, quarantined=quarantined)


STATING = {
    "title": replace(EMPTY, titles=(Title("T"),)),
    "romanised_title": replace(EMPTY, titles=(Title("題", romanised="Ti"),)),
    "responsibility": replace(EMPTY, responsibility="A"),
    "creator": replace(EMPTY, agents=(Agent("A"),)),
    "edition": replace(EMPTY, edition="2nd"),
    "place": replace(EMPTY, imprints=(Imprint(place="P"),)),
    "publisher": replace(EMPTY, imprints=(Imprint(publisher="P"),)),
    "year": replace(EMPTY, year=2004),
    "extent": replace(EMPTY, extent="354 p."),
    "pages": replace(EMPTY, pages=354),
    "series": replace(EMPTY, series=(Series("S"),)),
    "isbn": replace(EMPTY, identifiers=(Identifier("isbn", "9789570835878"),)),
    "issn": replace(EMPTY, identifiers=(Identifier("issn", "0042-2738"),)),
    "language": replace(EMPTY, languages=("chi",)),
    "country": replace(EMPTY, country="ch"),
    "subjects": replace(EMPTY, subjects=(Subject("S"),)),
    "classification": replace(EMPTY, classifications=(Classification("857", "ncsclt"),)),
    "summary": replace(EMPTY, summary="S"),
    "contents": replace(EMPTY, contents="C"),
    "links": replace(EMPTY, links=(Link("https://example.org/"),)),
    "holdings": replace(EMPTY, holdings=(HELD,)),
    "call_number": replace(EMPTY, holdings=(replace(HELD, call_number="857"),)),
    "branch": replace(EMPTY, holdings=(replace(HELD, branch="B"),)),
    "items": replace(EMPTY, holdings=(replace(HELD, items=(Item(),)),)),
    "barcode": replace(EMPTY, holdings=(replace(HELD, items=(Item(barcode="1"),)),)),
}


def test_there_is_a_record_for_everything_covered() -> None:
    assert STATING.keys() == COVERED.keys()


@pytest.mark.parametrize("name", COVERED)
def test_coverage_counts_the_records_that_state_something_and_not_those_that_do_not(name: str) -> None:
    [covered] = [one for one in of(STATING[name], EMPTY, EMPTY, EMPTY).coverage if one.field == name]
    assert (covered.records, covered.percent) == (1, 25.0)


def test_no_record_at_all_is_no_division_by_zero() -> None:
    told = of()
    assert told.records == 0
    assert all(one.percent == 0 for one in told.coverage)


ISBNS = [
    ("9789570835878", None, "right: it was cancelled"),
    ("9789570835879", "check_digit", "the last digit"),
    ("0060933250", "check_digit", "of ten digits"),
    ("978957083587", "length", "a digit was left out"),
    ("95708358781", "length", "one too many"),
    ("0020801200069", "prefix", "a number of another kind"),
]


@pytest.mark.parametrize(("number", "wrong", "why"), ISBNS)
def test_what_is_wrong_with_an_isbn_is_told(number: str, wrong: str | None, why: str) -> None:
    assert why_bad(number) == wrong, why


def test_bad_isbns_are_counted_with_the_record_they_stand_in() -> None:
    bad = replace(EMPTY, identifiers=(Identifier("isbn", "9789570835879", valid=False),))
    cancelled = replace(EMPTY, identifiers=(Identifier("isbn", "9789570835878", valid=False, cancelled=True),))
    marked_as_wrong = replace(EMPTY, identifiers=(Identifier("isbn", "9789570835879", valid=False, cancelled=True),))
    told = of(bad, cancelled, marked_as_wrong).bad_isbns
    assert (told.check_digit, told.length, told.prefix) == (1, 0, 0)
    [example] = told.examples
    assert (str(example.record), example.value, example.why) == ("testlib:1", "9789570835879", "check_digit")


def test_codes_without_words_are_counted_the_most_frequent_first() -> None:
    one = replace(EMPTY, holdings=(replace(HELD, branch="B1"),))
    two = replace(EMPTY, identifier="2", holdings=(replace(HELD, branch="B2"),))
    told = of(two, one, one).unknown_codes
    assert [(code.kind, code.code, code.times, str(code.examples[0])) for code in told] == [
        ("branch", "B1", 2, "testlib:1"),
        ("branch", "B2", 1, "testlib:2"),
    ]


REPAIRS = [
    ("record terminator missing", "record terminator missing", "", "the whole record"),
    ("245: 2 characters lost: not utf-8", "… characters lost: not utf-8", "245", "a count differs"),
    ("952: subfield code b'\\x80' is unusable", "subfield code … is unusable", "952", "what was there differs"),
    ("leader/09 says marc-8, the bytes are utf-8", "leader/09 says marc-8, the bytes are utf-8", "", "names do not"),
]


@pytest.mark.parametrize(("repair", "kind", "tag", "why"), REPAIRS)
def test_repairs_of_one_kind_are_one(repair: str, kind: str, tag: str, why: str) -> None:
    assert kind_of_repair(repair) == (kind, tag), why


def test_repairs_and_lost_characters_are_counted() -> None:
    mended = replace(EMPTY, repairs=("245: 2 characters lost: x", "300: 1 characters lost: x"), replacements=3)
    told = of(mended, EMPTY)
    assert (told.repaired, told.replaced_records, told.replaced_characters) == (1, 1, 3)
    [repair] = told.repairs
    assert repair.records == 1, "two fields of one record"
    assert (repair.what, repair.fields, str(repair.example)) == (
        "… characters lost: x",
        ("245", "300"),
        "testlib:1",
    )


def refused(identifier: str, reason: str) -> Quarantined:
    return Quarantined("testlib", identifier, "read", "", reason, datetime(2026, 11, 21, tzinfo=UTC))


def test_quarantine_is_told_by_reason() -> None:
    told = of(
        quarantined=[refused(str(n), f"truncated: {n} bytes of 1,234") for n in range(9)] + [refused("x", "empty")]
    )
    assert told.quarantined == 10
    assert [(r.reason, r.records, len(r.examples)) for r in told.quarantine] == [
        ("truncated: … bytes of …", 9, EXAMPLES),
        ("empty", 1, 1),
    ]


def test_records_that_state_one_control_number_are_named() -> None:
    told = of(EMPTY, replace(EMPTY, identifier="1#2"), replace(EMPTY, identifier="3", local_id="3"))
    assert told.conflicts.numbers == 1
    assert told.conflicts.examples == (Conflict("1", (RecordRef("testlib", "1"), RecordRef("testlib", "1#2"))),)


def test_records_without_a_control_number_do_not_share_one() -> None:
    assert of(replace(EMPTY, local_id=""), replace(EMPTY, local_id="", identifier="2")).conflicts.numbers == 0


def test_codes_without_end_are_counted_together() -> None:
    strange = (replace(EMPTY, holdings=(replace(HELD, branch=f"B{n}"),)) for n in range(MAX_KINDS + 5))
    told = quality(library(), strange).unknown_codes
    assert len(told) == MAX_KINDS + 1
    assert (told[0].kind, told[0].times) == (OTHERS, 5)


def test_any_number_of_records_fits_in_memory() -> None:
    def many(count: int) -> Iterator[Record]:
        for number in range(count):
            yield replace(EMPTY, identifier=str(number), local_id=str(number))

    def peak(count: int) -> int:
        tracemalloc.start()
        try:
            quality(library(), many(count))
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    assert peak(20_000) < 2 * peak(2_000)


def test_progress_ends_at_the_number_of_records() -> None:
    seen: list[int] = []
    quality(library(), (replace(EMPTY, identifier=str(n)) for n in range(2_500)), progress=seen.append)
    assert seen == [1_000, 2_000, 2_500]
