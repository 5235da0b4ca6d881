"""A scenario of the catalogue of misbehaviours: a wild server, a store, harvests, and what has to hold after each.

Whatever the server does, a run that is complete has every record of it; any other says so and moves no watermark; and
nothing that the server has is ever deleted here.
"""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from xml.sax.saxutils import escape

from fixtures.wild.manner import Manner
from fixtures.wild.registry import FAULTS
from fixtures.wild.repository import NAMES, Clock, Entry, Repository
from fixtures.wild.server import WildServer
from fixtures.wild.serving import Site, serving
from harvester import oai_pmh
from harvester.http import PatientSession
from harvester.protocols import PROTOCOLS, Source
from harvester.run import harvest
from harvester.store import RunOutcome, Store
from mappings.library import Library
from tests.support.oai import oai_library, sleepless

RECORDS = 45


@dataclass(frozen=True, slots=True)
class On:
    """A fault to be switched on before the first harvest."""

    fault: str
    page: int | None = None
    times: int | None = None
    verbs: tuple[str, ...] = ()


@dataclass(slots=True)
class Stage:
    """What a scenario plays with. ``problems`` are what must not be, in words."""

    scenario: Scenario
    clock: Clock
    server: WildServer
    store: Store
    http: PatientSession
    site: Site
    folder: Path
    outcomes: list[RunOutcome] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    not_ours: set[str] = field(default_factory=set)  # live at the server, and rightly not shown here
    changes: dict[str, object] = field(default_factory=dict)  # of the library's file
    shown: str = "testlib"  # whose records are looked at

    @property
    def repository(self) -> Repository:
        return self.server.repository

    def switch(
        self, fault: str, page: int | None = None, times: int | None = None, verbs: tuple[str, ...] = ()
    ) -> None:
        self.server.switch(FAULTS[fault], page=page, times=times, verbs=frozenset(verbs) or None)

    def name(self, number: int) -> str:
        return f"{NAMES}{number:04}"

    def library(self) -> Library:
        values = {"metadata_prefix": "marcxml", **self.scenario.harvest, **self.changes}
        return oai_library(str(values.pop("url", self.site.url)), code=str(values.pop("code", "testlib")), **values)

    async def harvest(
        self, *, full: bool = False, sweep: bool | None = False, beside: Sequence[Library] = ()
    ) -> RunOutcome:
        """One visit; its last outcome. No sweep unless it is asked for, or None: as it is due."""
        library = self.library()
        before = self.mark(library)
        every = await harvest(
            [library, *beside], self.store, full=full, sweep=sweep, session=self.http, protocols=self.protocols()
        )
        outcomes = [outcome for outcome in every if outcome.library == library.code]
        self.outcomes += outcomes
        self.look(before, library, outcomes)
        return outcomes[-1]

    def protocols(self) -> Mapping[str, Source]:
        timed = {"pages": oai_pmh.pages, "identifiers": oai_pmh.identifiers, "one": oai_pmh.one}
        source = replace(PROTOCOLS["oai-pmh"], **{name: partial(call, now=self.clock) for name, call in timed.items()})
        return {"oai-pmh": source}

    def source(self) -> str:
        return oai_pmh.source_of(self.library())

    def mark(self, library: Library) -> str:
        return self.store.watermark(library.code, oai_pmh.source_of(library))

    def look(self, before: str, library: Library, outcomes: list[RunOutcome]) -> None:
        """What holds after every visit."""
        after = self.mark(library)
        proven = any(outcome.status == "complete" and outcome.kind != "sweep" for outcome in outcomes)
        if after not in ("", before) and not proven:
            self.problems.append(f"the watermark moved from {before!r} to {after!r}: {outcomes}")
        for outcome in outcomes:
            if outcome.status != "complete" and not outcome.error:
                self.problems.append(f"no reason is given: {outcome}")
        wrongly = [name for name, (_, deleted) in self.here().items() if deleted and name in self.truth()]
        if wrongly:
            self.problems.append(f"deleted though the server has them: {wrongly}")

    def truth(self) -> dict[str, Entry]:
        """What the server has, and the library is harvested for."""
        wanted = self.scenario.harvest.get("set")
        return {
            name: entry
            for name, entry in self.repository.live.items()
            if name not in self.not_ours and (not wanted or wanted in entry.sets)
        }

    def here(self, code: str = "") -> dict[str, tuple[bytes, bool]]:
        """What the store has: identifier → payload, deleted."""
        found = self.store.changes(0, 100_000)
        return {
            s.raw.identifier: (s.raw.payload, s.raw.deleted) for s in found if s.raw.library == (code or self.shown)
        }

    def held_back(self) -> set[str]:
        return {item.identifier for item in self.store.quarantined("testlib")}

    def result(self) -> Result:
        """What it came to; all that must not be is among the problems."""
        last, scenario = self.outcomes[-1], self.scenario
        truth, here, quarantined = self.truth(), self.here(), self.held_back()
        same = {n for n, e in truth.items() if n in here and not here[n][1] and scenario.is_version(here[n][0], e)}
        ended = "held" if last.held else last.status
        if ended == "complete":
            missing = sorted(set(truth) - same - quarantined)
            if missing:
                self.problems.append(f"complete without {missing}")
            left = sorted(n for n, (_, deleted) in here.items() if not deleted and n not in truth)
            if left:
                self.problems.append(f"complete with what the server no longer has: {left}")
        for fault in {on.fault for on in scenario.on}:
            if not self.server.hits[fault]:
                self.problems.append(f"{fault!r} never made a difference")
        if self.server.before_page and not self.server.hits["before a page"]:
            self.problems.append("nothing happened between pages")
        if ended != scenario.ends:
            self.problems.append(f"it ended {ended}: {last}")
        counted = f"{len(same)} of {len(truth)}"
        if quarantined:
            counted += f", {len(quarantined)} in quarantine"
        return Result(ended, counted, last.error, tuple(self.problems))


