"""A record as transmitted, ISO 2709 or MARCXML, taken apart into fields of decoded text."""

from __future__ import annotations

import html
import logging
import re
from collections.abc import Iterable
from typing import NamedTuple, cast

import pymarc
from lxml import etree
from pymarc.exceptions import PymarcException

from indexer.charset import REPLACEMENT, CharacterSet, character_set, decoded
from indexer.marc import Field, Marc

MAX_BYTES = 16 * 1024 * 1024
"""A MARC record has at most 99,999 bytes by its standard; catalogues send up to a few megabytes of items."""
MAX_FIELDS = 20_000
MAX_SUBFIELDS = 200_000

_LEADER, _ENTRY = 24, 12
_FIELD_END, _RECORD_END, _DELIMITER = b"\x1e", b"\x1d", b"\x1f"
_TAG = re.compile(r"[0-9A-Za-z]{3}")
_ESCAPED = re.compile(rb"\x1b|&#x|\x1f[^!-~]")  # ASCII that is more than it seems
_CODE_UNUSABLE = re.compile(rb"\x1f[^!-~\x1d-\x1f]")

# Records are read by the million: what pymarc would log of each is said in Record.repairs instead.
logging.getLogger("pymarc").setLevel(logging.ERROR)


class Malformed(ValueError):
    """The bytes are no record. ``field`` is the MARC field it was noticed in, "" when it is the whole."""

    def __init__(self, reason: str, field: str = "") -> None:
        self.reason = reason
        self.field = field
        super().__init__(reason)


class _Fields(NamedTuple):
    """A record's fields, undecoded: control fields as (tag, value), data fields as (tag, indicators$subfields)."""

    control: list[tuple[str, bytes]]
    data: list[tuple[str, bytes]]


def from_iso2709(data: bytes, encoding: str = "auto", ignore: Iterable[str] = ()) -> Marc:
    """The record in ISO 2709 bytes, in the character set given or (``auto``) the one found.

    Where the directory does not fit the fields, pymarc reads by the directory; where that fails too, the fields are
    taken in turn between their terminators, and `repairs` says so.

    Raises: Malformed.
    """
    if len(data) > MAX_BYTES:
        raise Malformed(f"{len(data)} bytes; a record may have {MAX_BYTES}")
    repairs: list[str] = []
    end = data.find(_RECORD_END) + 1
    if not end:
        repairs.append("record terminator missing")
        data = data.rstrip(b"\r\n\x00 \x1a") + _RECORD_END
    elif end < len(data):
        data = data[:end]
    if data.count(_DELIMITER) > MAX_SUBFIELDS or data.count(_FIELD_END) > MAX_FIELDS:
        raise Malformed(f"more than {MAX_FIELDS} fields or {MAX_SUBFIELDS} subfields")
    fields = _fields(data, repairs)
    leader = data[:_LEADER].decode("ascii", "replace")
    charset = _charset(data, leader, encoding)
    return Marc(
        leader,
        [(tag, decoded(value, charset)) for tag, value in fields.control],
        [field for tag, value in fields.data if (field := _field(tag, value, charset, repairs))],
        repairs,
        charset="ascii" if data.isascii() and b"\x1b" not in data else charset,
        ignore=ignore,
    )


def _charset(data: bytes, leader: str, encoding: str) -> CharacterSet:
    if encoding == "auto":
        return character_set(data, says_utf8=leader[9:10] == "a")
    return cast(CharacterSet, encoding)


def _fields(data: bytes, repairs: list[str]) -> _Fields:
    directory, _, body = data[_LEADER:].partition(_FIELD_END)
    values = body.split(_FIELD_END)
    if values.pop() != _RECORD_END:
        repairs.append("the last field has no terminator")
        values = body.removesuffix(_RECORD_END).split(_FIELD_END)
    tags = [directory[at : at + 3].decode("ascii", "replace") for at in range(0, len(directory), _ENTRY)]
    if not _directory_fits(directory, values):
        try:
            return _by_directory(data)
        except (PymarcException, ValueError, IndexError, TypeError) as exc:
            if not values or len(values) != len(tags) or not all(map(_TAG.fullmatch, tags)):
                raise Malformed(_what_is_wrong(data, tags, values)) from exc
            repairs.append("directory wrong: fields taken in turn between their terminators")
    if not values:
        raise Malformed("holds no field")
    return _sorted_by_kind(zip(tags, values, strict=True))


