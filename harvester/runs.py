"""A harvest of one member: under way, where it goes on, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from harvester.errors import Cause

RunKind = Literal["full", "incremental", "sweep"]
RunStatus = Literal["complete", "unverified", "failed"]

OF_FILES = "marc-dump"
"""How the source of a run over files begins, before its places."""


@dataclass(frozen=True, slots=True)
class Run:
    """A harvest under way. Its number is the generation of the records it sees."""

    id: int
    library: str
    kind: RunKind
    source: str  # where it is harvested from; a change of address, set or prefix makes another source
    since: str  # the watermark it started from, "" when everything was asked for
    owner: str
    started_at: datetime  # of its first attempt
    attempt_at: datetime
    epoch: int = 1
    shelf: str = ""  # where its records are put: the library's code, or a place beside it while an epoch collects


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Where a run goes on: committed with the page before it."""

    token: str  # what names the next page
    pages: int = 0  # read in this pass over the list
    listed: int = 0  # records listed in this pass
    next_cursor: int | None = None  # the position the next page should state; absent when the server states none
    expected: int | None = None  # the size of the list as last stated
    suspect: bool = False  # a page may have been skipped: the end proves nothing unless the numbers add up
    nameless: int = 0  # records of this pass that came without a name
    server_time: datetime | None = None  # the response date of the run's first page
    plan: str = ""  # the protocol's own, as JSON: the window it is in, those to come
    requested_at: datetime | None = None  # from then on the next page may have been asked for, and was never committed


@dataclass(frozen=True, slots=True)
class RunOutcome:
    """What a harvest of one member gave. ``seen == new + changed + unchanged + deleted + unreadable + waiting``; copies
    that come in tables of their own are counted beside them."""

    library: str
    kind: RunKind
    status: RunStatus
    started_at: datetime
    seconds: float  # of the attempt that ended it
    seen: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    deleted: int = 0  # the source said so
    unreadable: int = 0
    error: str = ""  # why it failed or could not be verified, in words
    vanished: int = 0  # deleted because a complete full list no longer had them; they are not among the seen
    repairs: int = 0  # byte sequences no XML allows that were mended while reading
    held: int = 0  # deletions that wait for a person: ``allshelves accept``
    reused: int = 0  # identifiers of changed records that now name quite another: what was there is kept
    ended_at: datetime | None = None  # absent while it is under way
    cause: Cause | None = None  # the kind of failure; absent when none ended it
    come_back_at: datetime | None = None  # the source asked not to be asked again before
    left: int = 0  # records that went: of those stated as deleted and of those vanished, without what is held
    copies: int = 0  # records whose copies came in a table of their own
    waiting: int = 0  # that came and of which nothing has become yet: deletions held, records collected beside others


@dataclass(frozen=True, slots=True)
class LibraryState:
    """What is known of a member's records: for `GET /api/libraries` and the members page."""

    library: str
    records: int  # live raw records
    deleted: int
    quarantined: int
    copies: int  # records whose copies are from a table of their own
    last_run: RunOutcome | None
    last_complete_at: datetime | None  # of those that brought a statement or news of one
    confirmed_at: datetime | None = None  # … of all: a drop folder without news states nothing anew, and is not late
