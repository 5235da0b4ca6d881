"""How late this process itself is: what times out while it has too much to do tells nothing of a library's system."""

from __future__ import annotations

import asyncio

BEAT_SECONDS = 0.1
TOO_LATE_SECONDS = 0.1


class Lateness:
    """A heartbeat of the event loop. It begins with the first question, and ends when it is closed."""

    def __init__(self) -> None:
        self._beating: asyncio.Task[None] | None = None
        self._late_at = float("-inf")  # loop time

    def watch(self) -> None:
        """Begins, if it has not."""
        if self._beating is None:
            self._beating = asyncio.create_task(self._beat())

    def since(self, moment: float) -> bool:
        """Whether the loop was late at any time since a moment (loop time)."""
        return self._late_at >= moment

    async def close(self) -> None:
        if self._beating is not None:
            self._beating.cancel()
            await asyncio.gather(self._beating, return_exceptions=True)

    async def _beat(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            before = loop.time()
            await asyncio.sleep(BEAT_SECONDS)
            if loop.time() - before > BEAT_SECONDS + TOO_LATE_SECONDS:
                self._late_at = loop.time()
