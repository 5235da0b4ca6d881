"""A call number (索書號) taken into its parts, where it is written in a way whose parts are known.

Two ways are: a decimal class (中文圖書分類法, DDC, UDC) before an author mark, and that of the Library of Congress. Of
any other, nothing is guessed.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from indexer.numerals import CHINESE_NUMERAL

MAX_LENGTH = 120
"""Longer texts are no call numbers."""

_YEAR = r"(?:[12]\d{3}|[1-9]\d{1,2}|民國?\s?\d{1,3})(?:-\d{1,2})?[a-z]?"
_HAN_VOLUME = (
    rf"第?\s?(?:\d+|[{CHINESE_NUMERAL}]+)\s?[冊册卷輯集編部]|[冊册卷]\s?\d+|[上中下][冊册卷輯集編部]?"  # 第2冊, 冊2, 上
)
_TAIL = (
    rf"(?:\s+(?P<year>{_YEAR}))?"
    r"(?:\s+(?P<volume>(?:(?i:v|vol|no|ano|pt|bk|bd|t)\.\s?|v)\d\S*(?:\s+(?i:no|pt)\.\s?\d\S*)?"
    rf"(?:\s+[12]\d{{3}}(?:[-/]\d{{2,4}})?)?|{_HAN_VOLUME}))?"
    r"(?:\s+(?P<copy>(?i:c)\.\s?\d+|c\d+))?"
)
_COLLECTION = r"(?:(?P<collection>[^\W\d_]{1,6}\.?)\s+|[(（\[](?P<bracketed>[^\W\d_]{1,6})[)）\]]\s*)?"  # R, (特)
_DECIMAL = re.compile(
    _COLLECTION + r"(?P<classification>\d{3}(?:\.\d+)?(?:[-/:]\d[\d.]*)?)\s+"
    r"(?P<author_mark>(?:[A-Za-z]{1,4}\d*[A-Za-z]{0,4}|\d{1,5}(?:\.\d{1,2})?)(?:-\d{1,3})?)" + _TAIL
)
_WITH_STROKES = re.compile(
    _COLLECTION + r"(?P<classification>\d{3}(?:\.\d+)?)/(?P<author_mark>\d{4}(?:-\d{1,3})?):(?P<volume>\d{1,3})"
)
"""The number of a volume tells a class and a mark from the two halves of a divided class."""
_LC = re.compile(
    r"(?![A-Z]{2}\s+[A-Z]\d)"  # CB H523L2: CB is as likely the class
    + _COLLECTION
    + r"(?P<classification>[A-HJ-NP-VZ][A-Z]{0,2}\s?\d{1,4}(?:\.\d+)?)\s*"
    r"\.?(?P<author_mark>[A-Z][1-9]\d*[a-z]{0,3}(?:\s*\.?[A-Z][1-9]\d*[a-z]{0,3}){0,2})" + _TAIL
)
_MARK = re.compile(r"(?P<author_mark>\S.*?)" + _TAIL)
_END = re.compile(_TAIL)
_YEAR_ALONE = re.compile(_YEAR)


class Parts(NamedTuple):
    """The parts of a call number, each as written; "" where it has none or they are not known."""

    collection: str = ""
    classification: str = ""
    author_mark: str = ""
    year: str = ""
    volume: str = ""
    copy: str = ""


@lru_cache(maxsize=4096)
def parts(text: str) -> Parts:
    """The parts of a call number: ``R 857.49 8765 2004 v.2 c.1``, ``PL2727 .S2 A2613 2004``."""
    if not 5 <= len(text) <= MAX_LENGTH:
        return Parts()
    ways = (_DECIMAL, _WITH_STROKES) if text[0].isdecimal() else (_DECIMAL, _WITH_STROKES, _LC)
    found = [_named(match) for way in ways if (match := way.fullmatch(text))]
    if len(found) == 2:
        # BL 545 F4: class BL545, or class 545 in a collection BL; only the library knows.
        return found[0]._replace(collection="", classification="")
    return found[0] if found else Parts()


def _named(match: re.Match[str]) -> Parts:
    found = {name: part for name, part in match.groupdict().items() if part}
    if "bracketed" in found:
        found["collection"] = found.pop("bracketed")
    return Parts(**found)


def item_parts(text: str) -> Parts:
    """The parts of what follows a class (852 $i): ``8765 2004 v.2`` → author mark, year, volume.

    A year of fewer than four characters may as well be part of the mark, and stays there.
    """
    match = _MARK.fullmatch(text) if len(text) <= MAX_LENGTH else None
    if match is None:
        return Parts(author_mark=text)
    found = _named(match)
    return found if len(found.year) >= 4 or not found.year else Parts(author_mark=text)


def tail_parts(text: str) -> Parts:
    """The parts of what stands at the end of a call number (852 $m): year, volume, copy; none where it is else."""
    match = _END.fullmatch(f" {text}") if len(text) <= MAX_LENGTH else None
    return _named(match) if match else Parts()


def is_year(text: str) -> bool:
    """Whether a text is a year as call numbers have it: 2004, 93 (of the Republic), 88-3."""
    return _YEAR_ALONE.fullmatch(text) is not None
