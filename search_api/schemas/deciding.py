"""What the API tells of decisions: why an edition is one, what people judged, and which editions are of one work."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import ConfigDict, Field

from search_api.schemas.base import Schema
from search_api.schemas.catalogue import EditionBrief, EvidenceBody


class WithdrawalBody(Schema):
    """Who took a judgement back, when and why."""

    because: str
    by: str
    at: datetime


class VerdictBody(Schema):
    """That somebody judged two records: it overrules what the rules say until it is withdrawn."""

    a: str = Field(description="A record, as `library:identifier`.")
    b: str
    verdict: Literal["same", "different"]


class RulingBody(VerdictBody):
    """A person's judgement of two records, with all that is known of it."""

    number: int
    because: str
    by: str
    at: datetime
    withdrawn: WithdrawalBody | None = Field(default=None, description="Null while it holds.")


class JudgeQuestion(Schema):
    """A judgement to be made."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    a: str = Field(max_length=600, description="A record, as `library:identifier`.")
    b: str = Field(max_length=600)
    verdict: Literal["same", "different"]
    because: str = Field(max_length=2000, description="Why: what was seen that the rules do not see.")


class JudgedBody(Schema):
    """A judgement, made or withdrawn, and what it changed."""

    judgement: RulingBody
    edition_a: str | None = Field(description="The edition of the first record now; null when it was deleted.")
    edition_b: str | None
    merged: int = Field(description="Editions that gave up their id to another.")
    split: int = Field(description="Editions that were founded by records of another.")
    repeated: bool = Field(description="It held already, and nothing was changed.")
    searchable: Literal["with the next index"] = Field(
        default="with the next index",
        description="Editions show it at once, searches after the next index.",
    )


class JudgementsBody(Schema):
    judgements: tuple[RulingBody, ...] = Field(description="Oldest first.")


class ToldBody(Schema):
    """A record in a few words."""

    record: str
    edition: str
    title: str
    year: int | None
    publisher: str


class ConflictBody(Schema):
    a: str
    b: str
    reasons: tuple[str, ...]


class ApartBody(Schema):
    """Two records that were compared and not joined: one of the edition and, most often, one of another."""

    a: str
    b: ToldBody
    score: float
    reasons: tuple[str, ...] = Field(description="What forbids it first.")
    vetoes: tuple[str, ...]
    conflicts: tuple[ConflictBody, ...] = Field(description="Judged the same and not joined: what keeps them apart.")


class LinkedBody(EvidenceBody):
    borderline: bool = Field(description="Alone it would not join two groups of several records.")


class ExplanationBody(Schema):
    """Everything that decided about an edition."""

    id: str
    work: str | None = Field(description="Null when it is the only edition of its text.")
    split_from: str | None = Field(description="The edition that its records were part of before.")
    replaces: tuple[str, ...] = Field(description="Ids that redirect here.")
    records: tuple[ToldBody, ...]
    edges: tuple[LinkedBody, ...] = Field(description="Strongest first.")
    judgements: tuple[RulingBody | VerdictBody, ...] = Field(
        description="Of people, about its records; who judged, when and why is told to staff alone."
    )
    vetoed_inside: tuple[ApartBody, ...] = Field(description="Records of it that alone would not be one edition.")
    outvoted: tuple[ApartBody, ...] = Field(description="Judged the same as a record elsewhere, and yet not joined.")
    vetoed: tuple[ApartBody, ...] = Field(description="Alike enough, but something forbids it.")
    nearly: tuple[ApartBody, ...] = Field(description="Not forbidden, but not alike enough.")


class WorkBody(Schema):
    """Editions of the same text in the same language: any of them will do for whoever only wants to read it."""

    id: str
    url: str
    total: int
    editions: tuple[EditionBrief, ...] = Field(description="The newest first.")


class OtherEditionsBody(Schema):
    """Other editions of the text of an edition, the newest first."""

    edition: str
    work: str | None = Field(description="Null when it is the only one.")
    total: int
    editions: tuple[EditionBrief, ...]
    whole: tuple[EditionBrief, ...] = Field(description="Of a volume: editions that have the whole text.")
    volumes: tuple[EditionBrief, ...] = Field(description="Volumes, catalogued one by one, of the same text.")
