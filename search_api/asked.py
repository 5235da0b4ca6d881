"""A record as its library's system is asked about it by staff: with all that the catalogue knows it by."""

from __future__ import annotations

from sqlalchemy import select

from harvester.store import Store
from harvester.tables import raw
from indexer.catalogue import Catalogue
from indexer.record import RecordRef
from search_api.availability.status import AskedRecord, questions
from search_api.commands import reading

LOOKED_AT = 50  # records, until one is found that can be asked about


def named(store: Store, catalogue: Catalogue, library: str, local_id: str) -> AskedRecord:
    """The record that a library's system calls so; one that the catalogue does not know has nothing but this name.

    Raises: reading.Ambiguous, CodecMismatch.
    """
    stored = reading.find(store, catalogue, library, local_id)
    found = _of(catalogue, RecordRef(library, stored.raw.identifier)) if stored is not None else None
    return found or AskedRecord(local_id)


def any_of(store: Store, catalogue: Catalogue, library: str) -> AskedRecord | None:
    """A record with catalogued copies, the same each time while nothing changes, else any; None: there is none.

    Raises: CodecMismatch.
    """
    query = select(raw.c.identifier).where(raw.c.library == library, ~raw.c.deleted)
    with store.reading() as connection:
        identifiers = list(connection.scalars(query.order_by(raw.c.identifier).limit(LOOKED_AT)))
    found = [one for i in identifiers if (one := _of(catalogue, RecordRef(library, i))) is not None]
    return next((one for one in found if one.copies), found[0] if found else None)


def _of(catalogue: Catalogue, ref: RecordRef) -> AskedRecord | None:
    edition_id = catalogue.edition_of(ref)
    if edition_id is None:
        return None
    [edition] = catalogue.editions([edition_id]).values()
    ours = {one.local_id for one in edition.members if one.ref == ref}
    records = (record for one in questions(edition) if one.library == ref.library for record in one.records)
    return next((record for record in records if record.local_id in ours), None)
