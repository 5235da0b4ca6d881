"""A library's life with its server: rounds of changes, faults, kills and harvests, then peace."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache, partial
from pathlib import Path
from typing import Literal

from hypothesis import strategies as st

from fixtures.wild.manner import Manner
from fixtures.wild.registry import FAULTS
from fixtures.wild.repository import NAMES, Clock, Repository
from fixtures.wild.server import WildServer
from harvester import oai_pmh
from harvester.decisions import accept, holds
from harvester.protocols import PROTOCOLS
from harvester.run import harvest
from harvester.store import RunOutcome, Store
from mappings.library import Library
from tests.support.harvesting import contents, expire_lease
from tests.support.oai import oai_library
from tests.support.wild.mortal import Killed, MortalSession, MortalStore, Steps

PASSING = (
    "expired token",
    "dropped",
    "maintenance page",
    "cut off",
    "500",
    "503 without a word",
    "unknown error",
    "empty page",
    "notice before",
    "control character",
    "expired token",
    "loop",
)
NAMES_AT_MOST = 24
IN_MEMORY = "/dev/shm"  # where there is one: a store of a moment need not wear a disk

Happening = Literal["put", "touch", "delete", "vanish"]


@dataclass(frozen=True, slots=True)
class Op:
    """A change at the server, if it is possible there."""

    happening: Happening
    number: int


@dataclass(frozen=True, slots=True)
class Round:
    """What happens until and while the library is harvested once."""

    hours: int
    before: tuple[Op, ...]
    between: dict[int, tuple[Op, ...]]  # by page
    faults: tuple[tuple[str, int | None, int], ...]  # name, page, how often
    killed_at: int | None
    full: bool
    sweep: bool


ops = st.builds(Op, st.sampled_from(["put", "touch", "touch", "delete", "vanish"]), st.integers(0, NAMES_AT_MOST))
some_ops = st.lists(ops, max_size=4).map(tuple)
faults = st.tuples(st.sampled_from(PASSING), st.one_of(st.none(), st.integers(1, 4)), st.integers(1, 6))
rounds = st.builds(
    Round,
    hours=st.integers(1, 24 * 9),
    before=some_ops,
    between=st.dictionaries(st.integers(2, 5), some_ops, max_size=2),
    faults=st.lists(faults, max_size=2).map(tuple),
    killed_at=st.one_of(st.none(), st.integers(1, 90)),
    full=st.booleans(),
    sweep=st.booleans(),
)
manners = st.builds(
    Manner,
    page_size=st.integers(1, 6),
    order=st.sampled_from(["time", "identifier", "random"]),
    paging=st.sampled_from(["key", "offset", "snapshot"]),
    deletions=st.sampled_from(["persistent", "transient", "no"]),
    states_sizes=st.booleans(),
    seconds=st.booleans(),
    consumable=st.booleans(),
)


@cache
def _empty_store() -> Path:
    """A file with a store that nothing was put into: to be copied, which is quicker than to make one."""
    file = Path(tempfile.mkdtemp(prefix="store-")) / "empty.sqlite3"
    store = Store.open(f"sqlite:///{file}")
    with store.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    store.close()
    return file


@contextmanager
def fresh_store(now: Clock) -> Iterator[Store]:
    with tempfile.TemporaryDirectory(dir=IN_MEMORY if Path(IN_MEMORY).is_dir() else None) as folder:
        shutil.copy(_empty_store(), f"{folder}/catalogue.sqlite3")
        store = Store.open(f"sqlite:///{folder}/catalogue.sqlite3", now)
        try:
            yield store
        finally:
            store.close()


@dataclass(slots=True)
class Life:
    """A server, a store, and what was seen of them."""

    server: WildServer
    clock: Clock
    store: Store
    marks: list[str] = field(default_factory=list)
    steps: int = 0  # of the last visit

    @property
    def repository(self) -> Repository:
        return self.server.repository

    @property
    def library(self) -> Library:
        return oai_library("http://wild.example.org/oai", metadata_prefix="marcxml")

    def carry_out(self, changes: tuple[Op, ...]) -> None:
        for op in changes:
            name = f"{NAMES}{op.number:04}"
            there = name in self.repository.live
            if op.happening == "put" and not there:
                self.repository.put(name)
            elif op.happening == "touch" and there:
                self.repository.touch(name)
            elif op.happening == "delete" and there:
                self.repository.delete(name)
            elif op.happening == "vanish" and there:
                self.repository.vanish(name)

    def visit(self, *, killed_at: int | None = None, full: bool = False, sweep: bool = False) -> list[RunOutcome]:
        """One harvest; nothing comes back from one that is killed."""
        steps = Steps(killed_at)
        store = MortalStore(self.store.engine, self.clock, steps)
        timed = {"pages": oai_pmh.pages, "identifiers": oai_pmh.identifiers, "one": oai_pmh.one}
        source = replace(PROTOCOLS["oai-pmh"], **{n: partial(call, now=self.clock) for n, call in timed.items()})

        async def run() -> list[RunOutcome]:
            async with MortalSession(self.server, self.clock, steps) as session:
                return await harvest(
                    [self.library], store, full=full, sweep=sweep, session=session, protocols={"oai-pmh": source}
                )

        try:
            return asyncio.run(run())
        except BaseExceptionGroup as group:
            if group.split(Killed)[1] is not None:
                raise
            expire_lease(self.store)
            return []
        finally:
            self.steps = steps.taken
            self.marks.append(self.store.watermark("testlib", oai_pmh.source_of(self.library)))

    def go_through(self, one: Round) -> list[RunOutcome]:
        self.clock.later(hours=one.hours)
        self.carry_out(one.before)
        self.server.before_page = {page: partial(self.carry_out, what) for page, what in one.between.items()}
        for name, page, times in one.faults:
            self.server.switch(FAULTS[name], page=page, times=times)
        outcomes = self.visit(killed_at=one.killed_at, full=one.full, sweep=one.sweep)
        self.server.switches.clear()
        self.server.before_page.clear()
        return outcomes

    def find_peace(self) -> None:
        """No change, no fault: visits with sweeps, days apart, until all is proven; a person agrees to what is held.

        Of a server that never listed a record nothing is ever proven: there is nothing here and nothing there.
        """
        for _ in range(8):
            self.clock.later(hours=25)
            outcomes = self.visit(sweep=True)
            waiting = holds(self.store, "testlib")
            for hold in waiting:
                accept(self.store, hold)
            proven = not waiting and all(one.status == "complete" for one in outcomes)
            if proven and outcomes[-1].kind != "incremental" and self.live() == set(self.repository.live):
                return
            if not (waiting or self.live() or self.repository.live):
                return
        raise AssertionError(f"no peace: {outcomes}, {self.live() ^ set(self.repository.live)}")

    def live(self) -> set[str]:
        return {name for name, (_, deleted) in contents(self.store).items() if not deleted}

    def wrongly_deleted(self) -> set[str]:
        """Records that are deleted here and never were gone there."""
        gone = {name for name, (_, deleted) in contents(self.store).items() if deleted}
        return gone - self.repository.ever_gone()

    def stale(self) -> list[str]:
        """Records whose version here is not the server's."""
        here = contents(self.store)
        return [
            name
            for name, entry in self.repository.live.items()
            if name not in here or here[name][1] or entry.title.encode() not in here[name][0]
        ]


@contextmanager
def life(manner: Manner, count: int) -> Iterator[Life]:
    clock = Clock()
    with fresh_store(clock) as store:
        yield Life(WildServer(Repository.of(count, clock), replace(manner)), clock, store)
