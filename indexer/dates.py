"""Years of publication in the Common Era, from coded fields and from dates as printed. What is not known stays None."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import lru_cache
from typing import NamedTuple

from indexer.date_parts import PREFACE, reproduction, without_preface, without_printings
from indexer.eras import ERAS, SEXAGENARY, Era, hijri_year, in_common_era, sexagenary_year
from indexer.numerals import roman_number

FIRST_YEAR = 1000
"""What a year of publication can be at least. Before it a number is a page, a price, or a year of another era."""
_PAST_YEAR = 2026
"""Until here nobody has to look at a calendar to know that a year can have been."""


class Years(NamedTuple):
    """When publication began, and when it ended where that is later and stated. None: not known.

    ``questionable``: the year is given with a doubt (``[1990?]``, ``ca. 1850``, ``2003 or 2004``).
    """

    start: int | None = None
    end: int | None = None
    questionable: bool = False


_NUMERAL = r"(?:元|\d{1,4}|[〇○零一二三四五六七八九十百廿卅]{1,6})"
_ANY_ERA = "|".join(f"(?:{era.names})" for era in ERAS)
_EACH_ERA = tuple((re.compile(era.names), era) for era in ERAS)
_OF_ERA = re.compile(
    rf"(?:(?<![A-Za-z])|(?=[^\x00-\x7f]))(?P<era>{_ANY_ERA})[\s.·‧・]{{0,3}}(?P<year>{_NUMERAL}|{SEXAGENARY})(?![\d-]*-[?\]]|[Xx×])"
    rf"(?:\s*(?:[.年]\s*\d{{1,2}}\s*月?)?年?\s*[-–—~～至]\s*(?P<end_era>{_ANY_ERA})?\s*(?P<end>{_NUMERAL})(?!\d))?"
)
_BEFORE_REPUBLIC = re.compile(rf"民[國国]?[.·‧・]?前\s*(?P<year>{_NUMERAL})")
_CORRECTED = re.compile(r"\bi\.?\s?e\.?,?\s*(?P<year>\d{4})(?!\d)")
_YEAR = re.compile(r"(?<![\d])(?P<year>\d{4})(?![\d])")
_HAN_YEAR = re.compile(r"[一二][〇○零0O一二三四五六七八九]{3}(?![\dA-Za-z])")
_ROMAN_YEAR = re.compile(r"(?<![A-Za-z])M[MDCLXVI. ]{3,}(?![A-Za-z])")
_DAY = re.compile(r"(?P<year>(?:1[5-9]|20)\d\d)(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")
_UNKNOWN = re.compile(
    r"\d{1,3}-+\??\]|\d{2}--|(?<!\d)(?:1\d|20)\d[-?]\??(?!\d)|between|entre|zwischen|介於|\b(?:before|after|nach|avant|apr[èe]s)\b"
    r"|\d[年\s]*(?:以|之)[前後后]|\d0'?s\b|年代|世[紀纪]"
    r"|民[國国]?\s?\d(?:-\??\]|-?\?)|\d{4}\s*[間间]|年[間间]|[緒緖绪統统治豐丰光慶庆隆正熙]\s?[間间]",
    re.IGNORECASE,
)
_WHOLE_PERIOD = re.compile(
    r"(?:民[國国]|[清明元宋唐]|[期初末葉叶])[代朝間间]*\s*[\[(（〔]\s*\d{4}\s*[-–—~～至]\s*\d{4}"
    r"|[\[(（〔]\s*(?:民[國国]|清)?\s*(?:191[12]\s*[-–—~～至]\s*1949|1644\s*[-–—~～至]\s*191[12])(?!\d)"
)
"""A period with its years, in which a book came out some time: 民國[1912-1949]."""
_BLANKS_WITHIN = re.compile(
    r"(?<=[民中華])\s+(?=[華民國国])|(?<=[國国正治成和令])\s+(?=[〇○零一二三四五六七八九十百廿卅元\s]{1,12}年)"
    r"|(?<=[〇○零一二三四五六七八九十百廿卅])\s+(?=[〇○零一二三四五六七八九十百廿卅\s]{0,9}年)"
)
"""Blanks that stand between the characters of one year: 民國 九 十 三 年."""
_ERA_BESIDE = re.compile(rf"(?<=\d{{4}})\s*[(\[（]\s*(?:{_ANY_ERA})[^)\]）]*[)\]）]")
_RANGE = re.compile(
    r"(?<!\d)(?P<start>\d{4})(?:[.年/]\s*\d{1,2}月?)?[\]年]?\s*[-–—~～至]\s*\[?c?(?P<end>\d{4}|\d{2})(?!\d)"
)
_DOUBT = re.compile(
    r"\d\s?\]?\s?\?|\b(?:ca|circa|approximately|about|probably|vers|um|or|oder|ou|perhaps)\b|\bc\.\s?(?=\d{4})|約|约|大概|或|[頃顷]|前後|左右|可能|疑"
    rf"|{PREFACE}",
    re.IGNORECASE,
)
_COPYRIGHT = re.compile(
    r"(?:©|℗|(?<![A-Za-z])(?:[cp]|(?i:cop|copr|copyright|phonogram)\.?)|版[權权])\s*"
    rf"(?P<year>\d{{4}}(?!\d)|(?:{_ANY_ERA})[\s.·‧・]{{0,3}}{_NUMERAL})"
    rf"|(?P<said>\d{{4}}|(?:{_ANY_ERA})[\s.·‧・]{{0,3}}{_NUMERAL})\s*年?\s*版[權权](?![頁页所])"
)
_LATE = 1450
"""Four digits below it may count the years of the Hijra, or anything."""
_READ = 300  # characters: a date is a phrase, and searching a hostile one costs the square of its length
_DIGITS = dict(zip("〇○零0O一二三四五六七八九", "00000123456789", strict=True))
_LONE = re.compile(r"[\[( ]*[cp]?(\d{4})[\]).,; ]*")


def years_printed(text: str) -> Years:
    """The years in a date as cataloguers write it: ``2004[民93]``, ``昭和54``, ``พ.ศ. 2547``, ``1999-2003``.

    A Western year is believed before the year of an era that stands beside it; ``i.e.`` before both; years of later
    printings in brackets are passed over. Ranges of guesses (``[between 1990 and 1995]``, ``[199-?]``) give nothing.
    Of a year of the Hijra, which lies in two of ours, the first is given, as questionable.
    """
    return _years_printed(text[:_READ])


@lru_cache(maxsize=8192)  # the same dates stand in record after record
def _years_printed(text: str) -> Years:
    if text.isascii() and (lone := _LONE.fullmatch(text)):
        return Years(plausible(int(lone.group(1))))
    if day := _DAY.fullmatch(text.strip()):
        return Years(plausible(int(day.group("year"))))
    text = _own_and_original(_plain(_BLANKS_WITHIN.sub("", text) if " " in text else text))[0]
    found = _years(text)
    return found._replace(questionable=True) if found.start is not None and _DOUBT.search(text) else found


def _own_and_original(text: str) -> tuple[str, str]:
    """What a date says of this publication, and of what it reproduces; "" for nothing."""
    if _CORRECTED.search(text):
        return text, ""
    own, original = reproduction(text, _year_of_part)
    return without_preface(own, _year_of_part), original


def _years(text: str) -> Years:
    if corrected := _CORRECTED.search(text):
        return Years(plausible(int(corrected.group("year"))))
    text = without_printings(text, _year_of_part)
    if _UNKNOWN.search(text) or _WHOLE_PERIOD.search(text):
        return Years()
    for span in _RANGE.finditer(_ERA_BESIDE.sub("", text)):
        if found := _years_of_range(span):
            return found
    if _COPYRIGHT.search(text):
        published = _in_some_calendar(_COPYRIGHT.sub(" ", text))
        if published.start is not None and published.start >= _LATE:
            return published  # 民93, ©2003: a year of another calendar is one too
    return _in_some_calendar(text)


def _year_of_part(text: str) -> int | None:
    return None if _COPYRIGHT.search(text) or _UNKNOWN.search(text) else _in_some_calendar(text).start


def _years_of_range(span: re.Match[str]) -> Years | None:
    start, end = int(span.group("start")), span.group("end")
    if not plausible(start):
        return None
    later = int(end) if len(end) == 4 else 0  # 2004-05 may be a month
    before, behind = span.string[: span.start()], span.string[span.end("end") :]
    if start < _LATE and (begins := hijri_year(f"{before}{start}{behind}")):
        ends = hijri_year(f"{before}{later}{behind}") if later > start else None
        return Years(plausible(begins), plausible(ends) if ends else None, questionable=True)
    return Years(start, plausible(later) if later > start else None)


def _in_some_calendar(text: str) -> Years:
    of_era = _years_of_era(text)
    # Where an era is named, four digits right after its name count its own years (พ.ศ. 2547), not ours.
    outside = text if of_era is None else _without_eras(text)
    western = [year for match in _YEAR.finditer(outside) if (year := plausible(int(match.group("year"))))]
    late = next((year for year in western if year >= _LATE), None)
    if late is None and (hijri := hijri_year(text)):
        return Years(plausible(hijri), None, questionable=True)
    if western:
        # 1425 [2004]: the first counts years of the Hijra, the bracketed one ours.
        return Years(late or western[0])
    if of_era is not None:
        return of_era
    if han := _HAN_YEAR.search(outside):
        return Years(plausible(int("".join(_DIGITS[digit] for digit in han.group()))))
    roman = _ROMAN_YEAR.search(text)
    return Years(plausible(roman_number(re.sub(r"[. ]", "", roman.group()).lower()) or 0)) if roman else Years()


def original_printed(text: str) -> int | None:
    """The year of what a reprint reproduces, in a date as printed: 清光緒三十年刊, 民國65年影印; None: not stated."""
    own, original = _own_and_original(_plain(text[:_READ]))
    stated = years_printed(original).start if original else None
    if stated is None or (stated < _LATE and _YEAR.search(original)):
        return None  # 1425 [2004影印]: one year in two calendars
    return stated if stated < (years_printed(own).start or _PAST_YEAR) else None


def over_time(imprints: Iterable[Years]) -> Years:
    """The years of what one publisher after the other brought out: from the first of the earliest to the last's end."""
    known = [years for years in imprints if years.start is not None]
    if not known:
        return Years()
    earliest = min(known, key=lambda years: years.start or 0)
    return earliest._replace(end=max(known, key=lambda years: years.start or 0).end)


