"""Vietnamese in MARC-8, as its bytes have it: marks before their letters, two on many of them."""

from __future__ import annotations

import re

_TONE = rb"[\xe0\xe1\xe2\xe4\xf2]"  # hook, grave, acute, tilde, dot below
_MARKED = rb"(?:\xe3[aeo]|\xe6a)"
_HORNED = rb"[\xac\xad\xbc\xbd]"
_TWO_MARKS = re.compile(
    b"|".join((b"\xe3" + _TONE + b"[aeo]", _TONE + _MARKED, b"\xe6" + _TONE + b"a", _TONE + _HORNED)), re.IGNORECASE
)
"""Two marks on a letter of Vietnamese, or a tone on its letters with a horn: no letters of Latin-1 stand so."""
_CODE = re.compile(rb"\x1f.")
_WORD = re.compile(rb"[A-Za-z\x80-\xff]{2,40}")
_VOWEL = rb"(?:[aeiouy]|" + _MARKED + b"|" + _HORNED + b")"
_ACCENTED = b"(?:" + b"|".join((_TONE + _VOWEL, _MARKED, b"[\xe3\xe6]" + _TONE + b"[aeo]", _HORNED)) + b")"
_ONSET = rb"(?:[bcdghklmnrstvx\xa3\xb3]|c?[hk]|[cgknpt]h|gi|qu|ngh?|tr)?"
_OPEN = re.compile(_ONSET + _VOWEL + b"?" + _ACCENTED + _VOWEL + b"?")
_DISTINCT = re.compile(
    (_ONSET + _VOWEL + b"?" + _ACCENTED + _VOWEL + rb"?(?:nh?|ng|m|ch?|p|t)")
    + (rb"|(?:[cknpt]h|ngh?|tr)" + _TONE + _VOWEL + _VOWEL)
)
"""Syllables that end in a consonant, or in two vowels after consonants that few languages begin so: L\xe4inh, not
S\xe3o, which is Latin-1 as well."""


def has_two_marks(data: bytes) -> bool:
    """Whether a letter stands under two marks of Vietnamese, or one of its own under a tone."""
    return _TWO_MARKS.search(data) is not None


def is_all_syllables(data: bytes) -> bool:
    """Whether every word with marks can be a syllable of Vietnamese, and one can hardly be anything else."""
    words = {word.lower() for word in _WORD.findall(_CODE.sub(b" ", data)) if not word.isascii()}
    distinct = {word for word in words if _DISTINCT.fullmatch(word) or _TWO_MARKS.search(word)}
    return bool(distinct) and all(_OPEN.fullmatch(word) or _DISTINCT.fullmatch(word) for word in words)
