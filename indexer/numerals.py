"""Numbers as titles, parts and edition statements spell them: Chinese, Roman, ordinal words, 上中下."""

from __future__ import annotations

import re
from collections.abc import Sequence

_DIGITS = {"〇": 0, "零": 0, "○": 0, "一": 1, "二": 2, "兩": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7}
_DIGITS |= {"八": 8, "九": 9, "壹": 1, "贰": 2, "貳": 2, "弐": 2, "參": 3, "叁": 3, "参": 3, "肆": 4, "伍": 5, "陸": 6}
_DIGITS |= {"陆": 6, "柒": 7, "捌": 8, "玖": 9}
_UNITS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000}
CHINESE_NUMERAL = "".join({**_DIGITS, **_UNITS})
"""Every character a Chinese number is written with, for use inside a regular expression's brackets."""

ORDINALS = {
    word: number
    for number, words in enumerate(
        (
            "first 1st erste première premiere primera prima eerste",
            "second 2nd 2d zweite deuxième deuxieme segunda seconda tweede",
            "third 3rd 3d dritte troisième troisieme tercera terza derde",
            "fourth vierte quatrième quatrieme cuarta quarta",
            "fifth fünfte funfte cinquième cinquieme quinta",
            "sixth sechste sixième sixieme sexta sesta",
            "seventh siebte septième septieme séptima septima settima",
            "eighth achte huitième huitieme octava ottava",
            "ninth neunte neuvième neuvieme novena nona",
            "tenth zehnte dixième dixieme décima decima",
            "eleventh elfte",
            "twelfth zwölfte zwolfte",
        ),
        1,
    )
    for word in words.split()
}

_ENGLISH = {
    "first": "1st", "second": "2nd", "third": "3rd", "fourth": "4th", "fifth": "5th", "sixth": "6th", "seventh": "7th",
    "eighth": "8th", "ninth": "9th", "tenth": "10th", "eleventh": "11th", "twelfth": "12th",
}  # fmt: skip
ORDINAL_SPELT_OTHERWISE = _ENGLISH | {short: word for word, short in _ENGLISH.items()}
"""English ordinals in letters and in digits, each with the other."""

_ROMAN = re.compile(r"m{0,3}(?:cm|cd|d?c{0,3})(?:xc|xl|l?x{0,3})(?:ix|iv|v?i{0,3})")
_ROMAN_VALUES = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100, "d": 500, "m": 1000}


_MOST_DIGITS = 100
"""Of a number that anything is counted or called by; Python refuses to make one of more than 4,300."""


def decimal(digits: str) -> int | None:
    """The value of decimal digits; None of more than any number has."""
    return int(digits) if len(digits) <= _MOST_DIGITS else None


def chinese_number(text: str) -> int | None:
    """The value of a Chinese number (十二, 二〇〇四, 百二十); None when the text is not one."""
    if not text or any(char not in _DIGITS and char not in _UNITS for char in text):
        return None
    if not any(char in _UNITS for char in text):
        return decimal("".join(str(_DIGITS[char]) for char in text))
    total, digit = 0, 0
    for char in text:
        if char in _UNITS:
            total += (digit or 1) * _UNITS[char]
            digit = 0
        else:
            digit = _DIGITS[char]
    return total + digit


def in_chinese(value: int) -> str:
    """A number from 0 to 99 as a Chinese ordinal has it: 十二, 二十, 三."""
    tens, ones = divmod(value, 10)
    digits = "零一二三四五六七八九"
    if not tens:
        return digits[ones]
    return f"{digits[tens] if tens > 1 else ''}十{digits[ones] if ones else ''}"


def roman_number(text: str) -> int | None:
    """The value of a Roman number in lower case; None when the text is not one."""
    if not text or not _ROMAN.fullmatch(text):
        return None
    values = [_ROMAN_VALUES[char] for char in text]
    return sum(
        -value if value < following else value for value, following in zip(values, [*values[1:], 0], strict=True)
    )


def number(word: str) -> int | None:
    """The value of one folded word, in whichever of these ways it is written; None when it is no number."""
    if word.isdecimal():
        return decimal(word)
    if word.isascii():
        return ORDINALS.get(word) or roman_number(word)
    return ORDINALS.get(word) or chinese_number(word)


_PINYIN_DIGITS = {"yi": 1, "i": 1, "er": 2, "erh": 2, "san": 3, "si": 4, "ssu": 4, "wu": 5, "liu": 6, "qi": 7, "chi": 7}
_PINYIN_DIGITS |= {"ba": 8, "pa": 8, "jiu": 9, "chiu": 9}
_PINYIN_TENS = ("shi", "shih")
PINYIN_NUMERAL = "|".join(sorted((*_PINYIN_DIGITS, *_PINYIN_TENS), key=len, reverse=True))
"""Every syllable that a number below a hundred is spelt with, in Pinyin or Wade–Giles, as a pattern."""


CARDINALS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12,
}  # fmt: skip
"""What parts are counted in: Book one."""


def pinyin_digit(syllable: str) -> int | None:
    """The figure that a syllable in Pinyin or Wade–Giles spells, None for any other."""
    return 0 if syllable == "ling" else _PINYIN_DIGITS.get(syllable)


def is_pinyin_number(syllable: str) -> bool:
    """Whether numbers are spelt with this syllable; many words of other meaning are as well."""
    return syllable in _PINYIN_DIGITS or syllable in _PINYIN_TENS


def pinyin_number(syllables: Sequence[str]) -> int | None:
    """The value of a number below a hundred, spelt out: *er shi yi* is 21; None when the syllables are not one."""
    tens = next((place for place, syllable in enumerate(syllables) if syllable in _PINYIN_TENS), None)
    if tens is None:
        return _PINYIN_DIGITS.get(syllables[0]) if len(syllables) == 1 else None
    before, after = syllables[:tens], syllables[tens + 1 :]
    if len(before) > 1 or len(after) > 1 or any(syllable not in _PINYIN_DIGITS for syllable in (*before, *after)):
        return None
    return 10 * (_PINYIN_DIGITS[before[0]] if before else 1) + (_PINYIN_DIGITS[after[0]] if after else 0)
