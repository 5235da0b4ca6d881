"""Broken and mis-encoded records from the test suites of MARC libraries, and hostile ones, from file to catalogue.

What a suite says can be recovered is recovered, what is mended says so, what is not read is kept and explained, and
neighbours never suffer.
"""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import pytest

from harvester.run import harvest
from harvester.store import RawRecord, RunOutcome, Store
from indexer import own_records
from indexer.catalogue import Catalogue
from indexer.engine import Clause, SearchEngine, SearchRequest
from indexer.engine.open import open_engine
from indexer.own_records import quality_of
from indexer.read import read
from indexer.record import Record
from indexer.run import IndexOutcome, index_changes, rebuild
from indexer.transmission import Malformed, from_iso2709
from mappings.library import Harvest, Library, Records
from tests.support.marc import LEADER, from_values, iso2709, marcxml

DATA = Path(__file__).parents[2] / "shared" / "data"


@dataclass(frozen=True)
class File:
    """What becomes of a file's records. ``why``: of every one that is quarantined, in order."""

    records: int
    read: int
    repaired: int
    why: tuple[str, ...] = ()
    encoding: str = "auto"


FILES = {
    "pymarc-1251.dat": File(6, 6, 6, encoding="windows-1251"),
    "pymarc-bad_eacc_encoding.dat": File(1, 1, 1),
    "pymarc-bad_indicator.dat": File(1, 1, 1),
    "pymarc-bad_marc8_escape.dat": File(1, 1, 1),
    "pymarc-bad_records.mrc": File(
        8, 5, 3, ("its directory is 13 bytes", "its directory is 13 bytes", "holds no field")
    ),
    "pymarc-bad_subfield_code.dat": File(1, 1, 1),
    "pymarc-bad_tag.xml": File(1, 1, 1),
    "pymarc-marc8.dat": File(1, 1, 0),
    "pymarc-multi_isbn.dat": File(1, 1, 0),
    "pymarc-utf8_with_leader_flag.dat": File(1, 1, 0),
    "pymarc-utf8_without_leader_flag.dat": File(1, 1, 1),
    "ruby-marc-bad_eacc_encoding.marc8.marc": File(1, 1, 1),
    "ruby-marc-cp866_multirecord.marc": File(2, 2, 2, encoding="cp866"),
    "ruby-marc-cp866_unimarc.marc": File(1, 1, 1, encoding="cp866"),
    "ruby-marc-escaped_character_reference.marc8.marc": File(1, 1, 1),
    "ruby-marc-marc8_accented_chars.marc": File(1, 1, 1),
    "ruby-marc-marc_with_bad_utf8.utf8.marc": File(1, 1, 1),
    "ruby-marc-three-records-second-bad.xml": File(3, 3, 1),
    "ruby-marc-utf8_multirecord.marc": File(2, 2, 0),
    "ruby-marc-utf8_with_bad_bytes.marc": File(1, 1, 1),
    "traject-bad_subfield_code.marc": File(1, 1, 1),
    "traject-bad_utf_byte.utf8.marc": File(1, 1, 1),
    "traject-emptyish_record.marc": File(1, 1, 0),
    "traject-escaped_character_reference.marc8.marc": File(1, 1, 1),
    "marc0.marc": File(1, 1, 1),
    "marc1.marc": File(1, 1, 1),
    "marc2.marc": File(1, 1, 1),
    "marc3.marc": File(1, 1, 1),
    "marc4.marc": File(2, 1, 1, ("it breaks off before its end",)),
    "marc5.marc": File(1, 1, 1),
    "marc6.marc": File(1, 1, 0),
    "marc7.marc": File(1, 1, 0),
    "marc8.marc": File(1, 1, 0),
    "marc9.marc": File(1, 1, 0),
    "marc10.marc": File(1, 1, 1),
    "marc11.marc": File(1, 1, 1),
    "marc12.marc": File(1, 1, 1),
    "marccol1.u8.marc": File(19, 19, 0),
    "marccol2.u8.marc": File(1, 1, 0),
    "marccol3.u8.marc": File(1, 1, 0),
    "marccol4.u8.marc": File(1, 1, 0),
    "marccol5.u8.marc": File(11, 11, 0),
}

