"""How many strokes a Han character is written with: the order of titles in Taiwan's catalogues."""

from __future__ import annotations

from functools import cache
from pathlib import Path

FILE = Path(__file__).parent / "strokes.txt"
FIRST = 48
"""The letter of no stroke in the table; one stroke more is the next letter."""


@cache
def _table() -> dict[int, str]:
    """By the code point's page of 256: the letters of its characters."""
    lines = FILE.read_text(encoding="utf-8").splitlines()
    rows = (line.partition(" ") for line in lines if not line.startswith("#"))
    return {int(first, 16) >> 8: letters for first, _, letters in rows}


def strokes(character: str) -> int:
    """The strokes of a Han character, in Taiwan's count where there are two; 0 when unknown."""
    code = ord(character)
    letters = _table().get(code >> 8, "")
    place = code & 0xFF
    return ord(letters[place]) - FIRST if place < len(letters) else 0


@cache
def by_strokes() -> tuple[int, ...]:
    """The codes of all characters whose strokes are known, by these, then by code."""
    counted = (
        (ord(letter) - FIRST, page << 8 | place)
        for page, letters in _table().items()
        for place, letter in enumerate(letters)
    )
    return tuple(code for count, code in sorted(counted) if count)
