"""Reports are worked on here, one at a time, beside whatever else the program does.

One that was broken off, by a restart or by ``kill -9``, is gone on with by the next program that looks: its lease shows
that nobody works on it any more.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from itertools import islice

from harvester import lease
from harvester.errors import LeaseTaken, RunTakenOver, StoreUnusable
from indexer.codec import CodecMismatch
from indexer.engine import EngineIncompatible, EngineUnavailable
from indexer.text import fold
from search_api.selecting.given import Given, ListRefused
from search_api.selecting.listing import opened
from search_api.selecting.matching import Shelves, checked
from search_api.selecting.reports import Read, Report, Reports

LINES_READ = 2_000
LINES_CHECKED = 1_000
"""Lines in one step: what a broken-off report does again at most."""

LOOK_SECONDS = 20.0

FORESEEN = (StoreUnusable, EngineUnavailable, EngineIncompatible, CodecMismatch)
"""What passes by itself, or when whoever runs the catalogue mends it: the report is gone on with then."""

Progress = Callable[[Report], None]

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class Desk:
    """Works on reports. ``run`` looks for unfinished ones for ever; ``finish`` works on one and waits for it."""

    reports: Reports
    shelves: Shelves
    look_seconds: float = LOOK_SECONDS
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    def start(self, report: str) -> asyncio.Task[None]:
        """Begins a report now; whoever cannot wait for it lets it go on."""
        task = asyncio.create_task(self.finish(report))
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (exc := task.exception()) is not None:
            logger.warning("a report waits: %s", exc, exc_info=None if isinstance(exc, FORESEEN) else exc)

    async def close(self) -> None:
        """Breaks off what is under way; it is gone on with another time."""
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def run(self) -> None:
        """Goes on with unfinished reports, the oldest first, until it is cancelled."""
        while True:
            try:
                unfinished = await asyncio.to_thread(self.reports.unfinished)
            except StoreUnusable as exc:
                logger.warning("reports wait: %s", exc)
                unfinished = []
            for report in unfinished:  # each in a task of its own: one that nobody can finish holds no other up
                await asyncio.wait([self.start(report)])
            await asyncio.sleep(self.look_seconds)

    async def finish(self, report: str, progress: Progress | None = None) -> None:
        """Works on a report until it is finished; nothing happens when another process does.

        Raises: StoreUnusable, EngineUnavailable, EngineIncompatible, CodecMismatch; what is committed stays.
        """
        async with self._turn:
            try:
                async with lease.held(self.reports.store, f"overlap {report}") as held:
                    await self._work(held, report, progress)
            except (LeaseTaken, RunTakenOver):
                return

    async def _work(self, held: lease.Lease, name: str, progress: Progress | None) -> None:
        began = time.monotonic()
        report = await asyncio.to_thread(self.reports.report, name)
        if report is None or report.finished:
            return
        if report.state != "checking":
            try:
                await asyncio.to_thread(self._read, held, report)
            except ListRefused as exc:
                await asyncio.to_thread(self.reports.refuse, held, name, exc.why, str(exc))
                return
        last = 0
        while lines := await asyncio.to_thread(self.reports.unchecked, name, last, LINES_CHECKED):
            repeats = {given.number: earlier for given, earlier in lines}
            found = await checked([given for given, _ in lines], self.shelves)
            done = [replace(line, repeats=repeats[line.given.number]) for line in found]
            await asyncio.to_thread(self.reports.add_checked, held, name, done)
            last = lines[-1][0].number
            if progress and (report := await asyncio.to_thread(self.reports.report, name)):
                progress(report)
        state = await self.shelves.engine.state()
        await asyncio.to_thread(self.reports.finish, held, name, time.monotonic() - began, state)

    def _read(self, held: lease.Lease, report: Report) -> None:
        """Raises: ListRefused."""
        self.reports.begin_reading(held, report.id)
        listing = opened(self.reports.payload(report.id), report.options)
        count = 0
        lines = _with_repeats(listing.lines())
        while step := list(islice(lines, LINES_READ)):
            self.reports.add_lines(held, report.id, step)
            count += len(step)
        if not count:
            raise ListRefused("empty", "The list has no lines.")
        self.reports.end_reading(held, report.id, Read.of(listing), count)


def _with_repeats(lines: Iterator[Given]) -> Iterator[tuple[Given, int | None]]:
    """Each line with the number of the earlier one that asks for the same."""
    first: dict[str, int] = {}
    for given in lines:
        earlier = None
        for key in _same_as(given):
            if (found := first.setdefault(key, given.number)) != given.number:
                earlier = found if earlier is None else min(earlier, found)
        yield given, earlier


def _same_as(given: Given) -> Iterator[str]:
    yield from given.numbers.isbns
    if given.numbers.issn:
        yield given.numbers.issn
    elif not given.numbers.isbns and given.title and given.why is None:
        yield "\t".join((fold(given.title), fold(given.creator), fold(given.publisher), str(given.year or "")))
