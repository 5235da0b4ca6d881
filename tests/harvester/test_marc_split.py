from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from lxml import etree

from harvester import marc_split
from harvester.errors import DumpUnusable
from harvester.file_kind import format_of
from harvester.marc_split import (
    MarcXmlPieces,
    Piece,
    PieceRefused,
    iso2709_pieces,
    iso2709_record,
    likely_control_number,
    marcxml_record,
)
from tests.support import marc
from tests.support.marc import LEADER, from_values
from tests.support.marc_bytes import collection, iso2709, marcxml

REAL = Path(__file__).parents[2].parent / "shared" / "data"
real = pytest.mark.skipif(not REAL.is_dir(), reason=f"the real records are not at {REAL}")


def cut(data: bytes) -> list[Piece]:
    return list(iso2709_pieces(io.BytesIO(data)))


def numbers(pieces: list[Piece]) -> list[str]:
    """The control number of each piece, or !reason."""
    found = []
    for piece in pieces:
        try:
            found.append("!" + piece.refusal if piece.refusal else iso2709_record(piece.data).control_number)
        except PieceRefused as exc:
            found.append(f"!{exc}")
    return found


ONE, TWO, THREE = iso2709("1"), iso2709("2", "紅樓夢"), iso2709("3")
LAST_NUMBERED = from_values(LEADER, [("245", b"00\x1faA title"), ("500", b"  \x1faA note"), ("001", b"2")])
UNTITLED = from_values(LEADER, [("500", b"  \x1faA note")])
NO_TAGS = "!its directory does not name fields: a tag is three letters or digits"
NO_FIT = "!its directory does not fit its fields: which of them is its control number cannot be told"

STREAMS = [
    (ONE + TWO + THREE, ["1", "2", "3"], "three records"),
    (b"", [], "nothing"),
    (ONE + b"\r\n" + TWO + b"\n\x1a", ["1", "2"], "lines between them and an old end of file"),
    (b"\n\n" + ONE, ["1"], "lines before them"),
    (ONE + b"99999" + TWO[5:] + THREE, ["1", "2", "3"], "a length that is wrong"),
    (ONE + TWO[:12] + b"00000" + TWO[17:] + THREE, ["1", "2", "3"], "a base address that is wrong"),
    (ONE + TWO[:24] + b"001xxxx00000" + TWO[36:] + THREE, ["1", "2", "3"], "an entry of the directory that is wrong"),
    (ONE + TWO[:40] + THREE, ["1", "!it breaks off before its end", "3"], "a record that breaks off before another"),
    (ONE + b"junk\x1d" + THREE, ["1", "!it is 5 bytes long, shorter than a leader", "3"], "junk"),
    (ONE + b"\x1d" + THREE, ["1", "!it is empty", "3"], "two terminators"),
    (ONE + b"x" * 40 + b"\x1d" + THREE, ["1", "!its directory has no end", "3"], "no directory"),
    (ONE + TWO[:30] + TWO[31:] + THREE, ["1", "!its directory is 23 bytes long, no multiple of 12", "3"], "a gap"),
    (ONE + b"00026nam a2200025 a 4500\x1e\x1d", ["1", "!it holds no field"], "a bare leader"),
    (ONE + TWO[:-1], ["1", "2"], "the last terminator is gone and all else is there"),
    (ONE + TWO[:-1] + b"\r\n", ["1", "2"], "the same, and a line ends"),
    (ONE + TWO[:-2], ["1", "2"], "the last two terminators are gone"),
    (ONE + TWO[:-3], ["1", "!the file ends in the middle of this record"], "the last byte of a title is gone: cut off"),
    (ONE + TWO[:-1] + THREE, ["1", "2", "3"], "a terminator between two records is gone"),
    (ONE + TWO[:-1] + b"\n" + THREE, ["1", "2", "3"], "a line feed stands in place of a terminator"),
    (ONE[:-1] + TWO[:-1] + THREE[:-1], ["1", "2", "3"], "no record has its terminator"),
    (ONE + TWO[:-3] + THREE, ["1", "!it breaks off before its end", "3"], "the end of a title is gone too"),
    (ONE + TWO[:48] + TWO[49:] + THREE, ["1", "2", "3"], "the terminator of the directory is gone"),
    (ONE + TWO.replace(b"2\x1e00", b"200") + THREE, ["1", "2", "3"], "the terminator of the control number is gone"),
    (ONE + TWO.replace(b"\x1e", b"") + THREE, ["1", "2", "3"], "all terminators of fields are gone"),
    (ONE + TWO[:24] + b"\0" * 24 + TWO[48:] + THREE, ["1", NO_TAGS, "3"], "the directory is overwritten"),
    (ONE + TWO[:24] + b"245001700000" + TWO[36:48] + TWO[48:] + THREE, ["1", "", "3"], "its 001 became another tag"),
    (ONE + LAST_NUMBERED[:70] + b"\x1d" + THREE, ["1", NO_FIT, "3"], "a record whose number stood behind what is lost"),
    (ONE + LAST_NUMBERED + THREE, ["1", "2", "3"], "its twin: whole, its number last"),
    (ONE + UNTITLED + THREE, ["1", "", "3"], "neither number nor title, but a directory of tags"),
    (ONE + TWO[:50], ["1", "!the file ends in the middle of this record"], "the end is gone"),
]  # fmt: skip


