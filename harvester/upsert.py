"""The statements that write records and quarantine, each inside a transaction its caller opened.

What a page does to the records there are is decided here: by hash, and within a run by datestamp.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import zstandard
from sqlalchemy import ColumnElement, Connection, and_, bindparam, delete, insert, or_, select, update

from harvester import reuse, tables
from harvester.raw_record import COPIES_OF, CUT_OFF

if TYPE_CHECKING:
    from harvester.ledger import FileEntry
    from harvester.store import Quarantined, RawRecord, Run, Stage

CHUNK = 1000  # identifiers a statement: below the variable limits of both databases
KEPT_BYTES = 16 * 1024 * 1024  # of what cannot be read: as much as a record may have, too little to fill a disk
COMPRESSION_LEVEL = 3
MAX_SUFFIXES = 4  # of a packed file's name: what is in all.mrc.gz is called all.mrc

# Made once: each is carried out with every page, and putting one together takes longer than carrying it out.
_raw, _counter = tables.raw.c, tables.counter
_ROWS = select(
    _raw.identifier, _raw.id, _raw.sha256, _raw.deleted, _raw.datestamp, _raw.generation, _raw.leaving
).where(_raw.library == bindparam("shelf"), _raw.identifier.in_(bindparam("names", expanding=True)))
_INSERTING = insert(tables.raw)
_NUMBER = select(_counter.c.value).where(_counter.c.name == bindparam("named"))
_TAKING = (
    update(_counter).where(_counter.c.name == bindparam("named")).values(value=_counter.c.value + bindparam("more"))
)
_ANY_REFUSED = select(tables.quarantine.c.stage).where(tables.quarantine.c.library == bindparam("shelf")).limit(1)

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
    leaving: int | None = None
    touched: bool = False  # seen by this run, to be noted
    noted: bool = False  # its datestamp or whether it is leaving is another
    written: RawRecord | None = None  # the version to be written, under a new seq
    replaced: bool = False  # it takes the place of a live one

    @property
    def gone(self) -> bool:
        return self.deleted or self.leaving is not None


def write_page(
    connection: Connection, run: Run, records: Sequence[RawRecord], refused: Sequence[Quarantined], now: datetime
) -> dict[str, int]:
    """Writes a page's records and what was refused of it; how many had each outcome, by column of the run table.

    Of records there are, a deletion is only noted: the end of the run carries it out, or asks a person when there
    are too many. The deletion of a record that never came is kept and is news to nobody.
    """
    identifiers = [record.identifier for record in records] + [item.identifier for item in refused]
    known = _known(connection, run.shelf, identifiers)
    counts = dict.fromkeys(("new", "changed", "unchanged", "deleted", "copies"), 0)
    for record in records:
        verdict = _decide(known, record, run.id)
        counts["copies" if record.identifier.startswith(COPIES_OF) else verdict] += 1
    for item in refused:  # it is still listed: a refused record must not pass for a vanished one
        if item.identifier in known:
            known[item.identifier].touched = True
    replaced = {row.id: row.written for row in known.values() if row.replaced and row.id and row.written}
    reused = reuse.keep_former(connection, run, replaced, now)
    _write_rows(connection, run, known, now)
    if in_quarantine(connection, run.shelf):
        live = [record.identifier for record in records if not record.deleted]
        gone = [record.identifier for record in records if record.deleted]
        clear_quarantine(connection, run.shelf, live, "harvest")
        clear_quarantine(connection, run.shelf, gone, None)
    quarantine(connection, [replace(item, library=run.shelf) for item in refused], run.id)
    seen = len(records) + len(refused) - counts["copies"]
    return {**counts, "unreadable": len(refused), "seen": seen, "reused": reused}


def _known(connection: Connection, shelf: str, identifiers: Sequence[str]) -> dict[str, _Known]:
    known: dict[str, _Known] = {}
    for chunk in chunks(identifiers):
        rows = connection.execute(_ROWS, {"shelf": shelf, "names": list(chunk)})
        for identifier, number, digest, deleted, datestamp, generation, leaving in rows:
            known[identifier] = _Known(number, bytes(digest), deleted, datestamp, generation, leaving)
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
    if older:
        return verdict
    if row.datestamp != record.datestamp:
        row.datestamp = record.datestamp
        row.noted = True
    if not record.deleted and row.leaving is not None:
        row.leaving = None
        row.noted = True
    if verdict == "deleted" and row.id is not None:
        row.leaving = run
        row.noted = True
    elif verdict != "unchanged":
        row.written = record
        row.replaced = verdict == "changed" and row.id is not None
        row.deleted = record.deleted
        row.sha256 = row.sha256 if record.deleted else digest
    return verdict


def _verdict(row: _Known, record: RawRecord, digest: bytes) -> Verdict:
    if record.deleted:
        return "unchanged" if row.gone else "deleted"
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
        return record.deleted and not row.gone
    return record.datestamp < row.datestamp


def _write_rows(connection: Connection, run: Run, known: dict[str, _Known], now: datetime) -> None:
    raw = tables.raw
    written = [(identifier, row, row.written) for identifier, row in known.items() if row.written is not None]
    payloads = iter(_compressed([record.payload for _, _, record in written if not record.deleted]))
    news = sum(not row.deleted for _, row, _ in written) if run.shelf == run.library else 0
    seqs = _numbers(next_seqs, connection, news)
    unheard = _numbers(lambda connection, count: -unheard_seqs(connection, count), connection, len(written) - news)
    inserts: list[dict[str, Any]] = []
    updates: list[dict[str, Any]] = []
    for identifier, row, record in written:
        seq = next(unheard if row.deleted or not news else seqs)
        payload = b"" if record.deleted else next(payloads)
        values: dict[str, Any] = {"deleted": row.deleted, "datestamp": row.datestamp, "seq": seq, "harvested_at": now}
        values |= {"generation": run.id, "format": record.format, "payload": payload, "sha256": row.sha256}
        if row.id is None:
            inserts.append({**values, "library": run.shelf, "identifier": identifier, "first_run": run.id})
        else:
            updates.append({**values, "leaving": row.leaving, "removal": None, "row": row.id})
    if inserts:
        connection.execute(_INSERTING, inserts)
    if updates:
        connection.execute(update(raw).where(raw.c.id == bindparam("row")), updates)
    touched = [row for row in known.values() if row.touched and row.written is None and row.id is not None]
    noted = [
        {"row": row.id, "datestamp": row.datestamp, "generation": run.id, "leaving": row.leaving}
        for row in touched
        if row.noted
    ]
    if noted:
        connection.execute(update(raw).where(raw.c.id == bindparam("row")), noted)
    for chunk in chunks([row.id for row in touched if not row.noted]):
        connection.execute(update(raw).where(raw.c.id.in_(chunk)).values(generation=run.id))


def _compressed(payloads: Sequence[bytes]) -> list[bytes]:
    """Each payload, compressed. All in one call: one by one, threads would wait for each other at every record."""
    if not payloads:
        return []
    compressor = zstandard.ZstdCompressor(level=COMPRESSION_LEVEL)
    made = compressor.multi_compress_to_buffer(list(payloads))
    return [made[place].tobytes() for place in range(len(made))]


def _numbers(first: Callable[[Connection, int], int], connection: Connection, count: int) -> Iterator[int]:
    """So many numbers in a row, rising; the counter is left alone when there are none."""
    if not count:
        return iter(())
    start = first(connection, count)
    return iter(range(start, start + count))


def next_seqs(connection: Connection, count: int) -> int:
    """Takes ``count`` numbers and gives the first.

    The counter's row stays locked until the commit, so numbers rise in the order of commits; a transaction that
    does not commit takes none.
    """
    if count:
        connection.execute(_TAKING, {"named": "seq", "more": count})
    return last_seq(connection) - count + 1


def unheard_seqs(connection: Connection, count: int) -> int:
    """Takes ``count`` numbers for rows that are news to nobody, and gives the last; they are stored as negatives."""
    if count:
        connection.execute(_TAKING, {"named": "unheard", "more": count})
    value: int = connection.execute(_NUMBER, {"named": "unheard"}).scalar_one()
    return value


def last_seq(connection: Connection) -> int:
    """The last number taken, 0 when none was."""
    value: int = connection.execute(_NUMBER, {"named": "seq"}).scalar_one()
    return value


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
    if not in_quarantine(connection, library):
        return  # most often
    for chunk in chunks(identifiers):
        statement = delete(table).where(table.c.library == library, table.c.identifier.in_(chunk))
        connection.execute(statement if stage is None else statement.where(table.c.stage == stage))


def forget_unread(connection: Connection, run: Run, files: Sequence[FileEntry]) -> None:
    """Lets go of what earlier runs could not read of files that now are taken in, before the ledger says so.

    That is what is called by its place in one of them, and what stood at the end of one that broke off.
    """
    table, lines = tables.quarantine, tables.file_ledger
    for file in files:
        if file.state == "done":
            line = (lines.c.library == run.library, lines.c.name == file.name, lines.c.state == "refused")
            refused_by = select(lines.c.run).where(*line).scalar_subquery()
            broken_end = and_(table.c.reason.startswith(CUT_OFF), table.c.generation == refused_by)
            earlier = (table.c.library == run.shelf, table.c.stage == "harvest", table.c.generation < run.id)
            connection.execute(delete(table).where(*earlier, or_(*_places_in(file), broken_end)))


def forget_unread_of(connection: Connection, library: str, file: FileEntry) -> None:
    """Lets go of what could not be read of a file that a person passes over: what has no other name than its place."""
    table = tables.quarantine
    of_library = (table.c.library == library, table.c.stage == "harvest")
    connection.execute(delete(table).where(*of_library, or_(*_places_in(file))))


def _places_in(file: FileEntry) -> list[ColumnElement[bool]]:
    """What is called by its place in a file, or in what it holds unpacked."""
    name = tables.quarantine.c.identifier
    label, names = file.label, {file.label}
    while (label := label.rpartition(".")[0]) and len(names) < MAX_SUFFIXES:
        names.add(label)
    return [name.startswith(one + end, autoescape=True) for one in names for end in "@/"]


def in_quarantine(connection: Connection, library: str) -> bool:
    """Whether anything of a library is in quarantine."""
    return connection.execute(_ANY_REFUSED, {"shelf": library}).first() is not None


def chunks(items: Sequence[T]) -> Iterator[Sequence[T]]:
    """The items in runs short enough for one statement."""
    for start in range(0, len(items), CHUNK):
        yield items[start : start + CHUNK]
