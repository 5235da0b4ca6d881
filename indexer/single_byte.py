"""Which set of one byte a character unnamed bytes are in: one of the Cyrillic ones, or Windows' Central European."""

from __future__ import annotations

import re
from typing import Literal

CyrillicSet = Literal["windows-1251", "koi8-r", "cp866"]

CYRILLIC_CODECS: dict[CyrillicSet, str] = {"windows-1251": "cp1251", "koi8-r": "koi8-r", "cp866": "cp866"}
_WORD = re.compile(rb"\x1f.|[A-Za-z\x80-\xff]+")  # the code of a subfield is no part of a word
_RUSSIAN_FREQUENT = frozenset("оеаинтсрвл")
_CYRILLIC = re.compile("[\u0400-\u045f\u0490\u0491]+")
_WRITTEN = re.compile("[\u0400-\u042f\u0490]?[\u0430-\u045f\u0491]+|[\u0400-\u042f\u0490]+")  # Слово, слово, СЛОВО
_LETTERS, _UNLIKE, _FREQUENT, SURELY_FREQUENT = 4, 3, 0.3, 0.45


def cyrillic_set(data: bytes, least: float = _FREQUENT) -> CyrillicSet | None:
    """The set in which words of nothing but high bytes are Cyrillic as it is written; None where they are not.

    Most high bytes have to stand in such words, which MARC-8 and the Latin sets do not have: there a word has letters
    of ASCII too. Of their letters at least the share ``least`` are the ten most frequent of Russian.
    """
    words = [word for word in _WORD.findall(data) if not word.isascii()]
    own = {word for word in words if not any(byte < 0x80 for byte in word)}
    letters = sum(map(len, own))
    if (
        letters < _LETTERS
        or len(set(b"".join(own))) < _UNLIKE
        or sum(len(word) for word in words if word in own) < 0.8 * sum(map(len, words))
    ):
        return None
    best: tuple[float, CyrillicSet] | None = None
    for name, codec in CYRILLIC_CODECS.items():
        found = [word.decode(codec, "replace") for word in own]
        if sum(len(word) for word in found if _WRITTEN.fullmatch(word)) < 0.9 * letters:
            continue
        share = sum(letter in _RUSSIAN_FREQUENT for word in found for letter in word.lower()) / letters
        if share >= least and (best is None or share > best[0]):
            best = share, name
    return best[1] if best else None


_ONLY_1250 = re.compile(  # letters there; in Windows-1252 signs, or nothing, within a word
    rb"[\x8d\x8f\x9d\xb3\xb9\xbe\xbf\xa3\xa5\xaf\xbc](?=[a-z])|(?<=[a-z])[\x8d\x8f\x9d\xb3\xb9\xbe\xbf]"
)
_LIKELY_1250 = re.compile(  # š and ž, and letters that Western words hardly have where ě, ů, č, ř, ő and ű stand
    rb"[\x8a\x8e\x9a\x9e]|[\xec\xf9](?=[a-z])|(?<![A-Za-z\x80-\xff])\xe8(?=[a-z])|\xf8(?=[\xe1\xe9\xec\xed])"
    rb"|[a-z]\xe8(?=[\xe1\xe9\xed\xf9n])|\xf5(?=[bcdfgklmnrstvz])|\xfb(?=[bcdfgklmnrstvz])"
)
_WESTERN = re.compile(rb"[\xe0\xe2\xe3\xe5\xe7\xea\xee\xef\xf1\xf0\xfe\xdf]|\xe8(?![a-z\x80-\xff])")


def is_windows_1250(data: bytes) -> bool:
    """Whether letters with marks are such as Czech, Slovak, Polish, Croatian or Hungarian have in Windows-1250, not
    those of Western Europe in Windows-1252."""
    own, likely = len(_ONLY_1250.findall(data)), len(_LIKELY_1250.findall(data))
    return own + likely >= 2 and own * 2 + likely > len(_WESTERN.findall(data))
