"""Holdings records of their own: MARC 21 Format for Holdings Data, one record for each place, beside those of books."""

from __future__ import annotations

import re
from dataclasses import dataclass

from indexer.holdings import holdings
from indexer.holdings.marc21 import HOLDINGS_TYPES
from indexer.marc import Marc
from indexer.record import Holding, RecordRef
from mappings.library import Library

_AGENCY = re.compile(r"^\([^()]*\)\s*")


@dataclass(frozen=True, slots=True)
class HoldingsRecord:
    """What a holdings record says, and whose it is: ``belongs_to`` is the local id of a record of the same library."""

    library: str
    identifier: str
    belongs_to: str
    holdings: tuple[Holding, ...]

    @property
    def ref(self) -> RecordRef:
        return RecordRef(self.library, self.identifier)


def is_holdings(marc: Marc) -> bool:
    """Whether a record describes no book but copies of one: by leader/06, and because it has no title."""
    return marc.leader[6] in HOLDINGS_TYPES and not marc.has("245") and not marc.has("200")


def belongs_to(marc: Marc) -> str:
    """The control number of the record these copies are of; "" when not said.

    004 (MARC 21 and UNIMARC holdings formats), else 014 with first indicator 1, else 773 $w without the code of its
    agency in parentheses.
    """
    if number := marc.control("004").strip():
        return number
    if number := next((text for field in marc.fields("014") if field.ind1 == "1" and (text := field.first("a"))), ""):
        return number
    host = next((text for field in marc.fields("773") if (text := field.first("w"))), "")
    return _AGENCY.sub("", host)


def holdings_record(marc: Marc, identifier: str, library: Library) -> HoldingsRecord:
    """The holdings of a holdings record: its 852 and what goes with it, and fields of the library's own file.

    Where it has no 852, the fields of the library's preset stand for it.
    """
    preset = "marc21-852" if marc.has("852") else library.records.holdings
    number = belongs_to(marc)
    held = holdings(marc, preset, library.code, identifier, number, own=library.records.item_fields)
    return HoldingsRecord(library.code, identifier, number, held)
