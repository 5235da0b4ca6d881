"""A page of a list of titles, creators, subjects or call numbers; editions by year."""

from __future__ import annotations

from pydantic import Field

from indexer.browse import ListName
from indexer.shelf_order import Scheme
from search_api.schemas.base import Schema


class HeadingBody(Schema):
    """A heading with editions."""

    heading: str
    count: int = Field(description="Editions that the search finds.")
    url: str = Field(description="The search that finds exactly these.")


class BrowseEntryBody(Schema):
    """A line of a list."""

    text: str
    found: HeadingBody | None = Field(description="Null where the line only refers to others.")
    see: tuple[HeadingBody, ...] = Field(description="The headings that this name, or this form of it, refers to.")


class BrowseBody(Schema):
    """A page of a list, in the order of the list."""

    list: ListName
    scheme: Scheme | None = Field(description="Of call numbers only.")
    entries: tuple[BrowseEntryBody, ...]
    landed: int | None = Field(description="The first line at or behind what was asked for; null when nothing was.")
    previous: str | None
    next: str | None


class YearBarBody(Schema):
    """A span of years, both ends included."""

    year_from: int
    year_to: int
    count: int
    url: str = Field(description="The same search, narrowed to these years.")


class YearsBody(Schema):
    """What a search finds by year, oldest first."""

    span: int = Field(description="Years in one bar; it begins at a multiple of it.")
    bars: tuple[YearBarBody, ...] = Field(description="Those with an edition.")
