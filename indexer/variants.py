"""Han characters that mean the same, folded to one: Traditional, Simplified, Japanese and regional forms.

For keys, comparison and search tokens only, never for display: distinct words fall together (後 and 后). The character
tables are OpenCC's; each character is looked up once and remembered.
"""

from __future__ import annotations

from functools import cache

from opencc import OpenCC

CHAIN = ("jp2t", "tw2t", "hk2t", "t2s")
"""OpenCC conversions in order: new Japanese forms, then regional ones, end in Traditional, which ends in Simplified."""


SUPPLEMENT = str.maketrans(
    "囯戸刋淸閒閑闲鄕値寳竃竒戱戯靑髙呉冩囬旣羣敎衞", "国户刊清间间间乡值宝灶奇戏戏青高吴写回既群教卫"
)
"""Forms met in records that OpenCC leaves apart, as their folded equivalents."""


def is_han(character: str) -> bool:
    """Whether a character is a Han ideograph."""
    code = ord(character)
    return 0x3400 <= code <= 0x9FFF or 0xF900 <= code <= 0xFAFF or 0x20000 <= code <= 0x3FFFF


@cache
def _converters() -> tuple[OpenCC, ...]:
    return tuple(OpenCC(name) for name in CHAIN)


def each_folded(characters: str) -> list[str]:
    """Each of some Han characters in its folded form: a thousand at once are converted in the time of twenty."""
    lines = "\n".join(characters)  # apart: OpenCC knows words, too
    for _ in range(2):  # a second time: 芸 becomes 蕓, which only then becomes 芸's partner
        for converter in _converters():
            lines = converter.convert(lines)
        lines = lines.translate(SUPPLEMENT)
    return lines.split("\n")


class _Folding(dict[int, str]):
    """A translation table that learns a character when it first meets it."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        [folded] = each_folded(character) if is_han(character) else [character]
        self[code] = folded
        return folded


_FOLDING = _Folding()


def fold_variants(text: str) -> str:
    """The text with every Han character in its one folded form; other characters and the length stay as they are."""
    return text if text.isascii() else text.translate(_FOLDING)
