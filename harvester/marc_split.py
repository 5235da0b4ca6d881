"""A stream of MARC → the pieces that are one record each, going on after what cannot be read.

ISO 2709 is cut at its record terminators and MARCXML at its record tags, never by the lengths a record states of
itself: one wrong length would lose all that follow.
"""

from __future__ import annotations

import codecs
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import BinaryIO

from lxml import etree

from harvester.dump.oai_header import oai_name
from harvester.errors import DumpUnusable
from harvester.file_kind import is_utf16, root_tag
from harvester.iso2709 import (
    BETWEEN_RECORDS,
    ENTRY_BYTES,
    FIELD_END,
    LEADER_BYTES,
    MOST_STATED_BYTES,
    RECORD_END,
    by_lengths,
    gives_places,
    is_whole,
    names_fields,
    with_terminators_within,
    with_usual_numbers,
)
from harvester.marcxml import children, control_number, is_empty, local_name, says_deleted, serialised
from harvester.raw_record import CUT_OFF
from harvester.strict_xml import XmlRefused, root_of

CHUNK_BYTES = 1024 * 1024
MAX_RECORD_BYTES = 16 * 1024 * 1024
LONGEST_TAG = 256  # bytes in which a tag of a record ends
FIELDS = frozenset({"controlfield", "datafield"})
_NUL_WITHIN = re.compile(rb"\x00[^\x00 \t\r\n\x1a]|[^\x00]\x00+[^\x00 \t\r\n\x1a]")
TOO_LONG = "no record ends within {:,} bytes"

_NOISE = re.compile(rb"(?:[\r\n\x00\x1a]|\xef\xbb\xbf|[ \t]+(?=[0-9]{5}))*")  # a leader may begin with blanks
_NEXT_RECORD = re.compile(
    rb"[0-9]{5}[ -/:-~][A-Za-z][ -~]{13}45[ -~]{2}(?=[0-9A-Za-z]{3}[0-9]{9})"
)  # a leader and an entry
_FIVE_DIGITS = re.compile(rb"(?=([0-9]{5}))")  # overlapping ones too
_RECORD_START = re.compile(rb"<((?:[A-Za-z_][\w.-]*:)?)record(?=[\s>/])")
_PAST_RECORD = re.compile(rb"</(?:[A-Za-z_][\w.-]*:)?record\s*>|(?=<(?:[A-Za-z_][\w.-]*:)?record[\s>/])")
_NAMESPACES = re.compile(rb"\sxmlns(?::[\w.-]+)?\s*=\s*(?:\"[^\"]*\"|'[^']*')")
_CONTROL_NUMBER = re.compile(rb"controlfield\s[^>]{0,200}?tag\s*=\s*[\"']001[\"'][^>]{0,200}>([^<]*)<")
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
    hides: bool = False  # other records may be lost in it
    header: bytes = b""  # what stands round it in a file shaped like an answer over OAI-PMH


@dataclass(frozen=True, slots=True)
class Cut:
    """What a piece is: the payload to keep, its control number ("" when it has none), and whether it is deleted."""

    payload: bytes
    control_number: str
    deleted: bool
    repairs: int = 0


def iso2709_pieces(stream: BinaryIO) -> Iterator[Piece]:
    """The pieces of an ISO 2709 stream, record terminator included, with what stands between them left out."""
    buffer, offset = b"", 0
    skipping = False  # within a piece that is too long to be a record
    while chunk := stream.read(CHUNK_BYTES):
        if skipping and RECORD_END not in chunk:  # nothing of it is kept: gigabytes go by without being looked at twice
            offset, buffer = offset + len(buffer) + len(chunk), b""
            continue
        *whole, rest = (buffer + chunk).split(RECORD_END)
        parts = deque(whole)
        while parts:
            part = parts.popleft()
            if skipping:
                skipping = False
            else:
                part = with_terminators_within(part, parts)
                yield from _records_in(part + RECORD_END, offset)
            offset += len(part) + 1
        buffer = rest
        if len(buffer) > MAX_RECORD_BYTES:
            if not skipping:
                yield Piece(offset, buffer, TOO_LONG.format(MAX_RECORD_BYTES), hides=True)
            offset, buffer, skipping = offset + len(buffer), b"", True
    if skipping:
        yield Piece(offset, buffer, f"{CUT_OFF} in the middle of this record", cut_off=True)
    elif buffer.strip(b" \t" + BETWEEN_RECORDS):
        yield from _records_in(buffer, offset, ends=False)


