"""Why an edition is what it is: its records, what joins them, what keeps others out, and who nearly came in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import combinations, islice, product

from sqlalchemy import Connection, select

from indexer import catalogue_rows as rows
from indexer import catalogue_tables as tables
from indexer import codec, work_rows
from indexer.blocks import LARGEST_BLOCK, Pair, pairs, pairs_with
from indexer.catalogue import Catalogue, Edge
from indexer.compare import DIFFERENT, SAME, Opinion, opinion
from indexer.derive import SURE
from indexer.profile import Profile, profile
from indexer.record import Record, RecordRef
from indexer.ruling_rows import Ruling
from indexer.rulings import rulings_about

SHOWN = 20
"""Of each kind of what stayed outside so many are told, the nearest first."""

CONFLICTS_SHOWN = 3
NEARLY = (SAME + DIFFERENT) / 2
"""From this score on a record that stays outside came near."""

MOST_CONFLICTS_SOUGHT = 2_000
"""Pairs of two editions looked through for what keeps them apart."""


class NoSuchEdition(LookupError):
    """There is no edition of this id, or all its records left; the message is the id."""


@dataclass(frozen=True, slots=True)
class Told:
    """A record in a few words, and the edition it is in."""

    ref: RecordRef
    edition: str
    title: str
    year: int | None
    publisher: str


@dataclass(frozen=True, slots=True)
class Apart:
    """Two records that are compared and not joined: ``a`` is in the edition, ``b`` in the edition or in another.

    ``conflicts``: where the two were judged the same, what forbids their editions to meet: two records and why. None
    of them: the two editions hang together by a single borderline judgement.
    """

    a: RecordRef
    b: Told
    score: float
    reasons: tuple[str, ...]  # statements, vetoes first
    vetoes: tuple[str, ...]
    conflicts: tuple[tuple[RecordRef, RecordRef, tuple[str, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class Drawn:
    """An edition with everything that decided about it. Lists of what stayed out are cut at `SHOWN`."""

    id: str
    work: str  # "" when it is the only edition of its text
    split_from: str  # the edition its records were in before, "" when it was none
    replaces: tuple[str, ...]  # ids that redirect here
    records: tuple[Told, ...]
    edges: tuple[Edge, ...]  # strongest first
    rulings: tuple[Ruling, ...]  # of people, about its records
    vetoed_inside: tuple[Apart, ...]  # its records that would not be one edition by themselves
    outvoted: tuple[Apart, ...]  # judged the same as a record elsewhere, and yet not joined
    vetoed: tuple[Apart, ...]  # alike enough, but something forbids it
    nearly: tuple[Apart, ...]  # not forbidden, and not alike enough


def explain_edition(catalogue: Catalogue, edition_id: str) -> Drawn:
    """What an edition's records, the judgements between them, and those with their nearest neighbours are.

    Raises: NoSuchEdition when the id is not live; a merged one has to be resolved first.
    """
    members = catalogue.members(edition_id)
    if not members:
        raise NoSuchEdition(edition_id)
    with catalogue.engine.connect() as connection:
        numbers = {row.number for row in rows.records_by_ref(connection, members).values()}
        compared = _compared(connection, numbers)
        if len(numbers) <= LARGEST_BLOCK:
            compared |= set(combinations(sorted(numbers), 2))
        edges = rows.edges_at(connection, numbers)
        around = {number for pair in (*compared, *edges) for number in pair} | numbers
        records = {n: codec.decode(payload) for n, payload in rows.payloads(connection, around).items()}
        named = rows.names(connection, around)
        work = work_rows.works_of(connection, [edition_id]).get(edition_id, "")
        row = connection.execute(select(tables.editions.c.split_from).where(tables.editions.c.id == edition_id)).one()
        replaced = select(tables.editions.c.id).where(tables.editions.c.target == edition_id)
        replaces = tuple(sorted(connection.execute(replaced).scalars()))
    facts = {number: profile(record) for number, record in records.items()}
    told = {n: _told(record, named[n].edition or "") for n, record in records.items()}
    judged = {
        pair: opinion(facts[pair[0]], facts[pair[1]])
        for pair in sorted(compared | edges.keys())
        if pair[0] in facts and pair[1] in facts
    }
    inside = {(a, b): found for (a, b), found in judged.items() if a in numbers and b in numbers}
    border = {pair: found for pair, found in judged.items() if pair not in inside}

    def inward(pair: Pair) -> bool:
        """Whether the edition's own record stands first; of two of its own, the first by name."""
        a, b = pair
        return a in numbers and (b not in numbers or told[a].ref < told[b].ref)

    def apart(found: Mapping[Pair, Opinion]) -> tuple[Apart, ...]:
        found = {pair if inward(pair) else (pair[1], pair[0]): one for pair, one in found.items()}
        nearest = sorted(found.items(), key=lambda item: (-item[1].score, told[item[0][0]].ref, told[item[0][1]].ref))
        return tuple(_apart(told[a].ref, told[b], one) for (a, b), one in nearest[:SHOWN])

    outvoted = {pair: found for pair, found in border.items() if found.verdict == "same"}
    return Drawn(
        id=edition_id,
        work=work,
        split_from=row.split_from or "",
        replaces=replaces,
        records=tuple(sorted((told[n] for n in numbers), key=lambda one: one.ref)),
        edges=catalogue.edges(members),
        rulings=tuple(rulings_about(catalogue, members)),
        vetoed_inside=apart({pair: found for pair, found in inside.items() if found.verdict == "different"}),
        outvoted=tuple(
            _with_conflicts(catalogue, one, members, facts, {told[n].ref: n for n in told}) for one in apart(outvoted)
        ),
        vetoed=apart({pair: one for pair, one in border.items() if one.vetoes and one.score >= NEARLY}),
        nearly=apart({pair: one for pair, one in border.items() if one.verdict == "unsure" and one.score >= NEARLY}),
    )


