from __future__ import annotations

import pytest

from indexer.marcxml_transmission import from_marcxml
from indexer.transmission import MAX_BYTES, MAX_SUBFIELDS, Malformed, from_iso2709
from tests.support.marc import LEADER, from_values, iso2709, marcxml

TEXT = "=001  1\n=245  10$a紅樓夢 /$c曹雪芹著.\n=300  \\\\$a354面"
NAMESPACED = b'<record xmlns="http://www.loc.gov/MARC21/slim">'


def titled(data: bytes, encoding: str = "auto") -> tuple[str, tuple[str, ...]]:
    marc = from_iso2709(data, encoding)
    field = marc.field("245")
    return (field.first("a") if field else ""), marc.repairs


def test_a_right_record_is_read_without_repairs() -> None:
    marc = from_iso2709(iso2709(TEXT))
    assert (marc.control("001"), marc.value("245$a"), marc.value("300$a")) == ("1", "紅樓夢 /", "354面")
    assert (marc.repairs, marc.charset) == ((), "utf-8")


def test_what_follows_the_record_terminator_is_not_its_own() -> None:
    assert titled(iso2709(TEXT) + b"\r\n" + iso2709("=245  00$aNext")) == ("紅樓夢 /", ())


def test_a_missing_terminator_is_put_back_and_said() -> None:
    title, repairs = titled(iso2709(TEXT)[:-1])
    assert title == "紅樓夢 /"
    assert repairs == ("record terminator missing",)


def test_lengths_counted_in_characters_are_mended_by_the_terminators() -> None:
    data = bytearray(iso2709(TEXT))
    data[24 + 12 + 3 : 24 + 12 + 7] = b"0021"  # the length of 245
    title, repairs = titled(bytes(data))
    assert title == "紅樓夢 /"
    assert repairs == ("directory wrong: fields taken in turn between their terminators",)


def test_fields_out_of_order_are_found_through_the_directory() -> None:
    data = iso2709("=245  00$aT\n=300  \\\\$aE")
    directory = data[24:48]
    assert titled(data[:24] + directory[12:] + directory[:12] + data[48:]) == ("T", ())


@pytest.mark.parametrize(
    ("indicators", "why"), [(b"", "none"), (b"1", "one"), (b"10 ", "three"), (b"\xe9\xe9", "not ASCII")]
)
def test_wrong_indicators_are_mended_and_said(indicators: bytes, why: str) -> None:
    title, repairs = titled(from_values(LEADER, [("245", indicators + b"\x1faT")]))
    assert title == "T", why
    assert any("indicators" in repair for repair in repairs)


def test_characters_lost_are_counted_by_field() -> None:
    title, repairs = titled(from_values(LEADER, [("245", "00\x1fa紅樓夢".encode() + b"\xff\xff")]))
    assert title == "紅樓夢\ufffd\ufffd"
    assert repairs == ("245: 2 characters lost: not utf-8, or lost when it was sent",)


def test_the_librarys_own_character_set_is_obeyed() -> None:
    assert titled(iso2709("=245  00$a臺北市", "big5"), "big5") == ("臺北市", ())
    assert titled(from_values(LEADER, [("245", b"00\x1facaf\xe9")]), "latin-1") == ("café", ())


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "not a MARC record"),
        (b"hello", "not a MARC record"),
        (b"<record/>", "not a MARC record"),
        (iso2709(TEXT)[:60], "truncated"),
        (LEADER.encode() + b"\x1e\x1d", "no field"),
        (iso2709(TEXT)[:24] + b"0" + iso2709(TEXT)[24:], "not made of entries"),
        (iso2709(TEXT).replace(b"\x1e10\x1fa", b"\x1e10\x1e\x1fa"), "names 3 fields, 4 are there"),
        (b"0" * (MAX_BYTES + 1), f"a record may have {MAX_BYTES}"),
        (LEADER.encode() + b"\x1e" + b"\x1fa" * (MAX_SUBFIELDS + 1) + b"\x1e\x1d", "subfields"),
    ],
)
def test_what_is_no_record_says_why(data: bytes, says: str) -> None:
    with pytest.raises(Malformed, match=says):
        from_iso2709(data)


def test_marcxml_is_read_in_and_out_of_its_namespace_and_wrapped() -> None:
    plain = marcxml(TEXT)
    for data in (
        plain,
        plain.replace(b' xmlns="http://www.loc.gov/MARC21/slim"', b""),
        b"<metadata>" + plain + b"</metadata>",
        b'<?xml version="1.0"?><collection>' + plain + b"</collection>",
    ):
        marc = from_marcxml(data)
        assert (marc.control("001"), marc.value("245$a"), marc.repairs) == ("1", "紅樓夢 /", ())


