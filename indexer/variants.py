"""Han characters that mean the same, folded to one: Traditional, Simplified, Japanese and regional forms.

For keys, comparison and search tokens only, never for display: distinct words fall together (後 and 后). The table is
``variants.txt``, made of OpenCC's character dictionaries (``benchmarks/variants_table.py``).
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("variants.txt")


def is_han(character: str) -> bool:
    """Whether a character is a Han ideograph."""
    code = ord(character)
    return 0x3400 <= code <= 0x9FFF or 0xF900 <= code <= 0xFAFF or 0x20000 <= code <= 0x3FFFF


@cache
def _folding() -> dict[int, str]:
    """What each character folds to that is not its own folded form; read once."""
    lines = FILE.read_text(encoding="utf-8").splitlines()
    return {ord(other): line[0] for line in lines if not line.startswith("#") for other in line[1:]}


@cache
def _in_several_forms() -> frozenset[str]:
    return frozenset(map(chr, _folding())) | frozenset(_folding().values())


def written_otherwise(text: str) -> frozenset[str]:
    """The Han characters of a text that have other forms, as they stand: what tells 圖書館 from 图书馆."""
    return frozenset() if text.isascii() else _in_several_forms().intersection(text)


def fold_variants(text: str) -> str:
    """The text with every Han character in its one folded form; other characters and the length stay as they are."""
    return text if text.isascii() else text.translate(_folding())