def _directory_fits(directory: bytes, values: list[bytes]) -> bool:
    """Whether every entry gives the length and the place of the field that stands there, in turn."""
    if len(directory) != len(values) * _ENTRY:
        return False
    place, at = 0, 3
    for value in values:
        if directory[at : at + 9] != b"%04d%05d" % (len(value) + 1, place):
            return False
        place += len(value) + 1
        at += _ENTRY
    return True


def _sorted_by_kind(fields: Iterable[tuple[str, bytes]]) -> _Fields:
    control: list[tuple[str, bytes]] = []
    data: list[tuple[str, bytes]] = []
    for tag, value in fields:
        (control if tag < "010" and tag.isdecimal() else data).append((tag, value))
    return _Fields(control, data)


def _by_directory(data: bytes) -> _Fields:
    """The fields that pymarc finds through the directory.

    Raises: PymarcException, ValueError, IndexError or TypeError, where it finds none or would find parts of them.
    """
    if _CODE_UNUSABLE.search(data):
        raise ValueError("a subfield code is unusable")  # pymarc would warn, through a filter that threads share
    base = int(data[12:17])
    for at in range(_LEADER, base - 1, _ENTRY):
        start = base + int(data[at + 7 : at + 12])
        end = start + int(data[at + 3 : at + 7])
        if not data[start - 1 : start] == _FIELD_END == data[end - 1 : end]:
            raise ValueError("the directory points into the middle of fields")  # pymarc would read parts of them
    record = pymarc.Record(data, to_unicode=False)
    found: list[tuple[str, bytes]] = []
    for field in record.fields:
        if field.control_field:
            value = cast(bytes, field.data)
        else:
            subfields = cast(list[tuple[str, bytes]], field.subfields)
            parts = [code.encode("ascii") + text for code, text in subfields]
            value = _DELIMITER.join([(field.indicator1 + field.indicator2).encode("ascii"), *parts])
        found.append((field.tag, value))
    return _sorted_by_kind(found)


def _what_is_wrong(data: bytes, tags: list[str], values: list[bytes]) -> str:
    length = data[:5].decode("ascii", "replace")
    if length.isdecimal() and int(length) > len(data) > _LEADER:
        return f"truncated: {len(data)} bytes of {int(length)}"
    if _FIELD_END not in data:
        return "no field terminator: this is not a MARC record"
    if (data.find(_FIELD_END) - _LEADER) % _ENTRY:
        return f"the directory is not made of entries of {_ENTRY} characters"
    if len(values) != len(tags):
        return f"the directory names {len(tags)} fields, {len(values)} are there"
    return "the directory is not readable"


def _field(tag: str, value: bytes, charset: CharacterSet, repairs: list[str]) -> Field | None:
    """A data field; None when it holds no subfield."""
    if value[2:3] == _DELIMITER and value.isascii() and not _ESCAPED.search(value):
        text = value.decode("ascii")
        subfields = tuple([(part[0], part[1:]) for part in text[3:].split("\x1f") if part])
        return Field(tag, text[0], text[1], subfields) if subfields else None
    indicators, *parts = value.split(_DELIMITER)
    if not parts:
        repairs.append(f"{tag}: no subfields")
        return None
    if len(indicators) != 2 or not indicators.isascii():
        repairs.append(f"{tag}: indicators {indicators[:8]!r} are not two characters")
        indicators = indicators[:2].decode("ascii", "replace").replace(REPLACEMENT, " ").ljust(2).encode("ascii")
    pieces: list[tuple[str, str]] = []
    for part in parts:
        if not part:
            continue
        if part[0] >= 0x80 or part[0] <= 0x20:
            repairs.append(f"{tag}: subfield code {part[:1]!r} is unusable")
        pieces.append((chr(part[0]), decoded(part[1:], charset)))
    if any(REPLACEMENT in text for _, text in pieces):
        lost = sum(text.count(REPLACEMENT) for _, text in pieces)
        repairs.append(f"{tag}: {lost} characters lost: not {charset}, or lost when it was sent")
    return Field(tag, chr(indicators[0]), chr(indicators[1]), tuple(pieces)) if pieces else None


