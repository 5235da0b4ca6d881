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

_NUMBER = rf"(?:\d+(?:\s?[-~至]\s?\d+)?|[{CHINESE_NUMERAL}]+)"
_YEAR = r"(?:[12]\d{3}|[1-9]\d{1,2}|民國?\s?\d{1,3})(?:-\d{1,2})?[a-z]?"
_HAN_VOLUME = rf"第?\s?{_NUMBER}\s?[冊册卷輯集編部期]|[冊册卷]\s?\d+|[上中下][冊册卷輯集編部]?"  # 第2冊, 冊2, 上
_LATIN_VOLUME = (
    r"(?:(?i:v|vol|no|ano|pt|bk|bd|t)\.\s?|(?i:vol|volume|pt|bk|bd)\s?|v\s?)\d\S*?(?:\s+(?i:no|pt)\.\s?\d\S*?)?"
    r"(?:\s+[12]\d{3}(?:[-/]\d{2,4})?)?"
)
_VOLUME = rf"(?P<volume>{_LATIN_VOLUME}|{_HAN_VOLUME})"
_COPY = (
    r"(?P<copy>(?i:c)\.\s?\d+|c\s?\d+|(?i:copy|copies|cop\.|cp\.?|ex\.)\s?\d+"
    rf"|[複复]本?\s?第?\s?{_NUMBER})"  # 複本3, 複2
)
_BETWEEN = r"(?:\s*[,;]\s*|\s+)"
_TAIL = rf"(?:{_BETWEEN}(?P<year>{_YEAR}))?(?:{_BETWEEN}\(?{_VOLUME}\)?)?(?:{_BETWEEN}\(?{_COPY}\)?)?"
_COLLECTION = r"(?:(?P<collection>[^\W\d_]{1,6}\.?)\s+|[(（\[](?P<bracketed>[^\W\d_]{1,6})[)）\]]\s*)?"  # R, (特)
_DECIMAL = re.compile(
    _COLLECTION + r"(?P<classification>\d{3}(?:\.\d+)?(?:[-/:]\d[\d.]*)?)\s+"
    r"(?P<author_mark>(?:[A-Za-z]{1,4}\d*[A-Za-z]{0,4}|\d{1,5}(?:\.\d{1,2})?)(?:-\d{1,3})?)" + _TAIL
)
_STEP = rf"(?:\s?[:/]\s?|{_BETWEEN})"
_STROKES = _COLLECTION + r"(?P<classification>\d{3}(?:\.\d+)?)\s?/\s?(?P<author_mark>\d{4}(?:-\d{1,3})?)"
_WITH_STROKES = re.compile(rf"{_STROKES}(?:\s?[:/]\s?(?P<bare>\d{{1,3}})|{_STEP}{_VOLUME})(?:{_STEP}{_COPY})?")
_STROKES_AND_COPY = re.compile(rf"{_STROKES}{_STEP}{_COPY}")
"""The number of a volume or of a copy tells a class and a mark from the two halves of a divided class."""
_LC = re.compile(
    r"(?![A-Z]{2}\s+[A-Z]\d)"  # CB H523L2: CB is as likely the class
    + _COLLECTION
    + r"(?P<classification>[A-HJ-NP-VZ][A-Z]{0,2}\s?\d{1,4}(?:\.\d+)?)\s*"
    r"\.?(?P<author_mark>[A-Z][1-9]\d*[a-z]{0,3}(?:\s*\.?[A-Z][1-9]\d*[a-z]{0,3}){0,2})" + _TAIL
)
_MARK = re.compile(r"(?P<author_mark>\S.*?)" + _TAIL)
_END = re.compile(_TAIL)
_YEAR_ALONE = re.compile(_YEAR)
_YEAR_SURELY = re.compile(r"[12]\d{3}(?:-\d{1,2})?[a-z]?|民國?\s?\d{1,3}")
_NARROW = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: " "}
"""Characters of full width as keyboards have them: ／ is /, ： is :."""


_DECIMAL_WAYS = (_DECIMAL, _WITH_STROKES, _STROKES_AND_COPY)
_WAYS = (*_DECIMAL_WAYS, _LC)


class Parts(NamedTuple):
    """The parts of a call number, each as written; "" where it has none or they are not known."""

    collection: str = ""
    classification: str = ""
    author_mark: str = ""
    year: str = ""
    volume: str = ""
    copy: str = ""


NO_PARTS = Parts()


@lru_cache(maxsize=4096)
def parts(text: str) -> Parts:
    """The parts of a call number: ``R 857.49 8765 2004 v.2 c.1``, ``PL2727 .S2 A2613 2004``, 857.7／8276：3."""
    if not 5 <= len(text) <= MAX_LENGTH:
        return NO_PARTS
    text = _narrow(text)
    ways = _DECIMAL_WAYS if text[0].isdecimal() else _WAYS
    found = [_named(match) for way in ways if (match := way.fullmatch(text))]
    if len(found) > 1:
        # BL 545 F4: class BL545, or class 545 in a collection BL; only the library knows. What both say stays.
        return Parts(*(same.pop() if len(same := set(told)) == 1 else "" for told in zip(*found, strict=True)))
    return found[0] if found else NO_PARTS


def _named(match: re.Match[str]) -> Parts:
    found = {name: part for name, part in match.groupdict().items() if part}
    if "bracketed" in found:
        found["collection"] = found.pop("bracketed")
    if "bare" in found:
        found["volume"] = found.pop("bare")
    return Parts(**found)


def _narrow(text: str) -> str:
    return text if text.isascii() else text.translate(_NARROW).strip()


def item_parts(text: str) -> Parts:
    """The parts of what follows a class (852 $i): ``8765 2004 v.2`` → author mark, year, volume.

    A year of fewer than four characters may as well be part of the mark, and stays there.
    """
    match = _MARK.fullmatch(_narrow(text)) if len(text) <= MAX_LENGTH else None
    if match is None:
        return Parts(author_mark=text)
    found = _named(match)
    return found if len(found.year) >= 4 or not found.year else Parts(author_mark=text)


def tail_parts(text: str) -> Parts:
    """The parts of what stands at the end of a call number (852 $m): year, volume, copy; none where it is else."""
    match = _END.fullmatch(f" {_narrow(text)}") if len(text) <= MAX_LENGTH else None
    return _named(match) if match else Parts()


def volume_marked(volume: str) -> str:
    """The number of a volume as a call number has it: 2 is v.2; what says that it is one stays as written."""
    return f"v.{volume}" if volume.isdecimal() else volume


def copy_marked(copy: str) -> str:
    """The number of a copy as a call number has it: 2 is c.2."""
    return f"c.{copy}" if copy.isdecimal() else copy


def is_year(text: str) -> bool:
    """Whether a text is a year as call numbers have it: 2004, 93 (of the Republic), 88-3."""
    return _YEAR_ALONE.fullmatch(text) is not None


def is_surely_year(text: str) -> bool:
    """Whether a year has four figures or says whose it is: 2004, 民93; 93 may as well count volumes."""
    return _YEAR_SURELY.fullmatch(text) is not None
