"""A stream of MARC → the pieces that are one record each, going on after what cannot be read.

ISO 2709 is cut at its record terminators and MARCXML at its record tags, never by the lengths a record states of
itself: one wrong length would lose all that follow.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from lxml import etree

from harvester.errors import DumpUnusable
from harvester.marcxml import children, control_number, is_empty, local_name, says_deleted, serialised
from harvester.store import PayloadFormat
from harvester.strict_xml import XmlRefused, declares_doctype, root_of

RECORD_END = b"\x1d"
FIELD_END = b"\x1e"
LEADER_BYTES = 24
ENTRY_BYTES = 12
CHUNK_BYTES = 1024 * 1024
MAX_RECORD_BYTES = 16 * 1024 * 1024
BETWEEN_RECORDS = b"\r\n\x00\x1a"

_NOISE = re.compile(rb"(?:[\r\n\x00\x1a]|\xef\xbb\xbf|[ \t]+(?=[0-9]{5}))*")  # a leader may begin with blanks
_FIVE_DIGITS = re.compile(rb"(?=([0-9]{5}))")  # overlapping ones too
_COMMENT = re.compile(rb"<!--.*?-->", re.DOTALL)
_RECORD_START = re.compile(rb"<((?:[A-Za-z_][\w.-]*:)?)record(?=[\s>/])")
_FIRST_ELEMENT = re.compile(rb"<([A-Za-z_][\w.:-]*)([^>]*)>")
_NAMESPACES = re.compile(rb"\sxmlns(?::[\w.-]+)?\s*=\s*(?:\"[^\"]*\"|'[^']*')")
_CONTROL_NUMBER = re.compile(rb"controlfield\s[^>]*?tag\s*=\s*[\"']001[\"'][^>]*>([^<]*)<")
_XML_DECLARATION = re.compile(rb"\s*<\?xml[^>]*\?>")


class PieceRefused(Exception):
    """A piece of the stream is no record that can be told from its neighbours."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Bytes between two cuts; ``refusal`` when they are already known to be no record."""

    offset: int
    data: bytes
    refusal: str = ""
    cut_off: bool = False  # the stream ended within it


@dataclass(frozen=True, slots=True)
class Cut:
    """What a piece is: the payload to keep, its control number ("" when it has none), and whether it is deleted."""

    payload: bytes
    control_number: str
    deleted: bool
    repairs: int = 0


def format_of(head: bytes) -> PayloadFormat:
    """What a file is by its first bytes, never by its name.

    Raises: DumpUnusable when it is neither ISO 2709 nor MARCXML.
    """
    start = in_utf8(head).removeprefix(b"\xef\xbb\xbf").lstrip(b" \t" + BETWEEN_RECORDS)
    if not start:
        raise DumpUnusable("the file is empty")
    if start.startswith(b"<"):
        if declares_doctype(start):
            raise DumpUnusable("the file declares a document type, as HTML pages do and records never")
        root = _root_tag(start)
        name = root[1].rpartition(b":")[2] if root else b""
        if name not in {b"collection", b"record"}:
            raise DumpUnusable(f"the file's root is <{name.decode('utf-8', 'replace')}>, not a MARCXML collection")
        return "marcxml"
    if _FIVE_DIGITS.match(start) or FIELD_END in start or RECORD_END in start:
        return "iso2709"
    raise DumpUnusable("the file is neither ISO 2709 nor MARCXML")


def is_utf16(head: bytes) -> bool:
    """Whether bytes begin with the mark of UTF-16."""
    return head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))


def in_utf8(head: bytes) -> bytes:
    """The first bytes of a file, in UTF-8 where they are in UTF-16."""
    return codecs.getincrementaldecoder("utf-16")("replace").decode(head).encode("utf-8") if is_utf16(head) else head


def _root_tag(head: bytes) -> re.Match[bytes] | None:
    return _FIRST_ELEMENT.search(_COMMENT.sub(b"", head))


