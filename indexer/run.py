"""Index what changed, or all of it: raw store → records → editions → engine.

Each batch of raw records is one transaction with the cursor that says how far reading came; each batch of editions
stays pending until the engine has it. So a run may be killed at any moment, and the next goes on.
"""

from __future__ import annotations

import asyncio
import gc
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from typing import Literal

from harvester.store import Quarantined, Store
from indexer import attached, authorities, codec, compare, feed, first_load, works
from indexer import catalogue_rows as rows
from indexer.catalogue import Catalogue
from indexer.crew import RARELY, Crew, Tools
from indexer.engine import SearchEngine
from indexer.first_load import FirstLoad
from indexer.index_check import can_be_kept
from indexer.matching import Matcher
from indexer.preparing import LONG_LOAD, Batch, batches
from indexer.strangers import welcome_back
from indexer.update import Applied, apply, match_all_again
from indexer.versions import without_worse
from mappings.library import Library

RECORDS_AT_ONCE = 2_000
"""Raw records in one transaction."""

PROCESSES = 2
"""Processes that a first load and a new index are shared out among."""


@dataclass(frozen=True, slots=True)
class IndexProgress:
    """How far a run is. ``total`` is an upper bound while records are read."""

    stage: Literal["records", "keys", "pairs", "editions"]
    done: int
    total: int


Progress = Callable[[IndexProgress], None]


@dataclass(frozen=True, slots=True)
class IndexOutcome:
    """What a run did. ``seen == read + unchanged + authorities + deleted + unreadable``."""

    seen: int = 0  # raw records that had changed
    read: int = 0  # whose record, or the copies it describes of another, are new or others now
    unchanged: int = 0  # whose record says what it said before
    authorities: int = 0  # authority records, whether or not they say what they said before
    deleted: int = 0
    unreadable: int = 0  # quarantined; an older good version stays. Those of libraries without a file are among them
    editions_written: int = 0  # given to the engine
    editions_removed: int = 0  # taken from the engine: their id moved, or all their records left
    editions_merged: int = 0  # gave up their id to another
    editions_split: int = 0  # founded by records that were part of another
    seconds: float = 0.0


async def index_changes(
    store: Store,
    catalogue: Catalogue,
    engine: SearchEngine,
    libraries: Mapping[str, Library],
    *,
    progress: Progress | None = None,
) -> IndexOutcome:
    """Reads what changed in the raw store since the last run and gives the engine the editions it touches.

    Raises: EngineUnavailable; the catalogue is up to date then, and the next run gives the engine what it lacks.
    """
    started = time.monotonic()
    tell = progress or _silent
    with _collecting_rarely(), Crew(Tools(store, libraries), PROCESSES) as crew:
        outcome = await _read_changes(store, catalogue, libraries, crew, tell)
        written, removed = await feed.keep_up(catalogue, engine, libraries, _editions(tell), crew)
    return replace(
        outcome, editions_written=written, editions_removed=removed, seconds=round(time.monotonic() - started, 3)
    )


def is_behind(store: Store) -> bool:
    """Whether there is something to index: raw records not read yet, or editions the engine was not given.

    The catalogue has to have been opened once. Raises: StoreUnusable.
    """
    last = store.last_seq()
    with store.reading() as connection:
        read = int(rows.state(connection, "cursor") or 0)
        return last > read or rows.pending_count(connection) > 0 or bool(rows.state(connection, first_load.UNDER_WAY))


async def rebuild(
    store: Store,
    catalogue: Catalogue,
    engine: SearchEngine,
    libraries: Mapping[str, Library],
    *,
    reread: bool = False,
    progress: Progress | None = None,
) -> IndexOutcome:
    """Fills a new index with all editions and switches to it; with ``reread``, after reading every raw record again.

    Edition ids stay as they are. Raises: EngineUnavailable; the old index serves on.
    """
    started = time.monotonic()
    tell = progress or _silent
    if reread:
        with catalogue.writing() as connection:
            rows.set_state(connection, "cursor", "0")
    with _collecting_rarely(), Crew(Tools(store, libraries), PROCESSES) as crew:
        kept_up = await can_be_kept(catalogue, engine)
        outcome = await _read_changes(store, catalogue, libraries, crew, tell)
        written = await feed.refill(catalogue, engine, crew, _editions(tell), kept_up=kept_up)
    return replace(outcome, editions_written=written, seconds=round(time.monotonic() - started, 3))


