"""Text to tokens: the same for documents and queries, and for every engine.

An engine is handed tokens and splits them at white space. One translation table does width, case, diacritics, variant
characters and punctuation at once, a character being decided when it is first met:

- words: Latin, Greek and Cyrillic without diacritics (also đ ø ł ı), every script in lower case, digits as ASCII;
- Han, kana and Hangul: one token a character (katakana as hiragana): words are found without spaces, as phrases;
- Thai, Lao, Burmese and Khmer, which write no spaces: one token a letter with its marks, found as phrases likewise;
- apostrophes join (T'ai → tai, O'Brien → obrien), elisions part (l'étranger → l etranger), & is *and*;
- other punctuation, symbols, controls and lone surrogates part words and leave nothing.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from indexer.variants import fold_variants, is_han

MAX_TOKEN_LENGTH = 250
"""Longer words are cut: Elasticsearch splits a token at 255 characters, the embedded engine does not."""

SHORT = 40
"""Texts up to this length are remembered: names, places, publishers and subjects come again and again."""

EMPTY = "_"
"""The token of a text field without tokens; no analysis yields it. A field absent from some documents would make the
engines count average lengths differently."""

LETTERS = {
    "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "ĸ": "k", "ł": "l", "ŀ": "l", "ŋ": "ng", "ø": "o", "œ": "oe", "æ": "ae",
    "þ": "th", "ŧ": "t", "ƀ": "b", "ɓ": "b", "ɖ": "d", "ɗ": "d", "ƙ": "k", "ɲ": "n", "ɛ": "e", "ɔ": "o", "ə": "e",
}  # fmt: skip
"""Latin letters that Unicode does not decompose."""

_APOSTROPHES = "'’‘ʼʻʽ`´′ʹʿʾ＇‛"
_JOINERS = "\u00ad\u200c\u200d\u2060\ufeff"
_FOLDED_SCRIPTS = ("LATIN", "GREEK", "CYRILLIC")

_ELISION = re.compile(
    rf"(?<![^\W_])(l|d|j|m|n|s|c|qu|jusqu|lorsqu|puisqu|all|dell|dall|nell|sull|un)[{_APOSTROPHES}](?=[^\W\d_])",
    re.IGNORECASE,
)
_PLUS_PLUS = re.compile(r"(?<![^\W_])([a-z])(?:\+\+|＋＋)", re.IGNORECASE)
_SHARP = re.compile(r"(?<![^\W_])([cf])[#＃♯](?![^\W_])", re.IGNORECASE)
_HALF_WIDTH_KANA = re.compile("[\uff66-\uff9f]")

_SPACELESS_RANGES = ((0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0xA9E0, 0xA9FF), (0xAA60, 0xAA7F))


def _class(categories: str) -> str:
    """A regular-expression class of the characters of some categories in the scripts that write no spaces."""
    codes = (code for first, last in _SPACELESS_RANGES for code in range(first, last + 1))
    return "".join(chr(code) for code in codes if unicodedata.category(chr(code))[0] in categories)


_NEEDS_NEIGHBOURS = re.compile(f"[{_class('L')}{_APOSTROPHES}\uff66-\uff9f+＋#＃♯]")
"""Characters that `_decide` cannot settle alone. Most texts have none: looking for all at once is cheapest."""

_CLUSTER = re.compile(f"[{_class('L')}](?:[\u1039\u17d2][{_class('L')}]|[{_class('M')}])*")


def is_single(token: str) -> bool:
    """Whether a token is one character of a script that needs no spaces: neighbours in a query form a phrase."""
    code = ord(token[0])
    return code > 0x0E00 and (
        is_han(token[0])
        or 0x3005 <= code <= 0x30FF
        or 0xAC00 <= code <= 0xD7A3
        or any(first <= code <= last for first, last in _SPACELESS_RANGES)
    )


def _decide(character: str) -> str:
    """What becomes of one character (in NFC): its folded form, spaced when it is a token of its own, "" or a space."""
    if character in _APOSTROPHES or character in _JOINERS:
        return ""
    if character in "&＆":
        return " and "
    compatible = unicodedata.normalize("NFKC", character)
    if compatible != character:
        return "".join(map(_decide, compatible))
    code, category = ord(character), unicodedata.category(character)
    if is_han(character) or character in "々〇":
        return f" {fold_variants(character)} "
    if 0x3041 <= code <= 0x30FF and category[0] == "L":
        hiragana = chr(code - 0x60) if 0x30A1 <= code <= 0x30F6 else character
        return f" {hiragana} "
    if 0xAC00 <= code <= 0xD7A3 or category == "Co":  # a private-use character is a Han character without a code
        return f" {character} "
    if category == "Nd":
        return str(unicodedata.digit(character))
    if category[0] == "L":
        return _letter(character)
    if category[0] == "M":
        name = unicodedata.name(character, "")
        return "" if name.startswith(("COMBINING", "VARIATION SELECTOR", "HEBREW", "ARABIC")) else character
    return character if category in {"No", "Nl"} else " "


def _letter(character: str) -> str:
    folded = character.casefold()
    if unicodedata.name(character, "").startswith(_FOLDED_SCRIPTS):
        bare = "".join(c for c in unicodedata.normalize("NFD", folded) if not unicodedata.combining(c))
        folded = "".join(LETTERS.get(c, c) for c in bare)
    return folded


class _Folding(dict[int, str]):
    """A translation table that decides a character when it first meets it."""

    def __missing__(self, code: int) -> str:
        self[code] = decided = _decide(chr(code))
        return decided


_FOLDING = _Folding()


class _LettersOnly(dict[int, int | None]):
    """A translation table that keeps letters, marks and figures."""

    def __missing__(self, code: int) -> int | None:
        self[code] = kept = code if unicodedata.category(chr(code))[0] in "LMN" else None
        return kept


_LETTERS_ONLY = _LettersOnly()


def _prepared(text: str) -> str:
    """A text in NFC, with what depends on neighbouring characters already spelt out."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    if not _NEEDS_NEIGHBOURS.search(text):
        return text
    if _HALF_WIDTH_KANA.search(text):
        text = unicodedata.normalize("NFKC", text)
    text = _CLUSTER.sub(r" \g<0> ", text.replace("ำ", "ํา").replace("ຳ", "ໍາ"))
    return _ELISION.sub(r"\1 ", _joined_symbols(text))


