"""Changed and deleted records → the catalogue, in the caller's transaction: only what they touch is looked at."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields

from sqlalchemy import Connection

from indexer import attached, authorities, work_rows
from indexer import catalogue_rows as rows
from indexer.attached import PreparedHoldings
from indexer.authorities import PreparedAuthority
from indexer.derive import derive
from indexer.matching import Matcher
from indexer.preparing import Prepared
from indexer.profile import Profile
from indexer.record import RecordRef


@dataclass(frozen=True, slots=True)
class Applied:
    """What a batch did. ``written + unchanged`` records were given, ``deleted`` were there to delete."""

    written: int = 0
    unchanged: int = 0
    deleted: int = 0
    merged: int = 0  # editions that gave up their id to another
    split: int = 0  # editions founded by records that were part of another
    removed: int = 0  # editions whose records all left

    def __add__(self, other: Applied) -> Applied:
        return Applied(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(Applied)))


def apply(
    connection: Connection,
    matcher: Matcher,
    records: Iterable[Prepared],
    deleted: Iterable[RecordRef],
    holdings: Iterable[PreparedHoldings] = (),
    *,
    names: Iterable[PreparedAuthority] = (),
) -> Applied:
    """Writes the records, holdings and authority records, removes the deleted ones, and derives anew the editions they
    touch.

    Of two records of one name the last counts; a name among both records and deleted is a record.
    """
    given = {record.ref: record for record in records}
    copies = {record.ref: record for record in holdings}
    bearers = {record.ref: record for record in names}
    leaving = [ref for ref in dict.fromkeys((*deleted, *copies, *bearers)) if ref not in given]
    known = rows.records_by_ref(connection, [*given, *leaving])
    number = rows.next_number(connection)
    new: list[tuple[int, RecordRef, bytes]] = []
    changes: list[tuple[int, bytes | None]] = []
    profiles: dict[int, Profile] = {}
    returned: set[int] = set()
    for ref in sorted(given):
        payload = given[ref].payload
        row = known.get(ref)
        if row is None:
            new.append((number, ref, payload))
            profiles[number] = given[ref].facts
            number += 1
        elif row.payload != payload:
            changes.append((row.number, payload))
            profiles[row.number] = given[ref].facts
            if row.payload is None:
                returned.add(row.number)
    gone = {known[ref].number for ref in leaving if ref in known and known[ref].payload is not None}
    rows.write_records(connection, new, [*changes, *((one, None) for one in sorted(gone))])
    numbered = {row.number: ref for ref, row in known.items()} | {one: ref for one, ref, _ in new}
    written = {one: given[numbered[one]] for one in profiles}
    attached.store_local_ids(connection, written, gone)
    authorities.store_named(connection, written, gone)
    known_before = gone | {number for number, payload in changes if payload is not None}
    work_rows.store_keys(connection, known_before, {one: record.works for one, record in written.items()})
    affected = matcher.match(connection, profiles, gone)
    derived = derive(connection, matcher.facts, affected, profiles.keys() | gone, returned)
    told = attached.store_holdings(connection, copies, [*leaving, *given])
    renamed = authorities.store_authorities(connection, bearers, [*leaving, *given])
    rows.mark_editions_pending(connection, told.owners | renamed)
    return Applied(
        written=len(profiles) + told.written,
        unchanged=len(given) - len(profiles) + told.unchanged,
        deleted=len(gone),
        merged=derived.merged,
        split=derived.split,
        removed=derived.removed,
    )


def match_all_again(connection: Connection, matcher: Matcher, batch: int = 5_000) -> Applied:
    """Makes keys, edges and editions of all stored records anew, as changed rules want it; ids are carried on."""
    matcher.forget()
    rows.clear_matching(connection)
    live: set[int] = set()
    for numbers in rows.chunks(rows.live_numbers(connection), batch):
        matcher.match(connection, matcher.facts(connection, set(numbers)), frozenset())
        live.update(numbers)
    derived = derive(connection, matcher.facts, live, frozenset(), frozenset())
    return Applied(written=len(live), merged=derived.merged, split=derived.split, removed=derived.removed)
