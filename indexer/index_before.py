"""The index that the last rebuild replaced, as the catalogue remembers it: whether it can be gone back to, and what it
lacks."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, delete, insert, literal, select

from indexer import catalogue_rows as rows
from indexer import catalogue_tables as tables

KEPT = "before"
"""The state that names the engine which has such an index."""


def replace(connection: Connection, engine: str, *, kept_up: bool) -> None:
    """Notes that an engine's index was replaced; one that was not kept up to date until then is not gone back to.

    Before what is pending is cleared: the index replaced has not been given it.
    """
    connection.execute(delete(tables.since_rebuild))
    rows.set_state(connection, KEPT, engine if kept_up else "")
    if kept_up:
        pending = select(tables.pending.c.edition)
        connection.execute(insert(tables.since_rebuild).from_select(["edition"], pending))


def note_given(connection: Connection, editions: Iterable[str]) -> None:
    """Notes editions that only the index in use is given."""
    if not rows.state(connection, KEPT):
        return
    table = tables.since_rebuild
    for chunk in rows.chunks(sorted(editions)):
        connection.execute(delete(table).where(table.c.edition.in_(chunk)))
        connection.execute(insert(table), [{"edition": edition} for edition in chunk])


def is_kept(connection: Connection, engine: str) -> bool:
    """Whether an engine has an index that can be gone back to."""
    return rows.state(connection, KEPT) == engine


def mark_lacking(connection: Connection) -> None:
    """Notes that the engine has to be given what the index before lacks.

    What is noted stays so: the index it takes the place of is the one before then, and lacks no more than that.
    """
    stamp = int(rows.state(connection, "stamp") or 0)
    since, pending = tables.since_rebuild, tables.pending
    waiting = select(pending.c.edition)
    missing = select(since.c.edition, literal(stamp)).where(since.c.edition.not_in(waiting))
    connection.execute(insert(pending).from_select(["edition", "stamp"], missing))
    connection.execute(delete(since))
    connection.execute(insert(since).from_select(["edition"], waiting))
