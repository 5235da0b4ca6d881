"""A file of a selector's → rows of cells: which kind it is, which character set, which delimiter, which sheet.

What comes is hostile until read: sizes are capped before anything is unpacked, nothing is ever calculated.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Literal

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet._read_only import ReadOnlyWorksheet

from harvester.errors import DumpUnusable
from harvester.file_kind import format_of
from indexer.charset import likely_character_set
from search_api.selecting.columns import SAMPLE, heading_row
from search_api.selecting.given import MAX_CELL, MAX_LINES, ListRefused

Kind = Literal["text", "table", "workbook", "iso2709", "marcxml", "json"]
Row = tuple[int, list[str]]
"""The number of the row, from 1, and its cells."""

MAX_FILE_BYTES = 40 * 1024 * 1024
MAX_UNPACKED_BYTES = 600 * 1024 * 1024
MAX_EXPANSION = 200
NEVER_TOO_EXPANDED = 64 * 1024 * 1024
MAX_COLUMNS = 200
MAX_ROWS = 3 * MAX_LINES
"""Rows looked at: empty ones may stand between."""
MAX_SHEETS = 20

ENCODINGS = ("cp950", "big5hkscs", "gb18030", "shift_jis", "euc_kr", "cp1252")
"""Tried in this order where nothing tells; the last one reads anything."""
_CODECS = {"big5": "cp950", "windows-1252": "cp1252", "latin-1": "cp1252", "euc-kr": "euc_kr", "marc-8": "cp1252"}
_MOST_LOST = 0.01

_LEADER = re.compile(rb"[\s\xef\xbb\xbf]*[\d ]{5}[ -~]{5}\d\d[\d ]{5}")
_DIRECTORY = re.compile(rb"\d{9}\x1e")
"""How MARC begins, and how the directory of one of its records ends. The separators alone say nothing: Vietnamese in
UTF-16 is full of these bytes, and readers of bar codes type them into text."""
_SEPARATORS = dict.fromkeys(range(0x1C, 0x20), " ")

_POWER = re.compile(r"(?<=\d)[Ee]\+?(?=\d)")
DELIMITERS = "\t,;|"
JSON = b'{"lines":['
"""How a list begins that came as JSON."""
_WORKBOOK_ERRORS = (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, IndexError, SyntaxError, OSError)
_MAGIC: tuple[tuple[bytes, str, str], ...] = (
    (b"\xd0\xcf\x11\xe0", "old_workbook", "This is an old or locked workbook (XLS): save it as XLSX or CSV."),
    (b"%PDF", "pdf", "This is a PDF: ask for the list as XLSX or CSV."),
    (b"\x1f\x8b", "packed", "This file is packed: unpack it first."),
    (b"BZh", "packed", "This file is packed: unpack it first."),
    (b"\xfd7zXZ", "packed", "This file is packed: unpack it first."),
    (b"7z\xbc\xaf", "packed", "This file is packed: unpack it first."),
    (b"Rar!", "packed", "This file is packed: unpack it first."),
    (b"\x89PNG", "picture", "This is a picture, no list."),
    (b"\xff\xd8\xff", "picture", "This is a picture, no list."),
)


@dataclass(frozen=True, slots=True)
class Rows:
    """A table: where its rows come from, and what was found out on the way."""

    kind: Kind
    read: Callable[[], Iterator[Row]]
    encoding: str = ""
    sheets: tuple[str, ...] = ()
    sheet: str = ""
    lost: int = 0  # characters that could not be decoded

    def sample(self) -> list[Row]:
        return list(islice(self.read(), SAMPLE))


def kind_of(data: bytes) -> Kind:
    """What a file is by its first bytes, never by its name.

    Raises: ListRefused when it is none that can be read.
    """
    if len(data) > MAX_FILE_BYTES:
        raise ListRefused("too_large", f"A list may have {MAX_FILE_BYTES // 1024**2} MB.")
    if not data.strip():
        raise ListRefused("empty", "The list is empty.")
    for magic, why, message in _MAGIC:
        if data.startswith(magic):
            raise ListRefused(why, message)
    if data.startswith(b"PK"):
        return "workbook"
    if data.startswith(JSON):
        return "json"
    head = data[:65_536]
    if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        try:
            if format_of(head) == "marcxml":
                return "marcxml"
        except DumpUnusable as exc:
            raise ListRefused("xml", f"This XML is no MARCXML: {exc}.") from exc
    if (b"\x1e" in head or b"\x1d" in head) and (_LEADER.match(head) or _DIRECTORY.search(head)):
        return "iso2709"
    return "table"


def rows_of(data: bytes, *, encoding: str = "", sheet: str = "") -> Rows:
    """The rows of a table or of a text.

    Raises: ListRefused when it cannot be read.
    """
    kind = kind_of(data)
    return _workbook(data, sheet) if kind == "workbook" else _text(data, encoding)


# Text


def _text(data: bytes, encoding: str) -> Rows:
    text, used, lost = decoded(data, encoding)
    text = text.translate(_SEPARATORS)
    delimiter, quoted = _delimiter(text)

    def read() -> Iterator[Row]:
        if not delimiter:
            for number, line in enumerate(io.StringIO(text), 1):
                if line.strip():
                    yield number, [line.strip()[:MAX_CELL]]
            return
        yield from _cells(text, delimiter, quoted=quoted)

    return Rows("table" if delimiter else "text", read, used, lost=lost)


def decoded(data: bytes, encoding: str = "") -> tuple[str, str, int]:
    """A file as text, in which character set that was, and how many characters are lost.

    Raises: ListRefused when it is no text, or not in the character set named.
    """
    if encoding:
        try:
            return data.decode(codecs.lookup(encoding).name).replace("\0", ""), encoding, 0
        except LookupError as exc:
            raise ListRefused("encoding", f"There is no character set {encoding!r}.") from exc
        except UnicodeDecodeError as exc:
            raise ListRefused("encoding", f"The list is not in {encoding}.") from exc
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if data.startswith(mark):
            return _lossy(data, name)
    head = data[:4096]
    if head.count(b"\0") * 3 > len(head):
        return _lossy(data, "utf-16-le" if head[1::2].count(0) >= head[::2].count(0) else "utf-16-be")
    if b"\0" in head:
        if wide := _wide(data, head):
            return wide
        raise ListRefused("binary", "This is neither text nor a workbook nor MARC.")
    try:
        return data.decode("utf-8"), "utf-8", 0
    except UnicodeDecodeError:
        pass
    likely = likely_character_set(data)
    first = _CODECS.get(likely, likely) if likely else None
    for name in dict.fromkeys((first, *ENCODINGS) if first in ENCODINGS else ENCODINGS):
        try:
            return data.decode(str(name)), str(name), 0
        except UnicodeDecodeError:
            continue
    text, name, lost = min((_lossy(data, name) for name in ("utf-8", "cp950")), key=lambda one: one[2])
    if lost > _MOST_LOST * len(text):
        raise ListRefused("encoding", "The character set of the list is unknown: save it as UTF-8.")
    return text, name, lost


def _wide(data: bytes, head: bytes) -> tuple[str, str, int] | None:
    """A text in UTF-16 that has no mark and few letters of ASCII, so that most of its bytes say nothing."""
    low, high = head[::2].count(0), head[1::2].count(0)
    if bool(low) == bool(high):
        return None
    name = "utf-16-le" if high else "utf-16-be"
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        try:
            return data.decode(name), name, 0
        except UnicodeDecodeError:
            return None
    return None  # a text with a stray NUL


def _lossy(data: bytes, name: str) -> tuple[str, str, int]:
    text = data.decode(name, "replace").replace("\0", "")
    return text, name, text.count("\ufffd")


def _delimiter(text: str) -> tuple[str, bool]:
    """What parts the cells, "" for a text of one cell a line; and whether quotes mean anything."""
    lines = [line for line in islice(io.StringIO(text[:200_000]), 200) if line.strip()][:SAMPLE]
    best: tuple[float, int, str] = (0.0, 0, "")
    for place, delimiter in enumerate(DELIMITERS):
        table = list(_parsed(lines, delimiter))
        widths = Counter(len(row) for row in table if len(row) > 1)
        if not widths:
            continue
        width, rows = widths.most_common(1)[0]
        share = rows / len(table)
        if (share >= 0.6 and width > 1) or heading_row(table[:5]) is not None:
            best = max(best, (share, -place, delimiter))
    if best[2] == "," and _only_numbers(lines):
        return "", False
    stray = any(line.count('"') % 2 for line in lines) and best[2] == "\t"
    return best[2], not stray


def _only_numbers(lines: Sequence[str]) -> bool:
    """Numbers in a row, parted by commas, are no table, nor is 9,78957E+12; a heading above them may be there."""
    parted = [_POWER.sub("", line) for line in lines if "," in line]
    return not any(character.isalpha() and character not in "Xx" for line in parted for character in line)


def _parsed(lines: Iterable[str], delimiter: str) -> Iterator[list[str]]:
    try:
        yield from csv.reader(lines, delimiter=delimiter)
    except csv.Error:
        return


def _cells(text: str, delimiter: str, *, quoted: bool) -> Iterator[Row]:
    """The rows of a text; a quote that is never closed would swallow all that follow: then quotes mean nothing."""
    lines = io.StringIO(text, newline="")
    if quoted and text.count('"') % 2 == 0:
        reader = csv.reader(lines, delimiter=delimiter)
    else:
        reader = csv.reader(lines, delimiter=delimiter, quoting=csv.QUOTE_NONE)
    try:
        for row in reader:
            cells = [cell.strip()[:MAX_CELL] for cell in row[:MAX_COLUMNS]]
            if any(cells):
                yield reader.line_num, cells
    except csv.Error as exc:
        raise ListRefused("table", f"Row {reader.line_num} cannot be read: {exc}.") from exc


# Workbooks


def _workbook(data: bytes, sheet: str) -> Rows:
    _refuse_bombs(data)
    book = _opened(data)
    names = tuple(one.title for one in book.worksheets if one.sheet_state == "visible")[:MAX_SHEETS]
    if not names:
        raise ListRefused("empty", "The workbook has no sheet with rows.")
    if sheet and sheet not in names:
        if not (sheet.isdigit() and 1 <= int(sheet) <= len(names)):
            raise ListRefused("sheet", f"There is no sheet {sheet!r}; there are {', '.join(names)}.")
        sheet = names[int(sheet) - 1]
    chosen = sheet or _likely_sheet(data, names)
    return Rows("workbook", lambda: _sheet_rows(data, chosen), sheets=names, sheet=chosen)


def _likely_sheet(data: bytes, names: Sequence[str]) -> str:
    """The first sheet that has headings, else the first that has rows."""
    samples = {name: [cells for _, cells in islice(_sheet_rows(data, name), SAMPLE)] for name in names}
    with_headings = (name for name in names if heading_row(samples[name]) is not None)
    return next(with_headings, "") or next((name for name in names if samples[name]), names[0])


def _opened(data: bytes) -> openpyxl.Workbook:
    try:
        return openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    except _WORKBOOK_ERRORS as exc:
        raise ListRefused("workbook", "This workbook cannot be read: save it again as XLSX, or as CSV.") from exc


def _refuse_bombs(data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as book:
            parts = book.infolist()
            unpacked = sum(part.file_size for part in parts)
            if unpacked > min(MAX_UNPACKED_BYTES, max(NEVER_TOO_EXPANDED, len(data) * MAX_EXPANSION)):
                raise ListRefused("bomb", f"The workbook unpacks to {unpacked:,} bytes, which no list does.")
            if not any(part.filename.startswith("xl/") for part in parts):
                raise ListRefused(
                    "packed", "This is an archive or another program's file: save the list as XLSX or CSV."
                )
            for part in parts:
                with book.open(part) as content:
                    if b"<!DOCTYPE" in content.read(4096).upper():
                        raise ListRefused("bomb", "The workbook declares a document type, as none does.")
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError) as exc:
        raise ListRefused("workbook", "This workbook cannot be read: save it again as XLSX, or as CSV.") from exc


def _sheet_rows(data: bytes, name: str) -> Iterator[Row]:
    book = _opened(data)
    try:
        sheet = book[name]
        if not isinstance(sheet, ReadOnlyWorksheet):
            return
        sheet.reset_dimensions()  # what a file states of its size may be anything
        found = sheet.iter_rows(max_row=MAX_ROWS, max_col=MAX_COLUMNS, values_only=True)
        for number, cells in enumerate(found, 1):
            row = [_shown(cell) for cell in cells]
            while row and not row[-1]:
                row.pop()
            if row:
                yield number, row
    except _WORKBOOK_ERRORS as exc:
        raise ListRefused("workbook", f"The sheet {name} cannot be read: save it again as XLSX, or as CSV.") from exc
    finally:
        book.close()


def _shown(cell: object) -> str:
    """A cell as a person reads it: whole numbers without a point, dates as dates."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell).strip()[:MAX_CELL]
