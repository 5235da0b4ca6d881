"""The language that a record states, and which character set of one or two bytes its text is in by that.

A language speaks where bytes alone do not: Wałęsa in Windows-1250 is Wađs̊a in MARC-8, and only Polish tells that the
one is meant. Both are read letter by letter and weighed by what no text in the language has.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Literal, NamedTuple

from indexer.marc8 import decoded_marc8

StatedSet = Literal[
    "windows-1250", "iso-8859-2", "windows-1254", "windows-1257", "windows-1258", "windows-1251", "koi8-r", "cp866",
    "windows-1253", "windows-1255", "windows-1256", "tis-620", "euc-kr", "euc-jp", "shift_jis",
]  # fmt: skip
CODECS: dict[StatedSet, str] = {
    "windows-1250": "cp1250", "iso-8859-2": "iso8859-2", "windows-1254": "cp1254", "windows-1257": "cp1257",
    "windows-1258": "cp1258", "windows-1251": "cp1251", "koi8-r": "koi8-r", "cp866": "cp866",
    "windows-1253": "cp1253", "windows-1255": "cp1255", "windows-1256": "cp1256", "tis-620": "cp874",
    "euc-kr": "cp949", "euc-jp": "euc_jp", "shift_jis": "cp932",
}  # fmt: skip

_LANGUAGE = re.compile(
    rb"\x1e(?:[0-9]{6}[a-z|][^\x1e]{28}([a-z]{3})..|[0-9 #|]{2}\x1fa([a-z]{3}))(?=[\x1e\x1f])"
    rb'|"008">[^<]{35}([a-z]{3})'
)


def languages(data: bytes) -> frozenset[str]:
    """The codes of the languages that a record's bytes state in 008, 041 $a and 101 $a, ISO 2709 or MARCXML."""
    return frozenset("".join(map(bytes.decode, found)) for found in _LANGUAGE.findall(data))


class _Alphabet(NamedTuple):
    """The letters beyond A to Z that a language is written with, and the sets its libraries have had for them."""

    letters: frozenset[str]
    sets: tuple[StatedSet, ...]


_CENTRAL: tuple[StatedSet, ...] = ("windows-1250", "iso-8859-2")
_VIETNAMESE = unicodedata.normalize(
    "NFC", "đ" + "".join(letter + tone for letter in "aăâeêioôơuưy" for tone in ("", *"\u0300\u0301\u0303\u0309\u0323"))
)
_ALPHABETS = {
    code: _Alphabet(frozenset(letters) - frozenset("aeiouy"), sets)
    for codes, letters, sets in (
        ("pol", "ąćęłńóśźż", _CENTRAL),
        ("cze ces", "áčďéěíňóřšťúůýž", _CENTRAL),
        ("slo slk", "áäčďéíĺľňóôŕšťúýž", _CENTRAL),
        ("hun", "áéíóöőúüű", _CENTRAL),
        ("hrv scr bos", "čćđšž", _CENTRAL),
        ("slv", "čšž", _CENTRAL),
        ("rum ron", "ăâîşţ", _CENTRAL),
        ("tur", "çğıöşüİâîû", ("windows-1254",)),
        ("lav", "āčēģīķļņšūž", ("windows-1257",)),
        ("lit", "ąčęėįšųūž", ("windows-1257",)),
        ("vie", _VIETNAMESE, ("windows-1258",)),
    )
    for code in codes.split()
}
"""Languages in Latin letters that Latin-1 does not have."""

_CYRILLIC: tuple[StatedSet, ...] = ("windows-1251", "koi8-r", "cp866")
_SCRIPTS: dict[str, tuple[re.Pattern[str], tuple[StatedSet, ...]]] = {
    code: (re.compile(script), sets)
    for codes, script, sets in (
        ("rus ukr bul bel mac", "[\u0400-\u045f\u0490\u0491]", _CYRILLIC),
        ("gre ell grc", "[\u0386-\u03ce]", ("windows-1253",)),
        ("heb yid", "[\u05d0-\u05f4]", ("windows-1255",)),
        ("ara per fas urd", "[\u0600-\u06ff\u200c\u200d]", ("windows-1256",)),
        ("tha", "[\u0e01-\u0e5b]", ("tis-620",)),
        ("kor", "[\uac00-\ud7a3\u4e00-\u9fff\uf900-\ufa0b]", ("euc-kr",)),
        ("jpn", "[\u3041-\u30fe\u4e00-\u9fff]", ("euc-jp", "shift_jis")),
    )
    for code in codes.split()
}
"""Languages in other letters, what these are, and the sets of them that no byte of a record names."""

