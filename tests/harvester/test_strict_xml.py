from __future__ import annotations

import pytest
from lxml import etree

from harvester.strict_xml import XmlRefused, mend, root_of

MENDED = [
    (b"<a>good</a>", "good", 0, "nothing to mend"),
    ("<a>紅樓夢</a>".encode(), "紅樓夢", 0, "nothing to mend"),
    (b"\xef\xbb\xbf<a>x</a>", "x", 0, "a byte order mark is allowed"),
    ("<?xml version='1.0' encoding='UTF-16'?><a>夢</a>".encode("utf-16"), "夢", 0, "another encoding, declared"),
    ("<?xml version='1.0' encoding='ISO-8859-1'?><a>é</a>".encode("latin-1"), "é", 0, "another encoding, declared"),
    ("<?xml version='1.0' encoding='Big5'?><a>圖書</a>".encode("big5"), "圖書", 0, "another encoding, declared"),
    (b"<?xml version='1.0' encoding='martian'?><a>x</a>", "x", 0, "an unknown encoding is taken as UTF-8"),
    (b"<a>a\x01b\x1fc</a>", "a b c", 2, "characters XML forbids"),
    (b"<a>a&#1;b&#x1F;c</a>", "a b c", 2, "references to characters XML forbids"),
    (b"<a>a&#65;b&#1;</a>", "aAb ", 1, "a good reference stays"),
    (b"<a>a&#99999999;b</a>", "a b", 1, "a reference beyond Unicode"),
    (b"<a>caf&eacute;&nbsp;&amp;</a>", "café\xa0&", 2, "entities of HTML"),
    (b"<a>&nonsense;</a>", "&nonsense;", 1, "an entity nobody knows stays as text"),
    (b"<a>AT&T & co</a>", "AT&T & co", 2, "bare ampersands"),
    (b"<a><![CDATA[x & &foo; \x02]]> & y</a>", "x & &foo;   & y", 2, "ampersands in CDATA are text"),
    (b"<a>caf\xe9</a>", "café", 1, "letters of Windows-1252 in UTF-8"),
    (b"<a>caf\xe9 \x97 x</a>", "caf\ufffd \ufffd x", 2, "not all of them letters: nobody knows what they were"),
    ("<a>夢".encode() + b"\xe5\xa4</a>", "夢\ufffd\ufffd", 2, "a character cut in two"),
    (b"<a>x\xed\xa0\x80</a>", "x\ufffd\ufffd\ufffd", 3, "a surrogate"),
    ("<a>x\uffff</a>".encode(), "x ", 1, "a noncharacter"),
]


@pytest.mark.parametrize(("body", "text", "repairs", "why"), MENDED)
def test_bytes_are_mended_only_where_xml_forbids_them(body: bytes, text: str, repairs: int, why: str) -> None:
    root, mended = root_of(body)
    assert (root.text, mended) == (text, repairs), why


REFUSED = [
    (b"", "nothing"),
    (b"   ", "blank"),
    (b"not XML", "words"),
    (b"<a><b>", "cut off"),
    (b"<a><b></a>", "tags that cross"),
    (b"<a/><b/>", "two roots"),
    (b"<a x=1/>", "an attribute without quotes"),
    (b"<p:a/>\x01<", "mending does not help"),
    (b"<!DOCTYPE html><html/>", "a document type"),
    (b"<?xml version='1.0'?><!-- x --><!DOCTYPE a SYSTEM 'http://127.0.0.1:1/x.dtd'><a/>", "a DTD elsewhere"),
    (b"<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>", "a file as entity"),
    (b"<!DOCTYPE a [<!ENTITY x 'ha'><!ENTITY y '&x;&x;&x;'>]><a b='&y;'/>", "entities within entities"),
    ("<!DOCTYPE a [<!ENTITY x 'ha'>]><a b='&x;'/>".encode("utf-16"), "the same in another encoding"),
    ("<!DOCTYPE a><a/>".encode("utf-16-le"), "an encoding that is not declared"),
]


@pytest.mark.parametrize(("body", "why"), REFUSED, ids=[row[1] for row in REFUSED])
def test_what_is_not_well_formed_or_brings_a_dtd_is_refused(body: bytes, why: str) -> None:
    with pytest.raises(XmlRefused):
        root_of(body)


def test_a_body_cut_anywhere_is_never_taken_for_whole() -> None:
    body = "<?xml version='1.0'?><a><b c='d'>夢 &amp; \x01 <![CDATA[x]]></b></a>".encode()
    assert root_of(body)[1] == 1
    for length in range(len(body) - 1):
        with pytest.raises(XmlRefused):
            root_of(body[:length])


def test_mending_leaves_good_xml_as_it_is() -> None:
    body = b"<a b='&quot;'>&lt;&#x5922;<![CDATA[<&>]]></a>"
    assert mend(body) == (body, 0)
    assert etree.tostring(root_of(body)[0]) != b""
