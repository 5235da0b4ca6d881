"""Characters that a catalogue could not type: 〓, □ or ? stand for them, or a bracket with what they are made of.

A title with a gap is the other title if it is so but for the gap. It says nothing else: keys and weights take it
without the sign.
"""

from __future__ import annotations

import re
from functools import lru_cache

from indexer.text import fold, has_cjk
from indexer.variants import fold_variants

_HAN = "\u3400-\u9fff\U00020000-\U0003ffff"
_SIGNS = "〓□■◻◯\ufffd"
_GAP = re.compile(
    f"[{_SIGNS}]+|(?<![^{_HAN}])[?？]+(?=[{_HAN}])|(?<=[{_HAN}])[（(〔\\[][{_HAN}+＋]{{2,4}}[)）〕\\]](?=[{_HAN}])"
)
MARK = "\U0002a6d6"
"""Stands for a gap in folded text: a character that no title has, because folding drops the signs."""

_MOST_OF_ONE = 3
LEAST_LEFT = 2
"""Characters that must be left beside the gaps: else anything would fit."""


def with_gaps(text: str) -> str:
    """A title, folded, with a mark for each gap; "" when it has none, or is nothing but gaps."""
    if not has_cjk(text) or not _GAP.search(text):
        return ""
    marked = fold_variants(fold(_GAP.sub(MARK, text))).replace(" ", "")
    return marked if MARK in marked and len(marked) - marked.count(MARK) >= LEAST_LEFT else ""


def fits(gapped: str, title: str) -> bool:
    """Whether a title in characters, folded, is the one with gaps."""
    return _pattern(gapped).fullmatch(title) is not None


@lru_cache(maxsize=1 << 10)
def _pattern(gapped: str) -> re.Pattern[str]:
    between = f".{{0,{_MOST_OF_ONE}}}"
    return re.compile(between.join(map(re.escape, gapped.split(MARK))))
