"""Tables to download: CSV that a spreadsheet opens as UTF-8, and XLSX. What stands in a cell is never a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterable, AsyncIterator, Iterable, Sequence
from tempfile import SpooledTemporaryFile
from typing import IO, Literal, get_args
from urllib.parse import quote

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

Kind = Literal["csv", "xlsx"]
KINDS: tuple[Kind, ...] = get_args(Kind)

Cell = str | int | float | None
Row = Sequence[Cell]

MEDIA_TYPES: dict[Kind, str] = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

MAX_XLSX_ROWS = 100_000
"""A sheet is made as a whole before any of it can be sent."""

BOM = "\ufeff"
"""Without it Excel in Taiwan reads a CSV file as Big5."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_MAX_TEXT = 32_767
_WIDEST, _NARROWEST = 60, 8


def plain(cell: Cell) -> Cell:
    """A cell that no program takes for a formula: what a library's record says is shown, never run.

    An apostrophe before it is what spreadsheets themselves write to say that this is text.
    """
    if isinstance(cell, str) and cell.startswith(_FORMULA):
        return f"'{cell}"
    return cell


def csv_text(rows: Iterable[Row]) -> str:
    """Rows as lines of CSV, without the mark of its beginning."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows([["" if c is None else plain(c) for c in row] for row in rows])
    return out.getvalue()


async def csv_stream(headings: Row, batches: AsyncIterable[Sequence[Row]]) -> AsyncIterator[bytes]:
    """A CSV file as it comes, however long."""
    yield (BOM + csv_text([headings])).encode()
    async for rows in batches:
        yield csv_text(rows).encode()


def csv_file(headings: Row, rows: Iterable[Row]) -> bytes:
    """A whole CSV file."""
    return (BOM + csv_text([headings, *rows])).encode()


class Sheets:
    """A workbook being written, a sheet at a time; its rows are not kept in memory."""

    def __init__(self) -> None:
        self._book = Workbook(write_only=True)

    def add(self, name: str, headings: Row, rows: Iterable[Row], widths: Sequence[int] = ()) -> None:
        """Adds a sheet with bold headings that stay when it is scrolled; ``widths`` in characters, by column."""
        sheet = self._book.create_sheet(name[:31])
        sheet.freeze_panes = "A2"
        for number, heading in enumerate(headings, 1):
            width = widths[number - 1] if number <= len(widths) else 2 * len(str(heading)) + 2
            sheet.column_dimensions[get_column_letter(number)].width = min(max(width, _NARROWEST), _WIDEST)
        bold = []
        for heading in headings:
            cell = WriteOnlyCell(sheet, _xlsx(heading))
            cell.font = Font(bold=True)
            bold.append(cell)
        sheet.append(bold)
        for row in rows:
            sheet.append([_xlsx(cell) for cell in row])

    def save(self) -> IO[bytes]:
        """The file, to be read from its beginning; the caller closes it."""
        file: IO[bytes] = SpooledTemporaryFile(max_size=5_000_000)  # noqa: SIM115 - the caller closes it
        self._book.save(file)
        file.seek(0)
        return file


def _xlsx(cell: Cell) -> Cell:
    """A cell as XLSX takes it: without characters that XML forbids, and text where a formula might be seen."""
    if not isinstance(cell, str):
        return cell
    text = "".join(c for c in cell if c in "\t\n" or (c >= " " and not "\ud800" <= c <= "\udfff" and c < "\ufffe"))
    return plain(text[:_MAX_TEXT])


def attached(name: str, kind: Kind) -> dict[str, str]:
    """The headers of a file to be saved: a name of letters, digits and hyphens of any script, and one in ASCII."""
    kept = "".join(c if c.isalnum() or c in "-_" else "-" for c in name).strip("-")[:80] or "table"
    plain_name = "".join(c for c in kept if c.isascii()).strip("-") or "table"
    return {
        "Content-Disposition": f"attachment; filename=\"{plain_name}.{kind}\"; filename*=UTF-8''{quote(kept)}.{kind}",
        "Cache-Control": "no-store",
    }
