from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harvester.marc_split import iso2709_pieces
from harvester.marcxml import serialised
from harvester.store import RawRecord
from harvester.strict_xml import root_of
from indexer.read import SkipRecord, Unreadable, dialect_of, read
from indexer.record import Format, Record
from tests.support.marc import LEADER, from_values, iso2709, library, marc, marcxml, read_text

DATA = Path(__file__).parents[2].parent / "shared" / "data"
SLIM = "{http://www.loc.gov/MARC21/slim}"
LIBRARY = library()
MARC21 = "=001  1\n=245  10$a紅樓夢 /$c曹雪芹著.\n=852  \\\\$bM$p31111"
UNIMARC = "=001  1\n=100  \\\\$a20041006d2004    k  y0chiy09      e\n=200  1\\$a達文西密碼$f丹.布朗著"


def files(folder: str, *patterns: str) -> list[Path]:
    if not DATA.exists():
        pytest.skip(f"{DATA} is not here: it holds the real records of the reading tests", allow_module_level=True)
    return sorted(file for pattern in patterns for file in (DATA / folder).glob(pattern))


def raws(file: Path) -> Iterator[RawRecord]:
    """The records of a file as the harvester cuts it: ISO 2709, MARCXML, or MARCXML within OAI-PMH."""
    data = file.read_bytes()
    if file.suffix == ".xml":
        root, _ = root_of(data)
        records = [e for e in root.iter(f"{SLIM}record", "record") if any(map(e.findall, (f"{SLIM}leader", "leader")))]
        for at, element in enumerate(records):
            yield RawRecord("testlib", str(at), "marcxml", serialised(element))
        return
    for piece in iso2709_pieces(io.BytesIO(data)):
        yield RawRecord("testlib", str(piece.offset), "iso2709", piece.data)


def outcomes(file: Path) -> tuple[list[Record], list[Unreadable]]:
    records, failures = [], []
    for raw in raws(file):
        try:
            records.append(read(raw, LIBRARY))
        except Unreadable as unreadable:
            failures.append(unreadable)
    return records, failures


def test_a_record_is_read_the_same_from_iso_2709_and_from_marcxml() -> None:
    assert read(RawRecord("testlib", "1", "iso2709", iso2709(MARC21)), LIBRARY) == read(
        RawRecord("testlib", "1", "marcxml", marcxml(MARC21)), LIBRARY
    )


def test_a_record_knows_its_library_its_names_and_its_holdings() -> None:
    record = read(RawRecord("testlib", "oai:x:1", "iso2709", iso2709(MARC21)), LIBRARY)
    assert (str(record.ref), record.local_id, record.dialect) == ("testlib:oai:x:1", "1", "marc21")
    (holding,) = record.holdings
    assert (holding.library, holding.record, holding.local_id) == ("testlib", "oai:x:1", "1")


ONLINE = "=001  e1\n=007  cr\\|||\n=245  10$a紅樓夢\n=338  \\\\$acr$2rdacarrier"


def test_an_online_resource_without_copies_is_held_where_its_full_text_is() -> None:
    record = read_text(f"{ONLINE}\n=856  40$uhttp://x.tw/1\n=856  42$uhttp://x.tw/review")
    assert [(held.url, held.local_id) for held in record.holdings] == [("http://x.tw/1", "e1")]


def test_a_printed_book_is_not_held_on_line_because_it_is_linked() -> None:
    assert read_text("=001  p1\n=245  10$a紅樓夢\n=300  \\\\$a300面\n=856  40$uhttp://x.tw/1").holdings == ()


def test_what_an_address_covers_is_told_of_the_holding() -> None:
    text = (
        "=001  1\n=006  m\\\\\\\\o\\\\d\n=007  cr\n=245  00$a期刊\n"
        "=856  40$31998-2004$uhttps://x.tw/1$zJSTOR\n=856  40$uhttps://x.tw/2$z全文"
    )
    found = read(RawRecord("testlib", "1", "marcxml", marcxml(text)), library()).holdings
    assert [(holding.url, holding.coverage) for holding in found] == [
        ("https://x.tw/1", "1998-2004 JSTOR"),
        ("https://x.tw/2", ""),
    ]


def test_an_online_resource_without_address_has_no_holding() -> None:
    assert read_text(ONLINE).holdings == ()


def test_the_local_id_is_where_the_library_says() -> None:
    text = MARC21 + "\n=999  \\\\$c77"
    assert read_text(text, local_id="999$c").local_id == "77"
    assert read_text(text, local_id="998$c").local_id == "1"


def test_ignored_fields_are_not_read() -> None:
    assert read_text(MARC21, ignore_fields=["852"]).holdings == ()


