"""The rows of a list of copies: a table by its headings, elements by selectors, or JSON by paths.

A row is what each field says, as the lines of a cell. Headings may stand in any order and among others; cells may span
rows and columns; a table within a table is no part of its rows.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from lxml import html

from mappings.web_status import Web
from search_api.availability.reading import MAX_ITEMS, said
from search_api.availability.web import pages
from search_api.availability.web.due_column import NOT_A_TEXT

Row = Mapping[str, tuple[str, ...]]
"""Field → what the row says of it, line by line, every column of the field; a field without a column is absent."""

MAX_COLUMNS = 60
MAX_SPAN = 500
MAX_ABOVE = 20
"""Rows that may stand above the headings of a table."""


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of one answer.

    ``hidden``: rows with a state that a browser would not show. ``remarks``: shown rows that are no copies and say
    something all the same, such as that copies are being loaded.
    """

    rows: tuple[Row, ...]
    hidden: int = 0
    remarks: int = 0


def rows_of_tables(page: html.HtmlElement, web: Web) -> Rows | None:
    """The rows of all tables that have a column for the state; None when there is no such table.

    A table that holds such a table is there for the layout, whatever its own rows say.
    """
    known: dict[str, str] = {folded(heading): field for field, headings in web.headings.items() for heading in headings}
    lists = [table for table in pages.selected(page, web.copies or "table") if _is_list(table, known)]
    around = {outer for table in lists for outer in table.iterancestors("table")}
    found: list[Row] = []
    hidden = remarks = 0
    for table in lists:
        if table in around:
            continue
        for row, shown in _table_rows(table, known):
            if row is None:
                remarks += shown
            elif shown:
                found.append(row)
            else:
                hidden += bool(row.get("status"))
            if len(found) > MAX_ITEMS:
                break
    return Rows(tuple(found[: MAX_ITEMS + 1]), hidden, remarks) if lists else None


def _is_list(table: html.HtmlElement, known: Mapping[str, str]) -> bool:
    return any("status" in _headings(cells, known).values() for cells, _ in islice(_grid(table), MAX_ABOVE))


def _table_rows(table: html.HtmlElement, known: Mapping[str, str]) -> Iterator[tuple[Row | None, bool]]:
    """The rows below the headings of a table (None: one that says something, but of no copy), and whether they show."""
    columns: dict[int, str] = {}
    width = 0
    for cells, element in _grid(table):
        of_status = next((cells[at] for at, field in columns.items() if field == "status" and at in cells), None)
        if not columns or (of_status is not None and folded(_heading(of_status)) in known):
            headings = _headings(cells, known)
            if "status" in headings.values():
                columns, width = headings, len(cells)
                continue
        if not columns:
            continue
        row = {} if width > 1 and len(set(cells.values())) == 1 else _row(cells, columns)  # {}: more to load, a remark
        of_copy = any(row.values())
        if of_copy or any(map(pages.lines, dict.fromkeys(cells.values()))):
            hidden = any(pages.is_hidden(one) for one in (element, *element.iterancestors("tr", "tbody")))
            yield row if of_copy else None, not hidden


def _headings(cells: Mapping[int, html.HtmlElement], known: Mapping[str, str]) -> dict[int, str]:
    return {at: known[text] for at, cell in cells.items() if (text := folded(_heading(cell))) in known}


def rows_of_elements(page: html.HtmlElement, web: Web) -> Rows | None:
    """What the selectors of the fields find in each element that the selector of copies finds; None without any."""
    elements = pages.selected(page, web.copies)
    if not elements:
        return None
    found: list[Row] = []
    hidden = remarks = 0
    for element in elements[: MAX_ITEMS + 1]:
        row: Row = {
            str(name): tuple(text for one in selectors for text in pages.values(element, one))
            for name, selectors in web.fields.items()
        }
        if pages.is_hidden(element):
            hidden += bool(row.get("status"))
        elif any(row.values()):
            found.append(row)
        else:
            remarks += bool(pages.lines(element))
    return Rows(tuple(found), hidden, remarks)


def rows_of_json(tree: object, web: Web) -> Rows | None:
    """The rows of the list at a path; None when there is none. ``null`` is no list."""
    listed = tree if web.copies == "." else pages.at(tree, web.copies)
    if not isinstance(listed, list):
        return None
    return Rows(tuple(_json_row(_of_pairs(one, web.pairs), web) for one in listed[: MAX_ITEMS + 1]))


def folded(text: str) -> str:
    """A heading as it is compared."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text).casefold()).rstrip(":*▲▼↑↓")


def _heading(cell: html.HtmlElement) -> str:
    return "".join(pages.lines(cell))[:100]


def _row(cells: Mapping[int, html.HtmlElement], columns: Mapping[int, str]) -> Row:
    found: dict[str, dict[html.HtmlElement, None]] = {}
    for at, field in columns.items():
        found.setdefault(field, {}).update({cells[at]: None} if at in cells else {})
    return {field: tuple(line for cell in own for line in pages.lines(cell)) for field, own in found.items()}


def _grid(table: html.HtmlElement) -> Iterator[tuple[dict[int, html.HtmlElement], html.HtmlElement]]:
    """The rows of a table and its own only: column → cell, those that reach down from rows above among them."""
    reaching: dict[int, tuple[html.HtmlElement, int]] = {}  # column → cell, rows it still covers
    for row in table.iter("tr"):
        if next(row.iterancestors("table"), None) is not table:
            continue
        cells = {at: cell for at, (cell, _) in reaching.items()}
        reaching = {at: (cell, left - 1) for at, (cell, left) in reaching.items() if left > 1}
        at = 0
        for cell in row.iter("td", "th"):  # a form may stand between, or what was never closed
            if next(cell.iterancestors("tr"), None) is not row:
                continue
            while at in cells:
                at += 1
            for column in range(at, min(at + _span(cell, "colspan"), MAX_COLUMNS)):
                cells[column] = cell
                if (down := _span(cell, "rowspan")) > 1:
                    reaching[column] = (cell, down - 1)
            at += _span(cell, "colspan")
            if at >= MAX_COLUMNS:
                break
        yield cells, row


def _span(cell: html.HtmlElement, name: str) -> int:
    text = cell.get(name, "1").strip()
    return min(max(int(text[:4]), 1), MAX_SPAN) if text.isascii() and text[:4].isdigit() else 1


def _of_pairs(one: object, path: str) -> object:
    """A list of {key, value} as one table; anything else as it is."""
    listed = pages.at(one, path) if path else None
    if not isinstance(listed, list):
        return one
    return {said(pair.get("key")): pair.get("value") for pair in listed if isinstance(pair, Mapping)}


def _json_row(one: object, web: Web) -> Row:
    return {
        field: tuple(filter(None, _dues(one, paths) if field == "due" else _texts(one, paths)))
        for field, paths in web.fields.items()
    }


def _texts(one: object, paths: Sequence[str]) -> Iterator[str]:
    for path in paths:
        yield said(pages.at(one, path))


def _dues(one: object, paths: Sequence[str]) -> Iterator[str]:
    """What stands in the place of a due date, of whatever kind: what is not empty says that the copy is lent."""
    for path in paths:
        value = pages.at(one, path)
        for each in value[:MAX_COLUMNS] if isinstance(value, list) else (value,):
            yield said(each) or (NOT_A_TEXT if _holds_something(each) else "")


def _holds_something(value: object) -> bool:
    if isinstance(value, Mapping | list):
        return any(map(_holds_something, value.values() if isinstance(value, Mapping) else value))
    return bool(value.strip() if isinstance(value, str) else value)
