"""All records of a catalogue matched at once: keys into blocks, blocks into pairs, pairs judged, editions founded.

Which pairs are compared, how they are judged and how they are grouped is what `matching` and `derive` do for records
that changed, so that it does not matter by which way a record came.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from sqlalchemy import Connection

from indexer import catalogue_rows as rows
from indexer import catalogue_tables as tables
from indexer.blocks import Pair, pairs
from indexer.cluster import candidate_id
from indexer.compare import MODEL, opinion
from indexer.crew import Crew, Tools
from indexer.derive import groups_of
from indexer.facts import unpacked
from indexer.profile import Profile
from indexer.record import RecordRef
from indexer.ruling_rows import RuledPairs

SHELVES = 256
"""Into so many stretches of their numbers keys are parted: one at a time is sorted, and few fit in memory at once."""

JUDGED_AT_ONCE = 4_000
"""Pairs that a process judges together."""


class Matching(NamedTuple):
    """How far matching is, in records or pairs."""

    stage: Literal["keys", "pairs"]
    done: int
    total: int


@dataclass(slots=True)
class Gathered:
    """What records are matched by, at their numbers."""

    refs: list[RecordRef | None] = field(default_factory=list)
    facts: list[bytes | None] = field(default_factory=list)  # indexer.facts
    places: array[int] = field(default_factory=lambda: array("q"))
    keys: list[array[int]] = field(default_factory=lambda: [array("q") for _ in range(SHELVES)])
    holders: list[array[int]] = field(default_factory=lambda: [array("q") for _ in range(SHELVES)])

    def add(
        self,
        numbers: Sequence[int],
        refs: Sequence[tuple[str, str]],
        keys: bytes,
        counts: bytes,
        places: bytes,
        facts: Sequence[bytes],
    ) -> None:
        """Takes in records; their keys stand one after the other, as many of each as ``counts`` says."""
        missing = max(numbers, default=-1) + 1 - len(self.facts)
        if missing > 0:
            self.refs.extend([None] * missing)
            self.facts.extend([None] * missing)
            self.places.frombytes(bytes(8 * missing))
        every, held, stood = array("q", keys), array("H", counts), array("q", places)
        shelves, holders = self.keys, self.holders
        at = 0
        for number, ref, own, place, one in zip(numbers, refs, held, stood, facts, strict=True):
            self.refs[number] = RecordRef(*ref)
            self.facts[number] = one
            self.places[number] = place
            for key in every[at : at + own]:
                shelf = (key >> 56) + 128
                shelves[shelf].append(key)
                holders[shelf].append(number)
            at += own

    @property
    def numbers(self) -> Iterator[int]:
        return (number for number, facts in enumerate(self.facts) if facts is not None)

    def profiles(self, _: Connection, numbers: AbstractSet[int]) -> dict[int, Profile]:
        """The facts of these records."""
        return {number: unpacked(facts) for number in numbers if (facts := self.facts[number]) is not None}


class Judged(NamedTuple):
    """What a process judged: pairs that are the same, with their scores in hundredths and reasons; and of how many."""

    edges: list[tuple[int, int, int, str]]
    pairs: int


def match_all(connection: Connection, crew: Crew, gathered: Gathered) -> Iterator[Matching]:
    """Writes keys, edges and editions of all records into tables that hold none of them."""
    candidates: set[Pair] = set()
    for shelf in range(SHELVES):
        _write_keys(connection, gathered, shelf, candidates)
        yield Matching("keys", shelf + 1, SHELVES)
    total, done = len(candidates), 0
    edges: list[tuple[int, int, int, str]] = []
    for found in crew.map(judge, _portions(gathered, candidates)):
        edges += found.edges
        done += found.pairs
        yield Matching("pairs", done, total)
    del candidates
    edges.sort()
    rows.insert_many(
        connection, tables.edges, ("a", "b", "score", "reasons", "model"), [(*edge, MODEL) for edge in edges]
    )
    _found(connection, gathered, edges)


def _write_keys(connection: Connection, gathered: Gathered, shelf: int, candidates: set[Pair]) -> None:
    """Writes one stretch of keys, in their order, and adds the pairs that meet by them."""
    places = gathered.places
    held = sorted(zip(gathered.keys[shelf], gathered.holders[shelf], strict=True))
    gathered.keys[shelf], gathered.holders[shelf] = array("q"), array("q")
    rows.insert_many(connection, tables.keys, ("key", "record", "place"), [(k, n, places[n]) for k, n in held])
    last = None
    block: list[int] = []
    for key, number in held:
        if key == last:
            block.append(number)
            continue
        if len(block) > 1:
            _add_pairs(block, places, candidates)
        last, block = key, [number]
    if len(block) > 1:
        _add_pairs(block, places, candidates)


def _add_pairs(block: list[int], places: array[int], candidates: set[Pair]) -> None:
    if len(block) == 2:
        a, b = block
        candidates.add((a, b))  # they come in rising order
    else:
        candidates.update(pairs((places[number], number) for number in block))


def _portions(gathered: Gathered, candidates: Iterable[Pair]) -> Iterator[tuple[list[int], list[bytes], list[Pair]]]:
    """The pairs in portions, with the facts of their records: what hangs together together, as far as it can be."""
    parent = list(range(len(gathered.facts)))

    def root(number: int) -> int:
        while parent[number] != number:
            parent[number] = number = parent[parent[number]]
        return number

    for a, b in candidates:
        one, other = root(a), root(b)
        if one < other:
            parent[other] = one
        elif other < one:
            parent[one] = other
    parts: dict[int, list[Pair]] = {}
    for pair in candidates:
        parts.setdefault(root(pair[0]), []).append(pair)
    del parent
    portion: list[Pair] = []
    for part in parts.values():
        for pair in part:
            portion.append(pair)
            if len(portion) >= 2 * JUDGED_AT_ONCE:
                yield _portion(gathered, portion)
                portion = []
        if len(portion) >= JUDGED_AT_ONCE:
            yield _portion(gathered, portion)
            portion = []
    if portion:
        yield _portion(gathered, portion)


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
    founded: dict[str, tuple[RecordRef, ...]] = {}
    for group in groups:
        attempt = 0
        while (edition := candidate_id(group[0], attempt)) in founded:
            attempt += 1
        founded[edition] = group
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