@pytest.mark.parametrize(("stream", "found", "why"), STREAMS, ids=[row[2] for row in STREAMS])
def test_a_broken_record_costs_only_itself(stream: bytes, found: list[str], why: str) -> None:
    assert numbers(cut(stream)) == found


@pytest.mark.parametrize("chunk", [1, 7, 64])
def test_pieces_do_not_depend_on_how_the_stream_is_read(chunk: int, monkeypatch: pytest.MonkeyPatch) -> None:
    iso = ONE + b"\n" + TWO[:40] + THREE + TWO[:20]
    xml = collection(marcxml("1"), "<record>", marcxml("2"), " ", marcxml("3"))[:-20]
    before = cut(iso), list(MarcXmlPieces(io.BytesIO(xml)))
    monkeypatch.setattr(marc_split, "CHUNK_BYTES", chunk)
    assert (cut(iso), list(MarcXmlPieces(io.BytesIO(xml)))) == before


def test_offsets_point_at_the_pieces() -> None:
    stream = b"\n" + ONE + b"\r\n" + TWO[:40] + THREE + b"\x1d"
    for piece in cut(stream):
        assert stream[piece.offset : piece.offset + len(piece.data)] == piece.data


def test_bytes_without_end_are_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(marc_split, "MAX_RECORD_BYTES", 1000)
    monkeypatch.setattr(marc_split, "CHUNK_BYTES", 400)
    assert [n[:18] for n in numbers(cut(ONE + b"x" * 5000 + b"\x1d" + TWO))] == ["1", "!no record ends wi", "2"]
    long = marcxml("2", "x" * 5000)
    whole = [n[:18] for n in xml_numbers(collection(marcxml("1"), long, marcxml("3")))]
    assert whole == ["1", "!no record ends wi", "3"]
    assert [n[:18] for n in xml_numbers(collection(marcxml("1"), long[:-9], marcxml("3")))] == whole
    cut_off = xml_numbers(collection(marcxml("1"), long)[:3000])
    assert [n[:18] for n in cut_off] == ["1", "!no record ends wi", "!the file ends in "]
    with pytest.raises(DumpUnusable, match="no record begins"):
        list(MarcXmlPieces(io.BytesIO(b"<collection>" + b"x" * 5000)))


def test_leader_05_d_is_a_deletion() -> None:
    assert iso2709_record(iso2709("1", status="d")).deleted
    assert not iso2709_record(iso2709("1", status="c")).deleted


def test_a_record_without_control_number_has_none() -> None:
    assert iso2709_record(iso2709("")).control_number == ""
    assert (
        marcxml_record(
            b"<file><record><leader/><datafield tag='245'><subfield code='a'>T</subfield></datafield></record></file>"
        ).control_number
        == ""
    )


def test_the_payload_of_a_record_is_its_bytes() -> None:
    assert iso2709_record(TWO).payload == TWO


def test_a_control_number_that_is_not_utf_8_is_still_one() -> None:
    assert iso2709_record(iso2709("a\xe9").replace("é".encode(), b"\xe9\xe9")).control_number == "aéé"


LIKELY = [
    (ONE[:-3], "1", "ISO 2709 without its end"),
    (marcxml("77")[:-20].encode(), "77", "MARCXML without its end"),
    (b"junk", "", "nothing to go by"),
    (b"<record><leader>", "", "nothing to go by"),
    (iso2709("")[:-3], "", "a record without one"),
    (ONE[:48] + ONE[49:], "", "the directory has no end: what follows the first terminator is another field"),
    (ONE[:24] + b"001000900000" + ONE[36:], "", "the first field is not as long as the directory says"),
    (ONE[:24] + b"\0" * 24 + ONE[48:], "", "no directory"),
    (marcxml("").encode(), "", "a control number that was emptied"),
]


@pytest.mark.parametrize(("data", "number", "why"), LIKELY)
def test_a_broken_piece_may_still_name_itself(data: bytes, number: str, why: str) -> None:
    assert likely_control_number(data) == number


