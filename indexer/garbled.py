"""Text of another character set that was taken for Latin-1 and sent as UTF-8, and text of which only ``?`` is left.

It is decoded where the set is certain for the record as a whole; where it is only likely, or nothing is left to decode,
the text stays as it is and the record says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from indexer.big5 import decoded_big5
from indexer.double_byte import double_bytes, is_big5, surely_set
from indexer.eacc import REPLACEMENT
from indexer.single_byte import CYRILLIC_CODECS, SURELY_FREQUENT, CyrillicSet, cyrillic_set
from indexer.taken import OF_1252, bytes_taken

GARBLED = "garbled"
"""How the word on a text begins that makes no sense and cannot be mended for sure."""

_TAKEN = re.compile(f"[\u0080-\u00ff{''.join(OF_1252)}]{{3}}")
_AFTER = rb"[\x80-\xbf][\xc2\xc3][\x80-\xbf][\xc2\xc3\xc5\xe2]"
_TAKEN_BYTES = (re.compile(rb"\xc2" + _AFTER), re.compile(rb"\xc3" + _AFTER))  # apart, each is looked for by its first
_HIGH_RUN = re.compile(rb"[\x80-\xff]+[\x40-\x7e]?")
_MIXED = re.compile(rb"[A-Za-z][\x80-\xff]|[\x80-\xff][A-Za-z]")
_QUESTIONED = re.compile(r"(?<![^\s(\[\"'/])\?{3,}(?![^\s)\].,;:\"'/])")


def may_be_garbled(data: bytes) -> bool:
    """Whether anything in a record's bytes calls for a look; most records have nothing."""
    signs, letters = _TAKEN_BYTES
    if b"???" in data or (b"\xc3" in data and letters.search(data)):
        return True
    return b"\xc2" in data and signs.search(data) is not None


class Told(NamedTuple):
    """A text as it is to be read, and what is to be said of it, "" for nothing."""

    text: str
    note: str = ""


def unscrambled(texts: Sequence[str]) -> list[Told]:
    """The texts of a record, each decoded or told where it has to be."""
    told = [Told(text, _questioned(text)) for text in texts]
    taken = {at: data for at, text in enumerate(texts) if not text.isascii() and (data := bytes_taken(text))}
    if not any(_TAKEN.search(texts[at]) for at in taken):
        return told
    words = {at: data for at, data in taken.items() if not _MIXED.search(data)}
    paired = {at: data for at, data in taken.items() if _pairs(data)}
    pairs = tuple(run for data in paired.values() for run in _pairs(data))
    cyrillic = cyrillic_set(_joined(words.values()))
    if cyrillic and _is_certain(cyrillic, words.values()):
        decoded: dict[int, str] = {at: data.decode(CYRILLIC_CODECS[cyrillic]) for at, data in words.items()}
    elif not cyrillic and pairs and is_big5(pairs):
        decoded = {at: decoded_big5(data, "big5") for at, data in paired.items()}
    else:
        decoded = {}
    likely = cyrillic or (surely_set(pairs) if pairs else None)
    for at in taken:
        if (text := decoded.get(at)) and REPLACEMENT not in text:
            told[at] = Told(text, f"{cyrillic or 'big5'} that had been taken for Latin-1")
        elif likely and _TAKEN.search(texts[at]):
            told[at] = Told(texts[at], f"{GARBLED}: perhaps {likely} that was taken for Latin-1")
        elif _is_nonsense(texts[at]):
            told[at] = Told(texts[at], f"{GARBLED}: another character set that was taken for Latin-1")
    return told


def _joined(parts: Iterable[bytes]) -> bytes:
    return b"".join(b"\x1fa" + data + b"\x1e" for data in parts)


def _pairs(data: bytes) -> tuple[bytes, ...]:
    whole = _joined([data])
    return double_bytes(whole, b"\n".join(_HIGH_RUN.findall(whole)))


def _is_certain(charset: CyrillicSet, parts: Iterable[bytes]) -> bool:
    """Whether so many letters are Cyrillic as it is written that no list of vowels or alphabet can be meant."""
    whole = _joined(parts)
    letters = [letter for letter in whole.decode(CYRILLIC_CODECS[charset], "replace") if letter >= "\u0400"]
    return len(letters) >= _SURELY and cyrillic_set(whole, SURELY_FREQUENT) == charset


_SURELY = 6  # letters


def _is_nonsense(text: str) -> bool:
    """Whether signs stand among letters as no writing has them."""
    return any(len(_SIGN.findall(run)) >= _SIGNS for run in _LONG.findall(text))


_LONG, _SIGN, _SIGNS = re.compile("[\u00a1-\u00ff]{5,}"), re.compile("[¢£¤¥¦§¨©¬®¯±²³´µ¶¸¹¼½¾×÷]"), 2


def _questioned(text: str) -> str:
    """What to say of a text of which mostly question marks are left."""
    if "???" not in text:
        return ""
    left = sum(map(str.isalnum, text))
    lost = sum(map(len, _QUESTIONED.findall(text)))
    return f"{GARBLED}: question marks stand for its letters" if lost > left else ""
