"""Named lists are checked again when the catalogue has changed: at once when somebody looks, else now and then."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, field, replace

from harvester.errors import StoreUnusable
from indexer.engine import EngineIncompatible, EngineUnavailable
from search_api.selecting.given import Given
from search_api.selecting.lists import NamedList
from search_api.selecting.lists_kept import ListOvertaken, NamedLists
from search_api.selecting.matching import Shelves, checked

LOOK_SECONDS = 60.0
LINES_AT_ONCE = 500

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class ListChecker:
    """Checks lists, one at a time."""

    lists: NamedLists
    shelves: Shelves
    look_seconds: float = LOOK_SECONDS
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def is_current(self, one: NamedList) -> bool:
        """Whether a list was checked as the catalogue is now, all its lines.

        Raises: EngineUnavailable, EngineIncompatible.
        """
        return not one.unchecked and one.state == await self.shelves.engine.state()

    async def check(self, id: str) -> NamedList | None:
        """The list, checked when it was not; None when there is none.

        Raises: EngineUnavailable, EngineIncompatible, StoreUnusable.
        """
        async with self._turn:
            seen = await asyncio.to_thread(self.lists.named, id)
            if seen is None or await self.is_current(seen):
                return seen
            state = await self.shelves.engine.state()
            lines = await asyncio.to_thread(self.lists.lines, id)
            found = []
            for start in range(0, len(lines), LINES_AT_ONCE):
                some = lines[start : start + LINES_AT_ONCE]
                given: list[Given] = [replace(one.given, number=one.number) for one in some]
                found += await checked(given, self.shelves)
            try:
                bare = [replace(one, given=replace(one.given, record=None)) for one in found]
                await asyncio.to_thread(self.lists.keep_check, seen, lines, bare, state)
            except ListOvertaken:
                pass  # what the other check wrote is as good
            return await asyncio.to_thread(self.lists.named, id)

    async def run(self) -> None:
        """Checks the lists that are not current, until it is cancelled."""
        while True:
            try:
                state = await self.shelves.engine.state()
                for id in await asyncio.to_thread(self.lists.stale, state):
                    await self.check(id)
            except (StoreUnusable, EngineUnavailable, EngineIncompatible) as exc:
                logger.warning("named lists wait: %s", exc)
            await asyncio.sleep(self.look_seconds)
