"""Judgements as edges → editions with lasting ids. Pure: what comes out depends on what goes in, never on its order."""

from __future__ import annotations

from base64 import b32encode
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Generic, TypeVar

from indexer.record import RecordRef

N = TypeVar("N", bound=int | str | RecordRef)
"""What stands for a record: anything that sorts."""

Group = tuple[RecordRef, ...]

ID_LENGTH = 10
"""Characters of an edition id, five bits each: of a million, two fall on one number once in two thousand catalogues."""


def components(members: Iterable[N], edges: Iterable[tuple[N, N]]) -> list[list[N]]:
    """What hangs together by edges, each part sorted, in the order of their first members."""
    parent: dict[N, N] = {member: member for member in members}

    def root(member: N) -> N:
        while parent[member] != member:
            parent[member] = parent[parent[member]]
            member = parent[member]
        return member

    for a, b in edges:
        one, other = root(a), root(b)
        if one != other:
            parent[max(one, other)] = min(one, other)
    parts: dict[N, list[N]] = {}
    for member in sorted(parent):
        parts.setdefault(root(member), []).append(member)
    return list(parts.values())


@dataclass(frozen=True, slots=True)
class Ruled:
    """What people said. ``bound``: a record → the first of those that it was judged the same as, itself included, for
    all that were judged. ``apart``: pairs of such firsts; no record of one may meet a record of the other."""

    bound: Mapping[RecordRef, RecordRef] = field(default_factory=dict)
    apart: frozenset[tuple[RecordRef, RecordRef]] = frozenset()

    @classmethod
    def by(cls, same: Iterable[tuple[RecordRef, RecordRef]], different: Iterable[tuple[RecordRef, RecordRef]]) -> Ruled:
        """What follows from these pairs: *same* is handed on, *different* is not."""
        joined, parted = list(same), list(different)
        named = {ref for pair in (*joined, *parted) for ref in pair}
        bound = {ref: part[0] for part in components(named, joined) for ref in part}
        return cls(bound, frozenset(_sorted(bound[a], bound[b]) for a, b in parted))

    def joins(self, a: RecordRef, b: RecordRef) -> bool:
        """Whether people have put the two together."""
        return self.bound.get(a, a) == self.bound.get(b, b)

    def parts(self, a: RecordRef, b: RecordRef) -> bool:
        """Whether people have told the two apart."""
        return _sorted(self.bound.get(a, a), self.bound.get(b, b)) in self.apart


UNRULED = Ruled()


def partition(
    members: Iterable[RecordRef],
    edges: Iterable[tuple[RecordRef, RecordRef, float]],
    conflict: Callable[[RecordRef, RecordRef], bool],
    *,
    sure: float = 0.0,
    ruled: Ruled = UNRULED,
) -> list[Group]:
    """Editions: the strongest edges join first, and no edge joins two groups of which any two members conflict.

    So a poor record between two editions joins one of them and does not weld them together; and a single edge below
    ``sure`` does not join two groups of several records each. ``conflict`` must not depend on the order of its
    arguments; it is asked only about pairs without an edge. Groups and their members come sorted.

    What people said stands above both. Those they told apart never meet. Where they said *same*, the groups that come
    of the edges become one, whatever else conflicts between them; but what was told apart goes with the side to which
    its strongest edges lead.
    """
    alone = [[member] for member in members]
    scores = {_sorted(a, b): score for a, b, score in edges if not ruled.parts(a, b)}

    def conflicting(a: RecordRef, b: RecordRef) -> bool:
        return ruled.parts(a, b) or (_sorted(a, b) not in scores and not ruled.joins(a, b) and conflict(a, b))

    groups = _grown(alone, scores, conflicting, sure)
    if len(set(ruled.bound.values())) < len(ruled.bound):
        place = {member: position for position, group in enumerate(groups) for member in group}
        inside = {pair: score for pair, score in scores.items() if place[pair[0]] == place[pair[1]]}
        bound: dict[RecordRef, list[RecordRef]] = {}
        for member in sorted(place):
            bound.setdefault(ruled.bound.get(member, member), []).append(member)
        groups = _grown(bound.values(), inside, ruled.parts, 0.0)
    return sorted(tuple(sorted(group)) for group in groups)


def _grown(
    begun: Iterable[list[RecordRef]],
    scores: Mapping[tuple[RecordRef, RecordRef], float],
    conflicting: Callable[[RecordRef, RecordRef], bool],
    sure: float,
) -> list[list[RecordRef]]:
    """The groups begun with, joined by edges, the strongest first."""
    group_of = {member: group for group in begun for member in group}
    waiting = sorted(((-score, *pair) for pair, score in scores.items()))
    while True:
        unsupported: list[tuple[float, RecordRef, RecordRef]] = []
        joined = False
        for edge in waiting:
            one, other = group_of[edge[1]], group_of[edge[2]]
            if one is other or any(conflicting(x, y) for x in one for y in other):
                continue
            if -edge[0] < sure and min(len(one), len(other)) > 1 and _edges_between(one, other, scores) < 2:
                unsupported.append(edge)  # until either group gains a record that another edge leads to
                continue
            smaller, larger = sorted((one, other), key=len)
            larger.extend(smaller)
            group_of.update(dict.fromkeys(smaller, larger))
            joined = True
        if not (joined and unsupported):
            return list({id(group): group for group in group_of.values()}.values())
        waiting = unsupported


