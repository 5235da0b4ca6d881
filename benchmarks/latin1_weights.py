"""`python -m benchmarks.latin1_weights [WORDS ...]`: counts the weights by which Latin-1 is told from MARC-8.

Words with diacritics of the real records in `../shared/data`, and of text files in UTF-8 that may be named besides,
are spelt in both sets. Each byte that is a diacritic in one and a small letter in the other gets, for each letter
beside it, the logarithm of how much oftener it stands there in Latin-1, as `indexer/latin1.py` writes it: ``m`` is
nothing, each letter beyond it half a unit. The table there was counted with frequent words of thirty languages
besides, for which lists of such words (one word a line) stand here: the records alone give other values for languages
that they hardly hold. So the table is printed, with how many of its values speak for the same set as those of the
product; it is not written.
"""

from __future__ import annotations

import argparse
import math
import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from fixtures.marc8 import marc8
from indexer.latin1 import WEIGHTS, ZERO
from indexer.marc import Marc
from indexer.marcxml_transmission import from_marcxml
from indexer.transmission import Malformed, from_iso2709
from tests.support.real_files import iso2709_files, iso2709_records, marcxml_files, xml_records

_WORD = re.compile(r"[^\W\d_]{2,40}")
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_LEAST, _MOST = ord("a") - ZERO, ord("z") - ZERO


class Beside(NamedTuple):
    """How often a letter stands beside a byte: after it within a word, after it at its end, and before it."""

    within: Counter[tuple[int, int]]
    last: Counter[tuple[int, int]]
    before: Counter[tuple[int, int]]


def words(texts: Iterable[str]) -> set[str]:
    """The distinct words in Latin letters that bear a diacritic, in small letters."""
    found = {word.lower() for text in texts for word in _WORD.findall(unicodedata.normalize("NFC", text))}
    return {word for word in found if not word.isascii() and all(map(_is_latin, word))}


def _is_latin(character: str) -> bool:
    return unicodedata.name(character, "").startswith("LATIN ")


def counted(spelt: Iterable[bytes]) -> Beside:
    """What stands beside the bytes of words spelt in one set."""
    beside = Beside(Counter(), Counter(), Counter())
    for word in spelt:
        for at, byte in enumerate(word):
            if byte not in WEIGHTS:
                continue
            if at and 0x61 <= word[at - 1] <= 0x7A:
                beside.before[byte, word[at - 1]] += 1
            if at + 1 < len(word) and 0x61 <= word[at + 1] <= 0x7A:
                (beside.last if at + 2 == len(word) else beside.within)[byte, word[at + 1]] += 1
    return beside


def weights(found: set[str]) -> dict[int, tuple[str, str, str]]:
    """The table as `indexer/latin1.py` has it."""
    in_latin1 = counted(word.encode("latin-1") for word in found if max(word) <= "\xff")
    in_marc8 = counted(spelt for word in found if 0x1B not in (spelt := marc8(word)) and b"-" not in spelt)
    return {
        byte: (
            _row(byte, in_latin1.within, in_marc8.within),
            _row(byte, in_latin1.last, in_marc8.last),
            _row(byte, in_latin1.before, in_marc8.before),
        )
        for byte in WEIGHTS
    }


def _row(byte: int, one: Counter[tuple[int, int]], other: Counter[tuple[int, int]]) -> str:
    return "".join(_letter(one[byte, ord(letter)], other[byte, ord(letter)]) for letter in _LETTERS)


def _letter(one: int, other: int) -> str:
    weight = round(2 * math.log((one + 1) / (other + 1)))
    return chr(ZERO + min(max(weight, _LEAST), _MOST))


def agreement(table: dict[int, tuple[str, str, str]]) -> tuple[int, int]:
    """How many values that are something in both this table and the product's speak for the same set, and of how
    many."""
    pairs = [
        (ord(one) - ZERO, ord(other) - ZERO)
        for byte, rows in table.items()
        for row, known in zip(rows, WEIGHTS[byte], strict=True)
        for one, other in zip(row, known, strict=True)
    ]
    said = [(one > 0) == (other > 0) for one, other in pairs if one and other]
    return sum(said), len(said)


def _records() -> Iterator[Marc]:
    readers = [(from_iso2709, data) for file in iso2709_files() for data in iso2709_records(file)]
    for read, data in [*readers, *((from_marcxml, data) for file in marcxml_files() for data in xml_records(file))]:
        try:
            marc = read(data)
        except Malformed:
            continue
        if not marc.replacements:
            yield marc


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.latin1_weights")
    parser.add_argument("files", nargs="*", type=Path, help="lists of words, in UTF-8")
    of_records = (value for marc in _records() for field in marc.data_fields for _, value in field.subfields)
    found = words(of_records) | words(file.read_text("utf-8") for file in parser.parse_args().files)
    table = weights(found)
    for byte, (within, last, before) in table.items():
        sys.stdout.write(f'    0x{byte:02X}: ("{within}", "{last}", "{before}"),\n')
    same, of = agreement(table)
    sys.stdout.write(f"# {len(found):,} words; {same:,} of {of:,} values speak for the set that the product's do\n")


if __name__ == "__main__":
    main()
