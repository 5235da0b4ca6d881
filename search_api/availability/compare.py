"""A live answer held against the catalogue: volumes it leaves out, copies one of the two does not know.

Copies that only the system knows, and copies that only the catalogue knows, are a sign that the harvest is behind.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from indexer.record import Item
from search_api.availability.status import AnswerState, AskedRecord, ItemStatus, RecordAnswer, is_of


@dataclass(frozen=True, slots=True)
class Comparison:
    """Copies of a record, counted; all 0 where the two cannot be held against each other."""

    compared: int = 0  # copies that either of the two knows
    only_live: int = 0
    only_catalogued: int = 0


def compared(record: AskedRecord, answer: RecordAnswer) -> tuple[RecordAnswer, Comparison]:
    """The answer with what the catalogue adds to it, and what differs.

    Copies are known by their barcodes, or by the system's own numbers, where both sides give one for every copy (and
    the numbers are of one kind: at least one agrees). A record without catalogued copies is not compared, for many
    libraries send none; nor is a partial answer.
    """
    items = tuple(_with_volume(item, record.copies) for item in answer.items)
    if answer.state is not AnswerState.OK or not _comparable(items, record.copies):
        return replace(answer, items=items), Comparison()
    known = tuple(replace(item, catalogued=any(is_of(item, copy) for copy in record.copies)) for item in items)
    missing = tuple(copy for copy in record.copies if not any(is_of(item, copy) for item in items))
    only_live = sum(not item.catalogued for item in known)
    difference = Comparison(len(record.copies) + only_live, only_live, len(missing))
    return replace(answer, items=known, missing=missing), difference


def _with_volume(item: ItemStatus, copies: Sequence[Item]) -> ItemStatus:
    """Many systems do not say which volume a copy is: the catalogue does."""
    if item.volume:
        return item
    return replace(item, volume=next((copy.volume for copy in copies if copy.volume and is_of(item, copy)), ""))


def _comparable(items: Sequence[ItemStatus], copies: Sequence[Item]) -> bool:
    if not copies:
        return False
    by_barcode = all(item.barcode for item in items) and all(copy.barcode for copy in copies)
    by_number = all(item.item_id for item in items) and all(copy.item_id for copy in copies)
    return by_barcode or (by_number and any(is_of(item, copy) for item in items for copy in copies))
