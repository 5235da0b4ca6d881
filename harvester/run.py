"""Harvest members side by side: each to its own outcome, none in the way of the others.

Full the first time, incremental after, full again and swept when that is due. A run that was killed goes on from its
checkpoint.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping

from harvester.errors import StoreUnusable
from harvester.http import PatientSession
from harvester.member import Member, Progress, ProgressCallback, Writer
from harvester.protocols import PROTOCOLS, Source
from harvester.store import RunOutcome, Store
from harvester.turns import Turns
from mappings.library import Library

__all__ = ["MEMBERS_AT_ONCE", "Progress", "ProgressCallback", "harvest"]

MEMBERS_AT_ONCE = 32


async def harvest(
    libraries: Iterable[Library],
    store: Store,
    *,
    full: bool = False,
    sweep: bool | None = None,
    progress: ProgressCallback | None = None,
    concurrency: int = MEMBERS_AT_ONCE,
    session: PatientSession | None = None,
    contact: str = "",
    turns: Turns | None = None,
    protocols: Mapping[str, Source] = PROTOCOLS,
) -> list[RunOutcome]:
    """Harvests members, at most ``concurrency`` at once; the outcomes of their runs, in the order of the members.

    A member that fails has its outcome say so. ``full`` lists everything even where there is a watermark; ``sweep``
    lists all identifiers afterwards, or does not, whatever is due. An entered ``session`` is used when given, else
    one of its own that gives ``contact`` as the address to write to and takes its ``turns`` at hosts.

    Raises: StoreUnusable when the store cannot be written; ExceptionGroup of what nobody foresaw, after all others
    have ended.
    """
    if session is None:
        async with PatientSession(contact=contact, turns=turns) as own:
            return await harvest(
                libraries,
                store,
                full=full,
                sweep=sweep,
                progress=progress,
                concurrency=concurrency,
                session=own,
                protocols=protocols,
            )
    places = asyncio.Semaphore(concurrency)
    writer = Writer(store)

    async def one(library: Library) -> list[RunOutcome]:
        async with places:
            source = protocols[library.harvest.protocol]
            return await Member(library, source, writer, session, progress).harvest(full=full, sweep=sweep)

    results = await asyncio.gather(*(one(library) for library in libraries), return_exceptions=True)
    failures = [result for result in results if isinstance(result, BaseException)]
    for failure in failures:
        if isinstance(failure, StoreUnusable):
            raise failure
    if failures:
        raise BaseExceptionGroup("harvesting met errors nobody foresaw", failures)
    return [outcome for result in results if not isinstance(result, BaseException) for outcome in result]
