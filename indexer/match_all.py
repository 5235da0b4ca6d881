"""All records of a catalogue matched at once: keys into blocks, blocks into pairs, pairs judged, editions founded.

Which pairs are compared, how they are judged and how they are grouped is what `matching` and `derive` do for records
that changed, so that it does not matter by which way a record came.
"""

from __future__ import annotations

import sys
import time
from array import array
from collections.abc import Collection, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from itertools import chain, islice
from typing import Literal, NamedTuple

from sqlalchemy import Connection

from indexer import catalogue_rows as rows
from indexer import catalogue_tables as tables
from indexer.blocks import Pair, pairs
from indexer.cluster import new_ids
from indexer.compare import MODEL, opinion
from indexer.crew import Crew, Tools
from indexer.derive import groups_of
from indexer.facts import unpacked
from indexer.profile import Profile
from indexer.record import RecordRef
from indexer.ruling_rows import RuledPairs

SHELVES = 256
"""Into so many stretches of their numbers keys are parted: one at a time is sorted, and few fit in memory at once."""

HALF = 32
SECOND = (1 << HALF) - 1
"""A pair packed into one number: the first record above, the second below."""

WRITTEN_AT_ONCE = 50_000

KIND_BITS = 3
KINDS = (1 << KIND_BITS) - 1
"""How much of a number says what kind of key it goes with."""

JUDGED_AT_ONCE = 4_000
"""Pairs that a process judges together."""


class Matching(NamedTuple):
    """How far matching is, in records or pairs."""

    stage: Literal["keys", "pairs"]
    done: int
    total: int


class Keyed(NamedTuple):
    """Keys as 64-bit numbers, and what has each: the place of a record among those they came with, and in the last
    `KIND_BITS` what kind of key it is."""

    keys: array[int]
    holders: array[int]


class MatchedBy(NamedTuple):
    """What some records are matched by, and what they are found by beside: a column each."""

    refs: list[tuple[str, str]]
    facts: list[bytes]  # indexer.facts
    places: array[int]
    keys: Keyed
    work_keys: Keyed
    local_ids: Keyed


class Shelves:
    """Keys of many records, parted so that they are in their order shelf by shelf."""

    def __init__(self) -> None:
        self._keys = [array("q") for _ in range(SHELVES)]
        self._holders = [array("q") for _ in range(SHELVES)]

    def add(self, numbers: Sequence[int], found: Keyed) -> None:
        """Takes in the keys of records of these numbers."""
        keys, holders = self._keys, self._holders
        for key, holder in zip(found.keys, found.holders, strict=True):
            shelf = (key >> 56) + 128
            keys[shelf].append(key)
            holders[shelf].append(numbers[holder >> KIND_BITS] << KIND_BITS | holder & KINDS)

    def sort(self, shelf: int) -> Iterator[tuple[int, int]]:
        """Puts the keys of a shelf in their order; each with what has it."""
        held = sorted(zip(self._keys[shelf], self._holders[shelf], strict=True))
        self._keys[shelf] = array("q", [key for key, _ in held])
        self._holders[shelf] = array("q", [holder for _, holder in held])
        return iter(held)

    def take(self, shelf: int) -> Iterator[tuple[int, int]]:
        """The keys of a shelf as they stand, each with what has it; the shelf is empty then."""
        taken = zip(self._keys[shelf], self._holders[shelf], strict=True)
        self._keys[shelf], self._holders[shelf] = array("q"), array("q")
        return taken