def _joined_symbols(text: str) -> str:
    """C++ and C# as words: without their symbols they would be the letter C."""
    return _SHARP.sub(r"\1sharp", _PLUS_PLUS.sub(r"\1plusplus", text))


def tokens(text: str) -> list[str]:
    """The tokens of a text, in order; none when it says nothing that could be searched."""
    found = _prepared(text).translate(_FOLDING).split()
    if len(text) > MAX_TOKEN_LENGTH:
        return [token[:MAX_TOKEN_LENGTH] for token in found]
    return found


def analyse(text: str) -> str:
    """The tokens of a text with a space between them: the value of an engine's text field."""
    return _remembered(text) if len(text) <= SHORT else " ".join(tokens(text))


@lru_cache(maxsize=1 << 15)
def _remembered(text: str) -> str:
    return " ".join(tokens(text))


def key(text: str) -> str:
    """The tokens of a whole text joined: equal for texts that differ in spaces, width, case, marks or variants."""
    return analyse(text).replace(" ", "")


def written_key(text: str) -> str:
    """As `key`, but each character as it was written: 紅樓夢 and 红楼梦 differ."""
    return unicodedata.normalize("NFKC", text).casefold().translate(_LETTERS_ONLY)


def parts(text: str) -> list[list[str]]:
    """The tokens of each stretch between white space or punctuation, in order: what stands together is together."""
    parted = "".join("\n" if _FOLDING[ord(c)] == " " else c for c in _joined_symbols(text))
    return [found for part in parted.split("\n") if (found := tokens(part))]