def xml_numbers(data: bytes) -> list[str]:
    pieces = MarcXmlPieces(io.BytesIO(data))
    found = []
    for piece in pieces:
        try:
            cut = None if piece.refusal else marcxml_record(pieces.wrapped(piece))
            found.append(cut.control_number if cut else "!" + piece.refusal)
        except PieceRefused as exc:
            found.append(f"!{exc}")
    return found


XML_STREAMS = [
    (collection(marcxml("1"), "\n", marcxml("2")), ["1", "2"], "two records"),
    (collection(marcxml("1"), "<record><a>T</a></record>"), ["1", "!none of its elements is a field"], "foreign ones"),
    (collection(marcxml("1"), marcxml("").replace("245", "500")), ["1", ""], "neither number nor title, but a field"),
    (collection(), [], "an empty collection"),
    (b"<collection/>", [], "the same, shorter"),
    (marcxml("1").encode(), ["1"], "a record without collection"),
    (collection("<!-- <collection> -->", marcxml("1")), ["1"], "a comment"),
    (collection(marcxml("1"), marcxml("2").replace("</leader>", ""), marcxml("3")), ["1", "!not", "3"], "crossed tags"),
    (collection(marcxml("1"), marcxml("2")[:-9], marcxml("3")), ["1", "!the element is not closed", "3"], "not closed"),
    (collection(marcxml("1"), "<record><leader>x</leader></record>"), ["1", "!it holds no field"], "a bare leader"),
    (collection(marcxml("1"), marcxml("2", "a\x1fb & c")), ["1", "2"], "characters XML forbids"),
    (collection(marcxml("1"), marcxml("2"))[:-40], ["1", "!the file ends in the middle of this record"], "cut off"),
    (collection(marcxml("1"))[:-5], ["1", "!the file ends before its root element does"], "the root is not closed"),
    (collection(marcxml("1")) + b"\n" * 3000, ["1"], "much white space after it"),
]  # fmt: skip


@pytest.mark.parametrize(("stream", "found", "why"), XML_STREAMS, ids=[row[2] for row in XML_STREAMS])
def test_a_broken_element_costs_only_itself(stream: bytes, found: list[str], why: str) -> None:
    got = xml_numbers(stream)
    assert [n[:4] if n.startswith("!it is not well-formed") else n for n in got] == [
        "!it " if n == "!not" else n for n in found
    ]


def test_namespaces_of_the_whole_reach_each_record() -> None:
    prefixed = marcxml("1").replace(' xmlns="http://www.loc.gov/MARC21/slim"', "")
    for tag in ("record", "leader", "controlfield", "datafield", "subfield"):
        prefixed = prefixed.replace(f"<{tag}", f"<marc:{tag}").replace(f"</{tag}", f"</marc:{tag}")
    root = '<marc:collection xmlns:marc="http://www.loc.gov/MARC21/slim">'
    pieces = MarcXmlPieces(io.BytesIO(collection(prefixed, prefixed, root=root)))
    cuts = [marcxml_record(pieces.wrapped(piece)) for piece in pieces]
    assert [cut.control_number for cut in cuts] == ["1", "1"]
    assert etree.fromstring(cuts[0].payload).tag == "{http://www.loc.gov/MARC21/slim}record"


def test_a_character_set_declared_for_the_whole_counts_for_each_record() -> None:
    data = collection(marcxml("1", "café")).decode().replace("UTF-8", "ISO-8859-1").encode("latin-1")
    pieces = MarcXmlPieces(io.BytesIO(data))
    (cut,) = [marcxml_record(pieces.wrapped(piece)) for piece in pieces]
    assert "café".encode() in cut.payload
    assert cut.repairs == 0


FORMATS = [
    (ONE, "iso2709", "a leader"),
    (b"\r\n" + ONE, "iso2709", "a line before it"),
    (b"     nam a22" + ONE[11:], "iso2709", "a leader without length"),
    (collection(marcxml("1")), "marcxml", "a collection"),
    (b"\xef\xbb\xbf" + collection(), "marcxml", "a byte order mark"),
    (b"<!-- x --><marc:collection>", "marcxml", "a prefix, a comment"),
    (marcxml("1").encode(), "marcxml", "one record"),
]


@pytest.mark.parametrize(("head", "found", "why"), FORMATS)
def test_a_file_is_known_by_what_it_holds(head: bytes, found: str, why: str) -> None:
    assert format_of(head) == found


@pytest.mark.parametrize(
    "head", [b"", b"  \n", b"<html><body>", b"<!DOCTYPE html><html>", b"PK\x03\x04", b"title,isbn\n", b"<"]
)
def test_a_file_that_is_no_marc_is_refused(head: bytes) -> None:
    with pytest.raises(DumpUnusable):
        format_of(head)