def iso2709_pieces(stream: BinaryIO) -> Iterator[Piece]:
    """The pieces of an ISO 2709 stream, record terminator included, with what stands between them left out."""
    buffer, offset = b"", 0
    skipping = False  # within a piece that is too long to be a record
    while chunk := stream.read(CHUNK_BYTES):
        if skipping and RECORD_END not in chunk:  # nothing of it is kept: gigabytes go by without being looked at twice
            offset, buffer = offset + len(buffer) + len(chunk), b""
            continue
        *whole, rest = (buffer + chunk).split(RECORD_END)
        for part in whole:
            if skipping:
                skipping = False
            else:
                yield from _records_in(part + RECORD_END, offset)
            offset += len(part) + 1
        buffer = rest
        if len(buffer) > MAX_RECORD_BYTES:
            if not skipping:
                yield Piece(offset, buffer, f"no record ends within {MAX_RECORD_BYTES:,} bytes")
            offset, buffer, skipping = offset + len(buffer), b"", True
    if buffer.strip(b" \t" + BETWEEN_RECORDS) or skipping:
        yield Piece(offset, buffer, "the file ends in the middle of this record", cut_off=True)


def _records_in(part: bytes, offset: int) -> Iterator[Piece]:
    """One piece; two when a record without its end stands before a whole one."""
    data = part.lstrip(BETWEEN_RECORDS)
    if data[:1] in b"\xef \t" and (noise := _NOISE.match(data)):
        data = data[noise.end() :]
    offset += len(part) - len(data)
    if data == RECORD_END:
        yield Piece(offset, data, "it is empty")
        return
    if not (data[:5].isdigit() and int(data[:5]) == len(data)):
        for match in _FIVE_DIGITS.finditer(data, 1):
            tail = data[match.start() :]
            if int(match[1]) == len(tail) > LEADER_BYTES and tail[12:17].isdigit() and int(tail[12:17]) < len(tail):
                yield Piece(offset, data[: match.start()], "it breaks off before its end")
                yield Piece(offset + match.start(), tail)
                return
    yield Piece(offset, data)


def likely_control_number(data: bytes) -> str:
    """The control number of a piece that is no whole record, "" when none can be made out.

    It protects the good version there is from passing for a deleted one.
    """
    directory, _, fields = data[LEADER_BYTES:].partition(FIELD_END)
    if directory.startswith(b"001"):
        return _text(fields.partition(FIELD_END)[0])
    element = _CONTROL_NUMBER.search(data)
    return _text(element[1]) if element else ""


def iso2709_record(data: bytes) -> Cut:
    """Reads leader and directory as far as the control number; wrong lengths and addresses are borne.

    Raises: PieceRefused when it has no leader, directory or field.
    """
    if len(data) <= LEADER_BYTES:
        raise PieceRefused(f"it is {len(data)} bytes long, shorter than a leader")
    directory_end = data.find(FIELD_END, LEADER_BYTES)
    if directory_end < 0:
        raise PieceRefused("its directory has no end")
    directory = data[LEADER_BYTES:directory_end]
    if len(directory) % ENTRY_BYTES:
        raise PieceRefused(f"its directory is {len(directory)} bytes long, no multiple of {ENTRY_BYTES}")
    tags = [directory[at : at + 3] for at in range(0, len(directory), ENTRY_BYTES)]
    if not tags:
        raise PieceRefused("it holds no field")
    number = b""
    if b"001" in tags:
        index = tags.index(b"001")
        fields = data[directory_end + 1 :].split(FIELD_END, index + 1)
        # Addresses are often wrong; fields then stand in the order of the directory.
        number = _addressed(data, directory, index) or (fields[index] if index < len(fields) else b"")
    return Cut(data, _text(number), data[5:6] == b"d")


