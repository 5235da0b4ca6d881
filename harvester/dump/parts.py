"""Records too long for ISO 2709, which systems send as several with one control number: one again.

A record has room for 99,999 bytes; what holds hundreds of copies has more. Its parts stay one after another in the
payload, as they were sent: who reads it puts them together.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from harvester.iso2709 import ENTRY_BYTES, FIELD_END, LEADER_BYTES
from harvester.marc_rules import TITLES
from harvester.marc_split import MAX_RECORD_BYTES, Cut, Piece

NEARLY_FULL = 80_000
"""Bytes from which a part may be one because the next field had no room."""

_NOT_OF_BOOKS = b"uvxyz"  # leader/06: holdings of their own, authorities


def joined(cuts: Iterable[tuple[Piece, Cut | str]]) -> Iterator[tuple[Piece, Cut | str]]:
    """The records of a stream of ISO 2709, those that are parts of the one before put behind it."""
    before: tuple[Piece, Cut] | None = None
    last = b""
    for piece, cut in cuts:
        if before and isinstance(cut, Cut) and _goes_on(before[1], last, cut):
            before = before[0], replace(before[1], payload=before[1].payload + cut.payload)
            last = cut.payload
            continue
        if before:
            yield before
        before = None
        if isinstance(cut, Cut):
            before, last = (piece, cut), cut.payload
        else:
            yield piece, cut
    if before:
        yield before


def _goes_on(before: Cut, last: bytes, cut: Cut) -> bool:
    """Whether a record is more of the one before: its number, and either the title only there or no room there.

    Whole records that share a number are two: some systems number unlike things alike.
    """
    if not cut.control_number or cut.control_number != before.control_number or cut.deleted or before.deleted:
        return False
    if last[6:7] != cut.payload[6:7] or cut.payload[6:7] in _NOT_OF_BOOKS:
        return False
    if len(before.payload) + len(cut.payload) > MAX_RECORD_BYTES:
        return False
    return len(last) >= NEARLY_FULL or (_has_title(before.payload) and not _has_title(cut.payload))


def _has_title(data: bytes) -> bool:
    directory = data[LEADER_BYTES : data.find(FIELD_END)]
    return any(directory[at : at + 3].decode("latin-1") in TITLES for at in range(0, len(directory), ENTRY_BYTES))
