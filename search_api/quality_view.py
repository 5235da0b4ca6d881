"""How good a library's records are, for whoever asks by HTTP: counted once for every state of the catalogue."""

from __future__ import annotations

import asyncio
from typing import NamedTuple

from indexer.own_records import quality_of, state_of
from indexer.quality import Quality
from search_api.services import Services


class _Counted(NamedTuple):
    state: str
    quality: Quality


class QualityReports:
    """The last report of each library. One is counted at a time, and never twice for the same state.

    Counting goes through all of a library's records: without this, a page reloaded often would keep a core busy.
    """

    def __init__(self, services: Services) -> None:
        self._services = services
        self._counted: dict[str, _Counted] = {}
        self._one_at_a_time = asyncio.Lock()

    async def quality(self, code: str) -> Quality:
        """The quality of the records of a library that is configured."""
        store, catalogue = self._services.store, self._services.catalogue
        state = await asyncio.to_thread(state_of, store, catalogue, code)
        if not self._is_of(code, state):
            async with self._one_at_a_time:
                if not self._is_of(code, state):  # else it was counted while this one waited
                    quality = await asyncio.to_thread(quality_of, store, catalogue, self._services.libraries[code])
                    self._counted[code] = _Counted(state, quality)
        return self._counted[code].quality

    def _is_of(self, code: str, state: str) -> bool:
        return code in self._counted and self._counted[code].state == state
