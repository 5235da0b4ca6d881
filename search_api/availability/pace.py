"""How many questions one library's system is asked at once and in a second; more wait their turn, not for ever."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from search_api.availability.http import ConnectorTimedOut

LONGEST_WAIT_SECONDS = 10.0  # whoever asked has left by then; the system should not be asked for them


class Busy(ConnectorTimedOut):
    """Too many questions were waiting for this library; it says nothing of its system."""


class Pace:
    """The turns of one library. ``per_second`` None: as fast as ``at_once`` allows."""

    def __init__(
        self, at_once: int, per_second: float | None = None, *, longest_wait_seconds: float = LONGEST_WAIT_SECONDS
    ) -> None:
        self._places = asyncio.Semaphore(at_once)
        self._apart_seconds = 1 / per_second if per_second else 0.0
        self._longest_wait_seconds = longest_wait_seconds
        self._next = 0.0  # loop time before which no question may begin

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Waits for a place and for the moment; the place is free again when the block ends.

        Raises: Busy when that would take too long.
        """
        loop = asyncio.get_running_loop()
        asked_at = loop.time()
        begins = max(asked_at, self._next)
        if begins - asked_at > self._longest_wait_seconds:
            raise Busy(f"more questions wait than {self._longest_wait_seconds:g} s would be enough for")
        self._next = begins + self._apart_seconds
        try:
            async with asyncio.timeout(self._longest_wait_seconds):
                await self._places.acquire()
        except TimeoutError as exc:
            raise Busy(f"no turn within {self._longest_wait_seconds:g} s") from exc
        try:
            await asyncio.sleep(max(begins - loop.time(), 0))
            yield
        finally:
            self._places.release()
