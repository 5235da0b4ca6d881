"""Editions one by one: what only one library holds, before it weeds; what it lacks and many others hold.

What is listed is found by the engine in the order asked, a page at a time, so that any number can be exported.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from harvester.store import Store
from indexer.engine import SearchEngine, SearchRequest, Sort
from indexer.record import Edition, Item
from indexer.work_holders import holders_of_works
from mappings.library import Library
from search_api.collections.scope import Scope
from search_api.selecting.holders import stage_of
from search_api.shelf import Place, places

Kind = Literal["unique", "lacking"]

SORTS: Mapping[Kind, Sort] = {"unique": "call_number", "lacking": "libraries"}
"""As on the shelf, for whoever walks along it; the most widely held first."""

AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Question:
    """Which editions are listed."""

    kind: Kind
    library: str
    scope: Scope
    at_least: int = 1  # lacking: how many other libraries hold it
    only_works: bool = False  # unique: leave out what others hold in another edition

    def request(self, after: str = "", limit: int = 0) -> SearchRequest:
        """The question to the engine; ``only_works`` is for whoever asks it."""
        if self.kind == "unique":
            found = self.scope.request(by=self.library, held_to=1)
        else:
            found = self.scope.request(but=self.library, held_from=max(self.at_least, 1))
        return replace(found, sort=SORTS[self.kind], limit=limit, after=after, rows=self.kind == "lacking")


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where a library keeps copies of an edition."""

    branch: str  # codes as sent
    location: str
    call_number: str
    copies: int


@dataclass(frozen=True, slots=True)
class Line:
    """An edition that is listed."""

    edition: Edition
    libraries: tuple[str, ...]  # that hold it
    others: tuple[str, ...] = ()  # unique: other libraries that hold another edition of its work
    shelves: tuple[Shelf, ...] = ()  # unique: of the library
    coming: int = 0  # unique: copies that are on order or being catalogued

    @property
    def copies(self) -> int:
        """Copies that the records state; 0 when they state none."""
        return sum(shelf.copies for shelf in self.shelves)


@dataclass(frozen=True, slots=True)
class Lines:
    """A page of lines. ``cursor`` is where the next goes on, "" at the end."""

    lines: tuple[Line, ...]
    total: int | None  # None: not counted, since others' editions are left out
    cursor: str


class HeldEditions:
    """Lists editions by who holds them."""

    def __init__(self, store: Store, engine: SearchEngine, libraries: Mapping[str, Library]) -> None:
        self._store = store
        self._engine = engine
        self._libraries = libraries

    async def page(self, question: Question, after: str = "", size: int = 50) -> Lines:
        """Raises: EngineUnavailable, EngineIncompatible; ValueError for a cursor that no page has."""
        lines: list[Line] = []
        total: int | None = None
        while True:
            wanted = size - len(lines)
            found = await self._engine.search(question.request(after, wanted))
            total = None if question.only_works else found.total if total is None else total
            lines += await self._lines(question, [hit.edition for hit in found.hits])
            after = found.cursor if len(found.hits) == wanted else ""
            if not after or len(lines) >= size:
                return Lines(tuple(lines), total, after)

    async def all(self, question: Question) -> AsyncIterator[Sequence[Line]]:
        """Every line, in batches.

        Raises: EngineUnavailable, EngineIncompatible.
        """
        after = ""
        while True:
            page = await self.page(question, after, AT_ONCE)
            if page.lines:
                yield page.lines
            if not page.cursor:
                return
            after = page.cursor

    async def total(self, question: Question) -> int:
        """How many editions the engine finds; with ``only_works`` some of them are left out of the list."""
        return (await self._engine.totals([question.request()]))[0]

    async def _lines(self, question: Question, editions: Sequence[Edition]) -> list[Line]:
        if question.kind == "lacking":
            return [Line(edition, edition.libraries) for edition in editions]
        holders = await asyncio.to_thread(self._holders, {one.work for one in editions if one.work})
        lines = [self._line(question.library, one, holders.get(one.work, ())) for one in editions]
        return [line for line in lines if not (question.only_works and line.others)]

    def _holders(self, works: set[str]) -> dict[str, tuple[str, ...]]:
        with self._store.reading() as connection:
            return holders_of_works(connection, works)

    def _line(self, library: str, edition: Edition, of_work: Sequence[str]) -> Line:
        holdings = [holding for holding in edition.holdings if holding.library == library]
        own = self._libraries.get(library)
        return Line(
            edition=edition,
            libraries=edition.libraries,
            others=tuple(code for code in of_work if code != library),
            shelves=tuple(
                Shelf(place.holding.branch, place.holding.location, place.call_number, _copies(place))
                for place in places(holdings)
            ),
            coming=sum(
                stage_of(holding, item, own) != "held" for holding in holdings for item in holding.items or (Item(),)
            ),
        )


def _copies(place: Place) -> int:
    return len(place.items) if place.holding.items else 0
