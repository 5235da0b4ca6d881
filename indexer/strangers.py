"""Records of libraries that have no file any more, or none yet: they stay as they are until the file is there."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import Connection, bindparam, func, select, update

from harvester import tables, upsert
from harvester.store import Store

NOT_CONFIGURED = "its library is not configured here, so it stays as it was in the catalogue"
"""Why a record was not read whose library has no file."""


def not_configured(store: Store, known: Collection[str]) -> Mapping[str, int]:
    """By library without a file: how many of its records came and were not read."""
    table = tables.quarantine
    waiting = select(table.c.library, func.count()).where(table.c.stage == "read", table.c.reason == NOT_CONFIGURED)
    with store.reading() as connection:
        rows = connection.execute(waiting.group_by(table.c.library).order_by(table.c.library)).all()
    return {library: count for library, count in rows if library not in known}


def wait_for(store: Store, known: Collection[str]) -> bool:
    """Whether records wait to be read whose library has its file again."""
    return bool(_back(store, known))


def welcome_back(store: Store, known: Collection[str]) -> None:
    """Makes news again of records that were not read because their library had no file, where it has one now."""
    for library in sorted(_back(store, known)):
        with store.writing() as connection:
            _tell_again(connection, library)


def _back(store: Store, known: Collection[str]) -> set[str]:
    table = tables.quarantine
    waiting = (table.c.stage == "read", table.c.reason == NOT_CONFIGURED)
    with store.reading() as connection:
        return set(connection.execute(select(table.c.library).where(*waiting).distinct()).scalars()) & set(known)


def _tell_again(connection: Connection, library: str) -> None:
    raw, table = tables.raw, tables.quarantine
    unread = (table.c.library == library, table.c.stage == "read", table.c.reason == NOT_CONFIGURED)
    names = list(connection.execute(select(table.c.identifier).where(*unread)).scalars())
    first = upsert.next_seqs(connection, len(names))
    connection.execute(
        update(raw)
        .where(raw.c.library == library, raw.c.identifier == bindparam("name"))
        .values(seq=bindparam("number")),
        [{"name": name, "number": number} for number, name in enumerate(names, first)],
    )
    connection.execute(table.delete().where(*unread))
