"""The statements that read and write the catalogue's tables in bulk, inside a transaction their caller opened."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import Connection, Row, Select, Table, bindparam, delete, func, insert, literal, select, update

from indexer import catalogue_tables as tables
from indexer.blocks import Pair, Place
from indexer.record import RecordRef

CHUNK = 2000
"""Values in one statement: below what both databases bind, enough to make round trips few."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class StoredRow:
    """A record as the catalogue holds it. ``payload`` is None when it was deleted; ``edition`` then is its last."""

    number: int
    ref: RecordRef
    payload: bytes | None
    edition: str | None


class NamedRow(NamedTuple):
    """A record's name and the edition it belongs to, None when it is new; of a deleted record its last edition."""

    ref: RecordRef
    edition: str | None


@dataclass(frozen=True, slots=True)
class EditionRow:
    """An edition's id and what became of it."""

    id: str
    founded: int
    status: str  # live | moved | gone
    target: str | None


def chunks(items: Iterable[T], size: int = CHUNK) -> Iterator[list[T]]:
    """The items in lists of at most ``size``."""
    iterator = iter(items)
    while chunk := list(islice(iterator, size)):
        yield chunk


def _rows(connection: Connection, query: Select[Any], column: Any, values: Iterable[Any]) -> Iterator[Any]:
    for chunk in chunks(values):
        yield from connection.execute(query.where(column.in_(chunk))).all()  # one by one they take three times as long


def insert_many(
    connection: Connection,
    table: Table,
    columns: Sequence[str],
    rows: Sequence[tuple[Any, ...]],
    *,
    unless_there: bool = False,
) -> None:
    """Inserts rows given in the order of the columns: for millions, a dictionary each costs more than the insert.

    ``unless_there`` passes over those whose primary key is there already.
    """
    if rows:
        marks = ", ".join(_mark(connection) for _ in columns)
        conflict = " ON CONFLICT DO NOTHING" if unless_there else ""
        into = f"INSERT INTO {table.name} ({', '.join(columns)}) VALUES ({marks}){conflict}"  # noqa: S608
        connection.exec_driver_sql(into, rows)


def _mark(connection: Connection) -> str:
    """What stands for a value in a statement."""
    return "?" if connection.dialect.paramstyle == "qmark" else "%s"


def is_empty(connection: Connection) -> bool:
    """Whether no record of any kind ever came, or only what left without a trace."""
    first = (table.c.identifier for table in (tables.records, tables.holdings, tables.authorities))
    return all(connection.execute(select(column).limit(1)).first() is None for column in first)


def records_by_ref(connection: Connection, refs: Iterable[RecordRef]) -> dict[RecordRef, StoredRow]:
    """The rows of these names, deleted ones too; those it never held are absent."""
    table = tables.records
    by_library: dict[str, list[str]] = {}
    for ref in refs:
        by_library.setdefault(ref.library, []).append(ref.identifier)
    found: dict[RecordRef, StoredRow] = {}
    for library, identifiers in by_library.items():
        query = select(table.c.number, table.c.identifier, table.c.payload, table.c.edition)
        for row in _rows(connection, query.where(table.c.library == library), table.c.identifier, identifiers):
            ref = RecordRef(library, row.identifier)
            found[ref] = StoredRow(row.number, ref, row.payload, row.edition)
    return found


def payloads(connection: Connection, numbers: Iterable[int]) -> dict[int, bytes]:
    """The encoded records of these numbers; deleted ones are absent."""
    table = tables.records
    query = select(table.c.number, table.c.payload).where(table.c.payload.is_not(None))
    return {row.number: row.payload for row in _rows(connection, query, table.c.number, numbers)}


def names(connection: Connection, numbers: Iterable[int]) -> dict[int, NamedRow]:
    """Number → the record's name and edition, of deleted ones too."""
    table = tables.records
    query = select(table.c.number, table.c.library, table.c.identifier, table.c.edition)
    return {
        row.number: NamedRow(RecordRef(row.library, row.identifier), row.edition)
        for row in _rows(connection, query, table.c.number, numbers)
    }


def live_numbers(connection: Connection) -> list[int]:
    """The numbers of all records that were not deleted, rising."""
    table = tables.records
    return list(
        connection.execute(
            select(table.c.number).where(table.c.payload.is_not(None)).order_by(table.c.number)
        ).scalars()
    )


def live_among(connection: Connection, numbers: Iterable[int]) -> set[int]:
    """Those of these records that were not deleted."""
    table = tables.records
    query = select(table.c.number).where(table.c.payload.is_not(None))
    return {row.number for row in _rows(connection, query, table.c.number, numbers)}


def clear_matching(connection: Connection) -> None:
    """Removes all keys and edges."""
    connection.execute(delete(tables.keys))
    connection.execute(delete(tables.edges))


