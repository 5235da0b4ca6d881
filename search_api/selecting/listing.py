"""A selector's list, opened: what kind it is, which column is which, and its lines one after the other."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import orjson

from search_api.selecting.columns import Columns, column_called, corrected, heading_row, recognised, year_of
from search_api.selecting.files import Kind, Rows, kind_of, rows_of
from search_api.selecting.given import MAX_CELL, MAX_LINES, Column, Given, ListRefused, Money, Numbers, Why
from search_api.selecting.marc_list import marc_lines
from search_api.selecting.numbers import numbers
from search_api.selecting.prices import CODES, currency_in, money

PREVIEW = 8

_TOTAL = re.compile(
    r"(?:本頁|全部)?(?:合\s*計|總\s*計|小\s*計|共\s*計|总\s*计|(?:grand |sub)?total)"
    r"(?:[\W\d]|NTD?|TWD|USD|新[臺台]幣|金額|價|元|圓|整|共|冊|册|本|種|筆|冊數|數量|\b(?:price|amount|copies|items)\b){0,24}",
    re.IGNORECASE,
)
"""A sum, and what it is of: the word ends there, for there are books called Total recall and 總計畫."""
_NUMBERS_ALONE = re.compile(r"(?:[\dXx\s,;、，；/|.\-–—]|(?<=\d)[Ee]\+?(?=\d))+")
_COUNT = re.compile(r"\d{1,3}(?:,\d{3})+(?!\d)|\d+")
MOST_COPIES = 99_999
"""Copies that a line may ask for."""
_CREATOR_BEHIND = re.compile(r"\s[/／]\s")


@dataclass(frozen=True, slots=True)
class Options:
    """What a person says of a list where it is read wrongly. Empty: find out."""

    encoding: str = ""
    sheet: str = ""
    header: int | None = None  # the row of the headings, from 1; 0: there are none
    columns: str = ""  # ``isbn=C, title=2``; the columns not named are none
    currency: str = "TWD"  # of prices that name none


@dataclass(frozen=True, slots=True)
class Listing:
    """A list that has been opened."""

    kind: Kind
    data: bytes
    options: Options
    rows: Rows | None = None  # None: MARC, or JSON
    headings: tuple[str, ...] = ()
    header: int | None = None  # the row of the headings, from 1; None: there are none
    columns: Columns | None = None

    @property
    def preview(self) -> list[Sequence[str]]:
        """The first rows below the headings."""
        if self.rows is None:
            return []
        below = [cells for number, cells in self.rows.sample() if number > (self.header or 0)]
        return list(below[:PREVIEW])

    @property
    def width(self) -> int:
        return max((len(row) for row in (self.headings, *self.preview)), default=0)

    def lines(self) -> Iterator[Given]:
        """Every line, numbered from 1; rows without any cell are no lines.

        Raises: ListRefused when there are more than allowed, or the file breaks off.
        """
        for number, given in enumerate(self._lines(), 1):
            if number > MAX_LINES:
                raise ListRefused("too_many_lines", f"A list may have {MAX_LINES:,} lines; this one has more.")
            yield given if given.number == number else replace(given, number=number)

    def _lines(self) -> Iterator[Given]:
        if self.kind == "json":
            yield from _json_lines(self.data, self.options.currency)
            return
        if self.rows is None:
            yield from marc_lines(self.data, "marcxml" if self.kind == "marcxml" else "iso2709", self.options.currency)
            return
        for row, cells in self.rows.read():
            if row <= (self.header or 0):
                continue
            if self.kind == "text":
                yield from _text_lines(row, cells[0])
            elif any(_column(cells, indexes) for indexes in (self.columns or {}).values()) or any(cells):
                yield _table_line(row, cells, self.columns or {}, self.headings, self.options.currency)


def opened(data: bytes, options: Options | None = None) -> Listing:
    """A list, its columns recognised.

    Raises: ListRefused when it cannot be read at all.
    """
    options = options or Options()
    if options.currency and options.currency not in CODES:
        raise ListRefused(
            "currency", f"There is no currency {options.currency!r}; there are {', '.join(sorted(CODES))}."
        )
    kind = kind_of(data)
    if kind in ("iso2709", "marcxml", "json"):
        return Listing(kind, data, options)
    rows = rows_of(data, encoding=options.encoding, sheet=options.sheet)
    sample = rows.sample()
    if not sample:
        raise ListRefused("empty", "The list is empty.")
    header, headings = _headings(sample, options.header)
    below = [cells for number, cells in sample if number > (header or 0)]
    if rows.kind == "text":
        is_heading = bool(headings) and column_called(headings[0]) is not None
        return Listing("text", data, options, rows, (), header if is_heading else None)
    width = max(len(cells) for _, cells in sample)
    columns = corrected(options.columns, width) if options.columns else recognised(headings, below)
    if not {Column.ISBN, Column.ISSN, Column.TITLE} & columns.keys():
        columns = {**columns, Column.TITLE: (0,)} if width == 1 else columns
    return Listing(rows.kind, data, options, rows, tuple(headings), header, columns)


def _headings(sample: Sequence[tuple[int, list[str]]], asked: int | None) -> tuple[int | None, list[str]]:
    if asked is not None:
        return (asked, next((cells for number, cells in sample if number == asked), [])) if asked else (None, [])
    at = heading_row([cells for _, cells in sample])
    return (None, []) if at is None else sample[at]


_OF_JSON: tuple[Column, ...] = (
    *(Column.ISBN, Column.TITLE, Column.CREATOR, Column.PUBLISHER, Column.YEAR, Column.PRICE, Column.COPIES),
    Column.NOTE,
)


def _json_lines(data: bytes, currency: str) -> Iterator[Given]:
    """Lines that came as JSON: an empty one is a line too, for a program has counted it."""
    columns = {column: (at,) for at, column in enumerate(_OF_JSON)}
    try:
        lines = orjson.loads(data)["lines"]
        for row, line in enumerate(lines, 1):
            cells = [str(line.get(column.value, ""))[:MAX_CELL].strip() for column in _OF_JSON]
            if any(cells):
                yield _table_line(row, cells, columns, (), currency)
            else:
                yield Given(0, row, "", why=Why.EMPTY)
    except (orjson.JSONDecodeError, KeyError, TypeError, AttributeError) as exc:
        raise ListRefused("json", "This JSON is no list of lines.") from exc


def _text_lines(row: int, text: str) -> Iterator[Given]:
    """A line without columns: a number, several, or a title with its creator behind a slash."""
    found = numbers(text)
    if len(found.isbns) > 1 and _NUMBERS_ALONE.fullmatch(text):
        for one in found.isbns:
            yield Given(0, row, one, Numbers((one,)))
        return
    if found.isbns or found.issn or (found.why and _NUMBERS_ALONE.fullmatch(text)):
        yield Given(0, row, text, found, why=None if found.isbns or found.issn else found.why)
        return
    if _TOTAL.fullmatch(text):
        yield Given(0, row, text, why=Why.TOTAL)
        return
    if not any(character.isalpha() for character in text):
        yield Given(0, row, text, found, why=found.why or (Why.NO_NUMBER if text else Why.EMPTY))
        return
    title, *creator = _CREATOR_BEHIND.split(text, maxsplit=1)
    stated = found if found.why is not Why.OTHER_NUMBER else Numbers()
    yield Given(0, row, text, stated, title=title.strip(), creator=creator[0].strip() if creator else "")


def _table_line(row: int, cells: Sequence[str], columns: Columns, headings: Sequence[str], currency: str) -> Given:
    values: Mapping[Column, str] = {column: _column(cells, indexes) for column, indexes in columns.items()}
    stated = _numbers(cells, columns)
    title = values.get(Column.TITLE, "")
    shown = (title or values.get(Column.ISBN, "") or " ".join(filter(None, cells)))[:MAX_CELL]
    price = _price(values.get(Column.PRICE, ""), values.get(Column.CURRENCY, ""), columns, headings, currency)
    if not stated.isbns and _is_sum(cells, values):
        return Given(0, row, shown, why=Why.TOTAL)
    why = None
    counted = values.get(Column.COPIES, "")
    copies = _count(counted)
    if not (stated.isbns or stated.issn or any(map(str.isalnum, title))):
        why = stated.why or Why.NO_NUMBER
    return Given(
        0,
        row,
        shown,
        stated,
        title=title,
        creator=values.get(Column.CREATOR, ""),
        publisher=values.get(Column.PUBLISHER, ""),
        year=year_of(values.get(Column.YEAR, "")) if values.get(Column.YEAR) else None,
        price=price,
        copies=copies,
        copies_unread="" if copies is not None else counted,
        note=values.get(Column.NOTE, ""),
        why=why,
    )


def _is_sum(cells: Sequence[str], values: Mapping[Column, str]) -> bool:
    """Whether a row is a sum: it says so, and nothing that only books have."""
    if not any(_TOTAL.fullmatch(cell) for cell in cells if cell):
        return False
    said = filter(None, (values.get(column, "") for column in (Column.CREATOR, Column.PUBLISHER, Column.YEAR)))
    return all(_TOTAL.fullmatch(cell) for cell in said)


def _column(cells: Sequence[str], indexes: Sequence[int]) -> str:
    return next((cells[index] for index in indexes if index < len(cells) and cells[index]), "")


def _numbers(cells: Sequence[str], columns: Columns) -> Numbers:
    """All ISBNs of the columns that hold some; without any, what the first of them says."""
    found = [
        numbers(cells[index])
        for column in (Column.ISBN, Column.ISSN)
        for index in columns.get(column, ())
        if index < len(cells) and cells[index]
    ]
    good = [one for one in found if one.isbns]
    if good:
        return replace(good[0], isbns=tuple(dict.fromkeys(isbn for one in good for isbn in one.isbns)))
    serial = next((one for one in found if one.issn), None)
    return serial or next((one for one in found if one.why), Numbers())


def _price(text: str, named: str, columns: Columns, headings: Sequence[str], currency: str) -> Money | None:
    if not text:
        return None
    index = columns.get(Column.PRICE, (0,))[0]
    heading = headings[index] if index < len(headings) else ""
    return money(text, currency_in(named) or currency_in(heading) or currency)


def _count(text: str) -> int | None:
    """How many copies a cell asks for: 1,000 and 2冊; None for none, and for what nobody orders."""
    plain = unicodedata.normalize("NFKC", text).strip()
    match = _COUNT.search(plain)
    if match is None or plain.startswith(("-", "−", "–")):
        return None
    count = int(match.group().replace(",", ""))
    return count if count <= MOST_COPIES else None