_XML_ENTITY = re.compile(r"&(#\d+|#[xX][0-9A-Fa-f]+|[A-Za-z][0-9A-Za-z]*)?(;)?")
_XML_OWN = frozenset({"amp", "lt", "gt", "quot", "apos"})
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def from_marcxml(data: bytes, ignore: Iterable[str] = ()) -> Marc:
    """The first record in MARCXML bytes, in or out of its namespace, bare or wrapped.

    Document types and entities are refused before parsing. Bytes that are not UTF-8, characters that XML forbids and
    ampersands that start no entity are mended once, and `repairs` says so.

    Raises: Malformed.
    """
    if len(data) > MAX_BYTES:
        raise Malformed(f"{len(data)} bytes; a record may have {MAX_BYTES}")
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise Malformed("a document type or entities in the XML: refused")
    repairs: list[str] = []
    try:
        root = _parsed(data)
    except etree.XMLSyntaxError as exc:
        try:
            root = _parsed(_mended_xml(data, repairs))
        except etree.XMLSyntaxError:
            raise Malformed(f"not well-formed XML: {exc}") from exc
    record = root if _name(root) == "record" else next((e for e in root.iter() if _name(e) == "record"), None)
    if record is None or root.getroottree().docinfo.internalDTD is not None:
        raise Malformed("no MARC record in the XML")
    leader = ""
    control: list[tuple[str, str]] = []
    fields: list[Field] = []
    count = 0
    for element in record:
        name = _name(element)
        if name == "datafield":
            subfields = tuple([(s.get("code") or " ", s.text or "") for s in element])
            count += len(subfields)
            if subfields:
                tag, ind1, ind2 = element.get("tag") or "", element.get("ind1") or " ", element.get("ind2") or " "
                fields.append(Field(tag, ind1[0], ind2[0], subfields))
        elif name == "controlfield":
            control.append((element.get("tag") or "", element.text or ""))
        elif name == "leader":
            leader = element.text or ""
    if not fields and not control:
        raise Malformed("no field in the record")
    if len(fields) > MAX_FIELDS or count > MAX_SUBFIELDS:
        raise Malformed(f"{len(fields)} fields with {count} subfields; at most {MAX_FIELDS} and {MAX_SUBFIELDS}")
    lost = data.count(b"\xef\xbf\xbd")
    if lost:
        repairs.append(f"{lost} characters were already lost when it was sent (U+FFFD)")
    return Marc(leader, control, fields, repairs, ignore=ignore)


def _parsed(data: bytes) -> etree._Element:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    return etree.fromstring(data, parser)


def _name(element: etree._Element) -> str:
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _mended_xml(data: bytes, repairs: list[str]) -> bytes:
    text = data.decode("utf-8", "replace")
    if lost := text.count(REPLACEMENT):
        repairs.append(f"{lost} bytes were not UTF-8")
    mended = _NOT_XML.sub(" ", _XML_ENTITY.sub(_entity_mended, text))
    if mended != text:
        repairs.append("characters that XML forbids, or bare ampersands")
    return re.sub(r"^\s*<\?xml[^>]*\?>", "", mended).encode("utf-8")


def _entity_mended(match: re.Match[str]) -> str:
    name, end = match.group(1), match.group(2)
    if not (name and end):
        return "&amp;" + (name or "") + (end or "")
    if name in _XML_OWN:
        return match.group()
    character = html.unescape(match.group())
    return html.escape(character) if character != match.group() else "&amp;" + name + end