@pytest.mark.parametrize(
    ("text", "dialect", "why"),
    [
        (MARC21, "marc21", "245"),
        (UNIMARC, "unimarc", "200 $a"),
        (UNIMARC.replace("=200", "=201"), "unimarc", "no title: the coded 100 decides"),
        ("=001  1\n=100  1\\$aAusten, Jane", "marc21", "no title: 100 is a name"),
        (UNIMARC + "\n=245  00$aT", "unimarc", "both titles: the coded 100 decides"),
        (MARC21 + "\n=200  \\\\$xlocal", "marc21", "a local 200 without $a is no title"),
        ("=001  1", "marc21", "nothing to decide by"),
    ],
)
def test_the_dialect_is_found_by_content(text: str, dialect: str, why: str) -> None:
    assert dialect_of(marc(text)) == dialect, why


@pytest.mark.parametrize(
    ("text", "stated", "read_as", "title", "why"),
    [
        ("=200  1\\$aA\n=245  00$aB", "unimarc", "unimarc", "A", "both titles: as the file says"),
        ("=200  1\\$aA\n=245  00$aB", "marc21", "marc21", "B", "both titles: as the file says"),
        ("=245  00$aB", "unimarc", "marc21", "B", "it would have no title"),
        (UNIMARC, "marc21", "unimarc", "達文西密碼", "it would have no title"),
        ("=245  00$aB\n=200  \\\\$xlocal", "unimarc", "marc21", "B", "a 200 without $a is no title"),
        ("=500  \\\\$aN", "unimarc", "unimarc", "N", "no title field of either"),
    ],
)
def test_the_dialect_the_library_states_is_obeyed_where_the_record_has_a_title_in_it(
    text: str, stated: str, read_as: str, title: str, why: str
) -> None:
    record = read_text(text, dialect=stated)
    assert (record.dialect, record.title.proper if record.title else "") == (read_as, title), why
    flagged = (f"its fields are {read_as}'s, the library's file says {stated}",)
    assert record.repairs == (flagged if read_as != stated else ()), why


def test_a_wrong_character_set_in_the_leader_is_noted() -> None:
    labelled = "=LDR  00000nam\\\\2200000\\a\\4500\n" + MARC21
    assert read_text(labelled).repairs == ("leader/09 says marc-8, the bytes are utf-8",)
    assert read_text("=LDR  00000nam\\a2200000\\a\\4500\n" + MARC21).repairs == ()
    assert read_text("=LDR  00000nam\\\\2200000\\\\\\4500\n" + UNIMARC).repairs == (), "UNIMARC's leader states none"


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (RawRecord("testlib", "1", "iso2709", b"", deleted=True), "deleted or empty"),
        (RawRecord("testlib", "1", "marcxml", b""), "deleted or empty"),
        (RawRecord("testlib", "1", "oai_dc", b"<dc/>"), "no element"),
        (RawRecord("testlib", "1", "oai_dc", b"<record/>"), "announced as Dublin Core"),
        (RawRecord("testlib", "1", "iso2709", b"nonsense"), "not a MARC record"),
        (RawRecord("testlib", "1", "marcxml", b"nonsense"), "not well-formed"),
    ],
)
def test_what_cannot_be_read_says_which_record_and_why(raw: RawRecord, says: str) -> None:
    with pytest.raises(SkipRecord, match=says) as raised:
        read(raw, LIBRARY)
    assert str(raised.value).startswith("testlib:1")


UNREADABLE = {
    "pymarc-bad_records.mrc": 3,
    "pymarc-1251.dat": 6,
    "ruby-marc-cp866_multirecord.marc": 2,
    "ruby-marc-cp866_unimarc.marc": 1,
    "marc4.marc": 1,
}
"""How many records of a file hold nothing that can be read; every other file is read to its last record."""


@pytest.mark.parametrize(
    "file",
    [
        *files("marc", "*.mrc", "*.xml"),
        *files("broken", "*.mrc", "*.marc", "*.dat"),
        *files("yaz", "*.marc"),
        *files("oai", "pennstate*.xml", "reservoir-oai-response-1.xml", "vufindharvest/tests__fixtures__marc.xml"),
    ],
    ids=lambda file: file.name,
)
def test_every_real_record_is_read_or_says_why(file: Path) -> None:
    records, failures = outcomes(file)
    assert len(records) + len(failures) == sum(1 for _ in raws(file)) > 0
    reasons = Counter(failure.reason for failure in failures)
    assert len(failures) == UNREADABLE.get(file.name, 0), reasons
    assert all(failure.reason for failure in failures)


