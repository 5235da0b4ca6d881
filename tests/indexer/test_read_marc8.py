"""Whole records in MARC-8, whichever language they are in, read as the same records in UTF-8."""

from __future__ import annotations

from collections.abc import Iterator

from fixtures.consortium.build import build_consortium
from fixtures.consortium.editions import load_editions
from fixtures.generate import records
from fixtures.marc8 import in_marc8
from harvester.store import RawRecord
from indexer.read import read
from mappings.library import Harvest, Library, Records

LIBRARY = Library(
    code="lib",
    name={"en": "Library"},
    region="north",
    kind="city",
    harvest=Harvest(protocol="marc-dump", files=("records.mrc",)),
    records=Records(holdings="marc21-852"),
)


def consortium() -> Iterator[tuple[str, bytes]]:
    """A record of every edition, of every twentieth in Chinese and English, with its language."""
    known = load_editions()
    mixed = [
        edition for number, edition in enumerate(known) if edition.language not in ("chi", "eng") or number % 20 == 0
    ]
    editions = {edition.key: edition for edition in mixed}
    seen: set[str] = set()
    for catalogue in build_consortium(editions.values(), members=("ntl",)).values():
        for built in catalogue.records:
            if built.edition not in seen and built.marc.leader[9] == "a":
                seen.add(built.edition)
                yield editions[built.edition].language, built.marc.as_marc()


def both(payload: bytes) -> tuple[object, object]:
    marc8 = in_marc8(payload, references=True)
    return (
        read(RawRecord("lib", "1", "iso2709", payload), LIBRARY),
        read(RawRecord("lib", "1", "iso2709", marc8), LIBRARY),
    )


def test_generated_records_in_marc8_are_none_refused_and_read_as_in_utf8() -> None:
    for record in records(700):
        utf8, marc8 = both(record.payload)
        assert marc8 == utf8, record.control_number


def test_records_of_every_language_in_marc8_are_none_refused_and_read_as_in_utf8() -> None:
    languages = set()
    for language, payload in consortium():
        utf8, marc8 = both(payload)
        assert marc8 == utf8, payload
        languages.add(language)
    assert {"chi", "eng", "fre", "ger", "jpn", "kor", "tha", "vie"} <= languages
