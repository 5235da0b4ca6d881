"""Which column of a list is which: by its heading, in Chinese or English, and by what stands in it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence

from indexer.dates import years_printed
from search_api.selecting.given import Column, ListRefused
from search_api.selecting.numbers import numbers
from search_api.selecting.prices import looks_like_price

HEADINGS: Mapping[Column, tuple[str, ...]] = {
    Column.ISBN: (
        *(
            "isbn",
            "isbn13",
            "isbn10",
            "eisbn",
            "國際標準書號",
            "國際書號",
            "标准书号",
            "標準號碼",
            "标准号",
            "isbnissn",
        ),
        *("printidentifier", "onlineidentifier", "條碼", "商品條碼", "ean", "書號", "printisbn", "barcodeisbn"),
    ),
    Column.ISSN: ("issn", "eissn", "國際標準期刊號", "期刊號"),
    Column.TITLE: (
        *(
            "書名",
            "题名",
            "題名",
            "正題名",
            "題名作者",
            "資料名稱",
            "品名",
            "刊名",
            "片名",
            "中文書名",
            "外文書名",
            "原文書名",
        ),
        *("title", "booktitle", "publicationtitle", "titleproper", "name", "书名", "圖書名稱", "書籍名稱", "標題"),
    ),
    Column.CREATOR: (
        *("作者", "著者", "著譯者", "作譯者", "作者譯者", "著作者", "主要作者", "編著者", "責任者", "創作者", "作繪者"),
        *("author", "authors", "creator", "firstauthor", "contributor", "authoreditor"),
    ),
    Column.PUBLISHER: (
        *("出版社", "出版者", "出版商", "發行者", "出版單位", "出版機構", "發行公司", "出版公司", "publisher"),
        *("publishername", "imprint", "press"),
    ),
    Column.YEAR: (
        *("出版年月", "出版年", "出版日期", "出版時間", "出版年份", "出版年月日", "年份", "出版", "年代", "上市日期"),
        *("year", "date", "pubdate", "publicationdate", "publicationyear", "published", "yearofpublication"),
        *("datemonographpublishedprint", "datemonographpublishedonline"),  # of KBART
    ),
    Column.PRICE: (
        *("定價", "定价", "價格", "單價", "售價", "書價", "金額", "原價", "建議售價", "價錢", "price", "listprice"),
        *("unitprice", "cost", "rrp", "amount"),
    ),
    Column.CURRENCY: ("幣別", "币别", "幣制", "貨幣", "currency"),
    Column.COPIES: (
        *("冊數", "册数", "數量", "数量", "複本數", "複本", "訂購數量", "採購數量", "訂購冊數", "本數", "套數", "份數"),
        *("copies", "quantity", "qty", "noofcopies", "pcs"),
    ),
    Column.NOTE: (
        "備註",
        "备注",
        "附註",
        "說明",
        "note",
        "notes",
        "remark",
        "remarks",
        "comment",
        "推薦人",
        "薦購理由",
    ),
}

_NO_COLUMN = frozenset(
    {
        *("datefirstissueonline", "datelastissueonline", "numfirstvolonline", "numlastvolonline"),
        *("numfirstissueonline", "numlastissueonline", "titleurl", "titleid", "parentpublicationtitleid"),
        *("precedingpublicationtitleid", "monographvolume", "monographedition"),
    }
)
"""Headings of KBART that contain words of others: when a journal's holdings begin is no year of a book."""
_YEARS_OF_BOOKS = ("datemonographpublishedprint", "datemonographpublishedonline")
"""Of these one is often empty."""

_KNOWN = {heading: column for column, headings in HEADINGS.items() for heading in headings}
_WITHIN = tuple(
    (heading, column)
    for column, headings in HEADINGS.items()
    for heading in headings
    if len(heading) > 2 or not heading.isascii()
)

HEADING_WITHIN = 25
"""Rows in which the headings are sought: titles, addresses and notes stand above them."""

SAMPLE = 60
"""Rows looked at for what a column holds."""

_SAYS_YEAR = re.compile(r"(?:1[5-9]|20)\d\d|年|民")
"""What a column of years has and one of counts has not."""
_NOISE = re.compile(r"[\W_]+")
_BRACKETED = re.compile(r"[（(\[【].*?[）)\]】]")
_LETTERS = re.compile(r"[^\W\d_]")

Columns = Mapping[Column, tuple[int, ...]]
"""Which columns, from 0, hold what; of ISBNs there may be several (print, on line)."""


def column_called(heading: str) -> Column | None:
    """What a heading says its column is; None when it says nothing known."""
    text = unicodedata.normalize("NFKC", heading).casefold()
    bare = _bare(heading)
    if (found := _KNOWN.get(bare)) or (found := _KNOWN.get(_NOISE.sub("", text))):
        return found
    if len(bare) > 30 or bare in _NO_COLUMN:  # a sentence
        return None
    if "isbn" in bare or "isbn" in text:
        return Column.ISBN
    contained = [(len(known), column) for known, column in _WITHIN if known in bare]
    return max(contained)[1] if contained else None


def _bare(heading: str) -> str:
    text = unicodedata.normalize("NFKC", heading).casefold()
    return _NOISE.sub("", _BRACKETED.sub("", text))


