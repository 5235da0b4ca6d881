"""The embedded engine: tantivy in this process, its index in a folder, nothing to install.

One process writes at a time; any number read, and see each commit with their next search. Searching happens in threads
(tantivy lets go of the interpreter), so the event loop never waits for it.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import count
from pathlib import Path
from typing import ParamSpec, TypeVar

from tantivy import Index, IndexWriter, Query, Schema, Searcher

from indexer.engine import (
    Document,
    EngineEmpty,
    EngineIncompatible,
    EngineUnavailable,
    SearchPage,
    SearchRequest,
    checksums,
)
from indexer.engine.answers import by_isbn
from indexer.engine.commits import Commits
from indexer.engine.generations import Generation, WriterLock, before, begin, current, sweep, switch
from indexer.engine.in_turn import in_turn, is_in_turn
from indexer.engine.mapping import index_mapping
from indexer.engine.plan import plan
from indexer.engine.tantivy_query import prepare, schema_of, tantivy_document, tantivy_errors
from indexer.engine.tantivy_search import all_with, page, totals
from indexer.record import Edition

P = ParamSpec("P")
T = TypeVar("T")

WRITER_MEMORY_BYTES = 64_000_000
REBUILD_MEMORY_BYTES = 256_000_000

NO_LOCK = "Failed to acquire Lockfile"
"""What tantivy says on a disk that is read-only: nothing is wrong with the index then."""


@dataclass(slots=True)
class _Opened:
    generation: Generation
    index: Index
    schema: Schema
    commits: Commits
    read: int = 0  # the commit that the index was last told to read

    def searcher(self) -> Searcher:
        """The index as of its last commit, of which it is only told when there is one: it reads all its files anew."""
        commit = self.commits.number()
        if self.read != commit:
            self.index.reload()
            self.read = commit
        return self.index.searcher()


class EmbeddedEngine:
    """A `SearchEngine` over a folder; see the protocol for what each method promises."""

    def __init__(self, folder: Path) -> None:
        self._home = folder
        self._mapping = index_mapping()
        self._lock = WriterLock(folder)
        self._writer: IndexWriter | None = None
        self._opened: _Opened | None = None
        self._numbers = count(1)
        self._opening = threading.Lock()
        self._turn = threading.Lock()  # a cancelled call leaves its thread writing: the next one waits for it
        self._writing = asyncio.Lock()
        self._pool = ThreadPoolExecutor(max_workers=os.cpu_count() or 2, thread_name_prefix="search")

    @property
    def name(self) -> str:
        return f"embedded {self._home.resolve()}"

    async def write(self, documents: Sequence[Document], deleted: Sequence[str] = ()) -> None:
        self._mapping.check(documents)
        async with self._writing:
            await self._threaded(self._write, documents, deleted)

    async def rebuild(self, batches: AsyncIterator[Sequence[Document]]) -> int:
        async with self._writing:
            opened, writer = await self._threaded(self._begin_rebuild)
            count = 0
            try:
                async for batch in batches:
                    self._mapping.check(batch)
                    await self._threaded(_add, writer, opened.schema, batch)
                    count += len(batch)
                await self._threaded(self._finish_rebuild, opened, writer, count)
            finally:
                self._discard_unused(opened.generation)
                self._lock.release()
            return count

    async def back(self) -> None:
        async with self._writing:
            await self._threaded(self._back)

    async def state(self) -> str:
        if self._opened is not None and self._opened.generation == current(self._home):
            return self._state()  # a small file: no thread is worth waking
        return await self._threaded(self._state)

    def _state(self) -> str:
        return self._reading(lambda opened: f"{opened.generation.folder.name} {opened.commits.number()}")

    async def search(self, request: SearchRequest) -> SearchPage:
        if is_in_turn(request):
            return await in_turn(self.search, request)
        return await self._threaded(self._search, request)

    async def totals(self, requests: Sequence[SearchRequest]) -> tuple[int, ...]:
        return await self._threaded(self._totals, requests)

    async def editions(self, ids: Sequence[str]) -> dict[str, Edition]:
        found = await self._threaded(self._all_with, "id", ids)
        by_id = {edition.id: edition for edition in found}
        return {one: by_id[one] for one in dict.fromkeys(ids) if one in by_id}

    async def with_isbns(self, isbns: Sequence[str]) -> dict[str, tuple[Edition, ...]]:
        return by_isbn(await self._threaded(self._all_with, "isbn", isbns), isbns)

    async def count(self) -> int:
        return await self._threaded(self._count)

    async def close(self) -> None:
        async with self._writing:
            await asyncio.to_thread(self._stop_writing)
        self._pool.shutdown(wait=True)
        self._opened = None

    async def _threaded(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._pool, partial(function, *args, **kwargs))

    # --- opening

    def _open(self, generation: Generation | None) -> _Opened:
        """A generation, the current one, read through and opened once, and again when a rebuild has replaced it.

        Raises: EngineUnavailable when there is none, EngineIncompatible when it cannot be used.
        """
        if generation is None:
            raise EngineEmpty(f"there is no index in {self._home} yet; run `allshelves index`")
        with self._opening:
            if self._opened is None or self._opened.generation != generation:
                self._opened = self._opened_anew(generation)
            return self._opened

    def _opened_anew(self, generation: Generation) -> _Opened:
        self._check_version(generation)
        try:
            checksums.check(generation.folder)
            with tantivy_errors("opening"):
                index = prepare(Index.open(str(generation.folder)))
        except (checksums.Damaged, OSError, EngineUnavailable) as exc:
            if NO_LOCK in str(exc):
                raise EngineUnavailable(
                    f"the index folder {generation.folder} cannot be written, as readers have to as well: {exc}"
                ) from exc
            raise EngineIncompatible(
                f"the index in {generation.folder} cannot be read ({exc}); run `allshelves rebuild`"
            ) from exc
        return _Opened(generation, index, index.schema, Commits(generation.folder, self._numbers))

    def _check_version(self, generation: Generation) -> None:
        if generation.version != self._mapping.version:
            raise EngineIncompatible(
                f"the index in {generation.folder} has version {generation.version}, this product writes and reads "
                f"version {self._mapping.version}; run `allshelves rebuild`"
            )

    def _reading(self, read: Callable[[_Opened], T]) -> T:
        """What is read of the index in use, as of its last commit."""
        while True:
            known = current(self._home)
            try:
                opened = self._open(known)
                with tantivy_errors("reading"):
                    return read(opened)
            except (EngineUnavailable, EngineIncompatible):
                if current(self._home) == known:  # else a rebuild has just replaced and removed it: look again
                    raise

    def _snapshot(self) -> tuple[Searcher, Schema]:
        """Hits, facets and stored editions of one request come from one state."""
        return self._reading(lambda opened: (opened.searcher(), opened.schema))

    # --- writing

    def _write(self, documents: Sequence[Document], deleted: Sequence[str]) -> None:
        with self._turn:
            writer, opened, is_new = self._open_writer()
            try:
                with tantivy_errors("writing"):
                    for gone in deleted:
                        writer.delete_documents_by_term("id", gone)
                    for document in documents:
                        writer.delete_documents_by_term("id", document["id"])
                        writer.add_document(tantivy_document(document, opened.schema))
                    writer.commit()
                if is_new:  # not before: nobody is to find an empty index
                    switch(self._home, opened.generation, None)
            except BaseException:
                self._stop_writing()
                raise

    def _open_writer(self) -> tuple[IndexWriter, _Opened, bool]:
        """The writer, what it writes, and whether that is yet to be put in use."""
        is_held = self._lock.held
        self._lock.take()
        try:
            generation = current(self._home)
            if generation is None:
                opened, self._writer = self._create(WRITER_MEMORY_BYTES, threads=1)
                return self._writer, opened, True
            if not is_held:
                sweep(self._home, generation, before(self._home))
            opened = self._open(generation)
            if self._writer is None:
                with tantivy_errors("opening for writing"):
                    self._writer = opened.index.writer(WRITER_MEMORY_BYTES, 1)
            return self._writer, opened, False
        except BaseException:
            self._stop_writing()
            raise

    def _create(self, memory_bytes: int, threads: int) -> tuple[_Opened, IndexWriter]:
        generation = begin(self._home, self._mapping.version)
        with tantivy_errors("making a new index"):
            schema = schema_of(self._mapping)
            index = prepare(Index(schema, str(generation.folder), reuse=False))
            return _Opened(generation, index, schema, Commits(generation.folder, self._numbers)), index.writer(
                memory_bytes, threads
            )

    def _stop_writing(self) -> None:
        """Lets the writer go; what was not committed is forgotten."""
        self._writer = None
        self._lock.release()

    def _begin_rebuild(self) -> tuple[_Opened, IndexWriter]:
        self._writer = None
        self._lock.take()
        try:
            sweep(self._home, self._readable())
            return self._create(REBUILD_MEMORY_BYTES, threads=min(os.cpu_count() or 1, 4))
        except BaseException:
            self._lock.release()
            raise

    def _readable(self) -> Generation | None:
        try:
            return current(self._home)
        except EngineIncompatible:
            return None

    def _finish_rebuild(self, opened: _Opened, writer: IndexWriter, count: int) -> None:
        with tantivy_errors("committing the new index"):
            writer.commit()
            opened.index.reload()
            held = opened.index.searcher().num_docs
        if held != count:
            raise EngineUnavailable(f"the new index in {opened.generation.folder} holds {held} of {count} editions")
        switch(self._home, opened.generation, self._readable())
        with tantivy_errors("merging the new index"):
            writer.wait_merging_threads()

    def _back(self) -> None:
        with self._turn:
            self._stop_writing()
            self._lock.take()
            try:
                older = before(self._home)
                if older is None:
                    raise EngineUnavailable(f"there is no index in {self._home} that a rebuild replaced")
                self._opened_anew(older)
                switch(self._home, older, self._readable())
            finally:
                self._lock.release()

    def _discard_unused(self, generation: Generation) -> None:
        """Removes a generation that was not put in use; the one before it stays for readers that still have it open."""
        if self._readable() != generation:
            shutil.rmtree(generation.folder, ignore_errors=True)

    # --- reading

    def _count(self) -> int:
        return self._snapshot()[0].num_docs if current(self._home) else 0

    def _all_with(self, field: str, values: Sequence[str]) -> list[Edition]:
        if not values:
            return []
        searcher, schema = self._snapshot()
        return all_with(searcher, schema, field, values)

    def _totals(self, requests: Sequence[SearchRequest]) -> tuple[int, ...]:
        searcher, schema = self._snapshot()
        return totals(searcher, schema, map(plan, requests))

    def _search(self, request: SearchRequest) -> SearchPage:
        planned = plan(request)
        searcher, schema = self._snapshot()
        return page(searcher, schema, self._parsed, planned, request)

    def _parsed(self, text: str) -> Query:
        return self._open(current(self._home)).index.parse_query(text)


def _add(writer: IndexWriter, schema: Schema, batch: Sequence[Document]) -> None:
    with tantivy_errors("filling a new index"):
        for document in batch:
            writer.add_document(tantivy_document(document, schema))
