"""Editions → works: what shares a work key is one work, derived whenever editions have changed, before the engine is
given them.

A work follows from its records alone. An edition that shares no key with another has no work of its own: its own id
says as much. Ids last as those of editions do: one goes with most of its editions, then the older, then the first in
the alphabet; the other redirects for ever; a part that leaves remembers where from; none is used twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from sqlalchemy import Connection

from indexer import catalogue_rows as rows
from indexer import codec, work_keys, work_rows
from indexer.cluster import Former, assign, components, new_ids
from indexer.profile import profile
from indexer.record import RecordRef
from indexer.work_rows import ORIGINAL, TOLD, WHOLE, KeyRow

AT_ONCE = 20_000
"""Changed editions from which all works are derived in one go, which is faster than looking around each."""

ID_BEGINS = "w"
"""So that nobody takes a work's id for an edition's."""


def follow_rules(connection: Connection) -> None:
    """Makes the keys of all stored records anew where another version's rules made them."""
    if rows.state(connection, "work_rules") == work_keys.RULES:
        return
    rows.set_state(connection, "work_rules", work_keys.RULES)
    work_rows.clear_keys(connection)
    numbers = rows.live_numbers(connection)
    for chunk in rows.chunks(numbers):
        found = {number: codec.decode(payload) for number, payload in rows.payloads(connection, chunk).items()}
        keys = {number: work_keys.work_keys(record, profile(record)) for number, record in found.items()}
        work_rows.store_keys(connection, (), keys)
    if numbers:
        stamp = int(rows.state(connection, "stamp") or 0) + 1
        rows.mark_all_pending(connection, stamp)
        rows.set_state(connection, "stamp", str(stamp))
        rows.set_state(connection, "works", "0")


def follow_editions(connection: Connection) -> int:
    """Brings works up to date with editions, and notes which of these the engine must be given for it; how many.

    Does nothing while another version's rules made the keys: the next index follows both.
    """
    if rows.state(connection, "work_rules") != work_keys.RULES:
        return 0
    stamp = int(rows.state(connection, "stamp") or 0)
    changed = work_rows.changed_since(connection, int(rows.state(connection, "works") or 0))
    if not changed:
        return 0
    moved = _derive(connection, changed, stamp + 1)
    if moved:
        stamp += 1
        rows.mark_pending(connection, moved, stamp)
        rows.set_state(connection, "stamp", str(stamp))
    rows.set_state(connection, "works", str(stamp))
    return len(moved)


def _derive(connection: Connection, changed: Iterable[str], stamp: int) -> list[str]:
    """Derives the works of what hangs together with these editions; the live ones that are of another work now."""
    changed = set(changed)
    if len(changed) >= AT_ONCE:
        before = work_rows.works_of(connection)
        links = _all_links(connection)
    else:
        before = work_rows.works_of(connection, changed)
        before |= work_rows.editions_of(connection, set(before.values()))
        links, reached = _links_around(connection, changed | before.keys())
        before |= work_rows.works_of(connection, reached)
    linked = {edition for link in links for edition in link}
    left = {row.id: row for row in rows.editions(connection, before.keys() - linked).values() if row.status != "live"}
    claims = {edition: work for edition, work in before.items() if edition not in left}
    for edition, work in sorted(before.items()):
        if (into := left[edition].target if edition in left else None) is not None:
            claims.setdefault(into, work)  # merged: the edition that answers for it votes for its work
    parts = components(linked | claims.keys(), links)
    known = work_rows.works(connection, set(before.values()))
    found = assign(parts, claims, {work: Former(known[work].founded) for work in known})
    founding = {position: origin for position, origin in found.founding.items() if len(parts[position]) > 1}
    founders = _founders(connection, {position: parts[position] for position in founding})
    founded = new_ids(founders, lambda ids: work_rows.works(connection, ids).keys(), ID_BEGINS)
    ids = {**found.kept, **founded}
    after: dict[str, str | None] = dict.fromkeys(before)
    after |= {edition: ids.get(position) for position, part in enumerate(parts) for edition in part}
    heirs = {before[edition]: after.get(row.target) for edition, row in left.items() if row.target}
    moved = {old: ids.get(position) for old, position in found.moved.items()}
    moved |= {work: heirs.get(work) for work in found.gone}
    work_rows.found_works(connection, {founded[p]: origin for p, origin in founding.items()}, stamp)
    work_rows.move_works(connection, {old: new for old, new in moved.items() if new})
    work_rows.remove_works(connection, [old for old, new in moved.items() if not new])
    moves = {edition: work for edition, work in after.items() if before.get(edition) != work}
    work_rows.set_works(connection, moves)
    return sorted(moves.keys() - left.keys())