def heading_row(rows: Sequence[Sequence[str]]) -> int | None:
    """Where the headings stand among the first rows, None when there are none: the row with most known ones, which
    are two at least, or ISBN or a title alone."""
    best, at = 0, None
    for index, row in enumerate(rows[:HEADING_WITHIN]):
        cells = [cell for cell in row if cell.strip()]
        found = {column for cell in cells if len(cell) <= 40 and (column := column_called(cell))}
        alone = len(cells) <= 2 and bool(found & {Column.ISBN, Column.TITLE}) and not _has_number(cells)
        count = len(found) if len(found) > 1 else int(alone)
        if count > best and not _has_number(cells):
            best, at = count, index
    return at


def _has_number(cells: Sequence[str]) -> bool:
    return any(numbers(cell).isbns for cell in cells)


def recognised(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> dict[Column, tuple[int, ...]]:
    """What the columns are: by their headings, and by what stands in them where headings say nothing."""
    found: dict[Column, list[int]] = {}
    for index, heading in enumerate(headings):
        column = column_called(heading)
        if column is Column.ISBN or (column and column not in found) or _bare(heading) in _YEARS_OF_BOOKS:
            assert column is not None
            found.setdefault(column, []).append(index)
    taken = {index for indexes in found.values() for index in indexes}
    width = max((len(row) for row in (*rows, headings)), default=0)
    free = [index for index in range(width) if index not in taken]
    for column, is_one, share in _BY_CONTENT:
        if column in found:
            continue
        scored = [(s, index) for index in free if (s := _share(rows, index, is_one)) >= share]
        if scored:
            best = max(scored, key=lambda one: (one[0], -one[1]))[1]
            found[column] = [best]
            free.remove(best)
    if Column.TITLE not in found and not headings and (longest := _longest_text(rows, free)) is not None:
        found[Column.TITLE] = [longest]
    return {column: tuple(indexes) for column, indexes in found.items()}


def _is_isbn(cell: str) -> bool:
    found = numbers(cell)
    return bool(found.isbns or found.why or found.issn) and len(cell) < 80


def _is_year(cell: str) -> bool:
    return len(cell) <= 12 and _SAYS_YEAR.search(cell) is not None and year_of(cell) is not None


_BY_CONTENT = ((Column.ISBN, _is_isbn, 0.4), (Column.PRICE, looks_like_price, 0.5), (Column.YEAR, _is_year, 0.6))


def _share(rows: Sequence[Sequence[str]], index: int, is_one: Callable[[str], bool]) -> float:
    cells = [row[index] for row in rows[:SAMPLE] if index < len(row) and row[index].strip()]
    return sum(map(is_one, cells)) / len(cells) if cells else 0.0


def _longest_text(rows: Sequence[Sequence[str]], free: Sequence[int]) -> int | None:
    def length(index: int) -> int:
        return sum(len(row[index]) for row in rows[:SAMPLE] if index < len(row) and _LETTERS.search(row[index]))

    lengths = [(length(index), -index) for index in free]
    return -max(lengths)[1] if lengths and max(lengths)[0] else None


def corrected(text: str, width: int) -> dict[Column, tuple[int, ...]]:
    """Columns as a person names them: ``isbn=C, title=2``; letters as in a spreadsheet, numbers from 1.

    Raises: ListRefused for what is no column, or beyond the width of the list.
    """
    found: dict[Column, tuple[int, ...]] = {}
    for part in filter(None, (one.strip() for one in re.split(r"[;,]", text))):
        name, _, places = part.partition("=")
        try:
            column = Column(name.strip().lower())
        except ValueError as exc:
            known = ", ".join(Column)
            raise ListRefused("columns", f"There is no column called {name.strip()!r}; there are {known}.") from exc
        indexes = tuple(_index(place.strip(), width) for place in places.split("+"))
        found[column] = indexes
    return found


def _index(place: str, width: int) -> int:
    index = -1
    if place.isascii() and place.isdigit():
        index = int(place) - 1
    elif place.isascii() and place.isalpha() and len(place) <= 2:
        index = 0
        for letter in place.upper():
            index = index * 26 + ord(letter) - 64
        index -= 1
    if not 0 <= index < max(width, 1):
        raise ListRefused("columns", f"The list has no column {place!r}; it has {width}.")
    return index


def letter(index: int) -> str:
    """What a spreadsheet calls a column, counted from 0."""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(65 + rest) + name
    return name


_ROC = re.compile(
    r"(?:民國|民国|民|ROC)?\s*(\d{2,3})\s*(?:年|[./-]\s*\d{1,2}\b|[./-]?$)\s*(?:\d{1,2}\s*月?)?.*", re.IGNORECASE
)
_COMPACT = re.compile(r"(1\d{3}|20\d{2})(0[1-9]|1[0-2])(?:[0-3]\d)?|(1[0-2]\d|[6-9]\d)(0[1-9]|1[0-2])(?:[0-3]\d)?")
_DAY_FIRST = re.compile(r"\d{1,2}\s*[./-]\s*\d{1,2}\s*[./-]\s*((?:1[5-9]|20)\d\d)")


def year_of(text: str) -> int | None:
    """The year in a cell: 2024/05, 113年5月, 民113, 113.05, 202405, 11305, 1130501, 2024-05-01, 31/05/2024; None.

    Two or three digits before a month are years of the Republic.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    if match := _COMPACT.fullmatch(plain):
        return int(match[1]) if match[1] else int(match[3]) + 1911
    if match := _DAY_FIRST.match(plain):
        return int(match[1])
    if (match := _ROC.fullmatch(plain)) and 30 <= int(match[1]) <= 130:
        return int(match[1]) + 1911
    found = years_printed(plain)
    return found[0] if found else None
