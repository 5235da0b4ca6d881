"""Lists checked before a purchase, and their reports."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from search_api.schemas.base import Schema, Words
from search_api.selecting.buying import Match, Reason, Scope, Verdict
from search_api.selecting.found import Bucket, How, Relation, Remark
from search_api.selecting.given import MAX_CELL, MAX_LINES, Why

Text = Annotated[str, Field(max_length=MAX_CELL)]


class WantedBody(Schema):
    """A line of a list; what is empty is not stated. Numbers, years and prices as they are written, or as
    numbers of JSON."""

    model_config = ConfigDict(extra="forbid")

    isbn: Text = ""
    title: Text = ""
    creator: Text = ""
    publisher: Text = ""
    year: int | Text = ""
    price: int | float | Text = Field("", examples=["NT$350", 350])
    copies: int | Text = ""
    note: Text = ""


class OverlapQuestion(Schema):
    """Either ``isbns`` or ``lines``."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, Field(max_length=200)] = ""
    isbns: Annotated[list[Text], Field(max_length=MAX_LINES)] = Field(
        default=[], description="ISBN-10 or ISBN-13, as typed.", examples=[["978-986-350-123-7", "9570835870"]]
    )
    lines: Annotated[list[WantedBody], Field(max_length=MAX_LINES)] = []


class MoneyBody(Schema):
    amount: str = Field(description="Decimal, with two places.", examples=["350.00"])
    currency: str = Field(description="ISO 4217.")


class SumBody(Schema):
    lines: int
    copies: int = Field(description="That the lines ask for; one each where they do not say.")
    money: tuple[MoneyBody, ...] = Field(description="By currency, the largest first.")
    unpriced: int = Field(description="Lines without a price that could be read.")


class PlaceBody(Schema):
    branch: Words
    location: Words
    call_number: str


class HeldByBody(Schema):
    library: str
    name: Words
    copies: int | None = Field(description="Null when the library's records state none; those below are among them.")
    on_order: int
    in_process: int = Field(description="Being catalogued.")
    online: bool
    places: tuple[PlaceBody, ...]


class FoundEditionBody(Schema):
    id: str
    url: str
    relation: Relation
    title: str
    creator: str
    publisher: str
    year: int | None
    format: str
    online: bool
    volume: str = Field(description="The volume that the line's number is of; empty for the whole.")
    held_by: tuple[HeldByBody, ...]


class SuggestionBody(Schema):
    isbn: str
    title: str


class AdviceBody(Schema):
    verdict: Verdict
    reason: Reason
    number: int = Field(description="What the reason counts: holders, copies, or the line that is repeated.")
    words: Words


class LineBody(Schema):
    number: int = Field(description="Among the lines, from 1.")
    row: int = Field(description="In what was sent, as its writer counts.")
    text: str
    isbns: tuple[str, ...]
    issn: str
    title: str
    creator: str
    publisher: str
    year: int | None
    price: MoneyBody | None
    wanted: int | None = Field(description="Copies that the line asks for.")
    note: str
    bucket: Bucket
    why: Why | None = Field(description="Why it is unreadable.")
    how: How = Field(description="What it was found by.")
    sure: float | None = Field(description="From 0 to 1; null where a number says so.")
    same: tuple[str, ...] = Field(description="Libraries that hold this edition, or one that may be meant.")
    any: tuple[str, ...] = Field(description="Libraries that hold any edition of the work, those included.")
    copies: int
    editions: tuple[FoundEditionBody, ...] = Field(description="At most 12; `more` others were found.")
    more: int
    repeats: int | None = Field(description="The earlier line that asks for the same.")
    remarks: tuple[Remark, ...]
    suggestions: tuple[SuggestionBody, ...] = Field(description="ISBNs one slip away that the catalogue has.")
    advice: AdviceBody


class RuleBody(Schema):
    """Buy if fewer than ``n`` libraries hold it."""

    n: int
    scope: Scope
    match: Match
    mine: str
    multiply: bool


class TotalsBody(Schema):
    """Of the whole report, whatever lines are chosen. `buckets` add up to `lines`, and so do the lines of `verdicts`;
    `nobody`, `few`, `enough` and `unreadable` as well."""

    lines: int
    buckets: dict[Bucket, int]
    verdicts: dict[Verdict, SumBody]
    nobody: SumBody = Field(description="Lines of which nobody holds any edition.")
    few: SumBody = Field(description="Held by fewer libraries than the rule asks.")
    enough: SumBody = Field(description="Held by as many as the rule asks, or more.")
    unreadable: SumBody
    repeated: int
    held_by: dict[str, int] = Field(description="Library → lines of which it holds any edition.")
    held_by_one: int
    remarks: dict[Remark, int]


class ReadBody(Schema):
    """How the list was understood. What is wrong can be corrected: POST …/again."""

    kind: str = Field(description="text, table, workbook, iso2709, marcxml or json.")
    encoding: str
    lost: int = Field(description="Characters that could not be decoded.")
    sheets: tuple[str, ...]
    sheet: str
    header: int | None = Field(description="The row of the headings, from 1.")
    headings: tuple[str, ...]
    columns: dict[str, tuple[int, ...]] = Field(description="What the columns are, each counted from 1.")


class ReportBody(Schema):
    id: str
    url: str
    name: str
    source: str
    state: Literal["waiting", "reading", "checking", "done", "refused"]
    lines: int | None = Field(description="Null until the list has been read.")
    checked: int = Field(description="Lines checked so far.")
    why: str = Field(description="A word for programs: why it was refused.")
    message: str
    made_by: str
    library: str
    made_at: datetime
    finished_at: datetime | None
    seconds: float
    kept_until: datetime
    read: ReadBody


class ReportsBody(Schema):
    reports: tuple[ReportBody, ...]


class OverlapBody(Schema):
    report: ReportBody
    rule: RuleBody
    totals: TotalsBody = Field(description="While it is being checked, of the lines checked so far.")
    found: int = Field(description="Lines that were chosen.")
    page: int
    pages: int
    lines: tuple[LineBody, ...]
    csv_url: str
    xlsx_url: str
