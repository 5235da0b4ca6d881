"""When editions entered the catalogue and when their records last changed: for feeds, site maps and caches."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, Select, and_, func, select

from harvester import tables as harvested
from indexer import catalogue_tables as tables
from indexer.catalogue_rows import chunks

_STREAMED = 1000
"""Rows fetched at a time: a part of a site map is never in memory as a whole."""


@dataclass(frozen=True, slots=True)
class Times:
    """What is known of an edition's age. In UTC."""

    entered: datetime  # the first of its records came
    changed: datetime  # the last of them came or changed


def newest(engine: Engine, limit: int, offset: int = 0) -> list[str]:
    """The ids of the editions that entered last, the newest first."""
    table = tables.editions
    query = select(table.c.id).where(table.c.status == "live").order_by(table.c.founded.desc(), table.c.id.desc())
    with engine.connect() as connection:
        return list(connection.execute(query.limit(limit).offset(offset)).scalars())


def times(engine: Engine, ids: Iterable[str]) -> dict[str, Times]:
    """The times of these editions; those that are not live are absent."""
    found = {}
    with engine.connect() as connection:
        for chunk in chunks(ids):
            for row in connection.execute(_times().where(tables.records.c.edition.in_(chunk))):
                found[row.edition] = Times(row.entered, row.changed)
    return found


def last_change(engine: Engine) -> datetime | None:
    """When a harvest last ended; None when nothing was ever harvested."""
    with engine.connect() as connection:
        return connection.execute(select(func.max(harvested.run.c.finished_at))).scalar_one_or_none()


def count(engine: Engine) -> int:
    """How many editions are live."""
    table = tables.editions
    with engine.connect() as connection:
        return connection.execute(select(func.count()).select_from(table).where(table.c.status == "live")).scalar_one()


def changes(engine: Engine, begins: str) -> Iterator[tuple[str, datetime]]:
    """The ids of live editions that begin so, rising, each with its last change; one after the other."""
    column = tables.records.c.edition
    query = _times().where(column >= begins, column < begins + "\x7f").order_by(column)
    with engine.connect() as connection:
        streamed = connection.execution_options(yield_per=_STREAMED)
        for row in streamed.execute(query):
            yield row.edition, row.changed


def _times() -> Select[Any]:
    record, raw, run = tables.records, harvested.raw, harvested.run
    same = and_(raw.c.library == record.c.library, raw.c.identifier == record.c.identifier)
    return (
        select(
            record.c.edition,
            func.min(func.coalesce(run.c.started_at, raw.c.harvested_at, type_=harvested.Instant)).label("entered"),
            func.max(raw.c.harvested_at).label("changed"),
        )
        .select_from(record.join(raw, same).outerjoin(run, run.c.id == raw.c.first_run))
        .where(record.c.payload.is_not(None), record.c.edition.is_not(None))
        .group_by(record.c.edition)
    )
