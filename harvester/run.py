"""Harvest members side by side: each to its own outcome, none in the way of the others.

Full the first time, incremental after. A run that was killed goes on from its checkpoint. What a complete full list
no longer has is deleted, unless that is more than a mistake of the source could explain.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from contextlib import aclosing, suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import Literal, ParamSpec, TypeVar

from harvester.errors import AnswerRefused, HarvestFailed, LeaseTaken, ProtocolFailed, RunTakenOver, StoreUnusable
from harvester.http import PatientSession
from harvester.lease import renewed
from harvester.page import End, Visit
from harvester.protocols import PROTOCOLS, Source
from harvester.store import Checkpoint, Run, RunKind, RunOutcome, RunStatus, Store
from mappings.library import Library

MAX_VANISHED = 50  # records a full list may lack and still be believed, or …
MAX_VANISHED_SHARE = 0.10  # … this share of the live ones, whichever is more
MEMBERS_AT_ONCE = 32

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


async def harvest(
    libraries: Iterable[Library],
    store: Store,
    *,
    full: bool = False,
    progress: ProgressCallback | None = None,
    concurrency: int = MEMBERS_AT_ONCE,
    session: PatientSession | None = None,
) -> list[RunOutcome]:
    """Harvests members, at most ``concurrency`` at once; their outcomes in the order given.

    A member that fails has its outcome say so. ``full`` lists everything even where there is a watermark. An entered
    ``session`` is used when given, else one of its own.

    Raises: StoreUnusable when the store cannot be written; ExceptionGroup of what nobody foresaw, after all others
    have ended.
    """
    if session is None:
        async with PatientSession() as own:
            return await harvest(libraries, store, full=full, progress=progress, concurrency=concurrency, session=own)
    places = asyncio.Semaphore(concurrency)
    writer = _Writer(store)

    async def one(library: Library) -> RunOutcome:
        async with places:
            source = PROTOCOLS[library.harvest.protocol]
            return await _Member(library, source, writer, session, progress).harvest(full=full)

    results = await asyncio.gather(*(one(library) for library in libraries), return_exceptions=True)
    failures = [result for result in results if isinstance(result, BaseException)]
    for failure in failures:
        if isinstance(failure, StoreUnusable):
            raise failure
    if failures:
        raise BaseExceptionGroup("harvesting met errors nobody foresaw", failures)
    return [result for result in results if isinstance(result, RunOutcome)]


class _Writer:
    """The store behind one lock: a slow disk holds up the member that writes, not the event loop."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._turn = asyncio.Lock()

    async def __call__(self, write: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        async with self._turn:
            return await asyncio.to_thread(write, *args, **kwargs)


@dataclass(slots=True)
class _Member:
    """One member's run."""

    library: Library
    source: Source
    writer: _Writer
    http: PatientSession
    progress: ProgressCallback | None

    async def harvest(self, *, full: bool) -> RunOutcome:
        store = self.writer.store
        try:
            run, visit = await self.writer(self._begin, full)
        except LeaseTaken as exc:
            outcome = RunOutcome(self.library.code, "incremental", "failed", store.now(), 0.0, error=str(exc))
            self._report("failed", outcome, None)
            return outcome
        outcome = RunOutcome(run.library, run.kind, "failed", run.started_at, 0.0)
        progressed = False
        try:
            self._report("begun", outcome, visit.checkpoint.expected if visit.checkpoint else None)
            async with renewed(partial(self.writer, store.keep, run)), aclosing(self.source.pages(visit)) as pages:
                async for page in pages:
                    outcome = await self.writer(
                        store.commit_page,
                        run,
                        page.records,
                        page.checkpoint,
                        refused=page.refused,
                        repairs=page.repairs,
                        learnt=page.learnt,
                        files=page.files,
                    )
                    progressed = True
                    self._report("harvesting", outcome, page.expected)
                    if page.end is not None:
                        outcome = await self.writer(self._finish, run, page.end)
                        self._report(outcome.status, outcome, page.expected)
                        return outcome
            raise ProtocolFailed("the list stopped without an end")
        except RunTakenOver as exc:
            outcome = replace(outcome, status="failed", error=str(exc))
        except HarvestFailed as exc:
            # A page that cannot be had twice running may be the token's fault: then the next run begins anew.
            keep = exc.resumable and (progressed or not isinstance(exc, AnswerRefused))
            outcome = await self.writer(store.finish_run, run, "failed", error=str(exc), keep_checkpoint=keep)
        except BaseException:  # stopped, or something nobody foresaw: whoever goes on need not wait
            with suppress(StoreUnusable):
                store.let_go(run)
            raise
        self._report("failed", outcome, None)
        return outcome

    def _begin(self, full: bool) -> tuple[Run, Visit]:
        """The run, new or gone on with, and what the protocol is told of it."""
        store, code = self.writer.store, self.library.code
        address = self.source.source_of(self.library)
        checkpoint: Checkpoint | None = None
        resumed = store.resume_run(code, address, full=full) if self.source.resumes else None
        if resumed is not None:
            run, checkpoint = resumed
        else:
            since = "" if full else store.watermark(code, address)
            kind: RunKind = "incremental" if since and self.source.incremental else "full"
            run = store.begin_run(code, kind, address, since)
        visit = Visit(
            library=self.library,
            http=self.http,
            started_at=run.started_at,
            since=run.since,
            checkpoint=checkpoint,
            known=store.library_state(code).records,
            traits=store.traits(code, address),
            files=store.file_ledger(code),
            requesting=partial(self.writer, store.note_request, run),
        )
        return run, visit

    def _finish(self, run: Run, end: End) -> RunOutcome:
        store = self.writer.store
        states_all = run.kind == "full" and not end.nothing_new and not end.changes_only
        doubt = end.reason if not end.proven else ""
        if states_all and not doubt:
            doubt = doubt_about_absence(*store.absent(run), end.nameless)
        status: RunStatus = "unverified" if doubt else "complete"
        mark = None if doubt else end.watermark
        return store.finish_run(run, status, error=doubt, watermark=mark, remove_absent=states_all and not doubt)

    def _report(self, phase: Phase, outcome: RunOutcome, expected: int | None) -> None:
        if self.progress is not None:
            self.progress(Progress(outcome.library, outcome.seen, expected, phase))


def doubt_about_absence(live: int, absent: int, nameless: int) -> str:
    """Why records that a complete list lacks must not be deleted; "" when they may be.

    ``nameless`` is how many listed records could not be told by name.
    """
    if absent == 0:
        return ""
    if absent == live:
        return f"the list is complete and has none of the {live:,} records; nothing was deleted"
    if absent > max(MAX_VANISHED, live * MAX_VANISHED_SHARE):
        return f"the list is complete and lacks {absent:,} of {live:,} records; nothing was deleted"
    if nameless:
        return f"{absent:,} records are absent and {nameless:,} unreadable ones have no name; nothing was deleted"
    return ""
