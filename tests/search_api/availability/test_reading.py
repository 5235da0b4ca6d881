"""What a library's system says is made short, plain and harmless before anybody sees it."""

from __future__ import annotations

from datetime import date

import pytest

from search_api.availability.http import ConnectorUnavailable
from search_api.availability.reading import MAX_TEXT, child_text, count, day, link, local_name, said, xml


@pytest.mark.parametrize(
    ("value", "text", "why"),
    [
        ("  A\n\t1 ", "A 1", "on one line"),
        ("x" * 9_999, "x" * MAX_TEXT, "cut"),
        (7, "7", "a number is its digits"),
        (True, "", "a truth is no text"),
        (None, "", "nothing"),
        (["A"], "", "a list is no text"),
    ],
)
def test_texts_are_made_plain(value: object, text: str, why: str) -> None:
    assert said(value) == text, why


@pytest.mark.parametrize(
    ("value", "number"),
    [
        *[(0, 0), (2, 2), ("3", 3), (" 4 ", 4), (-1, None), (True, None), (2.5, None), ("", None), ("x", None)],
        *[("１", None), (10**9, None), ("9" * 500, None), (None, None), ([1], None)],
    ],
)
def test_counts_are_sensible_or_absent(value: object, number: int | None) -> None:
    assert count(value) == number


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2026-09-20", date(2026, 9, 20)),
        (" 2026-09-20 23:59:00", date(2026, 9, 20)),
        ("2026-09-20T23:59:00+08:00", date(2026, 9, 20)),
        ("2026-02-30", None),
        ("2026-09-200", None),
        ("20260920", None),
        ("unknown", None),
        ("P1D", None),
        ("", None),
        (20260920, None),
        (None, None),
    ],
)
def test_days_are_read_or_absent(value: object, expected: date | None) -> None:
    assert day(value) == expected


@pytest.mark.parametrize(
    ("value", "safe"),
    [
        ("https://lib.example/r?x=1", True),
        ("http://127.0.0.1:8101/ebook/1", True),
        ("javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("//lib.example", False),
        ('https://x.example/"><script>', False),
        ("https://x.example/ y", False),
        ("", False),
        (None, False),
        (7, False),
    ],
)
def test_only_web_addresses_are_links(value: object, safe: bool) -> None:
    assert link(value) == (value if safe else "")


def test_xml_is_read_by_local_names() -> None:
    root = xml(b'<d:a xmlns:d="urn:x"><!-- c --><d:b> t </d:b><c>u</c></d:a>')
    assert local_name(root) == "a"
    assert (child_text(root, "b"), child_text(root, "c"), child_text(root, "d")) == ("t", "u", "")
    assert local_name(root[0]) == "", "a comment has no name"


@pytest.mark.parametrize("content", [b"", b"<a>", b"<a/><b/>", b"{}", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'])
def test_xml_with_a_document_type_or_none_at_all_is_refused(content: bytes) -> None:
    with pytest.raises(ConnectorUnavailable):
        xml(content)
