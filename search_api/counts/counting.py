"""Counts what readers do while requests are answered, and writes it down every so often and at the end."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable
from datetime import date
from zoneinfo import ZoneInfo

from starlette.requests import Request

from harvester.errors import StoreUnusable
from harvester.store import Store
from search_api.counts.asker import is_reader
from search_api.counts.handoff import Exits
from search_api.counts.ledger import Ledger
from search_api.counts.tally import Handoff, Tally
from search_api.counts.wishes import wish_of
from search_api.search_params import CLAUSE_FIELDS, SearchParams

EVERY_SECONDS = 60.0

logger = logging.getLogger(__name__)


class Counting:
    """One process's counts, and where they are added to those of others. Noting only adds to numbers in memory."""

    def __init__(self, store: Store, zone: ZoneInfo, *, every_seconds: float = EVERY_SECONDS) -> None:
        self._store = store
        self._zone = zone
        self._every_seconds = every_seconds
        self._tally = Tally()
        self.ledger = Ledger(store)
        self.exits = Exits(self.ledger.secret)

    def note_search(self, request: Request, params: SearchParams, found: int) -> None:
        """A search, and how much it found; leafing on in one is none."""
        if params.page > 1 or params.after or not is_reader(request):
            return
        today = self.today()
        libraries = (*params.library, *params.mine)
        self._tally.count(today, "search", libraries)
        if found:
            return
        self._tally.count(today, "no_hit", libraries)
        wish = wish_of(" ".join(filter(None, (getattr(params, name) for name in CLAUSE_FIELDS))))
        if wish and not params.narrowed:  # else it may be there, and only the narrowing found nothing
            self._tally.wish(today, wish)

    def note_asked(self, request: Request, libraries: Iterable[str]) -> None:
        """An edition's page: these libraries were asked whether it can be had."""
        if is_reader(request):
            self._tally.count(self.today(), "asked", libraries)

    def note_handoff(self, request: Request, kind: Handoff, library: str) -> None:
        """Somebody was handed on to a library."""
        if is_reader(request):
            self._tally.count(self.today(), kind, (library,))

    async def run(self) -> None:
        """Writes until it is cancelled. What was counted since the last time is then still to be written."""
        while True:
            await asyncio.sleep(self._every_seconds)
            await self.write()

    async def write(self) -> None:
        """Writes once. What the store does not take is counted on, and written with the next."""
        if self._tally.empty:
            return
        written, self._tally = self._tally, Tally()
        try:
            await asyncio.to_thread(self.ledger.add, written)
        except StoreUnusable as exc:
            written.add(self._tally)
            self._tally = written
            logger.warning("what was counted could not be written down: %s", exc)

    def today(self) -> date:
        """The day that is counted on: the consortium's."""
        return self._store.now().astimezone(self._zone).date()
