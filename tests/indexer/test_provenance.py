"""Where values are read: true for written records, within what the dialects' tables say for real ones."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from harvester.store import RawRecord
from indexer import marc21, unimarc
from indexer.marc import Field, Marc
from indexer.provenance import MAX_READINGS, Origin, origins
from indexer.read import dialect_in, record_of, taken_apart
from indexer.record import Record
from tests.support.marc import iso2709, library

DATA = Path(__file__).parents[3] / "shared" / "data" / "marc"


def told(text: str, **records: str) -> dict[str, Origin]:
    """The origins in a record written down, by name."""
    member = library(**records)
    raw = RawRecord("testlib", "1", "iso2709", iso2709(text))
    marc = taken_apart(raw, member)
    found = origins(marc, lambda less: record_of(less, "marc21", raw, member), member.records.ignore_fields)
    return {one.name: one for one in found}


ORIGINS = [
    ("=245  10$aSapiens :$ba history", "titles[0].proper", "Sapiens", ("245$a",), "a subfield"),
    ("=245  10$aSapiens :$ba history", "titles[0].other", "a history", ("245$b",), "its neighbour"),
    ("=245  10$aT\n=246  3\\$aU", "titles[1].kind", "variant", ("246",), "said by the tag, not by a text"),
    ("=001  7\n=245  10$aT", "local_id", "7", ("001",), "a control field as a whole"),
    ("=008  040101s2004    ch            000 0 chi d\n=245  10$aT", "year", "2004", ("008/07-10",), "characters of it"),
    ("=008  040101s2004    ch            000 0 chi d\n=245  10$aT", "languages[0]", "chi", ("008/35-37",), "others"),
    ("=245  10$aT\n=300  \\\\$a354 p. ;$c21 cm", "pages", "354", ("300$a",), "a number in a text"),
    ("=245  10$aT\n=020  \\\\$a9789570835878 (平裝)", "identifiers[0].value", "9789570835878", ("020$a",), "digits"),
    ("=245  10$aT\n=020  \\\\$a9789570835878 (平裝)", "identifiers[0].qualifier", "平裝", ("020$a",), "after digits"),
    ("=245  10$aT\n=035  \\\\$a(OCoLC)15789012", "identifiers[0].value", "15789012", ("035$a",), "after a prefix"),
    ("=245  10$aT\n=650  \\0$aA$xB\n=650  \\0$aC", "subjects[0].text", "A -- B", ("650[1]$a$x",), "one of several"),
    ("=245  10$aT\n=650  \\0$aA$xB\n=650  \\0$aC", "subjects[1].text", "C", ("650[2]$a",), "the other of them"),
    ("=245  10$aT$c孫致禮譯\n=700  1\\$a孫致禮", "agents[0].role", "trl", ("245$c",), "the statement says the role"),
    ("=245  10$aT$c孫致禮著\n=700  1\\$a孫致禮$4trl", "agents[0].role", "trl", ("700$4",), "the heading says it"),
    ("=245  10$aT$c某人著\n=700  1\\$a孫致禮譯", "agents[0].role", "trl", ("700$a",), "said behind the name"),
    ("=245  10$aT\n=100  1\\$aLin, A.,$d1950-", "agents[0].dates", "1950-", ("100$d",), "dates of their own"),
    ("=245  10$aT\n=852  8\\$bMAIN$pA1", "holdings[0].branch", "MAIN", ("852$b",), "a holding"),
    ("=245  10$aT\n=852  8\\$bMAIN$pA1", "items[0].barcode", "A1", ("852$p",), "a copy"),
]


@pytest.mark.parametrize(("text", "name", "value", "sources", "why"), ORIGINS)
def test_every_value_names_the_fields_it_was_read_from(
    text: str, name: str, value: str, sources: tuple[str, ...], why: str
) -> None:
    found = told(text)[name]
    assert (found.value, found.sources, found.each) == (value, sources, False), why


def test_what_is_not_stated_has_no_origin() -> None:
    found = told("=245  10$aT")
    assert not {"year", "edition", "pages", "responsibility", "holdings[0].branch"} & found.keys()


def test_the_original_script_and_its_romanisation_each_name_their_own_field() -> None:
    found = told("=245  10$6880-01$aHonglou meng\n=880  10$6245-01/$1$a紅樓夢")
    assert found["titles[0].proper"].sources == ("880-01$a",)
    assert found["titles[0].romanised"].sources == ("245$a",)


def test_a_value_that_stands_twice_names_both_places() -> None:
    text = "=008  040101s2004    ch            000 0 chi d\n=245  10$aT\n=260  \\\\$c2004."
    year = told(text)["year"]
    assert (year.sources, year.each) == (("008/07-10", "260$c"), True)


def test_a_value_that_two_fields_make_together_names_both() -> None:
    edition = told("=245  10$aT\n=250  \\\\$aFirst\n=250  \\\\$aLarge print")["edition"]
    assert (edition.sources, edition.each) == (("250[1]$a", "250[2]$a"), False)


def test_the_leader_is_a_field_like_the_others() -> None:
    assert told("=LDR  00000ncm a2200000 a 4500\n=245  10$aT")["format"].sources == ("LDR/06",)


def test_a_field_that_the_librarys_file_ignores_is_no_origin() -> None:
    raw = RawRecord("testlib", "1", "iso2709", iso2709("=245  10$aT\n=520  \\\\$aS"))
    member = library(ignore_fields=["520"])
    marc = taken_apart(raw, member)
    found = origins(marc, lambda less: record_of(less, "marc21", raw, member), ["520"])
    assert [one.name for one in found if one.name == "summary"] == []


def test_of_a_record_with_very_many_fields_tags_are_told_and_reading_stays_bounded() -> None:
    marc = Marc(
        " " * 24,
        [],
        [Field("245", "1", "0", (("a", "T"),))]
        + [Field("852", " ", " ", (("b", "B"), ("p", str(n)))) for n in range(3000)],
    )
    raw = RawRecord("testlib", "1", "iso2709", b"")
    times = 0

    def reading(less: Marc) -> Record:
        nonlocal times
        times += 1
        return record_of(less, "marc21", raw, library())

    found = {one.name: one.sources for one in origins(marc, reading)}
    assert found["titles[0].proper"] == ("245$a",)
    assert found["items[2999].barcode"] == ("852 (3,000 fields)",)
    assert times <= MAX_READINGS


def _real() -> Iterator[tuple[str, RawRecord, str]]:
    files = (
        ("austen-383-from-49-libraries.utf8.mrc", "cmarc-805", 12),
        ("uva-2000.marc8.mrc", "marc21-852", 50),
        ("880-hebrew.mrc", "none", 1),
        ("duke-base.mrc", "marc21-852", 3),
    )
    for name, holdings, step in files:
        for at, data in enumerate((DATA / name).read_bytes().split(b"\x1d")[:-1:step]):
            yield holdings, RawRecord("testlib", str(at), "iso2709", data + b"\x1d"), name


@pytest.mark.skipif(not DATA.is_dir(), reason=f"the real records are not here: {DATA}")
def test_real_records_are_read_from_the_fields_that_the_dialects_tables_name() -> None:
    checked = 0
    for holdings, raw, file in _real():
        member = library(holdings=holdings)
        marc = taken_apart(raw, member)
        dialect = dialect_in(marc, member)
        table = (marc21 if dialect == "marc21" else unimarc).FIELDS
        linked = {f"880-{f.first('6')[4:6]}": f.first("6")[:3] for f in marc.fields("880")}
        for one in origins(marc, lambda less: record_of(less, dialect, raw, member)):  # noqa: B023
            name = one.name.partition("[")[0].partition(".")[0]
            if name not in table:
                continue  # holdings and the local number are configuration
            for source in one.sources:
                tag = source[:3] if not source.startswith("880") else linked[source[:6]]
                assert tag in table[name].tags, (file, raw.identifier, one)
                checked += 1
    assert checked > 1000
