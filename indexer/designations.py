"""Designations of parts: which volume, issue or year a record is of, in a field of its own or at the end of a title.

Numbers come out as decimal digits, 上中下 as they are, years of any era as ours: 第二冊, *Di 2 ce* and *tập II* are all
("2",), 民國99年版 is ("2010",).
"""

from __future__ import annotations

import re
from itertools import takewhile

from indexer.dates import years_printed
from indexer.numerals import CARDINALS, CHINESE_NUMERAL, is_pinyin_number, number, pinyin_number
from indexer.text import fold, has_cjk
from indexer.variants import fold_variants

_UNITS = "冊册卷集輯辑部篇編编券巻卷期回屆届本"
_NUMERAL = f"[0-9０-９{CHINESE_NUMERAL}]+"
_GRADE = f"(?:{_NUMERAL}(?:年[级級])?)"
_HAN = "\u3400-\u9fff"
_ERA = "(?:中[華华])?民[國国]|平成|令和|昭和"
_WHOLE_AT_END = re.compile(rf"[\s(（\[〔,，、:：;.]*全\s*(?:{_NUMERAL})?\s*[{_UNITS}][)）\]〕]*$")
"""全3冊: that it is the whole set, which the extent says too."""

_PART_AT_END = re.compile(
    rf"(?:[\s(（\[〔,，、:：;.]+(?P<bare>{_GRADE}?[上中下]|{_NUMERAL}|[0-9０-９]{{1,4}}年)"
    rf"|[\s(（\[〔,，、:：;.]*(?P<counted>(?:第\s*{_NUMERAL}|[上中下])\s*[{_UNITS}]"
    rf"|第\s*{_NUMERAL}|[{_UNITS}]\s*{_NUMERAL}|(?:{_NUMERAL}|首)部曲"
    rf"|(?:{_ERA})\s*{_NUMERAL}\s*年(?:度?版|度)?|{_NUMERAL}\s*(?:年(?:度?版|度)|년판)"
    rf"|(?<=[{_HAN}])(?:[0-9０-９]{{1,3}}|[IVX]{{1,4}}|[Ⅰ-Ⅻ]|(?:vol|book|part|no)\b\.?\s*(?:\d+|[ivx]+)))"
    rf"|\b(?:vol|v|book|part|no)(?:\b\.?|(?=\d))\s*(?P<latin>\d+|[ivx]+))"
    r"[)）\]〕]*$",
    re.IGNORECASE,
)
_LATIN_PART_AT_END = re.compile(
    rf"[\s,;:.(\[]+(?:(?:v(?:ol(?:ume)?)?|pt|part|bd|band|t(?:ome)?|bk|book|no|jil(?:id)?)(?:\b\.?|(?=\d))|tập|quyển|cuốn"
    rf"|(?:เล่ม|ตอน)(?:ที่)?)\s*(?P<number>\d+|[ivxlc]+|(?:{'|'.join(CARDINALS)})\b)\W*$",
    re.IGNORECASE,
)
_YEAR_AT_END = re.compile(r"\s+[(\[]?(?P<year>\d{4})[)\]]?$")
"""รายงานประจำปี 2545: a year behind a title in letters that are not Latin. In Latin ones it is as often of the title."""

_SESSION_AT_START = re.compile(rf"(?P<number>第\s*{_NUMERAL}\s*[屆届])(?=[{_HAN}]{{4}})")
"""第十屆漢學會議論文集: which session a volume is of."""

_END = 200  # characters in which a part's number stands: looking for it in all of a hostile title costs its square
_LATIN_LETTER = re.compile("[A-Za-z]")
WORD = re.compile(rf"\d+|[{CHINESE_NUMERAL}]+|[^\W\d_]+")


def without_part(proper: str) -> tuple[str, tuple[str, ...]]:
    """A title proper without the part's number that cataloguers append to it, and that number."""
    if (whole := _WHOLE_AT_END.search(proper, max(len(proper) - _END, 0))) is not None and whole.start():
        proper = proper[: whole.start()].rstrip()
    pattern = _LATIN_PART_AT_END if proper.isascii() or not has_cjk(proper) else _PART_AT_END
    match = pattern.search(proper, max(len(proper) - _END, 0))
    if match is None and not _LATIN_LETTER.search(proper) and not has_cjk(proper):
        match = _YEAR_AT_END.search(proper, max(len(proper) - _END, 0))
    if match is None and (session := _SESSION_AT_START.match(proper)) is not None:
        return proper[session.end() :].lstrip(), part_numbers(session["number"])
    if match is None or match.start() == 0:
        return proper, ()
    found = next(text for text in match.groups() if text)
    return proper[: match.start()].rstrip(), part_numbers(found)


