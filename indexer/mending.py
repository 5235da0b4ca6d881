"""What is mended in the values of a record that was decoded: what other systems made of its text before they sent it.

Each repair is made only where nothing else can be meant, and is told with the field it was made in.
"""

from __future__ import annotations

import html.entities
import re
from collections.abc import Sequence

from indexer.eacc import REPLACEMENT, left_over
from indexer.garbled import may_be_garbled, unscrambled
from indexer.marc import Field
from indexer.taken import pairs_decoded

_NAMED = "|".join(sorted(html.entities.name2codepoint, key=len, reverse=True)) + "|apos"
_ENTITY = re.compile(rf"&(?:#(?P<decimal>[0-9]{{1,7}})|#[xX](?P<hex>[0-9A-Fa-f]{{1,6}})|(?P<name>{_NAMED}));")
_UNICODE_SPELT = re.compile(r"\{u([0-9A-Fa-f]{4})\}")  # how Innovative's systems show what their set lacks
_PRIVATE = re.compile("[\ue000-\uf8ff\U000f0000-\U0010ffff]")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")

_SUSPECT_ENTITY = re.compile(rb"&[#A-Za-z][0-9A-Za-z]{0,8};")
_SUSPECT_ESCAPED = re.compile(rb"&amp;[#A-Za-z][0-9A-Za-z]{0,8};")  # in XML: an entity is one only once it is parsed
_SUSPECT_CODE = re.compile(rb"![0-b][!-~]")
_SUSPECT_DOUBLED = re.compile(
    rb"\xc3[\x82-\xb4](?:\xc2[\x80-\xbf]|\xc5[\x92\x93\xa0\xa1\xb8\xbd\xbe]|\xc6\x92|\xcb[\x86\x9c]|\xe2[\x80\x82\x84])"
)
_SUSPECT_PRIVATE = re.compile(rb"\xee[\x80-\xbf]|\xef(?:[\x80-\xa3]|\xbf[\xbe\xbf])|\xf3[\xb0-\xbf]|\xf4")
_CONTROLS = bytes([*range(9), 0x0B, 0x0C, *range(0x0E, 0x1B), 0x1C, 0x7F])
_REST = "[\u0080-\u00bfŒœŠšŸŽžƒˆ˜–—‘’‚“”„†‡•…‰‹›€™]"
_DOUBLED = re.compile(f"[\u00c2-\u00f4]{_REST}")
_DOUBLED_RUN = re.compile(f"(?:[\u00c2-\u00df]{_REST}|[\u00e0-\u00ef]{_REST}{{2}}|[\u00f0-\u00f4]{_REST}{{3}})+")
_OF_1252 = {byte: bytes([byte]).decode("cp1252") for byte in range(0x80, 0xA0) if byte not in b"\x81\x8d\x8f\x90\x9d"}
_HIGH_OF_1252 = {character: byte for byte, character in _OF_1252.items()}
_TIMES_DOUBLED = 8


_ORDINARY = bytes(set(range(0x100)) - set(b"&!$?{\xc2\xc3\xee\xef\xf3\xf4" + _CONTROLS))
"""The bytes that none of the tests in `may_need_mending` begins with."""


def may_need_mending(data: bytes, *, xml: bool = False) -> bool:
    """Whether anything in a record's bytes calls for a look at its values; most records have nothing.

    Asked of every record: a first look takes away what no test is about, and most are of nothing else.
    """
    if not data.translate(None, _ORDINARY):
        return False
    if b"&" in data and (_SUSPECT_ESCAPED if xml else _SUSPECT_ENTITY).search(data):
        return True
    if xml and b"&#" in data:
        return True  # what the text is shows only once it is parsed: such XML may be all ASCII
    if b"!" in data and _SUSPECT_CODE.search(data):
        return True
    if b"$1" in data and b"(B" in data:
        return True
    if b"\xc3" in data and _SUSPECT_DOUBLED.search(data):
        return True
    if (b"\xee" in data or b"\xef" in data or b"\xf3" in data or b"\xf4" in data) and _SUSPECT_PRIVATE.search(data):
        return True
    return may_be_garbled(data) or b"{u" in data or len(data.translate(None, _CONTROLS)) != len(data)


def mended(fields: Sequence[Field], repairs: list[str], coded: str = "") -> list[Field]:
    """The fields with their values mended, each told in ``repairs``. ``coded`` is 008, for the language it states."""
    stated = frozenset(
        {coded[35:38], *(value for field in fields if field.tag in ("041", "101") for _, value in field.subfields)}
    )
    found = _unscrambled([_field(field, repairs) for field in _of_pairs_taken(fields, stated, repairs)], repairs)
    return _with_codes_decoded(found, repairs, stated)


