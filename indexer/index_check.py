"""Whether an engine's index is what the catalogue made of it; and going back to the one that a rebuild replaced."""

from __future__ import annotations

import asyncio

from indexer import catalogue_rows as rows
from indexer import index_before
from indexer.catalogue import Catalogue
from indexer.engine import EngineEmpty, EngineIncompatible, EngineUnavailable, SearchEngine


async def trouble(catalogue: Catalogue, engine: SearchEngine) -> str:
    """What is wrong with an engine's index and what to do, for whoever runs it; "" when nothing is.

    An embedded index is read through when this process has not opened it yet.
    """
    try:
        return _trouble(catalogue, engine, await engine.count())
    except (EngineUnavailable, EngineIncompatible) as exc:
        return str(exc)


async def is_kept_up(catalogue: Catalogue, engine: SearchEngine) -> bool:
    """Whether an engine was given all changes until those that are pending, and holds as many editions as it should.

    Raises: EngineUnavailable, EngineIncompatible when it cannot say.
    """
    held = await engine.count()
    return _is_known(catalogue, engine) and not _trouble(catalogue, engine, held)


async def can_be_kept(catalogue: Catalogue, engine: SearchEngine) -> bool:
    """Whether an index that is about to be replaced may be gone back to. One that cannot be asked may: it may be of
    another version, or on nodes that are down, and whoever goes back to it is told."""
    try:
        return await is_kept_up(catalogue, engine)
    except (EngineUnavailable, EngineIncompatible):
        return _is_known(catalogue, engine)


def _is_known(catalogue: Catalogue, engine: SearchEngine) -> bool:
    with catalogue.engine.connect() as connection:
        return rows.state(connection, "engine") == engine.name


def _trouble(catalogue: Catalogue, engine: SearchEngine, held: int) -> str:
    with catalogue.engine.connect() as connection:
        expected, waiting = rows.live_edition_count(connection), rows.pending_count(connection)
    if expected and not _is_known(catalogue, engine):
        return f"{engine.name} was not given the catalogue yet; run `allshelves index`"
    if abs(held - expected) > waiting:
        return f"{engine.name} holds {held:,} of {expected:,} editions; run `allshelves index`, which fills it anew"
    return ""


async def refuse_empty(catalogue: Catalogue, engine: SearchEngine) -> None:
    """Raises: EngineUnavailable when an index has nothing at all and the catalogue has: that nothing is found there
    would not be true."""
    if await engine.count():
        return
    editions = (await asyncio.to_thread(catalogue.counts)).editions
    if editions:
        raise EngineEmpty(f"{engine.name} is empty, the catalogue has {editions:,} editions; run `allshelves index`")


async def back(catalogue: Catalogue, engine: SearchEngine) -> int:
    """Goes back to the index that the last rebuild replaced; how many editions the engine has to be given then.

    Raises: EngineUnavailable, EngineIncompatible; the index in use stays.
    """
    with catalogue.engine.connect() as connection:
        if not index_before.is_kept(connection, engine.name):
            raise EngineUnavailable(f"{engine.name} has no index to go back to: none was replaced that was kept up")
    with catalogue.writing() as connection:  # first: killed in between, the index in use is given some once more
        index_before.mark_lacking(connection)
    await engine.back()
    with catalogue.engine.connect() as connection:
        return rows.pending_count(connection)
