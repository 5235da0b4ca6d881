"""What a member holds of a record, from wherever its system puts it: presets, and fields of the library's own file.

Copies at the same place under the same call number are one holding with several items. Of an item only what lasts is
read; its state is never harvested, it is asked live.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from indexer.holdings import item_fields
from indexer.holdings.copies import Copy, gathered, web_address
from indexer.holdings.presets import PRESETS
from indexer.marc import Marc
from indexer.record import Holding
from mappings.item_columns import ROW_FIELD
from mappings.item_field import ItemField

__all__ = ["PRESETS", "holdings", "web_address"]


def holdings(
    marc: Marc, preset: str, library: str, identifier: str, local_id: str, *, own: Sequence[ItemField] = ()
) -> tuple[Holding, ...]:
    """The holdings of a record, in the order of their first copies; empty when the record states none.

    ``own`` are fields that the library's file describes; they are read after those of the preset, and rows of a
    separate item file after them.
    """
    return gathered(_copies(marc, preset, own), library, identifier, local_id)


def _copies(marc: Marc, preset: str, own: Sequence[ItemField]) -> Iterator[Copy]:
    for source in (*PRESETS[preset].reads, *own, ROW_FIELD):
        if not isinstance(source, ItemField):
            yield from source(marc)
        elif marc.has(source.tag):
            yield from item_fields.copies(marc, source)
