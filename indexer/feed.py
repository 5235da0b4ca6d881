"""The catalogue's editions → the engine: what is pending, or all of them into a new index.

An edition stays pending until the engine has accepted it, so that whatever is interrupted is done again.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Mapping

from harvester.store import Store
from indexer import catalogue_rows as rows
from indexer import works
from indexer.catalogue import Catalogue
from indexer.crew import Crew, Tools
from indexer.document import document
from indexer.engine import Document, SearchEngine
from mappings.library import Library

EDITIONS_AT_ONCE = 2_000
"""Documents made and written together: few enough for memory, many enough for one commit each."""

LONG_FILL = 5_000
"""Editions from which other processes are worth their start of about a second."""

Done = Callable[[int, int], None]
"""Told how many editions are done, and of how many."""


async def keep_up(
    catalogue: Catalogue,
    engine: SearchEngine,
    libraries: Mapping[str, Library],
    done: Done,
    crew: Crew | None = None,
) -> tuple[int, int]:
    """Gives the engine what it lacks; how many editions were written and how many removed.

    That is what is pending, if this engine was kept up to date until now. Another engine, or one that holds more or
    fewer editions than it was given, is filled anew: it may hold what has left since, or what is not ours.

    Raises: EngineUnavailable; what it did not accept stays pending.
    """
    with catalogue.engine.connect() as connection:
        known = rows.state(connection, "engine") == engine.name
    written = removed = 0
    if known:
        written, removed = await give(catalogue, engine, libraries, done)
    with catalogue.engine.connect() as connection:
        expected = rows.live_edition_count(connection)
    if not known or await engine.count() != expected:
        crew = crew or Crew(Tools(Store(catalogue.engine), libraries), 0)
        written = await refill(catalogue, engine, crew, done)
    return written, removed


async def give(
    catalogue: Catalogue, engine: SearchEngine, libraries: Mapping[str, Library], done: Done
) -> tuple[int, int]:
    """Gives the engine all pending editions; how many were written and how many removed.

    Raises: EngineUnavailable; what it did not accept stays pending.
    """
    written = removed = 0
    await asyncio.to_thread(_follow_works, catalogue)
    with catalogue.engine.connect() as connection:
        total = rows.pending_count(connection)
    while True:
        stamps, documents = await asyncio.to_thread(_pending, catalogue, libraries)
        if not stamps:
            return written, removed
        present = {str(one["id"]) for one in documents}
        await engine.write(documents, [edition for edition in stamps if edition not in present])
        with catalogue.writing() as connection:
            rows.clear_pending(connection, stamps)
        written += len(documents)
        removed += len(stamps) - len(documents)
        done(written + removed, total)


async def refill(catalogue: Catalogue, engine: SearchEngine, crew: Crew, done: Done) -> int:
    """Fills a new index with all editions and switches to it; how many there are.

    Raises: EngineUnavailable; then the old index stays.
    """
    await asyncio.to_thread(_follow_works, catalogue)
    with catalogue.engine.connect() as connection:
        stamp = int(rows.state(connection, "stamp") or 0)
        total = rows.live_edition_count(connection)
    if total < LONG_FILL:
        crew = crew.alone()

    async def batches() -> AsyncIterator[list[Document]]:
        count = 0
        coming = crew.map(_made, _live(catalogue))
        try:
            while (documents := await asyncio.to_thread(next, coming, None)) is not None:
                count += len(documents)
                yield documents
                done(count, total)
        finally:
            await asyncio.to_thread(coming.close)

    filled = await engine.rebuild(batches())
    with catalogue.writing() as connection:
        rows.clear_pending_until(connection, stamp)
        rows.set_state(connection, "engine", engine.name)
    return filled


def _documents(catalogue: Catalogue, libraries: Mapping[str, Library], ids: list[str]) -> list[Document]:
    editions = catalogue.editions(ids)
    return [document(editions[one], libraries) for one in ids if one in editions]


def _follow_works(catalogue: Catalogue) -> None:
    with catalogue.writing() as connection:
        works.follow_editions(connection)


def _pending(catalogue: Catalogue, libraries: Mapping[str, Library]) -> tuple[dict[str, int], list[Document]]:
    _follow_works(catalogue)  # what changed meanwhile is not to be given with the work it was of
    with catalogue.engine.connect() as connection:
        stamps = rows.pending(connection, EDITIONS_AT_ONCE)
    return stamps, _documents(catalogue, libraries, list(stamps))


def _live(catalogue: Catalogue) -> Iterator[list[str]]:
    """The ids of all editions, rising."""
    last = ""
    while True:
        with catalogue.engine.connect() as connection:
            ids = rows.live_editions(connection, last, EDITIONS_AT_ONCE)
        if not ids:
            return
        last = ids[-1]
        yield ids


def _made(tools: Tools, ids: list[str]) -> list[Document]:
    """The documents of editions, in whichever process."""
    return _documents(Catalogue(tools.store.engine, made=True), tools.libraries, ids)
