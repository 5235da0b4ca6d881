"""Due dates as libraries write them: read where there is one way to read them, never guessed."""

from __future__ import annotations

from datetime import date

import pytest

from search_api.availability.due import due_date, without_dates

SEP_20 = date(2026, 9, 20)

DATES: list[tuple[str, str, date | None, str]] = [
    ("2026-09-20", "", SEP_20, "ISO 8601"),
    ("2026-09-20T23:59:00+08:00", "", SEP_20, "with a time: the day as written"),
    ("2026/9/20", "", SEP_20, "without zeros"),
    ("2026.09.20", "", SEP_20, "with full stops"),
    ("20260920    235900", "", SEP_20, "SIP2 AH: a day, four blanks, a time"),
    ("2026年9月20日", "", SEP_20, "written out"),
    ("到期日：115/09/20", "", SEP_20, "a year of the Republic, in three digits"),
    ("115.9.20", "", SEP_20, "with full stops"),
    ("民國115年9月20日", "", SEP_20, "with the reign"),
    ("民國 99/12/31", "", date(2010, 12, 31), "two digits, with the reign"),
    ("Due Sep 20, 2026", "", SEP_20, "English"),
    ("20 September 2026", "", SEP_20, "English, the day first"),
    ("20-SEP-2026", "", SEP_20, "as some systems print it"),
    ("07-05-21", "", None, "three ways to read it: not guessed"),
    ("07/05/2021", "", None, "two ways to read it: not guessed"),
    ("99/12/31", "", None, "the Republic's, or a century's"),
    ("07-05-21", "MM-DD-YY", date(2021, 7, 5), "month first, as its library says"),
    ("DUE 01-11-23 +1 HOLD", "MM-DD-YY", date(2023, 1, 11), "among other words"),
    ("07/05/2021", "DD/MM/YYYY", date(2021, 5, 7), "day first, as its library says"),
    ("99/12/31", "YYY/MM/DD", date(2010, 12, 31), "the Republic's, as its library says"),
    ("2026-09-20", "MM-DD-YY", SEP_20, "not in its library's form, and to be read in one way only"),
    ("20/09/2026", "YYY/MM/DD", None, "not in its library's form, and a date that could be two forms"),
    ("2026/09/20", "YYYY/DD/MM", None, "in its library's form, and no such month: not read in another"),
    ("115/13/20", "", None, "no such month"),
    ("2026-02-30", "", None, "no such day"),
    ("Foo 20, 2026", "", None, "no such month"),
    ("12345678", "", None, "a number"),
    ("9920260920", "", None, "part of a longer number"),
    ("", "", None, "nothing"),
    ("unknown", "", None, "a word"),
]


@pytest.mark.parametrize(("text", "form", "day", "why"), DATES)
def test_a_due_date_is_read_where_there_is_one_way_to(text: str, form: str, day: date | None, why: str) -> None:
    assert due_date(text, form) == day, why


def test_a_status_without_its_date_is_a_status() -> None:
    assert without_dates("到期日：115/09/20 23:59").strip() == "到期日："
    assert without_dates("Checked out until 07-05-21", "MM-DD-YY").strip() == "Checked out until"
    assert without_dates("Room 101") == "Room 101"
