"""Answers that are given again while the index is as it was: whoever opens the catalogue sees all of it first, and a
page is turned to the next, back, and shared."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import AsyncIterator, Sequence

from indexer.engine import Document, SearchEngine, SearchPage, SearchRequest
from indexer.record import Edition

REMEMBERED = 4_000
"""Editions and facet values, these in tens, that are kept at most: some tens of megabytes."""


class RememberingEngine:
    """A `SearchEngine` that asks another one and remembers the pages it gave, until the index changes."""

    def __init__(self, engine: SearchEngine, room: int = REMEMBERED) -> None:
        self._engine = engine
        self._room = room
        self._state = ""
        self._taken = 0
        self._pages: OrderedDict[SearchRequest, SearchPage] = OrderedDict()

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
        if request in self._pages:
            self._pages.move_to_end(request)
            return self._pages[request]
        page = await self._engine.search(request)
        if state == self._state and request not in self._pages and (size := _size(page)) <= self._room:
            self._pages[request] = page
            self._taken += size
            while self._taken > self._room:
                self._taken -= _size(self._pages.popitem(last=False)[1])
        return page

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
        await self._engine.close()


def _size(page: SearchPage) -> int:
    return 1 + sum(1 + len(hit.others) for hit in page.hits) + sum(map(len, page.facets.values())) // 10
