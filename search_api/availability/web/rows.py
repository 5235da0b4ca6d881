"""The rows of a list of copies: a table by its headings, elements by selectors, or JSON by paths.

A row is what each field says, as the lines of a cell. Headings may stand in any order and among others; cells may span
rows and columns; a table within a table is no part of its rows.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from lxml import html

from mappings.web_status import Web
from search_api.availability.reading import MAX_ITEMS, said
from search_api.availability.web import pages

Row = Mapping[str, tuple[str, ...]]
"""Field → what the row says of it, line by line, every column of the field; a field without a column is absent."""

MAX_COLUMNS = 60
MAX_SPAN = 500


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of one answer. ``hidden``: rows with a state that a browser would not show."""

    rows: tuple[Row, ...]
    hidden: int = 0


def rows_of_tables(page: html.HtmlElement, web: Web) -> Rows | None:
    """The rows of all tables that have a column for the state; None when there is no such table."""
    known: dict[str, str] = {folded(heading): field for field, headings in web.headings.items() for heading in headings}
    found, hidden, any_table = [], 0, False
    for table in pages.selected(page, web.copies or "table"):
        columns: dict[int, str] = {}
        for cells, element in _grid(table):
            here = {at: known[text] for at, cell in cells.items() if (text := folded(_heading(cell))) in known}
            if "status" in here.values():
                columns, any_table = here, True
                continue
            if not columns or len({id(cell) for cell in cells.values()}) == 1:
                continue  # before the headings, or one cell over all columns: more to load, a remark
            row = _row(cells, columns)
            if not any(row.values()):
                continue
            if pages.is_hidden(element) or any(pages.is_hidden(above) for above in element.iterancestors("tr")):
                hidden += bool(row.get("status"))
                continue
            found.append(row)
            if len(found) > MAX_ITEMS:
                return Rows(tuple(found), hidden)
    return Rows(tuple(found), hidden) if any_table else None


def rows_of_elements(page: html.HtmlElement, web: Web) -> Rows | None:
    """What the selectors of the fields find in each element that the selector of copies finds; None without any."""
    elements = pages.selected(page, web.copies)
    if not elements:
        return None
    shown = [element for element in elements if not pages.is_hidden(element)]
    rows: list[Row] = [
        {name: tuple(text for one in web.fields[name] for text in pages.values(element, one)) for name in web.fields}
        for element in shown[: MAX_ITEMS + 1]
    ]
    return Rows(tuple(row for row in rows if any(row.values())), len(elements) - len(shown))


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
    row: dict[str, tuple[str, ...]] = {}
    for at, field in columns.items():
        row[field] = row.get(field, ()) + (tuple(pages.lines(cells[at])) if at in cells else ())
    return row


def _grid(table: html.HtmlElement) -> Iterator[tuple[dict[int, html.HtmlElement], html.HtmlElement]]:
    """The rows of a table and its own only: column → cell, those that reach down from rows above among them."""
    reaching: dict[int, tuple[html.HtmlElement, int]] = {}  # column → cell, rows it still covers
    for row in table.iter("tr"):
        if next(row.iterancestors("table"), None) is not table:
            continue
        cells = {at: cell for at, (cell, _) in reaching.items()}
        reaching = {at: (cell, left - 1) for at, (cell, left) in reaching.items() if left > 1}
        at = 0
        for cell in row.iterchildren("td", "th"):
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
    return {field: tuple(filter(None, _texts(one, paths))) for field, paths in web.fields.items()}


def _texts(one: object, paths: Sequence[str]) -> Iterator[str]:
    for path in paths:
        yield said(pages.at(one, path))
