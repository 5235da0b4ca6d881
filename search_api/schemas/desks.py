"""What staff ask: who could lend this, and who already holds these."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import ConfigDict, Field

from indexer.record import Format
from search_api.lenders import Rule, Why
from search_api.overlap import MAX_LINES, LineState
from search_api.schemas.base import Schema, Words
from search_api.schemas.catalogue import EditionBrief
from search_api.schemas.live import AnswerBody


class ReasonBody(Schema):
    why: Why
    number: int | None
    day: date | None
    volume: str = Field(description="Of a set or a series that it is said of; empty: of all copies.")


class LenderBody(Schema):
    rank: int
    library: str
    name: Words
    region: str
    edition: str
    copies: int | None = Field(description="That it lends, as catalogued; null when its records state none.")
    days: int | None = Field(description="Usual days until it arrives.")
    note: Words
    reasons_for: tuple[ReasonBody, ...]
    reasons_against: tuple[ReasonBody, ...]
    answer: AnswerBody | None = Field(description="Null when nothing was asked live.")


class ExcludedBody(Schema):
    library: str
    name: Words
    edition: str
    rule: Rule
    values: tuple[str, ...]


class LendersBody(Schema):
    """Every holder stands once: to be asked, in order, or excluded with the rule that says so."""

    editions: tuple[EditionBrief, ...]
    live: bool
    lenders: tuple[LenderBody, ...]
    excluded: tuple[ExcludedBody, ...]


class OverlapQuestion(Schema):
    model_config = ConfigDict(extra="forbid")

    isbns: Annotated[list[Annotated[str, Field(max_length=1_000)]], Field(max_length=MAX_LINES)] = Field(
        description="ISBN-10 or ISBN-13, as typed.", examples=[["978-986-350-123-7", "9570835870"]]
    )


class HeldByBody(Schema):
    library: str
    copies: int | None = Field(description="Null when the library's records state none.")


class HeldEditionBody(Schema):
    id: str
    url: str
    title: str
    year: int | None
    format: Format
    held_by: tuple[HeldByBody, ...]


class LineBody(Schema):
    number: int
    text: str
    isbn: str
    state: LineState
    reason: str = Field(description="Why it is invalid: empty, no_isbn, wrong_check_digit.")
    repeats: int | None = Field(description="The earlier line with the same ISBN.")
    libraries: tuple[str, ...]
    copies: int
    editions: tuple[HeldEditionBody, ...]


class OverlapBody(Schema):
    """`found + not_held + invalid` is the number of lines."""

    lines: tuple[LineBody, ...]
    total: int
    found: int
    not_held: int
    invalid: int
    repeated: int
    held_by: dict[str, int] = Field(description="Library → lines that it holds.")
    held_by_one: int = Field(description="Lines that a single library holds.")
    isbns_not_held: tuple[str, ...] = Field(description="Each once, in the order of the lines.")
