"""How much the catalogue is used: counts without knowing who."""

from __future__ import annotations

from datetime import date

from pydantic import Field

from search_api.schemas.base import Schema, Words


class CountsBody(Schema):
    """What readers did. Programs, robots and staff are not counted."""

    searches: int = Field(
        description="Searches on the pages; leafing on in one is none. Of a library: those narrowed to it."
    )
    no_hit: int = Field(description="Of the searches, those that found nothing.")
    asked: int = Field(description="Pages of editions, each of which asks the libraries whether it can be had.")
    to_catalogue: int = Field(description="Readers handed on to a library's own catalogue.")
    to_ill: int = Field(description="Readers handed on to a library's inter-library loan.")
    to_online: int = Field(description="Readers handed on to a text on line.")


class MonthCountsBody(CountsBody):
    month: str = Field(description="2026-11")


class LibraryCountsBody(CountsBody):
    code: str
    name: Words


class DayCountsBody(CountsBody):
    day: date


class WishBody(Schema):
    """Something many searched for and did not find."""

    words: str
    times: int
    days: int = Field(description="On so many different days.")
    last: date


class UsageBody(Schema):
    """The counts of a month, of each of the last thirteen months and of each of the last days."""

    month: str
    months: tuple[MonthCountsBody, ...] = Field(description="Of all libraries together, the last first.")
    libraries: tuple[LibraryCountsBody, ...] = Field(
        description="In the month. A page of an edition is counted for each of its libraries."
    )
    days: tuple[DayCountsBody, ...] = Field(description="Of all libraries together.")
    wishes: tuple[WishBody, ...] = Field(
        description="Searches without a hit in the month, told only when they were made on several days and several "
        "times, and never those that look like somebody's number or address."
    )
