"""Rows of the store, read back as what was put in: records, and those in quarantine."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import zstandard
from sqlalchemy import Connection, Row, select

from harvester import tables
from harvester.raw_record import Quarantined, RawRecord, StoredRecord

Decompress = Callable[[bytes], bytes]


def changes(connection: Connection, after: int, limit: int, upto: int | None) -> list[StoredRecord]:
    """Records whose last change has a number above ``after`` and at most ``upto``, in rising order."""
    query = select(tables.raw).where(tables.raw.c.seq > after).order_by(tables.raw.c.seq).limit(limit)
    if upto is not None:
        query = query.where(tables.raw.c.seq <= upto)
    decompress = zstandard.ZstdDecompressor().decompress
    return [_stored(row, decompress) for row in connection.execute(query)]


def record(connection: Connection, library: str, identifier: str) -> StoredRecord | None:
    """One record, deleted or not; absent when it never came."""
    query = select(tables.raw).where(tables.raw.c.library == library, tables.raw.c.identifier == identifier)
    row = connection.execute(query).one_or_none()
    return None if row is None else _stored(row, zstandard.ZstdDecompressor().decompress)


def quarantined(connection: Connection, library: str) -> list[Quarantined]:
    """A library's records in quarantine, in the order of their identifiers."""
    table = tables.quarantine
    query = select(table).where(table.c.library == library).order_by(table.c.identifier, table.c.stage)
    decompress = zstandard.ZstdDecompressor().decompress
    return [
        Quarantined(r.library, r.identifier, r.stage, r.field, r.reason, r.at, _unpacked(r.payload, decompress))
        for r in connection.execute(query)
    ]


def _stored(row: Row[Any], decompress: Decompress) -> StoredRecord:
    payload = b"" if row.deleted else _unpacked(row.payload, decompress)
    raw = RawRecord(row.library, row.identifier, row.format, payload, row.deleted, row.datestamp)
    return StoredRecord(raw, row.seq, row.harvested_at)


def _unpacked(packed: bytes, decompress: Decompress) -> bytes:
    return decompress(packed) if packed else b""
