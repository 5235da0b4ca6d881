"""MARC-8, EACC included: text from its bytes. What has no meaning there becomes U+FFFD."""

from __future__ import annotations

import re
import unicodedata

from pymarc import marc8_mapping

from indexer.eacc import REPLACEMENT
from indexer.eacc import character as eacc_character

_CHARACTER_REFERENCE = re.compile(r"&#x(0{0,2}[0-9A-Fa-f]{4,5});")  # how MARC-8 spells what its sets lack
_EACC_SPELT = re.compile(rb"\{([0-9A-Fa-f]{6})\}")  # how some systems spell an EACC code they cannot show
_SPECIAL = re.compile(rb"[^\x20-\x7e]")
_ASCII, _ANSEL, _EACC = 0x42, 0x45, 0x31
_LOCKING = {
    0x67: 0x67,
    0x62: 0x62,
    0x70: 0x70,
    0x73: _ASCII,
    _EACC: _EACC,
}  # ESC g b p s, and 1 as some systems write it


_MOST_MARKS = 8  # on one letter: more are no text
_JOINERS = {0x8D: "\u200d", 0x8E: "\u200c"}
_NON_SORTING = (0x88, 0x89)  # they bracket what sorting skips


def decoded_marc8(data: bytes, notes: list[str] | None = None) -> str:
    """MARC-8 bytes as NFC text, EACC included, by the code tables of pymarc.

    Follows the MARC 21 Specifications for Record Structure, Character Sets: MARC-8 Encoding Environment. Combining
    marks precede their letter there and follow it here. Truncated and unassigned codes become U+FFFD; what was made
    out although it is not EACC's is told in ``notes``.
    """
    if data.isascii() and b"\x1b" not in data:
        text = data.decode("ascii")
    else:
        text = _translated(data, [] if notes is None else notes)
    return _CHARACTER_REFERENCE.sub(_referred, text) if "&#x" in text else text


def _referred(match: re.Match[str]) -> str:
    number = int(match.group(1), 16)
    return match.group() if 0xD800 <= number < 0xE000 or number < 0x20 else chr(number)


def _translated(data: bytes, notes: list[str]) -> str:
    g0, g1 = _ASCII, _ANSEL
    text: list[str] = []
    marks: list[str] = []
    at, end = 0, len(data)
    while at < end:
        byte = data[at]
        if g0 == _ASCII and 0x20 <= byte < 0x7F:
            special = _SPECIAL.search(data, at)
            until = special.start() if special else end
            run = data[at:until].decode("ascii")
            if marks:
                if not run[0].isalnum():
                    notes.append("a diacritic on no letter")
                run = run[0] + "".join(marks) + run[1:]
                marks.clear()
            text.append(run)
            at = until
        elif g0 == _EACC and not marks and byte > 0x20 and (run := _eacc_run(data, at)):
            text.append(run)
            at += 3 * len(run)
        elif byte == 0x1B:
            length, half, final = _designation(data, at)
            if not length:
                text.append(REPLACEMENT)
            elif half == 0:
                g0 = final
            else:
                g1 = final
            at += length or 1
        elif byte <= 0x20:  # controls and the space mean themselves in every set, EACC included
            text.append(" ")
            at += 1
        elif 0x80 <= byte < 0xA0:
            if byte not in _NON_SORTING:
                text.append(_JOINERS.get(byte, REPLACEMENT))
            at += 1
        else:
            character, combines, length = _character_at(data, at, g0 if byte < 0x80 else g1, notes)
            at += length
            if combines:
                marks.append(character if len(marks) < _MOST_MARKS else REPLACEMENT)
            else:
                text.append(character + "".join(marks) if marks else character)
                marks.clear()
    return unicodedata.normalize("NFC", "".join(text + marks))


_RUN = re.compile(rb"(?:[\x21-\x7a|}~][\x21-\x7e]{2})+")  # no code spelt in braces
_EACC_CHARACTERS = {
    code.to_bytes(3, "big"): chr(character)
    for code, (character, _) in marc8_mapping.CODESETS[_EACC].items()
    if not 0xE000 <= character <= 0xF8FF  # what is of private use is told
}


def _eacc_run(data: bytes, at: int) -> str:
    """The characters of the codes of EACC that stand there in a row, "" where one of them needs a closer look."""
    run = _RUN.match(data, at)
    codes = run.group() if run else b""
    try:
        return "".join([_EACC_CHARACTERS[codes[place : place + 3]] for place in range(0, len(codes), 3)])
    except KeyError:
        return ""


def _character_at(data: bytes, at: int, graphic: int, notes: list[str]) -> tuple[str, bool, int]:
    """The character there, whether it combines with the one after it, and the bytes it takes."""
    if graphic != _EACC:
        return *_character(graphic, data[at : at + 1]), 1
    spelt = _EACC_SPELT.match(data, at) if data[at] == 0x7B else None
    code = bytes.fromhex(spelt.group(1).decode("ascii")) if spelt else data[at : at + 3]
    character, _ = _character(graphic, code)
    if (
        character == REPLACEMENT
        and len(code) == 3
        and (other := eacc_character(int.from_bytes(code, "big") & 0x7F7F7F))
    ):
        notes.append("a character in CCCII's code, which EACC has elsewhere")
        character = other
    elif spelt and character != REPLACEMENT:
        notes.append("a character spelt as its EACC code")
    if "\ue000" <= character <= "\uf8ff":  # parts of characters, to which EACC gave codes and Unicode none
        notes.append("a character of private use, which nobody else can show")
    return character, False, spelt.end() - at if spelt else 3


def _character(graphic: int, code: bytes) -> tuple[str, bool]:
    """The character of a code in a graphic set, and whether it combines with the one after it."""
    codes: dict[int, tuple[int, int]] = marc8_mapping.CODESETS.get(graphic, {})
    number = int.from_bytes(code, "big") & (0x7F7F7F if graphic == _EACC else 0xFF)
    entry = codes.get(number)
    if entry is None and graphic != _EACC:
        entry = codes.get(number ^ 0x80)  # a set of the other half, designated to this one
    if entry is not None:
        return chr(entry[0]), bool(entry[1])
    odd: dict[int, int] = marc8_mapping.ODD_MAP
    return chr(odd[number]) if number in odd else REPLACEMENT, False


def _designation(data: bytes, at: int) -> tuple[int, int, int]:
    """(length, 0 for G0 or 1 for G1, final byte) of the escape sequence there; length 0 when it is none."""
    follow = data[at + 1 : at + 4]
    if not follow:
        return 0, 0, 0
    if follow[0] in _LOCKING:
        return 2, 0, _LOCKING[follow[0]]
    multibyte = follow[:1] == b"$"
    rest = follow[1:] if multibyte else follow
    half = 1 if rest[:1] in (b")", b"-") else 0
    if rest[:1] in (b"(", b",", b")", b"-"):
        rest = rest[1:]
    elif not multibyte:
        return 0, 0, 0
    if rest[:1] == b"!":
        rest = rest[1:] or data[at + 4 : at + 5]  # ESC ( ! E: the extended Latin set is designated by two bytes
    if not rest or rest[0] not in marc8_mapping.CODESETS:
        return 0, 0, 0
    return data.index(rest[:1], at + 2) + 1 - at, half, rest[0]
