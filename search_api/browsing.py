"""Leafing through a list of titles, creators, subjects or call numbers: what stands around a place in it.

The store has the headings in order; how many editions stand under each is asked of the engine by the very search that
the heading leads to, so that the two cannot differ. Headings that find nothing any more are passed over.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import NamedTuple, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from indexer import browse_rows
from indexer.analysis import key
from indexer.browse import Entry, ListName, place_of, place_of_strokes
from indexer.browse_rows import Position, Way
from indexer.document import call_number_key
from indexer.engine import EngineUnavailable
from indexer.shelf_order import Scheme
from search_api.search_params import SearchParams
from search_api.services import Services

LEAD = 4
"""Entries shown before the place that was asked for: one sees whether it was spelt otherwise."""

ROUNDS = 20
"""How often more is read where headings find nothing; then the page is shorter, and the next goes on there."""

_PARAMETERS: dict[ListName, str] = {
    "title": "title_is",
    "creator": "creator_is",
    "subject": "subject_is",
    "call_number": "call_number_is",
}


class BrowseParams(BaseModel):
    """A place in a list, as the address says it."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True, populate_by_name=True)

    start: str = Field("", alias="from", max_length=200, description="The beginning of what is looked for.")
    strokes: int | None = Field(None, ge=1, le=60, description="Where Han characters of so many strokes begin instead.")
    scheme: Scheme = Field("ncsclt", description="Of call numbers: the scheme whose order they stand in.")
    size: int = Field(25, ge=5, le=100, description="Entries a page.")
    after: str = Field("", max_length=2000, description="The page behind this `cursor`.")
    before: str = Field("", max_length=2000, description="The page before this `cursor`.")

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        if sum((bool(self.start), self.strokes is not None, bool(self.after), bool(self.before))) > 1:
            raise ValueError("Give only one of from, strokes, after and before")
        for cursor in (self.after, self.before):
            if cursor:
                position_of(cursor)
        return self


@dataclass(frozen=True, slots=True)
class Found:
    """A heading with editions, the number of these, and the search that finds them."""

    heading: str
    count: int
    params: SearchParams


@dataclass(frozen=True, slots=True)
class Heading:
    """A line of a list. ``own`` is None where it only refers to others; ``see`` are those, each with editions."""

    text: str
    own: Found | None
    see: tuple[Found, ...]
    first: Position = field(repr=False)
    last: Position = field(repr=False)


@dataclass(frozen=True, slots=True)
class Browsed:
    """A page of a list. ``landed`` is the first line at or behind what was asked for, None when nothing was."""

    name: ListName
    params: BrowseParams
    headings: tuple[Heading, ...]
    landed: int | None
    previous: str  # the cursor that the page before ends at, "" when there is none
    next: str


def cursor_of(position: Position) -> str:
    """A position as an address has it."""
    packed = b"\0".join((position.place, position.heading.encode(), position.see.encode()))
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def position_of(cursor: str) -> Position:
    """The position a cursor stands for. Raises: ValueError when it is none."""
    try:
        place, heading, see = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).split(b"\0")
        return Position(place, heading.decode(), see.decode())
    except (binascii.Error, UnicodeDecodeError, ValueError) as exc:
        raise ValueError("The cursor is none of a list's page") from exc


async def browse(services: Services, name: ListName, params: BrowseParams) -> Browsed:
    """The page of a list.

    Raises: EngineUnavailable, also when the lists were never made; EngineIncompatible.
    """
    reader = _Reader(services, name, params.scheme)
    if params.before:
        found, on = await reader.read(Way(position_of(params.before), forward=False), params.size)
        return _page(name, params, found, Turns(on, params.before))
    if params.after:
        found, on = await reader.read(Way(position_of(params.after)), params.size)
        return _page(name, params, found, Turns(params.after, on))
    place = place_of_strokes(params.strokes) if params.strokes else place_of(name, params.scheme, params.start)[1]
    lead, back = await reader.read(Way(Position(place), forward=False), LEAD) if place else ([], "")
    found, on = await reader.read(Way(Position(place)), params.size - len(lead))
    return _page(name, params, [*lead, *found], Turns(back, on), landed=len(lead) if place and found else None)


