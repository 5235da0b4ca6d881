"""A record as transmitted in ISO 2709, taken apart into fields of decoded text; `marcxml_transmission` has MARCXML."""

from __future__ import annotations

import logging
import re
import unicodedata
from collections.abc import Iterable
from typing import cast

import pymarc
from pymarc.exceptions import PymarcException

from harvester.iso2709 import (
    DELIMITER,
    ENTRY_BYTES,
    FIELD_END,
    LEADER_BYTES,
    RECORD_END,
    by_lengths,
    terminators_within,
    with_usual_numbers,
)
from indexer.charset import (
    CharacterSet,
    UnknownCharacterSet,
    character_set,
    damaged_utf8,
    decoded,
    is_utf8,
    likely_character_set,
)
from indexer.eacc import REPLACEMENT
from indexer.marc import Field, Marc
from indexer.marcxml_field import TAG, add_without_code, field_with_blanks
from indexer.mending import is_mostly_lost, may_need_mending, mended
from indexer.parts import put_together
from indexer.regular import COME_AGAIN, INDICATOR_SPELT, regular_marc
from indexer.remembered import remembered

MAX_BYTES = 16 * 1024 * 1024
"""A MARC record has at most 99,999 bytes by its standard; catalogues send up to a few megabytes of items."""
MAX_FIELDS = 20_000
MAX_SUBFIELDS = 200_000

_CODE_ODD = re.compile(rb"\x1f[^!-~]")
_LOST = REPLACEMENT.encode()
_CODE_UNUSABLE = re.compile(rb"\x1f[^!-~\x1d-\x1f]")

# Records are read by the million: what pymarc would log of each is said in Record.repairs instead.
logging.getLogger("pymarc").setLevel(logging.ERROR)


class Malformed(ValueError):
    """The bytes are no record. ``field`` is the MARC field it was noticed in, "" when it is the whole."""

    def __init__(self, reason: str, field: str = "") -> None:
        self.reason = reason
        self.field = field
        super().__init__(reason)


_Undecoded = Iterable[tuple[str, bytes]]
"""A record's fields as (tag, value); the value of a data field is its indicators and subfields."""


def from_iso2709(data: bytes, encoding: str = "auto", ignore: Iterable[str] = (), *, mend: bool = True) -> Marc:
    """The record in ISO 2709 bytes, in the character set given or (``auto``) the one found.

    Where the directory does not fit the fields, pymarc reads by the directory; where that fails too, the fields are
    taken in turn between their terminators, and `repairs` says so. Records one after another are parts of one that was
    too long: what the later ones have more is put behind the first. Without ``mend`` its text stays as it came.

    Raises: Malformed.
    """
    if marc := regular_marc(data, encoding, tuple(ignore), mend=mend):
        return marc
    if len(data) > MAX_BYTES:
        raise Malformed(f"{len(data)} bytes; a record may have {MAX_BYTES}")
    if b"\x00" in data and len(_OF_UTF16.findall(data)) * 4 > len(data) - data.find(FIELD_END):
        raise Malformed("every other byte of its text is NUL: it is in UTF-16, which no MARC record is")
    end = data.find(RECORD_END) + 1
    if end and _PART.match(data, end):
        parts = [part + RECORD_END for part in data.split(RECORD_END) if _PART.match(part)]
        return put_together([_one_record(part, encoding, ignore, mend=mend) for part in parts], ignore)
    return _one_record(data, encoding, ignore, mend=mend)


_OF_UTF16 = re.compile(rb"[^\x00]\x00(?!\x00)")  # a letter of ASCII there
_PART = re.compile(rb"[0-9]{5}[ -~]{19}[0-9A-Za-z]{3}[0-9]{9}")


