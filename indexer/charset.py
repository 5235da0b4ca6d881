"""Which character set a record is really in, and text from its bytes. What cannot be decoded becomes U+FFFD."""

from __future__ import annotations

import codecs
import re
import unicodedata
from typing import Literal

from indexer import vietnamese
from indexer.big5 import decoded_big5
from indexer.double_byte import double_bytes, is_big5, likely_set, surely_set
from indexer.eacc import REPLACEMENT
from indexer.iso5426 import decoded_iso5426
from indexer.latin1 import latin1_verdict
from indexer.marc8 import decoded_marc8
from indexer.single_byte import cyrillic_set, is_windows_1250
from indexer.stated_language import (
    cannot_be_latin1,
    cannot_be_marc8,
    languages,
    may_be_cyrillic,
    set_of_script,
    written_in,
)
from mappings.charsets import StatedCharacterSet

CharacterSet = Literal[StatedCharacterSet, "utf-8 with windows-1252"]
"""UTF-8, MARC-8, Big5, Latin-1 and windows-1252 are found by themselves, those of Latin letters that Latin-1 lacks by
the language that a record states; the others are read where a library's file states them."""

_ESCAPE = re.compile(rb"\x1b(?:[(,)$\-][0-9A-Za-z!,)\-$]|[gbps1])")
_SAMPLE = 200_000  # bytes by which a set is guessed: twice what a record may have by its standard
_HIGH_RUN = re.compile(rb"[\x80-\xff]+[\x40-\x7e]?")  # with the byte that may end a pair of Big5 or bear a diacritic
_LONG_RUN = re.compile(rb"[\x80-\xff]{3}")  # MARC-8 has a letter of ASCII after two, seldom three, diacritics
_UTF8_SEQUENCE = re.compile(rb"[\xc3-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_NOT_ANSEL = re.compile(
    rb"[\xc1-\xc4](?=[a-z])|[\xe0-\xfe](?![A-Za-z\xa1-\xfe])|[\x80-\x87\x8a-\x8c\x8f-\xa0\xc9-\xdf\xff]"
)
_ASCII_BYTES = bytes(range(0x80))
_GB_PAIR = re.compile(rb"[\xb0-\xd7][\xa1-\xfe]")
_CAPITAL_WITHIN = re.compile(rb"[a-z][\xc0-\xde][a-z]")
_LATIN1_LETTER = re.compile(rb"(?<![\x80-\xff])[\xc0-\xd6\xd8-\xf6\xf8-\xff](?![\x80-\xff])")
_C1 = re.compile(rb"[\x80-\x9f]")


class UnknownCharacterSet(ValueError):
    """The bytes are in a set that nothing in them names; ``likely`` is the one in which they make sense, None for none.

    Where they make some in MARC-8 too, ``or_marc8``, a library's file has to say which is meant.
    """

    def __init__(self, likely: CharacterSet | None, *, or_marc8: bool = False) -> None:
        self.likely = likely
        which = 'could be MARC-8 (records.encoding = "marc-8")' if or_marc8 else "are neither UTF-8 nor MARC-8"
        meant = f"look like {likely}" if likely else "are pairs that make no sense in any known set"
        super().__init__(f"its bytes {which}, and {meant}")


