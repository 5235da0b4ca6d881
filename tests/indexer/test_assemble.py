"""The tables of the dialects: every value is named once, and read from the fields its row names and no others."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

import pytest

from indexer import marc21, unimarc
from indexer.assemble import Fields, Values, assembler
from indexer.marc import Marc
from indexer.read import dialect_of
from indexer.record import Record
from indexer.transmission import Malformed, from_iso2709
from tests.support.marc import marc
from tests.support.real_files import ABSENT, DATA, iso2709_records

TABLES: dict[str, Fields] = {"marc21": marc21.FIELDS, "unimarc": unimarc.FIELDS}
NOT_READ_FROM_FIELDS = {"library", "identifier", "local_id", "dialect", "holdings", "repairs", "replacements"}
DEFAULTS = {field.name: field.default for field in fields(Record)}
NEVER_EMPTY = {"format", "carrier"}

real = pytest.mark.skipif(not DATA.is_dir(), reason=ABSENT)
FILES = (
    *("uva-2000.marc8.mrc", "dnb-499.utf8.mrc", "austen-383-from-49-libraries.utf8.mrc", "jazz-1000.marc8.mrc"),
    *("traject-30-many-scripts.utf8.mrc", "folio-1000-62distinct.utf8.mrc", "880-hebrew.mrc"),
)


def some_records(name: str, at_most: int = 120) -> Iterator[Marc]:
    """Records spread over the file, the UNIMARC ones all."""
    payloads = list(iso2709_records(DATA / "marc" / name))
    every = max(len(payloads) // at_most, 1)
    for place, payload in enumerate(payloads):
        try:
            found = from_iso2709(payload)
        except Malformed:
            continue
        if place % every == 0 or dialect_of(found) == "unimarc":
            yield found


def every_value(table: Fields, whole: Marc) -> Values:
    """What every function of a table reads from a record, called or not called for by the fields that are there."""
    read = {source.function: source.function(whole) for source in table.values()}
    return {
        name: getattr(read[source.function], source.part) if source.part else read[source.function]
        for name, source in table.items()
    }


def with_only(whole: Marc, tags: set[str]) -> Marc:
    """The record with these fields and their other forms."""
    control = [(tag, value) for tag, value in whole.control_fields if tag in tags]
    data = [f for f in whole.data_fields if (f.first("6")[:3] if f.tag == "880" else f.tag) in tags]
    return Marc(whole.leader, control, data)


@pytest.mark.parametrize("dialect", TABLES)
def test_a_table_names_every_value_a_record_has(dialect: str) -> None:
    assert set(TABLES[dialect]) == {field.name for field in fields(Record)} - NOT_READ_FROM_FIELDS


@pytest.mark.parametrize("dialect", TABLES)
def test_every_value_is_empty_where_the_record_has_none_of_its_fields(dialect: str) -> None:
    values = every_value(TABLES[dialect], marc("=001  1\n=999  \\\\$aonly a local field"))
    assert {name for name, value in values.items() if value != DEFAULTS[name]} <= NEVER_EMPTY


@real
@pytest.mark.parametrize("name", FILES)
def test_every_value_of_real_records_comes_from_the_fields_its_row_names(name: str) -> None:
    seen = 0
    for whole in some_records(name):
        seen += 1
        table = TABLES[dialect_of(whole)]
        values = every_value(table, whole)
        for field, source in table.items():
            alone = every_value({field: source}, with_only(whole, set(source.tags)))[field]
            assert alone == values[field], (whole.control("001"), field)
    assert seen


@real
def test_no_value_of_a_real_record_stays_without_its_fields() -> None:
    for whole in some_records("austen-383-from-49-libraries.utf8.mrc"):
        table = TABLES[dialect_of(whole)]
        every = {tag for tag, _ in whole.control_fields} | {field.tag for field in whole.data_fields}
        for field, source in table.items():
            if field not in NEVER_EMPTY:
                left = every_value({field: source}, with_only(whole, every - set(source.tags)))[field]
                assert left == DEFAULTS[field], (whole.control("001"), field)


@real
@pytest.mark.parametrize("name", FILES)
def test_a_function_that_is_not_called_would_have_read_nothing(name: str) -> None:
    for whole in some_records(name):
        table = TABLES[dialect_of(whole)]
        assert {**DEFAULTS, **assembler(table)(whole)}.items() >= every_value(table, whole).items()


def test_a_function_is_called_for_an_880_that_no_field_points_to() -> None:
    values = assembler(marc21.FIELDS)(marc("=880  \\\\$6250-00$a再版"))
    assert values["edition"] == "再版"


def test_a_function_of_fields_that_are_not_there_is_not_called() -> None:
    values = assembler(marc21.FIELDS)(marc("=001  1"))
    assert "notes" not in values
    assert "format" in values
