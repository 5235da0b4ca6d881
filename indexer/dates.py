"""Years of publication in the Common Era, from coded fields and from dates as printed. What is not known stays None."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

FIRST_YEAR, LAST_YEAR = 1000, 2099
"""What a year of publication can be. Outside it a number is a page, a price, or a year of another era."""


class Years(NamedTuple):
    """When publication began, and when it ended where that is later and stated. None: not known."""

    start: int | None = None
    end: int | None = None


ERAS: tuple[tuple[str, int], ...] = (
    # What precedes the year, and what to add to it. Longest first where one begins another.
    (r"(?:中華)?民[國国]?|中华民国|Min[- ]?guo|Minguo|ROC", 1911),
    (r"令和|Reiwa", 2018),
    (r"平成|Heisei", 1988),
    (r"昭和|Sh[oōô]wa", 1925),
    (r"大正|Taish[oōô]", 1911),
    (r"明治|Meiji", 1867),
    (r"慶[應応]", 1864),
    (r"宣統", 1908),
    (r"光[緒緖绪]", 1874),
    (r"同治", 1861),
    (r"咸豐", 1850),
    (r"道光", 1820),
    (r"嘉慶", 1795),
    (r"乾隆", 1735),
    (r"雍正", 1722),
    (r"康熙", 1661),
    (r"順治", 1643),
    (r"檀[紀纪]|[단檀]기|Tan'?gi", -2333),
    (r"皇[紀纪]", -660),
    (r"พ\.?\s?ศ\.?|B\.\s?E\.|佛[曆历]", -543),
)
_NUMERAL = r"(?:元|\d{1,4}|[〇○零一二三四五六七八九十百廿卅]{1,6})"
_OF_ERA = tuple((re.compile(rf"(?:{name})\s*(?P<year>{_NUMERAL})(?![\d-]*-[?\]])"), offset) for name, offset in ERAS)
_BEFORE_REPUBLIC = re.compile(rf"民[國国]?前\s*(?P<year>{_NUMERAL})")
_CORRECTED = re.compile(r"\bi\.?\s?e\.?,?\s*(?P<year>\d{4})(?!\d)")
_YEAR = re.compile(r"(?<![\d])(?P<year>\d{4})(?![\d])")
_HAN_YEAR = re.compile(r"[一二][〇○零一二三四五六七八九]{3}")
_UNKNOWN = re.compile(
    r"\d{1,3}-+\??\]|\d{2}--|(?<!\d)(?:1\d|20)\d[-?]\??(?!\d)|between|entre|zwischen|介於|\bnot (?:before|after)\b",
    re.IGNORECASE,
)
_PRINTING = re.compile(r"[(（\[][^)）\]]*(?:印|刷|print|impr)[^)）\]]*[)）\]]", re.IGNORECASE)
_RANGE = re.compile(r"(?<!\d)(?P<start>\d{4})\]?\s*[-–—~～至]\s*\[?c?(?P<end>\d{4}|\d{2})(?!\d)")
_READ = 300  # characters: a date is a phrase, and searching a hostile one costs the square of its length
_DIGITS = dict(zip("〇○零一二三四五六七八九", "000123456789", strict=True))
_LONE = re.compile(r"[\[(cp. ]*(\d{4})[\]).,; ?]*")


def years_printed(text: str) -> Years:
    """The years in a date as cataloguers write it: ``2004[民93]``, ``昭和54``, ``พ.ศ. 2547``, ``1999-2003``.

    A Western year is believed before the year of an era that stands beside it; ``i.e.`` before both; years of later
    printings in brackets are passed over. Ranges of guesses (``[between 1990 and 1995]``, ``[199-?]``) give nothing.
    """
    text = text[:_READ]
    if text.isascii() and (lone := _LONE.fullmatch(text)):
        return Years(plausible(int(lone.group(1))))
    text = _plain(text)
    if corrected := _CORRECTED.search(text):
        return Years(plausible(int(corrected.group("year"))))
    text = _PRINTING.sub(" ", text) if _PRINTING.sub("", text).strip(" .,;") else text
    if _UNKNOWN.search(text):
        return Years()
    if span := _RANGE.search(text):
        start, end = int(span.group("start")), span.group("end")
        whole = int(end) if len(end) == 4 else start - start % 100 + int(end)
        if plausible(start):
            return Years(start, whole if plausible(whole) and whole > start and len(end) == 4 else None)
    of_era = _year_of_era(text)
    # Where an era is named, four digits right after its name count its own years (พ.ศ. 2547), not ours.
    outside = _without_eras(text)
    western = [year for match in _YEAR.finditer(outside) if (year := plausible(int(match.group("year"))))]
    if western:
        # 1425 [2004]: the first counts years of the Hijra, the bracketed one ours.
        return Years(next((year for year in western if year >= 1450), western[0]))
    if of_era is not None:
        return Years(of_era)
    if han := _HAN_YEAR.search(outside):
        return Years(plausible(int("".join(_DIGITS[digit] for digit in han.group()))))
    return Years()


def years_coded(kind: str, first: str, second: str) -> Years:
    """The years of MARC21 008/06-14: type of date, date 1, date 2. Questionable and unknown dates give nothing."""
    if kind in "qnbu|" and kind:
        return Years(_coded(first)) if kind == "u" else Years()
    start = _coded(first)
    if start is None or kind not in "mcdik":
        return Years(start)
    end = _coded(second)
    return Years(start, end if end is not None and end > start else None)


def years_coded_unimarc(general: str) -> Years:
    """The years of UNIMARC and CMARC 100 $a/8-16: type of publication date, date 1, date 2."""
    kind, first, second = general[8:9], general[9:13], general[13:17]
    if kind in "fu" and kind:
        return Years(_coded(first)) if kind == "f" and _coded(second) == _coded(first) else Years()
    start = _coded(first)
    if start is None or kind not in "abcg":
        return Years(start)
    end = _coded(second)
    return Years(start, end if end is not None and end > start else None)


def plausible(year: int) -> int | None:
    """The year, where something can have been published in it, else None."""
    return year if FIRST_YEAR <= year <= LAST_YEAR else None


def _coded(digits: str) -> int | None:
    return plausible(int(digits)) if len(digits) == 4 and digits.isdecimal() and digits.isascii() else None


def _plain(text: str) -> str:
    if text.isascii():
        return text
    text = unicodedata.normalize("NFKC", text)
    return "".join(str(unicodedata.decimal(char, None) if char.isdecimal() else char) for char in text)


def _year_of_era(text: str) -> int | None:
    if before := _BEFORE_REPUBLIC.search(text):
        return plausible(1912 - number(before.group("year")))
    for era, offset in _OF_ERA:
        if match := era.search(text):
            counted = number(match.group("year"))
            if FIRST_YEAR + 900 <= counted <= LAST_YEAR and offset > 0:
                return counted  # 民國2004: the cataloguer wrote the Western year after the era's name
            return plausible(counted + offset) if counted else None
    return None


def _without_eras(text: str) -> str:
    for era, offset in _OF_ERA:
        if offset < 0:
            text = era.sub(" ", text)
    return text


def number(numeral: str) -> int:
    """The value of Arabic digits or of a Chinese numeral up to 999, positional or not: 九十三, 九三, 一〇二, 元."""
    if numeral.isdecimal():
        return int(numeral)
    if numeral == "元":
        return 1
    numeral = numeral.replace("廿", "二十").replace("卅", "三十")
    if not set(numeral) & set("十百"):
        return int("".join(_DIGITS[digit] for digit in numeral))
    total, digit = 0, 0
    for char in numeral:
        if char in "十百":
            total += max(digit, 1) * (10 if char == "十" else 100)
            digit = 0
        else:
            digit = int(_DIGITS[char])
    return total + digit
