"""Where titles and names stand in a list: keys of ASCII letters and digits, the same for every engine.

A key ends in a number of its own, so that no two editions share one: both engines then order alike, and a cursor can
stand behind any edition.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache, lru_cache

from indexer.analysis import LETTERS
from indexer.strokes import by_strokes, strokes
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

ARTICLES_OF_OTHERS = ("the ", "der ", "das ", "les ", "los ")
"""Likewise in titles of editions in languages that are not written in Latin letters: a translation also stands under
its original, at one place with that. Shorter ones would be words there: A Q zheng zhuan."""

NOT_IN_LATIN_LETTERS = frozenset(
    ("", "und", "mul", "chi", "jpn", "kor", "tha", "bur", "lao", "khm", "rus", "ukr", "gre", "ara", "heb", "per", "hin")
)
TEA = frozenset(("fre", "dan", "swe"))
"""Languages in which *the* is a word of its own, accents aside."""

MAX_ORDER_LENGTH = 80
"""Of what titles and names are sorted by: ten Han characters, forty letters."""

MAX_PLACE_LENGTH = 160
"""Bytes of a place in a list: forty Han characters, or as much of a subject with its subdivisions as anybody reads."""

MAX_SHELF_LENGTH = 120
"""Of what editions are sorted by on the shelf: class, mark and year."""

FIRST_HAN = 0xF0000
"""Where Han characters stand in a place: behind all others, in a plane of code points that no text uses."""

_ACCENT_OR_SIGN_ALONE = re.compile(r"[\u0300-\u036f]|[^\w\s']|_")
_QUOTING = re.compile(r"(?<!\w)'|'(?!\w)")
_ACCENT_OR_SIGN = re.compile(rf"{_ACCENT_OR_SIGN_ALONE.pattern}|{_QUOTING.pattern}")


def title_order(title: str, language: str, num: int) -> str:
    """The key of a title: signs, accents and a leading article of its language do not count; without one, the last."""
    text = _listed(title)
    article = next((a for a in _articles(language) if text.startswith(a)), "")
    return f"{_spelled(text[len(article) :])}0{num:013x}"


def name_order(name: str, num: int) -> str:
    """The key of a name; without one, the last."""
    return f"{_spelled(_listed(name))}0{num:013x}"


@lru_cache(maxsize=100_000)  # names and subjects come again and again
def list_place(text: str, language: str | None = None) -> bytes:
    """Where a title, name or subject stands in an alphabetical list: places sort, byte by byte, as the keys above do.

    Only titles have a language, "" when it is unknown: of names and subjects articles count. The place of a beginning
    is before those of all that begin so. Several texts may share a place.
    """
    listed = " ".join(text.translate(_PLACES).split())
    if "'" in listed:
        listed = " ".join(_QUOTING.sub("", listed).split())
    articles = () if language is None else _articles(language)
    article = next((a for a in articles if listed.startswith(a)), "")
    return listed[len(article) : MAX_PLACE_LENGTH].encode("utf-8", "replace")[:MAX_PLACE_LENGTH]


def shelf_order(rank: int, place: str, num: int) -> str:
    """The key of a call number of the scheme of a rank; of an edition without one, see `name_order`."""
    return f"{rank}{place.encode('utf-8', 'replace').hex()[:MAX_SHELF_LENGTH]}0{num:013x}"


def _articles(language: str) -> tuple[str, ...]:
    """What a title in an edition of a language may begin with that does not count."""
    if language in NOT_IN_LATIN_LETTERS:
        return ARTICLES_OF_OTHERS
    return ARTICLES.get(language, ()) if language in TEA else (*ARTICLES.get(language, ()), "the ")


class _Places(dict[int, str]):
    """What each character is in a place, found when it is first met: millions of titles have few characters."""

    def __missing__(self, code: int) -> str:
        plain = _plain(chr(code))
        self[code] = found = "".join(map(_in_order, _ACCENT_OR_SIGN_ALONE.sub("", plain)))
        return found


_PLACES = _Places()


def han_in_order(text: str) -> str:
    """The text with each Han character as one that sorts by its strokes, then by its code."""
    return text if text.isascii() else "".join(map(_in_order, text))


def _in_order(character: str) -> str:
    rank = _han_order().get(ord(character)) if character > "\u3400" else None
    return character if rank is None else chr(FIRST_HAN + rank)


@cache
def _han_order() -> dict[int, int]:
    return {code: rank for rank, code in enumerate(by_strokes()) if is_han(chr(code))}


_ALIKE = str.maketrans(LETTERS | {"’": "'"} | {chr(code): chr(code - 0x60) for code in range(0x30A1, 0x30F7)})
"""Letters that stand where others do: đ among d, katakana among hiragana."""


def _plain(text: str) -> str:
    """The text in small letters, marks behind them, as search folds it; Han characters as they are."""
    return unicodedata.normalize("NFKD", text).casefold().translate(_ALIKE)


def _listed(text: str) -> str:
    plain = _plain(text)
    return " ".join(_ACCENT_OR_SIGN.sub("", plain).split())


def _spelled(text: str) -> str:
    """Letters and digits that sort as a text does: Han characters behind all others, by strokes, then by code."""
    if text.isascii():
        return text.encode().hex()[:MAX_ORDER_LENGTH] or "z"
    return "".join(map(_SPELLING.__getitem__, text[:40]))[:MAX_ORDER_LENGTH] or "z"


class _Spelling(dict[str, str]):
    """How each character is spelled, worked out the first time it is met."""

    def __missing__(self, char: str) -> str:
        spelled = f"f{strokes(char):02x}{ord(char):05x}" if is_han(char) else char.encode("utf-8", "replace").hex()
        self[char] = spelled
        return spelled


_SPELLING = _Spelling()
