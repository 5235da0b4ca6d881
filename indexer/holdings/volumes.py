"""Volumes (部冊) as libraries write them, in an order: v.2, 第2冊, 上, 12:3, 第十二卷第三期."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from indexer.numerals import CHINESE_NUMERAL, chinese_number, roman_number

MAX_LENGTH = 200
"""Longer texts name no volume; they are kept in the order of their letters."""


class Step(NamedTuple):
    """One step of an order: numbers first, then words; of equal numbers those that name a single issue first."""

    rank: int
    number: int
    word: str


VolumeKey = tuple[Step, ...]
"""Sorts volumes as they stand on the shelf; equal for ways of writing the same volume. Empty for none."""

_CAPTIONS = frozenset(
    {"v", "vol", "vols", "volume", "volumes", "no", "nos", "nr", "num", "number", "pt", "part", "bk", "book", "bd"}
    | {"bde", "band", "t", "tom", "tome", "tomo", "vyp", "roč", "jg", "jahrg", "h", "heft", "fasc", "n", "disc", "disk"}
    | {"cd", "dvd", "tập", "quyển", "jilid", "เล่ม", "т"}
)
"""What a number is called: left out, so that v.2 and 第2冊 are one volume."""

_ORDER = {
    word: number
    for words in ("上中下", "前後", "前后", "甲乙丙丁戊己庚辛壬癸", "元亨利貞")
    for number, word in enumerate(words, 1)
}
_UNIT = "冊册卷巻輯辑集期號号部篇編编本函回年月之"
_HAN_STEP = re.compile(rf"第?(?:(?P<number>[{CHINESE_NUMERAL}]+)|(?P<word>[{''.join(_ORDER)}]))[{_UNIT}]?")
_TOKEN = re.compile(r"\d+|[^\W\d_]+|-")
_ROMAN = re.compile("[IVX]+")  # further letters are parts A, B, C
_BARE_UNITS = re.compile(rf"[第{_UNIT}]+")


@lru_cache(maxsize=4096)
def volume_key(text: str) -> VolumeKey:
    """The place of a volume among others: ``v.2`` before ``v.10``, 上 before 下, ``v.1`` before ``v.1-3``."""
    if len(text) > MAX_LENGTH:
        return (Step(1, 0, text),)
    found = _TOKEN.findall(text.replace("–", "-"))
    steps: list[Step] = []
    for before, word, after in zip(("", *found), found, (*found[1:], ""), strict=False):
        if word != "-":
            steps.extend(_steps(word, "-" if before == "-" and steps else "", after.isdecimal()))
    return tuple(steps)


def _steps(word: str, mark: str, numbered: bool) -> list[Step]:
    """What a word says. ``numbered``: a figure follows, so that a V before it is a caption and no Roman number."""
    if word.isdecimal():
        return [Step(0, int(word), mark)]
    if not numbered and _ROMAN.fullmatch(word) and (roman := roman_number(word.lower())):
        return [Step(0, roman, mark)]
    folded = word.casefold()
    if folded in _CAPTIONS or _BARE_UNITS.fullmatch(word):
        return []
    if word.isascii():
        return [Step(1, 0, folded)]
    found: list[Step] = []
    at = 0
    while at < len(word):
        step = _HAN_STEP.match(word, at)
        number = chinese_number(step["number"]) if step and step["number"] else None
        if step is None or (number is None and not step["word"]):
            return [Step(1, 0, folded)]  # a word with a number in it, such as 三國志, counts nothing
        found.append(Step(0, _ORDER[step["word"]], step["word"]) if number is None else Step(0, number, mark))
        at = step.end()
    return found
