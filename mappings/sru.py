"""How an SRU server's records are listed whole: in parts that are each small enough to be given to the end."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

PREFIX = "{prefix}"
BOUNDS = ("{low}", "{high}")


class Sru(BaseModel):
    """What to ask an SRU server. ``part`` is a CQL query with ``{prefix}``, or with ``{low}`` and ``{high}``."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    version: Literal["1.1", "1.2", "2.0"] = "1.2"
    record_schema: str = "marcxml"
    everything: str = "cql.allRecords=1"  # finds all records; "" when the server knows no such query
    part: str = ""  # 'rec.id="{prefix}*"', 'dc.date>={low} and dc.date<={high}'; "" when nothing limits the answer
    alphabet: str = "0123456789"  # what may follow a prefix
    low: int | date | None = None  # of the bounds, both of them included
    high: int | date | None = None
    page_size: int = Field(default=100, ge=1, le=10_000)
    max_results: int = Field(default=10_000, ge=1)  # what the server gives of one query at most

    @model_validator(mode="after")
    def _parts_can_be_made(self) -> Sru:
        if not self.part and not self.everything:
            raise ValueError("harvest.sru.part or harvest.sru.everything is required")
        bounded = all(bound in self.part for bound in BOUNDS)
        if self.part and (PREFIX in self.part) == bounded:
            raise ValueError("harvest.sru.part must hold {prefix}, or both {low} and {high}: 'rec.id=\"{prefix}*\"'")
        if bounded and (self.low is None or self.high is None or type(self.low) is not type(self.high)):
            raise ValueError("harvest.sru.low and harvest.sru.high are required: two whole numbers or two dates")
        if bounded and self.low > self.high:  # type: ignore[operator]  # both are of one type by now
            raise ValueError("harvest.sru.low is above harvest.sru.high")
        if PREFIX in self.part and not self.alphabet:
            raise ValueError("harvest.sru.alphabet is required: the characters that may follow a prefix")
        return self
