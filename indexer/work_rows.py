"""The statements that read and write works, and the keys they come of, inside a transaction their caller opened."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, bindparam, delete, func, insert, or_, select, update

from indexer import catalogue_tables as tables
from indexer.catalogue_rows import EditionRow, chunks, insert_many
from indexer.record import RecordRef
from indexer.work_keys import WorkKeys

TITLE, ORIGINAL, TOLD, WHOLE = 0, 1, 2, 4
"""Kinds of keys: by the record's title; by the title of what it translates; added to either where the record says what
others leave out (`WorkKeys.told`); of the set that it is part of."""


class KeyRow(NamedTuple):
    """A work key of one of an edition's records."""

    edition: str
    key: int
    kind: int


def store_keys(connection: Connection, known: Iterable[int], keys: Mapping[int, WorkKeys]) -> None:
    """Replaces the keys of records; those of ``known`` may have some stored."""
    table = tables.work_keys
    for chunk in chunks(known):
        connection.execute(delete(table).where(table.c.record.in_(chunk)))
    rows = [(key, record, kind) for record, found in keys.items() for key, kind in stored_keys(found).items()]
    insert_many(connection, table, ("key", "record", "kind"), rows)


def stored_keys(found: WorkKeys) -> dict[int, int]:
    """The keys of a record as they are stored, each with its kind."""
    told = TOLD if found.told else 0
    kinds = dict.fromkeys(found.whole, WHOLE)
    kinds |= dict.fromkeys(found.originals, ORIGINAL | told)
    return kinds | dict.fromkeys(found.own, TITLE | told)


def clear_keys(connection: Connection) -> None:
    """Removes all keys."""
    connection.execute(delete(tables.work_keys))


def keys_of_editions(connection: Connection, editions: Iterable[str]) -> list[KeyRow]:
    """The keys of all live records of these editions."""
    return _keys_where(connection, tables.records.c.edition, editions)


def editions_with(connection: Connection, keys: Iterable[int]) -> list[KeyRow]:
    """The editions of which a live record has one of these keys."""
    return _keys_where(connection, tables.work_keys.c.key, keys)


def _keys_where(connection: Connection, column: ColumnElement[Any], values: Iterable[Any]) -> list[KeyRow]:
    record, key = tables.records, tables.work_keys
    query = (
        select(record.c.edition, key.c.key, key.c.kind)
        .join(key, key.c.record == record.c.number)
        .where(record.c.payload.is_not(None))
    )
    return [
        KeyRow(*row) for chunk in chunks(values) for row in connection.execute(query.where(column.in_(chunk))).all()
    ]


def linking_keys(connection: Connection) -> list[KeyRow]:
    """Every key that records of more than one edition have, and every key by an original title."""
    record, key = tables.records, tables.work_keys
    several = (
        select(key.c.key)
        .join(record, record.c.number == key.c.record)
        .where(key.c.kind != WHOLE, record.c.payload.is_not(None))
        .group_by(key.c.key)
        .having(func.min(record.c.edition) != func.max(record.c.edition))
    )
    query = (
        select(record.c.edition, key.c.key, key.c.kind)
        .join(record, record.c.number == key.c.record)
        .where(key.c.kind != WHOLE, record.c.payload.is_not(None))
        .where(or_(key.c.key.in_(several), key.c.kind.in_((ORIGINAL, ORIGINAL | TOLD))))
    )
    return [KeyRow(*row) for row in connection.execute(query).all()]


def telling_editions(connection: Connection) -> set[str]:
    """The editions of which a record says which part they are, or what they are to another text."""
    record, key = tables.records, tables.work_keys
    query = select(record.c.edition).join(key, key.c.record == record.c.number)
    query = query.where(key.c.kind.in_((TOLD, ORIGINAL | TOLD)), record.c.payload.is_not(None)).distinct()
    return {row.edition for row in connection.execute(query)}


def works_of(connection: Connection, editions: Iterable[str] | None = None) -> dict[str, str]:
    """Edition → its work; editions of none are absent. Of None: all."""
    table = tables.work_editions
    query = select(table.c.edition, table.c.work)
    if editions is None:
        return {row.edition: row.work for row in connection.execute(query)}
    return {
        row.edition: row.work
        for chunk in chunks(editions)
        for row in connection.execute(query.where(table.c.edition.in_(chunk)))
    }


def editions_of(connection: Connection, works: Iterable[str]) -> dict[str, str]:
    """Edition → its work, of all editions of these works."""
    table = tables.work_editions
    query = select(table.c.edition, table.c.work)
    return {
        row.edition: row.work
        for chunk in chunks(works)
        for row in connection.execute(query.where(table.c.work.in_(chunk)))
    }


def set_works(connection: Connection, works: Mapping[str, str | None]) -> None:
    """Writes which work editions are of; None: of none."""
    table = tables.work_editions
    for chunk in chunks(works):
        connection.execute(delete(table).where(table.c.edition.in_(chunk)))
    rows = [{"edition": edition, "work": work} for edition, work in works.items() if work is not None]
    if rows:
        connection.execute(insert(table), rows)


def works(connection: Connection, ids: Iterable[str]) -> dict[str, EditionRow]:
    """The rows of these works' ids, live or not; ids never given are absent."""
    table = tables.works
    query = select(table.c.id, table.c.founded, table.c.status, table.c.target)
    return {
        row.id: EditionRow(row.id, row.founded, row.status, row.target)
        for chunk in chunks(ids)
        for row in connection.execute(query.where(table.c.id.in_(chunk)))
    }


def found_works(connection: Connection, ids: Mapping[str, str], founded: int) -> None:
    """Writes new works, each with the id it split from, "" when none."""
    rows = [
        {"id": work, "founded": founded, "status": "live", "target": None, "split_from": origin or None}
        for work, origin in ids.items()
    ]
    if rows:
        connection.execute(insert(tables.works), rows)


def move_works(connection: Connection, targets: Mapping[str, str]) -> None:
    """Lets other works answer for these ids, and for all that these answered for."""
    table = tables.works
    rows = [{"old": old, "new": new} for old, new in targets.items()]
    if rows:
        moved = update(table).where(table.c.id == bindparam("old"))
        connection.execute(moved.values(status="moved", target=bindparam("new")), rows)
        answered = update(table).where(table.c.target == bindparam("old"))
        connection.execute(answered.values(target=bindparam("new")), rows)


def remove_works(connection: Connection, ids: Iterable[str]) -> None:
    """Marks ids whose editions all left."""
    table = tables.works
    for chunk in chunks(ids):
        connection.execute(update(table).where(table.c.id.in_(chunk)).values(status="gone", target=None))


def changed_since(connection: Connection, stamp: int) -> list[str]:
    """Editions that changed after a stamp and that the engine was not given yet, whatever became of them."""
    table = tables.pending
    return list(connection.execute(select(table.c.edition).where(table.c.stamp > stamp)).scalars())


def first_records(connection: Connection, editions: Iterable[str]) -> dict[str, RecordRef]:
    """The first live record of each of these editions."""
    table = tables.records
    query = select(table.c.edition, table.c.library, table.c.identifier).where(table.c.payload.is_not(None))
    first: dict[str, RecordRef] = {}
    for chunk in chunks(editions):
        for edition, library, identifier in connection.execute(query.where(table.c.edition.in_(chunk))).all():
            ref = RecordRef(library, identifier)
            first[edition] = min(first.get(edition, ref), ref)
    return first
