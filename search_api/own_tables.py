"""Tables of one room in the store's database: made when they are first opened, and added to by several processes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, MetaData, Table, inspect
from sqlalchemy.dialects import postgresql, sqlite

from harvester.store import Store


def make_absent(store: Store, metadata: MetaData) -> None:
    """Makes the tables that are not there.

    Raises: StoreUnusable.
    """
    with store.reading() as connection:
        there = set(inspect(connection).get_table_names())
    if not there >= metadata.tables.keys():  # else nobody waits for a writer to read some figures
        with store.writing() as connection:
            metadata.create_all(connection)


def add_to_row(
    connection: Connection,
    table: Table,
    key: Mapping[str, Any],
    *,
    added: Mapping[str, int],
    replaced: Mapping[str, Any] | None = None,
    otherwise: Mapping[str, Any] | None = None,
) -> None:
    """Adds to a row and replaces the rest of it, or makes it; ``otherwise``: what a new row has for want of better."""
    into = postgresql.insert(table) if connection.dialect.name == "postgresql" else sqlite.insert(table)
    statement = into.values({**key, **(otherwise or {}), **added, **(replaced or {})})
    changed = {name: table.c[name] + value for name, value in added.items()} | dict(replaced or {})
    connection.execute(statement.on_conflict_do_update(index_elements=list(key), set_=changed))