def _records_in(part: bytes, offset: int, *, ends: bool = True) -> Iterator[Piece]:
    """The records between two terminators: one, or more where some lack theirs; ``ends`` when the last has its own."""
    data = part.lstrip(BETWEEN_RECORDS)
    if data[:1] in b"\xef \t" and (noise := _NOISE.match(data)):
        data = data[noise.end() :]
    offset += len(part) - len(data)
    if data == RECORD_END:
        yield Piece(offset, data, "it is empty")
        return
    starts = [0, *_starts_within(data), len(data)]
    for start, end in pairwise(starts):
        piece = Piece(offset + start, data[start:end])
        last = end == len(data)
        if (last and ends) or is_whole(piece.data):
            yield piece
        elif last:
            yield replace(piece, refusal=f"{CUT_OFF} in the middle of this record", cut_off=True)
        else:
            yield replace(piece, refusal="it breaks off before its end")


def _starts_within(data: bytes) -> list[int]:
    """Where further records begin in a piece whose length is not the one it states: each with a leader that no text
    looks like, or the last one, whose length is right."""
    if data[:5].isdigit() and int(data[:5]) == len(data):
        return []
    if len(data) > MOST_STATED_BYTES and is_whole(data):
        return []  # too long to state its length: of so many digits some look like one
    if found := [match.start() for match in _NEXT_RECORD.finditer(data, LEADER_BYTES)]:
        return found
    for match in _FIVE_DIGITS.finditer(data, max(1, len(data) - MOST_STATED_BYTES)):
        start, length, base = match.start(), int(match[1]), data[match.start() + 12 : match.start() + 17]
        if start + length == len(data) and base.isdigit() and LEADER_BYTES < int(base) < length:
            return [start]
    return []


def likely_control_number(data: bytes) -> str:
    """The control number of a piece that is no whole record, "" when none can be made out for certain.

    It protects the good version there is from passing for a deleted one; a wrong one would protect another.
    """
    end = data.find(FIELD_END, LEADER_BYTES)
    directory = data[LEADER_BYTES : max(end, LEADER_BYTES)]
    if directory and len(directory) % ENTRY_BYTES == 0:
        tags = _tags(directory)
        if "001" in tags and (number := _addressed(data, directory, tags.index("001"))):
            return _text(number)
        length = directory[3:7]
        number = data[end + 1 :].partition(FIELD_END)[0]
        if tags[0] == "001" and length.isdigit() and int(length) == len(number) + 1:
            return _text(number)
    element = _CONTROL_NUMBER.search(data)
    return _text(element[1]) if element else ""


def iso2709_record(data: bytes) -> Cut:
    """Reads leader and directory as far as the control number; wrong lengths and addresses are borne, and terminators
    that are missing.

    A record that was named and whose name cannot be told any more is refused, and one whose directory names no fields:
    either would be put beside its good version, which would then pass for a deleted one.

    Raises: PieceRefused when it has no leader, directory or field, or not the name it had.
    """
    if len(data) <= LEADER_BYTES:
        raise PieceRefused(f"it is {len(data)} bytes long, shorter than a leader")
    usual = with_usual_numbers(data) or data
    try:
        number = _stated_number(usual)
    except PieceRefused:
        fields = by_lengths(data)
        if fields is None:
            raise
        number = next((value for tag, value in fields if tag == "001"), b"")
    if _NUL_WITHIN.search(number):
        raise PieceRefused("its control number has NUL bytes in it: it may be in UTF-16, which no MARC record is")
    return Cut(data, _text(number), usual[5:6] == b"d")


