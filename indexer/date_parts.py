"""The parts of a date as printed that are not of this publication: later printings, originals, prefaces."""

from __future__ import annotations

import re
from collections.abc import Callable

YearOf = Callable[[str], int | None]
"""The first year that a part of a date states; None when it states none."""

_PRINTING = re.compile(r"[(（\[][^)）\]]*(?:印|刷|print|impr)[^)）\]]*[)）\]]", re.IGNORECASE)
_PRINTED = re.compile(
    r"\d{2,4}\s*年?(?:[.\s]*\d{1,2}\s*月)?\s*[,，]?\s*"
    r"(?:第?\s*[\d一二三四五六七八九十]+\s*(?:次印刷|次印|刷)|(?:re)?print(?!(?:ing|ed)?[\s:,]*(?:in\s)?\d)|重印|再?印[刷製]?)"
    r"|(?:reprint(?:ed)?|[一二三四五六七八九十\d]+\s*刷)[\s,，:]*(?:民[國国]?\s*)?\d{2,4}",
    re.IGNORECASE,
)
_WORDS_FOR_PRINTING = ("印", "刷", "rint", "impr")

_ANEW = r"[影景]印|[復覆复]刻|珂[羅罗]版|facsim|\bfacs\b|fac-sim|anastat|photoreprint"
_AGAIN = (
    r"[石鉛铅排油翻重]印|[翻重][刊刻雕]|[復复]刊|[重翻複復复][製制]|[復复]印|reprint|\brepr\b|\brpt\b|r[ée]impr|reissue|\bripr|"
    r"ristampa|nachdr|neudr|herdruk|переизд|репринт|영인|복각"
)
_REPRODUCED = re.compile(f"(?P<anew>{_ANEW})|(?:{_AGAIN})", re.IGNORECASE)
"""Words that say that a book reproduces another: ``anew`` those that always make an edition of their own."""
_PART = re.compile(r"[,，;；\[\]()（）〔〕［］]")
_BESIDE = (  # what is reproduced, where the same part of the date names both
    re.compile(rf"[據据依]照?(?P<original>.*?)(?:{_ANEW}|{_AGAIN})", re.IGNORECASE),
    re.compile(rf"^(?P<original>.*?[刊刻抄鈔稿印]本)(?:{_ANEW}|{_AGAIN})", re.IGNORECASE),
    re.compile(rf"(?:{_ANEW}|{_AGAIN})(?P<original>.*(?:[刊刻抄鈔稿印]本|版))", re.IGNORECASE),
    re.compile(
        rf"(?:{_ANEW}|{_AGAIN})\w*\.?\s+(?:ed(?:ition|\.)?\s+)?(?:of|de|du|del|der|des|von)\b(?P<original>.*)",
        re.IGNORECASE,
    ),
)
_EDITION = re.compile(r"版|\bed\b|\bedition|édition|\baufl", re.IGNORECASE)
_SPAN = re.compile(r"\d\s*年?\s*[-–~～至]")
_A_GENERATION = 30
"""Years after which a book is not printed again from the same plates: who reprints it then makes another edition."""
_REPUBLIC = 1912
_LONGEST = 120
"""Characters of a date that names two books; what is longer is not taken apart, which would cost its square."""
_BLANK_FORM = re.compile(
    r"[\W_]{0,9}(?:(?:[民昭平令](?![國国和成])|(?:中華)?民[國国](?=\W*年)|[西公]元)[\W_]{0,9})?(?:年[\W_]{0,9})?(?:月[\W_]{0,9})?日?[\W_]{0,9}"
)

PREFACE = (
    r"[序跋]|前言|弁言|[後后][記记]|[識识]語|\b(?:pref(?:ace)?|foreword|vorw(?:ort)?|nachw(?:ort)?|avant-propos)\b"
)
"""Words for what authors date before or after a book is printed, as a pattern."""
_PREFACE = re.compile(PREFACE, re.IGNORECASE)