class Gathered:
    """What records are matched by, at their numbers."""

    def __init__(self) -> None:
        self.refs: list[RecordRef | None] = []
        self.facts: list[bytes | None] = []
        self.places = array("q")
        self.keys, self.work_keys, self.local_ids = Shelves(), Shelves(), Shelves()

    def add(self, numbers: Sequence[int], found: MatchedBy) -> None:
        """Takes in records of these numbers."""
        missing = max(numbers, default=-1) + 1 - len(self.facts)
        if missing > 0:
            self.refs.extend([None] * missing)
            self.facts.extend([None] * missing)
            self.places.frombytes(bytes(8 * missing))
        for number, ref, facts, place in zip(numbers, found.refs, found.facts, found.places, strict=True):
            self.refs[number] = RecordRef(*ref)
            self.facts[number] = facts
            self.places[number] = place
        self.keys.add(numbers, found.keys)
        self.work_keys.add(numbers, found.work_keys)
        self.local_ids.add(numbers, found.local_ids)

    def profiles(self, _: Connection, numbers: AbstractSet[int]) -> dict[int, Profile]:
        """The facts of these records."""
        return {number: unpacked(facts) for number in numbers if (facts := self.facts[number]) is not None}


class Judged(NamedTuple):
    """What a process judged: pairs that are the same, with their scores in hundredths and reasons; and of how many."""

    edges: list[tuple[int, int, int, str]]
    pairs: int


def match_all(connection: Connection, crew: Crew, gathered: Gathered) -> Iterator[Matching]:
    """Writes keys, edges and editions of all records into tables that hold none of them."""
    with _indexed_afterwards(connection):
        yield from _match_all(connection, crew, gathered)


@contextmanager
def _indexed_afterwards(connection: Connection) -> Iterator[None]:
    """Takes the indexes off the tables and makes them anew: row by row they take most of the time of writing."""
    filled = (tables.keys, tables.work_keys, tables.local_ids, tables.edges, tables.records)
    indexes = [index for table in filled for index in table.indexes]
    for index in indexes:
        index.drop(connection, checkfirst=True)
    yield
    for index in indexes:
        index.create(connection)


