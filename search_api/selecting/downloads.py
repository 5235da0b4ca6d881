"""A report as CSV and XLSX: the lines chosen, the columns chosen, the figures of the page.

Nothing in a cell is ever a formula, whatever was in the list: programs that open it would carry it out.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC
from zoneinfo import ZoneInfo

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from search_api.selecting.buying import Advice, Sum, Verdict
from search_api.selecting.found import Bucket, Checked, HeldBy
from search_api.selecting.reports import Report
from search_api.selecting.selection import Totals
from search_api.selecting.words import Words, hyphenated

Value = str | int | float | None
Told = tuple[Checked, Advice]

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
LONGEST = 32_000  # characters a cell of a workbook holds


def _same(told: Told) -> list[HeldBy]:
    return [held for one in told[0].editions if one.relation != "other" for held in one.held_by]


def _price(told: Told) -> Value:
    price = told[0].given.price
    if price is None:
        return None
    return price.hundredths // 100 if price.hundredths % 100 == 0 else price.hundredths / 100


def _where(told: Told, words: Words) -> str:
    said = (
        f"{words.labels.library(held.library)}: {'; '.join(words.places(held))}" for held in _same(told) if held.places
    )
    return "\n".join(said)


COLUMNS: Mapping[str, Callable[[Told, Words], Value]] = {
    "row": lambda told, _: told[0].given.row,
    "isbn": lambda told, _: " ".join(map(hyphenated, told[0].given.numbers.isbns)) or told[0].given.numbers.issn,
    "title": lambda told, _: (
        told[0].given.title or (told[0].editions[0].title if told[0].editions else told[0].given.text)
    ),
    "creator": lambda told, _: told[0].given.creator or (told[0].editions[0].creator if told[0].editions else ""),
    "publisher": lambda told, _: told[0].given.publisher or (told[0].editions[0].publisher if told[0].editions else ""),
    "year": lambda told, _: told[0].given.year or (told[0].editions[0].year if told[0].editions else None),
    "price": lambda told, _: _price(told),
    "currency": lambda told, _: told[0].given.price.currency if told[0].given.price else "",
    "wanted": lambda told, _: told[0].given.copies,
    "result": lambda told, words: words.line(told[0]),
    "sure": lambda told, words: words.sure(told[0]),
    "holders": lambda told, _: len(told[0].same),
    "holders_any": lambda told, _: len(told[0].any),
    "copies": lambda told, _: told[0].copies,
    "on_order": lambda told, _: sum(held.on_order + held.in_process for held in _same(told)),
    "libraries": lambda told, words: words.libraries(told[0].same),
    "libraries_any": lambda told, words: words.libraries(told[0].any),
    "where": _where,
    "online": lambda told, words: words.libraries({held.library for held in _same(told) if held.online}),
    "edition": lambda told, _: told[0].editions[0].id if told[0].editions else "",
    "advice": lambda told, words: words.t(f"overlap.{told[1].verdict}"),
    "reason": lambda told, words: words.reason(told[1], told[0]),
    "remarks": lambda told, words: words.t("overlap.and").join(map(words.remark, told[0].remarks)),
    "repeats": lambda told, _: told[0].repeats,
    "meant": lambda told, _: " ".join(hyphenated(one.isbn) for one in told[0].suggestions),
    "note": lambda told, _: told[0].given.note,
}
"""What a download can have in it, in this order."""

USUAL = (
    *("row", "isbn", "title", "creator", "publisher", "year", "price", "currency", "wanted", "result", "holders"),
    *("holders_any", "copies", "on_order", "libraries", "libraries_any", "advice", "reason", "remarks", "note"),
)

_WIDE = {"title": 40, "creator": 20, "publisher": 18, "libraries": 36, "libraries_any": 36, "where": 40, "reason": 28}


def guarded(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def csv_of(lines: Iterable[Told], columns: Sequence[str], words: Words) -> Iterator[bytes]:
    """The lines as CSV in UTF-8, with the mark by which spreadsheets know it."""
    yield b"\xef\xbb\xbf"
    heading: list[Value] = [words.t(f"overlap.col_{name}") for name in columns]
    yield _csv_row(heading)
    for told in lines:
        yield _csv_row([COLUMNS[name](told, words) for name in columns])


def _csv_row(cells: Sequence[Value]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerow(guarded(cell) if isinstance(cell, str) else cell for cell in cells)
    return out.getvalue().encode("utf-8", "replace")


def xlsx_of(
    report: Report, totals: Totals, lines: Iterable[Told], columns: Sequence[str], *, words: Words, zone: ZoneInfo
) -> bytes:
    """The lines as a workbook, and its sums on a sheet of their own."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(words.t("overlap.sheet_lines"))
    sheet.freeze_panes = "A2"
    for at, name in enumerate(columns, 1):
        sheet.column_dimensions[get_column_letter(at)].width = _WIDE.get(name, 12)
    sheet.append([_cell(sheet, words.t(f"overlap.col_{name}"), bold=True) for name in columns])
    for told in lines:
        sheet.append([_cell(sheet, COLUMNS[name](told, words)) for name in columns])
    sums = book.create_sheet(words.t("overlap.sheet_sums"))
    sums.column_dimensions["A"].width = 32
    _sums(sums, report, totals, words, zone)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _sums(sheet: WriteOnlyWorksheet, report: Report, totals: Totals, words: Words, zone: ZoneInfo) -> None:
    def row(*cells: Value, bold: bool = False) -> None:
        sheet.append([_cell(sheet, cell, bold=bold) for cell in cells])

    row(report.name or words.t("overlap.report"), bold=True)
    made = (report.finished_at or report.made_at).astimezone(UTC)
    row(words.t("overlap.finished"), words.t.moment(made, zone))
    row()
    row(words.t("overlap.result"), words.t("overlap.lines"), bold=True)
    for bucket in Bucket:
        row(words.t(f"overlap.{bucket}"), totals.buckets[bucket])
    row(words.t("overlap.total"), totals.lines)
    row()
    row(*(words.t(f"overlap.{key}") for key in ("advice", "lines", "copies_wanted", "cost", "unpriced")), bold=True)
    for verdict in Verdict:
        row(words.t(f"overlap.{verdict}"), *_told(totals.verdicts[verdict], words))
    row()
    row(*(words.t(f"overlap.{key}") for key in ("held_by", "lines", "copies_wanted", "cost", "unpriced")), bold=True)
    for key, total in (("nobody", totals.nobody), ("few", totals.few), ("enough", totals.enough)):
        row(words.t(f"overlap.sum_{key}"), *_told(total, words))
    row(words.t("overlap.unreadable"), *_told(totals.unreadable, words))
    row()
    row(words.t("overlap.library"), words.t("overlap.lines_held"), bold=True)
    for code in words.labels.in_order(totals.held_by):
        row(words.labels.library(code), totals.held_by[code])


def _told(total: Sum, words: Words) -> tuple[Value, ...]:
    return total.lines, total.copies, words.sums(total), total.unpriced


def _cell(sheet: WriteOnlyWorksheet, value: Value, *, bold: bool = False) -> Cell:
    if isinstance(value, str):
        value = ILLEGAL_CHARACTERS_RE.sub("", value)[:LONGEST]
    cell = WriteOnlyCell(sheet, value)
    if isinstance(value, str):
        cell.data_type = "s"  # a text that begins with = stays one
        if "\n" in value:
            cell.alignment = Alignment(wrap_text=True)
    if bold:
        cell.font = Font(bold=True)
    return cell
