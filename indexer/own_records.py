"""What the catalogue holds of one library: its records, which of them meet, and how good they are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from sqlalchemy import func, select

from harvester.store import Store
from indexer import attached, codec
from indexer import catalogue_tables as tables
from indexer.attached import with_holdings
from indexer.catalogue import Catalogue
from indexer.catalogue_rows import state
from indexer.holdings.unread import tags_of, unread_copies
from indexer.marc import Marc
from indexer.quality import EXAMPLES, RECORDS_SHOWN, Duplicate, Duplicates, Quality, Unattached, Waiting, quality
from indexer.read import is_dublin_core, taken_apart
from indexer.record import Record, RecordRef
from indexer.transmission import Malformed
from indexer.unread_fields import unread_fields
from mappings.library import Library

BATCH = 1_000
"""Records in memory at once."""

BARE_LOOKED_AT = 200
"""Records without holdings whose raw form is looked through for copies that stand unread."""

LOOKED_AT = 1_000
"""Records, spread evenly over all, whose raw form is looked through for fields that nothing reads."""


def count(catalogue: Catalogue, library: str) -> int:
    """How many live records the catalogue holds of a library."""
    table = tables.records
    query = select(func.count()).where(table.c.library == library, table.c.payload.is_not(None))
    with catalogue.engine.connect() as connection:
        return connection.execute(query).scalar_one()


def records(catalogue: Catalogue, library: str, containing: str = "") -> Iterator[Record]:
    """A library's live records in the order of their identifiers, those with a text in their identifier when given.

    Some at a time, so that any number fits in memory. Raises: CodecMismatch.
    """
    table = tables.records
    query = select(table.c.identifier, table.c.payload).where(table.c.library == library, table.c.payload.is_not(None))
    if containing:
        query = query.where(table.c.identifier.contains(containing, autoescape=True))
    query = query.order_by(table.c.identifier).limit(BATCH)
    last = ""
    while True:
        with catalogue.engine.connect() as connection:
            batch = connection.execute(query.where(table.c.identifier > last)).all()
            found = with_holdings(connection, [codec.decode(row.payload) for row in batch])
        yield from found
        if len(batch) < BATCH:
            return
        last = batch[-1].identifier


def duplicates(catalogue: Catalogue, library: str) -> Duplicates:
    """The editions that a library has several records of; those with the most as examples.

    Raises: CodecMismatch.
    """
    table = tables.records
    own = (table.c.library == library, table.c.payload.is_not(None))
    times = func.count().label("times")
    groups = select(table.c.edition, times).where(*own).group_by(table.c.edition).having(times > 1)
    whole = groups.subquery()
    found: list[Duplicate] = []
    with catalogue.engine.connect() as connection:
        editions, of_them = connection.execute(select(func.count(), func.sum(whole.c.times)).select_from(whole)).one()
        for row in connection.execute(groups.order_by(times.desc(), table.c.edition).limit(EXAMPLES)).all():
            first = select(table.c.payload).where(*own, table.c.edition == row.edition).order_by(table.c.identifier)
            alike = [codec.decode(payload) for payload in connection.execute(first.limit(RECORDS_SHOWN)).scalars()]
            title = alike[0].title
            found.append(Duplicate(row.edition, title.proper if title else "", tuple(one.ref for one in alike)))
    return Duplicates(editions, int(of_them or 0) - editions, tuple(found))


def unattached(catalogue: Catalogue, library: str) -> Unattached:
    """A library's holdings records whose record the catalogue does not hold, the first as examples."""
    times = 0
    examples: list[Waiting] = []
    with catalogue.engine.connect() as connection:
        for ref, belongs_to in attached.unattached(connection, library):
            times += 1
            if times <= EXAMPLES:
                examples.append(Waiting(ref, belongs_to))
    return Unattached(times, tuple(examples))


def state_of(store: Store, catalogue: Catalogue, library: str) -> str:
    """What changes whenever the quality of a library's records may have: a name for the state they are in."""
    with catalogue.engine.connect() as connection:
        read = [state(connection, name) for name in ("cursor", "stamp", "codec", "model")]
    known = store.library_state(library)
    run = known.last_run.started_at.isoformat() if known.last_run else ""
    return " ".join(map(str, (*read, run, known.records, known.quarantined)))


def quality_of(
    store: Store, catalogue: Catalogue, library: Library, progress: Callable[[int], None] | None = None
) -> Quality:
    """How good a library's records are, those the catalogue holds and those in quarantine. Raises: CodecMismatch."""
    bare: list[RecordRef] = []
    some: list[RecordRef] = []
    step = max(1, -(-count(catalogue, library.code) // LOOKED_AT))
    told = quality(
        library,
        _noting(records(catalogue, library.code), bare, some, step),
        duplicates=duplicates(catalogue, library.code),
        unattached=unattached(catalogue, library.code),
        quarantined=store.quarantined(library.code),
        progress=progress,
    )
    read = {field.tag for field in library.records.item_fields}
    if any(one.records for one in told.coverage if one.field == "holdings"):
        read.update(tags_of(library.records.holdings))  # it is the right preset: what it passed over left the library
    without_copies = (marc for _, marc in _taken_apart(store, library, bare))
    return replace(
        told,
        unread_copies=unread_copies(without_copies, read, library.records.holdings),
        unread_fields=unread_fields(_taken_apart(store, library, some), library),
    )


def _noting(found: Iterable[Record], bare: list[RecordRef], some: list[RecordRef], step: int) -> Iterator[Record]:
    """The records as they come; the first without holdings are noted in ``bare``, one in every ``step`` in ``some``."""
    for at, record in enumerate(found):
        if not record.holdings and len(bare) < BARE_LOOKED_AT:
            bare.append(record.ref)
        if at % step == 0 and len(some) < LOOKED_AT:
            some.append(record.ref)
        yield record


def _taken_apart(store: Store, library: Library, refs: Iterable[RecordRef]) -> Iterator[tuple[RecordRef, Marc]]:
    for ref in refs:
        stored = store.raw(*ref)
        if stored is None or is_dublin_core(stored.raw):
            continue
        try:
            yield ref, taken_apart(stored.raw, library)
        except Malformed:  # a newer version came and is in quarantine: the report counts it there
            continue


def named(catalogue: Catalogue, library: str, local_id: str) -> tuple[RecordRef, ...]:
    """The records of a library that its own system calls so: looked for by identifier first, then in all records."""
    for containing in (local_id, ""):
        if found := [r.ref for r in records(catalogue, library, containing) if r.local_id == local_id]:
            return tuple(found)
    return ()