def next_number(connection: Connection) -> int:
    """The number the next new record gets. Rows are never removed, so none comes again."""
    highest = connection.execute(select(func.max(tables.records.c.number))).scalar_one()
    return (highest or 0) + 1


def write_records(
    connection: Connection, new: Sequence[tuple[int, RecordRef, bytes]], changed: Sequence[tuple[int, bytes | None]]
) -> None:
    """Inserts new records and replaces the payloads of others; None deletes."""
    if new:
        connection.execute(
            insert(tables.records),
            [
                {"number": number, "library": ref.library, "identifier": ref.identifier, "payload": payload}
                for number, ref, payload in new
            ],
        )
    if changed:
        statement = update(tables.records).where(tables.records.c.number == bindparam("row"))
        connection.execute(statement, [{"row": number, "payload": payload} for number, payload in changed])


def keys_of(connection: Connection, numbers: Iterable[int]) -> dict[int, set[int]]:
    """The keys stored for these records; those without any are absent."""
    table = tables.keys
    found: dict[int, set[int]] = {}
    for record, key in _rows(connection, select(table.c.record, table.c.key), table.c.record, numbers):
        found.setdefault(record, set()).add(key)
    return found


def blocks_of(connection: Connection, keys: Iterable[int]) -> dict[int, list[Place]]:
    """For each key the records that have it; keys nobody has are absent."""
    table = tables.keys
    found: dict[int, list[Place]] = {}
    # In the order they are stored in, each page of the table is read once.
    for key, place, record in _rows(
        connection, select(table.c.key, table.c.place, table.c.record), table.c.key, sorted(keys)
    ):
        found.setdefault(key, []).append((place, record))
    return found


def replace_keys(connection: Connection, old: Iterable[int], new: Sequence[tuple[int, int, int]]) -> None:
    """Removes the keys of these records and writes others, each (key, record, place)."""
    table = tables.keys
    for chunk in chunks(old):
        connection.execute(delete(table).where(table.c.record.in_(chunk)))
    if new:
        connection.execute(
            insert(table), [{"key": key, "record": record, "place": place} for key, record, place in new]
        )


def edges_at(connection: Connection, numbers: Iterable[int]) -> dict[Pair, int]:
    """The edges that have an end among these records, with their scores in hundredths."""
    table = tables.edges
    wanted = list(numbers)
    query = select(table.c.a, table.c.b, table.c.score)
    found = {(a, b): score for a, b, score in _rows(connection, query, table.c.a, wanted)}
    found |= {(a, b): score for a, b, score in _rows(connection, query, table.c.b, wanted)}
    return found


def full_edges_at(connection: Connection, numbers: Iterable[int]) -> list[Row[Any]]:
    """The edges whose first end is among these records, with their reasons, model and time."""
    return list(_rows(connection, select(tables.edges), tables.edges.c.a, numbers))


def delete_edges(connection: Connection, pairs: Iterable[Pair]) -> None:
    """Removes edges."""
    table = tables.edges
    rows = [{"one": a, "other": b} for a, b in pairs]
    if rows:
        connection.execute(delete(table).where(table.c.a == bindparam("one"), table.c.b == bindparam("other")), rows)


