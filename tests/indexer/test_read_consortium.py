"""The demo consortium's records were made from known books: what is read must be what was put in."""

from __future__ import annotations

import pytest

from fixtures.consortium.build import BuiltRecord, build_consortium
from fixtures.consortium.editions import Edition, load_editions
from fixtures.marcxml import marcxml
from harvester.store import RawRecord
from indexer.read import read
from indexer.record import Format, Record
from indexer.unknown_codes import OF_A_LIBRARY, unknown_codes
from mappings.library import Library, load_libraries

LIBRARIES = load_libraries()
EDITIONS = {edition.key: edition for edition in load_editions()}
CATALOGUES = build_consortium(EDITIONS.values())


def as_sent(built: BuiltRecord, library: Library) -> RawRecord:
    if any(file.endswith(".mrc") for file in library.harvest.files):
        return RawRecord(built.library, built.identifier, "iso2709", built.marc.as_marc())
    return RawRecord(built.library, built.identifier, "marcxml", marcxml(built.marc).encode())


def both(code: str) -> list[tuple[Record, BuiltRecord, Edition]]:
    built = CATALOGUES[code].records
    return [(read(as_sent(one, LIBRARIES[code]), LIBRARIES[code]), one, EDITIONS[one.edition]) for one in built]


def is_headed_so(record: Record, edition: Edition) -> bool:
    """Whether a book is read as a picture book or a comic because a heading of its own says so."""
    said = {Format.PICTURE_BOOK: ("圖畫書", "繪本", "Picture books"), Format.COMIC: ("漫畫", "Comic", "Graphic novel")}
    headings = " ".join((*edition.subjects_zh, *edition.subjects_en))
    return edition.format == "book" and any(word in headings for word in said.get(record.format, ()))


@pytest.mark.parametrize("code", sorted(CATALOGUES))
def test_every_record_of_a_member_says_what_its_book_is(code: str) -> None:
    for record, built, edition in both(code):
        where = f"{record.ref} {edition.key}"
        assert record.titles, where
        assert record.local_id == built.local_id, where
        assert record.year == edition.year, where
        assert record.format == edition.format or is_headed_so(record, edition), where
        assert edition.language in record.languages, where
        assert not record.repairs, where


@pytest.mark.parametrize("code", sorted(CATALOGUES))
def test_every_copy_of_a_member_is_an_item_but_those_withdrawn_in_koha(code: str) -> None:
    koha = LIBRARIES[code].records.holdings == "koha-952"
    for record, built, edition in both(code):
        expected = {copy.barcode: copy for copy in built.copies if not (koha and copy.kind == "withdrawn")}
        items = {item.barcode: (holding, item) for holding in record.holdings for item in holding.items}
        assert items.keys() == expected.keys(), f"{record.ref} {edition.key}"
        own = [found for found in unknown_codes(record, LIBRARIES[code]) if found[0] in OF_A_LIBRARY]
        assert own == [], f"{record.ref}: the library's file has no words for it"
        for barcode, (holding, item) in items.items():
            copy = expected[barcode]
            assert (holding.branch, holding.location) == (copy.branch, copy.location)
            assert item.item_type == copy.item_type
            assert str(copy.call_number).split()[0] in holding.call_number
