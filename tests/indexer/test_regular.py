"""Records read in one pass: the same as step by step; whatever is out of order is left to the steps."""

from __future__ import annotations

import pytest

from fixtures.generate import records
from indexer import marcxml_transmission, transmission
from indexer.marc import Field, Marc
from indexer.marcxml_transmission import from_marcxml
from indexer.regular import regular_marc
from indexer.regular_xml import regular_marcxml
from indexer.transmission import from_iso2709
from tests.support.real_files import ABSENT, DATA, iso2709_records, xml_records

real = pytest.mark.skipif(not DATA.is_dir(), reason=ABSENT)
RECORD = b"00066nam a2200049 a 4500001000300000245001300003\x1e42\x1e10\x1fa\xe4\xb9\xa6 /\x1fcb\x1e\x1d"
XML = (
    '<record xmlns="http://www.loc.gov/MARC21/slim">\n  <leader>00066nam a2200049 a 4500</leader>\n'
    '  <controlfield tag="001">42</controlfield>\n  <datafield tag="245" ind1="1" ind2="0">\n'
    '    <subfield code="a">書 &amp; &#32178;</subfield>\n'
    '    <subfield code="c">b</subfield>\n  </datafield>\n</record>\n'
)


def said(marc: Marc) -> tuple[object, ...]:
    return marc.leader, marc.control_fields, marc.data_fields, marc.repairs, marc.charset, marc.replacements


def test_a_record_in_order_is_read_at_once() -> None:
    marc = regular_marc(RECORD, "auto", (), mend=True)
    assert marc is not None
    assert marc.control("001") == "42"
    assert marc.data_fields == (Field("245", "1", "0", (("a", "书 /"), ("c", "b"))),)


@pytest.mark.parametrize(
    ("was", "becomes", "why"),
    [
        (b"00066", b"00067", "the length is wrong"),
        (b"00049", b"00048", "the base address is wrong"),
        (b"001300003", b"001200003", "a length in the directory is wrong"),
        (b"001300003", b"001300004", "a place in the directory is wrong"),
        (b"\x1fc", b"\x1f ", "a subfield without a code"),
        (b"\x1fc", b"\x1f\x1f", "an empty subfield"),
        (b"10\x1fa", b"1\x1faa", "an indicator is missing"),
        (b"\xe4\xb9\xa6", b"\xe4\xb9/", "it is no UTF-8"),
        (b"\xe4\xb9\xa6", b"\xef\xbf\xbd", "a character is lost"),
        (b"\xe4\xb9\xa6", b"\x1b$1", "an escape to another set"),
        (b"\xe4\xb9\xa6", b"???", "characters became question marks"),
        (b"\xe4\xb9\xa6", b"a\x00b", "a control character"),
        (b"\x1e\x1d", b"\x1d\x1d", "the last field has no terminator"),
    ],
)
def test_a_record_out_of_order_is_left_to_the_steps(was: bytes, becomes: bytes, why: str) -> None:
    data = RECORD.replace(was, becomes, 1)
    assert len(data) == len(RECORD)
    assert regular_marc(data, "auto", (), mend=True) is None, why


def test_fields_to_ignore_are_not_there() -> None:
    marc = regular_marc(RECORD, "auto", ("245",), mend=True)
    assert marc is not None
    assert not marc.has("245")


def test_marcxml_in_order_is_read_at_once() -> None:
    marc = regular_marcxml(XML.encode(), (), mend=True)
    assert marc is not None
    assert marc.data_fields == (Field("245", "1", "0", (("a", "書 & 網"), ("c", "b"))),)
    assert said(marc) == said(parsed(XML.encode()))


@pytest.mark.parametrize(
    ("was", "becomes", "why"),
    [
        ("<record", "<m:record", "a prefix nobody declared"),
        ("<record", "<!DOCTYPE record><record", "a document type"),
        ("&amp;", "&eacute;", "an entity of HTML"),
        ("&amp;", "& ", "a bare ampersand"),
        ("&#32178;", "&#60;", "a sign of markup"),
        ("&#32178;", "&#xE000;", "a hexadecimal reference"),
        ("&#32178;", "&#57344;", "a character of private use, to be told"),
        ("書", "<b>書</b>", "an element within a value"),
        ("書", "<!-- 書 -->", "a comment"),
        ("書", "<![CDATA[書]]>", "a section"),
        ("書", "\r", "a line end that a parser changes"),
        ("書", "\x0c", "a character XML forbids"),
        ('code="a"', 'code="ab"', "a code of two"),
        ('code="a"', "code='a'", "other quotation marks"),
        ('ind1="1"', 'ind1=""', "an empty indicator"),
        ('tag="245"', 'tag="24"', "a tag that is none"),
        ("</datafield>", "x</datafield>", "text outside of subfields"),
        ("</record>", "<more/></record>", "another element"),
        ("</record>", "</collection>", "another end"),
        ("</leader>", "", "an end that is missing"),
    ],
)
def test_marcxml_out_of_order_is_left_to_the_parser(was: str, becomes: str, why: str) -> None:
    assert was in XML
    assert regular_marcxml(XML.replace(was, becomes, 1).encode(), (), mend=True) is None, why


def test_a_prefix_is_read_where_it_is_declared() -> None:
    prefixed = XML.replace("<", "<marc:").replace("<marc:/", "</marc:").replace("xmlns=", "xmlns:marc=")
    marc = regular_marcxml(prefixed.encode(), (), mend=True)
    assert marc is not None
    assert said(marc) == said(parsed(prefixed.encode()))


def test_generated_records_are_read_the_same_at_once_and_step_by_step() -> None:
    for record in records(100):
        marc = regular_marc(record.payload, "auto", (), mend=True)
        assert marc is not None
        assert said(marc) == said(stepwise(record.payload))


@real
@pytest.mark.parametrize("name", ["dnb-499.utf8.mrc", "traject-30-many-scripts.utf8.mrc", "uva-2000.marc8.mrc"])
def test_real_records_are_read_the_same_at_once_and_step_by_step(name: str) -> None:
    at_once = 0
    for payload in list(iso2709_records(DATA / "marc" / name))[:300]:
        if marc := regular_marc(payload, "auto", (), mend=True):
            at_once += 1
            assert said(marc) == said(stepwise(payload))
    assert at_once


@real
def test_real_marcxml_is_read_the_same_at_once_and_by_a_parser() -> None:
    at_once = 0
    for payload in list(xml_records(DATA / "marc" / "koha-sample-434.marcxml.xml"))[:200]:
        if marc := regular_marcxml(payload, (), mend=True):
            at_once += 1
            assert said(marc) == said(parsed(payload))
    assert at_once


def stepwise(payload: bytes) -> Marc:
    """The record as it is read where one pass cannot."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(transmission, "regular_marc", lambda *_, **__: None)
        return from_iso2709(payload)


def parsed(payload: bytes) -> Marc:
    """The record as a parser of XML reads it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(marcxml_transmission, "regular_marcxml", lambda *_, **__: None)
        return from_marcxml(payload)
