"""Text as cataloguers send it, cleaned for display and folded for keys. Nothing here knows a MARC field."""

from __future__ import annotations

import re
import unicodedata

_SPACES = re.compile(r"\s+")
_UNCLEAN = re.compile(r"[\x00-\x1f\x7f-\x9f\u00ad\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]")
_CJK_RANGES = (
    r"\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3031-\u3035\u3038-\u303b\u3041-\u30ff\u3100-\u312f\u31a0-\u31ff"
    r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f\U00016fe0-\U00016fe4\U0001aff0-\U0001b16f"
    r"\U00020000-\U0003fffd"
)
_HANGUL_RANGES = r"\u1100-\u11ff\u3131-\u318e\ua960-\ua97c\uac00-\ud7ff"
_CJK = re.compile(f"[{_CJK_RANGES}{_HANGUL_RANGES}]")
_HAN = re.compile(r"[\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003fffd]")
_SPACE_IN_CJK = re.compile(f"(?<=[{_CJK_RANGES}{_HANGUL_RANGES}]) +(?=[{_CJK_RANGES}{_HANGUL_RANGES}])")
_ABBREVIATION = re.compile(
    r"(?:^|[\s(\[.-])(?:[^\W\d_]|[A-Z][a-z]|(?i:approx|assoc|bros|cent|col|comp|corp|dept|diss|div|est|etc|ill|illus|"
    r"inc|intl|jr|ltd|mfg|ms|no|pbk|phil|pp|prof|pseud|pub|sess|sr|st|transl?|univ|ver|vols?|aufl|bd|hrsg|nr|éd|impr)"
    r"|Ala|Ariz|Ark|Calif|Colo|Conn|Del|Fla|Ill|Ind|Kan|Mass|Mich|Minn|Mont|Neb|Nev|Okla|Tenn|Tex|Wash|Wis|Wyo)$"
)
_PAIRS = {"[": "]", "(": ")", "【": "】", "（": "）", "「": "」", "［": "］"}
_CLOSING = frozenset(_PAIRS.values())


def clean(text: str) -> str:
    """The text in NFC with control and invisible direction characters gone and white space single.

    MARC's non-sorting marks (U+0098, U+009C) vanish, what they enclose stays. Joiners (U+200C, U+200D) stay:
    Persian and Indic scripts spell with them.
    """
    if text.isprintable():  # no control, no direction character, no space but U+0020
        if not text.isascii():
            text = unicodedata.normalize("NFC", text)
        text = text.strip(" ")
        return " ".join(text.split()) if "  " in text else text
    text = _UNCLEAN.sub(lambda m: " " if m.group() in "\t\n\v\f\r\x85\u2028\u2029" else "", text)
    return _SPACES.sub(" ", unicodedata.normalize("NFC", text)).strip()


def trim_isbd(text: str) -> str:
    """The text without the ISBD punctuation that separates it from its neighbours, brackets balanced at its ends.

    A full stop that ends an initial or an abbreviation, and an ellipsis, belong to the text and stay.
    """
    if not text or (text[0].isalnum() and text[-1].isalnum()):
        return text
    text = text.strip(" /:;,=+、，；：／．。،؛" if not text.isascii() else " /:;,=+")
    if text.endswith(".") and not text.endswith("..") and not _ABBREVIATION.search(text[:-1]):
        text = text[:-1].rstrip(" /:;,=")
    if text and (text[0] in _PAIRS or text[-1] in _CLOSING):
        return _unbracketed(text)
    return text


def _unbracketed(text: str) -> str:
    for opening, closing in _PAIRS.items():
        if text.startswith(opening) and closing not in text:
            text = text[1:].lstrip()
        elif text.endswith(closing) and opening not in text:
            text = text[:-1].rstrip()
        elif text.startswith(opening) and text.endswith(closing) and text.count(opening) == 1 == text.count(closing):
            text = text[1:-1].strip()
    return text


def has_cjk(text: str) -> bool:
    """Whether any ideograph, kana, bopomofo or Hangul letter stands in the text."""
    return not text.isascii() and _CJK.search(text) is not None


def has_han(text: str) -> bool:
    """Whether any ideograph stands in the text."""
    return not text.isascii() and _HAN.search(text) is not None


def is_romanised(text: str) -> bool:
    """Whether every letter of the text is Latin: what a romanised form looks like. False when it has no letter."""
    if text.isascii():
        return any(map(str.isalpha, text))
    letters = [char for char in text if char.isalpha() and unicodedata.category(char) != "Lm"]
    return bool(letters) and all(map(_is_latin, letters))


def _is_latin(char: str) -> bool:
    return char < "\u0250" or "\u1e00" <= char <= "\u1eff" or unicodedata.name(char, "").startswith("LATIN")


_LETTERS = {
    "ø": "o", "æ": "ae", "œ": "oe", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "ħ": "h", "ı": "i", "ŋ": "n",
    "ə": "e", "ƒ": "f", "ơ": "o", "ư": "u", "ŧ": "t", "ŀ": "l", "ĸ": "k", "&": " and ",
}  # fmt: skip
_SILENT = frozenset("'’‘`´ʻʼʹʺʾʿˈ′ʽ·")  # inside a word: T'ai-chung, Qurʼan, l’été


class _Folding(dict[int, str]):
    """What each code point folds to, worked out the first time it is met."""

    def __missing__(self, code: int) -> str:
        folded = self[code] = _fold_character(chr(code))
        return folded


def _fold_character(char: str) -> str:
    if char in _LETTERS:
        return _LETTERS[char]
    if char in _SILENT:
        return ""
    category = unicodedata.category(char)
    if category[0] in "LN":
        return unicodedata.normalize("NFC", "".join(_without_diacritics(unicodedata.normalize("NFD", char))))
    if category[0] == "M":
        # Vowel signs of Thai, Indic or Khmer are letters in all but name; points of Hebrew and Arabic are not written
        # by most cataloguers, and marks on Latin, Greek and Cyrillic letters differ from one to the next.
        return "" if "\u0300" <= char <= "\u036f" or "\u0591" <= char <= "\u065f" or char == "\u0670" else char
    return char if char in "+#" else " "


def _without_diacritics(decomposed: str) -> str:
    if decomposed[0] < "\u0530" or "\u1e00" <= decomposed[0] <= "\u1fff":
        return "".join(_LETTERS.get(char, char) for char in decomposed if not unicodedata.combining(char))
    return decomposed


_FOLDING = _Folding()


def fold(text: str) -> str:
    """The text reduced for keys and comparison: NFKC, lower case, no punctuation, no Latin, Greek or Cyrillic marks.

    Words are parted by single spaces; between two CJK characters there is none, however it was typed. ``+`` and ``#``
    stay (C++ is not C), ``&`` is *and*. Chinese character variants and Traditional and Simplified forms are kept
    apart here: folding them is for search (`analysis`), never for telling editions apart.
    """
    text = unicodedata.normalize("NFKC", text).casefold()
    text = " ".join(unicodedata.normalize("NFC", text).translate(_FOLDING).split())
    return text if text.isascii() else _SPACE_IN_CJK.sub("", text)