def is_blank_form(text: str) -> bool:
    """Whether a date is a form that nobody has filled in: 民., 民國  年  月, [ ]. A reign alone (民國) is none."""
    return len(text) <= 20 and _BLANK_FORM.fullmatch(text) is not None


def without_printings(text: str, year_of: YearOf) -> str:
    """The text without the years of later printings, where another is left."""
    if not any(word in text for word in _WORDS_FOR_PRINTING):
        return text
    for pattern in (_PRINTING, _PRINTED):
        rest = pattern.sub(" ", text)
        if any(char.isdecimal() for char in rest) or year_of(rest) is not None:
            text = rest
    return text


def without_preface(text: str, year_of: YearOf) -> str:
    """The text without the year of a preface, where the book has another: 康熙61年序,雍正3年刊 is of 雍正3年."""
    if not _PREFACE.search(text):
        return text
    parts = _PART.split(text)
    years = {place: year for place, part in enumerate(parts) if (year := year_of(part))}
    of_preface = {place for place in years if _PREFACE.search(parts[place])}
    others = {year for place, year in years.items() if place not in of_preface}
    if not of_preface or not others or others & {years[place] for place in of_preface}:
        return text
    return ",".join(part for place, part in enumerate(parts) if place not in of_preface)


def reproduction(text: str, year_of: YearOf) -> tuple[str, str]:
    """The date of a reproduction (影印, 復刻), and of its original: 光緒30年[民國65年影印] is of 1976, from 1904.

    In whichever order they stand. A word for a mere printing (重印, reprint) makes an edition of its own when the years
    are a generation apart, or the Republic lies between. The original's is "" where the date names no reproduction, or
    no other year than its own.
    """
    if len(text) > _LONGEST or not _REPRODUCED.search(text):
        return text, ""
    parts = _PART.split(text)
    said = {place: found for place, part in enumerate(parts) if (found := _REPRODUCED.search(part))}
    years = {place: year for place, part in enumerate(parts) if (year := year_of(part))}
    for place, word in said.items():
        if (copied := _beside(parts[place])) and (year_of(copied.group("original")) or len(years) < 2):
            others = ",".join((*parts[:place], *parts[place + 1 :]))
            own = f"{parts[place][: copied.start()]},{parts[place][copied.end() :]},{others}"
            original = copied.group("original")
            published, first = year_of(own), year_of(original)
            alike = not word["anew"] and published and first and not _are_apart(text, published, first)
            return (text, "") if alike else (own, original)
    newest = max((place for place in years if place in said), key=years.__getitem__, default=None)
    if len(set(years.values())) < 2:
        if newest is not None and (said[newest]["anew"] or not _has_digit(parts, newest)):
            return parts[newest], ""  # 清光緒間刻本[1970影印]: of the other nothing but the reign is known
        return text, ""
    word = next(iter(said.values())) if newest is None else said[newest]
    newest = max(years, key=years.__getitem__) if newest is None else newest
    oldest = min(years, key=years.__getitem__)
    if word["anew"] or _is_reprint(parts[oldest], years[oldest], years[newest], text):
        return parts[newest], parts[oldest] if oldest != newest else ""
    return text, ""


def _beside(part: str) -> re.Match[str] | None:
    return next(filter(None, (pattern.search(part) for pattern in _BESIDE)), None)


def _has_digit(parts: list[str], besides: int) -> bool:
    return any(char.isdecimal() for place, part in enumerate(parts) if place != besides for char in part)


def _is_reprint(original: str, first: int, published: int, text: str) -> bool:
    stated_edition = first >= _REPUBLIC and _EDITION.search(original)
    return not stated_edition and not _SPAN.search(original) and _are_apart(text, published, first)


def _are_apart(text: str, published: int, first: int) -> bool:
    return published - first >= _A_GENERATION or (first < _REPUBLIC <= published and not text.isascii())