def _one_record(data: bytes, encoding: str, ignore: Iterable[str], *, mend: bool) -> Marc:
    repairs: list[str] = []
    end = data.find(RECORD_END) + 1
    if not end:
        repairs.append("record terminator missing")
        data = data.rstrip(b"\r\n\x00 \x1a") + RECORD_END
    elif end < len(data) and terminators_within(data):
        repairs.append("a record terminator within a field, taken for a blank")
        data = data[:-1].replace(RECORD_END, b" ") + RECORD_END
    elif end < len(data):
        data = data[:end]
    if len(data) > MAX_FIELDS and (data.count(DELIMITER) > MAX_SUBFIELDS or data.count(FIELD_END) > MAX_FIELDS):
        raise Malformed(f"more than {MAX_FIELDS} fields or {MAX_SUBFIELDS} subfields")
    if (usual := with_usual_numbers(data)) is not None:
        repairs.append("lengths and addresses of more digits than ISO 2709 has")
        data = usual
    fields = _fields(data, repairs)
    if data[:5] != b"%05d" % len(data) and len(data) < 100_000:
        repairs.append("record length wrong")
    leader = data[:LEADER_BYTES].decode("ascii", "replace")
    charset = _charset(data, leader, encoding)
    control, found = _decoded(fields, data, charset, repairs)
    if INDICATOR_SPELT.search(data):
        found = [field_with_blanks(field, repairs) for field in found]
    if mend and may_need_mending(_text_bytes(control, found) if b"\x1b$1" in data else data):
        found = mended(found, repairs, dict(control).get("008", ""))
    if not data.isascii() and any(REPLACEMENT in value for _, value in control):
        repairs.append("control fields: characters lost")
    lost = characters_lost(control, found) if repairs else 0  # each loss is told
    if lost and is_mostly_lost(texts(control, found)):
        likely = likely_character_set(data)
        raise Malformed(
            f"most of its text is lost: it is not {charset}" + (f", perhaps {likely}" + hint(likely) if likely else "")
        )
    return Marc(
        leader,
        control,
        found,
        repairs,
        charset="ascii" if data.isascii() and b"\x1b" not in data else charset,
        ignore=ignore,
        replacements=lost,
    )


def _charset(data: bytes, leader: str, encoding: str) -> CharacterSet:
    if encoding == "auto":
        try:
            return character_set(data, says_utf8=leader[9:10] == "a")
        except UnknownCharacterSet as exc:
            raise Malformed(f"{exc}{hint(exc.likely)}") from exc
    if encoding == "utf-8" and not is_utf8(data):
        return damaged_utf8(data)
    return cast(CharacterSet, encoding)


def hint(likely: CharacterSet | None) -> str:
    """What to tell a library whose records are likely to be in a set, "" where there is no idea."""
    return f'; if the library sends that, its file says records.encoding = "{likely}"' if likely else ""


def texts(control: Iterable[tuple[str, str]], fields: Iterable[Field]) -> list[str]:
    return [value for _, value in control] + [value for field in fields for _, value in field.subfields]


def _text_bytes(control: Iterable[tuple[str, str]], fields: Iterable[Field]) -> bytes:
    """The text in UTF-8: the codes of EACC are themselves what `may_need_mending` looks for."""
    return "\n".join(texts(control, fields)).encode("utf-8", "surrogatepass")


def characters_lost(control: Iterable[tuple[str, str]], fields: Iterable[Field]) -> int:
    return sum(text.count(REPLACEMENT) for text in texts(control, fields))


