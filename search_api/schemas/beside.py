"""What stands around an edition."""

from __future__ import annotations

from pydantic import Field

from search_api.schemas.base import Schema
from search_api.schemas.catalogue import EditionBrief


class SpineBody(Schema):
    call_number: str
    here: bool = Field(description="Whether it is the edition that was asked about.")
    edition: EditionBrief


class SubjectShelfBody(Schema):
    """Other works on a subject of the edition."""

    subject: str
    total: int = Field(description="Editions with the subject; `/api/search?subject_is=…` finds all of them.")
    editions: tuple[EditionBrief, ...]


class BesideBody(Schema):
    edition: str
    scheme: str = Field(description="The scheme of whose shelf this is a part; empty without a shelf.")
    shelf: tuple[SpineBody, ...] = Field(description="By call number, as if all libraries shared one shelf.")
    subject: SubjectShelfBody | None = Field(description="Null when no other work has one of its subjects.")