def _of_pairs_taken(fields: Sequence[Field], stated: frozenset[str], repairs: list[str]) -> Sequence[Field]:
    """Text of two bytes a character that was taken for Latin-1, decoded before anything else is made of it."""
    texts = [value for field in fields for _, value in field.subfields]
    if all(map(str.isascii, texts)):
        return fields
    charset, decoded = pairs_decoded(texts, stated)
    if not decoded:
        return fields
    found: list[Field] = []
    at = 0
    for field in fields:
        places = range(at, at + len(field.subfields))
        at = places.stop
        if any(place in decoded for place in places):
            repairs.append(f"{field.tag}: {charset} that had been taken for Latin-1")
            told = zip(field.subfields, places, strict=True)
            field = field._replace(subfields=tuple([(code, decoded.get(place, text)) for (code, text), place in told]))  # noqa: PLW2901 the same, decoded
        found.append(field)
    return found


def _unscrambled(fields: list[Field], repairs: list[str]) -> list[Field]:
    """Text that was taken for Latin-1 decoded, looked for in the record as a whole."""
    results = iter(unscrambled([value for field in fields for _, value in field.subfields]))
    found: list[Field] = []
    for field in fields:
        told = [(code, next(results)) for code, _ in field.subfields]
        notes = dict.fromkeys(one.note for _, one in told if one.note)
        repairs.extend(f"{field.tag}: {note}" for note in notes)
        found.append(field._replace(subfields=tuple([(code, one.text) for code, one in told])) if notes else field)
    return found


def _field(field: Field, repairs: list[str]) -> Field:
    notes: list[str] = []
    subfields = tuple([(code, mended_text(value, notes)) for code, value in field.subfields])
    if not notes:
        return field
    repairs.extend(f"{field.tag}: {note}" for note in dict.fromkeys(notes))
    return field._replace(subfields=subfields)


def mended_text(text: str, notes: list[str]) -> str:
    """The text with entities resolved, doubly encoded UTF-8 decoded, and control characters taken out.

    What is left of private use is told and stays.
    """
    if "&" in text and (resolved := _without_entities(text)) != text:
        notes.append("entities or character references")
        text = resolved
    if not text.isascii() and _DOUBLED.search(text) and (decoded := _decoded_once_more(text)) != text:
        notes.append("doubly encoded UTF-8")
        text = decoded
    if "{u" in text and _UNICODE_SPELT.search(text):
        notes.append("characters spelt as {uXXXX}")
        text = _UNICODE_SPELT.sub(lambda match: _character(int(match.group(1), 16)) or match.group(), text)
    if _CONTROL.search(text):
        notes.append("control characters")
        text = _CONTROL.sub(" ", text)
    if not text.isascii() and (private := _private_use(text)):
        notes.append(private)
    return text


def _private_use(text: str) -> str:
    """What to say of a text's private-use characters, "" when it has none.

    They stay: the library that gave them a meaning (造字) can show them, and asked for it, say which they are.
    """
    found = len(_PRIVATE.findall(text))
    return f"{found} characters of private use, which nobody else can show" if found else ""


def _without_entities(text: str) -> str:
    """Entities resolved until none is left: some systems escape what was escaped (``&amp;eacute;``)."""
    text = _ENTITY.sub(_resolved, text)
    for _ in range(2):
        if "&" not in text or (resolved := _ENTITY.sub(_resolved_again, text)) == text:
            break
        text = resolved
    return text


def _resolved_again(match: re.Match[str]) -> str:
    """What an entity stands for that was escaped, but for mark-up and blanks: a title about HTML means them."""
    character = _resolved(match)
    return match.group() if character in "<>" or not character.isprintable() or character.isspace() else character


def _resolved(match: re.Match[str]) -> str:
    decimal, hexadecimal, name = match.group("decimal", "hex", "name")
    if name:
        return "'" if name == "apos" else chr(html.entities.name2codepoint[name])
    return _character(int(decimal) if decimal else int(hexadecimal, 16)) or match.group()


def _character(number: int) -> str:
    """The character of a number; "" for what no text may hold."""
    if number < 0x20 or 0x7F <= number < 0xA0 or 0xD800 <= number < 0xE000 or number > 0x10FFFF:
        return _OF_1252.get(number, "")  # HTML reads those as Windows-1252
    return "" if number & 0xFFFE == 0xFFFE or 0xFDD0 <= number <= 0xFDEF else chr(number)  # which are no characters


