"""What a selector's list says, line by line, before the catalogue is asked anything."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from indexer.record import Record

MAX_LINES = 100_000
MAX_CELL = 2_000
"""Characters kept of one cell: no title is longer, and a cell of megabytes is an attack."""


class ListRefused(Exception):
    """A list that cannot be read as a whole. ``why`` is a word for programs and pages; the message is for people."""

    def __init__(self, why: str, message: str) -> None:
        super().__init__(message)
        self.why = why


class Column(StrEnum):
    """What a column of a list can be."""

    ISBN = "isbn"
    ISSN = "issn"
    TITLE = "title"
    CREATOR = "creator"
    PUBLISHER = "publisher"
    YEAR = "year"
    PRICE = "price"
    CURRENCY = "currency"
    COPIES = "copies"
    NOTE = "note"


class Why(StrEnum):
    """Why a line cannot be read, or what is odd about its number."""

    EMPTY = "empty"
    NO_NUMBER = "no_isbn"  # nothing in it that could be looked up
    WRONG_CHECK_DIGIT = "wrong_check_digit"
    WRONG_LENGTH = "wrong_length"
    SPREADSHEET = "spreadsheet_number"  # 9.78957E+12: the last digits are lost
    COMMODITY = "commodity_code"  # 471…: the bar code of a ware
    OTHER_NUMBER = "other_number"  # a bar code of another country, an ISSN in the column of ISBNs
    TOTAL = "total_row"  # 合計: a sum, no book
    BROKEN_RECORD = "broken_record"  # MARC that cannot be read


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in hundredths of a currency (ISO 4217)."""

    hundredths: int
    currency: str


@dataclass(frozen=True, slots=True)
class Numbers:
    """The ISBNs of a cell."""

    isbns: tuple[str, ...] = ()  # ISBN-13, valid ones, in the order written
    issn: str = ""
    why: Why | None = None  # there is something, and it cannot be used
    wrong: str = ""  # the digits that are wrong
    meant: tuple[str, ...] = ()  # ISBNs one slip away from what is written
    qualifier: str = ""  # 平裝, 第1冊, as written behind the first
    volume: str = ""  # the volume that the qualifier names
    mended: bool = False  # full-width digits, a sign or a formula round it


@dataclass(frozen=True, slots=True)
class Given:
    """One line of a list. Empty texts are not stated."""

    number: int  # among the lines, from 1
    row: int  # in the file, as its writer counts: of text and sheets the row, of MARC the record
    text: str  # as given, shortened
    numbers: Numbers = Numbers()
    title: str = ""
    creator: str = ""
    publisher: str = ""
    year: int | None = None
    price: Money | None = None
    copies: int | None = None  # how many are to be bought
    copies_unread: str = ""  # what stands there instead, where it is no number of copies
    note: str = ""
    why: Why | None = None  # nothing can be looked up
    detail: str = ""  # what a reader of MARC says of a broken record
    record: Record | None = field(default=None, compare=False)  # a line of MARC, read whole
