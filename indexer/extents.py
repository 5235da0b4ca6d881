"""How long and how many: pages and volumes from an extent as printed (300 $a, 215 $a)."""

from __future__ import annotations

import re
import unicodedata

_NUMBERS = r"(?P<numbers>\d{1,5}(?:[\s,，、;+及和\[\]()]+\d{1,5})*)[\])]*"
_PAGES = re.compile(
    rf"{_NUMBERS}\s*(?:p\b|pp\b|pages?\b|pgs?\b|面|頁|页|ページ|페이지|쪽|면|p\.|tr\b|trang\b|หน้า|น\.|hlm\b|hal\b|halaman\b|"
    r"mukasurat\b|m/s\b|S\b|Seiten\b|s\b|sid\b|str\b|с\b|стр\b|páginas?\b|pág\b|ﺹ|ص)",
)
_LEAVES = re.compile(rf"{_NUMBERS}\s*(?:leaves|leaf|葉|叶|丁|l\b|ℓ|ff?\b|feuillets|Bl\b|tờ\b|ใบ|장|lembar\b)")
_VOLUMES = re.compile(
    r"(?P<number>\d{1,4}|[一二三四五六七八九十]{1,3})\s*(?:v\b|vols?\b|volumes?\b|冊|册|卷|巻|권|책|tập\b|quyển\b|cuốn\b|"
    r"jilid\b|เล่ม|Bde?\b|Bände\b|t\b|tomes?\b|tomos?\b|т\b)",
    re.IGNORECASE,
)
_HAN_DIGITS = {digit: value for value, digit in enumerate("一二三四五六七八九", 1)}
_MOST_PAGES = 20_000
_READ = 400  # characters: an extent is a line, and searching a hostile one costs the square of its length


def pages(text: str) -> int | None:
    """The main page number: the largest Arabic number of a run that ends in a word for page, else for leaf.

    ``xii, 354 p.`` is 354, ``5,357面`` is 357 (five preliminary pages, not thousands). None where nothing is counted.
    """
    text = _plain(text)
    for unit in (_PAGES, _LEAVES):
        counted = [
            number
            for match in unit.finditer(text)
            for digits in re.findall(r"\d+", match.group("numbers"))
            if 0 < (number := int(digits)) <= _MOST_PAGES
        ]
        if counted:
            return max(counted)
    return None


def volumes(text: str) -> int | None:
    """How many physical volumes an extent states: ``3 v.``, ``全2冊``, ``三冊``, ``1 volume``; else None.

    ``v. 1-3`` counts nothing: it says which are held.
    """
    match = _VOLUMES.search(_plain(text))
    if match is None:
        return None
    digits = match.group("number")
    if digits.isdecimal():
        return int(digits) or None
    tens, ten, ones = digits.rpartition("十")
    return (_HAN_DIGITS.get(tens, 1) * 10 if ten else 0) + _HAN_DIGITS.get(ones, 0) or None


def _plain(text: str) -> str:
    text = text[:_READ]
    return text if text.isascii() else unicodedata.normalize("NFKC", text)
