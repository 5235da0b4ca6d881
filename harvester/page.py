"""What every protocol is given and what it yields.

A visit goes in. Pages of records come out, each with the place to go on from, the last with what its end proves. For
sweeps the same of identifiers alone; for a doubtful absence, the news of one record.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from harvester.http import PatientSession
from harvester.ledger import FileEntry
from harvester.raw_record import Quarantined, RawRecord
from harvester.runs import Checkpoint
from harvester.traits import Trait
from mappings.library import Library

Presence = Literal["present", "gone", "unknown"]
"""Whether the source still has a record; unknown when it would not say."""


async def nobody_is_told() -> None:
    """The way of what commits no place to go on from: lists of names, and visits outside a run."""


@dataclass(frozen=True, slots=True)
class Visit:
    """What a protocol is told of the run it works for."""

    library: Library
    http: PatientSession
    started_at: datetime  # of the run's first attempt
    since: str = ""  # the watermark; "" lists everything
    checkpoint: Checkpoint | None = None  # goes on from here; its ``requested_at`` says that a token may be used up
    known: int = 0  # live records there are
    traits: Mapping[str, Trait] = field(default_factory=dict)  # learnt before
    files: Mapping[str, FileEntry] = field(default_factory=dict)  # known from before, by name
    requesting: Callable[[], Awaitable[None]] = nobody_is_told  # to be awaited before a token is sent of which
    # no checkpoint says that it is
    unseen: Callable[[Sequence[str]], Awaitable[Sequence[str]]] | None = (
        None  # of these names, those this run never saw
    )
    retry: Sequence[str] = ()  # names of records that could not be had before, to be asked for again


@dataclass(frozen=True, slots=True)
class End:
    """How a list ended. Only a proven end moves the watermark or deletes by absence."""

    proven: bool
    watermark: str  # what the next run goes on from
    reason: str = ""  # why nothing is proven, in words
    nameless: int = 0  # refused records of the list without a name: any absent record may be one of them
    nothing_new: bool = False  # the source says that it has not changed: the list is proven and states no records
    said: str = ""  # what else is to be told of a list that is proven, in words
    changes_only: bool = False  # what the list lacks is not absent, though the run began as a full one


@dataclass(frozen=True, slots=True)
class Page:
    """Records in the order of the source; the last page, and only that one, states its end.

    Without ``checkpoint`` a list that is interrupted begins anew: files are read again from the start. That of the last
    page leads to the end again, should the run be killed before what the end means is carried out.
    """

    records: tuple[RawRecord, ...]
    refused: tuple[Quarantined, ...] = ()
    repairs: int = 0  # places where bytes were mended
    expected: int | None = None  # records in the whole list, as far as the source says
    checkpoint: Checkpoint | None = None
    end: End | None = None
    learnt: Mapping[str, Trait] = field(default_factory=dict)  # committed with the page
    files: tuple[FileEntry, ...] = ()  # committed with the page


@dataclass(frozen=True, slots=True)
class IdentifierPage:
    """Identifiers of a list of all there is; the last page, and only that one, states its end.

    A sweep that is interrupted begins anew.
    """

    live: tuple[str, ...]
    deleted: tuple[str, ...] = ()  # listed as deleted
    expected: int | None = None
    repaired: bool = False  # bytes were mended: the list proves no absence
    end: End | None = None
    learnt: Mapping[str, Trait] = field(default_factory=dict)
