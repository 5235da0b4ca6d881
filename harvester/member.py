"""One member's harvest: a list from its source, page by page into the store, and what its end means for the rest.

After it, when one is due, a sweep: a list of all identifiers, which finds what vanished without a word.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import aclosing, suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import Literal, ParamSpec, TypeVar

from harvester import epoch, lease, names, removal
from harvester.due import Due, due
from harvester.ending import ARRIVED_RECORDS, CONFIRMED_AT_MOST, NO_STATEMENT, Judgement, judge, judge_changes, mended
from harvester.errors import (
    AnswerRefused,
    HarvestFailed,
    HarvestStopped,
    LeaseTaken,
    ProtocolFailed,
    RunTakenOver,
    SourceUnreachable,
    StoreUnusable,
)
from harvester.http import PatientSession
from harvester.lease import renewed
from harvester.page import End, IdentifierPage, Page, Visit
from harvester.protocols import Source
from harvester.removal import AbsentRecords
from harvester.restated import renamed, restated
from harvester.seen import to_ask_again, unseen
from harvester.store import Checkpoint, Run, RunKind, RunOutcome, RunStatus, Store
from harvester.traits import Trait
from mappings.library import Library

P = ParamSpec("P")
T = TypeVar("T")

Phase = Literal["begun", "harvesting", "complete", "unverified", "failed"]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far one member's run is."""

    library: str
    records: int  # seen so far, earlier attempts of the run included
    expected: int | None  # in the whole list, as far as the source says
    phase: Phase


ProgressCallback = Callable[[Progress], None]

Stopping = Callable[[bool], bool]
"""Whether to stop after this page; it is told whether the list can be gone on with from there."""