@real
@pytest.mark.parametrize("file", sorted((REAL / "marc").glob("*.mrc")) if REAL.is_dir() else [], ids=lambda f: f.name)
def test_no_record_of_a_real_file_is_lost(file: Path) -> None:
    data = file.read_bytes()
    pieces = cut(data)
    assert not [number for number in numbers(pieces) if number.startswith("!")]
    assert b"".join(piece.data for piece in pieces) == data.replace(b"\x1d\n", b"\x1d").replace(b"\x1d\r", b"\x1d")
    assert len(pieces) == data.count(b"\x1d")


@real
def test_a_real_marcxml_file_gives_the_records_lxml_finds_in_it() -> None:
    file = REAL / "marc" / "koha-sample-434.marcxml.xml"
    data = file.read_bytes()
    root = etree.fromstring(data.replace(b"\x1f", b" "))  # it holds characters XML forbids
    expected = [(e.text or "").strip() for e in root.iter("{*}controlfield") if e.get("tag") == "001"]
    assert [number for number in xml_numbers(data) if number] == expected
    assert len(xml_numbers(data)) == len(root)


@real
def test_of_a_real_file_with_a_broken_record_the_others_are_read() -> None:
    found = xml_numbers((REAL / "broken" / "ruby-marc-three-records-second-bad.xml").read_bytes())
    assert len(found) == 3


@real
@pytest.mark.parametrize("file", sorted((REAL / "broken").iterdir()) if REAL.is_dir() else [], ids=lambda f: f.name)
def test_every_piece_of_a_broken_file_is_read_or_refused_for_a_reason(file: Path) -> None:
    data = file.read_bytes()
    try:
        kind = format_of(data)
    except DumpUnusable:
        assert file.suffix == ".txt"
        return
    found = xml_numbers(data) if kind == "marcxml" else numbers(cut(data))
    assert found


def _overwritten(data: bytes, first: int, entries: int) -> bytes:
    """The record with entries of its directory overwritten by letters."""
    start = 24 + 12 * first
    return data[:start] + b"A" * (12 * entries) + data[start + 12 * entries :]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (_overwritten(ONE, 0, 2), "the whole directory: its tags could be tags"),
        (_overwritten(ONE, 0, 1), "the entry of the control number alone"),
    ],
)
def test_a_record_whose_directory_is_overwritten_gets_no_other_name(data: bytes, why: str) -> None:
    with pytest.raises(PieceRefused, match="directory is damaged"):
        iso2709_record(data)


def test_a_record_in_utf16_is_refused_under_the_name_of_its_good_version() -> None:
    data = from_values(LEADER, [("001", "712".encode("utf-16-le")), ("245", b"10\x1faA title")])
    with pytest.raises(PieceRefused, match="UTF-16"):
        iso2709_record(data)
    assert likely_control_number(data) == "712"
    padded = from_values(LEADER, [("001", b"712\x00\x00"), ("245", b"10\x1faA title")])
    assert iso2709_record(padded).control_number == "712", "NUL behind the number is padding"


def test_a_record_with_terminators_within_its_title_is_one_record() -> None:
    odd = marc.iso2709("=001  1\n=245  10$aA@B@C").replace(b"@", b"\x1d")
    good = marc.iso2709("=001  2\n=245  10$aD")
    pieces = list(iso2709_pieces(io.BytesIO(good + odd + good)))
    assert [(piece.data, piece.refusal) for piece in pieces] == [(good, ""), (odd, ""), (good, "")]


def test_a_record_that_states_too_much_takes_no_other_one_with_it() -> None:
    good = marc.iso2709("=001  2\n=245  10$aD")
    lying = b"%05d" % (len(good) * 2) + good[5:]
    assert [piece.data for piece in iso2709_pieces(io.BytesIO(lying + good + good))] == [lying, good, good]


@pytest.mark.parametrize(
    ("document", "refused", "why"),
    [
        ("<collection>RCR</collection>", [False, True, False], "an element of another case"),
        ("<collection>CRC</collection>", [True, False, True], "before the first and behind the last"),
        ("<collection>R<!-- C -->R</collection>", [False, False], "a comment"),
        ("<collection><item><id>5</id>R</item><item>R</item></collection>", [False, False], "wrappers"),
    ],
)
def test_fields_that_stand_in_no_record_are_refused_not_lost(document: str, refused: list[bool], why: str) -> None:
    record = marc.marcxml("=001  1\n=245  10$aA").decode()
    parts = {"R": record, "C": record.replace("record", "RECORD")}
    data = re.sub("[RC]", lambda match: parts[match[0]], document).encode()
    assert [bool(piece.refusal) for piece in MarcXmlPieces(io.BytesIO(data))] == refused, why
