"""Carrying out a plan on one snapshot of the embedded index: hits in an exact order, facet counts, stored editions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial

from tantivy import DocAddress, Occur, Order, Query, Schema, Searcher, SearchResult

from indexer.engine import FacetField, FacetValue, Hit, SearchPage, SearchRequest
from indexer.engine.answers import TERMS_CONSIDERED, edition_of, facet_values
from indexer.engine.nodes import AnyOf, Node, Range, matching
from indexer.engine.plan import Order as PlannedOrder
from indexer.engine.plan import Plan, facet_of
from indexer.engine.tantivy_query import tantivy_errors, tantivy_query
from indexer.engine.tantivy_works import Found, Stretch, count_works, first_of_each, of_one
from indexer.record import Edition

Parse = Callable[[str], Query]

TIE_MARGIN = 16
"""Hits fetched on either side of a page to find those of equal score; more are fetched when these do not suffice."""

MAX_BUCKETS = 65_000
"""Tantivy refuses more values of a facet in one answer."""

IDS_AT_ONCE = 10_000


def page(searcher: Searcher, schema: Schema, parse: Parse, planned: Plan, request: SearchRequest) -> SearchPage:
    """The page of a request; ``parse`` is the index's own. Raises: EngineUnavailable, EngineIncompatible."""
    cursor, works = "", None
    with tantivy_errors("searching"):
        query = tantivy_query(planned.narrowed(), schema)
        stretch = partial(_stretch, searcher, planned.order)
        if request.limit == 0:
            total, found = _total(searcher.search(query, 1)), Found()
        elif request.by_work:
            total, found = first_of_each(searcher, stretch, query, request)
        elif planned.order:
            total, found, cursor = _ordered(searcher, query, request, planned.order, _behind(schema, parse, planned))
        else:
            total, found = _ranked(searcher, query, request.offset, request.limit)
        if request.by_work:
            works = count_works(searcher, tantivy_query(matching(planned.narrowed()), schema), total)
        hits = tuple(Hit(edition_of(_stored(searcher, address), rows=request.rows), score) for score, address in found)
        if request.by_work:
            hits = tuple(_with_others(searcher, schema, stretch, query, hit, rows=request.rows) for hit in hits)
        facets = _facets(searcher, schema, planned, request, total)
    return SearchPage(total, hits, facets, cursor, works)


def _with_others(searcher: Searcher, schema: Schema, stretch: Stretch, query: Query, hit: Hit, *, rows: bool) -> Hit:
    if not hit.edition.work:
        return hit
    count, found = of_one(schema, stretch, query, hit.edition.work)
    editions = [edition_of(_stored(searcher, address), rows=rows) for _, address in found[1:]]
    return replace(hit, matching=count, others=tuple(editions))


def _stretch(searcher: Searcher, order: PlannedOrder | None, query: Query, first: int, size: int) -> tuple[int, Found]:
    """The total, and the hits from the first wanted on, in a plan's order."""
    if order is None:
        return _ranked(searcher, query, first, size)
    result = _sorted(searcher, query, order, first, size)
    return _total(result), [(0.0, address) for _, address in result.hits]


def _sorted(searcher: Searcher, query: Query, order: PlannedOrder, first: int, size: int) -> SearchResult:
    direction = Order.Desc if order.descending else Order.Asc
    return searcher.search(query, size, offset=first, order_by_field=order.field, order=direction)


def all_with(searcher: Searcher, schema: Schema, field: str, values: Sequence[str]) -> list[Edition]:
    """Every edition with any of the values in a keyword field, each once."""
    stored: dict[bytes, None] = {}
    for start in range(0, len(values), IDS_AT_ONCE):
        wanted = AnyOf(field, tuple(values[start : start + IDS_AT_ONCE]))
        with tantivy_errors("looking up"):
            query = tantivy_query(wanted, schema)
            total = _total(searcher.search(query, 1))
            hits = searcher.search(query, max(total, 1), count=False).hits
            stored.update((_stored(searcher, address), None) for _, address in hits)
    return [edition_of(one) for one in stored]


def totals(searcher: Searcher, schema: Schema, plans: Iterable[Plan]) -> tuple[int, ...]:
    """How many editions each plan finds."""
    with tantivy_errors("counting"):
        queries = [tantivy_query(matching(planned.narrowed()), schema) for planned in plans]
        return tuple(_total(searcher.search(query, 1)) for query in queries)


def _total(result: SearchResult) -> int:
    return int(result.count)  # type: ignore[attr-defined]  # missing in tantivy's stub


