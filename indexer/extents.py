"""How long and how many: pages and volumes from an extent as printed (300 $a, 215 $a)."""

from __future__ import annotations

import re
import unicodedata

from indexer.remembered import remembered

_NUMBERS = r"(?P<numbers>\d{1,5}(?:[\s,，、;+及和\[\]()]+\d{1,5})*)[\])]*"
_PAGES = re.compile(
    rf"{_NUMBERS}\s*(?:p\b|pp\b|pages?\b|pgs?\b|面|頁|页|ページ|페이지|쪽|면|p\.|tr\b|trang\b|หน้า|น\.|hlm\b|hal\b|halaman\b|"
    r"mukasurat\b|m/s\b|S\b|Seiten\b|s\b|sid\b|str\b|с\b|стр\b|páginas?\b|pág\b|ﺹ|ص)",
)
_ALONE = re.compile(r"(?P<number>[0-9]{1,4})\s?(?:p\.|pages|面|頁|页)\s?[:;]?")
"""What most extents are: one number of pages and nothing else."""
_CJK_PAGES = "面頁页ペ페쪽면"
_GROUPED = re.compile(r"(?<![\d,.])(?P<before>\d)(?P<mark>[,，.])(?P<after>\d{3})(?![\d,])(?=[\])]*\s*(?P<unit>\S))")
_LEAVES = re.compile(rf"{_NUMBERS}\s*(?:leaves|leaf|葉|叶|丁|l\b|ℓ|ff?\b|feuillets|Bl\b|tờ\b|ใบ|장|lembar\b)")
_VOLUMES = re.compile(
    r"(?P<number>\d{1,4}|[一二三四五六七八九十]{1,3})\s*(?:v\b|vols?\b|volumes?\b|冊|册|卷|巻|권|책|tập\b|quyển\b|cuốn\b|"
    r"jilid\b|เล่ม|Bde?\b|Bände\b|t\b|tomes?\b|tomos?\b|т\b)",
    re.IGNORECASE,
)
_HAN_DIGITS = {digit: value for value, digit in enumerate("一二三四五六七八九", 1)}
_MOST_PAGES = 20_000
_READ = 400  # characters: an extent is a line, and searching a hostile one costs the square of its length


@remembered
def pages(text: str) -> int | None:
    """The main page number: the largest Arabic number of a run that ends in a word for page, else for leaf.

    ``xii, 354 p.`` is 354. A comma before three digits is read by what surrounds it, see `_ungrouped`. None where
    nothing is counted.
    """
    if alone := _ALONE.fullmatch(text):
        return int(alone["number"]) or None
    text = _ungrouped(_plain(text))
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


def _ungrouped(text: str) -> str:
    """The text without the commas and points that group thousands, those between sequences of pages left.

    In ``5,357面`` five preliminary pages precede 357: Chinese, Japanese and Korean rules part sequences with a comma
    and group no thousands. So do those of the West, but with a blank after the comma (73 of 73 in the real records at
    hand), so that ``1,230 p.`` is 1,230 and ``1.230 S.`` too. Where no sequence can begin with 0 (``1,045面``) or the
    pages are those of several volumes (``3冊(1,230面)``), it is thousands in every language.
    """
    if "," not in text and "." not in text:
        return text
    several = (volumes(text) or 1) > 1

    def joined(match: re.Match[str]) -> str:
        before, mark, after, unit = match.group("before", "mark", "after", "unit")
        thousands = unit not in _CJK_PAGES or (mark == "," and (after[0] == "0" or several))
        return before + after if thousands and before != "0" else match.group()

    return _GROUPED.sub(joined, text)


@remembered
def volumes(text: str) -> int | None:
    """How many physical volumes an extent states: ``3 v.``, ``全2冊``, ``三冊``, ``1 volume``; else None.

    ``v. 1-3`` counts nothing: it says which are held.
    """
    match = _VOLUMES.search(_plain(text)) if not _ALONE.fullmatch(text) else None
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


_HEIGHT = re.compile(r"(\d{2})(?:\s?(?:1/2|½)|[.,](5))?\s*(?:[x×]\s*\d+[\d\s/½.,]*)?\s*(?:cm|公分|センチ|㎝)")
_ROMAN_PAGES = re.compile(r"(?<![\w.])([ivxlc]+)(?![\w.])")


@remembered
def height(extent: str) -> float | None:
    """Centimetres that a book is high, as stated; None when it is not."""
    match = _HEIGHT.search(extent, 0, _READ)
    return float(match[1]) if match else None


@remembered
def preliminaries(extent: str) -> tuple[str, ...]:
    """Roman numbers of pages, in order."""
    return tuple(_ROMAN_PAGES.findall(extent[:_READ].partition(";")[0].partition(":")[0]))