class Turns(NamedTuple):
    """The cursors of the pages before and behind a page, as far as its lines do not say them; "" for none."""

    back: str
    on: str


def _page(
    name: ListName, params: BrowseParams, found: Sequence[Heading], turns: Turns, *, landed: int | None = None
) -> Browsed:
    back = cursor_of(found[0].first) if turns.back and found else turns.back
    on = cursor_of(found[-1].last) if turns.on and found else turns.on
    return Browsed(name, params, tuple(found), landed, back, on)


class _Reader:
    """Reads one list."""

    def __init__(self, services: Services, name: ListName, scheme: Scheme) -> None:
        self._services = services
        self._name = name
        self._list = place_of(name, scheme, "")[0]

    async def read(self, way: Way, wanted: int) -> tuple[list[Heading], str]:
        """At most so many headings, in the order of the list, and the cursor that goes on that way, "" at the end."""
        found: list[Heading] = []
        limit = 2 * wanted + 10
        ended = False
        for _ in range(ROUNDS):
            entries = await asyncio.to_thread(self._stretch, way, limit)
            groups = self._grouped(entries)
            ended = len(entries) < limit
            if not ended and len(groups) > 1:
                groups = groups[:-1] if way.forward else groups[1:]  # the rest of it may not have been read
            headings = await self._counted(groups)
            found = [*found, *headings] if way.forward else [*headings, *found]
            if ended or len(found) > wanted:
                break
            end = groups[-1][-1] if way.forward else groups[0][0]
            way = Way(Position(end.place, end.heading, end.see), way.forward)
        more = len(found) > wanted or not ended
        return found[:wanted] if way.forward else found[-wanted:], cursor_of(way.start) if more else ""

    def _stretch(self, way: Way, limit: int) -> list[Entry]:
        with self._services.catalogue.engine.connect() as connection:
            if not browse_rows.are_made(connection):
                raise EngineUnavailable("the lists have not been made by this version; run `allshelves rebuild`")
            return browse_rows.stretch(connection, self._list, way, limit)

    def _grouped(self, entries: Iterable[Entry]) -> list[list[Entry]]:
        """The entries that are shown as one line: those that lead to one search."""
        return [list(group) for _, group in groupby(entries, lambda one: (one.place, self._sought(one.heading)))]

    def _sought(self, heading: str) -> str:
        if self._name == "title":
            return key(heading)
        return call_number_key(heading) if self._name == "call_number" else heading

    async def _counted(self, groups: Sequence[Sequence[Entry]]) -> list[Heading]:
        """The lines of groups under which there is an edition."""
        asked = dict.fromkeys(one.see or one.heading for group in groups for one in group)
        searches = {text: self._search(text) for text in asked}
        totals = await self._services.engine.totals([params.request() for params in searches.values()])
        found = {
            text: Found(text, total, params)
            for (text, params), total in zip(searches.items(), totals, strict=True)
            if total
        }
        lines = [self._line(group, found) for group in groups]
        return [line for line in lines if line.own or line.see]

    def _line(self, group: Sequence[Entry], found: dict[str, Found]) -> Heading:
        own = next((found[one.heading] for one in group if not one.see and one.heading in found), None)
        see = tuple(found[one.see] for one in group if one.see in found)
        first, last = (Position(one.place, one.heading, one.see) for one in (group[0], group[-1]))
        return Heading(own.heading if own else group[0].heading, own, see, first, last)

    def _search(self, heading: str) -> SearchParams:
        parameter = _PARAMETERS[self._name]
        several = parameter in {"creator_is", "subject_is"}
        return SearchParams.model_validate({parameter: (heading,) if several else heading})
