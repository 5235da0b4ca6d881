"""A first load: into an empty catalogue all records are written as they are read, and matched when all are there.

Nothing of it needs to be looked up, so it takes a fraction of what the same records take one batch after another; what
comes out is the same. Each batch is one transaction with the cursor, and matching is one: a load that is killed goes on
where it was, and matches what it had read from what is stored.
"""

from __future__ import annotations

from array import array
from collections.abc import Generator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import pairwise
from typing import NamedTuple

from sqlalchemy import Connection

from harvester.store import Quarantined, Store
from indexer import attached, authorities, codec
from indexer import catalogue_rows as rows
from indexer import catalogue_tables as tables
from indexer.attached import PreparedHoldings
from indexer.authorities import Named, PreparedAuthority
from indexer.catalogue import Catalogue
from indexer.crew import Crew, Tools
from indexer.facts import packed
from indexer.match_all import Gathered, Matching, match_all
from indexer.match_keys import key_number, keys_of, place_in_block
from indexer.preparing import Refused, prepare_raw
from indexer.profile import Profile, profile

AT_ONCE = 2_000
"""Raw records read together, and written in one transaction."""

UNDER_WAY = "loading"
"""Where the catalogue's state says up to which raw record a first load goes."""


class Read(NamedTuple):
    """What a process made of raw records: one of each column a record."""

    last_seq: int
    refs: list[tuple[str, str]]
    payloads: list[bytes]
    local_ids: list[int | None]  # as `attached` stores them
    named: list[Named]
    matched_by: MatchedBy
    refused: tuple[Refused, ...]
    deleted: int
    holdings: tuple[PreparedHoldings, ...]
    authorities: tuple[PreparedAuthority, ...]


class MatchedBy(NamedTuple):
    """What records are matched by, a column each."""

    keys: bytes  # 64-bit numbers, of one record after the other
    counts: bytes  # how many each has
    places: bytes
    facts: list[bytes]


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
            self.gathered.add(range(number, number + len(found.refs)), found.refs, *found.matched_by)
            number += len(found.refs)
            yield Step(len(found.refs) + len(found.holdings), len(found.authorities), found.deleted, len(found.refused))

    def match(self) -> Generator[Matching, None, None]:
        """Matches all that has been read and founds the editions, in one transaction; says how far it is."""
        with self.catalogue.writing() as connection:
            for chunk in self.crew.map(_gather, rows.chunks(self._not_gathered(connection))):
                self.gathered.add(*chunk)
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
        good = [*found.refs, *(one.ref for one in (*found.holdings, *found.authorities))]
        self.store.clear_quarantine_many(good, stage="read")
        with self.catalogue.writing() as connection:
            rows.insert_many(
                connection,
                tables.records,
                ("number", "library", "identifier", "payload"),
                [
                    (n, library, name, payload)
                    for n, ((library, name), payload) in enumerate(zip(found.refs, found.payloads, strict=True), number)
                ],
            )
            rows.insert_many(
                connection,
                tables.local_ids,
                ("key", "record"),
                [(key, n) for n, key in enumerate(found.local_ids, number) if key is not None],
            )
            authorities.store_first_named(
                connection,
                ((n, ref[0], one) for n, (ref, one) in enumerate(zip(found.refs, found.named, strict=True), number)),
            )
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
        [tuple(one.ref) for one in batch.prepared],
        [one.payload for one in batch.prepared],
        [attached.local_id_key(one.ref.library, one.local_id) if one.local_id else None for one in batch.prepared],
        [one.named for one in batch.prepared],
        _matched_by([one.facts for one in batch.prepared]),
        batch.refused,
        len(batch.deleted),
        batch.holdings,
        batch.authorities,
    )


def _gather(
    tools: Tools, numbers: list[int]
) -> tuple[list[int], list[tuple[str, str]], bytes, bytes, bytes, list[bytes]]:
    """What stored records are matched by."""
    with tools.store.engine.connect() as connection:
        payloads = rows.payloads(connection, numbers)
    records = [codec.decode(payloads[number]) for number in numbers]
    return numbers, [tuple(record.ref) for record in records], *_matched_by([profile(record) for record in records])


def _matched_by(facts: list[Profile]) -> MatchedBy:
    keys = [[key_number(key) for key in keys_of(one)] for one in facts]
    return MatchedBy(
        array("q", [key for own in keys for key in own]).tobytes(),
        array("H", map(len, keys)).tobytes(),
        array("q", map(place_in_block, facts)).tobytes(),
        [packed(one) for one in facts],
    )
