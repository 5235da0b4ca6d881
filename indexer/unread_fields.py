"""Fields that a library's records have and that nothing reads: what a cataloguer would miss, and nobody would tell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from indexer import marc21, unimarc
from indexer.assemble import LEADER
from indexer.holdings.unread import every_tag_of
from indexer.marc import Marc
from indexer.read import Dialect, dialect_in
from indexer.record import RecordRef
from mappings.item_columns import ROW_FIELD
from mappings.library import Library

MAX_FIELDS = 1_000
"""Tags told apart; a record that is no MARC may have any."""

# fmt: off
_OF_THE_RECORD: dict[Dialect, frozenset[str]] = {
    "marc21": frozenset((
        "001", "003", "004", "005", "006", "007", "040", "042", "066", "841", "842", "843", "882", "883", "884", "885",
        "887",
    )),
    "unimarc": frozenset(("001", "003", "005", "039", "801", "802", "830", "850", "886")),
}
# fmt: on
"""Fields that speak of the record and not of what it describes: who made it, when, by which rules."""
_FIELDS = {"marc21": marc21.FIELDS, "unimarc": unimarc.FIELDS}


@dataclass(frozen=True, slots=True)
class UnreadField:
    """A field that nothing reads, and in how many of the records looked at it stands."""

    tag: str
    records: int
    looked_at: int
    examples: tuple[RecordRef, ...]


def unread_fields(
    records: Iterable[tuple[RecordRef, Marc]], library: Library, *, examples: int = 2
) -> tuple[UnreadField, ...]:
    """The fields that neither the dialect's reading nor the library's own settings look at, the most frequent first.

    Those that the library's file tells to ignore, and those that speak of the record itself, are not among them.
    """
    looked_at = 0
    met: Counter[str] = Counter()
    named: dict[str, list[RecordRef]] = {}
    for ref, marc in records:
        looked_at += 1
        for tag in unread_tags(marc, library):
            if tag not in met and len(met) >= MAX_FIELDS:
                continue
            met[tag] += 1
            if len(of_tag := named.setdefault(tag, [])) < examples:
                of_tag.append(ref)
    found = [UnreadField(tag, times, looked_at, tuple(named[tag])) for tag, times in met.items()]
    return tuple(sorted(found, key=lambda one: (-one.records, one.tag)))


def unread_tags(marc: Marc, library: Library) -> frozenset[str]:
    """The tags of one record that nothing reads."""
    return frozenset(marc.tags()) - _read(dialect_in(marc, library)) - _own_tags(library)


@cache
def _read(dialect: Dialect) -> frozenset[str]:
    tags = {tag for source in _FIELDS[dialect].values() for tag in source.tags} - {LEADER}
    return frozenset(tags | _OF_THE_RECORD[dialect] | {"880"})


def _own_tags(library: Library) -> frozenset[str]:
    """The fields that the library's file says how to read: its preset's, its own, its control number's."""
    records = library.records
    described = (field.tag for field in (*records.item_fields, ROW_FIELD))
    return frozenset((*every_tag_of(records.holdings), *described, records.local_id.partition("$")[0]))