def copyright_printed(text: str) -> int | None:
    """The year of copyright in a date as printed: ``c2004``, ``©民93``, ``cop. 2004``, of sound ``p2004`` too."""
    return _copyright_printed(text[:_READ])


@lru_cache(maxsize=8192)
def _copyright_printed(text: str) -> int | None:
    match = _COPYRIGHT.search(_plain(text))
    return years_printed(match.group("year") or match.group("said")).start if match else None


def years_coded(kind: str, first: str, second: str) -> Years:
    """The years of MARC21 008/06-14: type of date, date 1, date 2. Unknown dates give nothing, nor does a span of
    questionable ones; one year given as questionable is."""
    if kind == "q":
        start = _coded(first)
        return Years(start, None, questionable=True) if start is not None and second == first else Years()
    if kind in "nbu|" and kind:
        return Years(_coded(first)) if kind == "u" else Years()
    start = _coded(first)
    if start is None or kind not in "mcdik":
        return Years(start)
    end = _coded(second)
    return Years(start, end if end is not None and end > start else None)


def years_coded_unimarc(general: str) -> Years:
    """The years of UNIMARC and CMARC 100 $a/8-16: type of publication date, date 1, date 2."""
    kind, first, second = general[8:9], general[9:13], general[13:17]
    start = _coded(first)
    if kind == "f":
        return Years(start, None, questionable=True) if start is not None and second == first else Years()
    if kind == "u":
        return Years()
    if start is None or kind not in "abcg":
        return Years(start)
    end = _coded(second)
    return Years(start, end if end is not None and end > start else None)


