"""The inter-library loan desk: what is sought, who can supply it and why, batches, counts and rules."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from search_api.lending.find import By
from search_api.lending.reasons import Rule, Tier, Why
from search_api.schemas.base import Schema, Words
from search_api.schemas.catalogue import EditionBrief
from search_api.schemas.live import AnswerBody

Text = Annotated[str, Field(max_length=500)]


class SoughtQuestion(BaseModel):
    """What is wanted: an edition, an ISBN, an ISSN, or a citation that is matched."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    edition: Annotated[str, Field(max_length=100, description="An edition's id.")] = ""
    isbn: Annotated[str, Field(max_length=100, description="ISBN-10 or ISBN-13.")] = ""
    issn: Annotated[str, Field(max_length=100, description="Of a journal of which an article is wanted.")] = ""
    title: Annotated[Text, Field(description="Of the book or the journal.")] = ""
    creator: Annotated[Text, Field(description="Of the book.")] = ""
    year: Annotated[str, Field(max_length=30, description="Of publication; of an article that of its issue.")] = ""
    article: Annotated[Text, Field(description="Title of an article or a chapter.")] = ""
    author: Annotated[Text, Field(description="Of the article or the chapter.")] = ""
    volume: Annotated[str, Field(max_length=100, description="Of a set, a series or a journal: 第3冊, v.3.")] = ""
    issue: Annotated[str, Field(max_length=100, description="Of a journal: 3, 第3期.")] = ""
    pages: Annotated[str, Field(max_length=100, description="12-25.")] = ""
    which: Annotated[Literal["this", "any"], Field(description="This edition, or any of the work.")] = "this"
    service: Annotated[
        Literal["loan", "copy"] | None,
        Field(description="To be lent, or copied; else as it needs: an article, an issue and pages are copied."),
    ] = None
    borrower: Annotated[
        str, Field(max_length=32, description="Code of the library that asks; else that of whoever has logged in.")
    ] = ""
    needed_by: Annotated[date | None, Field(description="The last day on which it is of use.")] = None


class LendersQuestion(SoughtQuestion):
    live: Annotated[bool, Field(description="Ask the libraries' systems whether a copy is there now.")] = False


class RequestQuestion(LendersQuestion):
    to: Annotated[
        str, Field(max_length=500, description="Codes of the libraries to ask, with commas; else the first three.")
    ] = ""
    number: Annotated[
        str, Field(max_length=64, pattern="^[a-z0-9-]*$", description="Of the request; else one is made.")
    ] = ""
    language: Annotated[Literal["zh-Hant", "en"], Field(description="Of the notes in it.")] = "zh-Hant"


class MoneyBody(Schema):
    amount: Decimal
    currency: str
    at_least: bool = Field(description="Parts of it are not stated.")


class ReasonBody(Schema):
    why: Why
    number: int | None
    day: date | None
    volume: str = Field(description="Of a set or a series that it is said of; empty: of all copies.")
    name: Words | None = Field(description="Of an agreement, a courier or a closure.")
    text: str = Field(description="A statement of holdings, a collection, days of a courier.")
    money: MoneyBody | None


class LenderBody(Schema):
    rank: int
    library: str
    name: Words
    region: str
    edition: str
    tier: Literal["there", "on_request", "not_known", "last_resort", "out"]
    sure: bool = Field(description="An agreement or a rule says that it does this for the borrower; else it may.")
    copies: int | None = Field(description="That it lends, as catalogued; null when its records state none.")
    days: int | None = Field(description="Usual days of work until it arrives.")
    arrives: date | None = Field(description="When it should arrive, asked today.")
    cost: MoneyBody | None
    kilometres: int | None
    asked: int = Field(description="Requests of the borrower in the last thirty days.")
    call_number: str
    branch: str
    location: str
    statement: str = Field(description="Of its holdings.")
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
    said: Words | None = Field(description="The agreement, the closure, or the library's own words.")
    day: date | None = Field(description="When its desk works again.")
    copies_instead: bool = Field(description="It does not lend this, and makes copies.")


class ChoiceBody(Schema):
    edition: EditionBrief
    sure: float


class LendersBody(Schema):
    """Every holder stands once: to be asked, in order, or excluded with the rule that says so."""

    editions: tuple[EditionBrief, ...]
    found_by: By
    sure: float | None = Field(description="How likely the citation means this edition; null where a number says so.")
    choices: tuple[ChoiceBody, ...] = Field(description="Others that the citation may mean.")
    live: bool
    asked_at: datetime
    lenders: tuple[LenderBody, ...]
    excluded: tuple[ExcludedBody, ...]


class SentQuestion(BaseModel):
    """A request that was sent: counted, and nothing else kept of it."""

    model_config = ConfigDict(extra="forbid")

    borrower: Annotated[str, Field(max_length=32)] = ""
    lender: Annotated[str, Field(max_length=32)]
    service: Literal["loan", "copy"] = "loan"
    number: Annotated[
        str, Field(max_length=64, pattern="^[a-z0-9-]*$", description="Of the request: it is counted but once.")
    ] = ""


class MonthBody(Schema):
    month: str = Field(examples=["2026-11"])
    borrower: str
    lender: str
    service: Literal["loan", "copy"]
    times: int


class CountsBody(Schema):
    months: tuple[MonthBody, ...]


class BatchLine(SoughtQuestion):
    """One wanted item of a list."""


class BatchQuestion(BaseModel):
    model_config = ConfigDict(extra="forbid")

    lines: Annotated[list[BatchLine], Field(max_length=500)]
    borrower: Annotated[str, Field(max_length=32)] = ""
    live: bool = False


class BatchLineBody(Schema):
    number: int
    state: Literal["assigned", "nobody", "not_found", "unreadable"]
    reason: str
    title: str
    edition: str
    lender: LenderBody | None
    others: tuple[str, ...] = Field(description="Codes of the libraries to ask after it, in order.")
    sure: float | None


class BatchBody(Schema):
    """``assigned + nobody + not_found + unreadable`` is the number of lines."""

    lines: tuple[BatchLineBody, ...]
    total: int
    assigned: int
    nobody: int
    not_found: int
    unreadable: int
    by_lender: dict[str, int]


TIERS: dict[Tier, Literal["there", "on_request", "not_known", "last_resort", "out"]] = {
    Tier.THERE: "there",
    Tier.ON_REQUEST: "on_request",
    Tier.NOT_KNOWN: "not_known",
    Tier.LAST_RESORT: "last_resort",
    Tier.OUT: "out",
}
