"""One spelling for what several romanisations spell in several ways, so that records can be compared and met.

Nobody reads these spellings. Chinese is spelt in Wade–Giles without apostrophes and diacritics: Hanyu Pinyin leads
there by table, while from there to Pinyin several ways are open (*chang*: zhang or chang). Korean is spelt without
what McCune–Reischauer and the Revised Romanization differ in.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

from indexer.numerals import roman_number
from indexer.readings import spelt_in_wade_giles

_HANGUL = re.compile("[\uac00-\ud7a3]")
_FIRST_SYLLABLE, _VOWELS_AND_ENDS, _ENDS = 0xAC00, 588, 28
_INITIALS = ("k", "k", "n", "t", "t", "l", "m", "p", "p", "s", "s", "", "c", "c", "c", "k", "t", "p", "h")
_VOWELS = (
    "a", "ae", "ya", "yae", "o", "e", "yo", "ye", "o", "wa", "wae",
    "oe", "yo", "u", "wo", "we", "wi", "yu", "u", "ui", "i",
)  # fmt: skip
_FINALS = (
    "", "k", "k", "k", "n", "n", "n", "t", "l", "k", "m", "l", "l", "l",
    "l", "l", "m", "p", "p", "t", "t", "ng", "t", "t", "k", "t", "p", "",
)  # fmt: skip
_BEFORE_A_VOWEL = {19: "s", 20: "s", 22: "c", 23: "c"}  # ㅅ ㅆ ㅈ ㅊ sound when a vowel follows
_SILENT_INITIAL = 11
_SAME_IN_KOREAN = (("eo", "o"), ("eu", "u"), ("sh", "s"), ("ch", "c"), ("j", "c"))
_VOICELESS = str.maketrans("gdbr", "ktpl")
_LIQUID = re.compile("nl|ln")
_IN_THE_NOSE = re.compile("(?<!n)[kpt](?=[nm])")
"""법문사 is *Pŏmmunsa*, 원론 *wŏllon*: stops before n and m, and n beside l, sound otherwise than they are written."""

_DOUBLED = re.compile(r"([a-z])\1+")
_LONGEST_SYLLABLE = 6


def common_chinese(text: str) -> str:
    """The common spelling, without blanks, of folded Chinese in Pinyin or Wade–Giles; "" when a word is neither.

    A text is in one system: Pinyin when all its words can be. Numbers may stand among the words.
    """
    words = text.split()
    found: list[str] = []
    for word in words:
        spelt = _from_hanyu(word) or (word if _is_number(word) else "")
        if not spelt:
            return "".join(words) if all(word in _wade_giles() or _is_number(word) for word in words) else ""
        found.append(spelt)
    return "".join(found)


def _is_number(word: str) -> bool:
    return word.isdecimal() or roman_number(word) is not None


@cache
def _common() -> dict[str, str]:
    return spelt_in_wade_giles() | {"huo": "huo"}


@cache
def _wade_giles() -> frozenset[str]:
    return frozenset(_common().values())


@lru_cache(maxsize=1 << 16)
def _from_hanyu(word: str) -> str:
    """A word of Hanyu syllables, the fewest there can be, in the common spelling; "" when it is none."""
    table = _common()
    fewest: list[int | None] = [0, *(None for _ in word)]  # syllables up to each place, and where the last one begins
    begins = [0] * (len(word) + 1)
    for end in range(1, len(word) + 1):
        for start in range(max(0, end - _LONGEST_SYLLABLE), end):
            before, shortest = fewest[start], fewest[end]
            if before is None or word[start:end] not in table:
                continue
            if shortest is None or before + 1 < shortest:
                fewest[end], begins[end] = before + 1, start
    syllables: list[str] = []
    end = len(word) if fewest[-1] is not None else 0
    while end:
        syllables.append(table[word[begins[end] : end]])
        end = begins[end]
    return "".join(reversed(syllables))


def has_hangul(text: str) -> bool:
    """Whether a text has a Korean syllable."""
    return _HANGUL.search(text) is not None


def hangul_in_letters(text: str) -> str:
    """Korean syllables in Latin letters, roughly as they sound; other characters as they are."""
    text = unicodedata.normalize("NFC", text)
    spelt = []
    for place, char in enumerate(text):
        if not _HANGUL.match(char):
            spelt.append(char)
            continue
        code = ord(char) - _FIRST_SYLLABLE
        final = code % _ENDS
        following = ord(text[place + 1]) - _FIRST_SYLLABLE if _HANGUL.match(text[place + 1 : place + 2]) else -1
        if final in _BEFORE_A_VOWEL and following >= 0 and following // _VOWELS_AND_ENDS == _SILENT_INITIAL:
            end = _BEFORE_A_VOWEL[final]
        else:
            end = _FINALS[final]
        spelt.append(_INITIALS[code // _VOWELS_AND_ENDS] + _VOWELS[code % _VOWELS_AND_ENDS // _ENDS] + end)
    return "".join(spelt)


def common_korean(text: str) -> str:
    """The common spelling, without blanks, of folded Korean in Latin letters, in either system."""
    joined = text.replace(" ", "")
    for one, other in _SAME_IN_KOREAN:
        joined = joined.replace(one, other)
    return _DOUBLED.sub(r"\1", _IN_THE_NOSE.sub(_sounded, _LIQUID.sub("l", joined.translate(_VOICELESS))))


def _sounded(stop: re.Match[str]) -> str:
    return {"k": "nk", "p": "m", "t": "n"}[stop.group()]
