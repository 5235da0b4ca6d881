"""Why two records are one edition, or are not: their own judgement, and the chain of others that joins them."""

from __future__ import annotations

from dataclasses import dataclass

from indexer.catalogue import Catalogue, Edge
from indexer.compare import Judgement
from indexer.record import RecordRef
from indexer.ruling_rows import Ruling


class NoSuchRecord(LookupError):
    """The catalogue holds no record of this name; the message is the name."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """How two records stand to each other today.

    ``path`` leads from ``a`` to ``b`` over stored edges when they share an edition though they were not judged the same
    themselves; it is empty otherwise. Of all chains it is the one whose weakest edge is strongest.
    """

    a: RecordRef
    b: RecordRef
    judgement: Judgement
    edition_a: str
    edition_b: str
    path: tuple[Edge, ...] = ()
    ruling: Ruling | None = None  # what a person judged of the two

    @property
    def together(self) -> bool:
        """Whether they share an edition."""
        return self.edition_a == self.edition_b


def explain(catalogue: Catalogue, a: RecordRef, b: RecordRef) -> Explanation:
    """Why two records are, or are not, one edition.

    Raises: NoSuchRecord when the catalogue does not hold one of them.
    """
    editions = {ref: catalogue.edition_of(ref) for ref in (a, b)}
    judged = catalogue.judgement(a, b)
    for ref, edition in editions.items():
        if edition is None:
            raise NoSuchRecord(str(ref))
    if judged is None:
        raise NoSuchRecord(f"{a} or {b}")
    path: tuple[Edge, ...] = ()
    if editions[a] == editions[b] and judged.verdict != "same":
        path = strongest_path(catalogue.edges(catalogue.members(str(editions[a]))), a, b)
    return Explanation(a, b, judged, str(editions[a]), str(editions[b]), path, catalogue.ruling(a, b))


def strongest_path(edges: tuple[Edge, ...], start: RecordRef, end: RecordRef) -> tuple[Edge, ...]:
    """The chain of edges from one record to another whose weakest is strongest; empty when none joins them.

    ``edges`` come strongest first. They are taken in that order until the two are joined: what is then between them is
    a tree's only path, and no better chain can exist.
    """
    group: dict[RecordRef, RecordRef] = {}

    def root(ref: RecordRef) -> RecordRef:
        while group.setdefault(ref, ref) != ref:
            ref = group[ref]
        return ref

    tree: dict[RecordRef, list[tuple[RecordRef, Edge]]] = {}
    for edge in edges:
        if root(edge.a) != root(edge.b):
            group[root(edge.a)] = root(edge.b)
            tree.setdefault(edge.a, []).append((edge.b, edge))
            tree.setdefault(edge.b, []).append((edge.a, edge))
        if root(start) == root(end):
            break
    reached: dict[RecordRef, tuple[Edge, ...]] = {start: ()}
    waiting = [start]
    while waiting:
        here = waiting.pop()
        for there, edge in tree.get(here, ()):
            if there not in reached:
                reached[there] = (*reached[here], edge)
                waiting.append(there)
    return reached.get(end, ())