def _edges_between(
    one: Iterable[RecordRef], other: Sequence[RecordRef], scores: Mapping[tuple[RecordRef, RecordRef], float]
) -> int:
    return sum(_sorted(x, y) in scores for x in one for y in other)


def _sorted(a: RecordRef, b: RecordRef) -> tuple[RecordRef, RecordRef]:
    return (a, b) if a < b else (b, a)


@dataclass(frozen=True, slots=True)
class Former:
    """An edition as it was: when it was founded, and whether it was live. One that is gone may come back."""

    founded: int
    live: bool = True


@dataclass(frozen=True, slots=True)
class Assignment(Generic[N]):
    """Which group goes by which id.

    ``kept``: group → the id it goes on with. ``founding``: groups that need a new id, and the edition most of their
    members come from, "" when none does. ``moved``: id given up → the group that answers for it. ``gone``: ids of
    which no record is left.
    """

    kept: dict[int, str]
    founding: dict[int, str]
    moved: dict[str, int]
    gone: tuple[str, ...]


def assign(
    groups: Sequence[Sequence[N]],
    editions: Mapping[N, str],
    former: Mapping[str, Former],
    gave: Callable[[N, str], bool] = lambda _member, _id: False,
) -> Assignment[N]:
    """Which ids survive: an id goes with most of its records; of two in one group that with more records in it, then
    the older, then the smaller in the alphabet. Where an id's records part evenly, it goes with the one that ``gave``
    it, else with the first of them.

    ``editions`` says to which edition of ``former`` a record belonged; a record it does not name is new.
    """
    shares: dict[tuple[int, str], int] = {}
    for position, group in enumerate(groups):
        for member in group:
            edition = editions.get(member)
            if edition is not None and edition in former:
                shares[position, edition] = shares.get((position, edition), 0) + 1
    firsts = [min(group) for group in groups]
    parted = Counter(edition for _, edition in shares)

    def lacks_giver(claim: tuple[int, str]) -> bool:
        position, edition = claim
        return parted[edition] > 1 and not any(gave(member, edition) for member in groups[position])

    kept: dict[int, str] = {}
    taken: set[str] = set()
    largest: dict[str, int] = {}  # where most records of an edition are now
    origins: dict[int, str] = {}
    for position, edition in sorted(
        shares,
        key=lambda claim: (-shares[claim], former[claim[1]].founded, claim[1], lacks_giver(claim), firsts[claim[0]]),
    ):
        largest.setdefault(edition, position)
        origins.setdefault(position, edition)
        if position not in kept and edition not in taken:
            kept[position] = edition
            taken.add(edition)
    return Assignment(
        kept=kept,
        founding={position: origins.get(position, "") for position in range(len(groups)) if position not in kept},
        moved={edition: largest[edition] for edition in sorted(largest) if edition not in taken},
        gone=tuple(sorted(edition for edition, was in former.items() if was.live and edition not in largest)),
    )


def candidate_id(founder: RecordRef, attempt: int = 0) -> str:
    """An id for an edition, made from the name of its first record; further attempts are for ids already given.

    The same records loaded elsewhere get the same ids as long as none is taken.
    """
    name = f"{founder}\n{attempt}" if attempt else str(founder)
    digest = blake2b(name.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return b32encode(digest).decode("ascii").lower()[:ID_LENGTH]


def is_founder(record: RecordRef, edition_id: str) -> bool:
    """Whether an edition's id was made from this record's name."""
    return any(candidate_id(record, attempt) == edition_id for attempt in range(_ATTEMPTS_LOOKED_THROUGH))


_ATTEMPTS_LOOKED_THROUGH = 8
"""The second attempt is for a record that founded another edition before; later ones are hardly ever needed."""


def new_ids(
    founders: Mapping[int, RecordRef], given: Callable[[Collection[str]], AbstractSet[str]], begins: str = ""
) -> dict[int, str]:
    """An id never given before for each founder, by the founder's key.

    ``given`` says which of some ids were given before; ``begins`` is what the ids of a kind begin with.
    """
    ids: dict[int, str] = {}
    waiting = dict(sorted(founders.items(), key=lambda item: item[1]))
    attempt = 0
    while waiting:
        candidates = {key: begins + candidate_id(founder, attempt) for key, founder in waiting.items()}
        taken = {*given(candidates.values()), *ids.values()}
        for key, candidate in candidates.items():
            if candidate not in taken:
                ids[key] = candidate
                taken.add(candidate)
                del waiting[key]
        attempt += 1
    return ids