_WORD = re.compile(rb"\x1f.|[A-Za-z\x80-\xff]+")  # the code of a subfield is no part of a word
_JOINING = frozenset("’‘'–—-·\u200c\u200d")
_AROUND = frozenset("„“”«»‹›‚…©® §°–—‘’\u00a0")
_SIGN, _NOT_THERE, _NOT_ITS_OWN = 2, 3, 1
_MOST_WORDS = 2_000


class Verdict(NamedTuple):
    """The set of one byte that a record is in by its language; ``certain`` where nothing else can be meant."""

    charset: StatedSet
    certain: bool


def written_in(data: bytes, stated: frozenset[str]) -> Verdict | None:
    """The set in which a record's letters are those of its language in Latin letters, where MARC-8 gives others.

    None where MARC-8 gives no letter that is strange, or no set of the language gives fewer.
    """
    alphabets = [_ALPHABETS[code] for code in sorted(stated & _ALPHABETS.keys())]
    if not alphabets:
        return None
    words = _words(data)
    best: tuple[int, int, Verdict] | None = None
    for letters, sets in alphabets:
        in_marc8 = sum(_strange_in_marc8(word, letters) for word in words)
        if not in_marc8:
            return None
        for charset in sets:
            strange, own = _strange(words, CODECS[charset], letters)
            certain = in_marc8 >= _CERTAINLY and own >= _CERTAINLY and strange * 4 <= min(in_marc8, own)
            if own and strange < in_marc8 and (best is None or (strange, -own) < best[:2]):
                best = strange, -own, Verdict(charset, certain)
    return best[2] if best else None


_CERTAINLY = 2


def may_be_cyrillic(stated: frozenset[str]) -> bool:
    """Whether a text can be in Cyrillic by the languages stated: by none of them, or by one."""
    others = _ALPHABETS.keys() | _SCRIPTS.keys()
    return not stated & others or any(_SCRIPTS[code][1] == _CYRILLIC for code in stated & _SCRIPTS.keys())


def cannot_be_latin1(stated: frozenset[str]) -> bool:
    """Whether the languages stated are all such as Latin-1 has not the letters of."""
    return bool(stated) and stated <= _ALPHABETS.keys()


def cannot_be_marc8(data: bytes, stated: frozenset[str]) -> bool:
    """Whether MARC-8 gives several letters that no text has in a language that Latin-1 cannot write."""
    letters = frozenset[str]().union(*(_ALPHABETS[code].letters for code in stated & _ALPHABETS.keys()))
    return bool(letters) and sum(_strange_in_marc8(word, letters) for word in _words(data)) >= _SEVERAL


_SEVERAL = 4


def _words(data: bytes) -> list[bytes]:
    """The words with letters beyond ASCII, each once."""
    return list(dict.fromkeys(word for word in _WORD.findall(data) if not word.isascii()))[:_MOST_WORDS]


def _strange(words: list[bytes], codec: str, letters: frozenset[str]) -> tuple[int, int]:
    """How much of words in a set of one byte is strange in a language, and how many letters are of its own."""
    strange = own = 0
    for word in words:
        text = unicodedata.normalize("NFC", word.decode(codec, "replace"))
        for at, letter in enumerate(text):
            if letter.isascii():
                continue
            before, after = text[at - 1 : at] if at else "", text[at + 1 : at + 2]
            if not letter.isalpha():
                outside = not (before.isalpha() and after.isalpha())
                strange += 0 if letter in _JOINING or (outside and letter in _AROUND) else _SIGN
            elif letter.isupper() and before.islower():
                strange += _SIGN
            elif letter in letters or letter.lower() in letters:
                own += 1
            else:
                strange += _NOT_ITS_OWN
            if letter.islower() and after.isupper():
                strange += _NOT_ITS_OWN
        strange += text.count("\ufffd") * _NOT_THERE
    return strange, own