async def _read_changes(
    store: Store, catalogue: Catalogue, libraries: Mapping[str, Library], crew: Crew, tell: Progress
) -> IndexOutcome:
    await asyncio.to_thread(welcome_back, store, libraries)
    matcher = Matcher()
    applied = await asyncio.to_thread(_follow_versions, catalogue, matcher)
    outcome = IndexOutcome(editions_merged=applied.merged, editions_split=applied.split)
    load = await asyncio.to_thread(FirstLoad.of, store, catalogue, crew, LONG_LOAD)
    if load is not None:
        outcome = _sum(outcome, await _load_first(load, tell))
    with catalogue.engine.connect() as connection:
        cursor = int(rows.state(connection, "cursor") or 0)
    total = store.last_seq() - cursor
    coming = batches(store, libraries, cursor, RECORDS_AT_ONCE)
    try:
        while (batch := await asyncio.to_thread(next, coming, None)) is not None:
            outcome = _sum(outcome, await asyncio.to_thread(_apply_batch, store, catalogue, matcher, batch))
            tell(IndexProgress("records", outcome.seen, max(total, outcome.seen)))
    finally:
        await asyncio.to_thread(coming.close)
    return outcome


async def _load_first(load: FirstLoad, tell: Progress) -> IndexOutcome:
    """Loads all there is into an empty catalogue."""
    outcome = IndexOutcome()
    reading = load.read()
    try:
        while (step := await asyncio.to_thread(next, reading, None)) is not None:
            here = IndexOutcome(step.seen, step.read, 0, step.authorities, step.deleted, step.unreadable)
            outcome = _sum(outcome, here)
            tell(IndexProgress("records", outcome.seen, load.waiting))
    finally:
        await asyncio.to_thread(reading.close)
    matching = load.match()
    try:
        while (so_far := await asyncio.to_thread(next, matching, None)) is not None:
            tell(IndexProgress(so_far.stage, so_far.done, so_far.total))
    finally:
        await asyncio.to_thread(matching.close)
    return outcome


def _apply_batch(store: Store, catalogue: Catalogue, matcher: Matcher, batch: Batch) -> IndexOutcome:
    """Writes a batch, with the cursor, in one transaction; what it did."""
    with catalogue.engine.connect() as connection:
        batch = without_worse(connection, batch)
    if batch.refused:
        now = datetime.now(UTC)
        store.quarantine_records(
            Quarantined(one.ref.library, one.ref.identifier, "read", one.field, one.reason, now)
            for one in batch.refused
        )
    good = [one.ref for one in batch.prepared] + [one.ref for one in batch.holdings]
    good += [one.ref for one in batch.authorities]
    store.clear_quarantine_many(good, stage="read")
    try:
        with catalogue.writing() as connection:
            applied = apply(connection, matcher, batch.prepared, batch.deleted, batch.holdings, names=batch.authorities)
            rows.set_state(connection, "cursor", str(batch.last_seq))
    except BaseException:
        matcher.forget()
        raise
    return IndexOutcome(
        seen=batch.size,
        read=applied.written,
        unchanged=applied.unchanged,
        authorities=len(batch.authorities),
        deleted=len(batch.deleted),
        unreadable=len(batch.refused),
        editions_merged=applied.merged,
        editions_split=applied.split,
    )


def _sum(one: IndexOutcome, other: IndexOutcome) -> IndexOutcome:
    return IndexOutcome(**{field.name: getattr(one, field.name) + getattr(other, field.name) for field in fields(one)})


def _follow_versions(catalogue: Catalogue, matcher: Matcher) -> Applied:
    """Brings a catalogue that an older program made to this one's codec and rules, in one transaction."""
    with catalogue.writing() as connection:
        applied = Applied()
        by_codec, by_model = rows.state(connection, "codec"), rows.state(connection, "model")
        if by_codec and by_codec != codec.VERSION.decode():
            rows.forget_records(connection, int(rows.state(connection, "stamp") or 0))
            attached.forget(connection)
            authorities.forget(connection)
            rows.set_state(connection, "cursor", "0")
            rows.set_state(connection, first_load.UNDER_WAY, "")
        elif by_model and by_model != compare.MODEL and not rows.state(connection, first_load.UNDER_WAY):
            applied = match_all_again(connection, matcher)
        if (by_codec, by_model) != (codec.VERSION.decode(), compare.MODEL):
            rows.set_state(connection, "codec", codec.VERSION.decode())
            rows.set_state(connection, "model", compare.MODEL)
        works.follow_rules(connection)
    return applied


@contextmanager
def _collecting_rarely() -> Iterator[None]:
    """Lets the garbage collector look at young objects only now and then."""
    before = gc.get_threshold()
    gc.set_threshold(*RARELY)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _silent(_: IndexProgress) -> None:
    """What is told when nobody listens."""


def _editions(tell: Progress) -> feed.Done:
    return lambda done, total: tell(IndexProgress("editions", done, total))
