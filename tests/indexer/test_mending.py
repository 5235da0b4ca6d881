from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.marc import Field
from indexer.mending import is_mostly_lost, may_need_mending, mended, mended_text


def text_and_notes(text: str) -> tuple[str, list[str]]:
    notes: list[str] = []
    return mended_text(text, notes), notes


@pytest.mark.parametrize(
    ("text", "right", "why"),
    [
        ("Clinton, Purser &amp; Arnold", "Clinton, Purser & Arnold", "XML's own"),
        ("caf&eacute;", "café", "HTML's, by name"),
        ("&#33274;&#x5317;", "臺北", "by number, decimal and hexadecimal"),
        ("caf&amp;eacute;", "café", "escaped twice"),
        ("it&#146;s", "it’s", "numbers that HTML reads as Windows-1252"),
        ("&lt;b&gt;", "<b>", "brackets are text like any other: what shows them escapes them"),
    ],
)
def test_entities_are_resolved(text: str, right: str, why: str) -> None:
    assert text_and_notes(text) == (right, ["entities or character references"]), why


@pytest.mark.parametrize(
    "text", ["AT&T; Q&A", "R&D;", "&bogus;", "rock & roll", "&#0;", "&#xD800;", "&#99999999;", "a&copy", "&#x110000;"]
)
def test_what_is_no_entity_stays(text: str) -> None:
    assert text_and_notes(text) == (text, [])


@pytest.mark.parametrize(
    ("text", "right", "why"),
    [
        ("cafÃ©", "café", "one letter"),
        ("SociÃ©tÃ© linnÃ©enne", "Société linnéenne", "several"),
        ("ç´…æ¨“å¤¢", "紅樓夢", "Chinese through Windows-1252"),
        ("è\x87ºå\x8c\x97", "臺北", "Chinese through Latin-1"),
        ("donâ€™t", "don’t", "a quotation mark"),
        ("紅樓夢 = æ›¹é›ªèŠ¹", "紅樓夢 = 曹雪芹", "a run beside text that is right"),
        ("CafÃ© 真", "Café 真", "one letter beside text that is right"),
        ("Ã© é", "é é", "beside the same letter that is right"),
        ("L’été — Ã©", "L’été — é", "beside a letter and signs that are right"),
        ("Ã\x83Â\x83Ã\x82Â\x82Ã\x83Â\x82Ã\x82Â£22.95", "£22.95", "many times over, in a real record"),
    ],
)
def test_doubly_encoded_utf8_is_decoded(text: str, right: str, why: str) -> None:
    assert text_and_notes(text) == (right, ["doubly encoded UTF-8"]), why


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("café", "a letter"),
        ("SÃO PAULO", "a capital before a capital"),
        ("« cité»", "a letter before a quotation mark: three bytes of nothing"),
        ("«ROMÂ»", "a quotation mark after a capital may be meant"),
        ("CAFÉ…", "a capital before an ellipsis"),
        ("CAFÉ¿", "a capital before a sign"),
        ("É—dition", "a capital before a dash"),
        ("GROß§", "a letter before a sign"),
        ("DÉ¹", "a letter before a footnote"),
        ("ºìÂ¥ÃÎÑÐ¾¿", "GB that was taken for Latin-1"),
        ("¬õ¼Ó¹Ú®Õª`¬ã¨s 真", "Big5 that was taken for Latin-1"),
        ("IRMÃ” 真", "a capital before a quotation mark, beside characters that no single byte has"),
        ("Â§ 5", "a sign alone may be meant"),
        ("le café…”", "a letter before punctuation may be meant"),
    ],
)
def test_what_may_be_meant_is_not_decoded_again(text: str, why: str) -> None:
    assert text_and_notes(text) == (text, []), why


def test_characters_spelt_by_number_and_controls_are_mended() -> None:
    assert text_and_notes("{u81FA}北") == ("臺北", ["characters spelt as {uXXXX}"])
    assert text_and_notes("a\x00b\x1bc") == ("a b c", ["control characters"])


@pytest.mark.parametrize("character", ["\ue000", "\uf8ff", "\U000f0000", "\U0010fffd"])
def test_characters_of_private_use_stay_and_are_told(character: str) -> None:
    text = f"陳{character}傑"
    assert text_and_notes(text) == (text, ["1 characters of private use, which nobody else can show"])
    assert may_need_mending(text.encode())
    assert text_and_notes("陳\ufa0e傑，") == ("陳\ufa0e傑，", []), "a compatibility character is none"


