"""What a library lends and copies for the others: the table ``[lending]`` of its file.

What is not stated is not known: such a library is asked, never left out. Who agreed with whom stands in
``lending.toml`` (``mappings/agreements.py``).
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainValidator, model_validator

Label = Mapping[str, str]
"""A text in several interface languages: ``{"zh-Hant": "海風市立圖書館", "en": "Haifeng City Library"}``."""

Service = Literal["loan", "copy"]
Says = Literal[True, False, "ask"]
"""Whether something is done: yes, no, or whoever wants it asks."""

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]

_YEARLY = re.compile(r"(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


def _several(value: object) -> object:
    return (value,) if isinstance(value, str) else value


Names = Annotated[tuple[Annotated[str, Field(min_length=1)], ...], BeforeValidator(_several)]
"""One name or a list of them."""


def _day(value: object) -> object:
    if type(value) is date:
        return value
    found = _YEARLY.fullmatch(value) if isinstance(value, str) else None
    if found is None or int(found[2]) > calendar.monthrange(2024, int(found[1]))[1]:
        raise ValueError('must be a day such as 2026-12-18, or "12-18" for every year')
    return value


Day = Annotated[date | str, PlainValidator(_day)]
"""A day, once or every year."""


class LendingRule(_Table):
    """What is done with some copies; the first rule of a file that fits a copy and speaks of the service decides.

    What a rule does not name it does not ask about: without ``collections`` it is for copies of any.
    """

    to: Names = ()  # groups of lending.toml, or codes of libraries
    formats: Names = ()  # facet codes: serial, map, …
    item_types: Names = ()
    collections: Names = ()  # 特藏號 of call numbers, codes of collections
    locations: Names = ()
    branches: Names = ()
    policies: Names = ()  # lending policies of the copies, codes as sent
    lends: Says | None = None
    copies: Says | None = None
    note: Label = {}  # shown with the reason

    @model_validator(mode="after")
    def _says_something(self) -> LendingRule:
        if self.lends is None and self.copies is None:
            raise ValueError('says nothing: give lends or copies, each true, false or "ask"')
        return self


class Closure(_Table):
    """Days on which the desk does not work: once (``2026-12-18``) or every year (``"12-18"``), both ends included."""

    first: Day
    last: Day | None = None  # the first day alone when it is not given
    reason: Label = {}

    @model_validator(mode="after")
    def _both_of_a_kind(self) -> Closure:
        if self.last is not None and isinstance(self.first, str) is not isinstance(self.last, str):
            raise ValueError("first and last must both have a year, or neither")
        if isinstance(self.first, date) and isinstance(self.last, date) and self.last < self.first:
            raise ValueError("last is before first")
        return self

    def around(self, day: date) -> Iterator[tuple[date, date]]:
        """First and last days that may hold the day or follow it within a year."""
        if isinstance(self.first, date):
            yield self.first, self.last if isinstance(self.last, date) else self.first
            return
        last = self.last if isinstance(self.last, str) else self.first
        for year in (day.year - 1, day.year, day.year + 1):
            over_new_year = last < self.first
            yield _in_year(self.first, year), _in_year(last, year + over_new_year)


class Fee(_Table):
    """What the library asks for; amounts not stated are not known, 0 is free."""

    to: Names = ()  # of whom; everybody when it is not said
    loan: Decimal | None = Field(default=None, ge=0)  # for an item
    copying: Decimal | None = Field(default=None, ge=0)  # for an article or a part, before its pages
    page: Decimal | None = Field(default=None, ge=0)
    postage: Decimal | None = Field(default=None, ge=0)  # for a parcel
    currency: str = Field(default="TWD", pattern="^[A-Z]{3}$")  # ISO 4217


class Lending(_Table):
    """What this library lends to the others, and how its desk works."""

    lends: Says | None = None  # what no rule speaks of
    copies: Says | None = None
    formats_not_lent: tuple[str, ...] = ()  # facet codes: serial, map, …
    item_types_not_lent: tuple[str, ...] = ()
    rules: tuple[LendingRule, ...] = ()
    days: int | None = Field(default=None, ge=0, le=365)  # usual days of work until it arrives
    copy_days: int | None = Field(default=None, ge=0, le=365)  # the same for copies of articles
    open_days: tuple[Weekday, ...] = ()  # on which its desk works; every day when it is not said
    closures: tuple[Closure, ...] = ()
    fees: tuple[Fee, ...] = ()  # the first that fits
    last_resort: bool = False  # asked when nobody else can
    at_most: int | None = Field(default=None, ge=1)  # requests in thirty days that one library should send it
    cards: Names = ()  # whose patrons borrow here with the card they have: groups, or codes of libraries
    agency: str = ""  # what the desk is called in ISO 18626; the library's code when it is not given
    agency_scheme: str = "ISIL"
    email: str = Field(default="", pattern=r"^$|^[^@\s,;<>?&]+@[^@\s,;<>?&]+$")  # of the desk
    address: Label = {}  # where parcels are sent
    note: Label = {}

    def rules_in_order(self) -> tuple[LendingRule, ...]:
        """All rules, the short forms of the file among them, as they are tried."""
        short = []
        if self.formats_not_lent:
            short.append(LendingRule(formats=self.formats_not_lent, lends=False))
        if types := tuple(one for one in self.item_types_not_lent if one):
            short.append(LendingRule(item_types=types, lends=False))
        rest = [LendingRule(lends=self.lends, copies=self.copies)] if {self.lends, self.copies} != {None} else []
        return (*self.rules, *short, *rest)


def _in_year(day: str, year: int) -> date:
    month, number = int(day[:2]), int(day[3:])
    return date(year, month, min(number, calendar.monthrange(year, month)[1]))
