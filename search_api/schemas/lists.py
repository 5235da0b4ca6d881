"""Named lists, as the API tells and takes them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import ConfigDict, Field, StringConstraints

from search_api.schemas.base import Schema
from search_api.selecting.found import Bucket
from search_api.selecting.lists import LONGEST_NAME, LONGEST_NOTE, Share

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_NAME)]
Note = Annotated[str, StringConstraints(strip_whitespace=True, max_length=LONGEST_NOTE)]


class NewList(Schema):
    model_config = ConfigDict(extra="forbid")

    name: Name
    note: Note = ""
    share: Share = Field("consortium", description="Whose selectors may change it; every selector may read it.")


class ListChanges(Schema):
    """What is to be otherwise; what is left out stays."""

    model_config = ConfigDict(extra="forbid")

    name: Name | None = None
    note: Note | None = None
    share: Share | None = None


class LineNote(Schema):
    model_config = ConfigDict(extra="forbid")

    note: Note


class ListBody(Schema):
    id: str
    url: str
    name: str
    note: str
    owner: str
    library: str = Field(description="Of the owner; empty: the consortium's own staff.")
    share: Share
    may_change: bool = Field(description="Whether who asks may change it.")
    made_at: datetime
    changed_at: datetime
    lines: int
    buckets: dict[str, int] = Field(description="What the last check found → lines.")
    unchecked: int
    checked_at: datetime | None
    current: bool = Field(description="Whether it was checked as the catalogue is now.")


class ListsBody(Schema):
    lists: tuple[ListBody, ...]


class ListLineBody(Schema):
    number: int
    text: str = Field(description="As it was given.")
    isbns: tuple[str, ...]
    title: str
    creator: str
    publisher: str
    year: int | None
    price: float | None
    currency: str
    copies: int | None
    note: str
    added_by: str
    added_at: datetime
    bucket: Bucket | None = Field(description="Null: not checked yet.")
    editions: tuple[str, ...] = Field(description="Ids of the editions that it is, or may be.")
    libraries: tuple[str, ...] = Field(description="That hold this edition, or one that may be meant.")
    libraries_any: tuple[str, ...] = Field(description="That hold any edition of the work.")


class ListChangeBody(Schema):
    line: int
    at: datetime
    gained: tuple[str, ...] = Field(description="Libraries that hold this edition now and did not.")
    lost: tuple[str, ...]
    before: Bucket
    after: Bucket


class WholeListBody(ListBody):
    """A list with its lines, and what checks found otherwise than before, the latest first."""

    content: tuple[ListLineBody, ...]
    changes: tuple[ListChangeBody, ...]


class AddedBody(Schema):
    added: int
    passed_over: int = Field(description="Lines that ask for what is on the list already, or cannot be read.")
    list: ListBody
