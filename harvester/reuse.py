"""Identifiers that a source gives to quite another record: some systems do, and say nothing.

The record changes, as the source says; what it was before is kept for ninety days, and the run counts it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import zstandard
from sqlalchemy import Connection, delete, insert, select

from harvester import tables
from harvester.likeness import alike
from harvester.raw_record import RawRecord

if TYPE_CHECKING:
    from harvester.runs import Run
    from harvester.store import Store

KEPT_FOR = timedelta(days=90)
POSITION = "#"  # in the names of records that have no number: they move up when another leaves, and say nothing


@dataclass(frozen=True, slots=True)
class Former:
    """What a record was, before its identifier was given to another."""

    record: RawRecord
    run: int  # that brought the other
    replaced_at: datetime


def keep_former(connection: Connection, run: Run, changed: dict[int, RawRecord], now: datetime) -> int:
    """Keeps what these rows hold where what comes is quite another record; how many there were."""
    raw = tables.raw
    numbers = [number for number, record in changed.items() if POSITION not in record.identifier]
    if not numbers:
        return 0
    columns = (raw.c.id, raw.c.identifier, raw.c.format, raw.c.payload, raw.c.datestamp)
    unpack = zstandard.ZstdDecompressor().decompress
    former = [
        {
            "library": run.shelf,
            "identifier": row.identifier,
            "format": row.format,
            "payload": row.payload,
            "datestamp": row.datestamp,
            "run": run.id,
            "replaced_at": now,
        }
        for chunk in _chunks(numbers)
        for row in connection.execute(select(*columns).where(raw.c.id.in_(chunk)))
        if not alike(unpack(row.payload), changed[row.id].payload, row.format, changed[row.id].format)
    ]
    if former:
        connection.execute(insert(tables.version), former)
    return len(former)


def forget(connection: Connection, library: str, now: datetime) -> None:
    """Lets go of what was kept long enough."""
    table = tables.version
    connection.execute(delete(table).where(table.c.library == library, table.c.replaced_at < now - KEPT_FOR))


def reused(connection: Connection, library: str) -> list[str]:
    """The identifiers of a library that were given to quite another record, the last first, each once."""
    table = tables.version
    query = select(table.c.identifier).where(table.c.library == library).order_by(table.c.id.desc())
    return list(dict.fromkeys(connection.execute(query).scalars()))


def formers(store: Store, library: str, identifier: str | None = None) -> list[Former]:
    """What a library's records, or only the one of this identifier, were before their identifiers were given to
    others, the last first."""
    table = tables.version
    query = select(table).where(table.c.library == library).order_by(table.c.id.desc())
    if identifier is not None:
        query = query.where(table.c.identifier == identifier)
    unpack = zstandard.ZstdDecompressor().decompress
    with store.reading() as connection:
        return [
            Former(
                RawRecord(library, row.identifier, row.format, unpack(row.payload), datestamp=row.datestamp),
                row.run,
                row.replaced_at,
            )
            for row in connection.execute(query)
        ]


def _chunks(numbers: Sequence[int], size: int = 1000) -> list[Sequence[int]]:
    return [numbers[start : start + size] for start in range(0, len(numbers), size)]