COUNTS = {  # file → records, with a title, with an agent, with a year, in a format, all at least
    "uva-2000.marc8.mrc": (2000, 2000, 1950, 1980, Format.BOOK, 1850),
    "lc-1960s-2000.marc8.mrc": (2000, 2000, 1990, 2000, Format.BOOK, 1990),
    "dnb-499.utf8.mrc": (499, 499, 390, 498, Format.SERIAL, 190),
    "jazz-1000.marc8.mrc": (1000, 1000, 980, 915, Format.SOUND, 580),
    "laurentian-french-500.marc8.mrc": (500, 500, 495, 500, Format.BOOK, 490),
    "nepali-96.mislabelled.mrc": (96, 96, 84, 85, Format.BOOK, 96),
    "russian-52.mislabelled-utf8.mrc": (52, 52, 51, 51, Format.BOOK, 52),
    "austen-383-from-49-libraries.utf8.mrc": (383, 383, 378, 375, Format.BOOK, 330),
    "koha-sample-434.marcxml.xml": (436, 436, 415, 405, Format.BOOK, 355),
}


@pytest.mark.parametrize("name", COUNTS)
def test_real_files_give_what_they_hold(name: str) -> None:
    records, _ = outcomes(DATA / "marc" / name)
    count, titles, agents, years, form, of_form = COUNTS[name]
    assert len(records) == count
    assert sum(bool(record.titles) for record in records) >= titles
    assert sum(bool(record.agents) for record in records) >= agents
    assert sum(record.year is not None for record in records) >= years
    assert sum(record.format is form for record in records) >= of_form


def test_the_cmarc_records_among_the_austen_editions_are_read_as_unimarc() -> None:
    records, _ = outcomes(DATA / "marc" / "austen-383-from-49-libraries.utf8.mrc")
    cmarc = [record for record in records if record.dialect == "unimarc"]
    assert len(cmarc) == 17
    assert sum(bool(record.numbers("isbn")) for record in cmarc) >= 12
    by_id = {record.local_id: record for record in cmarc}
    book = by_id["00085390"]
    assert (book.titles[0].proper, book.year, book.country) == ("傲慢與偏見", 1993, "ch")
    assert [(agent.name, agent.role) for agent in book.agents] == [("奧斯丁", "aut"), ("張揚", "trl"), ("張玲", "trl")]
    assert book.numbers("isbn") == ("9787020016334",)


def test_spot_facts_of_many_scripts() -> None:
    records, _ = outcomes(DATA / "marc" / "traject-30-many-scripts.utf8.mrc")
    by_id = {record.local_id: record for record in records}
    japanese, arabic = by_id["00314247"], by_id["2005461726"]
    assert japanese.agents[0].name == "吉田一"
    assert (japanese.agents[0].romanised, japanese.agents[0].dates) == ("Yoshida, Hajime", "1934-")
    assert (japanese.imprints[0].publisher, japanese.pages, japanese.country) == ("法政大学出版局", 480, "ja")
    assert (arabic.languages, arabic.year) == (("ara",), 2006)
    assert arabic.titles[0].romanised.startswith("Thuqūb fī ʻaql al-ummah")


def test_the_unlinked_cyrillic_880_of_a_record_is_there() -> None:
    (record,), _ = outcomes(DATA / "marc" / "880-without-link.mrc")
    assert record.titles[0].proper.startswith("Личные архивные фонды")


def test_mislabelled_files_are_read_and_say_so() -> None:
    records, _ = outcomes(DATA / "marc" / "russian-52.mislabelled-utf8.mrc")
    assert all("leader/09 says marc-8, the bytes are utf-8" in record.repairs for record in records)
    others = {repair for record in records for repair in record.repairs if not repair.startswith("leader/09")}
    assert others == {"260: an indicator written as # or \\, taken for a blank"}, "as the file has them"


HOSTILE = ("1 ", "1,", "[", "(print", "978-", "王(A", "民", "a;", "; 1", "9 ", "王 ", "http://")