def _decoded_once_more(text: str) -> str:
    """UTF-8 that was taken for Windows-1252 or Latin-1 and encoded again, decoded; the text as it is when in doubt.

    What is such UTF-8, the whole text or a run in it, must give letters or come from controls no text has: ``Ã©`` is é,
    and ``Â»`` may be meant.
    """
    result = text
    for _ in range(_TIMES_DOUBLED):
        if not _DOUBLED.search(result):
            break
        try:
            once = _as_utf8(result)
        except ValueError:  # a character beyond 255, or no UTF-8
            once = _DOUBLED_RUN.sub(_decoded_run, result)
            if once == result:
                break
            result = once
            continue
        if not _is_certain(result, once) and (result is text or not _LEADS.search(result)):
            break
        result = once
    return result


def _as_utf8(doubled: str) -> str:
    """The text whose UTF-8 was taken for Windows-1252 or Latin-1. Raises: ValueError when it cannot be."""
    return bytes([_HIGH_OF_1252.get(character) or ord(character) for character in doubled]).decode("utf-8")


def _decoded_run(match: re.Match[str]) -> str:
    doubled = match.group()
    try:
        once = _as_utf8(doubled)
    except ValueError:
        return doubled
    return once if _is_certain(doubled, once) else doubled


_LATIN_LEADS = frozenset("ÂÃÄÅ")
_LEADS_OF_LETTERS = (_LATIN_LEADS, frozenset("ÐÑ"), frozenset("ÎÏ"), frozenset("ØÙÚÛ"))  # … Russian, Greek, Arabic


def _is_certain(doubled: str, once: str) -> bool:
    """Whether text that could be UTF-8 encoded twice is: pairs of characters may be meant ("CAFÉ…", "GROß§")."""
    if any("\x80" <= character <= "\x9f" for character in doubled):
        return True
    high = [character for character in once if not character.isascii()]
    if any(ord(character) >= _OF_THREE_BYTES for character in high):
        if len(high) == 1 and _PUNCTUATED.search(doubled):  # one letter before punctuation: "café…”" may be meant
            return False
        return any(character.isalpha() or ord(character) >= 0x2000 for character in high)
    leads = {chr(0xC0 | ord(character) >> 6) for character in high}
    if not any(leads <= letters for letters in _LEADS_OF_LETTERS) or not any(map(str.isalpha, high)):
        return False
    if leads <= _LATIN_LEADS:  # a capital before a quotation mark may be meant: "IRMÃ”"
        return len(high) > 1 or max(doubled) <= "\xff"
    return len(high) >= _SOME


_OF_THREE_BYTES, _SOME = 0x800, 3
_LEADS = re.compile("[ÂÃ]")  # of the first bytes of what Latin letters and signs become
_PUNCTUATED = re.compile("[à-ï][–—‘’‚“”„•…‹›]{2}")


_EAST_ASIAN = frozenset({"chi", "zho", "jpn", "kor"})


def _with_codes_decoded(fields: list[Field], repairs: list[str], stated: frozenset[str]) -> list[Field]:
    """EACC and CCCII left as ASCII (`indexer.eacc`), looked for in the record as a whole."""
    texts = [value for field in fields for _, value in field.subfields]
    if not any("!" in text or "$1" in text for text in texts):
        return fields
    results = iter(left_over(texts, east_asian=not stated.isdisjoint(_EAST_ASIAN)))
    found: list[Field] = []
    for field in fields:
        subfields = list(field.subfields)
        decoded = lost = left = 0
        for at, (code, _) in enumerate(subfields):
            if result := next(results):
                subfields[at] = code, result.text
                decoded += result.decoded
                lost += result.lost
                left += result.left
        if decoded:
            repairs.append(f"{field.tag}: {decoded} characters in EACC or CCCII, left as ASCII, decoded")
        if lost:
            repairs.append(f"{field.tag}: {lost} characters lost: in CCCII, left as ASCII, in no table")
        if left:
            repairs.append(f"{field.tag}: {left} codes that may be EACC or CCCII, left as ASCII, stay as they are")
        found.append(field._replace(subfields=tuple(subfields)) if decoded or lost else field)
    return found


_MARK_RUN = re.compile("(?:(?<!\\w)|^)[\u0300-\u036f\ufe20-\ufe2f]+|[\u0300-\u036f\ufe20-\ufe2f]{3,}")


_FEW = 3


def is_mostly_lost(texts: Sequence[str]) -> bool:
    """Whether what is left of a record's text is mostly characters lost, controls and diacritics on nothing."""
    whole = "\n".join(texts)
    bad = whole.count(REPLACEMENT) + sum(map(len, _MARK_RUN.findall(whole))) + len(_CONTROL.findall(whole))
    bad += sum("\x80" <= character <= "\x9f" for character in whole)
    letters = sum(map(str.isalpha, whole))
    return bad >= _FEW and bad >= letters
