"""Keys and edges of the records that changed, brought up to date inside the caller's transaction.

Which pairs are compared follows from the keys alone (`blocks`) and how they are judged from the two records alone
(`compare`), so the edges are those of judging the whole catalogue afresh, whatever came first.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any

from sqlalchemy import Connection

from indexer import catalogue_rows as rows
from indexer import codec
from indexer.blocks import LARGEST_BLOCK, Pair, Place, pairs, pairs_with
from indexer.compare import MODEL, opinion
from indexer.match_keys import key_number, keys_of, place_in_block
from indexer.profile import Profile, profile

REMEMBERED_PROFILES = 200_000
"""Profiles kept in memory, about 3 kB each: a first load of more records reads partners back from the database."""


class Matcher:
    """Keeps keys and edges true to the records, and remembers profiles from one batch to the next.

    After a rollback call `forget`.
    """

    def __init__(self, remembered: int = REMEMBERED_PROFILES, *, clock: Callable[[], float] = time.time) -> None:
        self._remembered = remembered
        self._clock = clock
        self._profiles: OrderedDict[int, Profile] = OrderedDict()

    def forget(self) -> None:
        """Drops what is remembered: the transaction it came from was not committed."""
        self._profiles.clear()

    def facts(self, connection: Connection, numbers: AbstractSet[int]) -> dict[int, Profile]:
        """The profiles of these live records."""
        found = {number: known for number in numbers if (known := self._profiles.get(number)) is not None}
        missing = sorted(numbers - found.keys())
        for chunk in rows.chunks(missing):
            loaded = {n: profile(codec.decode(data)) for n, data in rows.payloads(connection, chunk).items()}
            found |= loaded
            self._remember(loaded)
        return found

    def match(self, connection: Connection, changed: Mapping[int, Profile], deleted: AbstractSet[int]) -> set[int]:
        """Writes keys and edges of changed records and removes those of deleted ones; the live records whose edition
        may be another now."""
        touched = changed.keys() | deleted
        if not touched:
            return set()
        for number in deleted:
            self._profiles.pop(number, None)
        self._remember(changed)
        candidates, lost = self._replace_keys(connection, changed, touched)
        obsolete = rows.edges_at(connection, touched).keys() | _unsupported(connection, lost)
        rows.delete_edges(connection, obsolete)
        kept = rows.edges_at(connection, {a for a, b in candidates if a not in touched and b not in touched})
        edges = self._judge(connection, sorted(candidates - kept.keys()))
        rows.insert_edges(connection, edges)
        affected = set(changed)
        affected.update(number for pair in obsolete for number in pair)
        affected.update(number for edge in edges for number in (edge["a"], edge["b"]))
        return affected - deleted

    def _remember(self, profiles: Mapping[int, Profile]) -> None:
        self._profiles.update(profiles)
        while len(self._profiles) > self._remembered:
            self._profiles.popitem(last=False)

    def _replace_keys(
        self, connection: Connection, changed: Mapping[int, Profile], touched: AbstractSet[int]
    ) -> tuple[set[Pair], set[Pair]]:
        """Writes the keys of changed records; the pairs to judge, and pairs of others that a block now leaves out."""
        old = rows.keys_of(connection, touched)
        new = {number: {key_number(key) for key in keys_of(facts)} for number, facts in changed.items()}
        places = {number: place_in_block(facts) for number, facts in changed.items()}
        before = rows.blocks_of(connection, {key for keys in (*old.values(), *new.values()) for key in keys})
        rows.replace_keys(connection, old, [(key, n, places[n]) for n, keys in new.items() for key in keys])
        after = {key: [place for place in block if place[1] not in touched] for key, block in before.items()}
        for number, keys in new.items():
            for key in keys:
                after.setdefault(key, []).append((places[number], number))
        candidates: set[Pair] = set()
        lost: set[Pair] = set()
        for key, block in after.items():
            old_block = before.get(key, [])
            if len(block) < 2 and len(old_block) <= LARGEST_BLOCK:
                continue  # most keys: nobody to meet
            added, removed = _block_change(old_block, block, touched)
            candidates |= added
            lost |= removed
        return candidates, lost

    def _judge(self, connection: Connection, candidates: Sequence[Pair]) -> list[dict[str, Any]]:
        edges: list[dict[str, Any]] = []
        by: dict[str, Any] = {"model": MODEL, "judged_at": int(self._clock())}
        for chunk in rows.chunks(candidates, 20_000):
            facts = self.facts(connection, {number for pair in chunk for number in pair})
            for a, b in chunk:
                found = opinion(facts[a], facts[b])
                if found.verdict == "same":
                    reasons = " ".join(found.statements)
                    edges.append({"a": a, "b": b, "score": round(found.score * 100), "reasons": reasons} | by)
        return edges


def _block_change(
    before: Sequence[Place], after: Sequence[Place], touched: AbstractSet[int]
) -> tuple[set[Pair], set[Pair]]:
    """Pairs of a block to be judged, and pairs of untouched records that it no longer compares."""
    if len(before) <= LARGEST_BLOCK and len(after) <= LARGEST_BLOCK:
        return set(pairs_with(after, touched)), set()
    compared, now = set(pairs(before)), set(pairs(after))
    of_touched = {pair for pair in now if pair[0] in touched or pair[1] in touched}
    lost = {pair for pair in compared - now if pair[0] not in touched and pair[1] not in touched}
    return of_touched | (now - compared), lost


def _unsupported(connection: Connection, lost: Iterable[Pair]) -> set[Pair]:
    """Of pairs that one block no longer compares, the edges that no other block compares either."""
    lost = set(lost)
    if not lost:
        return set()
    stored = rows.edges_at(connection, {a for a, _ in lost}).keys() & lost
    keys = rows.keys_of(connection, {number for pair in stored for number in pair})
    shared = {pair: keys.get(pair[0], set()) & keys.get(pair[1], set()) for pair in stored}
    blocks = rows.blocks_of(connection, {key for common in shared.values() for key in common})
    compared = {key: set(pairs(block)) for key, block in blocks.items()}
    return {pair for pair, common in shared.items() if not any(pair in compared[key] for key in common)}