def character_set(data: bytes, *, says_utf8: bool) -> CharacterSet:
    """The character set of a record's bytes; what it says of itself is believed only where the bytes allow it.

    Bytes that are valid UTF-8 are UTF-8, whatever the leader says. Escapes to a MARC-8 set make it MARC-8. Pairs of
    bytes that are Big5's frequent characters are Big5. UTF-8 sequences beside bad bytes are damaged UTF-8. Other pairs
    that stand where Chinese, Japanese or Korean would are not guessed, however few they are. A language stated that
    Latin-1 cannot write speaks for a set of its letters, where MARC-8 would give others. What is left is MARC-8,
    except that a record which says UTF-8 must also place its diacritics as MARC-8 does, and that letters which stand
    as those of Latin-1 do and diacritics of MARC-8 do not are Latin-1.

    Raises: UnknownCharacterSet, where MARC-8 would be nonsense and another set would not: which one it is, a library's
    file has to say.
    """
    if data.isascii():
        return "marc-8" if b"\x1b" in data and _ESCAPE.search(data) else "utf-8"
    if is_utf8(data):
        return "utf-8"
    if _ESCAPE.search(data):
        return "marc-8"
    high = b"\n".join(_HIGH_RUN.findall(data[:_SAMPLE]))  # most of a record is ASCII: it is looked through once
    stated = languages(data[:_SAMPLE])
    if _LONG_RUN.search(high) and may_be_cyrillic(stated) and (cyrillic := cyrillic_set(data[:_SAMPLE])):
        raise UnknownCharacterSet(cyrillic)
    sequences, count = _UTF8_SEQUENCE.findall(high), len(high.translate(None, _ASCII_BYTES))
    of_script = set_of_script(data[:_SAMPLE], stated) if len(sequences) * 4 <= count else None
    pairs = double_bytes(data[:_SAMPLE], high)
    if pairs and vietnamese.has_two_marks(data) and vietnamese.is_all_syllables(data[:_SAMPLE]):
        return "marc-8"
    if pairs and of_script != "euc-kr" and is_big5(pairs):
        return "big5"
    if len(sequences) * 4 > count and not (pairs and sum(map(len, sequences)) * 4 < count * 3):
        return damaged_utf8(data)
    if of_script:
        raise UnknownCharacterSet(of_script)
    if verdict := written_in(data[:_SAMPLE], stated):
        if verdict.certain:
            return verdict.charset
        raise UnknownCharacterSet(verdict.charset, or_marc8=True)
    if cannot_be_marc8(data[:_SAMPLE], stated) and latin1_verdict(data[:_SAMPLE], says_utf8=True):
        raise UnknownCharacterSet("latin-1", or_marc8=True)
    if pairs and ((meant := likely_character_set(data)) or sum(map(len, pairs)) >= _SOME):
        raise UnknownCharacterSet(meant)
    misplaced = len(_NOT_ANSEL.findall(high))
    if says_utf8 and misplaced:
        if len(sequences) * 4 <= count and (likely := likely_character_set(data)):
            raise UnknownCharacterSet(likely)
        certain = not sequences and latin1_verdict(data[:_SAMPLE], says_utf8=False) == "latin-1"
        return "utf-8 with windows-1252" if certain else damaged_utf8(data)
    if misplaced >= 2 and _looks_like_latin1(high, misplaced, data[:_SAMPLE]):
        if cannot_be_latin1(stated):
            raise UnknownCharacterSet("latin-1", or_marc8=True)
        return _western(data)
    if misplaced >= 4 and misplaced * 10 >= count and (likely := likely_character_set(data)):
        raise UnknownCharacterSet(likely)
    if western := latin1_verdict(data[:_SAMPLE], says_utf8=says_utf8):
        if likely := likely_character_set(data):
            raise UnknownCharacterSet(likely)
        if western == "doubtful" or cannot_be_latin1(stated):
            raise UnknownCharacterSet("latin-1", or_marc8=True)
        return "utf-8 with windows-1252" if says_utf8 else _western(data)
    return "marc-8"


def _western(data: bytes) -> CharacterSet:
    """Latin-1, or Windows-1252 where bytes are there that only it has."""
    return "windows-1252" if _C1.search(data) else "latin-1"


def damaged_utf8(data: bytes) -> CharacterSet:
    """How to read UTF-8 with bad bytes in it."""
    return "utf-8 with windows-1252" if bad_bytes_are_letters(data) else "utf-8"


def is_utf8(data: bytes) -> bool:
    return _decodes(data, "utf-8")


def _looks_like_latin1(data: bytes, misplaced: int, whole: bytes) -> bool:
    high = len(data.translate(None, _ASCII_BYTES))
    if len(_CAPITAL_WITHIN.findall(whole)) * 2 >= high:
        return False  # "linnÂeenne" is another set's diacritic
    return misplaced * 3 >= high and len(_LATIN1_LETTER.findall(data)) * 4 >= high * 3