def _stored(searcher: Searcher, address: DocAddress) -> bytes:
    return bytes(searcher.doc(address).get_first("edition") or b"")


def _ordered(
    searcher: Searcher, query: Query, request: SearchRequest, order: PlannedOrder, behind: Query | None
) -> tuple[int, Found, str]:
    """The total, the page in order, and what its last hit is ordered by."""
    total = _total(searcher.search(query, 1)) if behind else None
    if behind:
        query = Query.boolean_query([(Occur.Must, query), (Occur.Must, behind)])
    result = _sorted(searcher, query, order, request.offset, request.limit)
    hits = result.hits
    cursor = str(hits[-1][0]) if hits else ""
    return _total(result) if total is None else total, [(0.0, address) for _, address in hits], cursor


def _behind(schema: Schema, parse: Parse, planned: Plan) -> Query | None:
    """What stands behind a plan's cursor; the plan has seen to it that the cursor is a number or letters and digits.

    Tantivy makes ranges of numbers only; its parser makes them of text as well.
    """
    if not planned.after or planned.order is None:
        return None
    if planned.order.is_text:
        return parse(f"{planned.order.field}:{'<' if planned.order.descending else '>'}{planned.after}")
    last = int(planned.after)
    lower, upper = (None, last - 1) if planned.order.descending else (last + 1, None)
    return tantivy_query(Range(planned.order.field, lower, upper), schema)


def _ranked(searcher: Searcher, query: Query, first: int, limit: int) -> tuple[int, Found]:
    """The page by score, equals by their number.

    Tantivy orders equals by where they happen to lie, so the page is cut from a stretch of hits that begins and ends
    between unequal scores.
    """
    last = first + limit
    margin = TIE_MARGIN
    while True:
        start = max(0, first - margin)
        size = last - start + margin
        result = searcher.search(query, size, offset=start, weight_by_field="factor")
        hits: Found = result.hits
        wanted = hits[first - start : last - start]
        begins = not wanted or start == 0 or hits[0][0] != wanted[0][0]
        ends = not wanted or len(hits) < size or hits[-1][0] != wanted[-1][0]
        if begins and ends:
            break
        margin *= 4
    numbers = searcher.fast_field_values("num", [address for _, address in hits])
    ranked = sorted(zip(hits, numbers, strict=True), key=lambda pair: (-pair[0][0], pair[1] or 0))
    return _total(result), [hit for hit, _ in ranked[first - start : last - start]]


def _facets(
    searcher: Searcher, schema: Schema, planned: Plan, request: SearchRequest, total: int
) -> dict[FacetField, tuple[FacetValue, ...]]:
    """The facets asked: those without a filter of their own counted at once, each other without its own filter."""
    found: dict[FacetField, tuple[FacetValue, ...]] = dict.fromkeys(request.facets, ())
    if not request.facet_size:
        return found
    chosen = [facet for facet in request.facets if facet in planned.filters]
    others = [facet for facet in request.facets if facet not in planned.filters]
    if total and others:
        found |= _counts(searcher, schema, planned.narrowed(), others, request.facet_size)
    for facet in chosen:
        found |= _counts(searcher, schema, planned.narrowed(facet), [facet], request.facet_size)
    return found


def _counts(
    searcher: Searcher, schema: Schema, node: Node, facets: Iterable[FacetField], size: int
) -> dict[FacetField, tuple[FacetValue, ...]]:
    """The values of facets among what a node matches.

    Tantivy cuts a list of equal counts anywhere, so more are asked until the cut falls between unequal ones.
    """
    found: dict[FacetField, tuple[FacetValue, ...]] = {}
    missing, asked = list(facets), size + 50
    query = tantivy_query(matching(node), schema)
    while missing:
        terms = {"size": asked, "segment_size": max(asked, TERMS_CONSIDERED)}
        counted = searcher.aggregate(query, {f: {"terms": {"field": facet_of(f), **terms}} for f in missing})
        for facet in tuple(missing):
            buckets = [(_key(b["key"]), int(b["doc_count"])) for b in counted[facet]["buckets"]]
            complete = len(buckets) < asked or asked == MAX_BUCKETS
            if complete or buckets[-1][1] < buckets[size - 1][1]:
                found[facet] = facet_values(buckets, size, int(counted[facet].get("doc_count_error_upper_bound") or 0))
                missing.remove(facet)
        asked = min(asked * 10, MAX_BUCKETS)
    return found


def _key(key: str | float) -> str | int:
    return key if isinstance(key, str) else int(key)
