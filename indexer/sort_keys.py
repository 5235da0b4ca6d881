"""Where titles and names stand in a list: keys of ASCII letters and digits, the same for every engine.

A key ends in a number of its own, so that no two editions share one: both engines then order alike, and a cursor can
stand behind any edition.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from indexer.strokes import strokes
from indexer.variants import is_han

ARTICLES: Mapping[str, tuple[str, ...]] = {
    "eng": ("the ", "a ", "an "),
    "fre": ("le ", "la ", "les ", "l'", "un ", "une "),
    "ger": ("der ", "die ", "das ", "ein ", "eine "),
    "spa": ("el ", "la ", "los ", "las ", "un ", "una "),
    "ita": ("il ", "lo ", "la ", "i ", "gli ", "le ", "l'"),
    "por": ("o ", "a ", "os ", "as "),
    "dut": ("de ", "het ", "een "),
}
"""By language: what a title's place in an alphabetical list does not count."""

MAX_ORDER_LENGTH = 80
"""Of what titles and names are sorted by: ten Han characters, forty letters."""

_ACCENT_OR_SIGN = re.compile(r"[\u0300-\u036f]|[^\w\s']|_|(?<!\w)'|'(?!\w)")


def title_order(title: str, language: str, num: int) -> str:
    """The key of a title: signs, accents and a leading article of its language do not count; without one, the last."""
    text = _listed(title)
    article = next((a for a in ARTICLES.get(language, ()) if text.startswith(a)), "")
    return f"{_spelled(text[len(article) :])}0{num:013x}"


def name_order(name: str, num: int) -> str:
    """The key of a name; without one, the last."""
    return f"{_spelled(_listed(name))}0{num:013x}"


def _listed(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).casefold().replace("’", "'")
    return " ".join(_ACCENT_OR_SIGN.sub("", plain).split())


def _spelled(text: str) -> str:
    """Letters and digits that sort as a text does: Han characters behind all others, by strokes, then by code."""
    if text.isascii():
        return text.encode().hex()[:MAX_ORDER_LENGTH] or "z"
    spelled = (f"f{strokes(c):02x}{ord(c):05x}" if is_han(c) else c.encode("utf-8", "replace").hex() for c in text[:40])
    return "".join(spelled)[:MAX_ORDER_LENGTH] or "z"
