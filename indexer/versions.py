"""A version of a record against the one before: a damaged one does not take the place of one that can be read.

What a damaged version says is not lost: it is kept raw, counted and explained like every unreadable record, and the
catalogue goes on with the version it had. The first version there is of a record is taken as it is.
"""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Connection

from indexer import catalogue_rows as rows
from indexer import codec
from indexer.damage import Damage, damage
from indexer.preparing import Batch, Refused

_REASONS = {
    Damage.SUSPECT: "its title seems garbled",
    Damage.LOSSY: "characters of its title, or many others, are lost",
    Damage.GARBAGE: "its title has no letter and no figure",
    Damage.UNTITLED: "it has no title any more",
}
_STAYS = "; the version before, which is better, stays"


def without_worse(connection: Connection, batch: Batch) -> Batch:
    """The batch with those of its records refused that are damaged where the version in the catalogue is less so."""
    damaged = {one.ref: one for one in batch.prepared if one.damage}
    if not damaged:
        return batch
    stored = rows.records_by_ref(connection, damaged)
    refused: list[Refused] = []
    for ref, one in damaged.items():
        row = stored.get(ref)
        if row is None or row.payload is None or row.payload == one.payload:
            continue
        if damage(codec.decode(row.payload)) < one.damage:
            refused.append(Refused(ref, "245", _REASONS[one.damage] + _STAYS))
    worse = {one.ref for one in refused}
    return replace(
        batch,
        prepared=tuple(one for one in batch.prepared if one.ref not in worse),
        refused=(*batch.refused, *refused),
    )
