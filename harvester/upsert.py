"""The statements that write records and quarantine, each inside a transaction its caller opened.

What a page does to the records there are is decided here: by hash, and within a run by datestamp.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import zstandard
from sqlalchemy import Connection, bindparam, delete, insert, select, update

from harvester import tables

if TYPE_CHECKING:
    from harvester.store import Quarantined, RawRecord, Run, Stage

CHUNK = 1000  # identifiers a statement: below the variable limits of both databases
KEPT_BYTES = 256 * 1024  # of what cannot be read: enough to find out why, too little to fill a disk
COMPRESSION_LEVEL = 3

T = TypeVar("T")
Verdict = Literal["new", "changed", "unchanged", "deleted"]


@dataclass(slots=True)
class _Known:
    """A row of the raw table as a page finds it, and what the page does to it."""

    id: int | None
    sha256: bytes
    deleted: bool
    datestamp: str
    generation: int
    touched: bool = False  # seen by this run, to be noted
    redated: bool = False  # the datestamp is another one
    written: RawRecord | None = None  # the version to be written, under a new seq


def write_page(
    connection: Connection, run: Run, records: Sequence[RawRecord], refused: Sequence[Quarantined], now: datetime
) -> dict[str, int]:
    """Writes a page's records and what was refused of it; how many had each outcome, by column of the run table."""
    identifiers = [record.identifier for record in records] + [item.identifier for item in refused]
    known = _known(connection, run.library, identifiers)
    counts = dict.fromkeys(("new", "changed", "unchanged", "deleted"), 0)
    for record in records:
        counts[_decide(known, record, run.id)] += 1
    for item in refused:  # it is still listed: a refused record must not pass for a vanished one
        if item.identifier in known:
            known[item.identifier].touched = True
    _write_rows(connection, run, known, now)
    if _in_quarantine(connection, run.library):
        live = [record.identifier for record in records if not record.deleted]
        gone = [record.identifier for record in records if record.deleted]
        clear_quarantine(connection, run.library, live, "harvest")
        clear_quarantine(connection, run.library, gone, None)
    quarantine(connection, refused, run.id)
    return {**counts, "unreadable": len(refused), "seen": len(records) + len(refused)}


def _known(connection: Connection, library: str, identifiers: Sequence[str]) -> dict[str, _Known]:
    raw = tables.raw
    columns = (raw.c.identifier, raw.c.id, raw.c.sha256, raw.c.deleted, raw.c.datestamp, raw.c.generation)
    known: dict[str, _Known] = {}
    for chunk in _chunks(identifiers):
        query = select(*columns).where(raw.c.library == library, raw.c.identifier.in_(chunk))
        for identifier, number, digest, deleted, datestamp, generation in connection.execute(query):
            known[identifier] = _Known(number, bytes(digest), deleted, datestamp, generation)
    return known


def _decide(known: dict[str, _Known], record: RawRecord, run: int) -> Verdict:
    """What a record does to the version there is; the version is changed accordingly."""
    row = known.get(record.identifier)
    digest = b"" if record.deleted else hashlib.sha256(record.payload).digest()
    if row is None:
        known[record.identifier] = _Known(None, digest, record.deleted, record.datestamp, run, written=record)
        return "deleted" if record.deleted else "new"
    older = row.generation == run and _older(record, row)
    verdict = "unchanged" if older else _verdict(row, record, digest)
    row.touched = True
    row.generation = run
    if not older and row.datestamp != record.datestamp:
        row.datestamp = record.datestamp
        row.redated = True
    if verdict != "unchanged":
        row.written = record
        row.deleted = record.deleted
        row.sha256 = row.sha256 if record.deleted else digest
    return verdict


def _verdict(row: _Known, record: RawRecord, digest: bytes) -> Verdict:
    if record.deleted:
        return "unchanged" if row.deleted else "deleted"
    if row.deleted:
        return "new"
    return "unchanged" if row.sha256 == digest else "changed"


def _older(record: RawRecord, row: _Known) -> bool:
    """Whether one run already brought a later version: some servers list an identifier live and deleted.

    Of two with the same datestamp the live one counts.
    """
    if not record.datestamp or len(record.datestamp) != len(row.datestamp):
        return False
    if record.datestamp == row.datestamp:
        return record.deleted and not row.deleted
    return record.datestamp < row.datestamp


