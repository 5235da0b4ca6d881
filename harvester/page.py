"""What both protocols yield: pages of records, each with the place to go on from, the last with what its end proves."""

from __future__ import annotations

from dataclasses import dataclass

from harvester.store import Checkpoint, Quarantined, RawRecord


@dataclass(frozen=True, slots=True)
class End:
    """How a list ended. Only a proven end moves the watermark or deletes by absence."""

    proven: bool
    watermark: str  # what the next run goes on from
    reason: str = ""  # why nothing is proven, in words
    nameless: int = 0  # refused records of the list without a name: any absent record may be one of them
    nothing_new: bool = False  # the source says that it has not changed: the list is proven and states no records


@dataclass(frozen=True, slots=True)
class Page:
    """Records in the order of the source; the last page, and only that one, states its end.

    Without ``checkpoint`` a list that is interrupted begins anew: files are read again from the start.
    """

    records: tuple[RawRecord, ...]
    refused: tuple[Quarantined, ...] = ()
    repairs: int = 0  # places where bytes were mended
    expected: int | None = None  # records in the whole list, as far as the source says
    checkpoint: Checkpoint | None = None
    end: End | None = None
