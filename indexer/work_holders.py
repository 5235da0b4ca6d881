"""Who holds a work in any edition: what tells the last copy of an edition from the last copy of a text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from sqlalchemy import Connection, func, select

from indexer import catalogue_tables as tables
from indexer.catalogue_rows import chunks


def holders_of_works(connection: Connection, works: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """For each of these works the libraries that hold any edition of it, sorted; works it does not have are absent."""
    record, edition = tables.records, tables.work_editions
    held: dict[str, set[str]] = {}
    query = (
        select(edition.c.work, record.c.library)
        .join(record, record.c.edition == edition.c.edition)
        .where(record.c.payload.is_not(None))
        .distinct()
    )
    for chunk in chunks(works):
        for work, library in connection.execute(query.where(edition.c.work.in_(chunk))):
            held.setdefault(work, set()).add(library)
    return {work: tuple(sorted(libraries)) for work, libraries in held.items()}


def unique_but_in_other_editions(connection: Connection) -> dict[str, int]:
    """For each library how many of the editions that no other holds are of a work that another does hold in another
    edition; libraries without any are absent.

    One pass over the records of works of several editions.
    """
    record, edition = tables.records, tables.work_editions
    query = (
        select(edition.c.work, func.min(record.c.library), func.max(record.c.library))
        .join(record, record.c.edition == edition.c.edition)
        .where(record.c.payload.is_not(None))
        .group_by(edition.c.work, edition.c.edition)
        .order_by(edition.c.work)
    )
    found: Counter[str] = Counter()
    here, alone, several = "", Counter[str](), False
    holders: set[str] = set()

    def close() -> None:
        if several or len(holders) > 1:
            found.update(alone)

    for work, first, last in connection.execute(query):
        if work != here:
            close()
            here, alone, several, holders = work, Counter(), False, set()
        if first == last:
            alone[first] += 1
            holders.add(first)
        else:
            several = True
    close()
    return dict(found)