def _write_rows(connection: Connection, run: Run, known: dict[str, _Known], now: datetime) -> None:
    raw = tables.raw
    compress = zstandard.ZstdCompressor(level=COMPRESSION_LEVEL).compress
    written = [(identifier, row, row.written) for identifier, row in known.items() if row.written is not None]
    first = next_seqs(connection, len(written))
    inserts: list[dict[str, Any]] = []
    updates: list[dict[str, Any]] = []
    tombstones: list[dict[str, Any]] = []
    for seq, (identifier, row, record) in enumerate(written, first):
        values: dict[str, Any] = {"deleted": row.deleted, "datestamp": row.datestamp}
        values |= {"seq": seq, "harvested_at": now, "generation": run.id}
        if row.id is not None and record.deleted:  # the last payload stays: a wrong deletion can be undone
            tombstones.append({**values, "row": row.id})
            continue
        payload = b"" if record.deleted else compress(record.payload)
        values |= {"format": record.format, "payload": payload, "sha256": row.sha256}
        if row.id is None:
            inserts.append({**values, "library": run.library, "identifier": identifier})
        else:
            updates.append({**values, "row": row.id})
    if inserts:
        connection.execute(insert(raw), inserts)
    for batch in (updates, tombstones):
        if batch:
            connection.execute(update(raw).where(raw.c.id == bindparam("row")), batch)
    touched = [row for row in known.values() if row.touched and row.written is None and row.id is not None]
    redated = [{"row": row.id, "datestamp": row.datestamp, "generation": run.id} for row in touched if row.redated]
    if redated:
        connection.execute(update(raw).where(raw.c.id == bindparam("row")), redated)
    for chunk in _chunks([row.id for row in touched if not row.redated]):
        connection.execute(update(raw).where(raw.c.id.in_(chunk)).values(generation=run.id))


def next_seqs(connection: Connection, count: int) -> int:
    """Takes ``count`` numbers and gives the first.

    The counter's row stays locked until the commit, so numbers rise in the order of commits; a transaction that
    does not commit takes none.
    """
    counter = tables.counter
    if count:
        connection.execute(update(counter).where(counter.c.name == "seq").values(value=counter.c.value + count))
    return last_seq(connection) - count + 1


def last_seq(connection: Connection) -> int:
    """The last number taken, 0 when none was."""
    counter = tables.counter
    value: int = connection.execute(select(counter.c.value).where(counter.c.name == "seq")).scalar_one()
    return value


def remove_absent(connection: Connection, library: str, run: int, now: datetime) -> int:
    """Deletes the library's live records that the run has not seen, and its quarantine's; how many records."""
    raw = tables.raw
    unseen = select(raw.c.id, raw.c.identifier).where(
        raw.c.library == library, raw.c.deleted.is_(False), raw.c.generation < run
    )
    rows = connection.execute(unseen.order_by(raw.c.id)).all()
    first = next_seqs(connection, len(rows))
    if rows:
        connection.execute(
            update(raw).where(raw.c.id == bindparam("row")).values(deleted=True, harvested_at=now),
            [{"row": row.id, "seq": seq} for seq, row in enumerate(rows, first)],
        )
        clear_quarantine(connection, library, [row.identifier for row in rows], None)
    held = tables.quarantine
    connection.execute(
        delete(held).where(held.c.library == library, held.c.stage == "harvest", held.c.generation < run)
    )
    return len(rows)


def quarantine(connection: Connection, items: Sequence[Quarantined], run: int | None = None) -> None:
    """Puts records into quarantine, each in place of what was said of it at its stage before."""
    table = tables.quarantine
    compress = zstandard.ZstdCompressor(level=COMPRESSION_LEVEL).compress
    last = {(item.library, item.identifier, item.stage): item for item in items}
    if not last:
        return
    key = [column == bindparam(f"key_{column.name}") for column in (table.c.library, table.c.identifier, table.c.stage)]
    connection.execute(
        delete(table).where(*key),
        [{"key_library": lib, "key_identifier": name, "key_stage": stage} for lib, name, stage in last],
    )
    connection.execute(
        insert(table),
        [
            {
                "library": item.library,
                "identifier": item.identifier,
                "stage": item.stage,
                "field": item.field,
                "reason": item.reason,
                "at": item.at,
                "payload": compress(item.payload[:KEPT_BYTES]) if item.payload else b"",
                "generation": run,
            }
            for item in last.values()
        ],
    )


def clear_quarantine(connection: Connection, library: str, identifiers: Sequence[str], stage: Stage | None) -> None:
    """Lets records out of quarantine, at one stage or altogether."""
    table = tables.quarantine
    for chunk in _chunks(identifiers):
        statement = delete(table).where(table.c.library == library, table.c.identifier.in_(chunk))
        connection.execute(statement if stage is None else statement.where(table.c.stage == stage))


def _in_quarantine(connection: Connection, library: str) -> bool:
    table = tables.quarantine
    return connection.execute(select(table.c.stage).where(table.c.library == library).limit(1)).first() is not None


def _chunks(items: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(items), CHUNK):
        yield items[start : start + CHUNK]
