"""How Chinese reads, as ``readings.txt`` says: made of pypinyin's tables (``benchmarks/readings_table.py``), which take
half a second to read."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("readings.txt")

SPELLINGS = ("wade-giles", "tongyong", "zhuyin")
"""Sections of the file, in the order of the fields."""

Syllables = tuple[str, ...]
"""Hanyu syllables without tones, one after the other; in a table of spellings, what one syllable may stand for."""


@dataclass(frozen=True, slots=True)
class ReadingTables:
    """All that is known of readings."""

    characters: Mapping[str, str]  # the usual reading
    phrases: Mapping[str, tuple[tuple[str, Syllables], ...]]  # by their first two characters, longest first
    wade_giles: Mapping[str, Syllables]  # as typed, without apostrophes and diacritics
    tongyong: Mapping[str, Syllables]
    zhuyin: Mapping[str, Syllables]  # without tones

    @property
    def hanyu(self) -> Mapping[str, Syllables]:
        """The syllables that Hanyu Pinyin has, as typed without tones."""
        return {reading: (reading,) for reading in sorted(set(self.characters.values())) if is_syllable(reading)}


def toneless(reading: str) -> str:
    """``lǜ`` → ``lu``, ``hóng`` → ``hong``: as people type it."""
    decomposed = unicodedata.normalize("NFD", reading)
    return "".join(c for c in decomposed if not unicodedata.combining(c)).replace("ê", "e")


def is_syllable(reading: str) -> bool:
    """Whether a reading without tones is a syllable that people type: ``hong``, and not ``ng``."""
    spelt = reading.isascii() and reading.isalpha()
    return spelt and (len(reading) > 1 or reading in "aeo") and not set("aeiou").isdisjoint(reading)


@cache
def reading_tables() -> ReadingTables:
    """The tables, read once."""
    sections: dict[str, list[tuple[str, str]]] = {}
    for section, key, value in _rows(FILE.read_text(encoding="utf-8")):
        sections.setdefault(section, []).append((key, value))
    phrases: dict[str, list[tuple[str, Syllables]]] = {}
    for phrase, reading in sections["phrases"]:
        phrases.setdefault(phrase[:2], []).append((phrase, tuple(reading.split())))
    spellings = ({key: tuple(value.split()) for key, value in sections[name]} for name in SPELLINGS)
    return ReadingTables(
        {character: reading for reading, characters in sections["characters"] for character in characters},
        {start: tuple(sorted(rows, key=lambda row: -len(row[0]))) for start, rows in phrases.items()},
        *spellings,
    )


def _rows(text: str) -> Iterator[tuple[str, str, str]]:
    section = ""
    for line in text.splitlines():
        if line.startswith("["):
            section = line[1:-1]
        elif not line.startswith("#"):
            key, _, value = line.partition("\t")
            yield section, key, value
