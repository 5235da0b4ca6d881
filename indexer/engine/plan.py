"""A search request as a plan: what matches, what scores, in which order. Pure; both engines carry out the same plan.

What has to match is sought in the field asked, by default ``all``, which has every token of an edition; the single
fields only add to the score. So a hit costs the same wherever its words stand.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice, product

from indexer.analysis import written_key
from indexer.document import MAX_KEY_LENGTH, call_number_key
from indexer.engine import MAX_WINDOW, Clause, FacetField, Filter, SearchField, SearchRequest, Sort
from indexer.engine.nodes import (
    MAX_DEPTH,
    All,
    AnyOf,
    Boost,
    Constant,
    Everything,
    Node,
    Nothing,
    Prefix,
    Range,
    Term,
    any_of,
    depth,
    narrowed,
    phrase,
)
from indexer.identifiers import isbns, issns
from indexer.query_text import Group, analyse_query, compact, numbers
from indexer.readings import Syllables, spellings

FIELD_BOOSTS: Mapping[str, float] = {"title": 5.0, "creator": 3.0, "subject": 1.5}
"""What a word adds to the score when it stands in one of these fields, besides standing anywhere."""

TOGETHER = 2.0
"""How much more all words in the order typed count, in a title or a creator's name."""

TITLE_IS_QUERY = 1000.0
"""Above any sum of words: who types a title wants that title, not the books about it."""

TITLE_AS_WRITTEN = 400.0
"""For a title in the very characters typed, Traditional or Simplified."""

TITLE_AMONG_WORDS = 30.0
"""For a title that is one part of the query: 紅樓夢 曹雪芹."""

READING, READ_TOGETHER, TITLE_READS_AS_QUERY = 0.3, 2.0, 100.0
"""For words, all words and a whole title found in how Chinese reads."""

DOUBTFUL = 0.005
"""What is left of these when the query is one word of two syllables: who types *women* is seldom looking for 我們, and
finds all that is written so first."""

NUMBER_IS_QUERY = 1000.0

READING_FIELDS: Mapping[str, tuple[str, ...]] = {
    "all": ("title_reading", "creator_reading"),
    "title": ("title_reading",),
    "creator": ("creator_reading",),
}
VARIANT = 0.2
"""For words found in names that only authority records give: what is written so comes before what is also called so."""

VARIANT_FIELDS: Mapping[str, str] = {"creator": "creator_variant", "subject": "subject_variant"}
"""By the field asked; ``all`` has these names among its tokens."""

MAX_READINGS = 12
"""Readings of a whole query that are tried as one phrase."""


@dataclass(frozen=True, slots=True)
class Order:
    """A field that no two editions share a value of, and which end comes first."""

    field: str
    descending: bool


ORDERS: Mapping[Sort, Order | None] = {
    "relevance": None,
    "newest": Order("newest_order", True),
    "oldest": Order("oldest_order", False),
    "title": Order("title_order", False),
    "libraries": Order("libraries_order", True),
}


@dataclass(frozen=True, slots=True)
class Plan:
    """What an engine carries out. ``order`` None is by score × factor, equals by their number."""

    query: Node
    filters: Mapping[FacetField, Node] = field(default_factory=dict)
    order: Order | None = None

    def __post_init__(self) -> None:
        if max(map(depth, (self.query, *self.filters.values()))) > MAX_DEPTH - 2:
            raise ValueError(f"a query may be {MAX_DEPTH} deep")

    def filters_besides(self, facet: FacetField | None = None) -> tuple[Node, ...]:
        """The filters that narrow a facet's counts: all but its own. Of None: all, as they narrow the hits."""
        return tuple(node for name, node in self.filters.items() if name != facet)

    def narrowed(self, besides: FacetField | None = None) -> Node:
        """The query with the filters that apply."""
        return narrowed(self.query, self.filters_besides(besides))


def plan(request: SearchRequest) -> Plan:
    """How a request is answered. A blank clause is no clause; one of signs only finds nothing rather than everything.

    Raises: ValueError for a page outside the window.
    """
    if request.offset < 0 or request.limit < 0 or request.offset + request.limit > MAX_WINDOW:
        raise ValueError(f"offset {request.offset} and limit {request.limit}: a search shows the first {MAX_WINDOW}")
    clauses = [_clause(clause) for clause in request.clauses if clause.text.strip()]
    query = All(tuple(clauses)) if len(clauses) > 1 else next(iter(clauses), Everything())
    return Plan(query, _filters(request), ORDERS[request.sort])


def facet_of(facet: FacetField) -> str:
    """The index field a facet counts."""
    return f"{facet}_facet"


def _filters(request: SearchRequest) -> dict[FacetField, Node]:
    """Each facet's own filter; the years from and to belong to the year facet."""
    found: dict[FacetField, list[Node]] = {}
    for chosen in request.filters:
        if chosen.values:
            found.setdefault(chosen.field, []).append(_filter(chosen))
    if request.year_from is not None or request.year_to is not None:
        found.setdefault("year", []).append(Range(facet_of("year"), request.year_from, request.year_to))
    return {facet: All(tuple(nodes)) if len(nodes) > 1 else nodes[0] for facet, nodes in found.items()}