SUITES = {
    "pymarc-1251.dat": "read when told the set; pymarc by itself makes nonsense of it",
    "pymarc-bad_eacc_encoding.dat": "one code of no character: blank in pymarc, the rest is read",
    "pymarc-bad_indicator.dat": "the title is read, whatever the indicators",
    "pymarc-bad_marc8_escape.dat": "escapes to nowhere are skipped, the rest is read",
    "pymarc-bad_records.mrc": "the first and the last are good; pymarc gives up on all between, of which we read three",
    "pymarc-bad_subfield_code.dat": "the title is read although a code is no letter",
    "pymarc-bad_tag.xml": "pymarc refuses its short leader; its fields are whole",
    "pymarc-utf8_without_leader_flag.dat": "read as UTF-8 when forced to; by its bytes here",
    "ruby-marc-bad_eacc_encoding.marc8.marc": "raises, or replaces where asked to",
    "ruby-marc-cp866_multirecord.marc": "read when told the set; two records, each whole",
    "ruby-marc-cp866_unimarc.marc": "read when told the set",
    "ruby-marc-escaped_character_reference.marc8.marc": "the reference stands for one character",
    "ruby-marc-marc8_accented_chars.marc": "MARC-8, read when told so; by its bytes here",
    "ruby-marc-marc_with_bad_utf8.utf8.marc": "bad bytes are replaced where asked to",
    "ruby-marc-three-records-second-bad.xml": "the neighbours of the bad one are read",
    "ruby-marc-utf8_with_bad_bytes.marc": "bad bytes are replaced where asked to",
    "traject-bad_subfield_code.marc": "skipped or read, without taking others along",
    "traject-bad_utf_byte.utf8.marc": "bad bytes are replaced, and logged with record and field",
    "traject-emptyish_record.marc": "a record of a leader and little else fails nothing",
    "traject-escaped_character_reference.marc8.marc": "as ruby-marc's",
}
"""What the suites that the files come from expect of them; no other file of theirs is broken."""

RECOVERED = {  # file → (record, its title, what is mended), as its suite has it
    "pymarc-1251.dat": (0, "Основы гидравлического расчета инженерных сетей", "the bytes are windows-1251"),
    "pymarc-bad_eacc_encoding.dat": (0, "米国の統治の仕組\ufffd", "880: 1 characters lost"),
    "pymarc-bad_indicator.dat": (0, "Aristocrats of color", "indicators b''"),
    "pymarc-bad_marc8_escape.dat": (0, "Bulletin de la Société linn\ufffdenne de Bordeaux", "245: 1 characters lost"),
    "pymarc-bad_records.mrc": (1, "The pragmatic programmer", "base address wrong"),
    "pymarc-bad_subfield_code.dat": (0, "ActivePerl with ASP and ADO", "taken for 'a'"),
    "pymarc-utf8_without_leader_flag.dat": (0, "Escape from loneliness", "leader/09 says marc-8, the bytes are utf-8"),
    "ruby-marc-marc8_accented_chars.marc": (0, 'Histoire du "nouveau théâtre."', "leader/09 says utf-8"),
    "ruby-marc-marc_with_bad_utf8.utf8.marc": (0, "Ten years at NIH", "record length wrong"),
    "ruby-marc-three-records-second-bad.xml": (
        1,
        "The Texas ranger",
        "245: a subfield without a code",
    ),
    "ruby-marc-utf8_with_bad_bytes.marc": (
        0,
        "Photčhanānukrom Čhin Klāng-TǣčhiuʻAngkrit-Thai /bad bytes => \ufffd( <",
        "245: 1",
    ),
    "traject-bad_subfield_code.marc": (0, "Les corps étrangers, roman", "taken for 'b'"),
    "marc10.marc": (0, "Tegnsæt-test til Indvandrerbiblioteket", "the bytes are latin-1"),
    "marc12.marc": (0, "车票去哪儿了", "a subfield without a code"),
}