def is_borderline(edge: Edge) -> bool:
    """Whether an edge alone would not join two groups of several records."""
    return edge.score < SURE


def _compared(connection: Connection, numbers: AbstractSet[int]) -> set[Pair]:
    """The pairs that the keys of these records bring together."""
    keys = {key for found in rows.keys_of(connection, numbers).values() for key in found}
    found: set[Pair] = set()
    for block in rows.blocks_of(connection, keys).values():
        if len(block) <= LARGEST_BLOCK:
            found.update(pairs_with(block, numbers))
        else:
            found.update(pair for pair in pairs(block) if not numbers.isdisjoint(pair))
    return found


def _told(record: Record, edition: str) -> Told:
    title = record.title
    words = (title.proper, title.part_number, title.part_name) if title else ()
    publisher = record.imprints[0].publisher if record.imprints else ""
    return Told(record.ref, edition, ". ".join(filter(None, words)), record.year, publisher)


def _apart(a: RecordRef, b: Told, found: Opinion) -> Apart:
    rest = tuple(statement for statement in found.statements if statement not in found.vetoes)
    return Apart(a, b, found.score, (*found.vetoes, *rest), found.vetoes)


def _with_conflicts(
    catalogue: Catalogue,
    one: Apart,
    members: Iterable[RecordRef],
    facts: Mapping[int, Profile],
    number_of: Mapping[RecordRef, int],
) -> Apart:
    """With the pairs of the two editions that are judged different, or told apart by people."""
    others = catalogue.members(one.b.edition)
    missing = [ref for ref in others if ref not in number_of]
    known = {ref: facts[number_of[ref]] for ref in (*members, *others) if ref in number_of}
    known |= {ref: profile(record) for ref, record in catalogue.records(missing).items()}
    conflicts = (
        (a, b, found.vetoes or found.statements[:1])
        for a, b in islice(product(members, others), MOST_CONFLICTS_SOUGHT)
        if (found := opinion(known[a], known[b])).verdict == "different"
    )
    return Apart(one.a, one.b, one.score, one.reasons, one.vetoes, tuple(islice(conflicts, CONFLICTS_SHOWN)))
