"""A list of wanted items as it is pasted: a number or a citation a line, or a table with headings."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import replace

from search_api.lending.sought import Sought, year_of
from search_api.selecting.numbers import numbers

_HEADINGS = {
    "edition": "id, edition, 版本編號, 書目編號",
    "isbn": "isbn, 國際標準書號, 書號",
    "issn": "issn, 國際標準期刊號, 刊號",
    "title": "title, book title, journal, journal title, 書名, 題名, 刊名, 期刊名, 期刊名稱, 書刊名",
    "creator": "author, authors, creator, 作者, 著者, 著作者",
    "year": "year, date, 年, 年份, 出版年, 年代",
    "article": "article, article title, chapter, 篇名, 文章, 篇章, 論文名",
    "author": "article author, chapter author, 篇章作者, 文章作者, 篇名作者",
    "volume": "volume, vol, vol., 卷, 卷號, 部冊, 冊次, 冊",
    "issue": "issue, no, no., number, 期, 期號",
    "pages": "pages, page, 頁, 頁次, 頁碼, 起迄頁",
}
"""What columns are called, with commas between; in any case of letters."""

_FIELDS = {word: field for field, words in _HEADINGS.items() for word in words.split(", ")}
_NAMING = ("isbn", "issn", "title", "edition")
_MARKS = (",", ";", "，", "；")
_EDITION = re.compile(r"[a-z0-9]{10}")
_URL = re.compile(r"/editions?/([a-z0-9]{10})(?![a-z0-9])")
_DIGITS = re.compile(r"(?=.*-|[\d ]{8})[\dXx\- ]{5,}")
_PARTS = re.compile(r"\s*[/／]\s*")
MAX_CELL = 500


def wanted_items(text: str, base: Sought) -> list[Sought]:
    """The items of a pasted list, in its order; empty lines are none. ``base`` gives what all of them share."""
    rows = list(_rows(text))
    if not rows:
        return []
    heads = _heads(rows[0])
    if heads:
        return [_of_table(heads, cells, base) for cells in rows[1:]]
    return [_of_line(" ".join(cells) if len(cells) > 1 else cells[0], base) for cells in rows]


def _rows(text: str) -> Iterator[list[str]]:
    lines = [line for line in text.lstrip("\ufeff").splitlines() if line.strip()]
    if not lines:
        return
    marks = ["\t"] if "\t" in lines[0] else [one for one in _MARKS if one in lines[0] and _heads(lines[0].split(one))]
    mark = marks[0] if marks else ""
    if not mark:
        yield from ([line.strip()[:MAX_CELL]] for line in lines)
        return
    for cells in csv.reader(lines, delimiter=mark):
        yield [cell.strip()[:MAX_CELL] for cell in cells]


def _heads(cells: Sequence[str]) -> list[str | None]:
    """The fields that the cells of a heading name, None for a column of another kind; empty when they head no table."""
    heads = [_field(cell) for cell in cells]
    named = sum(head is not None for head in heads)
    if not any(head in _NAMING for head in heads) or not (named >= 2 or named * 2 >= len(heads)):
        return []
    if "article" in heads and "author" not in heads:  # 刊名, 篇名, 作者: whoever wrote the article
        return ["author" if head == "creator" else head for head in heads]
    return heads


def _field(cell: str) -> str | None:
    return _FIELDS.get(unicodedata.normalize("NFKC", cell).strip().strip('"').casefold())


def _of_table(heads: Sequence[str | None], cells: Sequence[str], base: Sought) -> Sought:
    values = {head: cell for head, cell in zip(heads, cells, strict=False) if head and cell}
    found = replace(base, **values)  # type: ignore[arg-type]  # all of them texts
    return replace(found, service=found.needs)


def _of_line(line: str, base: Sought) -> Sought:
    """``title / author / year``, a number with or without words behind it, or the address of an edition."""
    if found := _URL.search(line):
        return replace(base, edition=found[1])
    if _EDITION.fullmatch(line):
        return replace(base, edition=line, title=line)  # an id, or a title of one word
    told = numbers(line)
    if told.isbns:
        return replace(base, isbn=told.isbns[0])
    if told.issn:
        return replace(base, issn=told.issn)
    if told.wrong and not re.search(r"[^\W\d_]{3}", line):
        return replace(base, isbn=line)
    if _DIGITS.fullmatch(line):  # too few of them, and no title
        return replace(base, isbn=line)
    title, *rest = _PARTS.split(line)
    year = next((one for one in reversed(rest) if year_of(one) is not None), "")
    return replace(base, title=title, creator=next((one for one in rest if one != year), ""), year=year)
