"""A first load: into an empty catalogue all records are written as they are read, and matched when all are there.

Nothing of it needs to be looked up, so it takes a fraction of what the same records take one batch after another; what
comes out is the same. Each batch is one transaction with the cursor, and matching is one: a load that is killed goes on
where it was, and matches what it had read from what is stored.
"""

from __future__ import annotations

from array import array
from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import pairwise
from typing import NamedTuple

from sqlalchemy import Connection, delete

from harvester.store import Quarantined, Store
from indexer import attached, authorities, codec
from indexer import catalogue_rows as rows
from indexer import catalogue_tables as tables
from indexer.attached import PreparedHoldings
from indexer.authorities import Named, PreparedAuthority
from indexer.catalogue import Catalogue
from indexer.crew import Crew, Tools
from indexer.facts import packed
from indexer.match_all import KIND_BITS, Gathered, Keyed, MatchedBy, Matching, match_all
from indexer.match_keys import key_number, keys_of, place_in_block
from indexer.preparing import Prepared, Refused, prepare, prepare_raw
from indexer.work_rows import stored_keys

AT_ONCE = 2_000
"""Raw records read together, and written in one transaction."""

UNDER_WAY = "loading"
"""Where the catalogue's state says up to which raw record a first load goes."""


class Read(NamedTuple):
    """What a process made of raw records."""

    last_seq: int
    payloads: list[bytes]
    named: list[Named]
    matched_by: MatchedBy
    refused: tuple[Refused, ...]
    deleted: int
    holdings: tuple[PreparedHoldings, ...]
    authorities: tuple[PreparedAuthority, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """What one batch came to."""

    read: int
    authorities: int
    deleted: int
    unreadable: int

    @property
    def seen(self) -> int:
        """Raw records; every one is in one of the counts."""
        return self.read + self.authorities + self.deleted + self.unreadable


@dataclass(slots=True)
class FirstLoad:
    """A load under way: what has been read in this process."""

    store: Store
    catalogue: Catalogue
    crew: Crew
    upto: int
    waiting: int  # records to be read, at most
    gathered: Gathered = field(default_factory=Gathered)

    @classmethod
    def of(cls, store: Store, catalogue: Catalogue, crew: Crew, least: int) -> FirstLoad | None:
        """The load that is under way, or to be begun: the catalogue is empty and at least so many records wait."""
        with catalogue.writing() as connection:
            upto = int(rows.state(connection, UNDER_WAY) or 0)
            cursor = int(rows.state(connection, "cursor") or 0)
            if not upto:
                upto = store.last_seq()
                if upto - cursor < least or not rows.is_empty(connection):
                    return None
                rows.set_state(connection, UNDER_WAY, str(upto))
        return cls(store, catalogue, crew, upto, upto - cursor)

    def read(self) -> Generator[Step, None, None]:
        """Reads and writes all records up to where the load goes, a batch a step."""
        with self.catalogue.engine.connect() as connection:
            cursor = int(rows.state(connection, "cursor") or 0)
            number = rows.next_number(connection)
        bounds = [*range(cursor, self.upto, AT_ONCE), self.upto]
        for found in self.crew.map(_read, pairwise(bounds)):
            self._write(found, number)
            count = len(found.payloads)
            self.gathered.add(range(number, number + count), found.matched_by)
            number += count
            yield Step(count + len(found.holdings), len(found.authorities), found.deleted, len(found.refused))

    def match(self) -> Generator[Matching, None, None]:
        """Matches all that has been read and founds the editions, in one transaction; says how far it is."""
        with self.catalogue.writing() as connection:
            for chunk in self.crew.map(_gather, rows.chunks(self._not_gathered(connection))):
                self.gathered.add(*chunk)
            for table in (tables.keys, tables.work_keys, tables.local_ids, tables.edges):
                connection.execute(delete(table))  # what an older program's load may have left
            yield from match_all(connection, self.crew, self.gathered)
            rows.set_state(connection, UNDER_WAY, "")

    def _not_gathered(self, connection: Connection) -> list[int]:
        """The records that a process wrote which was killed before it matched them."""
        here = self.gathered.facts
        return [number for number in rows.live_numbers(connection) if number >= len(here) or here[number] is None]

    def _write(self, found: Read, number: int) -> None:
        if found.refused:
            now = datetime.now(UTC)
            self.store.quarantine_records(
                Quarantined(one.ref.library, one.ref.identifier, "read", one.field, one.reason, now)
                for one in found.refused
            )
        refs = found.matched_by.refs
        good = [
            *refs,
            *((one.ref.library, one.ref.identifier) for one in found.holdings),
            *((one.ref.library, one.ref.identifier) for one in found.authorities),
        ]
        self.store.clear_quarantine_many(good, stage="read")
        records = [
            (n, *ref, payload) for n, (ref, payload) in enumerate(zip(refs, found.payloads, strict=True), number)
        ]
        named = ((n, ref[0], one) for n, (ref, one) in enumerate(zip(refs, found.named, strict=True), number))
        with self.catalogue.writing() as connection:
            rows.insert_many(connection, tables.records, ("number", "library", "identifier", "payload"), records)
            authorities.store_first_named(connection, named)
            attached.store_holdings(connection, {one.ref: one for one in found.holdings}, ())
            authorities.store_authorities(connection, {one.ref: one for one in found.authorities}, ())
            rows.set_state(connection, "cursor", str(found.last_seq))


# In the other processes


def _read(tools: Tools, bounds: tuple[int, int]) -> Read:
    """Reads the raw records between two numbers."""
    after, upto = bounds
    raws = [stored.raw for stored in tools.store.changes(after, upto - after, upto=upto)]
    batch = prepare_raw(raws, upto, tools.libraries)
    return Read(
        upto,
        [one.payload for one in batch.prepared],
        [one.named for one in batch.prepared],
        _matched_by(batch.prepared),
        batch.refused,
        len(batch.deleted),
        batch.holdings,
        batch.authorities,
    )


def _gather(tools: Tools, numbers: list[int]) -> tuple[list[int], MatchedBy]:
    """What stored records are matched by."""
    with tools.store.engine.connect() as connection:
        payloads = rows.payloads(connection, numbers)
    return numbers, _matched_by([prepare(codec.decode(payloads[number])) for number in numbers])


def _matched_by(records: Sequence[Prepared]) -> MatchedBy:
    return MatchedBy(
        [(one.ref.library, one.ref.identifier) for one in records],
        [packed(one.facts) for one in records],
        array("q", [place_in_block(one.facts) for one in records]),
        _keyed([(key_number(key), 0) for key in keys_of(one.facts)] for one in records),
        _keyed(stored_keys(one.works).items() for one in records),
        _keyed([(attached.local_id_key(one.ref.library, one.local_id), 0)] if one.local_id else [] for one in records),
    )


def _keyed(records: Iterable[Iterable[tuple[int, int]]]) -> Keyed:
    """The keys of records, each a number with its kind."""
    held = [(key, place << KIND_BITS | kind) for place, own in enumerate(records) for key, kind in own]
    return Keyed(array("q", [key for key, _ in held]), array("q", [holder for _, holder in held]))
