"""What a run counts of records that came and have become nothing yet: they are collected beside those there are.

Without it the figures would tell of new records when a library merely calls the same ones something else.
"""

from __future__ import annotations

from sqlalchemy import Connection, select, update

from harvester import tables


def counted(connection: Connection, run: int) -> dict[str, int]:
    """Takes what a run collected beside the records there are for none of their changes: nobody sees it yet."""
    (row,) = connection.execute(select(tables.run).where(tables.run.c.id == run)).all()
    came = {"new": row.new, "changed": row.changed, "unchanged": row.unchanged}
    return {**{name: -count for name, count in came.items()}, "waiting": sum(came.values())}


def settled(connection: Connection, run: int, new: int, changed: int) -> None:
    """Says of a run what its records were once they are in the place of those before: the others are as they were."""
    table = tables.run
    (row,) = connection.execute(select(table).where(table.c.id == run)).all()
    seen = row.new + row.changed + row.unchanged + row.waiting
    counts = {"new": new, "changed": changed, "unchanged": seen - new - changed, "waiting": 0}
    connection.execute(update(table).where(table.c.id == run).values(counts))