def _decodes(data: bytes, codec: str) -> bool:
    try:
        data.decode(codec)
    except UnicodeDecodeError:
        return False
    return True


def likely_character_set(data: bytes) -> CharacterSet | None:
    """What bytes that made no sense may be in, for a hint to whoever sets ``records.encoding``; None: no idea."""
    data = data[:_SAMPLE]
    high = data.translate(None, _ASCII_BYTES)
    if not high:
        return None
    if of_script := set_of_script(data, languages(data)):
        return of_script
    pairs = double_bytes(data, b"\n".join(_HIGH_RUN.findall(data)))
    if pairs and len(high) < _SOME and (meant := surely_set(pairs)):
        return meant
    if _is_thai(high):
        return "tis-620"
    if _has_of_its_own(data, "shift_jis", _KANA, 0.3):
        return "shift_jis"
    if pairs and (meant := likely_set(pairs)):
        return meant
    if len(_MARK_OF_5426.findall(data)) >= 0.8 * len(high):
        return "iso-5426"
    if cyrillic := cyrillic_set(data):
        return cyrillic
    for candidate, own, least in _OWN_SCRIPT:
        if _has_of_its_own(data, candidate, own, least):
            return candidate
    if len(_GB_PAIR.findall(data)) * 2 > 0.8 * len(high):
        return "gb18030"
    return "windows-1250" if is_windows_1250(data) else None


def likely_instead_of_utf8(data: bytes) -> CharacterSet | None:
    """What bytes said to be UTF-8 may be in; None where they are UTF-8, damaged or not, or there is no idea."""
    if is_utf8(data):
        return None
    high = b"\n".join(_HIGH_RUN.findall(data[:_SAMPLE]))
    if len(_UTF8_SEQUENCE.findall(high)) * 4 > len(high.translate(None, _ASCII_BYTES)):
        return None
    return likely_character_set(data)


_MARK_OF_5426 = re.compile(rb"(?<![\x80-\xff])(?:[\xc8\xc9][AEIOUYaeiouy]|[\xc0-\xc7\xca-\xdb][A-Za-z])")
_KANA = re.compile("[\u3041-\u30fe]")
_OWN_SCRIPT: tuple[tuple[CharacterSet, re.Pattern[str], float], ...] = (
    ("euc-jp", _KANA, 0.2),
    ("shift_jis", _KANA, 0.1),
    ("euc-kr", re.compile("[\uac00-\ud7a3]"), 0.6),
)
"""What text in a set has of the script that only it is for: the share of its letters."""
_SOME = 20  # bytes: in fewer, other sets look like Thai now and then
_THAI = frozenset(range(0xA1, 0xDB)) | frozenset(range(0xDF, 0xFC))
_THAI_MARK = re.compile(rb"[\xd1\xd4-\xda\xe7-\xee]")
_THAI_MARKED = re.compile(rb"[\xa1-\xce\xd1\xd4-\xda\xe7-\xee](?=[\xd1\xd4-\xda\xe7-\xee])")


def _is_thai(high: bytes) -> bool:
    """Whether high bytes are Thai letters of TIS-620: its vowels and tones above and below stand on consonants."""
    marks, most = len(_THAI_MARK.findall(high)), 10 if len(high) >= _SOME else 4
    return (
        _THAI.issuperset(high) and marks * most >= len(high) and len(_THAI_MARKED.findall(high)) * 20 >= marks * 19 > 19
    )


def _has_of_its_own(data: bytes, candidate: CharacterSet, own: re.Pattern[str], least: float) -> bool:
    text = data.decode(_CODECS[candidate], "replace")
    letters = sum(not letter.isascii() for letter in text)
    return text.count(REPLACEMENT) * 20 <= letters and len(own.findall(text)) >= max(least * letters, 2)


