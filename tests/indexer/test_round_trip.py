"""A record that is written again, as MARC21 or as MARCXML, by us or by pymarc, reads back as it read before."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pymarc
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from harvester.raw_record import PayloadFormat, RawRecord
from indexer import export
from indexer.export import NotExportable
from indexer.marc import Field, Marc
from indexer.marcxml_transmission import from_marcxml
from indexer.read import HoldingsOnly, Unreadable, dialect_in, dialect_of, read, taken_apart
from indexer.record import Record
from tests.support.marc import LEADER, iso2709, library, marcxml
from tests.support.real_files import ABSENT, DATA, iso2709_files, iso2709_records, marcxml_files, xml_records

GOOD = [file for file in iso2709_files() if file.parent.name == "marc"] if DATA.is_dir() else []
AT_MOST = 150
"""Records of one file: they are alike, and there are 7,500."""


def reading(payload: bytes, kind: PayloadFormat = "iso2709", **records: str) -> Record | None:
    """What the payload says, whatever was mended to read it; None for a record of copies."""
    try:
        return replace(read(RawRecord("testlib", "1", kind, payload), library(**records)), repairs=())
    except HoldingsOnly:
        return None


@pytest.mark.skipif(not DATA.is_dir(), reason=ABSENT)
@pytest.mark.parametrize("file", GOOD, ids=lambda file: file.name)
def test_a_record_written_again_reads_back_the_same(file: Path) -> None:
    records = list(iso2709_records(file))
    for number, payload in enumerate(records[:: max(1, len(records) // AT_MOST)]):
        first = reading(payload)
        if first is None or first.replacements:
            continue  # a character that was lost, each reader writes in its own way
        record = pymarc.Record(payload, to_unicode=True, force_utf8="mislabelled-utf8" in file.name)
        record.leader = pymarc.Leader(f"{str(record.leader)[:9]}a{str(record.leader)[10:]}")
        assert reading(record.as_marc()) == first, (file.name, number, "MARC21")
        xml = bytes(pymarc.record_to_xml(record, namespace=True))  # type: ignore[no-untyped-call]
        assert reading(xml, "marcxml") == first, (file.name, number, "MARCXML")


def test_xml_in_ascii_with_character_references_is_mended_as_any_other() -> None:
    text = "=200  1\\$a傲慢與偏見$g孫!T*!N|!YF\n=215  \\\\$a354!_w"
    references = marcxml(text).decode().encode("ascii", "xmlcharrefreplace")
    assert reading(references, "marcxml") == reading(marcxml(text), "marcxml")


def exported(payload: bytes, kind: PayloadFormat = "iso2709", **records: str) -> Iterator[tuple[bytes, PayloadFormat]]:
    """The payload as it is exported, in both forms."""
    member = library(**records)
    marc = taken_apart(RawRecord("testlib", "1", kind, payload), member)
    dialect = dialect_in(marc, member)
    yield export.marcxml(marc, dialect), "marcxml"
    with contextlib.suppress(NotExportable):
        yield export.iso2709(marc, dialect), "iso2709"


ALL = [*iso2709_files(), *marcxml_files()] if DATA.is_dir() else []
ENCODINGS = {"pymarc-1251.dat": "windows-1251", "ruby-marc-cp866_multirecord.marc": "cp866"}
ENCODINGS |= {"ruby-marc-cp866_unimarc.marc": "cp866"}


UNREADABLE = "marc4.marc"  # cut where a terminator should be, none of its two records is whole


@pytest.mark.skipif(not DATA.is_dir(), reason=ABSENT)
@pytest.mark.parametrize("file", ALL, ids=lambda file: file.name)
def test_an_exported_record_reads_back_the_same(file: Path) -> None:
    """Of every real file, broken ones too: what was mended once is right in what is exported."""
    kind: PayloadFormat = "marcxml" if file.suffix == ".xml" else "iso2709"
    records = list(xml_records(file) if kind == "marcxml" else iso2709_records(file))
    settings = {"encoding": ENCODINGS.get(file.name, "auto")}
    written = 0
    for number, payload in enumerate(records[:: max(1, len(records) // AT_MOST)]):
        try:
            first = reading(payload, kind, **settings)
        except Unreadable:
            continue
        for again, form in exported(payload, kind, **settings):
            written += 1
            assert reading(again, form) == first, (file.name, number, form)
            if form == "iso2709":
                ours = taken_apart(RawRecord("testlib", "1", "iso2709", again), library())
                assert not any("directory" in one or "length" in one or "address" in one for one in ours.repairs)
    assert written or file.name == UNREADABLE


@pytest.mark.skipif(not DATA.is_dir(), reason=ABSENT)
def test_pymarc_reads_what_is_exported() -> None:
    for file in GOOD:
        for payload in list(iso2709_records(file))[:20]:
            marc = taken_apart(RawRecord("testlib", "1", "iso2709", payload), library())
            again = pymarc.Record(export.iso2709(marc, dialect_of(marc)), to_unicode=True, force_utf8=True)
            [xml] = pymarc.parse_xml_to_array(io.BytesIO(export.marcxml(marc, dialect_of(marc))))
            want = [field.tag for field in marc.data_fields]
            for record in (again, xml):
                data = [field for field in record.fields if not field.control_field]
                assert [field.tag for field in data] == want
                texts = [tuple((part.code, part.value) for part in field.subfields) for field in data]
                assert texts == [tuple(field.subfields) for field in marc.data_fields]


LINES = st.lists(
    st.builds(
        "={:03}  {}{}${}{}".format,
        st.integers(10, 999),
        st.sampled_from("\\01234"),
        st.sampled_from("\\0"),
        st.sampled_from("abcx69"),
        st.text(st.characters(exclude_categories=["Cs", "Cc", "Co"], exclude_characters="$\ufffd"), max_size=20),
    ),
    max_size=8,
)


@hypothesis_settings(max_examples=200, deadline=None)
@given(LINES, st.sampled_from(["auto", "marc21", "unimarc"]))
def test_any_exported_record_reads_back_the_same(lines: list[str], dialect: str) -> None:
    payload = iso2709("\n".join(["=001  7", "=245  10$aA title", *(" ".join(line.split()) for line in lines)]))
    first = reading(payload, dialect=dialect)
    for again, form in exported(payload, dialect=dialect):
        assert reading(again, form, dialect=dialect) == first


@pytest.mark.parametrize(
    ("record", "words", "why"),
    [
        (Marc(LEADER, [], [Field("245", "1", "0", (("a", "x" * 9_999),))]), "245: 10,003 bytes", "a field too long"),
        (Marc(LEADER, [], [Field("500", " ", " ", (("a", "x" * 9_000),))] * 12), "use MARCXML", "a record too long"),
        (Marc(LEADER, [], [Field("245", "1", "0", (("å", "x"),))]), "codes beyond ASCII", "a code of danMARC2"),
        (Marc(LEADER, [("1", "x")], []), "tag '1'", "a tag that is none"),
    ],
)
def test_what_does_not_go_into_iso2709_goes_into_marcxml(record: Marc, words: str, why: str) -> None:
    with pytest.raises(NotExportable, match=words):
        export.iso2709(record, "marc21")
    again = from_marcxml(export.marcxml(record, "marc21"))
    assert (again.control_fields, again.data_fields) == (record.control_fields, record.data_fields), why


def test_the_leader_says_utf8_where_the_dialect_has_it_say_so() -> None:
    record = Marc("00000nam  2200000 a 4500", [("001", "7")], [])
    assert export.iso2709(record, "marc21")[9:10] == b"a"
    assert export.iso2709(record, "unimarc")[9:10] == b" "


def test_characters_that_xml_forbids_become_blanks() -> None:
    record = Marc(LEADER, [("001", "a\x1fb")], [Field("245", "1", "0", (("a", "x\x0by\ud800"),))])
    again = from_marcxml(export.marcxml(record, "marc21"))
    assert again.control("001") == "a b"
    assert again.value("245$a") == "x y"
