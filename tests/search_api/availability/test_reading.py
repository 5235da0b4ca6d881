"""What a library's system says is made short, plain and harmless before anybody sees it."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from search_api.availability.http import ConnectorUnavailable
from search_api.availability.reading import (
    MAX_TEXT,
    child_text,
    count,
    day,
    json,
    link,
    local_day,
    local_name,
    said,
    xml,
)


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


TAIPEI = "Asia/Taipei"


@pytest.mark.parametrize(
    ("value", "zone", "expected", "why"),
    [
        ("2026-12-03T15:59:00Z", TAIPEI, date(2026, 12, 3), "a minute to midnight there"),
        ("2026-12-02T16:00:00.000+00:00", TAIPEI, date(2026, 12, 3), "midnight there is the day before in UTC"),
        ("2026-12-02T16:00:00.000+0000", TAIPEI, date(2026, 12, 3), "an offset without its colon"),
        ("2026-12-04T04:59:00Z", "America/New_York", date(2026, 12, 3), "west of Greenwich it is the other way"),
        ("2026-12-03T23:59:00+08:00", TAIPEI, date(2026, 12, 3), "as the library writes it"),
        ("2026-12-03 16:30:00", TAIPEI, date(2026, 12, 3), "without a zone it is the library's own"),
        ("2026-12-03", TAIPEI, date(2026, 12, 3), "a date alone"),
        ("9999-12-31T23:59:59Z", TAIPEI, None, "beyond all calendars"),
        ("someday, perhaps", TAIPEI, None, "no date"),
        (None, TAIPEI, None, "nothing"),
    ],
)
def test_the_day_is_the_one_where_the_library_is(value: object, zone: str, expected: date | None, why: str) -> None:
    assert local_day(value, ZoneInfo(zone)) == expected, why


@pytest.mark.parametrize("content", [b"", b"<p>", b"{", b"[" * 100_000 + b"]" * 100_000])
def test_what_is_not_json_cannot_be_used(content: bytes) -> None:
    with pytest.raises(ConnectorUnavailable):
        json(content)


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