_PRIVATE = re.compile("[\ue000-\uf8ff]")
_CODECS: dict[CharacterSet, str] = {
    "windows-1252": "cp1252",
    "windows-1251": "cp1251",
    "cp866": "cp866",
    "koi8-r": "koi8-r",
    "iso-8859-2": "iso8859-2",
    "windows-1253": "cp1253",
    "windows-1254": "cp1254",
    "windows-1255": "cp1255",
    "windows-1256": "cp1256",
    "windows-1257": "cp1257",
    "gb18030": "gb18030",
    "euc-jp": "euc_jp",
    "euc-kr": "cp949",
    "shift_jis": "cp932",
    "tis-620": "cp874",
    "windows-1250": "cp1250",
    "windows-1258": "cp1258",
    "latin-1": "latin-1",
    "utf-8": "utf-8",
}


def decoded(data: bytes, charset: CharacterSet, notes: list[str] | None = None) -> str:
    """The text of a field's bytes; each byte sequence that has no meaning there becomes U+FFFD.

    ``notes`` is told what was made out although it is not as the character set has it.
    """
    if data.isascii() and b"\x1b" not in data and b"&#x" not in data:
        return data.decode("ascii")
    if charset == "marc-8":
        return decoded_marc8(data, notes)
    if charset == "utf-8 with windows-1252":
        return data.decode("utf-8", _LETTERS)
    if charset in ("big5", "big5-hkscs", "big5-uao"):
        return decoded_big5(data, charset, notes)
    if charset == "iso-5426":
        return decoded_iso5426(data)
    if charset == "utf-8" and b"\xed" in data and _SURROGATES.search(data):
        data = with_surrogates_joined(data)
        if notes is not None:
            notes.append(CESU_8)
    text = data.decode(_CODECS[charset], "replace")
    if notes is not None and charset == "gb18030" and _PRIVATE.search(text):
        notes.append("a character of private use, which nobody else can show")
    return unicodedata.normalize("NFC", text) if charset == "windows-1258" else text  # it has its tones on their own


CESU_8 = "characters in CESU-8, as Oracle's UTF8 has them: two surrogates each"
_SURROGATES = re.compile(rb"\xed[\xa0-\xaf][\x80-\xbf]\xed[\xb0-\xbf][\x80-\xbf]")


def with_surrogates_joined(data: bytes) -> bytes:
    """UTF-8 in which a character beyond the first plane is one sequence, not one for each of two surrogates."""

    def joined(match: re.Match[bytes]) -> bytes:
        return match[0].decode("utf-8", "surrogatepass").encode("utf-16", "surrogatepass").decode("utf-16").encode()

    return _SURROGATES.sub(joined, data)


def bad_bytes_are_letters(data: bytes) -> bool:
    """Whether every bad byte in damaged UTF-8 is a letter of Windows-1252 within a Latin word.

    Bytes that may as well be diacritics of MARC-8 before their letters, or the rest of a sequence that was cut, are
    not: nothing could tell them apart.
    """
    marked = data.decode("utf-8", "surrogateescape")
    diacritics = bad = 0
    for match in _BAD.finditer(marked):
        run = [ord(character) - 0xDC00 for character in match.group()]
        before, after = marked[match.start() - 1 : match.start()], marked[match.end() : match.end() + 1]
        if marked[match.start() - 2 : match.start() - 1] == "\x1f":
            before = ""  # a subfield's code
        if len(run) > 2 or not _LETTERS_OF_1252.issuperset(run) or not (_LATIN.match(before) or _LATIN.match(after)):
            return False
        if run[0] < 0xE0 and before.islower():  # "caf\xc3" was cut before the second byte of its last letter
            return False
        bad += len(run)
        if bad > _MOST_BAD_BYTES:
            return False
        diacritics += len(run) if min(run) >= 0xE0 and after.isascii() and after.isalpha() else 0
    return bad > diacritics


_MOST_BAD_BYTES = 10_000  # beyond, it is another character set, if it is any
_BAD = re.compile("[\udc80-\udcff]+")
_LATIN = re.compile("[A-Za-z\u00c0-\u024f]")
_LETTERS_OF_1252 = frozenset({0x8A, 0x8C, 0x8E, 0x9A, 0x9C, 0x9E, 0x9F, *range(0xC0, 0x100)} - {0xD7, 0xF7})


def _by_1252(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.start + 1].decode("cp1252", "replace"), error.start + 1


_LETTERS = "allshelves-letters-of-1252"
codecs.register_error(_LETTERS, _by_1252)
