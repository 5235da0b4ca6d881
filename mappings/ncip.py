"""How a library's system is asked over NCIP 2: as whom, and what it takes a record's number for."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class Ncip(BaseModel):
    """What an NCIP 2 responder wants to be told. The library's own agency is ``availability.institution``."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    from_agency: str = Field(default="ALLSHELVES", min_length=1, max_length=100)  # who asks, as the library knows us
    number: Literal["record", "item"] = "record"  # asked as BibliographicRecordId or as BibliographicItemId
    page_size: int = Field(default=500, ge=1, le=2_000)  # copies wanted in one answer (MaximumItemsCount)