Play = Callable[[Stage], Awaitable[None]]


async def once(stage: Stage) -> None:
    """A first harvest."""
    await stage.harvest()


@dataclass(frozen=True, slots=True)
class Scenario:
    """One way in which servers misbehave, and what is to come of it."""

    number: str  # of the catalogue
    name: str
    ours: str  # what we do, in words
    ends: str  # complete, unverified, failed or held
    on: tuple[On, ...] = ()
    play: Play = once
    server: str = ""  # what the server does; "" says what its faults do
    harvest: Mapping[str, object] = field(default_factory=dict)
    manner: Mapping[str, object] = field(default_factory=dict)
    records: int = RECORDS
    sets: tuple[str, ...] = ()
    tls: bool = False
    is_version: Callable[[bytes, Entry], bool] = lambda payload, entry: escape(entry.title).encode() in payload

    @property
    def what_the_server_does(self) -> str:
        return self.server or "; ".join(FAULTS[name].does for name in dict.fromkeys(on.fault for on in self.on))


@dataclass(frozen=True, slots=True)
class Result:
    """What a scenario came to."""

    ended: str
    records: str
    error: str
    problems: tuple[str, ...]


@asynccontextmanager
async def staged(scenario: Scenario) -> AsyncIterator[Stage]:
    """The stage of a scenario, its faults switched on."""
    clock = Clock()
    repository = Repository.of(scenario.records, clock, sets=scenario.sets)
    server = WildServer(repository, Manner(**{"sets": scenario.sets, **scenario.manner}))
    with tempfile.TemporaryDirectory() as folder:
        context = None
        if scenario.tls:
            from tests.support.wild.tls import own_certificate

            context = own_certificate(Path(folder))
        store = Store.open(f"sqlite:///{folder}/catalogue.sqlite3", clock)
        try:
            async with serving(server, tls=context) as site, sleepless(clock=clock.seconds) as http:
                stage = Stage(scenario, clock, server, store, http, site, Path(folder))
                for on in scenario.on:
                    stage.switch(on.fault, on.page, on.times, on.verbs)
                yield stage
        finally:
            store.close()


_RESULTS: dict[str, Result] = {}


async def result_of(scenario: Scenario) -> Result:
    """Plays a scenario; one that was played in this process is not played again."""
    key = f"{scenario.number} {scenario.name}"
    if key not in _RESULTS:
        async with staged(scenario) as stage:
            await scenario.play(stage)
            _RESULTS[key] = stage.result()
    return _RESULTS[key]