def test_a_right_text_is_left_alone_without_a_note() -> None:
    for text in ("", "Pride and prejudice", "紅樓夢 / 曹雪芹", "Ænigma; R&B", "{urgent}"):
        assert text_and_notes(text) == (text, [])


def test_repairs_name_the_field_once_for_each_kind() -> None:
    repairs: list[str] = []
    fields = [
        Field("245", "1", "0", (("a", "A &amp; B &amp;"), ("b", "C &amp; D"))),
        Field("300", " ", " ", (("a", "354!_w"), ("c", "公分"))),
        Field("500", " ", " ", (("a", "plain"),)),
    ]
    found = mended(fields, repairs)
    assert repairs == [
        "245: entities or character references",
        "300: 1 characters in EACC or CCCII, left as ASCII, decoded",
    ]
    assert [field.subfields[0][1] for field in found] == ["A & B &", "354面", "plain"]
    assert found[2] is fields[2]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"A &amp; B", "an entity"),
        ("中354!_w".encode(), "a code left as ASCII"),
        ("cafÃ©".encode(), "doubly encoded"),
        ("donâ€™t".encode(), "doubly encoded through Windows-1252"),
        (b"{u81FA}", "spelt by number"),
        (b"a\x00b", "a control character"),
    ],
)
def test_bytes_that_need_a_look_are_noticed(data: bytes, why: str) -> None:
    assert may_need_mending(data), why


@pytest.mark.parametrize(
    "data", [b"Oklahoma! R&B, AT&T", "Société linnéenne, 紅樓夢! 說".encode(), b"\x1e\x1f\x1d\t\r\n"]
)
def test_other_bytes_cost_no_second_look(data: bytes) -> None:
    assert not may_need_mending(data)


def test_in_xml_an_entity_is_none_before_it_is_parsed() -> None:
    assert not may_need_mending(b"A &amp; B", xml=True)
    assert may_need_mending(b"caf&amp;eacute;", xml=True)


@pytest.mark.parametrize(
    ("texts", "lost", "why"),
    [
        (["Pride and prejudice"], False, "nothing is lost"),
        (["Soci\ufffdt\ufffd linn\ufffdenne"], False, "some letters are"),
        (["\ufffd\ufffd\ufffd\ufffd 12"], True, "all are"),
        (["\ufffd1"], False, "one of one proves nothing"),
        (["a \u0301\u0302\u0303 \u0304\u0305\u0306\u0307"], True, "diacritics on nothing are no text"),
        (["Thuqūb fī ʻaql al-ummah", "Việt"], False, "diacritics on letters are"),
        (["ab\x80\x81\x82\x83"], True, "controls are no text"),
    ],
)
def test_a_text_that_is_mostly_lost_is_known(texts: list[str], lost: bool, why: str) -> None:
    assert is_mostly_lost(texts) is lost, why


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=60))
def test_no_text_fails_to_be_mended_and_mending_ends(text: str) -> None:
    once, _ = text_and_notes(text)
    assert isinstance(once, str)


@settings(max_examples=200, deadline=None)
@given(
    st.text(alphabet="aé ü臺紅ł–", min_size=1, max_size=12).filter(
        lambda text: any(c.isalpha() and ord(c) > 127 for c in text)
    )
)
def test_what_was_encoded_twice_comes_back(text: str) -> None:
    doubled = text.encode().decode("latin-1")
    assert text_and_notes(doubled)[0] == text


@pytest.mark.parametrize(
    ("text", "read", "why"),
    [
        ("&lt;br&gt; and &amp;nbsp;", "<br> and &nbsp;", "a title about HTML names an entity"),
        ("&amp;lt;b&amp;gt;", "&lt;b&gt;", "and mark-up"),
        ("Caf&amp;eacute;", "Café", "a letter escaped twice is none"),
        ("A &amp;amp; B", "A & B", "nor is an ampersand"),
        ("A&nbsp;B", "A\u00a0B", "the twin, escaped once"),
        ("A&#xFFFF;B &#xFDD0; &#x1FFFE;", "A&#xFFFF;B &#xFDD0; &#x1FFFE;", "numbers of no character"),
        ("A\uffffB", "A B", "and what is none itself"),
    ],
)
def test_entities_are_resolved_as_far_as_nothing_else_can_be_meant(text: str, read: str, why: str) -> None:
    assert mended_text(text, []) == read, why
