"""Comparisons under way: each scope is measured once for a state of the index, in the background; whoever asks
meanwhile is told how far it is."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace

from harvester.store import Store
from indexer.engine import SearchEngine
from indexer.work_holders import unique_but_in_other_editions
from mappings.library import Library
from search_api.collections.compared import Compared, MemberFigures
from search_api.collections.kept import KeptComparisons
from search_api.collections.measure import measured
from search_api.collections.scope import Scope

WAIT_SECONDS = 1.0
"""How long a page waits for figures before it says how far they are: those of a small catalogue come at once."""

AT_ONCE = 1
"""Comparisons under way at once: patrons search meanwhile."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What there is of a comparison. Neither figures nor progress: nothing has come of it."""

    figures: Compared | None  # the last ones made
    current: bool  # whether they are of the catalogue as it is now
    done: int = 0  # members measured for new ones
    of: int = 0  # 0: nothing is under way


@dataclass(slots=True)
class _Work:
    task: asyncio.Task[Compared]
    done: int = 0


class Comparisons:
    """The comparisons of one program."""

    def __init__(self, store: Store, engine: SearchEngine, libraries: Mapping[str, Library]) -> None:
        """Raises: StoreUnusable."""
        self._store = store
        self._engine = engine
        self._members = tuple(libraries)
        self._kept = KeptComparisons(store)
        self._under_way: dict[str, _Work] = {}
        self._turn = asyncio.Semaphore(AT_ONCE)

    async def answer(self, scope: Scope, wait_seconds: float = WAIT_SECONDS) -> Answer:
        """The figures of a scope if they are current; else what there is, and new ones are under way.

        Raises: EngineUnavailable, EngineIncompatible, StoreUnusable.
        """
        figures = await asyncio.to_thread(self._kept.of, scope.address)
        if figures is not None and await self._is_current(figures):
            return Answer(figures, True)
        work = self._under_way.get(scope.address) or self._start(scope)
        done, _ = await asyncio.wait([work.task], timeout=wait_seconds)
        if done:
            self._under_way.pop(scope.address, None)
            found = work.task.result()
            return Answer(found, await self._is_current(found))
        return Answer(figures, False, work.done, max(len(self._members), 1))

    async def last(self, scope: Scope) -> Compared | None:
        """The last figures of a scope, of whichever state of the catalogue; None when there are none."""
        return await asyncio.to_thread(self._kept.of, scope.address)

    async def figures(self, scope: Scope) -> Compared:
        """The current figures of a scope, however long they take.

        Raises: as `answer`.
        """
        while True:
            answer = await self.answer(scope, 60.0)
            if answer.figures is not None and not answer.of:
                return answer.figures

    async def close(self) -> None:
        """Ends what is under way."""
        tasks = [work.task for work in self._under_way.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _is_current(self, figures: Compared) -> bool:
        members = tuple(one.library for one in figures.members)
        return figures.state == await self._engine.state() and members == self._members

    def _start(self, scope: Scope) -> _Work:
        work = _Work(asyncio.create_task(self._measure(scope)))
        self._under_way[scope.address] = work
        return work

    async def _measure(self, scope: Scope) -> Compared:
        def told(done: int, _: int) -> None:
            if scope.address in self._under_way:
                self._under_way[scope.address].done = done

        async with self._turn:
            found = await measured(self._engine, scope, self._members, told)
            if not scope.address:
                found = await asyncio.to_thread(self._with_last_of_works, found)
            await asyncio.to_thread(self._kept.keep, found)
            return found

    def _with_last_of_works(self, found: Compared) -> Compared:
        with self._store.reading() as connection:
            elsewhere = unique_but_in_other_editions(connection)
        return replace(found, members=tuple(_with_last(one, elsewhere) for one in found.members))


def _with_last(figures: MemberFigures, elsewhere: Mapping[str, int]) -> MemberFigures:
    last = figures.unique.editions - elsewhere.get(figures.library, 0)
    return replace(figures, last_of_work=max(last, 0))
