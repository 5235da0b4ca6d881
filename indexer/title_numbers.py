"""Numbers within titles, written in one way: 一九四九, *yi jiu si jiu* and *nineteen forty-nine* are 1949.

Only numbers that cataloguers write in more than one way: from thirteen on in English, of two characters or more in
Chinese. In folded text; what is no number stays as it is.
"""

from __future__ import annotations

import re

from indexer.numerals import CHINESE_NUMERAL, chinese_number, pinyin_digit

_CHINESE_RUN = re.compile(f"[{CHINESE_NUMERAL}]{{2,}}")
_FIGURES = frozenset(CHINESE_NUMERAL) - frozenset("十拾百佰千")
_LONGEST = 8
"""Characters of a Chinese number; longer runs are no numbers of titles."""

LEAST_SYLLABLES = 4
"""So many Pinyin figures in a row are a year; of fewer each may be a word of its own (*yi*: one, meaning, already)."""

_BELOW_TWENTY = (
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen",
    "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_UNITS = {word: value for value, word in enumerate(_BELOW_TWENTY, 1)}
_TENS = {
    word: 10 * value
    for value, word in enumerate(["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], 2)
}
_NUMBER_WORDS = _UNITS.keys() | _TENS.keys() | {"hundred", "thousand"}
_ALTERNATIVES = "|".join(sorted(_NUMBER_WORDS, key=len, reverse=True))
_ENGLISH_RUN = re.compile(
    rf"\b(?:{_ALTERNATIVES})(?: (?:and (?=(?:{_ALTERNATIVES})\b))?(?:{_ALTERNATIVES}))*\b"
    r"(?! (?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth)\b)"
)
_FEWEST = 13
"""A single word for less stays a word: *one*, *seven* are as often written so by all."""


def chinese_in_digits(text: str) -> str:
    """A folded text in characters with its Chinese numbers of two characters or more in digits."""
    return _CHINESE_RUN.sub(_digits_of_characters, text)


def _digits_of_characters(run: re.Match[str]) -> str:
    found = run.group()
    if len(found) > _LONGEST or _FIGURES.isdisjoint(found):
        return found
    value = chinese_number(found)
    return found if value is None else str(value)


def pinyin_in_digits(text: str) -> str:
    """Folded romanised Chinese with years that are spelt out, figure by figure, in digits."""
    words = text.split()
    found: list[str] = []
    run: list[str] = []
    for word in [*words, ""]:
        digit = pinyin_digit(word)
        if digit is not None:
            run.append(word)
            continue
        if len(run) >= LEAST_SYLLABLES:
            found.append("".join(str(pinyin_digit(one)) for one in run))
        else:
            found += run
        run = []
        if word:
            found.append(word)
    return " ".join(found)


def english_in_digits(text: str) -> str:
    """A folded text in Latin letters with its English numbers from thirteen on in digits."""
    if not _NUMBER_WORDS.isdisjoint(text.split()):
        return _ENGLISH_RUN.sub(_digits_of_words, text)
    return text


def _digits_of_words(run: re.Match[str]) -> str:
    words = run.group().split()
    digits = _read(words)
    if len(words) == 1 and (words[0] in {"hundred", "thousand"} or int(digits) < _FEWEST):
        return run.group()
    return digits


def _read(words: list[str]) -> str:
    """A number as its words say it: a hundred and one is 101; groups without *hundred* stand side by side, 19 84."""
    groups: list[int] = []
    open_to = 0  # what the last group still takes: below ten behind tens, below a hundred behind hundreds
    for word in words:
        if word == "and":
            continue
        if word in {"hundred", "thousand"}:
            scale = 100 if word == "hundred" else 1000
            if not groups:
                groups.append(1)
            groups[-1] *= scale
            open_to = scale
            continue
        value = _UNITS.get(word) or _TENS[word]
        if groups and value < open_to:
            groups[-1] += value
            open_to = 10 if word in _TENS else 0
        else:
            groups.append(value)
            open_to = 10 if word in _TENS else 0
    return "".join(map(str, groups))