@pytest.mark.parametrize(
    ("text", "title", "why"),
    [
        (b"A & B", "A & B", "a bare ampersand"),
        (b"A&nbsp;B &eacute;", "A B é", "entities of HTML"),
        (b"A &bogus; B", "A &bogus; B", "an entity of nobody"),
        (b"A\x0bB", "A B", "a control character"),
        (b"caf\xe9", "café", "a letter of Windows-1252"),
        (b"\x80 1", "\ufffd 1", "a byte that is no letter anywhere"),
    ],
)
def test_broken_xml_is_mended_once_and_said(text: bytes, title: str, why: str) -> None:
    data = NAMESPACED + b'<datafield tag="245" ind1="0" ind2="0"><subfield code="a">' + text
    marc = from_marcxml(data + b"</subfield></datafield></record>")
    assert marc.value("245$a") == title, why
    assert marc.repairs


BOMB = (
    b'<!DOCTYPE r [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
    b'<record><controlfield tag="001">&b;</controlfield></record>'
)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (BOMB, "document type"),
        (b'<!DOCTYPE r SYSTEM "file:///etc/passwd"><record/>', "document type"),
        (BOMB.decode().encode("utf-16"), "not well-formed|document type|no MARC record"),
        (b"<record>", "not well-formed"),
        (b"", "not well-formed"),
        (b"<html/>", "no MARC record"),
        (b"<record/>", "no field"),
        (b"<r>" * 5000, "not well-formed"),
        (b" " * (MAX_BYTES + 1), f"a record may have {MAX_BYTES}"),
    ],
)
def test_hostile_or_empty_xml_is_refused_with_a_reason(data: bytes, says: str) -> None:
    with pytest.raises(Malformed, match=says):
        from_marcxml(data)


def test_a_control_field_with_subfields_is_a_data_field_as_danmarc2_has_it() -> None:
    record = from_iso2709(from_values(LEADER, [("001", b"00\x1fa12345\x1fb870970"), ("245", b"00\x1faT")]))
    assert record.control_fields == ()
    assert (record.value("001"), record.value("001$b")) == ("12345", "870970")
    plain = from_iso2709(from_values(LEADER, [("001", b"12345"), ("245", b"00\x1faT")]))
    assert plain.value("001") == plain.control("001") == "12345"


WHOLE = iso2709(TEXT)
BY_LENGTHS = "terminators missing: fields taken by the lengths in the directory"


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (WHOLE[:60] + WHOLE[61:], "of the directory"),
        (WHOLE.replace(b"1\x1e10", b"110"), "of the control number"),
        (WHOLE.replace(b".\x1e", b"."), "of a field"),
        (WHOLE.replace(b"\x1e", b""), "of all fields"),
    ],
)
def test_fields_whose_terminator_is_missing_are_read_by_their_lengths_and_it_is_said(data: bytes, why: str) -> None:
    marc = from_iso2709(data)
    assert (marc.control("001"), marc.value("245$a"), marc.value("300$a")) == ("1", "紅樓夢 /", "354面"), why
    assert BY_LENGTHS in marc.repairs
    with pytest.raises(Malformed):  # its twin: a letter is missing too, so the lengths do not fit
        from_iso2709(data[:-3] + data[-2:])


@pytest.mark.parametrize(
    ("right", "wrong", "title", "said", "why"),
    [
        ("紅樓夢 /<", "紅<b>樓</b>夢 /<", "紅樓夢 /", "245: elements within a value, their text kept", "mark-up"),
        ('ind1="1"', 'ind1="xyz"', "紅樓夢 /", "245: indicators 'xyz' and '0' are not one character each", "long"),
        ('ind1="1"', 'ind1="中"', "紅樓夢 /", "245: indicators '中' and '0' are not one character each", "no ASCII"),
        ('tag="300"', 'tag="30"', "紅樓夢 /", "tag '30' is not three letters or digits", "a short tag"),
        ('tag="300"', 'tag=""', "紅樓夢 /", "tag '' is not three letters or digits", "no tag"),
        ('code="c"', 'code="cd"', "紅樓夢 /", "245: subfield code 'cd' is not one character", "a long code"),
        (
            'code="c"',
            'code=""',
            "紅樓夢 / 曹雪芹著.",
            "245: a subfield without a code, taken for more of the one before",
            "as ISO 2709 has it",
        ),
        (
            "</datafield>",
            "更多</datafield>",
            "紅樓夢 /",
            "245: text outside of subfields, left out: '更多'",
            "loose text",
        ),
        ("</datafield>", "<x/></datafield>", "紅樓夢 /", "245: elements that are no subfields, left out", "an element"),
        ("<datafield", "<x/><datafield", "紅樓夢 /", "<x>: no part of a MARC record, left out", "an element outside"),
    ],
)
def test_nothing_of_marcxml_is_bent_without_being_said(right: str, wrong: str, title: str, said: str, why: str) -> None:
    plain = marcxml(TEXT).decode()
    assert from_marcxml(plain.encode()).repairs == ()
    marc = from_marcxml(plain.replace(right, wrong, 1).encode())
    assert (marc.value("245$a"), marc.repairs) == (title, (said,)), why