class Writer:
    """The store behind one lock: a slow disk holds up the member that writes, not the event loop."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._turn = asyncio.Lock()

    async def __call__(self, write: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        async with self._turn:
            return await asyncio.to_thread(write, *args, **kwargs)


@dataclass(slots=True)
class Member:
    """One member on its way through a harvest."""

    library: Library
    source: Source
    writer: Writer
    http: PatientSession
    progress: ProgressCallback | None
    stopping: Stopping = lambda _: False
    moved: bool = False  # the source was found to name its records differently
    restated: str = ""  # what the source says of itself now and did not before, which is worth a sweep

    @property
    def store(self) -> Store:
        return self.writer.store

    async def harvest(self, *, full: bool, sweep: bool | None) -> list[RunOutcome]:
        """Harvests the member, and sweeps it when that is due or asked for; the outcome of each run.

        A sweep follows only a harvest that was proven: what is absent from an ill server says nothing.

        Raises: HarvestStopped when it was asked to stop, StoreUnusable.
        """
        what = await self.writer(self._due)
        outcomes = [await self._visited(lambda: self._begin(full=full or what == "full"), self._list)]
        last = outcomes[-1]
        wanted = what == "sweep" or self.restated != "" if sweep is None else sweep
        if wanted and last.status == "complete" and last.kind == "incremental" and self.source.identifiers is not None:
            outcomes.append(await self._visited(self._begin_sweep, self._sweep))
        if self.moved:  # its records are collected anew, beside those there are
            outcomes.append(await self._visited(lambda: self._begin(full=True), self._list))
        return outcomes

    def _due(self) -> Due:
        if not self.source.incremental:
            return "nothing"  # each visit lists all there is, or all files that are new
        address = self.source.source_of(self.library)
        return due(self.store, self.library, address, self.store.traits(self.library.code, address))

    async def _visited(
        self, begin: Callable[[], tuple[Run, Visit]], follow: Callable[[Run, Visit], AsyncIterator[RunOutcome]]
    ) -> RunOutcome:
        """A run from its beginning to its outcome, whatever comes between."""
        code = self.library.code
        try:
            run, visit = await self.writer(begin)
        except LeaseTaken as exc:
            now = self.store.now()
            return self._told(RunOutcome(code, "incremental", "failed", now, 0.0, error=str(exc), cause=exc.cause))
        outcome = RunOutcome(code, run.kind, "failed", run.started_at, 0.0)
        progressed = False
        try:
            self._report("begun", outcome, visit.checkpoint.expected if visit.checkpoint else None)
            async with renewed(partial(self.writer, self.store.keep, run)):
                async for so_far in follow(run, visit):
                    outcome, progressed = so_far, True
            return outcome
        except RunTakenOver as exc:
            return self._told(replace(outcome, status="failed", error=str(exc), cause=exc.cause))
        except HarvestFailed as exc:
            # A page that cannot be had twice running may be the token's fault: then the next run begins anew.
            keep = exc.resumable and (progressed or not isinstance(exc, AnswerRefused))
            return self._told(await self._failed(run, outcome, exc, keep_checkpoint=keep))
        except BaseException as exc:  # stopped, or something nobody foresaw: whoever goes on need not wait
            with suppress(StoreUnusable):
                self.store.let_go(run, between_pages=isinstance(exc, HarvestStopped))
            raise

    async def _failed(
        self, run: Run, outcome: RunOutcome, failure: HarvestFailed, *, keep_checkpoint: bool
    ) -> RunOutcome:
        why, limit = str(failure), await asyncio.to_thread(self._limit)
        finish = partial(self.store.finish_run, error=why, failure=failure, limit=limit)
        try:
            return await self.writer(finish, run, "failed", keep_checkpoint=keep_checkpoint)
        except RunTakenOver:
            return replace(outcome, status="failed", error=why, cause=failure.cause)

    # A list of records

    def _begin(self, *, full: bool) -> tuple[Run, Visit]:
        """The run, new or gone on with, and what the protocol is told of it."""
        store, code = self.store, self.library.code
        address = self.source.source_of(self.library)
        with store.writing() as connection:
            lease.look(connection, code, store.now())
            of = epoch.enter(connection, code, address, store.now())
        checkpoint: Checkpoint | None = None
        resumed = store.resume_run(code, address, full=full, of=of) if self.source.resumes else None
        if resumed is not None:
            run, checkpoint = resumed
        else:
            since = "" if full or of.collecting else store.watermark(code, address)
            kind: RunKind = "incremental" if since and self.source.incremental else "full"
            run = store.begin_run(code, kind, address, since, of)
        return run, self._visit(run, checkpoint)

    def _visit(self, run: Run, checkpoint: Checkpoint | None) -> Visit:
        return Visit(
            library=self.library,
            http=self.http,
            started_at=run.started_at,
            since=run.since,
            checkpoint=checkpoint,
            known=self._live(),
            traits=self.store.traits(run.library, run.source),
            files=self.store.file_ledger(run.library),
            requesting=partial(self.writer, self.store.note_request, run),
            unseen=partial(self._unseen, run),
            retry=to_ask_again(self.store, run.library),
        )

    async def _unseen(self, run: Run, names: Sequence[str]) -> list[str]:
        return await asyncio.to_thread(unseen, self.store, run, names)

    async def _list(self, run: Run, visit: Visit) -> AsyncIterator[RunOutcome]:
        async with aclosing(self.source.pages(visit)) as pages:
            async for page in pages:
                if renamed := _renamed(run, visit, page.learnt):
                    self.moved = True
                    yield self._told(await self._finish(run, "unverified", renamed, absent="moved"))
                    return
                self.restated = self.restated or restated(visit.traits, page.learnt)
                outcome = await self.writer(self._commit, run, page)
                self._report("harvesting", outcome, page.expected)
                yield outcome
                if doubtful := await asyncio.to_thread(self._looks_moved, run, outcome):
                    self.moved = True
                    yield self._told(await self._finish(run, "unverified", doubtful, absent="moved"))
                    return
                if page.end is not None:
                    said = "; ".join(filter(None, (page.end.said, mended(outcome.repairs))))
                    yield self._told(await self._ended(run, visit, replace(page.end, said=said)), page.expected)
                    return
                self._stop_if_asked(can_go_on=self.source.resumes)
        raise ProtocolFailed("the list stopped without an end")

    def _looks_moved(self, run: Run, outcome: RunOutcome) -> str:
        """Why what has come so far looks like the same records under other names, or others under theirs; else "".

        Only of sources that list all there is at any time, and not while that is collected already. New records of a
        full list are judged at its end, when it is known what it lacks.
        """
        arrived = outcome.new if run.kind == "incremental" else 0
        judged = run.shelf == run.library and self.source.identifiers is not None
        if not judged or max(arrived, outcome.reused) <= ARRIVED_RECORDS:
            return ""
        with self.store.reading() as connection:
            came = removal.arrived(connection, run)
            former = removal.live(connection, run.library) - came
        return judge_changes(came if arrived else 0, outcome.reused, former)

    def _commit(self, run: Run, page: Page) -> RunOutcome:
        return self.store.commit_page(
            run,
            page.records,
            page.checkpoint,
            refused=page.refused,
            repairs=page.repairs,
            learnt=page.learnt,
            files=page.files,
        )

    async def _ended(self, run: Run, visit: Visit, end: End) -> RunOutcome:
        """What the end of a list comes to, absent records included."""
        states_all = run.kind != "incremental" and not end.nothing_new and not end.changes_only
        if not end.proven:
            return await self._finish(run, "unverified", end.reason)
        if run.shelf != run.library:
            return await self._collected(run, end, states_all=states_all)
        if run.kind == "incremental" and (lost := await self.writer(self.store.never_came, run)):
            doubt = f"{lost:,} records that a sweep listed never came; everything is asked for again next time"
            return await self._finish(run, "unverified", doubt, watermark="")
        if not states_all:
            same = end.nothing_new and not end.changes_only
            absent: AbsentRecords = "unchanged" if same else "stay"
            kind: RunKind | None = "incremental" if end.changes_only else None
            if run.kind != "incremental" and not await asyncio.to_thread(self._is_stated, run):
                # What was read of it is known all the same: it need not be read again.
                mark = end.watermark if end.changes_only else None
                return await self._finish(run, "unverified", NO_STATEMENT, watermark=mark, kind=kind)
            return await self._finish(run, "complete", watermark=end.watermark, absent=absent, said=end.said, kind=kind)
        judged = await self.writer(self._judged, run, end.nameless)
        match judged.what:
            case "nothing" | "go":
                return await self._finish(run, "complete", watermark=end.watermark, absent="go", said=end.said)
            case "go when absent twice":
                absent = "go when absent twice"
                return await self._finish(run, "complete", watermark=end.watermark, absent=absent, said=end.said)
            case "ask":
                there = await self._ask(run, visit)
                if there:
                    doubt = f"the list lacks {there:,} records that the source still has: it is not whole"
                    return await self._finish(run, "unverified", doubt, absent="go when absent twice")
                return await self._finish(run, "complete", watermark=end.watermark, absent="go when absent twice")
            case "moved":
                self.moved = True
                return await self._finish(run, "unverified", judged.reason, absent="moved")
            case "held":
                return await self._finish(run, "unverified", judged.reason, watermark=end.watermark, absent="held")
            case "doubt":
                return await self._finish(run, "unverified", judged.reason)

    async def _collected(self, run: Run, end: End, *, states_all: bool) -> RunOutcome:
        """What a proven list of an epoch comes to: the records before it go, or a person is asked."""
        if not states_all:
            return await self._finish(run, "unverified", "a new way of naming records has to begin with all of them")
        await asyncio.to_thread(epoch.number_all, self.store, run)
        lost, former, new = await self.writer(epoch.compare, self.store, run)
        limit = self.library.harvest.most_removed(former)
        if new and lost <= limit and lost < former:
            return await self._finish(run, "complete", watermark=end.watermark, absent="go", said=end.said)
        reason = f"the new list has {new:,} records and none for {lost:,} of the {former:,} there were"
        return await self._finish(run, "unverified", reason, watermark=end.watermark, absent="held")

    def _is_stated(self, run: Run) -> bool:
        """Whether this source ever stated all there is, so that what it adds to that can be proven."""
        return "full" in self.store.last_complete(run.library, run.source) and self._live() > 0

    def _judged(self, run: Run, nameless: int) -> Judgement:
        found = self.store.absence(run)
        limit = self.library.harvest.most_removed(found.former)
        copies_limit = self.library.harvest.most_removed(found.former_copies)
        can_ask = self.source.one is not None
        return judge(found, limit, copies_limit=copies_limit, nameless=nameless, can_ask=can_ask)

    async def _ask(self, run: Run, visit: Visit) -> int:
        """Asks for absent records one by one, deletes those that are gone; how many are still there."""
        one = self.source.one
        assert one is not None  # it was judged so
        gone, there = [], []
        for identifier in await self.writer(self.store.absent, run, CONFIRMED_AT_MOST):
            try:
                presence = await one(visit, await self.writer(self._called_there, identifier))
            except SourceUnreachable:
                break  # the others wait for the next list
            if presence == "gone":
                gone.append(identifier)
            elif presence == "present":
                there.append(identifier)
        await self.writer(self.store.confirm, run, gone, there)
        return len(there)

    def _called_there(self, name: str) -> str:
        with self.store.reading() as connection:
            return names.there(connection, self.library.code, name)

    async def _finish(
        self,
        run: Run,
        status: RunStatus,
        error: str = "",
        *,
        watermark: str | None = None,
        absent: AbsentRecords = "stay",
        said: str = "",
        kind: RunKind | None = None,
    ) -> RunOutcome:
        # What a sweep lists says nothing of changes, so it moves no watermark.
        mark = None if run.kind == "sweep" else watermark
        limit = await asyncio.to_thread(self._limit)
        finish = partial(self.store.finish_run, watermark=mark, absent=absent, limit=limit, said=said, kind=kind)
        return await self.writer(finish, run, status, error=error)

    def _limit(self) -> int:
        return self.library.harvest.most_removed(self._live())

    def _live(self) -> int:
        with self.store.reading() as connection:
            return removal.live(connection, self.library.code)

    # A list of identifiers

    def _begin_sweep(self) -> tuple[Run, Visit]:
        address, now = self.source.source_of(self.library), self.store.now()
        with self.store.writing() as connection:
            lease.look(connection, self.library.code, now)
            of = epoch.enter(connection, self.library.code, address, now)
        run = self.store.begin_run(self.library.code, "sweep", address, of=of)
        return run, self._visit(run, None)

    async def _sweep(self, run: Run, visit: Visit) -> AsyncIterator[RunOutcome]:
        assert self.source.identifiers is not None  # the caller looked
        repaired = False
        async with aclosing(self.source.identifiers(visit)) as pages:
            async for page in pages:
                outcome = await self.writer(self._commit_identifiers, run, page)
                repaired = repaired or page.repaired
                self._report("harvesting", outcome, page.expected)
                yield outcome
                if page.end is not None:
                    end = page.end
                    if repaired and end.proven:
                        end = replace(end, proven=False, reason="a page of identifiers had to be mended")
                    yield self._told(await self._ended(run, visit, end), page.expected)
                    return
                self._stop_if_asked(can_go_on=False)
        raise ProtocolFailed("the list stopped without an end")

    def _commit_identifiers(self, run: Run, page: IdentifierPage) -> RunOutcome:
        return self.store.commit_identifiers(run, page.live, page.deleted, learnt=page.learnt)

    # Telling, and being told

    def _stop_if_asked(self, *, can_go_on: bool) -> None:
        if self.stopping(can_go_on):
            raise HarvestStopped(f"{self.library.code}: stopped between two pages")

    def _told(self, outcome: RunOutcome, expected: int | None = None) -> RunOutcome:
        self._report(outcome.status, outcome, expected)
        return outcome

    def _report(self, phase: Phase, outcome: RunOutcome, expected: int | None) -> None:
        if self.progress is not None:
            self.progress(Progress(outcome.library, outcome.seen, expected, phase))


def _renamed(run: Run, visit: Visit, learnt: Mapping[str, Trait]) -> str:
    return renamed(visit.traits, learnt) if run.shelf == run.library and visit.known else ""