@dataclass(frozen=True, slots=True)
class Relatives:
    """Editions of the whole of what a volume is part of, and volumes of the same whole, by id."""

    whole: list[str]
    volumes: list[str]


def relatives(connection: Connection, edition: str) -> Relatives:
    """The sets and volumes around an edition: none of them is another edition of it."""
    own = work_rows.keys_of_editions(connection, [edition])
    told = _telling(own)
    of_whole = {row.key for row in own if row.kind == WHOLE}
    keys = of_whole or {row.key for row in _counting(own, told)}
    near = [row for row in work_rows.editions_with(connection, keys) if row.edition != edition]
    volumes = {row.edition for row in near if row.kind == WHOLE}
    others = {row.edition for row in near} - volumes if of_whole else set()
    told = _telling(work_rows.keys_of_editions(connection, others))
    return Relatives(sorted(others - told), sorted(volumes))


def _all_links(connection: Connection) -> list[tuple[str, str]]:
    told = work_rows.telling_editions(connection)
    return _linked(work_rows.linking_keys(connection), told)


def _links_around(connection: Connection, start: AbstractSet[str]) -> tuple[list[tuple[str, str]], set[str]]:
    """The links between all editions that hang together with these, and all editions that were looked at."""
    found: list[KeyRow] = []
    seen: set[str] = set()
    asked: set[int] = set()
    frontier = set(start)
    while frontier:
        seen |= frontier
        of_them = work_rows.keys_of_editions(connection, frontier)
        found += of_them
        keys = {row.key for row in _counting(of_them, _telling(of_them))} - asked
        asked |= keys
        frontier = {row.edition for row in work_rows.editions_with(connection, keys) if row.kind != WHOLE} - seen
    return _linked(found, _telling(found)), seen


def _telling(found: Iterable[KeyRow]) -> set[str]:
    return {row.edition for row in found if row.kind != WHOLE and row.kind & TOLD}


def _counting(found: Iterable[KeyRow], told: AbstractSet[str]) -> Iterable[KeyRow]:
    """The keys that link: where one record of an edition tells what it is, those of the others do not count."""
    return (row for row in found if row.kind != WHOLE and bool(row.kind & TOLD) == (row.edition in told))


def _linked(found: Iterable[KeyRow], told: AbstractSet[str]) -> list[tuple[str, str]]:
    """Links that join the editions of each work.

    Editions of one title are joined first. What they translate is then told by most of those that tell it: a single
    record with the original title of another book would join the two.
    """
    rows_found = list(_counting(found, told))
    by_title = _chained((row.key, row.edition) for row in rows_found if not row.kind & ORIGINAL)
    parts = components({row.edition for row in rows_found}, by_title)
    group_of = {edition: part[0] for part in parts for edition in part}
    telling: dict[str, set[str]] = {}
    votes: dict[tuple[str, int], set[str]] = {}
    for row in rows_found:
        if row.kind & ORIGINAL:
            telling.setdefault(group_of[row.edition], set()).add(row.edition)
            votes.setdefault((group_of[row.edition], row.key), set()).add(row.edition)
    originals = {(key, group) for (group, key), ones in votes.items() if 2 * len(ones) > len(telling[group])}
    titles = {(row.key, group_of[row.edition]) for row in rows_found if not row.kind & ORIGINAL}
    keys = {key for key, _ in originals}
    return sorted({*by_title, *_chained(sorted(originals | {one for one in titles if one[0] in keys}))})


def _chained(holders: Iterable[tuple[int, str]]) -> set[tuple[str, str]]:
    """A link from the first holder of each key to every other."""
    first: dict[int, str] = {}
    links = {(first.setdefault(key, holder), holder) for key, holder in holders}
    return {(one, other) for one, other in links if one != other}


def _founders(connection: Connection, parts: Mapping[int, list[str]]) -> dict[int, RecordRef]:
    """The first record of each part."""
    first = work_rows.first_records(connection, [edition for part in parts.values() for edition in part])
    return {position: min(first[edition] for edition in part) for position, part in parts.items()}
