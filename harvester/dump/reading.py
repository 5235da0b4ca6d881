"""The files within one file → pages of records, deletions and copies, by what each file holds and not by its name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import BinaryIO, Literal, cast

from harvester.dump.archive import Stream, is_spreadsheet, members
from harvester.dump.beside import is_beside
from harvester.dump.items import ItemTable
from harvester.dump.numbers import listed_numbers
from harvester.dump.oai_header import oai_name
from harvester.dump.parts import joined
from harvester.dump.seen import Seen
from harvester.errors import DumpUnusable
from harvester.file_kind import format_of, in_utf8
from harvester.iso2709 import FIELD_END, RECORD_END
from harvester.marc_split import (
    Cut,
    MarcXmlPieces,
    Piece,
    PieceRefused,
    iso2709_pieces,
    iso2709_record,
    likely_control_number,
    marcxml_piece,
)
from harvester.page import Page
from harvester.raw_record import UNNUMBERED, PayloadFormat, Quarantined, RawRecord
from mappings.library import Library

PAGE_RECORDS = 500
ENDS = (FIELD_END, RECORD_END)
NO_NAME = "it has no control number, so it cannot be told which record it changes"

Role = Literal["full", "changes", "deletions"]
"""What a file states: all there is, what changed, or what has left."""

Item = RawRecord | Quarantined


class _NoRecords(Exception):
    """A file is of no kind that holds records."""


@dataclass(slots=True)
class Reading:
    """What has to be remembered over all files of one visit."""

    library: Library
    now: Callable[[], datetime]
    seen: Seen = field(default_factory=Seen)
    unnumbered: int = 0
    nameless: int = 0  # pieces that could not be read and do not say which record they are
    cut_off: list[str] = field(default_factory=list)  # why the statement is not whole
    repairs: int = 0
    passed_over: list[str] = field(default_factory=list)  # files that hold no records

    def pages(self, name: str, file: BinaryIO, role: Role) -> Iterator[Page]:
        """The pages of one file.

        Raises: DumpUnusable, naming the file within it that cannot be used.
        """
        records: list[RawRecord] = []
        refused: list[Quarantined] = []
        read = passed_over = 0
        for stream in members(name, file):
            if self._is_beside(name, stream):
                self.passed_over.append(stream.name)
                passed_over += 1
                continue
            read += 1
            try:
                for item in self._items(stream, role):
                    if isinstance(item, RawRecord):
                        records.append(item)
                    else:
                        refused.append(item)
                    if len(records) + len(refused) >= PAGE_RECORDS:
                        yield self._page(records, refused)
                        records, refused = [], []
            except _NoRecords as exc:  # the run fails, and its beginning is kept for whoever looks why
                head = stream.head()
                place = f"{stream.name}@0"
                refused.append(Quarantined(self.library.code, place, "harvest", "", str(exc), self.now(), head))
                yield self._page(records, refused)
                raise DumpUnusable(str(exc)) from exc
        if passed_over and not read:
            raise DumpUnusable(f"{name}: none of the files in it is one of records")
        if records or refused or self.repairs:
            yield self._page(records, refused)

    def refuse(self, name: str, file: BinaryIO, role: Role) -> None:
        """Looks at the beginning of each file within one, and takes none of it in.

        Raises: DumpUnusable when no harvest could ever read it.
        """
        streams = (stream for stream in members(name, file) if not self._is_beside(name, stream))
        looked = False
        for stream in streams:
            looked = True
            try:
                next(self._items(stream, role), None)
            except _NoRecords as exc:
                raise DumpUnusable(str(exc)) from exc
        if not looked:
            raise DumpUnusable(f"{name}: none of the files in it is one of records")

    def _is_beside(self, name: str, stream: Stream) -> bool:
        """Whether a file within an archive is none of ours; one that looks like records is, whatever it is called."""
        if "/" not in stream.name.removeprefix(name.rpartition(".")[0]):
            return False  # the file itself, unpacked
        take = self.library.harvest.take
        if take or not is_beside(stream.name):
            return is_beside(stream.name, take)
        try:
            format_of(stream.head())
        except DumpUnusable:
            return True
        return False

    def _page(self, records: list[RawRecord], refused: list[Quarantined]) -> Page:
        repairs, self.repairs = self.repairs, 0
        return Page(tuple(records), tuple(refused), repairs)

    def _items(self, stream: Stream, role: Role) -> Iterator[Item]:
        try:
            payload_format = None if _is_table(stream.head()) else format_of(stream.head())
        except DumpUnusable as exc:
            raise _NoRecords(f"{stream.name}: {exc}") from exc
        if payload_format is not None:
            yield from self._marc(stream, payload_format, role)
        elif role == "deletions":
            for number in listed_numbers(stream):
                yield RawRecord(self.library.code, number, "marcxml", b"", deleted=True)
        else:
            yield from self._copies(stream)

    def _copies(self, stream: Stream) -> Iterator[Item]:
        columns = self.library.harvest.items
        if columns is None:
            raise DumpUnusable(
                f"{stream.name}: it is neither ISO 2709 nor MARCXML. A table of copies is read when [harvest.items]"
                " names its columns, a list of deletions when harvest.folder.deletions names the file"
            )
        table = ItemTable(self.library.code, columns)
        yield from table.records(stream)
        if table.nameless:
            self.nameless += table.nameless
            reason = f"{table.nameless:,} rows name no record"
            line = f"line {table.first_nameless}"
            yield Quarantined(self.library.code, f"{stream.name}@{line}", "harvest", line, reason, self.now())

    def _marc(self, stream: Stream, payload_format: PayloadFormat, role: Role) -> Iterator[Item]:
        self.seen.next_file()
        cuts = _cuts(payload_format, cast(BinaryIO, stream))
        for piece, cut in joined(cuts) if payload_format == "iso2709" else cuts:
            if isinstance(cut, Cut):
                self.repairs += cut.repairs
                yield self._record(stream.name, payload_format, piece, cut, role)
                continue
            self.cut_off += [f"{stream.name}: {cut}"] if piece.cut_off else []
            if piece.data:  # else the end is missing, not a record
                yield self._refusal(stream.name, piece, cut)

    def _record(self, name: str, payload_format: PayloadFormat, piece: Piece, cut: Cut, role: Role) -> Item:
        code, number = self.library.code, cut.control_number
        deleted = cut.deleted or role == "deletions"
        if number and (deleted or role == "changes"):
            return RawRecord(code, number, payload_format, b"" if deleted else cut.payload, deleted)
        if role != "full":
            return self._refusal(name, piece, NO_NAME)
        if number:
            place = self.seen.place(number, cut.payload)
            identifier = number if place == 1 else f"{number}#{place}"
        else:
            self.unnumbered += 1
            identifier = f"{UNNUMBERED}{self.unnumbered}"
        return RawRecord(code, identifier, payload_format, b"" if deleted else cut.payload, deleted)

    def _refusal(self, name: str, piece: Piece, reason: str) -> Quarantined:
        number = oai_name(piece.header or piece.data)[0] or likely_control_number(piece.data)
        self.nameless += not number or piece.hides
        identifier = number or f"{name}@{piece.offset}"
        place = f"byte {piece.offset}"
        return Quarantined(self.library.code, identifier, "harvest", place, reason, self.now(), piece.data)


def _is_table(head: bytes) -> bool:
    """Whether it is a workbook or lines of text; HTML is neither, or a login page would be a list of numbers."""
    start = in_utf8(head).removeprefix(b"\xef\xbb\xbf").lstrip()
    return is_spreadsheet(head) or (bool(start) and not start.startswith(b"<") and not any(end in head for end in ENDS))


def _cuts(payload_format: PayloadFormat, stream: BinaryIO) -> Iterator[tuple[Piece, Cut | str]]:
    """Every piece with what it is, or in words why it is no record."""
    pieces: Iterator[Piece] | MarcXmlPieces
    if payload_format == "marcxml":
        pieces = xml = MarcXmlPieces(stream)

        def read(piece: Piece) -> Cut:
            return marcxml_piece(piece, xml.wrapped(piece))
    else:
        pieces = iso2709_pieces(stream)

        def read(piece: Piece) -> Cut:
            return iso2709_record(piece.data)

    for piece in pieces:
        if piece.refusal:
            yield piece, piece.refusal
            continue
        try:
            yield piece, read(piece)
        except PieceRefused as exc:
            yield piece, str(exc)
