"""The presets on what real systems sent: every copy of a real file is found where its system puts it."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import etree

from harvester.store import RawRecord
from indexer.holdings import holdings
from indexer.marc import Field, Marc
from indexer.read import taken_apart
from indexer.record import Holding, Item
from mappings.item_columns import ItemColumns, subfields
from mappings.item_field import ItemField
from mappings.library import Preset
from tests.support.marc import library

DATA = Path(__file__).parents[2].parent / "shared" / "data"
SLIM = "{http://www.loc.gov/MARC21/slim}"

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the folder of real records (../shared/data) is not here")


def records(name: str) -> Iterator[Marc]:
    member = library()
    for part in (DATA / "marc" / name).read_bytes().split(b"\x1d"):
        if part.strip():
            yield taken_apart(RawRecord("testlib", "1", "iso2709", part + b"\x1d"), member)


def answered(name: str) -> Marc:
    """The MARC record in a Z39.50 answer."""
    tree = etree.fromstring((DATA / "opac" / name).read_bytes())
    record = tree if tree.tag == f"{SLIM}record" else next(tree.iter(f"{SLIM}record"))
    return taken_apart(RawRecord("testlib", "1", "marcxml", etree.tostring(record)), library())


def held(marc: Marc, preset: str, *own: ItemField) -> tuple[Holding, ...]:
    return holdings(marc, preset, "testlib", "1", "1", own=own)


# The numbers of copies are those of the fields, less 97 withdrawn ones at UVA; in 926, $f counts them.
# (file, preset, records with holdings, items, items with a class in their call number, items with a volume)
FILES: tuple[tuple[str, Preset, tuple[int, int, int, int]], ...] = (
    ("austen-383-from-49-libraries.utf8.mrc", "cmarc-805", (17, 18, 17, 4)),
    ("austen-383-from-49-libraries.utf8.mrc", "symphony-926", (62, 141, 110, 24)),
    ("jazz-1000.marc8.mrc", "symphony-949", (983, 1238, 377, 346)),
    ("laurentian-french-500.marc8.mrc", "symphony-949", (500, 756, 452, 345)),
    ("uva-2000.marc8.mrc", "symphony-999", (1943, 2806, 2331, 545)),
    ("lc-1960s-2000.marc8.mrc", "sierra-945", (2000, 3541, 3362, 260)),
)


@pytest.mark.parametrize(("name", "preset", "expected"), FILES)
def test_copies_of_a_real_file(name: str, preset: Preset, expected: tuple[int, int, int, int]) -> None:
    counted: Counter[str] = Counter()
    for marc in records(name):
        found = held(marc, preset)
        items = [item for holding in found for item in holding.items]
        counted["records"] += bool(found)
        counted["items"] += len(items)
        counted["classed"] += sum(bool(item.classification) for item in items)
        counted["volumes"] += sum(bool(item.volume) for item in items)
    assert tuple(counted[key] for key in ("records", "items", "classed", "volumes")) == expected


def test_notes_for_staff_are_not_for_readers() -> None:
    notes = {i.note for marc in records("jazz-1000.marc8.mrc") for h in held(marc, "symphony-949") for i in h.items}
    assert "1ST HORN AND PIANO MISSING" in notes
    assert not any("COURS" in note or "NOMPROF" in note for note in notes)


def test_copies_of_a_real_oai_answer_and_no_note_for_staff() -> None:
    raw = (DATA / "oai" / "pennstate-300-records-invalid-bytes.xml").read_bytes()
    tree = etree.fromstring(raw, etree.XMLParser(recover=True, huge_tree=True))
    items = [
        item
        for record in tree.iter(f"{SLIM}record")
        for holding in held(
            taken_apart(RawRecord("testlib", "1", "marcxml", etree.tostring(record)), library()), "symphony-999"
        )
        for item in holding.items
    ]
    assert len(items) == raw.count(b'tag="999"') == 376
    assert len({item.barcode for item in items}) == 376
    assert b".STAFF." in raw
    assert not any("STAFF" in item.note or "CIRCNOTE" in item.note for item in items)


def test_a_real_table_of_items_is_read_as_an_item_file() -> None:
    heading, *lines = (DATA / "marc" / "koha-sample-items.sql").read_text(encoding="utf-8").splitlines()
    names = re.findall(r"`(\w+)`", heading.partition("(")[2])
    rows = [
        dict(zip(names, ("" if cell == "NULL" else cell for cell in cells), strict=True))
        for cells in csv.reader((line[1:].rstrip(",;)") for line in lines if line.startswith("(")), quotechar="'")
    ]
    columns = ItemColumns.model_validate(
        {
            "control_number": "biblionumber",
            "branch": "homebranch",
            "location": "location",
            "call_number": "itemcallnumber",
            "collection": "ccode",
            "barcode": "barcode",
            "item_id": "itemnumber",
            "item_type": "itype",
            "volume": "enumchron",
            "gone": {"withdrawn": ()},
        }
    )
    fields = [Field("ROW", " ", " ", told) for row in rows if (told := subfields(row, columns))]
    found = [
        item for field in fields for holding in held(Marc(" " * 24, (), (field,)), "none") for item in holding.items
    ]
    assert len(found) == len(rows) - sum(row["withdrawn"] not in ("", "0") for row in rows)
    assert {item.barcode for item in found} <= {row["barcode"] for row in rows}
    assert {item.item_type for item in found} == {row["itype"] for row in rows}


def test_statements_of_serials_are_read_from_captions_and_numbers_and_from_words() -> None:
    (summary,) = {
        h.summary for marc in records("folio-1000-62distinct.utf8.mrc") for h in held(marc, "marc21-852") if h.summary
    }
    assert summary == "v.1-49 (1950-1998)"
    said = [h.summary for marc in records("uva-2000.marc8.mrc") for h in held(marc, "marc21-852") if h.summary]
    assert "t.1-3 (1979-1983); t.4 (1985); t.5-6 (1988)" in said
    assert any(one.startswith("v.33:no.1-13 (2016-01-15–2016-07-15)") for one in said)


def test_what_a_system_writes_beyond_the_standard_is_a_field_of_the_librarys_file() -> None:
    own = ItemField(
        tag="940",
        branch="b",
        location="c",
        call_number="h",
        volume="n",
        barcode="p",
        item_type="r",
        note="z",
    )
    items = [item for marc in records("duke-base.mrc") for h in held(marc, "none", own) for item in h.items]
    assert len(items) == 447
    assert Item("D00643159S", "", "M1017 .S15 op.33 1952", "c.1", "", "SCORE", "+1 part in pocket") in items
    places = ItemField(tag="852", describes="holding", branch="b", location="c", summary="A", note="z")
    (place, *_) = held(next(records("duke-base.mrc")), "none", places)
    assert (place.branch, place.location, place.summary) == ("LAW", "LPER", "v.89(2003)-v.99(2013)")


HORIZON = ItemField(tag="999", branch="l", location="x", call_number="abm", barcode="i", first_indicator="1")
EVERGREEN = ItemField(tag="852", branch="b", location="c", collection="k", barcode="g")
TLC = ItemField(tag="982", branch="b", location="c", call_number="m", barcode="i")
FOLIO = ItemField(tag="952", barcode="b", call_number="h")

ANSWERS: tuple[tuple[str, Preset, ItemField | None, tuple[str, str, str], str], ...] = (
    ("alma-princeton.xml", "marc21-852", None, ("firestone", "stacks", "HG2481 .C42 1997"), ""),
    (
        "evergreen-lake-agassiz-with-available-item-status.xml",
        "none",
        EVERGREEN,
        ("HAWLEY", "PAR", "LARGE PRINT"),
        "33500012563250",
    ),
    (
        "evergreen-east-central-with-checked-out-item-status.xml",
        "none",
        EVERGREEN,
        ("EC-RC", "CAR", ""),
        "32050009446276",
    ),
    ("folio-not-requestable.xml", "none", FOLIO, ("", "", "CB19 .G69 2021"), "31924128478918"),
    ("horizon-hennepin.xml", "none", HORIZON, ("main", "emsel", "SH 349 .M34 1992 c. 1"), "31151007660842"),
    (
        "polaris-with-in-item-status.xml",
        "polaris-852",
        None,
        ("Main Library", "Juvenile nonfiction shelves", "j574.92 Sill"),
        "31256015853493",
    ),
    ("symphony-stanford.xml", "symphony-926", None, ("SAL3", "STACKS", "HV6534 .V55 J36 2017"), ""),
    ("tlc-eastern.xml", "none", TLC, ("Warner Library", "WARNER STACKS", "PQ2683.I32 Z52313 1996"), "30094000460060"),
)


@pytest.mark.parametrize(("name", "preset", "own", "place", "barcode"), ANSWERS)
def test_copies_of_a_real_answer(
    name: str, preset: Preset, own: ItemField | None, place: tuple[str, str, str], barcode: str
) -> None:
    holding = held(answered(name), preset, *([own] if own else []))[0]
    assert (holding.branch, holding.location, holding.call_number) == place
    assert (holding.items[0].barcode if holding.items else "") == barcode


def test_a_real_koha_item() -> None:
    holding = held(answered("koha-chatham.xml"), "koha-952")[0]
    assert (holding.branch, holding.location) == ("CHATHAM", "CIRC2")
    item = holding.items[0]
    assert (item.item_id, item.collection, item.item_type) == ("120635", "CIRC", "BOOK")
    assert item.classification
