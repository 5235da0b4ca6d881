"""Which character set a record is really in, and text from its bytes. What cannot be decoded becomes U+FFFD."""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

from pymarc import marc8_mapping

CharacterSet = Literal["utf-8", "marc-8", "big5", "latin-1"]
REPLACEMENT = "\ufffd"

_ESCAPE = re.compile(rb"\x1b(?:[(,)$\-][0-9A-Za-z!,)\-$]|[gbps1])")
_CHARACTER_REFERENCE = re.compile(r"&#x(0{0,2}[0-9A-Fa-f]{4,5});")  # how MARC-8 spells what its sets lack
_UTF8_SEQUENCE = re.compile(rb"[\xc3-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_NOT_ANSEL = re.compile(rb"[\xe0-\xfe](?![A-Za-z\xa1-\xfe])|[\x80-\x87\x8a-\xa0]")
_ASCII_BYTES = bytes(range(0x80))
_BIG5_PAIR = re.compile(rb"[\x81-\xfe][\x40-\x7e\xa1-\xfe]")
_BIG5_FREQUENT = re.compile(rb"[\xa4-\xc6][\x40-\x7e\xa1-\xfe]")


def character_set(data: bytes, *, says_utf8: bool) -> CharacterSet:
    """The character set of a record's bytes; what it says of itself is believed only where the bytes allow it.

    Bytes that are valid UTF-8 are UTF-8, whatever the leader says. Escapes to a MARC-8 set make it MARC-8. UTF-8
    sequences beside bad bytes are damaged UTF-8. Bytes that are mostly Big5's frequent characters are Big5. What is
    left is MARC-8, except that a record which says UTF-8 must also place its diacritics as MARC-8 does.
    """
    if data.isascii():
        return "marc-8" if b"\x1b" in data and _ESCAPE.search(data) else "utf-8"
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    else:
        return "utf-8"
    if _ESCAPE.search(data):
        return "marc-8"
    if len(_UTF8_SEQUENCE.findall(data)) * 4 > len(data.translate(None, _ASCII_BYTES)):
        return "utf-8"
    if _looks_like_big5(data):
        return "big5"
    return "utf-8" if says_utf8 and _NOT_ANSEL.search(data) else "marc-8"


def _looks_like_big5(data: bytes) -> bool:
    pairs = len(_BIG5_PAIR.findall(data))
    return pairs >= 4 and len(_BIG5_FREQUENT.findall(data)) >= 0.8 * pairs and _decodes(data, "big5hkscs")


def _decodes(data: bytes, codec: str) -> bool:
    try:
        data.decode(codec)
    except UnicodeDecodeError:
        return False
    return True


def decoded(data: bytes, charset: CharacterSet) -> str:
    """The text of a field's bytes; each byte sequence that has no meaning there becomes U+FFFD."""
    if data.isascii() and b"\x1b" not in data and b"&#x" not in data:
        return data.decode("ascii")
    if charset == "marc-8":
        return _CHARACTER_REFERENCE.sub(lambda m: chr(int(m.group(1), 16)), decoded_marc8(data))
    if charset == "big5":
        return _decoded_big5(data)
    return data.decode(charset, "replace")


def _decoded_big5(data: bytes) -> str:
    """Big5 with Hong Kong's supplement; where that fails, Microsoft's (its euro sign and box characters)."""
    try:
        return data.decode("big5hkscs")
    except UnicodeDecodeError:
        return data.decode("cp950", "replace")


_SPECIAL = re.compile(rb"[^\x20-\x7e]")
_ASCII, _ANSEL, _EACC = 0x42, 0x45, 0x31
_LOCKING = {
    0x67: 0x67,
    0x62: 0x62,
    0x70: 0x70,
    0x73: _ASCII,
    _EACC: _EACC,
}  # ESC g b p s, and 1 as some systems write it


def decoded_marc8(data: bytes) -> str:
    """MARC-8 bytes as NFC text, EACC included, by the code tables of pymarc.

    Follows the MARC 21 Specifications for Record Structure, Character Sets: MARC-8 Encoding Environment. Combining
    marks precede their letter there and follow it here. Truncated and unassigned codes become U+FFFD.
    """
    if data.isascii() and b"\x1b" not in data:
        return data.decode("ascii")
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
            text.append(run[0] + "".join(marks) + run[1:] if marks else run)
            marks.clear()
            at = until
        elif byte == 0x1B:
            length, half, final = _designation(data, at)
            if not length:
                text.append(REPLACEMENT)
            elif half == 0:
                g0 = final
            else:
                g1 = final
            at += length or 1
        elif byte <= 0x20 or 0x80 <= byte < 0xA0:
            # Controls and the space mean themselves in every set, EACC included; 88 and 89 bracket what sorting skips.
            if byte == 0x20:
                text.append(" ")
            at += 1
        else:
            graphic = g0 if byte < 0x80 else g1
            width = 3 if graphic == _EACC else 1
            character, combines = _character(graphic, data[at : at + width])
            at += width
            if combines:
                marks.append(character)
            else:
                text.append(character + "".join(marks) if marks else character)
                marks.clear()
    return unicodedata.normalize("NFC", "".join(text + marks))


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
