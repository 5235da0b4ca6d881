"""How records say that a book is in large print or in braille: in words, in the languages of the catalogues."""

from __future__ import annotations

import re

from indexer.record import Carrier
from indexer.remembered import remembered

BRAILLE = re.compile(r"braille|點字|点字|盲文", re.IGNORECASE)
WORDS = re.compile(
    r"(?:large|giant)[ -]?(?:print|type|font)|大字[體体]?(?:版|本|書|书)|大字[體体](?!\w)|大活字|큰\s?글[자씨]|대활자"
    r"|(?:gros|grands) caract[eè]res|gro(?:ß|ss)druck|letras? grandes?|letras? ampliadas?|caratteri grandi|grote letter"
    r"|chữ (?:lớn|to)",
    re.IGNORECASE,
)
"""What says so anywhere in an edition statement, a physical description or a heading."""

_ALONE = frozenset({"大字", "大字體", "大字体"})
"""What says so by itself; inside a text it begins other words: 大字典, 大字報."""


@remembered
def is_named(term: str) -> bool:
    """Whether a genre, a subject, a keyword or a size of letters (340 $n) is that of books in large print."""
    return term.strip(" .") in _ALONE or WORDS.search(term) is not None


@remembered
def on_paper(text: str) -> Carrier | None:
    """What an edition statement or a physical description says of the letters of a volume; None for ordinary ones."""
    if BRAILLE.search(text):
        return Carrier.BRAILLE
    return Carrier.LARGE_PRINT if is_named(text) else None
