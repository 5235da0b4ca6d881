"""Edges → editions in the database: components around what changed, partitioned, their ids carried on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from sqlalchemy import Connection

from indexer import catalogue_rows as rows
from indexer.blocks import Pair
from indexer.cluster import UNRULED, Former, Group, Ruled, assign, components, is_founder, new_ids, partition
from indexer.compare import SAME, opinion
from indexer.profile import Profile
from indexer.record import RecordRef
from indexer.ruling_rows import RuledPairs, ruled_at

SURE = SAME + 1.5
"""A judgement below this is borderline: it joins two records, or one to others, but alone no two groups of several."""

Facts = Callable[[Connection, AbstractSet[int]], Mapping[int, Profile]]
"""The profiles of records by number."""

PARTITIONED_AT_ONCE = 20_000
"""Records of components whose profiles are in memory together."""


@dataclass(frozen=True, slots=True)
class Derived:
    """What became of editions."""

    merged: int = 0  # gave up their id to another
    split: int = 0  # founded by records that were part of another
    removed: int = 0  # all their records left


def derive(
    connection: Connection,
    facts: Facts,
    affected: AbstractSet[int],
    changed: AbstractSet[int],
    returned: AbstractSet[int],
) -> Derived:
    """Derives the editions of all that hangs together with the affected records, and notes what the engine must be
    given.

    ``changed`` are records whose content changed or that left, ``returned`` those that had been deleted: these bring
    their edition's id back when nobody else goes by it.
    """
    scores, ruled = _around(connection, affected | changed)
    members = {*affected, *(number for pair in scores for number in pair)}
    members |= rows.live_among(connection, ruled.joined - members)
    named = rows.names(connection, members | changed | ruled.numbers)
    number_of = {row.ref: number for number, row in named.items()}
    groups = groups_of(
        connection, facts, members, scores, ruled, refs={number: row.ref for number, row in named.items()}
    )
    known = rows.editions(connection, {row.edition for row in named.values() if row.edition})
    # A returned record has no say in an edition that lived on without it: that edition's records are not all here.
    belonging = {
        number: row.edition
        for number, row in named.items()
        if (number in members or number in changed)
        and row.edition
        and known[row.edition].status == ("gone" if number in returned else "live")
    }
    claims = {named[number].ref: edition for number, edition in belonging.items() if number in members}
    former = {
        edition: Former(known[edition].founded, known[edition].status == "live") for edition in belonging.values()
    }
    found = assign(groups, claims, former, is_founder)
    founders = {position: groups[position][0] for position in found.founding}
    founded = new_ids(founders, lambda ids: rows.editions(connection, ids).keys())
    ids = {**found.kept, **founded}

    stamp = int(rows.state(connection, "stamp") or 0) + 1
    rows.found_editions(connection, {founded[p]: origin for p, origin in found.founding.items()}, stamp)
    rows.revive_editions(connection, [edition for edition in found.kept.values() if not former[edition].live])
    rows.move_editions(connection, {old: ids[position] for old, position in found.moved.items()})
    rows.remove_editions(connection, found.gone)
    moves: dict[int, str] = {}
    renewed = {*found.moved, *found.gone}
    for position, group in enumerate(groups):
        for ref in group:
            number = number_of[ref]
            before = named[number].edition
            if before != ids[position]:
                moves[number] = ids[position]
                renewed |= {ids[position]} | ({before} if before else set())
            elif number in changed:
                renewed.add(ids[position])
    renewed |= {edition for number in changed if (edition := named[number].edition)}
    rows.set_membership(connection, moves.items())
    rows.mark_pending(connection, renewed, stamp)
    rows.set_state(connection, "stamp", str(stamp))
    return Derived(len(found.moved), sum(map(bool, found.founding.values())), len(found.gone))


def _around(connection: Connection, start: AbstractSet[int]) -> tuple[dict[Pair, int], RuledPairs]:
    """All edges and rulings of the components these records are in.

    What people judged the same hangs together even through a record that left: what they said of it stays true.
    """
    scores: dict[Pair, int] = {}
    ruled = RuledPairs()
    seen: set[int] = set()
    frontier = set(start)
    while frontier:
        seen |= frontier
        found = rows.edges_at(connection, frontier)
        said = ruled_at(connection, frontier)
        scores |= found
        ruled |= said
        frontier = {number for pair in (*found, *said.same) for number in pair} - seen
    return scores, ruled


def groups_of(
    connection: Connection,
    facts: Facts,
    members: AbstractSet[int],
    scores: Mapping[Pair, int],
    ruled: RuledPairs,
    *,
    refs: Mapping[int, RecordRef],
) -> list[Group]:
    """The editions these members make, sorted."""
    groups: list[Group] = []
    waiting: list[list[int]] = []
    edges_of: dict[int, list[Pair]] = {}
    for pair in scores:
        edges_of.setdefault(pair[0], []).append(pair)
    for part in components(members | ruled.joined, (*scores, *ruled.same)):
        edge_count = sum(len(edges_of.get(number, ())) for number in part)
        if edge_count == len(part) * (len(part) - 1) // 2 and ruled.numbers.isdisjoint(part):
            groups.append(tuple(sorted(refs[number] for number in part)))  # everybody agrees with everybody
        elif here := [number for number in part if number in members]:
            waiting.append(here)
    said = UNRULED
    if ruled.numbers:
        said = Ruled.by(((refs[a], refs[b]) for a, b in ruled.same), ((refs[a], refs[b]) for a, b in ruled.different))
    for batch in _batches(waiting):
        profiles = facts(connection, {number for part in batch for number in part})
        for part in batch:
            known = {refs[number]: profiles[number] for number in part}
            edges = [(refs[a], refs[b], scores[a, b] / 100) for n in part for a, b in edges_of.get(n, ())]
            groups.extend(partition(known, edges, _conflict(known), sure=SURE, ruled=said))
    return sorted(groups)


def _batches(parts: Iterable[list[int]]) -> Iterable[list[list[int]]]:
    batch: list[list[int]] = []
    size = 0
    for part in parts:
        batch.append(part)
        size += len(part)
        if size >= PARTITIONED_AT_ONCE:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _conflict(known: Mapping[RecordRef, Profile]) -> Callable[[RecordRef, RecordRef], bool]:
    asked: dict[tuple[RecordRef, RecordRef], bool] = {}

    def conflict(a: RecordRef, b: RecordRef) -> bool:
        pair = (a, b) if a < b else (b, a)
        if pair not in asked:
            asked[pair] = opinion(known[a], known[b]).verdict == "different"
        return asked[pair]

    return conflict
