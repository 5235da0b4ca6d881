"""A search request as a plan: what matches, what scores, in which order. Pure; both engines carry out the same plan."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from indexer.document import LAST_VALUE, MAX_KEY_LENGTH, NUM_BITS, work_number
from indexer.engine import MAX_WINDOW, Clause, FacetField, Filter, How, SearchRequest, Sort
from indexer.engine.clauses import clause_node
from indexer.engine.guessed import begun_node, nearly_node
from indexer.engine.in_turn import after_in_turn, is_in_turn
from indexer.engine.nodes import (
    MAX_DEPTH,
    All,
    AnyOf,
    Constant,
    Everything,
    Node,
    Nothing,
    Range,
    Term,
    depth,
    narrowed,
)
from indexer.engine.whole import whole_node


@dataclass(frozen=True, slots=True)
class Order:
    """A field that no two editions share a value of, and which end comes first."""

    field: str
    descending: bool
    is_text: bool = False


ORDERS: Mapping[Sort, Order | None] = {
    "relevance": None,
    "newest": Order("newest_order", True),
    "oldest": Order("oldest_order", False),
    "title": Order("title_order", False, is_text=True),
    "creator": Order("creator_order", False, is_text=True),
    "call_number": Order("call_number_order", False, is_text=True),
    "libraries": Order("libraries_order", True),
}


LAST_YEAR = 999_999
LONGEST_NUMBER = 19
"""Digits of what editions are ordered by: 63 bits."""

_TEXT_CURSOR = re.compile("[0-9A-Za-z]*0[0-9a-f]{13}")
"""Keys that editions are ordered by as text end in the edition's number: see `indexer.sort_keys`."""

HELD_BY_THE_FIRST = 5_000.0
"""Above all that a query can add to a score: what the patron's own libraries hold comes before everything else."""

_CLAUSES: Mapping[How, Callable[[Clause], Node]] = {
    "as_typed": clause_node,
    "loosely": clause_node,
    "begun": begun_node,
    "nearly": nearly_node,
    "whole": whole_node,
}


@dataclass(frozen=True, slots=True)
class Plan:
    """What an engine carries out. ``order`` None is by score × factor, equals by their number."""

    query: Node
    filters: Mapping[FacetField, Node] = field(default_factory=dict)
    order: Order | None = None
    after: str = ""  # only what stands behind this in the order

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

    Raises: ValueError for a page outside the window and for a cursor that no page has.
    """
    if request.offset < 0 or request.limit < 0 or request.offset + request.limit > MAX_WINDOW:
        raise ValueError(f"offset {request.offset} and limit {request.limit}: a search shows the first {MAX_WINDOW}")
    clauses = [_CLAUSES[clause.how](clause) for clause in request.clauses if clause.text.strip()]
    query = All(tuple(clauses)) if len(clauses) > 1 else next(iter(clauses), Everything())
    held = _any_of("library", request.first)
    if request.only:
        query = narrowed(query, [held]) if request.only == "first" else All((query,), without=(held,))
    elif request.first and request.sort == "relevance":
        query = All((query,), (Constant(held, HELD_BY_THE_FIRST),))
    order = ORDERS[request.sort]
    if request.within:
        query = narrowed(query, [_any_of("library", request.within)])
    if request.written:
        query = narrowed(query, [Term("written", one) for one in dict.fromkeys(request.written)])
    if request.ids is not None:
        query = narrowed(query, [AnyOf("id", request.ids) if request.ids else Nothing()])
    if request.held_from is not None or request.held_to is not None:
        query = narrowed(query, [_held_by(request.held_from, request.held_to)])
    if request.works:
        query = narrowed(query, [AnyOf("work", tuple(map(work_number, dict.fromkeys(request.works))))])
    alone = order and request.offset == 0 and not request.by_work
    after = after_in_turn(request) if is_in_turn(request) else request.after
    if request.after and not (order and alone and after and _is_cursor(after, order)):
        raise ValueError(f"{request.after!r} is no cursor of a page sorted by {request.sort}")
    filters = _filters(request)
    if request.counted_within:
        query, filters = narrowed(query, list(filters.values())), {}
    return Plan(query, filters, order, after)


def _held_by(least: int | None, most: int | None) -> Node:
    """Editions held by so many libraries: what they are ordered by tells the number, above the edition's own."""
    first = 0 if least is None else max(least, 0)
    last = LAST_VALUE if most is None else min(most, LAST_VALUE)
    if first > last:
        return Nothing()
    return Range("libraries_order", first << NUM_BITS, ((last + 1) << NUM_BITS) - 1)


def _is_cursor(text: str, order: Order) -> bool:
    if order.is_text:
        return _TEXT_CURSOR.fullmatch(text) is not None and len(text) <= MAX_KEY_LENGTH
    return text.isascii() and text.isdecimal() and len(text) <= LONGEST_NUMBER


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
        found.setdefault("year", []).append(
            Range(facet_of("year"), _bounded(request.year_from), _bounded(request.year_to))
        )
    return {facet: All(tuple(nodes)) if len(nodes) > 1 else nodes[0] for facet, nodes in found.items()}


def _filter(chosen: Filter) -> Node:
    if chosen.field == "year":
        years = tuple(int(v) for v in chosen.values if v.isascii() and v.isdigit() and len(v) <= 4)
        return AnyOf(facet_of("year"), years) if years else Nothing()
    return _any_of(chosen.field, chosen.values)


def _any_of(facet: FacetField, values: Iterable[str]) -> Node:
    """Editions with any of the values; halves of characters, which no index holds and none takes, are no value."""
    possible = tuple(value for value in dict.fromkeys(values) if _is_text(value))
    return AnyOf(facet_of(facet), possible) if possible else Nothing()


def _is_text(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _bounded(year: int | None) -> int | None:
    """A year that every engine's numbers hold; before and after them there is no edition."""
    return None if year is None else max(-1, min(year, LAST_YEAR))
