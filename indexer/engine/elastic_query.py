"""Nodes and plans in Elasticsearch's terms. Nothing here decides what matches or scores: that is the plan's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any as Json

from indexer.document import WORK_PARTS
from indexer.engine import OTHERS_SHOWN, FacetField, FacetValue, SearchRequest
from indexer.engine.answers import TERMS_CONSIDERED, facet_values
from indexer.engine.nodes import (
    All,
    Any,
    AnyOf,
    Boost,
    Constant,
    Everything,
    Like,
    Node,
    Nothing,
    Phrase,
    Prefix,
    Range,
    Term,
    matching,
    narrowed,
)
from indexer.engine.plan import Plan, facet_of

Query = dict[str, Json]

MAX_ALIKE = 1_000
"""Tokens like another that are sought; at the default of 50 Elasticsearch leaves some out without a word."""

VALUES = "values"
"""The name of the counts within each facet's own filter."""

WORKS, EDITIONS = "works", "editions"
"""The names of the counts of works, and of the editions of each."""

WORKS_OF_A_PART = 1_500
"""So many works of several editions are counted exactly in each of their parts; it costs 8 KiB a part."""


def elastic_query(node: Node) -> Query:
    """The query of a node."""
    match node:
        case Everything():
            return {"match_all": {}}
        case Nothing():
            return {"match_none": {}}
        case Term(field, token):
            return {"term": {field: {"value": token}}}
        case Phrase(field, tokens):
            return {"match_phrase": {field: {"query": " ".join(tokens), "analyzer": "whitespace"}}}
        case Prefix(field, start):
            return {"prefix": {field: {"value": start, "rewrite": "constant_score"}}}
        case Like(field, token, letters):
            like = {"value": token, "fuzziness": letters, "max_expansions": MAX_ALIKE, "rewrite": "constant_score"}
            return {"fuzzy": {field: like}}
        case AnyOf(field, values):
            return {"terms": {field: list(values)}}
        case Range(field, lower, upper):
            ends = {"gte": lower, "lte": upper}
            return {"range": {field: {end: value for end, value in ends.items() if value is not None}}}
        case All():
            return _bool(node)
        case Any(choices):
            return {"bool": {"should": list(map(elastic_query, choices)), "minimum_should_match": 1}}
        case Boost(inner, factor):
            return {"bool": {"must": [elastic_query(inner)], "boost": factor}}
        case Constant(inner, score):
            return {"constant_score": {"filter": elastic_query(inner), "boost": score}}


def _bool(node: All) -> Query:
    """Filters (score 0) go where Elasticsearch caches them; the rest keeps its place."""
    filters = [n.node for n in node.required if isinstance(n, Constant) and n.score == 0]
    scored = [n for n in node.required if not (isinstance(n, Constant) and n.score == 0)]
    places = {"must": scored, "filter": filters, "should": node.better, "must_not": node.without}
    return {"bool": {place: list(map(elastic_query, nodes)) for place, nodes in places.items() if nodes}}


def search_body(planned: Plan, request: SearchRequest) -> dict[str, Json]:
    """The arguments of one search: hits, total and facets at once.

    A filter on a facet that is counted comes after the counting (``post_filter``), so that each facet can be counted
    within the filters of the others only.
    """
    asked = request.facets if request.facet_size else ()
    late = {facet: node for facet, node in planned.filters.items() if facet in asked}
    early = [node for facet, node in planned.filters.items() if facet not in asked]
    query = elastic_query(narrowed(planned.query, early))
    body: dict[str, Json] = {"from_": request.offset, "size": request.limit}
    if planned.order:
        body["query"] = query
        body["sort"] = [{planned.order.field: "desc" if planned.order.descending else "asc"}]
        if planned.after:
            body["search_after"] = [planned.after if planned.order.is_text else int(planned.after)]
    else:
        by_factor = {"field": "factor", "missing": 1}
        body["query"] = {"function_score": {"query": query, "field_value_factor": by_factor, "boost_mode": "multiply"}}
        body["sort"] = [{"_score": "desc"}, {"num": "asc"}]
    if late:
        body["post_filter"] = _filter(tuple(late.values()))
    aggregations: dict[str, Json] = {
        facet: _counts(facet, request.facet_size, [node for other, node in late.items() if other != facet])
        for facet in asked
    }
    if request.by_work:
        editions = {"name": EDITIONS, "size": OTHERS_SHOWN + 1, "sort": body["sort"], "_source": ["edition"]}
        body["collapse"] = {"field": "work", "inner_hits": editions}
        aggregations |= {WORKS: _works(tuple(late.values()))}
    if aggregations:
        body["aggs"] = aggregations
    return body


def totals_body(plans: Iterable[Plan]) -> dict[str, Json]:
    """The arguments of one search that counts what each plan finds."""
    queries = [elastic_query(matching(planned.narrowed())) for planned in plans]
    return {"size": 0, "aggs": {VALUES: {"filters": {"filters": queries}}}}


def totals_of(answer: Mapping[str, Json]) -> tuple[int, ...]:
    """The counts in its answer, in the order of the plans."""
    return tuple(int(bucket["doc_count"]) for bucket in answer["aggregations"][VALUES]["buckets"])


def _works(filters: Sequence[Node]) -> dict[str, Json]:
    """The works of several editions, counted part by part."""
    works = {"cardinality": {"field": "work", "precision_threshold": WORKS_OF_A_PART}}
    parts = {"terms": {"field": "work_part", "size": WORK_PARTS}, "aggs": {WORKS: works}}
    return {"filter": _filter(filters), "aggs": {VALUES: parts}}


def works_of(answer: Mapping[str, Json]) -> int | None:
    """How many works the editions found are of; None when they were not asked by work."""
    if WORKS not in answer.get("aggregations", {}):
        return None
    parts = answer["aggregations"][WORKS][VALUES]["buckets"]
    found = answer["hits"]["total"]["value"]
    return int(found + sum(part[WORKS]["value"] - part["doc_count"] for part in parts))


def _filter(nodes: Sequence[Node]) -> Query:
    return {"bool": {"filter": list(map(elastic_query, nodes))}} if nodes else {"match_all": {}}


def _counts(facet: FacetField, size: int, filters: Sequence[Node]) -> dict[str, Json]:
    terms = {"field": facet_of(facet), "size": size, "shard_size": max(size, TERMS_CONSIDERED)}
    return {"filter": _filter(filters), "aggs": {VALUES: {"terms": terms}}}


def facets_of(answer: Mapping[str, Json], request: SearchRequest) -> dict[FacetField, tuple[FacetValue, ...]]:
    """The facets in an answer, each asked one present."""
    answered = answer.get("aggregations", {})
    counted = {facet: answered.get(facet, {}).get(VALUES, {}) for facet in request.facets}
    return {
        facet: facet_values(
            ((bucket["key"], bucket["doc_count"]) for bucket in terms.get("buckets", ())),
            request.facet_size,
            max(terms.get("doc_count_error_upper_bound", 0), 0),
        )
        for facet, terms in counted.items()
    }