def _match_all(connection: Connection, crew: Crew, gathered: Gathered) -> Iterator[Matching]:
    candidates: set[int] = set()  # pairs, packed: half the memory of tuples
    for shelf in range(SHELVES):
        candidates.update(_meeting(gathered, shelf))
        yield Matching("keys", shelf + 1, SHELVES)
    total, done = len(candidates), 0
    edges: list[tuple[int, int, int, str]] = []
    unwritten = iter(range(SHELVES))
    for found in crew.map(judge, _portions(gathered, candidates)):
        edges += [(a, b, score, sys.intern(reasons)) for a, b, score, reasons in found.edges]
        done += found.pairs
        for shelf in islice(unwritten, 1 + SHELVES * found.pairs // total):  # meanwhile others judge
            _write_keys(connection, gathered, shelf)
        yield Matching("pairs", done, total)
    for shelf in unwritten:
        _write_keys(connection, gathered, shelf)
    del candidates
    edges.sort()
    columns = ("a", "b", "score", "reasons", "model", "judged_at")
    now = int(time.time())
    for chunk in rows.chunks(edges, WRITTEN_AT_ONCE):
        rows.insert_many(connection, tables.edges, columns, [(*edge, MODEL, now) for edge in chunk])
    _found(connection, gathered, edges)


def _meeting(gathered: Gathered, shelf: int) -> Iterator[int]:
    """The pairs that meet by one stretch of the keys, each packed into one number."""
    places = gathered.places
    last = None
    block: list[int] = []
    for key, holder in chain(gathered.keys.sort(shelf), [(None, 0)]):
        if key == last:
            block.append(holder >> KIND_BITS)
            continue
        if len(block) == 2:
            yield block[0] << HALF | block[1]  # in rising order
        elif len(block) > 2:
            yield from (a << HALF | b for a, b in pairs((places[one], one) for one in block))
        last, block = key, [holder >> KIND_BITS]


def _write_keys(connection: Connection, gathered: Gathered, shelf: int) -> None:
    """Writes one stretch of all keys, in their order."""
    places = gathered.places
    held = [(key, n := holder >> KIND_BITS, places[n]) for key, holder in gathered.keys.take(shelf)]
    rows.insert_many(connection, tables.keys, ("key", "record", "place"), held)
    gathered.work_keys.sort(shelf)
    works = [(key, holder >> KIND_BITS, holder & KINDS) for key, holder in gathered.work_keys.take(shelf)]
    rows.insert_many(connection, tables.work_keys, ("key", "record", "kind"), works)
    gathered.local_ids.sort(shelf)
    local_ids = [(key, holder >> KIND_BITS) for key, holder in gathered.local_ids.take(shelf)]
    rows.insert_many(connection, tables.local_ids, ("key", "record"), local_ids)


def _portions(gathered: Gathered, candidates: Collection[int]) -> Iterator[tuple[list[int], list[bytes], list[Pair]]]:
    """The pairs in portions, with the facts of their records: what hangs together together, as far as it can be."""
    portion: list[Pair] = []
    for part in _hanging_together(len(gathered.facts), candidates):
        for pair in part:
            portion.append((pair >> HALF, pair & SECOND))
            if len(portion) >= 2 * JUDGED_AT_ONCE:
                yield _portion(gathered, portion)
                portion = []
        if len(portion) >= JUDGED_AT_ONCE:
            yield _portion(gathered, portion)
            portion = []
    if portion:
        yield _portion(gathered, portion)


def _hanging_together(size: int, candidates: Collection[int]) -> Iterable[list[int]]:
    """The packed pairs of records below a number, parted so that no record is in two parts."""
    parent = list(range(size))

    def root(number: int) -> int:
        while parent[number] != number:
            parent[number] = number = parent[parent[number]]
        return number

    for pair in candidates:
        one, other = root(pair >> HALF), root(pair & SECOND)
        if one < other:
            parent[other] = one
        elif other < one:
            parent[one] = other
    parts: dict[int, list[int]] = {}
    for pair in candidates:
        parts.setdefault(root(pair >> HALF), []).append(pair)
    return parts.values()


def _portion(gathered: Gathered, portion: list[Pair]) -> tuple[list[int], list[bytes], list[Pair]]:
    numbers = list({number for pair in portion for number in pair})
    return numbers, [gathered.facts[number] or b"" for number in numbers], portion


def judge(_: Tools, portion: tuple[list[int], list[bytes], list[Pair]]) -> Judged:
    """Judges pairs of records whose facts come with them."""
    numbers, facts, together = portion
    known = dict(zip(numbers, map(unpacked, facts), strict=True))
    edges: list[tuple[int, int, int, str]] = []
    for a, b in together:
        found = opinion(known[a], known[b])
        if found.verdict == "same":
            edges.append((a, b, round(found.score * 100), " ".join(found.statements)))
    return Judged(edges, len(together))


def _found(connection: Connection, gathered: Gathered, edges: Iterable[tuple[int, int, int, str]]) -> None:
    """Founds the editions of records that never belonged to any."""
    refs = {number: ref for number, ref in enumerate(gathered.refs) if ref is not None}
    scores = {(a, b): score for a, b, score, _ in edges}
    groups = groups_of(connection, gathered.profiles, refs.keys(), scores, RuledPairs(), refs=refs)
    number_of = {ref: number for number, ref in refs.items()}
    stamp = int(rows.state(connection, "stamp") or 0) + 1
    ids = new_ids({position: group[0] for position, group in enumerate(groups)}, lambda _: frozenset())
    founded = {ids[position]: group for position, group in enumerate(groups)}
    rows.insert_many(
        connection,
        tables.editions,
        ("id", "founded", "status"),
        [(edition, stamp, "live") for edition in sorted(founded)],
    )
    rows.insert_many(
        connection, tables.pending, ("edition", "stamp"), [(edition, stamp) for edition in sorted(founded)]
    )
    rows.set_membership(
        connection, sorted((number_of[ref], edition) for edition, group in founded.items() for ref in group)
    )
    rows.set_state(connection, "stamp", str(stamp))