def _fields(data: bytes, repairs: list[str]) -> _Undecoded:
    directory, _, body = data[LEADER_BYTES:].partition(FIELD_END)
    if data[12:17] != b"%05d" % (LEADER_BYTES + len(directory) + 1):
        repairs.append("base address wrong")
    values = body.split(FIELD_END)
    if values.pop() != RECORD_END:
        repairs.append("the last field has no terminator")
        values = body.removesuffix(RECORD_END).split(FIELD_END)
    names = directory.decode("ascii", "replace")
    tags = [names[at : at + 3] for at in range(0, len(names), ENTRY_BYTES)]
    if not _directory_fits(directory, values):
        try:
            return _by_directory(data, repairs)
        except (PymarcException, ValueError, IndexError, TypeError) as exc:
            if (fields := by_lengths(data)) is not None:
                repairs.append("terminators missing: fields taken by the lengths in the directory")
                return fields
            if not values or len(values) != len(tags) or not _are_tags(tags):
                raise Malformed(_what_is_wrong(data, tags, values)) from exc
            repairs.append("directory wrong: fields taken in turn between their terminators")
    if not values:
        raise Malformed("holds no field")
    return zip(tags, values, strict=True)


def _without_terminator(tag: str, value: bytes, repairs: list[str]) -> bytes:
    if FIELD_END in value:
        repairs.append(f"{tag}: a field terminator within it, taken for a blank")
    return value.replace(FIELD_END, b" ")


def _are_tags(tags: list[str]) -> bool:
    """Whether they can be a record's: letters occur in tags of a system's own, beside others that are numbers."""
    return all(map(TAG.fullmatch, tags)) and any(map(str.isdecimal, tags))


def _directory_fits(directory: bytes, values: list[bytes]) -> bool:
    """Whether every entry gives the length and the place of the field that stands there, in turn."""
    if len(directory) != len(values) * ENTRY_BYTES:
        return False
    place, at = 0, 3
    for value in values:
        size = len(value) + 1
        if directory[at : at + 9] != b"%04d%05d" % (size, place):
            return False
        place += size
        at += ENTRY_BYTES
    return True


def _by_directory(data: bytes, repairs: list[str]) -> _Undecoded:
    """The fields that pymarc finds through the directory.

    Raises: PymarcException, ValueError, IndexError or TypeError, where it finds none or would find parts of them.
    """
    if _CODE_UNUSABLE.search(data):
        raise ValueError("a subfield code is unusable")  # pymarc would warn, through a filter that threads share
    base = int(data[12:17])
    starts: set[int] = set()
    for at in range(LEADER_BYTES, base - 1, ENTRY_BYTES):
        start = base + int(data[at + 7 : at + 12])
        end = start + int(data[at + 3 : at + 7])
        if end == start or not data[start - 1 : start] == FIELD_END == data[end - 1 : end]:
            raise ValueError("the directory points into the middle of fields")  # pymarc would read parts of them
        if start in starts:
            raise ValueError("two entries point to one place")  # addresses of a long record that began anew at 100,000
        starts.add(start)
    record = pymarc.Record(data, to_unicode=False)
    found: list[tuple[str, bytes]] = []
    for field in record.fields:
        if field.control_field:
            value = cast(bytes, field.data)
        else:
            subfields = cast(list[tuple[str, bytes]], field.subfields)
            parts = [code.encode("ascii") + text for code, text in subfields]
            value = DELIMITER.join([(field.indicator1 + field.indicator2).encode("ascii"), *parts])
        found.append((field.tag, _without_terminator(field.tag, value, repairs)))
    return found


def _what_is_wrong(data: bytes, tags: list[str], values: list[bytes]) -> str:
    length = data[:5].decode("ascii", "replace")
    if length.isdecimal() and int(length) > len(data) > LEADER_BYTES:
        return f"truncated: {len(data)} bytes of {int(length)}"
    if FIELD_END not in data:
        return "no field terminator: this is not a MARC record"
    if (data.find(FIELD_END) - LEADER_BYTES) % ENTRY_BYTES:
        return f"the directory is not made of entries of {ENTRY_BYTES} characters"
    if len(values) != len(tags):
        return f"the directory names {len(tags)} fields, {len(values)} are there"
    return "the directory is not readable"


