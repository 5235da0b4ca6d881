"""A report as CSV and XLSX: the lines chosen, the columns chosen, the figures of the page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC
from zoneinfo import ZoneInfo

from search_api.selecting.buying import Advice, Sum, Verdict
from search_api.selecting.found import Bucket, Checked, HeldBy
from search_api.selecting.prices import plain
from search_api.selecting.reports import Report
from search_api.selecting.selection import Totals
from search_api.selecting.words import Words, hyphenated
from search_api.sheets import Cell, Sheets, csv_file

Told = tuple[Checked, Advice]


def _same(told: Told) -> list[HeldBy]:
    return [held for one in told[0].editions if one.relation != "other" for held in one.held_by]


def _price(told: Told) -> Cell:
    price = told[0].given.price
    if price is None:
        return None
    return plain(price)


def _where(told: Told, words: Words) -> str:
    said = (
        f"{words.labels.library(held.library)}: {'; '.join(words.places(held))}" for held in _same(told) if held.places
    )
    return "\n".join(said)


COLUMNS: Mapping[str, Callable[[Told, Words], Cell]] = {
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
_NARROW = 11


def csv_of(lines: Iterable[Told], columns: Sequence[str], words: Words) -> bytes:
    """The lines as CSV."""
    return csv_file(_headings(columns, words), _rows(lines, columns, words))


def xlsx_of(
    report: Report, totals: Totals, lines: Iterable[Told], columns: Sequence[str], *, words: Words, zone: ZoneInfo
) -> bytes:
    """The lines as a workbook, and its sums on a sheet of their own."""
    sheets = Sheets()
    widths = [_WIDE.get(name, _NARROW) for name in columns]
    rows = _rows(lines, columns, words)
    sheets.add(words.t("overlap.sheet_lines"), _headings(columns, words), rows, widths)
    name = report.name or words.t("overlap.report")
    sheets.add(words.t("overlap.sheet_sums"), [name], _sums(report, totals, words, zone), [32, 12, 12, 28, 12])
    with sheets.save() as file:
        return file.read()


def _headings(columns: Sequence[str], words: Words) -> list[str]:
    return [words.t(f"overlap.col_{name}") for name in columns]


def _rows(lines: Iterable[Told], columns: Sequence[str], words: Words) -> Iterator[list[Cell]]:
    for told in lines:
        yield [COLUMNS[name](told, words) for name in columns]


def _sums(report: Report, totals: Totals, words: Words, zone: ZoneInfo) -> Iterator[list[Cell]]:
    t = words.t
    made = (report.finished_at or report.made_at).astimezone(UTC)
    yield [t("overlap.finished"), t.moment(made, zone)]
    yield []
    yield [t("overlap.result"), t("overlap.lines")]
    for bucket in Bucket:
        yield [t(f"overlap.{bucket}"), totals.buckets[bucket]]
    yield [t("overlap.total"), totals.lines]
    yield []
    told = [t(f"overlap.{key}") for key in ("lines", "copies_wanted", "cost", "unpriced")]
    yield [t("overlap.advice"), *told]
    for verdict in Verdict:
        yield [t(f"overlap.{verdict}"), *_told(totals.verdicts[verdict], words)]
    yield []
    yield [t("overlap.held_by"), *told]
    n = totals.fewer_than
    for key, total in (("nobody", totals.nobody), ("few", totals.few), ("enough", totals.enough)):
        yield [t(f"overlap.sum_{key}", n=n), *_told(total, words)]
    yield [t("overlap.unreadable"), *_told(totals.unreadable, words)]
    yield []
    yield [t("overlap.library"), t("overlap.lines_held")]
    for code in words.labels.in_order(totals.held_by):
        yield [words.labels.library(code), totals.held_by[code]]


def _told(total: Sum, words: Words) -> tuple[Cell, ...]:
    return total.lines, total.copies, words.sums(total), total.unpriced