def _filter(chosen: Filter) -> Node:
    if chosen.field == "year":
        years = tuple(int(v) for v in chosen.values if v.isascii() and v.isdigit() and len(v) <= 4)
        return AnyOf(facet_of("year"), years) if years else Nothing()
    return AnyOf(facet_of(chosen.field), tuple(dict.fromkeys(chosen.values)))


def _clause(clause: Clause) -> Node:
    if clause.field == "isbn":
        values = _unique(*(i.value for i in isbns(clause.text)), *numbers(clause.text))
        return any_of([AnyOf("isbn", values), AnyOf("number", values)] if values else [])
    if clause.field == "issn":
        values = _unique(*(compact(i.value) for i in issns(clause.text)), compact(clause.text))
        return AnyOf("issn", values) if values else Nothing()
    if clause.field == "number":
        values = numbers(clause.text)
        return AnyOf("number", values) if values else Nothing()
    if clause.field == "call_number":
        start = call_number_key(clause.text)
        return Prefix("call_number", start) if start else Nothing()
    return _text(clause)


def _text(clause: Clause) -> Node:
    groups = analyse_query(clause.text)
    wanted = [group for group in groups if not group.excluded]
    without = tuple(phrase(clause.field, group.tokens) for group in groups if group.excluded)
    if not groups:
        return Nothing()
    if not wanted:
        return All((Everything(),), without=without)
    readings = _readings(clause.field, wanted)
    sure = 1.0 if _surely_read(readings) else DOUBTFUL
    required = tuple(_group(clause.field, group, readings.get(group, ()), sure) for group in wanted)
    read = _read_titles(clause.field, wanted, readings, sure)
    return All(required, (*_words(clause.field, wanted), *_titles(clause, wanted), *read), without)


def _group(in_field: SearchField, group: Group, ways: Sequence[Syllables], sure: float) -> Node:
    """What makes a group match: its tokens where asked, the number it is, Chinese that reads so, another name."""
    choices = [phrase(in_field, group.tokens)]
    if group.numbers and in_field == "all":
        choices.append(Constant(AnyOf("number", group.numbers), NUMBER_IS_QUERY))
    choices += [Boost(phrase(name, way), READING * sure) for name in READING_FIELDS.get(in_field, ()) for way in ways]
    if variants := VARIANT_FIELDS.get(in_field):
        choices.append(Boost(phrase(variants, group.tokens), VARIANT))
    return any_of(choices)


def _words(in_field: SearchField, wanted: Sequence[Group]) -> Iterator[Node]:
    """What words add in the fields where they count more, each and all together."""
    boosts = FIELD_BOOSTS if in_field == "all" else {in_field: 1.0}
    together = [token for group in wanted for token in group.tokens]
    for name, boost in boosts.items():
        if in_field == "all":
            yield from (Boost(phrase(name, group.tokens), boost) for group in wanted)
        if len(wanted) > 1 and name in {"title", "creator"}:
            yield Boost(phrase(name, together), boost * TOGETHER)


def _titles(clause: Clause, wanted: Sequence[Group]) -> Iterator[Node]:
    """What it adds that the query is a title, whole or in part."""
    if clause.field not in {"all", "title"}:
        return
    whole = "".join(token for group in wanted for token in group.tokens)
    if len(whole) <= MAX_KEY_LENGTH:
        yield Constant(Term("title_key", whole), TITLE_IS_QUERY)
    written = written_key(clause.text)
    if written and len(written) <= MAX_KEY_LENGTH:
        yield Constant(Term("title_written_key", written), TITLE_AS_WRITTEN)
    if len(wanted) > 1:
        for group in wanted:
            if len(group.tokens) > 1:
                yield Constant(Term("title_key", "".join(group.tokens)), TITLE_AMONG_WORDS)


def _readings(in_field: SearchField, wanted: Sequence[Group]) -> dict[Group, tuple[Syllables, ...]]:
    """How each Latin word may be Chinese: only when all of them may be and they have two syllables together, for
    single syllables are words of other languages more often than not."""
    if in_field not in READING_FIELDS:
        return {}
    words = [group for group in wanted if len(group.tokens) == 1 and group.tokens[0].isascii()]
    found = {group: spellings(group.tokens[0]) for group in words}
    syllables = sum(max(map(len, ways), default=0) for ways in found.values())
    return found if all(found.values()) and syllables > 1 else {}


def _surely_read(readings: Mapping[Group, tuple[Syllables, ...]]) -> bool:
    """Whether words that may be Chinese are so many, or so long, that they hardly are anything else."""
    return len(readings) > 1 or any(min(map(len, ways)) > 2 for ways in readings.values())


def _read_titles(
    in_field: SearchField, wanted: Sequence[Group], readings: Mapping[Group, tuple[Syllables, ...]], sure: float
) -> Iterator[Node]:
    """What it adds that the whole query is how a Chinese title or name reads."""
    if not readings or len(readings) != len(wanted):
        return
    chosen = islice(product(*(readings[group] for group in wanted)), MAX_READINGS)
    ways = list(dict.fromkeys(tuple(chain.from_iterable(one)) for one in chosen))
    for name in READING_FIELDS[in_field]:
        yield from (Boost(phrase(name, way), READ_TOGETHER * sure) for way in ways)
    if in_field != "creator":
        keys = _unique(*("".join(way) for way in ways))
        yield Constant(AnyOf("title_reading_key", keys), TITLE_READS_AS_QUERY * sure)


def _unique(*values: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value))