_STANDS_ON = {
    0xE0: "aeiouy", 0xE1: "aeiouy", 0xE2: "aeiouycnsrzlgkmpfv", 0xE3: "aeioucghjsywz", 0xE4: "aeiounyv",
    0xE5: "aeiouyg", 0xE6: "aeioughsvzc", 0xE7: "cegiznamrhy", 0xE8: "aeiouy", 0xE9: "cdeglnrstzaiouhjk",
    0xEA: "auoy", 0xED: "", 0xEE: "ou", 0xEF: "mn", 0xF0: "cstegklnrh", 0xF1: "aeiuo", 0xF2: "aeiouyhtsndrlzkmbvg",
    0xF3: "u", 0xF4: "rlaeuo", 0xF5: "", 0xF6: "nshigdtbklrz", 0xF7: "tscgkln", 0xF8: "", 0xF9: "h", 0xFE: "",
}  # fmt: skip
"""The letters on which each mark of MARC-8 stands in alphabets and romanisations, and in 1,400 real records."""
_HALVES = {0xEB: (2, 0xEC), 0xEC: (-2, 0xEB), 0xFA: (2, 0xFB), 0xFB: (-2, 0xFA)}
_HORNED = frozenset(b"\xac\xad\xbc\xbd")
_OF_ALPHABETS = frozenset(b"\xa1\xa2\xa3\xa4\xa5\xa6\xb1\xb2\xb3\xb4\xb5\xb6\xb8\xba\xc7") | _HORNED
_IN_WORDS = frozenset(b"\xa7\xae\xb0\xb7\x88\x89\x8d\x8e")  # soft and hard signs, breathings, what sorting skips
_APOSTROPHE = 0xE1


def _strange_in_marc8(word: bytes, letters: frozenset[str]) -> int:
    """How much of a word is strange in MARC-8: marks on letters they do not stand on, signs within it, bytes of no
    meaning, and letters that are not the language's."""
    strange = 0
    for at, byte in enumerate(word):
        if byte < 0x80 or byte in _IN_WORDS:
            continue
        if byte in _HALVES:
            distance, other = _HALVES[byte]
            strange += _SIGN if word[max(at + distance, 0) : at + distance + 1] != bytes([other]) else 0
        elif byte in _STANDS_ON:
            strange += _strange_mark(word, at)
        elif byte in _OF_ALPHABETS:
            own = byte in _HORNED or decoded_marc8(bytes([byte])).lower() in letters
            strange += 0 if own else _NOT_ITS_OWN
        else:
            strange += _SIGN
    return strange


def _strange_mark(word: bytes, at: int) -> int:
    base = at
    while base < len(word) and word[base] >= 0xE0:
        base += 1
    letter = chr(word[base] | 0x20) if base < len(word) else ""
    if word[base : base + 1] in (b"\xac", b"\xbc", b"\xad", b"\xbd"):
        letter = "ou"[word[base] & 1]
    elif word[base : base + 1] == b"\xb8":
        letter = "i"
    if letter and letter in _STANDS_ON[word[at]]:
        return 0
    if word[at] == _APOSTROPHE and (not letter or (base == at + 1 and len(word) - base <= 2 and letter in "stdmlrv")):
        return _NOT_ITS_OWN if not letter else 0  # can\xe1t, Relaxin\xe1: a grave for the apostrophe
    return _SIGN


def set_of_script(data: bytes, stated: frozenset[str]) -> StatedSet | None:
    """The set in which words of nothing but high bytes are in the letters of the language stated.

    MARC-8 has no such words but in sets it names; which of the language's sets it is, a library has to say.
    """
    scripts = [_SCRIPTS[code] for code in sorted(stated & _SCRIPTS.keys())]
    if not scripts:
        return None
    words = [word for word in _WORD.findall(data) if not word.isascii()]
    best: tuple[float, StatedSet] | None = None
    for script, sets in scripts:
        for charset in sets:
            found = [word.decode(CODECS[charset], "replace") for word in words]
            letters = [letter for word in found for letter in word if not letter.isascii()]
            if not letters:
                continue
            own = sum(len(script.findall(word)) for word in found if len(word) > 1 and not _LATIN.search(word))
            least = _CHARACTERS if charset in _OF_TWO_BYTES else _LETTERS
            if own >= least and own >= _MOSTLY * len(letters) and (best is None or own / len(letters) > best[0]):
                best = own / len(letters), charset
    return best[1] if best else None


_LATIN = re.compile("[A-Za-z]")
_OF_TWO_BYTES = frozenset({"euc-kr", "euc-jp", "shift_jis"})
_MOSTLY, _LETTERS, _CHARACTERS = 0.85, 3, 2
