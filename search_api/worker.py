"""What `allshelves work` does, for ever: harvests each member when its time has come, and indexes what came.

Who is due is read from the store each time, so nothing is lost with the process. Two workers may run: a member's lease
keeps the second one away from what the first one does.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Literal, Protocol

from harvester.errors import HarvestStopped, LeaseTaken, StoreUnusable
from harvester.http import PatientSession
from harvester.member import Member, ProgressCallback, Writer
from harvester.protocols import PROTOCOLS, Source
from harvester.run import MEMBERS_AT_ONCE
from harvester.schedule import due_next, under_way
from harvester.standing import WAITS_FOR_A_PERSON
from harvester.store import RunOutcome, Store
from indexer.catalogue import Catalogue
from indexer.codec import CodecMismatch
from indexer.engine import EngineIncompatible, EngineUnavailable
from indexer.engine.open import open_engine
from indexer.index_check import trouble
from indexer.run import index_changes, is_behind
from indexer.strangers import not_configured, wait_for
from mappings.library import Library, LibraryInvalid
from search_api.indexing import indexing
from search_api.settings import Settings

Level = Literal["info", "warning", "alarm"]


class Log(Protocol):
    """Takes one line: what happened, how much it matters, and the facts by name."""

    def __call__(self, what: str, level: Level = "info", **facts: object) -> None: ...


@dataclass(frozen=True, slots=True)
class Pace:
    """How long a worker waits, in seconds."""

    look: float = 30.0  # between two looks at who is due
    settle: float = 2.0  # after a harvest, so that several that end together are indexed together
    surprise: float = 3600.0  # before what nobody foresaw may happen again
    rest: float = 60.0  # before the same member, or an index that could not be written, is tried again
    grace: float = 20.0  # for pages under way when it is asked to stop
    index_at_least: float = 3600.0  # after records came, while harvests go on


@dataclass(slots=True)
class Worker:
    """One process's work. ``libraries`` gives the members as their files are now."""

    settings: Settings
    libraries: Callable[[], Mapping[str, Library]]
    store: Store
    http: PatientSession
    log: Log
    progress: ProgressCallback | None = None
    pace: Pace = Pace()
    at_once: int = MEMBERS_AT_ONCE
    protocols: Mapping[str, Source] = field(default_factory=lambda: PROTOCOLS)
    _members: Mapping[str, Library] = field(init=False, default_factory=dict)
    _harvests: dict[str, asyncio.Task[None]] = field(init=False, default_factory=dict)
    _not_before: dict[str, datetime] = field(init=False, default_factory=dict)  # by member
    _indexing: asyncio.Task[None] | None = field(init=False, default=None)
    _index_at: datetime | None = field(init=False, default=None)  # something was harvested
    _behind_since: datetime | None = field(init=False, default=None)  # there is something to index
    _index_in_doubt: bool = field(init=False, default=True)
    _stop: asyncio.Event = field(init=False, default_factory=asyncio.Event)
    _writer: Writer = field(init=False)
    _catalogue: Catalogue = field(init=False)

    def __post_init__(self) -> None:
        self._writer = Writer(self.store)
        self._catalogue = Catalogue(self.store.engine)

    def stop(self) -> None:
        """Lets pages under way come to their end, and ends."""
        self._stop.set()

    async def run(self) -> None:
        """Works until it is stopped.

        Raises: LibraryInvalid when no library's file can be read at the start.
        """
        self._members = self.libraries()
        self.log("work", members=len(self._members))
        stopping = asyncio.create_task(self._stop.wait())
        try:
            while not self._stop.is_set():
                seconds = await self._look()
                waiting = {stopping, *self._harvests.values()} | ({self._indexing} if self._indexing else set())
                await asyncio.wait(waiting, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        finally:
            stopping.cancel()
            await self._end()

    async def _look(self) -> float:
        """Begins what is due; how many seconds nothing else will be."""
        self._note_ended()
        try:
            self._members = self.libraries()
        except LibraryInvalid as exc:  # the members as they were: a slip in one file stops nobody
            self.log("libraries", "warning", error=str(exc))
        try:
            due = await asyncio.to_thread(due_next, self.store, self._members)
            behind = await asyncio.to_thread(is_behind, self.store) or await self._index_lacks()
            behind = behind or await asyncio.to_thread(wait_for, self.store, self._members)
            busy = bool(self._harvests) or bool(await asyncio.to_thread(under_way, self.store, self._members))
        except StoreUnusable as exc:
            self.log("store", "alarm", error=str(exc))
            return self.pace.look
        now = self.store.now()
        times = [now + timedelta(seconds=self.pace.look)]
        if not behind:
            self._index_at = self._behind_since = None
        elif self._indexing is None:
            at = self._time_to_index(now, busy)
            if at > now:
                times.append(at)
            else:
                self._index_at = self._behind_since = None
                self._indexing = asyncio.create_task(self._index())
        for code, on_schedule in due.items():
            at = max(on_schedule, self._not_before.get(code, on_schedule))
            if code in self._harvests:
                continue
            if at > now:
                times.append(at)
            elif len(self._harvests) < self.at_once:
                self._harvests[code] = asyncio.create_task(self._harvest(self._members[code]))
        return max(0.0, (min(times) - now).total_seconds())

    async def _index_lacks(self) -> bool:
        """Whether the index is not what the catalogue made of it; looked at until once it is."""
        if not self._index_in_doubt:
            return False
        engine = open_engine(self.settings.engine, self.settings.index_folder, self.settings.layout)
        try:
            self._index_in_doubt = bool(await trouble(self._catalogue, engine))
        finally:
            await engine.close()
        return self._index_in_doubt

    def _time_to_index(self, now: datetime, busy: bool) -> datetime:
        """When to index what there is: after harvests, when no process harvests, and at length in between.

        While another process harvests, its pages are left for later: indexed one by one, they would cost far more.
        """
        if self._index_at is not None:
            return self._index_at
        if not busy:
            return now
        self._behind_since = self._behind_since or now
        return self._behind_since + timedelta(seconds=self.pace.index_at_least)

    def _note_ended(self) -> None:
        for code, task in list(self._harvests.items()):
            if task.done():
                del self._harvests[code]
                surprised = self._tell_of_surprise(task, "harvest", library=code)
                self._not_before[code] = self._later(self.pace.surprise if surprised else self.pace.rest)
                self._index_at = self._index_at or self._later(self.pace.settle)
        if self._indexing is not None and self._indexing.done():
            if self._tell_of_surprise(self._indexing, "index"):
                self._index_at = self._later(self.pace.surprise)
            self._indexing = None

    def _tell_of_surprise(self, task: asyncio.Task[None], what: str, **facts: object) -> bool:
        """Whether a task ended as nobody foresaw: that is an alarm, and stops neither the others nor the next time."""
        surprise = None if task.cancelled() else task.exception()
        if surprise is not None:
            self.log(what, "alarm", status="failed", error=f"{type(surprise).__name__}: {surprise}", **facts)
        return surprise is not None

    def _later(self, seconds: float) -> datetime:
        return self.store.now() + timedelta(seconds=seconds)

    async def _harvest(self, library: Library) -> None:
        source = self.protocols[library.harvest.protocol]
        stopping = partial(self._stopping, library)
        member = Member(library, source, self._writer, self.http, self.progress, stopping)
        try:
            outcomes = await member.harvest(full=False, sweep=None)
        except HarvestStopped:
            why = "the worker stops" if self._stop.is_set() else "quiet hours begin"
            self.log("harvest", library=library.code, status="stopped", why=why)
        except StoreUnusable as exc:
            self.log("harvest", "alarm", library=library.code, status="failed", error=str(exc))
        else:
            for outcome in outcomes:
                if outcome.cause != "busy":
                    self._tell(outcome)

    def _stopping(self, library: Library, can_go_on: bool) -> bool:
        """Quiet hours stop only what can be gone on with: else a list longer than the night would never end."""
        if self._stop.is_set() or not can_go_on:
            return self._stop.is_set()
        now = self.store.now()
        return library.schedule.open_at(now) > now

    def _tell(self, outcome: RunOutcome) -> None:
        level: Level = "info"
        if outcome.status != "complete":
            level = "alarm" if outcome.cause in WAITS_FOR_A_PERSON else "warning"
        facts: dict[str, object] = {"library": outcome.library, "kind": outcome.kind, "status": outcome.status}
        names = ("seen", "new", "changed", "unchanged", "deleted", "unreadable", "vanished", "held")
        facts |= {name: getattr(outcome, name) for name in names}
        facts["seconds"] = round(outcome.seconds, 1)
        if outcome.cause:
            facts["cause"] = outcome.cause
        if outcome.error:
            facts["error"] = outcome.error
        self.log("harvest", level, **facts)

    async def _index(self) -> None:
        try:
            async with indexing(self.settings, self.store) as engine:
                outcome = await index_changes(self.store, self._catalogue, engine, self._members)
        except LeaseTaken:  # the other process indexes; whether that was all is seen when it has ended
            self._index_at = self._later(self.pace.rest)
            return
        except (EngineUnavailable, EngineIncompatible, CodecMismatch, StoreUnusable) as exc:
            self._index_at = self._later(self.pace.rest)
            self.log("index", "alarm", status="failed", error=str(exc))
            return
        for library, records in (await asyncio.to_thread(not_configured, self.store, self._members)).items():
            self.log("not configured", "warning", library=library, unread=records)
        self.log(
            "index",
            status="complete",
            records=outcome.seen,
            unreadable=outcome.unreadable,
            editions=outcome.editions_written,
            removed=outcome.editions_removed,
            seconds=round(outcome.seconds, 1),
        )

    async def _end(self) -> None:
        """Waits for pages under way, not for ever, and gives every lease back."""
        tasks = {*self._harvests.values()} | ({self._indexing} if self._indexing else set())
        if tasks:
            await asyncio.wait(tasks, timeout=self.pace.grace)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._note_ended()
        self.log("end")
