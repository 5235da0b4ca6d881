"""Collections compared, as the API tells them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import ConfigDict, Field, StringConstraints

from indexer.record import Format
from search_api.schemas.base import Schema, Words

Counts = dict[str, int]


class PartBody(Schema):
    """Some editions, and how many have which key along each axis; the key "" is: not stated. An edition with several
    languages, classes or kinds of format counts under each."""

    editions: int
    by: dict[str, Counts] = Field(
        description="Axis (ncsclt, ncsclt_division, ddc, ddc_division, decade, language, format) → key → editions."
    )


class MemberFiguresBody(Schema):
    library: str
    name: Words
    held: PartBody
    unique: PartBody = Field(description="What no other library of the catalogue holds.")
    unique_share: float | None = Field(description="Of what it holds, 0 to 1; null when it holds nothing.")
    last_of_work: int | None = Field(
        description="Of the unique ones, those that no other library holds in any edition; counted for the whole "
        "catalogue only, else null."
    )
    shared: Counts = Field(description="Other member → editions that both hold.")


class ComparedBody(Schema):
    """All figures of a comparison. They are kept until the catalogue changes."""

    scope: str = Field(description="The search it is narrowed to, as in an address; empty: the whole catalogue.")
    made_at: datetime
    seconds: float
    current: bool = Field(description="Whether the catalogue is still as it was; if not, new figures are under way.")
    whole: PartBody
    held_by: Counts = Field(description="So many libraries → editions that so many hold.")
    members: tuple[MemberFiguresBody, ...]


class ComparingBody(Schema):
    """Figures are being made; ask again."""

    done: int = Field(description="Members measured.")
    of: int


class ShelfBody(Schema):
    branch: str
    location: str
    call_number: str
    copies: int


class HeldLineBody(Schema):
    edition: str
    url: str
    title: str
    responsibility: str
    publisher: str
    year: int | None
    format: Format
    languages: tuple[str, ...]
    isbns: tuple[str, ...]
    libraries: tuple[str, ...]
    others: tuple[str, ...] = Field(description="Other libraries that hold another edition of the work.")
    shelves: tuple[ShelfBody, ...]
    copies: int
    coming: int = Field(description="Copies on order or being catalogued, by the library's own words.")


class HeldLinesBody(Schema):
    """A page of editions; `after` of the next one is `cursor`, which is empty on the last."""

    library: str
    total: int | None = Field(description="Null where others' editions are left out: then they are not counted.")
    lines: tuple[HeldLineBody, ...]
    cursor: str


class SpreadMemberBody(Schema):
    library: str
    name: Words
    editions: int
    unique: int
    share: float | None = Field(description="Of all editions that the member holds.")
    of_theme: float | None = Field(description="Of the theme's editions, those that the member holds.")
    focus: bool = Field(description="Whether the theme is one that this library builds.")


class SpreadBody(Schema):
    """How a theme collection is spread over the members."""

    code: str
    name: Words
    scope: str
    editions: int
    members: tuple[SpreadMemberBody, ...]


class SpreadsBody(Schema):
    themes: tuple[SpreadBody, ...]


class NewSaved(Schema):
    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]


class SavedBody(Schema):
    """A search that selectors saved."""

    id: str
    name: str
    scope: str
