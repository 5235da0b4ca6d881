"""The day a copy is due, as libraries write it. A date that can be read in two ways is not guessed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from functools import lru_cache

ROC_OFFSET = 1911  # 民國1年 is 1912
CENTURY = 2000  # of years in two digits: a due date is of our time

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_TOKENS = {
    "YYYY": r"(?P<year>(?:19|20)\d\d)",
    "YYY": r"(?P<roc>\d{2,3})",
    "YY": r"(?P<short>\d\d)",
    "MON": r"(?P<name>[A-Za-z]{3,9}\.?)",
    "MM": r"(?P<month>\d{1,2})",
    "DD": r"(?P<day>\d{1,2})",
}
_ANY_TOKEN = re.compile("|".join(sorted(_TOKENS, key=len, reverse=True)))
_PLAIN = (  # forms that can be read in one way only
    re.compile(r"(?<!\d)(?P<year>(?:19|20)\d\d)([-/.])(?P<month>\d{1,2})\2(?P<day>\d{1,2})(?!\d)"),
    re.compile(r"(?<!\d)(?P<year>(?:19|20)\d\d)\s*年\s*(?P<month>\d{1,2})\s*月\s*(?P<day>\d{1,2})\s*日"),
    re.compile(r"(?<!\d)(?P<year>(?:19|20)\d\d)(?P<month>\d\d)(?P<day>\d\d)(?:(?!\d)|(?=\s*\d{6}(?!\d)))"),
    re.compile(r"民國\s*(?P<roc>\d{2,3})\s*[年/.-]\s*(?P<month>\d{1,2})\s*[月/.-]\s*(?P<day>\d{1,2})(?!\d)"),
    re.compile(r"(?<!\d)(?P<roc>1\d\d)\s*年\s*(?P<month>\d{1,2})\s*月\s*(?P<day>\d{1,2})\s*日"),
    re.compile(r"(?<!\d)(?P<roc>1\d\d)([-/.])(?P<month>\d{1,2})\2(?P<day>\d{1,2})(?!\d)"),
    re.compile(r"(?<![A-Za-z])(?P<name>[A-Za-z]{3,9})\.? (?P<day>\d{1,2}),? (?P<year>(?:19|20)\d\d)(?!\d)"),
    re.compile(r"(?<!\d)(?P<day>\d{1,2})[ -](?P<name>[A-Za-z]{3,9})\.?[ -](?P<year>(?:19|20)\d\d)(?!\d)"),
)


def due_date(text: str, form: str = "") -> date | None:
    """The first date in a text; None: none that can be read for sure.

    In the library's own form, where it gives one, and else in a form that can be read in one way only. What is written
    in the library's form and is no day is not read in another.
    """
    text = text[:500]
    if form and (own := list(_pattern(form).finditer(text))):
        return _first_day(own)
    return _first_day(found for pattern in _PLAIN for found in pattern.finditer(text))


def without_dates(text: str, form: str = "") -> str:
    """The text with its dates, and the times behind them, taken out."""
    for pattern in (*((_pattern(form),) if form else ()), *_PLAIN):
        text = pattern.sub(" ", text)
    return re.sub(r"(?<!\d)\d{1,2}:\d\d(?::\d\d)?(?:\s*[AaPp][Mm])?", " ", text)


def _first_day(dates: Iterable[re.Match[str]]) -> date | None:
    return next((day for found in dates if (day := _day(found.groupdict())) is not None), None)


def _day(parts: dict[str, str | None]) -> date | None:
    if parts.get("roc"):
        year = int(parts["roc"] or 0) + ROC_OFFSET
    elif parts.get("short"):
        year = int(parts["short"] or 0) + CENTURY
    else:
        year = int(parts.get("year") or 0)
    name = (parts.get("name") or "")[:3].lower()
    month = _MONTHS.index(name) + 1 if name in _MONTHS else int(parts.get("month") or 0)
    try:
        return date(year, month, int(parts.get("day") or 0))
    except ValueError:
        return None


@lru_cache(maxsize=64)
def _pattern(form: str) -> re.Pattern[str]:
    """The pattern of a form that ``mappings.availability`` has let pass."""
    written, at = "", 0
    for token in _ANY_TOKEN.finditer(form):
        written += re.escape(form[at : token.start()]) + _TOKENS[token[0]]
        at = token.end()
    return re.compile(rf"(?<!\d){written}{re.escape(form[at:])}(?!\d)")