def member(number: int, file: Path, **records: str) -> Library:
    return Library(
        code=f"file-{number:02d}",
        name={"en": file.name},
        region="abroad",
        kind="university",
        harvest=Harvest(protocol="marc-dump", files=(str(file),)),
        records=Records.model_validate(records),
    )


class Catalogued:
    """A union catalogue of the libraries given, to be loaded as often as one likes."""

    def __init__(self, folder: Path, *libraries: Library) -> None:
        self.libraries = {library.code: library for library in libraries}
        self.store = Store.open(f"sqlite:///{folder / 'catalogue.sqlite3'}")
        self.catalogue = Catalogue(self.store.engine)
        self.engine: SearchEngine = open_engine("", folder / "index")

    async def load(self) -> tuple[list[RunOutcome], IndexOutcome]:
        outcomes = await harvest(self.libraries.values(), self.store, full=True)
        return outcomes, await index_changes(self.store, self.catalogue, self.engine, self.libraries)

    def records(self, code: str) -> list[Record]:
        """What the catalogue holds of a library, in the order of its file."""
        found = {record.identifier: record for record in own_records.records(self.catalogue, code)}
        changes = self.store.changes(0, 100_000)
        return [found[s.raw.identifier] for s in changes if s.raw.library == code and s.raw.identifier in found]

    def titles(self, code: str = "file-00") -> dict[str, str]:
        return {record.identifier: record.titles[0].proper for record in self.records(code)}

    async def found(self, words: str) -> list[str]:
        """The titles of the editions that a search finds."""
        page = await self.engine.search(SearchRequest((Clause(words),)))
        return [hit.edition.titles[0].value.proper for hit in page.hits]

    async def close(self) -> None:
        await self.engine.close()
        self.store.close()


@pytest.fixture
async def catalogued(tmp_path: Path) -> AsyncIterator[Callable[..., Catalogued]]:
    opened: list[Catalogued] = []

    def open_one(*libraries: Library) -> Catalogued:
        opened.append(Catalogued(tmp_path, *libraries))
        return opened[-1]

    yield open_one
    for one in opened:
        await one.close()


async def test_every_broken_file_is_read_repaired_and_quarantined_as_the_table_says(
    catalogued: Callable[..., Catalogued],
) -> None:
    if not DATA.is_dir():
        pytest.skip(f"{DATA} is not here: it holds the broken records of MARC libraries' test suites")
    files = [
        file for folder in ("broken", "yaz") for file in sorted((DATA / folder).iterdir()) if file.suffix != ".txt"
    ]
    assert {file.name for file in files} == set(FILES)
    assert set(SUITES) <= set(FILES)
    assert {name for name, told in FILES.items() if (told.repaired or told.why) and name[:4] != "marc"} <= set(SUITES)
    libraries = [member(at, file, encoding=FILES[file.name].encoding) for at, file in enumerate(files)]
    union = catalogued(*libraries)
    outcomes, indexed = await union.load()
    for file, library, outcome in zip(files, libraries, outcomes, strict=True):
        records, quarantined = union.records(library.code), union.store.quarantined(library.code)
        told = FILES[file.name]
        found = (outcome.seen, len(records), sum(bool(record.repairs) for record in records), len(quarantined))
        assert found == (told.records, told.read, told.repaired, len(told.why)), file.name
        for refused, why in zip(quarantined, told.why, strict=True):
            assert why in refused.reason, file.name
            assert refused.identifier
            assert refused.payload, "what could not be read is kept"
        if file.name in RECOVERED:
            at, title, repair = RECOVERED[file.name]
            record = records[at]
            assert record.titles[0].proper == title, file.name
            assert any(repair in one for one in record.repairs), (file.name, record.repairs)
        for record in records:
            text = json.dumps(asdict(record), ensure_ascii=False)
            assert record.replacements > 0 or "\ufffd" not in text, (file.name, "a loss that is not counted")
    assert indexed.read == indexed.seen


