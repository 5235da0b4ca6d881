"""Kana in Latin letters, as the Hepburn tables of catalogues spell them: a Japanese record's own readings are in kana.

The National Diet Library writes how a title or a name reads in kana, word by word (``ワガハイ ワ ネコ デ アル``); other
catalogues have only letters (*Wagahai wa neko de aru*).
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_KANA = re.compile("[\u3041-\u3096\u30a1-\u30fa\u30fc]")
_NO_READING = re.compile("[\u3005-\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff\u1100-\u11ff\uac00-\ud7a3]")
_TO_KATAKANA = {code: code + 0x60 for code in range(0x3041, 0x3097)}

_ROWS = (
    ("アイウエオ", "a i u e o"),
    ("カキクケコ", "ka ki ku ke ko"),
    ("ガギグゲゴ", "ga gi gu ge go"),
    ("サシスセソ", "sa shi su se so"),
    ("ザジズゼゾ", "za ji zu ze zo"),
    ("タチツテト", "ta chi tsu te to"),
    ("ダヂヅデド", "da ji zu de do"),
    ("ナニヌネノ", "na ni nu ne no"),
    ("ハヒフヘホ", "ha hi fu he ho"),
    ("バビブベボ", "ba bi bu be bo"),
    ("パピプペポ", "pa pi pu pe po"),
    ("マミムメモ", "ma mi mu me mo"),
    ("ヤユヨワヲン", "ya yu yo wa o n"),
    ("ラリルレロ", "ra ri ru re ro"),
    ("ヰヱヴヵヶ", "i e vu ka ke"),
    ("ァィゥェォ", "a i u e o"),
    ("ャュョヮ", "ya yu yo wa"),
)
_SPELT = {kana: letters for row, spelt in _ROWS for kana, letters in zip(row, spelt.split(), strict=True)}
_SMALL_Y = {"ャ": "a", "ュ": "u", "ョ": "o"}
_SMALL_VOWELS = {"ァ": "a", "ィ": "i", "ゥ": "u", "ェ": "e", "ォ": "o"}
_DOUBLING, _LONG = "ッ", "ー"
_MACRON = str.maketrans("aiueo", "āīūēō")
_LONG_VOWELS = re.compile("ou|oo|uu")
_KUNREI = (("sy", "sh"), ("ty", "ch"), ("zy", "j"), ("si", "shi"), ("ti", "chi"), ("tu", "tsu"), ("zi", "ji"))
_HU = re.compile("(?<![sc])hu")
_LENGTH = re.compile("(?<=o)[ou]+|(?<=u)u+|(?<=a)a+|(?<=i)i+|(?<=e)e+")
_M_BEFORE_LIPS = re.compile("m(?=[bmp])")


def has_kana(text: str) -> bool:
    """Whether any kana stands in a text."""
    return not text.isascii() and _KANA.search(text) is not None


def is_kana(text: str) -> bool:
    """Whether a text is written in kana, with no ideograph among them; digits and Latin letters may be."""
    return not text.isascii() and _KANA.search(text) is not None and _NO_READING.search(text) is None


@lru_cache(maxsize=1 << 14)
def kana_in_letters(text: str) -> str:
    """A text in Hepburn: its kana in letters, long vowels with a macron, all else as it stands."""
    text = unicodedata.normalize("NFKC", text).translate(_TO_KATAKANA)
    spelt: list[str] = []
    doubled = False
    for char in text:
        before = spelt[-1] if spelt else ""
        if char == _DOUBLING:
            doubled = True
            continue
        if char == _LONG:
            if before[-1:] in tuple("aiueo"):
                spelt[-1] = before[:-1] + before[-1].translate(_MACRON)
            continue
        if char in _SMALL_Y and before[-1:] == "i" and len(before) > 1:
            stem = before[:-1]
            spelt[-1] = stem + ("" if stem[-2:] in ("sh", "ch") or stem[-1:] == "j" else "y") + _SMALL_Y[char]
            continue
        if char in _SMALL_VOWELS and before[-1:] in tuple("aiueo") and (len(before) > 1 or before == "u"):
            spelt[-1] = ("w" if before == "u" else before[:-1]) + _SMALL_VOWELS[char]
            continue
        letters = _SPELT.get(char, char)
        if doubled and letters[:1].isalpha():
            letters = ("t" if letters.startswith("ch") else letters[0]) + letters
        doubled = False
        spelt.append(letters)
    return _LONG_VOWELS.sub(lambda vowels: vowels.group()[0].translate(_MACRON), "".join(spelt))


def common_japanese(text: str) -> str:
    """The common spelling, without blanks, of folded Japanese in Latin letters: vowels short, Kunrei as Hepburn."""
    joined = text.replace(" ", "").replace("tch", "cch")
    for one, other in _KUNREI:
        joined = joined.replace(one, other)
    return _LENGTH.sub("", _M_BEFORE_LIPS.sub("n", _HU.sub("fu", joined)))