def test_a_record_in_utf16_is_refused_by_name() -> None:
    data = from_values(LEADER, [("001", b"7"), ("245", "10\x1faDream of the red chamber".encode("utf-16-le"))])
    with pytest.raises(Malformed, match="UTF-16"):
        from_iso2709(data)


def test_fields_in_turn_need_tags_that_are_numbers() -> None:
    data = from_values(LEADER, [("001", b"7"), ("245", b"10\x1faA title")])
    with pytest.raises(Malformed, match="directory"):
        from_iso2709(data[:24] + b"A" * 24 + data[48:])


@pytest.mark.parametrize(
    ("data", "title", "repair"),
    [
        (b"A@B", "A B", "a record terminator within a field, taken for a blank"),
        (b"A#B", "A B", "245: a field terminator within it, taken for a blank"),
        (b"A B", "A B", None),
    ],
)
def test_a_terminator_within_a_field_is_a_blank_and_told(data: bytes, title: str, repair: str | None) -> None:
    whole = from_values(LEADER, [("001", b"1"), ("245", b"10\x1fa" + data.translate(_TERMINATORS))])
    marc = from_iso2709(whole)
    assert (marc.value("245$a"), marc.repairs) == (title, (repair,) if repair else ())


_TERMINATORS = bytes.maketrans(b"@#", b"\x1d\x1e")


@pytest.mark.parametrize("indicators", [b"##", b"\\\\", b"1#", b"#0"])
def test_blank_indicators_written_as_signs_are_blanks_and_told(indicators: bytes) -> None:
    data = from_values(LEADER, [("001", b"1"), ("245", indicators + b"\x1faA # \\ B")])
    element = b'ind1="%c" ind2="%c"' % tuple(indicators)
    xml = marcxml("=001  1\n=245  10$aA # \\ B").replace(b'ind1="1" ind2="0"', element)
    for marc in (from_iso2709(data), from_marcxml(xml)):
        [field] = marc.data_fields
        assert field.ind1 + field.ind2 == indicators.decode().replace("#", " ").replace("\\", " ")
        assert marc.repairs == ("245: an indicator written as # or \\, taken for a blank",)
        assert field.subfields == (("a", "A # \\ B"),), "its text stays"


@pytest.mark.parametrize(
    ("before", "after", "repair"),
    [
        (b' ind1="1" ind2="0"', b"", "245: an indicator is missing, taken for a blank"),
        (b'ind1="1"', b'ind1=""', "245: an indicator is missing, taken for a blank"),
        (b"<leader>00000nam a2200000 a 4500</leader>", b"", "leader missing"),
        (b"<leader>00000nam a2200000 a 4500</leader>", b"<leader>nam</leader>", "leader of 3 characters"),
        (b"<leader>", b"<leader>", None),
    ],
)
def test_what_marcxml_leaves_out_is_told(before: bytes, after: bytes, repair: str | None) -> None:
    marc = from_marcxml(marcxml("=001  1\n=245  10$aA").replace(before, after))
    assert (marc.value("245$a"), marc.repairs) == ("A", (repair,) if repair else ())


def test_a_library_says_the_character_set_of_marcxml_that_declares_utf8_and_is_not() -> None:
    text = "=001  1\n=245  10$aTITLE"
    data = marcxml(text).replace(b"TITLE", "倫理學大綱".encode("big5"))
    with pytest.raises(Malformed, match=r'look like big5; .* records\.encoding = "big5"'):
        from_marcxml(data)
    marc = from_marcxml(data, (), "big5")
    assert marc.value("245$a") == "倫理學大綱"
    assert marc.repairs == ("it declares UTF-8, the bytes are big5, as the library's file says",)
    utf8 = from_marcxml(marcxml(text).replace(b"TITLE", "倫理學大綱".encode()), (), "big5")
    assert (utf8.value("245$a"), utf8.repairs) == ("倫理學大綱", ()), "the twin that is in UTF-8 is read as that"
