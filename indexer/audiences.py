"""For which readers a thing is meant: codes of ``mappings/tables/audiences.toml`` from codes and from words."""

from __future__ import annotations

import re
from collections.abc import Iterable

from mappings.table import load_table

_TABLE = load_table("audiences")
_MARC21, _UNIMARC, _WORDS = (_TABLE.sources[name] for name in ("marc21", "unimarc", "words"))
_AGES = re.compile(
    r"(?<!\d)0?(?P<first>\d{1,2})\s*[歲岁]?(?:\s*(?:[-–~～至]|to)\s*0?(?P<last>\d{1,2}))?"
    r"\s*(?P<up>[歲岁]?以上|\+|and up|years and up)?"
)
_OF_AGE = re.compile(r"[歲岁]|\bages?\b|\byears?\b|\byrs?\b|年齡", re.IGNORECASE)
_BANDS = ((0, 5, "preschool"), (6, 8, "primary"), (9, 13, "children"), (14, 17, "teens"), (18, 99, "adults"))
_BETWEEN = re.compile(r"[;；、,，/]|\band\b|[及與与和]")
_READ = 200  # characters of a note: what it is for stands at its beginning


def coded_marc21(codes: Iterable[str]) -> list[str]:
    """Audiences of MARC21's codes (008/22, 006/05); not coded and unknown give none."""
    return [audience for code in codes if (audience := _MARC21.get(code))]


def coded_unimarc(codes: str) -> list[str]:
    """Audiences of UNIMARC's and CMARC's codes (100 $a/17-19)."""
    return [audience for code in codes if (audience := _UNIMARC.get(code))]


def in_words(text: str) -> list[str]:
    """Audiences a note names, by ages (``適讀年齡: 4-8歲``) or else by its words.

    Ages name every band they touch, but not one in whose last year they begin and which they leave behind.
    """
    text = text[:_READ].lower()
    if _OF_AGE.search(text) and (ages := _AGES.search(text)):
        first = int(ages.group("first"))
        last = int(ages.group("last") or (99 if ages.group("up") else first))
        begun = last - first >= 2  # 13-17 is for teens, though 13 is the last year of the band before
        return [band for low, high, band in _BANDS if low <= last and (first < high if begun else first <= high)]
    found = (next((code for word, code in _WORDS.items() if word in part), "") for part in _BETWEEN.split(text))
    return list(dict.fromkeys(filter(None, found)))
