"""Answers that are given again while the index is as it was: whoever opens the catalogue sees all of it first, and a
page is turned to the next, back, and shared."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace

from indexer.engine import Document, FacetField, FacetValue, SearchEngine, SearchPage, SearchRequest
from indexer.record import Edition

REMEMBERED = 4_000
"""Editions and facet values, these in tens, that are kept at most: some tens of megabytes."""

SEARCHES_COUNTED = 100
"""Searches whose facets are kept apart from their pages."""

Facets = dict[FacetField, tuple[FacetValue, ...]]


class RememberingEngine:
    """A `SearchEngine` that asks another one and remembers the pages it gave, until the index changes.

    The facets of a page are also those of every other page of its search, in any order: where much is found, counting
    them is most of the work.
    """

    def __init__(self, engine: SearchEngine, room: int = REMEMBERED) -> None:
        self._engine = engine
        self._room = room
        self._state = ""
        self._taken = 0
        self._pages: OrderedDict[SearchRequest, SearchPage] = OrderedDict()
        self._facets: OrderedDict[SearchRequest, Facets] = OrderedDict()

    @property
    def name(self) -> str:
        return self._engine.name

    async def state(self) -> str:
        return await self._engine.state()

    async def search(self, request: SearchRequest) -> SearchPage:
        state = await self._engine.state()
        if state != self._state:
            self._state, self._taken = state, 0
            self._pages.clear()
            self._facets.clear()
        if request in self._pages:
            self._pages.move_to_end(request)
            return self._pages[request]
        page = await self._with_known_facets(request, state) or await self._engine.search(request)
        if state == self._state and request not in self._pages and (size := _size(page)) <= self._room:
            self._pages[request] = page
            self._taken += size
            self._know_facets(request, page)
            while self._taken > self._room:
                self._taken -= _size(self._pages.popitem(last=False)[1])
        return page

    async def _with_known_facets(self, request: SearchRequest, state: str) -> SearchPage | None:
        """A page with facets that were counted for another one of its search; None when there are none, or something
        was written while it was sought."""
        counted = self._facets.get(_counted(request))
        if counted is None:
            return None
        page = await self._engine.search(replace(request, facets=()))
        return replace(page, facets=counted) if await self._engine.state() == state else None

    def _know_facets(self, request: SearchRequest, page: SearchPage) -> None:
        if page.facets:
            self._facets[_counted(request)] = page.facets
            self._facets.move_to_end(_counted(request))
            while len(self._facets) > SEARCHES_COUNTED:
                self._facets.popitem(last=False)

    async def totals(self, requests: Sequence[SearchRequest]) -> tuple[int, ...]:
        return await self._engine.totals(requests)

    async def write(self, documents: Sequence[Document], deleted: Sequence[str] = ()) -> None:
        await self._engine.write(documents, deleted)

    async def rebuild(self, batches: AsyncIterator[Sequence[Document]]) -> int:
        return await self._engine.rebuild(batches)

    async def back(self) -> None:
        await self._engine.back()

    async def editions(self, ids: Sequence[str]) -> dict[str, Edition]:
        return await self._engine.editions(ids)

    async def with_isbns(self, isbns: Sequence[str]) -> dict[str, tuple[Edition, ...]]:
        return await self._engine.with_isbns(isbns)

    async def count(self) -> int:
        return await self._engine.count()

    async def close(self) -> None:
        self._pages.clear()
        self._facets.clear()
        await self._engine.close()


def _size(page: SearchPage) -> int:
    return 1 + sum(1 + len(hit.others) for hit in page.hits) + sum(map(len, page.facets.values())) // 10


def _counted(request: SearchRequest) -> SearchRequest:
    """What the facets of a request depend on: neither the page nor the order."""
    first = request.first if request.only else ()
    return replace(request, sort="relevance", offset=0, limit=0, after="", first=first, rows=False, by_work=False)
