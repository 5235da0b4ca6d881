"""Hits grouped by work on a snapshot of the embedded index, which cannot group by itself."""

from __future__ import annotations

from collections.abc import Callable

from tantivy import DocAddress, Occur, Query, Schema, Searcher

from indexer.document import WORK_PARTS, work_number
from indexer.engine import OTHERS_SHOWN, SearchRequest

Found = list[tuple[float, DocAddress]]
Stretch = Callable[[Query, int, int], tuple[int, Found]]
"""The total of a query, and the hits from the first wanted on, so many of them, in the order asked."""

SPARE = 40
"""Hits looked at beyond twice those wanted: most works have one edition, and another look costs a whole search."""


def first_of_each(searcher: Searcher, stretch: Stretch, query: Query, request: SearchRequest) -> tuple[int, Found]:
    """The total of editions, and the page of works, each by its first edition in order."""
    wanted = request.offset + request.limit
    asked = 2 * wanted + SPARE
    while True:
        total, hits = stretch(query, 0, asked)
        works = searcher.fast_field_values("work", [address for _, address in hits])
        firsts: dict[float | None, tuple[float, DocAddress]] = {}
        for work, hit in zip(works, hits, strict=True):
            firsts.setdefault(work, hit)
        if len(firsts) >= wanted or len(hits) < asked:
            return total, list(firsts.values())[request.offset : wanted]
        asked *= 3


def of_one(schema: Schema, stretch: Stretch, query: Query, work: str) -> tuple[int, Found]:
    """How many editions of a work a query finds, and the first of them in order."""
    only = Query.const_score_query(Query.term_query(schema, "work", work_number(work)), 0.0)
    return stretch(Query.boolean_query([(Occur.Must, query), (Occur.Must, only)]), 0, OTHERS_SHOWN + 1)


def count_works(searcher: Searcher, query: Query, total: int) -> int:
    """How many works the ``total`` editions that a query finds are of."""
    works = {"cardinality": {"field": "work"}}
    terms = {"field": "work_part", "size": WORK_PARTS, "segment_size": WORK_PARTS}
    parts = searcher.aggregate(query, {"parts": {"terms": terms, "aggs": {"works": works}}})["parts"]["buckets"]
    counts = ((float(part["works"]["value"]), int(part["doc_count"])) for part in parts)
    return total + sum(round(several) - editions for several, editions in counts)
