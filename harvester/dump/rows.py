"""Tables from strangers, row by row: XLSX, or text separated by commas, semicolons or tabs."""

from __future__ import annotations

import codecs
import csv
import io
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, BinaryIO, cast

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from harvester.dump.archive import MAX_EXPANSION, NEVER_TOO_EXPANDED, Stream, is_spreadsheet
from harvester.errors import DumpUnusable

ENCODINGS = ("utf-8-sig", "big5hkscs", "gb18030")  # tried in this order
DELIMITERS = "\t;,|"
MAX_SHEET_BYTES = 2 * 1024**3

WORKBOOK_ERRORS = (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, IndexError, SyntaxError, OSError)

Row = tuple[int, list[str]]
"""The number of the line, from 1, and its cells as text."""


def rows(stream: Stream) -> Iterator[Row]:
    """The rows of a table, empty ones left out; of a workbook those of its first sheet.

    Raises: DumpUnusable when it is no table, breaks off, or is in an unknown character set.
    """
    return _sheet_rows(stream) if is_spreadsheet(stream.head()) else _text_rows(stream)


def _text_rows(stream: Stream) -> Iterator[Row]:
    head = stream.head()
    text = io.TextIOWrapper(cast(BinaryIO, io.BufferedReader(_Raw(stream))), _encoding(stream.name, head), newline="")
    try:
        first = text.readline()
        delimiter = max(DELIMITERS, key=first.count)
        yield from _numbered(csv.reader((line for line in _chain(first, text)), delimiter=delimiter))
    except UnicodeDecodeError as exc:
        raise DumpUnusable(f"{stream.name}: it is not all text in {text.encoding}: {exc.reason}") from exc
    except csv.Error as exc:
        raise DumpUnusable(f"{stream.name}: it is no table: {exc}") from exc


def _chain(first: str, rest: Iterator[str]) -> Iterator[str]:
    yield first
    yield from rest


def _numbered(reader: Any) -> Iterator[Row]:
    for row in reader:
        if any(cell.strip() for cell in row):
            yield reader.line_num, [cell.strip() for cell in row]


def _encoding(name: str, head: bytes) -> str:
    if b"\0" in head and not head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise DumpUnusable(f"{name}: it is neither text nor a workbook")
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    for encoding in ENCODINGS:
        try:
            codecs.getincrementaldecoder(encoding)().decode(head)
        except UnicodeDecodeError:
            continue
        return encoding
    raise DumpUnusable(f"{name}: its character set is unknown; send it in UTF-8")


class _Raw(io.RawIOBase):
    """A stream as the text layer wants it."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        chunk = self._stream.read(len(buffer))
        buffer[: len(chunk)] = chunk
        return len(chunk)


def _sheet_rows(stream: Stream) -> Iterator[Row]:
    with tempfile.TemporaryFile() as file:
        shutil.copyfileobj(cast(BinaryIO, stream), file)
        try:
            _refuse_bombs(stream.name, file)
            book = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
            try:
                for line, cells in enumerate(book.worksheets[0].iter_rows(values_only=True), 1):
                    row = [_text(cell) for cell in cells]
                    if any(row):
                        yield line, row
            finally:
                book.close()
        except WORKBOOK_ERRORS as exc:
            raise DumpUnusable(f"{stream.name}: it is no workbook that can be read: {exc}") from exc


def _refuse_bombs(name: str, file: BinaryIO) -> None:
    size = file.seek(0, io.SEEK_END)
    with zipfile.ZipFile(file) as book:
        unpacked = sum(part.file_size for part in book.infolist())
        if unpacked > min(MAX_SHEET_BYTES, max(NEVER_TOO_EXPANDED, size * MAX_EXPANSION)):
            raise DumpUnusable(f"{name}: the workbook unpacks to {unpacked:,} bytes, which no table of items does")
        for part in book.infolist():
            with book.open(part) as content:
                if b"<!DOCTYPE" in content.read(4096).upper():
                    raise DumpUnusable(f"{name}: {part.filename} declares a document type, as no workbook does")


def _text(cell: object) -> str:
    """A cell as a person reads it: whole numbers without a point, dates as dates."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == datetime.min.time() else cell.isoformat(" ")
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell).strip()