_THIRDS = dict.fromkeys(("上", "shang", "jo"), "上") | dict.fromkeys(("中", "zhong", "chung", "chu"), "中")
_THIRDS |= dict.fromkeys(("下", "xia", "hsia", "ge"), "下")


_IS_OF_ERA = re.compile(rf"(?:{_ERA}|[Hh]eisei|[Ss]h[oō]wa|[Rr]eiwa|[Mm]inguo)[\s-]*(?:\d|{_NUMERAL}|元)")
_ORDINAL_SIGNS = frozenset({"di", "ti", "dai", "che"})
"""第 in Latin letters: what follows is the number, and *di* no Roman one."""

_TERM = re.compile("年[级級]|[学學]期")
"""三年級上學期 is 三上."""

_FIRST_YEAR = 1000


def part_numbers(text: str) -> tuple[str, ...]:
    """The numbers of a part designation: ``v. 2, pt. 1`` is ("2", "1"), ``上冊`` ("上",); its words if it has none.

    Where an issue is numbered its year is left out: 第58回(2009) and 第58回 are one.
    """
    if _IS_OF_ERA.search(text) and (year := years_printed(text).start) is not None:
        return (str(year),)
    words = WORD.findall(_TERM.sub(" ", fold(text)))
    numbers: list[str] = []
    for place, word in enumerate(words):
        bare = word.strip(_UNITS + "第曲").replace("首", "一")
        if word.isascii() and place + 1 < len(words) and (word == "v" or word in _ORDINAL_SIGNS):
            continue  # "v." is a volume, no five
        if bare in _THIRDS and (place == 0 or not bare.isascii()):
            numbers.append(_THIRDS[bare])
        elif place and words[place - 1] in _ORDINAL_SIGNS and (spelt := pinyin_number(_spelt_number(words[place:]))):
            return (*numbers, str(spelt))
        elif bare and (value := number(bare) or CARDINALS.get(bare)) is not None:
            numbers.append(str(value))
    if len(numbers) > 1:
        numbers = [one for one in numbers if not (one.isdecimal() and int(one) >= _FIRST_YEAR)] or numbers
    if numbers:
        return tuple(numbers)
    return (fold_variants("".join(words)),) if words else ()


def _spelt_number(words: list[str]) -> list[str]:
    """The words a number in Pinyin begins with: *shi yi* of *shi yi ce*."""
    return list(takewhile(is_pinyin_number, words))


_PLACES = {"上": frozenset({"1"}), "中": frozenset({"2"}), "下": frozenset({"2", "3"})}
_REPUBLIC = 1911
_YEARS_OF_THE_REPUBLIC = range(38, 140)


def part_alone(text: str) -> tuple[str, ...]:
    """The numbers of a text that is nothing but a part's designation, as (上) where a subtitle stands; else none."""
    before = "x" if text.isascii() else "書"
    rest, numbers = without_part(f"{before} {text}") if len(text) <= _LONGEST_ALONE else ("", ())
    return numbers if rest == before and "部曲" not in text else ()  # 三部曲 is the whole of three


_LONGEST_ALONE = 12


def correspond(parts: tuple[str, ...], others: tuple[str, ...]) -> bool:
    """Whether unlike designations may be of one part: 上 is the first of two or three, 102年 is 2013."""
    return len(parts) == len(others) and all(map(_may_be_one, parts, others))


def _may_be_one(part: str, other: str) -> bool:
    if part == other or other in _PLACES.get(part, ()) or part in _PLACES.get(other, ()):
        return True
    if not (part.isdecimal() and other.isdecimal()):
        return False
    smaller, larger = sorted((int(part), int(other)))
    return smaller in _YEARS_OF_THE_REPUBLIC and larger - smaller == _REPUBLIC
