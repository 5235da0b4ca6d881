"""Our reader against pymarc's, over every real file and generated records: the same tags, indicators, subfields, text.

Where a field was mended it may differ, for that is what was mended. Every other difference stands in a table, with why.
"""

from __future__ import annotations

import io
import re
import warnings
from pathlib import Path
from typing import Any

import pymarc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pymarc import marc8_mapping
from pymarc.exceptions import PymarcException

from indexer.marc import Marc
from indexer.marcxml_transmission import from_marcxml
from indexer.transmission import Malformed, from_iso2709
from tests.support.marc import LEADER, from_values
from tests.support.real_files import ABSENT, DATA, iso2709_files, iso2709_records, marcxml_files, xml_records

real = pytest.mark.skipif(not DATA.is_dir(), reason=ABSENT)

MISLABELLED = {
    "russian-52.mislabelled-utf8.mrc": "UTF-8, and leader/09 says MARC-8",
    "pymarc-utf8_without_leader_flag.dat": "UTF-8, and leader/09 says MARC-8",
    "marc10.marc": "ISO 8859-1, as danMARC2 sends it, and leader/09 says MARC-8",
    "marc11.marc": "ISO 8859-1, as danMARC2 sends it, and leader/09 says MARC-8",
    "marc12.marc": "ISO 8859-1, as danMARC2 sends it, and leader/09 says MARC-8",
}
"""Files in which pymarc believes the leader and reads nonsense: it is told the character set the bytes are in."""

ONLY_OURS = {
    "marc0.marc": "it breaks off: pymarc wants the bytes that are not there",
    "marc5.marc": "a directory counted in characters: pymarc cuts letters in two",
    "marc4.marc": "the directory is damaged: pymarc takes letters for numbers",
    "pymarc-bad_records.mrc": "lengths, addresses and directories that are wrong on purpose, one a record",
    "ruby-marc-cp866_multirecord.marc": "lengths were counted before another character set was put in",
    "ruby-marc-cp866_unimarc.marc": "lengths were counted before another character set was put in",
    "ruby-marc-marc8_accented_chars.marc": "MARC-8, and leader/09 says UTF-8: pymarc gives up at the first accent",
    "ruby-marc-marc_with_bad_utf8.utf8.marc": "bad bytes in UTF-8: pymarc gives up, we replace and say so",
    "ruby-marc-utf8_with_bad_bytes.marc": "bad bytes in UTF-8: pymarc gives up, we replace and say so",
    "traject-bad_utf_byte.utf8.marc": "bad bytes in UTF-8: pymarc gives up, we replace and say so",
    "pymarc-bad_tag.xml": "a leader of fewer than 24 characters",
}
"""Files in which pymarc refuses records, which we may read."""

ONLY_PYMARC = {
    "pymarc-1251.dat": "Windows-1251: pymarc reads it as MARC-8, into letters that nobody wrote",
    "ruby-marc-cp866_multirecord.marc": "code page 866: no character set of MARC",
    "ruby-marc-cp866_unimarc.marc": "code page 866: no character set of MARC",
}
"""Files in which we refuse records, which pymarc may read."""

OTHERWISE = {
    "pymarc-1251.dat": "Windows-1251 read as MARC-8: unknown bytes are U+FFFD here, left out there",
    "pymarc-bad_subfield_code.dat": "the directory is wrong: pymarc cuts fields by it, we between terminators",
    "marc2.marc": "indicators of three characters, and letters of an old MARC-8 set without a mark",
    "marc3.marc": "fields without subfields: pymarc keeps them empty",
    "marc12.marc": "as marc3.marc",
    "pymarc-bad_marc8_escape.dat": "unknown bytes: U+FFFD here, left out or blank there",
    "pymarc-bad_eacc_encoding.dat": "unknown bytes: U+FFFD here, left out or blank there",
    "ruby-marc-bad_eacc_encoding.marc8.marc": "unknown bytes: U+FFFD here, left out or blank there",
    "hebrew-20.marc8.mrc": "one unknown byte: U+FFFD here, a blank there",
}
"""Files in which both read records, and not the same."""

Fields = list[tuple[Any, ...]]


def ours(marc: Marc) -> Fields:
    return [*marc.control_fields, *map(tuple, marc.data_fields)]


def pymarcs(record: pymarc.Record) -> Fields:
    control: Fields = [(field.tag, field.data) for field in record.fields if field.control_field]
    return control + [
        (f.tag, f.indicator1, f.indicator2, tuple((s.code, s.value) for s in f.subfields))
        for f in record.fields
        if not f.control_field
    ]


