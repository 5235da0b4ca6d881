"""The statements that write and read the lists of headings, inside a transaction their caller opened."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

import orjson
from sqlalchemy import Connection, Table, delete, insert, literal, select, tuple_

from indexer import browse
from indexer import catalogue_tables as tables
from indexer.authority import AGENTS
from indexer.browse import Entry, Line
from indexer.catalogue_rows import chunks, insert_many, set_state, state

COLUMNS = ("list", "place", "heading", "see")


class Position(NamedTuple):
    """Between two entries of a list; with a place alone it is before all that stand there."""

    place: bytes
    heading: str = ""
    see: str = ""


def are_made(connection: Connection) -> bool:
    """Whether the lists are there, by this version's rules."""
    return state(connection, "lists") == browse.VERSION


def add(connection: Connection, entries: Iterable[Line]) -> None:
    """Writes the entries that are not there yet."""
    fresh = sorted(set(entries))
    for chunk in chunks(fresh, 5_000):
        insert_many(connection, tables.lists, COLUMNS, chunk, unless_there=True)


def begin(connection: Connection) -> None:
    """Forgets what was gathered for new lists by a run that did not end."""
    connection.execute(delete(tables.lists_made))


def gather(connection: Connection, entries: Iterable[Line]) -> None:
    """Keeps entries for the new lists; they may come many times."""
    insert_many(connection, tables.lists_made, COLUMNS, list(entries))


def switch(connection: Connection) -> None:
    """Puts what was gathered in the place of the lists, and refers to it from the names in authority records."""
    made, lists = tables.lists_made, tables.lists
    connection.execute(delete(lists))
    columns = [made.c[name] for name in COLUMNS]
    connection.execute(insert(lists).from_select(COLUMNS, select(*columns).distinct().order_by(*columns)))
    connection.execute(delete(made))
    connection.execute(delete(tables.list_references))
    table = tables.authorities
    numbers = connection.execute(select(table.c.number)).scalars().all()
    for chunk in chunks(numbers):
        found = connection.execute(select(table.c.number, table.c.payload).where(table.c.number.in_(chunk)))
        _write_references(connection, {row.number: row.payload for row in found})
    set_state(connection, "lists", browse.VERSION)


def refer(connection: Connection, authorities: Mapping[int, bytes], gone: Iterable[int]) -> None:
    """Notes the names that authority records, by number, give now; of those gone, none."""
    table = tables.list_references
    for chunk in chunks([*authorities, *gone]):
        connection.execute(delete(table).where(table.c.authority.in_(chunk)))
    _write_references(connection, authorities)


def _write_references(connection: Connection, authorities: Mapping[int, bytes]) -> None:
    rows = {(*entry, number) for number, payload in authorities.items() for entry in _references(payload)}
    insert_many(connection, tables.list_references, (*COLUMNS, "authority"), sorted(rows))


def _references(payload: bytes) -> Iterator[Line]:
    kind, _, headings, names = orjson.loads(payload)
    texts = [form["text"] for form in headings]
    lists: tuple[browse.ListName, ...] = ("creator", "subject") if kind in AGENTS else ("subject",)
    for name in lists:
        yield from browse.references(name, texts, names)


class Way(NamedTuple):
    """From where a list is read, and whether towards its end."""

    start: Position
    forward: bool = True


def stretch(connection: Connection, name: str, way: Way, limit: int) -> list[Entry]:
    """At most so many entries of a list behind a position, or before it; in the order of the list either way."""
    found = [_stretch(connection, table, name, way, limit) for table in (tables.lists, tables.list_references)]
    merged = list(dict.fromkeys(heapq.merge(*found, reverse=not way.forward)))[:limit]
    return merged if way.forward else merged[::-1]


def _stretch(connection: Connection, table: Table, name: str, way: Way, limit: int) -> list[Entry]:
    columns = [table.c[column] for column in COLUMNS]
    here, there = tuple_(*columns[1:]), tuple_(*(literal(part) for part in way.start))
    query = select(*columns).distinct().where(table.c.list == name, here > there if way.forward else here < there)
    query = query.order_by(*(column if way.forward else column.desc() for column in columns)).limit(limit)
    return [Entry(*row) for row in connection.execute(query)]
