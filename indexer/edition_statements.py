"""Edition statements: which edition, whether revised, and whether they count printings instead.

A printing (刷, 쇄, cetakan, in lần thứ) is no edition: it explains another year and says nothing about the text. A
bare 再版, 重版 or *tái bản*, and a number so high that nobody edits a book so often (五十版), may be either; such
statements are *weak*: they give no number, and identifiers, extent and words of revision decide.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from indexer.numerals import CHINESE_NUMERAL, PINYIN_NUMERAL, decimal, number, pinyin_number
from indexer.text import fold


class EditionStatement(NamedTuple):
    """What a statement says. ``number`` is None where it gives none that counts editions."""

    number: int | None = None
    revised: bool = False
    printing: bool = False  # names a printing later than the first, so that its year may be the printing's
    weak: bool = False  # may count editions or printings
    counted: int | None = None  # of a weak one: the number, too high to be believed by itself


NOTHING = EditionStatement()

HIGHEST_EDITION = 9
"""Of editions that are only numbered, in Chinese, without a word of revision: higher numbers count printings too."""

_NUMERAL = f"[0-9０-９{CHINESE_NUMERAL}]+"
_PRINTINGS = re.compile(
    rf"(?:第\s*|제\s*)?(?P<cjk>{_NUMERAL}|[初초])\s*(?:刷|次\s*印刷|印刷|次\s*印|印(?!行)|쇄)"
    r"|(?P<ordinal>\d+)(?:st|nd|rd|th) (?:printing|impression)|(?P<counted>\d+) (?:printing|impression)"
    r"|\b(?:cet(?:akan)?|cet\.)\.?\s*(?:ke[- ]?)?(?P<indonesian>\d+|[a-z]+)\b"
    r"|\bin lan thu (?P<vietnamese>\d+|[a-z]+)\b"
    rf"|\bdi (?P<pinyin>\d+) (?:ci yin )?shua\b|\bdai (?P<japanese>\d+)-?\s?satsu\b"
)
_REVISED = re.compile(
    r"修[訂订]|增[訂订補补修]|改[訂订版]|新[訂订版修]|重修|校[訂订]|[補补][訂订]|修正|개정|증보|수정|신수"
    r"|\brev|\benl|\bexpan|\baugm|\bcorr|aufl.*(?:bearb|erw)"
    r"|\b(?:zeng|xiu|chong xiu|bu|gai) ?(?:ding|bu|xiu)\b|\b(?:tseng|hsiu) ting\b"
    r"|\b(?:zengding|xiuding|buding|kaitei|zoho|shintei|kaejong|chungbo)"
    r"|co (?:sua chua|bo sung|chinh ly)|direvisi|revisi|ปรับปรุง|แก้ไข|\bkaekhai|\bprapprung"
)
_WEAK = re.compile(
    r"再版|重版|\bzai ban\b|\bsaihan\b|재판|\btai ban\b|พิมพ์ครั้งที่|\bphim khrang thi\b"
    r"|第\s*[0-9一二三四五六七八九十]+\s*次\s*版"
)
_OF_TAIWAN = re.compile(r"[臺台]\s*(?=[初一二三四五六七八九十0-9])")
_CJK = re.compile(rf"(?:第\s*|제\s*)?(?P<number>{_NUMERAL}|[初초])\s*(?:版|판)")
_PINYIN = re.compile(rf"\b(?:di |ti )?(?P<number>\d+|(?P<first>chu)|(?:(?:{PINYIN_NUMERAL}) ?){{1,3}}?) ?(?:ban|pan)\b")
_PINYIN_SYLLABLE = re.compile(PINYIN_NUMERAL)
_JAPANESE = re.compile(r"\b(?:dai (?P<number>\d+)-?\s?(?:han|pan)|(?P<first>shohan|chopan))\b")
_KOREAN = re.compile(r"\b(?:che ?)?(?P<number>\d+)[ -]?(?:p'?an|pan)\b")
_INDONESIAN = {"pertama": 1, "kedua": 2, "ketiga": 3, "keempat": 4, "kelima": 5, "keenam": 6, "ketujuh": 7}
_ORDINAL_END = re.compile(r"(?<=\d)(?:st|nd|rd|th|d|e|a|o)\b")
_WORD = re.compile(rf"\d+|[{CHINESE_NUMERAL}]+|[^\W\d_]+")
_READ = 400  # characters: a statement is a line, and searching a hostile one costs the square of its length
_FIRST = frozenset({"1", "一", "初", "초", "pertama"})


@lru_cache(maxsize=8192)
def edition_statement(text: str) -> EditionStatement:
    """What an edition statement says, in any of the catalogues' languages and romanisations."""
    if not text:
        return NOTHING
    folded = fold(text[:_READ])
    printings = [next(filter(None, match.groups())) for match in _PRINTINGS.finditer(folded)]
    printing = any(numeral not in _FIRST for numeral in printings)
    rest = _OF_TAIWAN.sub("", _PRINTINGS.sub(" ", folded))
    revised = _REVISED.search(rest) is not None
    if _WEAK.search(rest):
        return EditionStatement(None, revised, printing, weak=not revised)
    stated = _cjk_number(rest)
    if stated is None:
        return EditionStatement(_number_in_words(rest), revised, printing)
    if stated > HIGHEST_EDITION and not revised:
        return EditionStatement(None, revised, printing, weak=True, counted=stated)
    return EditionStatement(stated, revised, printing)


def _cjk_number(text: str) -> int | None:
    match = _CJK.search(text)
    if match is not None:
        return 1 if match["number"] in "初초" else number(match["number"])
    match = _PINYIN.search(text)
    if match is not None and (match["first"] or match["number"].isdecimal()):
        return 1 if match["first"] else decimal(match["number"])
    if match is not None and (stated := pinyin_number(_PINYIN_SYLLABLE.findall(match["number"]))) is not None:
        return stated
    match = _JAPANESE.search(text)
    if match is not None:
        return 1 if match["first"] else decimal(match["number"])
    match = _KOREAN.search(text)
    return decimal(match["number"]) if match is not None else None


def _number_in_words(text: str) -> int | None:
    """The first number of a statement in a European language or Indonesian; a year is none."""
    for word in _WORD.findall(_ORDINAL_END.sub(" ", text)):
        value = _INDONESIAN.get(word) or (number(word) if len(word) > 1 or word.isdecimal() else None)
        if value is not None and value < 1000:
            return value
    return None
