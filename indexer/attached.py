"""Holdings records kept beside the records they belong to, and joined to them whenever a record is looked at.

They are stored under the control number they name, so it does not matter which of the two comes first, leaves or
returns: an edition shows the copies that are there when it is made.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from sqlalchemy import Connection, delete, insert, select

from indexer import catalogue_tables as tables
from indexer import codec
from indexer.catalogue_rows import chunks
from indexer.holdings.records import HoldingsRecord
from indexer.match_keys import key_number
from indexer.record import Holding, Record, RecordRef

_BATCH = 1_000


@dataclass(frozen=True, slots=True)
class PreparedHoldings:
    """A holdings record as the catalogue stores it."""

    ref: RecordRef
    belongs_to: str
    payload: bytes  # indexer.codec: a record of nothing but holdings


class Named(Protocol):
    """What has a local id: a record as it is stored."""

    @property
    def ref(self) -> RecordRef: ...

    @property
    def local_id(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Attached:
    """What a batch of holdings records did. ``owners``: records by number whose copies are others now."""

    written: int
    unchanged: int
    owners: frozenset[int]


def prepare_holdings(record: HoldingsRecord) -> PreparedHoldings:
    """A holdings record made ready for the catalogue."""
    carrier = Record(record.library, record.identifier, record.belongs_to, "marc21", holdings=record.holdings)
    return PreparedHoldings(record.ref, record.belongs_to, codec.encode(carrier))


def store_holdings(
    connection: Connection, given: Mapping[RecordRef, PreparedHoldings], leaving: Iterable[RecordRef]
) -> Attached:
    """Writes holdings records and removes those that leave; names of no holdings record are passed over."""
    known = _stored(connection, [*given, *leaving])
    changed = [one for ref, one in given.items() if ref not in known or known[ref] != (one.belongs_to, one.payload)]
    gone = [ref for ref in known if ref not in given]
    table = tables.holdings
    for ref in (*gone, *(one.ref for one in changed if one.ref in known)):
        connection.execute(delete(table).where(table.c.library == ref.library, table.c.identifier == ref.identifier))
    if changed:
        connection.execute(
            insert(table),
            [
                {
                    "library": one.ref.library,
                    "identifier": one.ref.identifier,
                    "belongs_to": one.belongs_to,
                    "payload": one.payload,
                }
                for one in changed
            ],
        )
    before = {(ref.library, known[ref][0]) for ref in (*gone, *(one.ref for one in changed)) if ref in known}
    after = {(one.ref.library, one.belongs_to) for one in changed}
    return Attached(len(changed), len(given) - len(changed), frozenset(_called(connection, before | after)))


def _stored(connection: Connection, refs: Sequence[RecordRef]) -> dict[RecordRef, tuple[str, bytes]]:
    table = tables.holdings
    found: dict[RecordRef, tuple[str, bytes]] = {}
    if not refs or not _any(connection):
        return found
    for library in {ref.library for ref in refs}:
        query = select(table.c.identifier, table.c.belongs_to, table.c.payload).where(table.c.library == library)
        for chunk in chunks(ref.identifier for ref in refs if ref.library == library):
            for row in connection.execute(query.where(table.c.identifier.in_(chunk))):
                found[RecordRef(library, row.identifier)] = (row.belongs_to, row.payload)
    return found


def store_local_ids(connection: Connection, changed: Mapping[int, Named], gone: Iterable[int]) -> None:
    """Notes what records, by number, are called in their own library; those that are gone are called nothing."""
    table = tables.local_ids
    for chunk in chunks((*changed, *gone)):
        connection.execute(delete(table).where(table.c.record.in_(chunk)))
    rows = [
        {"key": local_id_key(one.ref.library, one.local_id), "record": number}
        for number, one in changed.items()
        if one.local_id
    ]
    if rows:
        connection.execute(insert(table), rows)


def local_id_key(library: str, local_id: str) -> int:
    """What a local id is stored under."""
    return key_number(f"local:{library}:{local_id}")


def _called(connection: Connection, names: Iterable[tuple[str, str]]) -> set[int]:
    """The numbers of the records that libraries call so."""
    table = tables.local_ids
    found: set[int] = set()
    for chunk in chunks(local_id_key(library, local_id) for library, local_id in names):
        found.update(connection.execute(select(table.c.record).where(table.c.key.in_(chunk))).scalars())
    return found


def with_holdings(connection: Connection, records: Sequence[Record]) -> list[Record]:
    """The records, each with the copies that its library's holdings records describe after those it states itself.

    Raises: CodecMismatch when another version wrote them.
    """
    if not records or not _any(connection):
        return list(records)
    table = tables.holdings
    attached: dict[tuple[str, str], list[Holding]] = {}
    for library in sorted({record.library for record in records}):
        query = select(table.c.belongs_to, table.c.payload).where(table.c.library == library)
        wanted = sorted({record.local_id for record in records if record.library == library and record.local_id})
        for chunk in chunks(wanted):
            for row in connection.execute(query.where(table.c.belongs_to.in_(chunk)).order_by(table.c.identifier)):
                attached.setdefault((library, row.belongs_to), []).extend(codec.decode(row.payload).holdings)
    return [
        replace(
            record,
            holdings=(*record.holdings, *(replace(one, record=record.identifier) for one in found)),
        )
        if (found := attached.get((record.library, record.local_id)))
        else record
        for record in records
    ]


def describing(connection: Connection, record: Record) -> list[str]:
    """The identifiers of the holdings records, or rows of a table of copies, that describe a record's copies."""
    table = tables.holdings
    query = select(table.c.identifier).where(table.c.library == record.library)
    return list(
        connection.execute(query.where(table.c.belongs_to == record.local_id).order_by(table.c.identifier)).scalars()
    )


def unattached(connection: Connection, library: str) -> Iterator[tuple[RecordRef, str]]:
    """A library's holdings records whose record the catalogue does not hold, each with the number it means.

    In the order of their identifiers, some at a time, so that any number fits in memory.
    """
    table, keys = tables.holdings, tables.local_ids.c.key
    query = select(table.c.identifier, table.c.belongs_to).where(table.c.library == library)
    query = query.order_by(table.c.identifier).limit(_BATCH)
    last = ""
    while rows := connection.execute(query.where(table.c.identifier > last)).all():
        known: set[int] = set()
        for chunk in chunks({local_id_key(library, row.belongs_to) for row in rows}):
            known.update(connection.execute(select(keys).where(keys.in_(chunk))).scalars())
        for row in rows:
            if local_id_key(library, row.belongs_to) not in known:
                yield RecordRef(library, row.identifier), row.belongs_to
        last = rows[-1].identifier


def forget(connection: Connection) -> None:
    """Forgets all of it, as another codec version wants it; reading all raw records again brings it back."""
    connection.execute(delete(tables.holdings))
    connection.execute(delete(tables.local_ids))


def _any(connection: Connection) -> bool:
    """Whether there are holdings records at all: most catalogues have none, and are asked nothing further."""
    return connection.execute(select(tables.holdings.c.library).limit(1)).first() is not None
