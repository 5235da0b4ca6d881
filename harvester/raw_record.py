"""A record as a library sent it, before anybody reads it; and one that nobody could take in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

PayloadFormat = Literal["marcxml", "iso2709", "oai_dc"]
Stage = Literal["harvest", "read"]

NOT_HAD = "the server lists it and cannot give it"
"""How the reason begins for a record that is to be asked for again."""

CUT_OFF = "the file ends"
"""How the reason begins for what stands at the end of a file that breaks off."""

UNNUMBERED = "#"
"""How the identifier begins of a record from a file that has no control number; its place among those follows."""


COPIES_OF = "items:"
"""How the identifier begins of a record made here of the rows of a table of copies; the number of theirs follows."""


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
class Quarantined:
    """A record that could not be read: kept, counted and explained."""

    library: str
    identifier: str
    stage: Stage
    field: str  # the MARC field or the place in the file, "" when it is the whole record
    reason: str
    at: datetime
    payload: bytes = b""  # what could not be read, at most the first 16 MiB; empty when the raw table has it
