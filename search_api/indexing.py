"""The engine opened for writing, by one process at a time and no longer than that one needs it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from harvester import lease
from harvester.store import Store
from indexer.engine import SearchEngine
from indexer.engine.open import open_engine
from search_api.settings import Settings

INDEXING = "the index of editions"
"""What the lease of indexing is called; no library's code has spaces."""


@asynccontextmanager
async def indexing(settings: Settings, store: Store) -> AsyncIterator[SearchEngine]:
    """The engine, for whoever brings it up to date; others go on searching it.

    Raises: LeaseTaken when another process does, StoreUnusable.
    """
    async with lease.held(store, INDEXING):
        engine = open_engine(settings.engine, settings.index_folder, settings.layout)
        try:
            yield engine
        finally:
            await engine.close()
