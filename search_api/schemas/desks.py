"""What staff ask: who could lend this."""

from __future__ import annotations

from datetime import date

from pydantic import Field
from search_api.lenders import Rule, Why

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