@pytest.mark.parametrize("tag", ["020", "100", "245", "260", "300", "490", "650", "856"])
def test_a_field_as_long_as_a_book_is_read_in_bounded_time(tag: str) -> None:
    for piece in HOSTILE:  # each would take hours where a pattern searched it in the square of its length
        text = f"=245  00$aT\n={tag}  \\\\$a{piece * 100_000}$c{piece * 100_000}$d{piece * 1000}"
        assert read(RawRecord("testlib", "1", "marcxml", marcxml(text)), LIBRARY).titles


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300), st.sampled_from(["iso2709", "marcxml", "oai_dc"]))
def test_random_bytes_are_read_or_refused(payload: bytes, form: str) -> None:
    with pytest.raises(Unreadable):
        read(RawRecord("testlib", "1", form, payload), LIBRARY)  # type: ignore[arg-type]


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from([MARC21, UNIMARC]),
    st.sampled_from([iso2709, marcxml]),
    st.lists(st.tuples(st.integers(0, 400), st.integers(0, 255)), min_size=1, max_size=6),
)
def test_a_damaged_record_is_read_or_refused(text: str, transmit: object, damage: list[tuple[int, int]]) -> None:
    data = bytearray(transmit(text))  # type: ignore[operator]
    for at, byte in damage:
        data[at % len(data)] = byte
    form = "iso2709" if transmit is iso2709 else "marcxml"
    try:
        outcome = read(RawRecord("testlib", "1", form, bytes(data)), LIBRARY).library  # type: ignore[arg-type]
    except Unreadable as unreadable:
        outcome = unreadable.reason
    assert outcome


PIECES = st.sampled_from(
    [b"\x1b$1", b"\x1b(B", b"!_w", b"!YF", "面".encode(), b"\xa4\xa4", b"\xe2e", b"\xff", b"&eacute;", b"&#x", b"\x00",
     "Ã©".encode(), b"{6924f6}", b"{u81FA}", b"\x1f", b"\x1e", b"\x1d", b"a", b" ", b"<", b"]]>", b"\xef\xbf\xbd"]
)  # fmt: skip
ENCODINGS = st.sampled_from(
    ["auto", "utf-8", "marc-8", "big5", "latin-1", "windows-1251", "windows-1252", "cp866", "koi8-r", "gb18030",
     "euc-kr", "shift_jis"]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=20).map(b"".join), ENCODINGS, st.booleans())
def test_every_repair_bears_every_text_and_no_loss_goes_uncounted(value: bytes, encoding: str, says_utf8: bool) -> None:
    leader = LEADER if says_utf8 else LEADER[:9] + " " + LEADER[10:]
    payload = from_values(leader, [("001", b"1"), ("245", b"10\x1fa" + value), ("500", b"  \x1faA note")])
    try:
        record = read(RawRecord("testlib", "1", "iso2709", payload), library(encoding=encoding))
    except Unreadable as unreadable:
        assert unreadable.reason  # noqa: PT017
        return
    shown = [title.proper + title.other for title in record.titles]
    assert record.replacements >= max(map(str.count, shown, ["\ufffd"] * len(shown)), default=0)
    assert record.repairs or not record.replacements
    assert not any(control in text for text in shown for control in ("\x00", "\x1b", "\x1d", "\x1e", "\x1f"))


def test_characters_lost_are_counted_in_the_record() -> None:
    assert read_text(MARC21).replacements == 0
    payload = iso2709(MARC21).replace("曹雪芹".encode(), b"\xff\xff\xff" + b"   " * 2)
    damaged = read(RawRecord("testlib", "1", "iso2709", payload), LIBRARY)
    assert damaged.replacements == 3
    assert any("3 characters lost" in repair for repair in damaged.repairs)


def test_the_library_states_a_character_set_that_nothing_in_the_bytes_tells() -> None:
    text = "=001  1\n=245  10$aОсновы гидравлического расчета инженерных сетей"
    for encoding in ("windows-1251", "cp866", "koi8-r"):
        payload = iso2709(text, encoding)
        raw = RawRecord("testlib", "1", "iso2709", payload[:9] + b" " + payload[10:])
        assert read(raw, library(encoding=encoding)).titles[0].proper.startswith("Основы гидравлического")
        with pytest.raises(Unreadable, match=f'records.encoding = "{encoding}"'):
            read(raw, LIBRARY)


LOST_TITLES = [
    (lambda data: data.replace(b"\x1f", b"$"), "no subfields", "all delimiters are lost"),
    (lambda data: data.replace(b"\x1fa", b"$a", 1), "no subfields", "the title's delimiter is lost"),
    (
        lambda data: data.replace(b"A good title", b"\x83\x84\x85\x86" * 3),
        "its bytes|its title",
        "a title of another character set",
    ),
]


@pytest.mark.parametrize(("damage", "says", "why"), LOST_TITLES, ids=[row[2] for row in LOST_TITLES])
def test_a_title_that_cannot_be_read_makes_the_record_unreadable(
    damage: Callable[[bytes], bytes], says: str, why: str
) -> None:
    good = iso2709("=LDR  00000nam a2200000 a 4500\n=001  1\n=245  10$aA good title\n=500  \\\\$aA note")
    assert read(RawRecord("testlib", "1", "iso2709", good), library()).titles[0].proper == "A good title"
    with pytest.raises(Unreadable, match=says):
        read(RawRecord("testlib", "1", "iso2709", damage(good)), library())
