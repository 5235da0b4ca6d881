"""Whether a title in its own script and one in Latin letters may be the same words, where no table reads the script.

Japanese: ideographs may read any way, but the kana among them read as they are written, and in that order. Other
alphabets (Thai, Burmese, Russian, Hebrew …): letters are named after their sound, so that the consonants of both can
be compared, roughly: a silent letter or a final one that sounds otherwise is one difference among many.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from rapidfuzz import fuzz

from indexer.kana import common_japanese, is_kana, kana_in_letters

_KINDS = (
    (("NG",), "g"),
    (("KH", "K", "G", "Q"), "k"),
    (("PH", "P", "B", "F", "V"), "p"),
    (("SH", "S", "CH", "C", "Z", "J", "TS", "TH", "T", "D", "X"), "t"),
    (("M",), "m"),
    (("N", "L", "R"), "n"),
)
"""Consonants that sound alike, or alike at the end of a syllable (Thai), by how they are spelt; others are passed over,
for they are vowels as often."""

_IN_LATIN = re.compile("ng|kh|ph|sh|ch|ts|th|[kgqpbfvszcjtdxmnlr]")
_LETTER = re.compile(
    r"(?:LETTER|CHARACTER|LIGATURE) (?!VOWEL|SARA|MAI|PAIYANNOI|NIKHAHIT)(?:FINAL |FARSI |TALL )?"
    r"E?(?P<name>[B-DF-HJ-NP-TV-Z][A-Z]*)"
)
"""Thai vowels and tones are characters of their own; Russian consonants are named *en*, *es* as often as *de*."""

_SILENCED = "\u0e4c"  # Thai: the consonant before it is not spoken
_REPEATED = re.compile(r"(.)\1+")
_KANA_RUN = re.compile("[\u3041-\u3096\u30a1-\u30fa\u30fc]+")
_READINGS = "[a-z]{1,7}"
"""What one ideograph may read."""

_PARTICLES = (("wa", "(?:wa|ha)"), ("ha", "(?:ha|wa)"), ("wo", "w?o"))
ALIKE, ALIKE_IF_SHORT, UNLIKE = 75.0, 81.0, 60.0
SHORT = 6
LEAST_KANA = 2
"""Kana fewer than these say nothing: の stands in every title."""


def sound_alike(own: str, latin: str) -> bool | None:
    """Whether a title, as written in its own script, may read as the other, folded, in Latin letters; None: unknown."""
    if _KANA_RUN.search(own):
        pattern = _as_read(own)
        return None if pattern is None else pattern.fullmatch(common_japanese(latin)) is not None
    if any("\u3400" <= char <= "\u9fff" or "\uac00" <= char <= "\ud7a3" for char in own):
        return None
    one, other = consonants(own), consonants(latin)
    if min(len(one), len(other)) < 2:
        return None
    likeness = fuzz.ratio(one, other)
    least = ALIKE_IF_SHORT if min(len(one), len(other)) < SHORT else ALIKE
    return True if likeness >= least else False if likeness < UNLIKE else None


@lru_cache(maxsize=1 << 12)
def consonants(text: str) -> str:
    """The consonants of a text in an alphabet, one letter for those that sound alike, repeated ones once."""
    if text.isascii():
        found = [_kind(spelt.upper()) for spelt in _IN_LATIN.findall(text)]
    else:
        text = unicodedata.normalize("NFD", text)
        found = [
            _kind(match["name"])
            for char, following in zip(text, text[1:] + " ", strict=True)
            if following != _SILENCED and (match := _LETTER.search(unicodedata.name(char, "")))
        ]
    return _REPEATED.sub(r"\1", "".join(found))


def _kind(name: str) -> str:
    return next((kind for beginnings, kind in _KINDS if name.startswith(beginnings)), "")


@lru_cache(maxsize=1 << 12)
def _as_read(title: str) -> re.Pattern[str] | None:
    """What a Japanese title may read, without blanks; None where too little of it is in kana to tell."""
    pieces: list[str] = []
    kana = 0
    at = 0
    while at < len(title):
        run = _KANA_RUN.match(title, at)
        if run is None:
            kana += 2 * title[at].isalpha() * title[at].isascii()  # the X of 容疑者Xの献身 stands in the letters too
            pieces.append(re.escape(title[at]) if title[at].isascii() else _READINGS)
            at += 1
            continue
        kana += len(run.group()) - run.group().count("の")
        pieces.append(_kana_as_read(run.group()))
        at = run.end()
    return re.compile("".join(pieces)) if kana >= LEAST_KANA and not is_kana(title) else None


def _kana_as_read(kana: str) -> str:
    letters = common_japanese(kana_in_letters(kana).translate(_SHORT))
    for one, other in _PARTICLES:
        if letters.startswith(one):
            return other + letters[len(one) :]
    return letters


_SHORT = str.maketrans("āīūēō", "aiueo")