def reference(data: bytes, charset: str = "") -> Fields:
    """What pymarc reads; told the character set when one is given."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if not charset or charset in ("ascii", "marc-8"):
            return pymarcs(pymarc.Record(data, to_unicode=True, hide_utf8_warnings=True))
        record = pymarc.Record(data, to_unicode=False)
    undecoded = pymarcs(record)
    return [tuple(_decoded(part, charset) for part in field) for field in undecoded]


def _decoded(part: Any, charset: str) -> Any:
    if isinstance(part, bytes):
        return part.decode(charset)
    return tuple((code, value.decode(charset)) for code, value in part) if isinstance(part, tuple) else part


def mended_tags(marc: Marc) -> set[str]:
    return {found.group(1) for repair in marc.repairs if (found := re.match(r"(\w{3}): ", repair))}


def differences(marc: Marc, other: Fields) -> list[tuple[Any, Any]]:
    """What both read unlike, fields that were mended left out."""
    mended = mended_tags(marc)
    mine = [field for field in ours(marc) if field[0] not in mended]
    others = [field for field in other if field[0] not in mended]
    if len(mine) != len(others):
        return [([field[0] for field in mine], [field[0] for field in others])]
    return [(a, b) for a, b in zip(mine, others, strict=True) if a != b]


def test_every_exception_is_one_of_a_file_that_is_there() -> None:
    if not DATA.is_dir():
        pytest.skip(ABSENT)
    names = {file.name for file in (*iso2709_files(), *marcxml_files())}
    for table in (MISLABELLED, ONLY_OURS, ONLY_PYMARC, OTHERWISE):
        assert table.keys() <= names
        assert all(table.values())


@real
@pytest.mark.parametrize("file", iso2709_files() if DATA.is_dir() else [], ids=lambda file: file.name)
def test_iso2709_reads_as_pymarc_reads_it(file: Path) -> None:
    read = 0
    for number, data in enumerate(iso2709_records(file)):
        marc: Marc | None
        other: Fields | None
        try:
            marc = from_iso2709(data)
        except Malformed:
            marc = None
        try:
            other = reference(data, marc.charset if marc is not None and file.name in MISLABELLED else "")
        except (PymarcException, ValueError, TypeError, IndexError):
            other = None
        place = (file.name, number)
        if marc is None:
            assert other is None or file.name in ONLY_PYMARC, place
        elif other is None:
            assert file.name in ONLY_OURS, place
        else:
            unlike = differences(marc, other)
            assert not unlike or file.name in OTHERWISE, (place, marc.repairs, unlike[:2])
            read += 1
    assert read or file.name in ONLY_OURS.keys() | ONLY_PYMARC.keys()


@real
@pytest.mark.parametrize("file", marcxml_files() if DATA.is_dir() else [], ids=lambda file: file.name)
def test_marcxml_reads_as_pymarc_reads_it(file: Path) -> None:
    read = 0
    for data in xml_records(file):
        marc = from_marcxml(data)
        try:
            [record] = pymarc.parse_xml_to_array(io.BytesIO(data))
        except PymarcException:
            assert file.name in ONLY_OURS, (file.name, read)
            continue
        assert marc.leader == str(record.leader).ljust(24)
        unlike = differences(marc, pymarcs(record))
        assert not unlike, (file.name, read, unlike[:2])
        read += 1
    assert read or file.name in ONLY_OURS


# Generated records: whatever can be written into a field, in either character set.

TAGS = st.from_regex(r"0[1-9][0-9]|[1-9][0-9]{2}", fullmatch=True)
INDICATORS = st.sampled_from(" 0123456789")
CODES = st.sampled_from("abcdefghijklmnopqrstuvwxyz0123456789")
UTF8_TEXT = st.text(st.characters(blacklist_categories=["Cs", "Cc"], blacklist_characters="\ufffd"), max_size=30)
LETTERS = [bytes([byte]) for byte in range(0x20, 0x7F)]
MARKS = [bytes([byte]) for byte in range(0xE0, 0xFF) if marc8_mapping.CODESETS[0x45].get(byte, (0, 0))[1]]
SPECIAL = [
    bytes([byte]) for byte, (_, combines) in marc8_mapping.CODESETS[0x45].items() if byte > 0xA0 and not combines
]
MARC8_TEXT = st.lists(
    st.one_of(
        st.sampled_from(LETTERS),
        st.builds(lambda mark, letter: mark + letter, st.sampled_from(MARKS), st.sampled_from(LETTERS[33:59])),
        st.sampled_from(SPECIAL),
    ),
    max_size=20,
).map(b"".join)


def written(text: st.SearchStrategy[bytes]) -> st.SearchStrategy[list[tuple[str, bytes]]]:
    """Fields with text of a character set, ready to be transmitted."""
    subfield = st.builds(lambda code, value: b"\x1f" + code.encode() + value, CODES, text)
    field = st.builds(
        lambda tag, one, two, parts: (tag, (one + two).encode() + b"".join(parts)),
        TAGS,
        INDICATORS,
        INDICATORS,
        st.lists(subfield, min_size=1, max_size=4),
    )
    control = st.tuples(st.sampled_from(["001", "003", "005", "008"]), st.from_regex(rb"[ -~]{0,40}", fullmatch=True))
    return st.builds(lambda first, rest: first + rest, st.lists(control, max_size=3), st.lists(field, min_size=1))


@settings(max_examples=300, deadline=None)
@given(written(UTF8_TEXT.map(str.encode)))
def test_any_record_in_utf8_reads_as_pymarc_reads_it(fields: list[tuple[str, bytes]]) -> None:
    data = from_values(LEADER, fields)
    assert differences(from_iso2709(data, "utf-8"), reference(data)) == []


@settings(max_examples=300, deadline=None)
@given(written(MARC8_TEXT))
def test_any_record_in_marc8_reads_as_pymarc_reads_it(fields: list[tuple[str, bytes]]) -> None:
    data = from_values(LEADER[:9] + " " + LEADER[10:], fields)
    assert differences(from_iso2709(data, "marc-8"), reference(data)) == []


@settings(max_examples=200, deadline=None)
@given(written(UTF8_TEXT.map(str.encode)))
def test_any_record_in_marcxml_reads_as_pymarc_reads_it(fields: list[tuple[str, bytes]]) -> None:
    record = pymarc.Record(from_values(LEADER, fields), to_unicode=True)
    data = pymarc.record_to_xml(record, namespace=True)
    [again] = pymarc.parse_xml_to_array(io.BytesIO(data))
    assert differences(from_marcxml(data), pymarcs(again)) == []