def test_what_a_suite_says_of_a_value_is_so() -> None:
    """Values of those suites that are no titles."""
    if not DATA.is_dir():
        pytest.skip(f"{DATA} is not here: it holds the broken records of MARC libraries' test suites")

    def value(name: str, path: str, encoding: str = "auto") -> str:
        return from_iso2709((DATA / "broken" / name).read_bytes(), encoding).value(path)

    assert value("ruby-marc-cp866_unimarc.marc", "001", "cp866").startswith("Никитенко")
    assert value("pymarc-bad_marc8_escape.dat", "260$b") == "La Sociét\ufffd,"
    assert value("ruby-marc-escaped_character_reference.marc8.marc", "260$a").endswith("char: \ufffd .")
    assert value("traject-bad_utf_byte.utf8.marc", "300$a") == "This is a bad byte: '\ufffd' and another: '\ufffd'"
    assert value("traject-bad_subfield_code.marc", "260$b") == "Editions du Seuil"
    assert value("pymarc-marc8.dat", "240$a") == "De la solitude à la communauté."


@pytest.mark.parametrize("name", ["pymarc-1251.dat", "ruby-marc-cp866_multirecord.marc"])
def test_a_character_set_nobody_stated_is_named_in_the_reason_and_nothing_garbled_is_read(name: str) -> None:
    file = DATA / "broken" / name
    if not file.exists():
        pytest.skip(f"{file} is not here: it holds Russian records in a character set of its own")
    for data in file.read_bytes().split(b"\x1d")[:-1]:
        with pytest.raises(Malformed, match=f'records.encoding = "{FILES[name].encoding}"'):
            from_iso2709(data + b"\x1d")


def test_the_cmarc_records_of_the_austen_file_hold_no_code_left_as_ascii() -> None:
    file = DATA / "marc" / "austen-383-from-49-libraries.utf8.mrc"
    if not file.exists():
        pytest.skip(f"{file} is not here: it holds records of Taiwan with codes left as ASCII")
    repaired: list[Record] = []
    for at, data in enumerate(file.read_bytes().split(b"\x1d")[:-1]):
        record = read(RawRecord("austen", str(at), "iso2709", data + b"\x1d"), member(0, file))
        decoded = [repair for repair in record.repairs if "left as ASCII, decoded" in repair]
        if decoded:
            assert record.dialect == "unimarc"
            repaired.append(record)
        assert not re.search(r"![_T<=][!-~]|![0-9A-Z][A-Z{|]", json.dumps(asdict(record))), record.identifier
    assert len(repaired) == 14
    assert sum(record.pages is not None for record in repaired) >= 12, "354!_w is 354面"
    names = {agent.name for record in repaired for agent in record.agents}
    assert {"孫致禮", "席爾斯", "黎志"} <= names
    assert {"希代"} <= {imprint.publisher for record in repaired for imprint in record.imprints}


A, B, C = (iso2709(f"=001  {number}\n=245  10$aBook {number}") for number in "123")


@pytest.mark.parametrize(
    ("broken", "refused", "why"),
    [
        (b"99999" + B[5:], 0, "a length far beyond its end"),
        (b"00030" + B[5:], 0, "a length that ends within it"),
        (b"0a0b0" + B[5:], 0, "a length that is no number"),
        (B[:12] + b"99999" + B[17:], 0, "a base address beyond its end"),
        (B[:40] + b"9999" + B[44:], 0, "a field's length beyond the record"),
        (B[:-1], 0, "no terminator, and all its fields are there"),
        (B[:-3], 1, "the end of its title and its terminators are gone"),
        (B[:30] + b"\x1d", 1, "its directory is cut"),
        (b"\x00" * 500 + B, 0, "NUL bytes before it"),
        (b"garbage\x1d" + B, 1, "a line of something else before it"),
    ],
)
async def test_a_broken_record_never_takes_its_neighbours_with_it(
    broken: bytes, refused: int, why: str, tmp_path: Path, catalogued: Callable[..., Catalogued]
) -> None:
    file = tmp_path / "records.mrc"
    file.write_bytes(A + broken + C)
    union = catalogued(member(0, file))
    (outcome,), indexed = await union.load()
    titles = union.titles()
    assert (titles["1"], titles["3"]) == ("Book 1", "Book 3"), why
    assert outcome.seen == outcome.new + outcome.unreadable == 3 + ("something else" in why), why
    quarantined = union.store.quarantined("file-00")
    assert len(quarantined) == outcome.unreadable + indexed.unreadable == refused, (why, quarantined)
    assert all(one.reason and one.payload for one in quarantined)
    if not refused and b"\x00" not in broken:
        (record,) = [record for record in union.records("file-00") if record.identifier == "2"]
        assert record.titles[0].proper == "Book 2"
        assert record.repairs, why