def _stated_number(data: bytes) -> bytes:
    """The control number, empty when it has none."""
    end = data.find(FIELD_END, LEADER_BYTES)
    if end < 0:
        raise PieceRefused("its directory has no end")
    directory = data[LEADER_BYTES:end]
    if len(directory) % ENTRY_BYTES:
        raise PieceRefused(f"its directory is {len(directory)} bytes long, no multiple of {ENTRY_BYTES}")
    tags = _tags(directory)
    if not tags:
        raise PieceRefused("it holds no field")
    if "001" not in tags:
        if not names_fields(directory):
            raise PieceRefused("its directory does not name fields: a tag is three letters or digits")
        if not gives_places(directory):
            raise PieceRefused("its directory is damaged: which field is its control number cannot be told")
        return b""
    index = tags.index("001")
    if number := _addressed(data, directory, index):
        return number
    # Addresses are often wrong; fields then stand in the order of the directory, if they are as many.
    fields = data[end + 1 :].removesuffix(RECORD_END).split(FIELD_END)
    if len(fields) - (not fields[-1].strip(b" \t" + BETWEEN_RECORDS)) != len(tags):
        raise PieceRefused("its directory does not fit its fields: which of them is its control number cannot be told")
    return fields[index]


def _tags(directory: bytes) -> list[str]:
    names = directory.decode("latin-1")
    return [names[at : at + 3] for at in range(0, len(names), ENTRY_BYTES)]


def _addressed(data: bytes, directory: bytes, index: int) -> bytes:
    """A field by its directory entry, when the entry fits the field's ends; else empty."""
    entry = directory[index * ENTRY_BYTES : (index + 1) * ENTRY_BYTES]
    if not (entry[3:].isdigit() and data[12:17].isdigit()):
        return b""
    start = int(data[12:17]) + int(entry[7:])
    end = start + int(entry[3:7])
    number = data[start : end - 1]
    return number if data[start - 1 : start] == FIELD_END == data[end - 1 : end] and FIELD_END not in number else b""


