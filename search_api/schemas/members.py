"""The member libraries, how they are doing, and whether the catalogue answers."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field

from search_api.schemas.base import Schema, Words


class RunBody(Schema):
    """A harvest. `seen` is the sum of new, changed, unchanged, deleted and unreadable."""

    kind: Literal["full", "incremental", "sweep"]
    status: Literal["complete", "unverified", "failed"]
    started_at: datetime
    seconds: float
    seen: int
    new: int
    changed: int
    unchanged: int
    deleted: int
    unreadable: int
    error: str


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


class LiveBody(FiguresBody):
    """How a library's live status is doing."""

    state: Literal["none", "not_asked", "answering", "failing"]


class LibraryBody(Schema):
    code: str
    url: str
    name: Words
    short_name: Words
    region: str
    region_name: Words
    kind: str
    country: str
    homepage: str
    records: int
    deleted: int
    quarantined: int
    last_run: RunBody | None
    last_complete_at: datetime | None
    live: LiveBody


class LibrariesBody(Schema):
    libraries: tuple[LibraryBody, ...]


class QuarantinedBody(Schema):
    identifier: str
    stage: Literal["harvest", "read"]
    field: str
    reason: str
    at: datetime


class LibraryDetailBody(LibraryBody):
    lends: bool
    lending_days: int | None
    formats_not_lent: tuple[str, ...]
    branches: dict[str, Words]
    quarantine: tuple[QuarantinedBody, ...] = Field(description="The first hundred, by identifier.")


class HealthBody(Schema):
    status: Literal["ok"]
    version: str
    editions: int
    libraries: int
