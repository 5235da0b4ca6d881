"""The member libraries, how they are doing, and whether the catalogue answers."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from pydantic import Field

from search_api.schemas.base import Schema, Words


class RunBody(Schema):
    """A harvest. `seen` is the sum of new, changed, unchanged, deleted and unreadable."""

    kind: Literal["full", "incremental", "sweep"]
    status: Literal["complete", "unverified", "failed"]
    started_at: datetime
    ended_at: datetime | None
    seconds: float
    seen: int
    new: int
    changed: int
    unchanged: int
    deleted: int = Field(description="Stated as deleted; what was never here is among them.")
    left: int = Field(description="Records that are gone by it.")
    copies: int = Field(description="Records whose copies came in tables of their own; not among the seen.")
    unreadable: int
    waiting: int = Field(
        description="Came, and nothing has become of them yet: deletions held, records collected under other names."
    )
    vanished: int = Field(description="Left because a list that was proven complete no longer had them.")
    held: int = Field(description="Deletions that wait for a person.")
    error: str
    cause: str | None = Field(description="The kind of failure: `unreachable`, `host_unknown`, `not_let_in` …")
    come_back_at: datetime | None = Field(description="The library's server asked not to be asked again before.")


class HoldBody(Schema):
    """Deletions that wait for a person."""

    kind: str
    records: int
    live: int
    reason: str
    at: datetime


class RefusalBody(Schema):
    """Why records are in quarantine."""

    reason: str
    records: int


class RefusedFileBody(Schema):
    """A file that could not be read whole. It is to be replaced, or skipped: `allshelves skip CODE FILE`."""

    name: str
    reason: str
    waiting: tuple[str, ...] = Field(description="Files that are read once it is replaced or skipped.")


class LiveDayBody(Schema):
    """How often a library's live status was asked and answered, and how fast. `asked = answered + failed`."""

    day: date = Field(description="In UTC; the first, of several days.")
    kind: Literal["patrons", "monitor"]
    asked: int
    answered: int
    failed: int
    median_seconds: float | None = Field(description="Half of the answers came within; told to a fifth of itself.")
    slow_seconds: float | None = Field(description="95 of 100 came within.")
    compared: int = Field(description="Copies of answers that could be held against the catalogue.")
    only_live: int = Field(description="Of these, the catalogue does not know: a sign that the harvest is behind.")
    only_catalogued: int = Field(description="Of these, the library's system does not name.")
    last_answer_at: datetime | None
    last_failure_at: datetime | None
    last_failure: str


class LivePastBody(Schema):
    """What is kept of a library's live status, of all processes. Written every minute."""

    days: int = Field(description="Of so many days, today's among them.")
    patrons: LiveDayBody | None = Field(description="What patrons' pages asked, all days together.")
    monitor: LiveDayBody | None = Field(description="What `allshelves monitor` asked.")
    by_day: tuple[LiveDayBody, ...]
    unknown_words: dict[str, int] = Field(description="Status words that no table knows, with how often they came.")


class StandingBody(Schema):
    """How a library's harvests stand."""

    code: str
    name: Words
    freshness: Literal["never", "unproven", "fresh", "late", "alarm"] = Field(
        description="The age of the last proven harvest against what was to be expected; `alarm` also where only a"
        " person can help; `unproven`: harvested, and never proven complete."
    )
    in_words: Words
    records: int
    deleted: int
    copies_of: int = Field(description="Of so many records the copies came in tables of their own.")
    quarantined: int
    quarantined_because: tuple[RefusalBody, ...] = Field(description="The most frequent reasons.")
    last_complete_at: datetime | None = Field(description="The last proven harvest.")
    late_at: datetime | None = Field(description="From when on it is late, unless another is proven before.")
    next_harvest_at: datetime | None
    under_way: bool
    unproven_runs: int = Field(description="Since the last proven harvest.")
    last_run: RunBody | None
    held: tuple[HoldBody, ...]
    refused_files: tuple[RefusedFileBody, ...]
    reused: int = Field(description="Identifiers that the library gave to quite another record, in ninety days.")
    proposals: tuple[str, ...] = Field(description="What to change in the library's file.")
    collecting: bool = Field(description="Records under new names are collected, to replace the old in one step.")
    live_past: LivePastBody


class StandingsBody(Schema):
    libraries: tuple[StandingBody, ...]


class FiguresBody(Schema):
    """What came of asking a library's live status since the program started. `asked = answered + failed`."""

    protocol: str
    asked: int
    answered: int
    failed: int
    last_answer_at: datetime | None
    last_elapsed_seconds: float | None
    last_failure_at: datetime | None
    last_failure: str
    failing_since: datetime | None
    resting_until: datetime | None = Field(description="It keeps failing and is not asked before.")
    unknown_words: dict[str, int] = Field(description="Status words that no map knows, and how often they came.")
    compared: int = Field(description="Copies of answers that could be held against the catalogue.")
    only_live: int = Field(description="Of these, the catalogue does not know: a sign that the harvest is behind.")
    only_catalogued: int = Field(description="Of these, the library's system does not name.")


class LiveBody(FiguresBody):
    """How a library's live status is doing."""

    state: Literal["none", "not_asked", "answering", "failing"]


class LibraryBody(StandingBody):
    url: str
    short_name: Words
    region: str
    region_name: Words
    kind: str
    country: str
    homepage: str
    live: LiveBody


class LibrariesBody(Schema):
    libraries: tuple[LibraryBody, ...]


class QuarantinedBody(Schema):
    identifier: str
    stage: Literal["harvest", "read"]
    field: str
    reason: str
    at: datetime


class QuarantineBody(Schema):
    total: int
    quarantine: tuple[QuarantinedBody, ...] = Field(description="The first hundred, by identifier.")


class LiveHourBody(Schema):
    """One hour of a library's live status, of patrons and monitor together."""

    began: datetime
    answered: int
    slow: int = Field(description="Of the answers: later than a second.")
    failed: int


class LibraryDetailBody(LibraryBody):
    lends: Literal[True, False, "ask"] | None = Field(description="What no rule speaks of; null when it is not stated.")
    lending_days: int | None
    formats_not_lent: tuple[str, ...]
    branches: dict[str, Words]
    live_hours: tuple[LiveHourBody, ...] = Field(
        description="Of the last 24 hours those in which its system was asked, in their order."
    )


class HealthBody(Schema):
    status: Literal["ok"]
    version: str
    editions: int
    libraries: int
