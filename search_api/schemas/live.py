"""Live availability: what each library's system says now."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import Field

from search_api.availability.status import AnswerState, ItemState, Standing
from search_api.schemas.base import Schema, Words


class ItemStatusBody(Schema):
    state: ItemState
    item_id: str
    barcode: str
    local_id: str
    due: date | None
    branch: str = Field(description="As the library's system says it.")
    location: str
    call_number: str
    volume: str
    queue: int | None
    message: str = Field(description="The library's own words.")
    url: str
    catalogued: bool | None = Field(
        description="False: the catalogue does not know this copy yet; null: the two cannot be held against each other."
    )


class VolumeBody(Schema):
    """The copies of one volume of a set or a series."""

    volume: str = Field(description="As the library writes it; empty where nobody says of which volume a copy is.")
    state: ItemState = Field(description="The best state of its copies.")
    copies: int
    available: int = Field(description="Copies in the best state, when in that state they can be had now; else 0.")
    first_due: date | None
    queue: int | None


class AnswerBody(Schema):
    """What one library's system says of the edition now."""

    edition: str
    library: str
    name: Words
    state: AnswerState = Field(description="What came of asking; kept apart from the state of the copies.")
    standing: Standing = Field(description="Where the library stands; the summary counts these.")
    best_state: ItemState
    copies: int | None = Field(description="Null, like the next three, when copies are of different volumes.")
    available: int | None = Field(description="Copies in the best state, when in it they can be had now; else 0.")
    first_due: date | None
    queue: int | None
    volumes: tuple[VolumeBody, ...] = Field(description="In their order; empty when the copies are all of one thing.")
    in_words: Words
    items: tuple[ItemStatusBody, ...]
    missing: tuple[str, ...] = Field(
        description="Barcodes (or item numbers) of catalogued copies that the system does not name."
    )
    as_of: datetime | None = Field(description="When the system said so; null when it said nothing.")
    elapsed_seconds: float
    message: str
    failing_since: datetime | None
    pending: bool = Field(description="It was still being asked at the deadline.")
    record_urls: tuple[str, ...]


class SummaryBody(Schema):
    """All holders by standing; the counts add up to the holders. Unanswered is unknown, never unavailable."""

    holders: int
    counts: dict[Standing, int]


class AvailabilityBody(Schema):
    edition: str
    asked_at: datetime
    deadline_seconds: float = Field(description="The longest of its libraries' own: nobody waits longer.")
    summary: SummaryBody
    answers: tuple[AnswerBody, ...] = Field(description="In the order of library codes.")