def _decoded(
    fields: _Undecoded, data: bytes, charset: CharacterSet, repairs: list[str]
) -> tuple[list[tuple[str, str]], list[Field]]:
    """The control fields and the data fields that hold subfields; ``repairs`` is told what was mended in them.

    Where nothing in the record is more than it seems, ASCII is cut here: a field costs a microsecond.
    """
    control: list[tuple[str, str]] = []
    found: list[Field] = []
    regular = not (_CODE_ODD.search(data) or b"&#x" in data or _LOST in data)
    escapes = b"\x1b" in data
    for tag, value in fields:
        if tag < "010" and tag.isdecimal() and DELIMITER not in value:  # danMARC2 has a 001 of subfields
            control.append((tag, decoded(value, charset)))
        elif regular and value[2:3] == DELIMITER and value.isascii() and not (escapes and b"\x1b" in value):
            text = value.decode()
            subfields = tuple([(part[0], part[1:]) for part in text[3:].split("\x1f")])
            found.append(_new_tuple(Field, (tag, text[0], text[1], subfields)))
        elif regular and charset == "marc-8" and tag in COME_AGAIN:
            field, notes = _field_in_marc8((tag, value.decode("latin-1")))
            found += [field] if field else []
            repairs += notes
        elif field := _field(tag, value, charset, repairs):
            found.append(field)
    return control, found


@remembered
def _field_in_marc8(field: tuple[str, str]) -> tuple[Field | None, tuple[str, ...]]:
    """A data field of a tag and of bytes, each as the character of its number, and what is to be said of it."""
    tag, value = field
    notes: list[str] = []
    return _field(tag, value.encode("latin-1"), "marc-8", notes), tuple(notes)


_new_tuple = tuple.__new__  # what `Field(…)` calls, without the step between


def _field(tag: str, value: bytes, charset: CharacterSet, repairs: list[str]) -> Field | None:
    """A data field; None when it holds no subfield."""
    indicators, *parts = value.split(DELIMITER)
    if not parts:
        repairs.append(f"{tag}: no subfields")
        return None
    if len(indicators) != 2 or not indicators.isascii():
        repairs.append(f"{tag}: indicators {indicators[:8]!r} are not two characters")
        indicators = indicators[:2].decode("ascii", "replace").replace(REPLACEMENT, " ").ljust(2).encode("ascii")
    notes: list[str] = []
    pieces: list[tuple[str, str]] = []
    for part in parts:
        if not part:
            continue
        if 0x20 < part[0] < 0x7F:
            pieces.append((chr(part[0]), decoded(part[1:], charset, notes)))
        else:
            _add_uncoded(pieces, part, charset, notes)
    if lost := sum(text.count(REPLACEMENT) for _, text in pieces if not text.isascii()):
        notes.append(f"{lost} characters lost: not {charset}, or lost when it was sent")
    if notes:
        repairs.extend(f"{tag}: {note}" for note in dict.fromkeys(notes))
    return Field(tag, chr(indicators[0]), chr(indicators[1]), tuple(pieces)) if pieces else None


def _add_uncoded(pieces: list[tuple[str, str]], part: bytes, charset: CharacterSet, notes: list[str]) -> None:
    """Adds a subfield whose code is none: a letter with an accent is the letter, another byte stays a code of its own,
    and what begins with no code at all goes on the subfield before."""
    text = decoded(part, charset, notes)
    spelt = unicodedata.normalize("NFD", text)
    if spelt[:1].isascii() and spelt[:1].isalpha() and unicodedata.combining(spelt[1:2]):
        notes.append(f"subfield code {part[:1]!r} taken for {spelt[0]!r}")
        rest = spelt[1:].lstrip("".join(filter(unicodedata.combining, spelt[1:5])))
        pieces.append((spelt[0].lower(), unicodedata.normalize("NFC", rest)))
        return
    if part[0] >= 0xC0 and not text[:1].isalpha():  # danMARC2 has a subfield å
        notes.append(f"subfield code {part[:1]!r} is unusable")
        pieces.append((chr(part[0]), decoded(part[1:], charset, notes)))
        return
    add_without_code(pieces, text, notes)
