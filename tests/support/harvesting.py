"""Harvest into a store without sleeping, and look at what it holds."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import update

from harvester import tables
from harvester.marc_dump import pages
from harvester.page import Visit
from harvester.raw_record import Quarantined, RawRecord
from harvester.run import harvest
from harvester.store import RunOutcome, Store, utc_now
from mappings.library import Library
from tests.support.oai import OaiServer, dump_library, oai_library, sleepless


async def run(store: Store, *libraries: Library, full: bool = False, **options: object) -> list[RunOutcome]:
    async with sleepless() as session:
        outcomes = await harvest(libraries, store, full=full, session=session, **options)  # type: ignore[arg-type]
    for outcome in outcomes:
        counted = (
            outcome.new + outcome.changed + outcome.unchanged + outcome.deleted + outcome.unreadable + outcome.waiting
        )
        assert outcome.seen == counted, outcome
    return outcomes


async def run_one(store: Store, server: OaiServer, *, full: bool = False) -> RunOutcome:
    (outcome,) = await run(store, oai_library(server.url), full=full)
    return outcome


def contents(store: Store, library: str = "testlib") -> dict[str, tuple[bytes, bool]]:
    """What the store holds of a library: identifier → payload, deleted."""
    changes = store.changes(0, 100_000)
    return {s.raw.identifier: (s.raw.payload, s.raw.deleted) for s in changes if s.raw.library == library}


def live(store: Store, library: str = "testlib") -> list[str]:
    return sorted(name for name, (_, deleted) in contents(store, library).items() if not deleted)


def expire_lease(store: Store, library: str = "testlib") -> None:
    """Lets the time of a library's lease be over, as when its process was not heard of for long."""
    with store.writing() as connection:
        long_ago = datetime(2000, 1, 1, tzinfo=UTC)
        connection.execute(update(tables.lease).where(tables.lease.c.name == library).values(expires_at=long_ago))


async def dump_records(folder: Path, content: bytes) -> tuple[list[RawRecord], list[Quarantined]]:
    """What a file of these bytes gives: the records, and what of it cannot be read."""
    file = folder / "records.bin"
    file.write_bytes(content)
    async with sleepless() as http:
        visit = Visit(dump_library(str(file)), http, utc_now())
        found = [page async for page in pages(visit)]
    return [one for page in found for one in page.records], [one for page in found for one in page.refused]
