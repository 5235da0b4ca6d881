"""One question for all members of a network zone that ask at the same moment.

A network zone's record carries the holdings of every member. When a page is opened, each member's connector asks
about its own records at once: what comes within a few milliseconds is put into one question, and each takes its own
part of the answer.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence

from search_api.availability.alma.bibs import Holding

GATHER_SECONDS = 0.005  # members are asked side by side: they come within one or two

Bibs = Mapping[str, tuple[Holding, ...]]
AskBibs = Callable[[Sequence[str]], Awaitable[Bibs]]


class Zone:
    """What the members of one network zone share: the question that is being put together."""

    def __init__(self) -> None:
        self._open: tuple[dict[str, None], asyncio.Task[Bibs]] | None = None
        self._under_way: set[asyncio.Task[Bibs]] = set()

    async def ask(self, mms_ids: Sequence[str], asking: AskBibs) -> Bibs:
        """The holdings of at least these records; the first who comes lends its way of asking to all.

        Raises: what ``asking`` raises, to all who wait for it.
        """
        if self._open is None:
            gathered: dict[str, None] = {}
            task = asyncio.create_task(self._ask_all(gathered, asking))
            self._under_way.add(task)
            task.add_done_callback(self._ended)
            self._open = gathered, task
        gathered, task = self._open
        gathered.update(dict.fromkeys(mms_ids))
        return await asyncio.shield(task)  # one who leaves does not take the answer away from the others

    async def close(self) -> None:
        """Ends the questions under way."""
        for task in tuple(self._under_way):
            task.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)

    async def _ask_all(self, gathered: Mapping[str, None], asking: AskBibs) -> Bibs:
        await asyncio.sleep(GATHER_SECONDS)
        self._open = None
        return await asking(list(gathered))

    def _ended(self, task: asyncio.Task[Bibs]) -> None:
        self._under_way.discard(task)
        if not task.cancelled():
            task.exception()  # seen, should all who asked have left
