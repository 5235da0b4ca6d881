"""The catalogue's editions → the engine: what is pending, or all of them into a new index.

An edition stays pending until the engine has accepted it, so that whatever is interrupted is done again.
"""

from __future__ import annotations

import asyncio
import marshal
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from typing import NamedTuple

from harvester.store import Store
from indexer import browse_rows, index_before, works
from indexer import catalogue_rows as rows
from indexer.browse import Line, entries
from indexer.catalogue import Catalogue
from indexer.crew import Crew, Tools
from indexer.document import document
from indexer.engine import Document, SearchEngine
from indexer.index_check import is_kept_up
from mappings.library import Library

EDITIONS_AT_ONCE = 2_000
"""Documents made and written together: few enough for memory, many enough for one commit each."""

LONG_FILL = 5_000
"""Editions from which other processes are worth their start of about a second."""


class Made(NamedTuple):
    """What is made of some editions: what the engine is given, and what stands in the lists, each once."""

    documents: list[Document]
    entries: set[Line]


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
    fewer editions than it was given, is filled anew: it may hold what has left since, or what is not ours. So it is
    where the lists were made by other rules.

    Raises: EngineUnavailable, EngineIncompatible; what it did not accept stays pending.
    """
    written = removed = 0
    is_whole, has_lists = await is_kept_up(catalogue, engine), _has_lists(catalogue)
    if is_whole and has_lists:
        written, removed = await give(catalogue, engine, libraries, done)
        is_whole = await is_kept_up(catalogue, engine)
    if not is_whole or not has_lists:
        crew = crew or Crew(Tools(Store(catalogue.engine), libraries), 0)
        written = await refill(catalogue, engine, crew, done, kept_up=is_whole)
    return written, removed


def _has_lists(catalogue: Catalogue) -> bool:
    with catalogue.engine.connect() as connection:
        return browse_rows.are_made(connection)


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
        stamps, made = await asyncio.to_thread(_pending, catalogue, libraries)
        if not stamps:
            return written, removed
        present = {str(one["id"]) for one in made.documents}
        await engine.write(made.documents, [edition for edition in stamps if edition not in present])
        with catalogue.writing() as connection:
            browse_rows.add(connection, made.entries)
            rows.clear_pending(connection, stamps)
            index_before.note_given(connection, stamps)
        written += len(made.documents)
        removed += len(stamps) - len(made.documents)
        done(written + removed, total)


async def refill(catalogue: Catalogue, engine: SearchEngine, crew: Crew, done: Done, *, kept_up: bool) -> int:
    """Fills a new index, and new lists, with all editions and switches to them; how many there are.

    ``kept_up``: the index it replaces holds what it was given, and can be gone back to.

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
        coming = crew.map(_made_there, _live(catalogue))
        try:
            while (found := await asyncio.to_thread(next, coming, None)) is not None:
                made, lines = found
                documents: list[Document] = marshal.loads(made)  # noqa: S302 - written by this very program
                count += len(documents)
                await asyncio.to_thread(_gather, catalogue, lines)
                yield documents
                done(count, total)
        finally:
            await asyncio.to_thread(coming.close)

    with catalogue.writing() as connection:
        browse_rows.begin(connection)
    filled = await engine.rebuild(batches())
    await asyncio.to_thread(_filled, catalogue, engine.name, stamp, kept_up)
    return filled


def _made(catalogue: Catalogue, libraries: Mapping[str, Library], ids: list[str]) -> Made:
    editions = catalogue.editions(ids)
    documents = [document(editions[one], libraries) for one in ids if one in editions]
    return Made(documents, set().union(*map(entries, editions.values())))


def _gather(catalogue: Catalogue, found: set[Line]) -> None:
    with catalogue.writing() as connection:
        browse_rows.gather(connection, found)


def _filled(catalogue: Catalogue, name: str, stamp: int, kept_up: bool) -> None:
    """Notes that an engine has everything as of a stamp, and puts the lists made with it in use."""
    with catalogue.writing() as connection:
        browse_rows.switch(connection)
        index_before.replace(connection, name, kept_up=kept_up)
        rows.clear_pending_until(connection, stamp)
        rows.set_state(connection, "engine", name)


def _follow_works(catalogue: Catalogue) -> None:
    with catalogue.writing() as connection:
        works.follow_editions(connection)


def _pending(catalogue: Catalogue, libraries: Mapping[str, Library]) -> tuple[dict[str, int], Made]:
    _follow_works(catalogue)  # what changed meanwhile is not to be given with the work it was of
    with catalogue.engine.connect() as connection:
        stamps = rows.pending(connection, EDITIONS_AT_ONCE)
    return stamps, _made(catalogue, libraries, list(stamps))


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


def _made_there(tools: Tools, ids: list[str]) -> tuple[bytes, set[Line]]:
    """What is made of editions, in whichever process; the documents as bytes that another of this program reads:
    pickled they would take three times as long."""
    made = _made(Catalogue(tools.store.engine, made=True), tools.libraries, ids)
    return marshal.dumps(made.documents), made.entries