def second_coded(kinds: str, kind: str, digits: str) -> int | None:
    """Date 2 of a coded field, where the type of date is one of those that make it what is sought; else None."""
    return _coded(digits) if kind and kind in kinds else None


def plausible(year: int) -> int | None:
    """The year, where something can have been published in it, else None: next year is the last, books come early."""
    if FIRST_YEAR <= year <= _PAST_YEAR:
        return year
    return year if _PAST_YEAR < year <= datetime.now(UTC).year + 1 else None


def _coded(digits: str) -> int | None:
    return plausible(int(digits)) if len(digits) == 4 and digits.isdecimal() and digits.isascii() else None


def _plain(text: str) -> str:
    if text.isascii():
        return text
    text = unicodedata.normalize("NFKC", text)
    return "".join(str(unicodedata.decimal(char, None) if char.isdecimal() else char) for char in text)


def _years_of_era(text: str) -> Years | None:
    if before := _BEFORE_REPUBLIC.search(text):
        return Years(plausible(1912 - number(before.group("year"))))
    for match in _OF_ERA.finditer(text):
        era = _era(match)
        if year := _year_of(era, match.group("year")):
            ends_in = _era(match, "end_era") if match.group("end_era") else era
            end = _year_of(ends_in, match.group("end")) if match.group("end") else None
            return Years(year, end if end is not None and end > year else None)
    return None


def _year_of(era: Era, numeral: str) -> int | None:
    if len(numeral) == 2 and numeral[0] in "甲乙丙丁戊己庚辛壬癸":
        return sexagenary_year(era, numeral)
    counted = number(numeral)
    if counted > 1900 and era.offset > 0:
        return plausible(counted)  # 民國2004: the cataloguer wrote the Western year after the era's name
    found = in_common_era(era, counted)
    return plausible(found) if found is not None else None


def _era(match: re.Match[str], group: str = "era") -> Era:
    # In its place: what follows a name of two letters is part of how it is told from a word.
    return next(era for pattern, era in _EACH_ERA if pattern.match(match.string, match.start(group)))


def _without_eras(text: str) -> str:
    return _OF_ERA.sub(lambda match: " " if _era(match).offset < 0 else match.group(), text)


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