@pytest.mark.parametrize(
    ("broken", "refused", "why"),
    [
        (marcxml("=001  2\n=245  10$aBook 2").replace(b"Book 2", b"Book 2 & co <"), 1, "a bare bracket"),
        (marcxml("=001  2\n=245  10$aBook 2").replace(b"Book 2", b"Books & caf\xe9s\x00"), 0, "what can be mended"),
        (b"<record><leader/>", 1, "an element that is not closed"),
        (b"<record><datafield tag='245'></record>", 1, "elements that cross"),
    ],
)
async def test_a_broken_element_never_takes_its_neighbours_with_it(
    broken: bytes, refused: int, why: str, tmp_path: Path, catalogued: Callable[..., Catalogued]
) -> None:
    one, three = (marcxml(f"=001  {number}\n=245  10$aBook {number}") for number in "13")
    file = tmp_path / "records.xml"
    file.write_bytes(b'<collection xmlns="http://www.loc.gov/MARC21/slim">' + one + broken + three + b"</collection>")
    union = catalogued(member(0, file))
    (outcome,), _ = await union.load()
    titles = union.titles()
    assert (titles["1"], titles["3"]) == ("Book 1", "Book 3"), why
    assert (outcome.seen, outcome.unreadable) == (3, refused), why
    if not refused:
        (record,) = [record for record in union.records("file-00") if record.identifier == "2"]
        assert record.titles[0].proper == "Books & cafés"
        assert "3 places that XML does not allow" in record.repairs[0]


@pytest.mark.parametrize(
    ("broken", "why"),
    [
        (B.replace(b"\x1e10\x1fa", b"\x1e10\x1e\x1fa"), "a directory of fewer fields than there are"),
        (
            from_values(
                LEADER, [("001", b"2"), ("245", b"10\x1fa" + "Основы расчета инженерных сетей".encode("cp1251"))]
            ),
            "garbled",
        ),
        (from_values(LEADER, [("001", b"2"), ("245", b"10\x1fa" + b"\xff\xfe\xfd\xfc" * 9)]), "nothing left"),
        (B[:40], "cut off"),
    ],
)
async def test_a_record_that_became_unreadable_keeps_its_good_version(
    broken: bytes, why: str, tmp_path: Path, catalogued: Callable[..., Catalogued]
) -> None:
    file = tmp_path / "records.mrc"
    file.write_bytes(A + B + C)
    union = catalogued(member(0, file))
    await union.load()
    file.write_bytes(A + broken.rstrip(b"\x1d") + b"\x1d" + C)
    (outcome,), indexed = await union.load()
    assert outcome.unreadable + indexed.unreadable == 1, why
    assert union.titles() == {"1": "Book 1", "2": "Book 2", "3": "Book 3"}, why
    (refused,) = union.store.quarantined("file-00")
    assert refused.identifier == ("records.mrc@63" if why == "cut off" else "2"), why
    assert await union.found("Book 2") == ["Book 2"], "it is searched for as before"
    told = quality_of(union.store, union.catalogue, union.libraries["file-00"])
    assert (told.records, told.quarantined) == (3, 1)
    await rebuild(union.store, union.catalogue, union.engine, union.libraries, reread=True)
    assert union.titles() == {"1": "Book 1", "2": "Book 2", "3": "Book 3"}, "reading all again does not lose it either"
    assert await union.found("Book 2") == ["Book 2"]
    file.write_bytes(A + iso2709("=001  2\n=245  10$aBook 2 again") + C)
    await union.load()
    assert union.titles()["2"] == "Book 2 again"
    assert union.store.quarantined("file-00") == []