def _addressed(data: bytes, directory: bytes, index: int) -> bytes:
    """A field by its directory entry, when the entry fits the field's ends; else empty."""
    entry = directory[index * ENTRY_BYTES : (index + 1) * ENTRY_BYTES]
    if not (entry[3:].isdigit() and data[12:17].isdigit()):
        return b""
    start = int(data[12:17]) + int(entry[7:])
    end = start + int(entry[3:7])
    return data[start : end - 1] if data[start - 1 : start] == FIELD_END == data[end - 1 : end] else b""


def _text(number: bytes) -> str:
    number = number.strip(b" \t" + BETWEEN_RECORDS + RECORD_END)
    try:
        return number.decode("utf-8")
    except UnicodeDecodeError:
        return number.decode("latin-1")


class MarcXmlPieces:
    """The record elements of a MARCXML stream; ``head`` is what stands before the first of them."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._utf16: codecs.IncrementalDecoder | None = None
        self.head = b""

    def __iter__(self) -> Iterator[Piece]:
        buffer, offset, more = b"", 0, True
        first = True
        while more:
            chunk = self._stream.read(CHUNK_BYTES)
            more = bool(chunk)
            if not offset and not buffer and is_utf16(chunk):
                self._utf16 = codecs.getincrementaldecoder("utf-16")("replace")
            buffer += self._utf16.decode(chunk).encode("utf-8") if self._utf16 else chunk
            at = 0
            while start := _RECORD_START.search(buffer, at):
                if first:
                    self.head, first = buffer[: start.start()], False
                tag = b"</" + start[1] + b"record"
                end = buffer.find(tag, start.end())
                following = _RECORD_START.search(buffer, start.end(), end if end >= 0 else len(buffer))
                if following:  # the record was never closed: it goes, and the next one is whole
                    at = following.start()
                    yield Piece(offset + start.start(), buffer[start.start() : at], "the element is not closed")
                    continue
                close = buffer.find(b">", end) if end >= 0 else -1
                if close < 0:
                    break
                at = close + 1
                yield Piece(offset + start.start(), buffer[start.start() : at])
            offset, buffer = offset + at, buffer[at:]  # what is left may begin a record or a tag, or end the root
            if len(buffer) > MAX_RECORD_BYTES:
                raise DumpUnusable(f"no record ends within {MAX_RECORD_BYTES:,} bytes from byte {offset:,}")
        if start := _RECORD_START.search(buffer):
            offset, buffer = offset + start.start(), buffer[start.start() :]
            yield Piece(offset, buffer, "the file ends in the middle of this record", cut_off=True)
        elif not self._closed(buffer):
            yield Piece(offset, b"", "the file ends before its root element does", cut_off=True)

    def _closed(self, tail: bytes) -> bool:
        root = _root_tag(self.head or tail)
        return root is None or root[2].endswith(b"/") or b"</" + root[1] in tail

    def wrapped(self, piece: bytes) -> bytes:
        """The piece as a document of its own, with the namespaces and the character set of the whole."""
        declaration = None if self._utf16 else _XML_DECLARATION.match(self.head)
        root = _root_tag(self.head)
        namespaces = b"".join(_NAMESPACES.findall(root[2])) if root else b""
        return (declaration[0] if declaration else b"") + b"<file" + namespaces + b">" + piece + b"</file>"


def marcxml_record(document: bytes) -> Cut:
    """Reads one record element in its wrapping, mending bytes as for any XML from strangers.

    One that had to be mended is kept as it was sent, in its wrapping: who reads it says what was mended.

    Raises: PieceRefused when it is not well-formed, or empty.
    """
    try:
        root, repairs = root_of(document)
    except XmlRefused as exc:
        raise PieceRefused(str(exc)) from exc
    record: etree._Element | None = next(children(root, "record"), None)
    if record is None:
        raise PieceRefused(f"it is <{local_name(root[0]) if len(root) else ''}>, not a record")
    deleted = says_deleted(record)
    if is_empty(record) and not deleted:
        raise PieceRefused("it holds no field")
    payload = document if repairs else serialised(record)
    return Cut(payload, control_number(record), deleted, repairs)
