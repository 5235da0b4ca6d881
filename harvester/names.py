"""What a record is called here, and what its source calls it since its identifiers changed: mostly the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sqlalchemy import Connection, bindparam, insert, select

from harvester import tables, upsert
from harvester.raw_record import Quarantined, RawRecord
from harvester.runs import Run

_ANY = select(tables.alias.c.name).where(tables.alias.c.library == bindparam("of")).limit(1)  # made once


def known(connection: Connection, library: str, identifiers: Sequence[str]) -> dict[str, str]:
    """Those of a source's identifiers that are not the names of their records here, each with the name."""
    table = tables.alias
    if not _any(connection, library):
        return {}
    found: dict[str, str] = {}
    for chunk in upsert.chunks(list(dict.fromkeys(identifiers))):
        query = select(table.c.identifier, table.c.name).where(table.c.library == library)
        found.update(
            (row.identifier, row.name) for row in connection.execute(query.where(table.c.identifier.in_(chunk)))
        )
    return found


def here(connection: Connection, library: str, epoch: int, identifiers: Sequence[str]) -> Mapping[str, str]:
    """The same, and a new identifier that was the name of another record gets a name of its own."""
    table = tables.alias
    if not _any(connection, library):
        return {}
    found = known(connection, library, identifiers)
    new = [identifier for identifier in dict.fromkeys(identifiers) if identifier not in found]
    for chunk in upsert.chunks(new):
        query = select(table.c.name).where(table.c.library == library, table.c.name.in_(chunk))
        given = {name: f"{name}~{epoch}" for name in connection.execute(query).scalars()}
        if given:
            rows = [{"library": library, "identifier": one, "name": name} for one, name in given.items()]
            connection.execute(insert(table), rows)
            found |= given
    return found


def given(
    connection: Connection, run: Run, records: Sequence[RawRecord], refused: Sequence[Quarantined]
) -> tuple[Sequence[RawRecord], Sequence[Quarantined]]:
    """The same records under the names they have here, where their source names them differently since an epoch."""
    if run.shelf != run.library:
        return records, refused
    every = [record.identifier for record in records] + [item.identifier for item in refused]
    called = here(connection, run.library, run.epoch, every)
    if not called:
        return records, refused
    return (
        [replace(record, identifier=called.get(record.identifier, record.identifier)) for record in records],
        [replace(item, identifier=called.get(item.identifier, item.identifier)) for item in refused],
    )


def there(connection: Connection, library: str, name: str) -> str:
    """What the source calls a record."""
    table = tables.alias
    query = select(table.c.identifier).where(table.c.library == library, table.c.name == name)
    return connection.execute(query).scalar_one_or_none() or name


def _any(connection: Connection, library: str) -> bool:
    return connection.execute(_ANY, {"of": library}).first() is not None
