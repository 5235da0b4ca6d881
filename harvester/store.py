"""The raw store: every record exactly as harvested, the runs that brought it, and where to go on.

SQLAlchemy Core over SQLite or PostgreSQL, by URL. A page of records and its checkpoint are committed together;
the watermark moves only when the end of a list was proven.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

PayloadFormat = Literal["marcxml", "iso2709", "oai_dc"]


@dataclass(frozen=True, slots=True)
class RawRecord:
    """One library's record exactly as harvested, or the news that it was deleted (then ``payload`` is empty)."""

    library: str
    identifier: str  # the OAI identifier; for files the control number, else a stable hash-free position
    format: PayloadFormat
    payload: bytes
    deleted: bool = False
    datestamp: str = ""  # as sent


@dataclass(frozen=True, slots=True)
class StoredRecord:
    """A raw record with the number of its last change: rising over the whole store, never reused."""

    raw: RawRecord
    seq: int
    harvested_at: datetime


@dataclass(frozen=True, slots=True)
class RunOutcome:
    """What a harvest of one member gave. ``seen == new + changed + unchanged + deleted + unreadable``."""

    library: str
    kind: Literal["full", "incremental"]
    status: Literal["complete", "unverified", "failed"]
    started_at: datetime
    seconds: float
    seen: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    deleted: int = 0
    unreadable: int = 0
    error: str = ""  # why it failed or could not be verified, in words


@dataclass(frozen=True, slots=True)
class LibraryState:
    """What is known of a member's records: for `GET /api/libraries` and the members page."""

    library: str
    records: int  # live raw records
    deleted: int
    quarantined: int
    last_run: RunOutcome | None
    last_complete_at: datetime | None


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A record that could not be read: kept, counted and explained."""

    library: str
    identifier: str
    stage: Literal["harvest", "read"]
    field: str  # the MARC field or the place in the file, "" when it is the whole record
    reason: str
    at: datetime
