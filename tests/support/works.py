"""The works of a catalogue as the records they hold, so that two ways to them can be compared."""

from __future__ import annotations

from indexer import work_rows
from indexer.catalogue import Catalogue
from indexer.record import RecordRef


def works_of_several(catalogue: Catalogue) -> set[frozenset[RecordRef]]:
    """The records of each work of several editions."""
    editions = catalogue.editions_of_all()
    with catalogue.engine.connect() as connection:
        of = work_rows.works_of(connection)
    groups: dict[str, set[RecordRef]] = {}
    for ref, edition in editions.items():
        if edition in of:
            groups.setdefault(of[edition], set()).add(ref)
    return {frozenset(group) for group in groups.values() if len({editions[ref] for ref in group}) > 1}