def insert_edges(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Writes edges that are not there: a, b, score, reasons, model, judged_at."""
    if rows:
        connection.execute(insert(tables.edges), list(rows))


def editions(connection: Connection, ids: Iterable[str]) -> dict[str, EditionRow]:
    """The rows of these ids, live or not; ids never given are absent."""
    table = tables.editions
    query = select(table.c.id, table.c.founded, table.c.status, table.c.target)
    return {
        row.id: EditionRow(row.id, row.founded, row.status, row.target)
        for row in _rows(connection, query, table.c.id, ids)
    }


def found_editions(connection: Connection, ids: Mapping[str, str], founded: int) -> None:
    """Writes new editions, each with the id it split from, "" when none."""
    rows = [
        {"id": edition, "founded": founded, "status": "live", "target": None, "split_from": origin or None}
        for edition, origin in ids.items()
    ]
    if rows:
        connection.execute(insert(tables.editions), rows)


def revive_editions(connection: Connection, ids: Iterable[str]) -> None:
    """Makes editions live that were gone."""
    table = tables.editions
    for chunk in chunks(ids):
        connection.execute(update(table).where(table.c.id.in_(chunk)).values(status="live", target=None))


def move_editions(connection: Connection, targets: Mapping[str, str]) -> None:
    """Lets other editions answer for these ids, and for all that these answered for."""
    table = tables.editions
    if targets:
        rows = [{"old": old, "new": new} for old, new in targets.items()]
        connection.execute(
            update(table).where(table.c.id == bindparam("old")).values(status="moved", target=bindparam("new")), rows
        )
        connection.execute(
            update(table).where(table.c.target == bindparam("old")).values(target=bindparam("new")), rows
        )


def remove_editions(connection: Connection, ids: Iterable[str]) -> None:
    """Marks ids whose records all left."""
    table = tables.editions
    for chunk in chunks(ids):
        connection.execute(update(table).where(table.c.id.in_(chunk)).values(status="gone", target=None))


def set_membership(connection: Connection, rows: Iterable[tuple[int, str]]) -> None:
    """Writes which edition a record, by number, belongs to."""
    values = [(edition, number) for number, edition in rows]
    if values:
        mark, table = _mark(connection), tables.records.name
        connection.exec_driver_sql(f"UPDATE {table} SET edition = {mark} WHERE number = {mark}", values)  # noqa: S608


def mark_pending(connection: Connection, ids: Iterable[str], stamp: int) -> None:
    """Notes that the engine has to be given these editions, whatever they have become."""
    table = tables.pending
    wanted = sorted(set(ids))
    for chunk in chunks(wanted):
        connection.execute(delete(table).where(table.c.edition.in_(chunk)))
        connection.execute(insert(table), [{"edition": edition, "stamp": stamp} for edition in chunk])


def mark_editions_pending(connection: Connection, numbers: Iterable[int]) -> None:
    """Notes that the engine has to be given the editions of these records, of which something else has changed."""
    table = tables.records
    query = select(table.c.edition).where(table.c.payload.is_not(None), table.c.edition.is_not(None))
    found = {row.edition for row in _rows(connection, query, table.c.number, numbers)}
    if found:
        stamp = int(state(connection, "stamp") or 0) + 1
        mark_pending(connection, found, stamp)
        set_state(connection, "stamp", str(stamp))


def pending(connection: Connection, limit: int) -> dict[str, int]:
    """Editions the engine has to be given, with the stamp of their change, oldest first."""
    table = tables.pending
    query = select(table.c.edition, table.c.stamp).order_by(table.c.stamp, table.c.edition).limit(limit)
    return {row.edition: row.stamp for row in connection.execute(query)}


def pending_count(connection: Connection) -> int:
    """How many editions the engine has to be given."""
    return int(connection.execute(select(func.count()).select_from(tables.pending)).scalar_one())


def clear_pending(connection: Connection, given: Mapping[str, int]) -> None:
    """The engine has these editions as of these stamps; what changed since stays pending."""
    table = tables.pending
    rows = [{"which": edition, "upto": stamp} for edition, stamp in given.items()]
    if rows:
        connection.execute(
            delete(table).where(table.c.edition == bindparam("which"), table.c.stamp <= bindparam("upto")), rows
        )


def clear_pending_until(connection: Connection, stamp: int) -> None:
    """The engine has everything as of this stamp."""
    connection.execute(delete(tables.pending).where(tables.pending.c.stamp <= stamp))


def mark_all_pending(connection: Connection, stamp: int) -> None:
    """Notes that the engine has to be given every live edition."""
    edition, table = tables.editions, tables.pending
    missing = select(edition.c.id, literal(stamp)).where(
        edition.c.status == "live", edition.c.id.not_in(select(table.c.edition))
    )
    connection.execute(insert(table).from_select(["edition", "stamp"], missing))


def live_editions(connection: Connection, after: str, limit: int) -> list[str]:
    """Ids of live editions that sort after one, in that order."""
    table = tables.editions
    query = select(table.c.id).where(table.c.status == "live", table.c.id > after).order_by(table.c.id).limit(limit)
    return list(connection.execute(query).scalars())


def live_edition_count(connection: Connection) -> int:
    """How many editions are live."""
    table = tables.editions
    return int(connection.execute(select(func.count()).where(table.c.status == "live")).scalar_one())


def forget_records(connection: Connection, stamp: int) -> None:
    """Forgets every record's content, as another codec version wants it; each finds its edition's id when it is read
    again."""
    mark_all_pending(connection, stamp)
    clear_matching(connection)
    connection.execute(update(tables.records).values(payload=None))
    connection.execute(update(tables.editions).where(tables.editions.c.status == "live").values(status="gone"))


def state(connection: Connection, name: str) -> str:
    """A value of the catalogue's own state, "" when it was never set."""
    table = tables.state
    return connection.execute(select(table.c.value).where(table.c.name == name)).scalar_one_or_none() or ""


def set_state(connection: Connection, name: str, value: str) -> None:
    """Sets a value of the catalogue's own state."""
    table = tables.state
    connection.execute(delete(table).where(table.c.name == name))
    connection.execute(insert(table).values(name=name, value=value))