def _text(number: bytes) -> str:
    number = number.replace(b"\x00", b"").strip(b" \t" + BETWEEN_RECORDS + RECORD_END)
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
        self._wrapping = b""

    def __iter__(self) -> Iterator[Piece]:
        buffer, offset, more = b"", 0, True
        header = b""
        first, skipping = True, False  # skipping: within a record that is too long to be one
        while more:
            chunk = self._stream.read(CHUNK_BYTES)
            more = bool(chunk)
            if not offset and not buffer and is_utf16(chunk):
                self._utf16 = codecs.getincrementaldecoder("utf-16")("replace")
            buffer += self._utf16.decode(chunk).encode("utf-8") if self._utf16 else chunk
            at = 0
            if skipping:
                past = _PAST_RECORD.search(buffer)
                skipping = past is None
                at = past.end() if past else max(0, len(buffer) - LONGEST_TAG)
            while not skipping and (start := _RECORD_START.search(buffer, at)):
                between = buffer[at : start.start()]
                if first:
                    self.head, first = between, False
                tag = b"</" + start[1] + b"record"
                following = _RECORD_START.search(buffer, start.end())
                end = buffer.find(tag, start.end(), following.start() if following else len(buffer))
                close = buffer.find(b">", end) if end >= 0 else -1
                if close < 0 and not (following and end < 0):
                    break
                if refusal := _no_record(between):
                    yield Piece(offset + at, between, refusal)
                if following and end < 0:  # the record was never closed: it goes, and the next one is whole
                    at = following.start()
                    part = buffer[start.start() : at]
                    if oai_name(part)[0]:
                        header = part
                    else:
                        yield Piece(offset + start.start(), part, "the element is not closed")
                    continue
                at = close + 1
                yield Piece(offset + start.start(), buffer[start.start() : at], header=header)
                header = b""
            offset, buffer = offset + at, buffer[at:]  # what is left may begin a record or a tag, or end the root
            if len(buffer) > MAX_RECORD_BYTES:
                if first:
                    raise DumpUnusable(f"no record begins within {MAX_RECORD_BYTES:,} bytes")
                start = _RECORD_START.search(buffer)
                at = start.start() if start else len(buffer) - LONGEST_TAG
                offset, buffer = offset + at, buffer[at:]
                if len(buffer) > MAX_RECORD_BYTES:
                    yield Piece(offset, buffer, TOO_LONG.format(MAX_RECORD_BYTES))
                    skipping = True
                    offset, buffer = offset + len(buffer) - LONGEST_TAG, buffer[-LONGEST_TAG:]
        yield from self._rest(buffer, offset, skipping=skipping)

    def _rest(self, buffer: bytes, offset: int, *, skipping: bool) -> Iterator[Piece]:
        """What is to be said of the bytes after the last whole record."""
        if skipping:
            yield Piece(offset, b"", f"{CUT_OFF} in the middle of a record that is too long", cut_off=True)
        elif start := _RECORD_START.search(buffer):
            offset, buffer = offset + start.start(), buffer[start.start() :]
            yield Piece(offset, buffer, f"{CUT_OFF} in the middle of this record", cut_off=True)
        else:
            if refusal := _no_record(buffer):
                yield Piece(offset, buffer, refusal)
            if not self._closed(buffer):
                yield Piece(offset, b"", f"{CUT_OFF} before its root element does", cut_off=True)

    def _closed(self, tail: bytes) -> bool:
        root = root_tag(self.head or tail)
        return root is None or root[2].endswith(b"/") or b"</" + root[1] in tail

    def wrapped(self, piece: Piece) -> bytes:
        """The piece as a document of its own, with the namespaces and the character set of the whole."""
        if piece.header:
            return self._wrapped_in(piece.header) + piece.data + b"</file>"
        self._wrapping = self._wrapping or self._wrapped_in(b"")
        return self._wrapping + piece.data + b"</file>"

    def _wrapped_in(self, header: bytes) -> bytes:
        declaration = None if self._utf16 else _XML_DECLARATION.match(self.head)
        root = root_tag(self.head)
        found = [*(_NAMESPACES.findall(root[2]) if root else ()), *_NAMESPACES.findall(header)]
        namespaces = {one.partition(b"=")[0].strip(): one for one in found}  # the innermost counts
        return (declaration[0] if declaration else b"") + b"<file" + b"".join(namespaces.values()) + b">"


_FIELD_LIKE = re.compile(rb"<(?:[\w.-]+:)?(?:control|data)field[\s>]", re.IGNORECASE)
_COMMENT = re.compile(rb"<!--.*?-->", re.DOTALL)


def _no_record(between: bytes) -> str:
    """Why what stands between records is lost; "" where no field is in it, as in wrappers, headers and comments."""
    if not _FIELD_LIKE.search(between) or not _FIELD_LIKE.search(_COMMENT.sub(b"", between)):
        return ""
    return "fields that stand in no <record>: its element has another name, or begins nowhere"


def marcxml_piece(piece: Piece, document: bytes) -> Cut:
    """Reads a record element in its wrapping; one in a file shaped like an answer over OAI-PMH is named by its header.

    Raises: PieceRefused, as ``marcxml_record``.
    """
    name, deleted = oai_name(piece.header or piece.data)
    if name and not piece.header:
        if deleted:
            return Cut(b"", name, deleted=True)
        raise PieceRefused("it comes without MARC")
    cut = marcxml_record(document)
    return replace(cut, control_number=name, deleted=cut.deleted or deleted) if name else cut


def marcxml_record(document: bytes) -> Cut:
    """Reads one record element in its wrapping, mending bytes as for any XML from strangers.

    One that had to be mended is kept as it was sent, in its wrapping: who reads it says what was mended.

    Raises: PieceRefused when it is not well-formed, or holds no field.
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
    if not deleted and not any(local_name(child) in FIELDS for child in record):
        raise PieceRefused("none of its elements is a field")
    return Cut(document if repairs else serialised(record), control_number(record), deleted, repairs)
