"""The answer of `/api/search` as JSON, written straight from the result: as models, some hundred rows and values would
each be checked on the way out, which takes longer than the search. A test holds it to `schemas.SearchBody`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

import orjson

from indexer.engine import Hit
from indexer.record import Edition
from search_api.labels import Labels
from search_api.query import Facet, SearchResult
from search_api.search_params import SearchParams


def search_json(result: SearchResult, labels: Mapping[str, Labels]) -> bytes:
    """The JSON of a `schemas.SearchBody`; the labels are those of each interface language."""
    params = result.params
    return orjson.dumps(
        {
            "total": result.total,
            "works": result.page.works,
            "page": params.page,
            "pages": result.pages,
            "size": params.size,
            "sort": params.sort,
            "hits": [_hit(hit, params) for hit in result.page.hits],
            "facets": [_facet(facet, labels) for facet in result.facets],
            "corrections": [
                {"kind": c.kind, "url": search_url(c.params), "total": c.total, "text": c.text}
                for c in result.corrections
            ],
            "notices": [{"kind": n.kind, "text": n.text} for n in result.notices],
            "on_shelf": {"asked": result.shelf.asked, "since": result.shelf.since} if result.shelf else None,
            "previous": search_url(result.previous) if result.previous else None,
            "next": search_url(result.next) if result.next else None,
            "cursor": result.page.cursor,
        }
    )


def _facet(facet: Facet, labels: Mapping[str, Labels]) -> dict[str, Any]:
    return {
        "field": facet.field,
        "parameter": facet.parameter,
        "values": [
            {
                "value": v.value,
                "count": v.count,
                "chosen": v.chosen,
                "name": {language: words.of_facet(facet.field, v.value) for language, words in labels.items()},
                "broader": v.broader,
                "error": v.error,
            }
            for v in facet.values
        ],
    }


def _hit(hit: Hit, params: SearchParams) -> dict[str, Any]:
    several = params.of_work(hit.edition.work) if hit.matching > 1 else None
    return {
        **row(hit.edition),
        "work": hit.edition.work or None,
        "matching": hit.matching,
        "others": [row(edition) for edition in hit.others],
        "matching_url": search_url(several) if several else None,
    }


def row(edition: Edition) -> dict[str, Any]:
    """An edition as a row: the fields of a `schemas.EditionBrief`."""
    title = edition.title
    imprint = edition.imprints[0].value if edition.imprints else None
    isbns = (i.value for i in edition.identifiers)
    return {
        "id": edition.id,
        "url": edition_url(edition.id),
        "title": title.proper if title else "",
        "other_title": title.other if title else "",
        "part": " ".join(filter(None, (title.part_number, title.part_name))) if title else "",
        "romanised_title": title.romanised if title else "",
        "responsibility": edition.responsibilities[0].value if edition.responsibilities else "",
        "creators": tuple(dict.fromkeys(agent.value.name for agent in edition.agents)),
        "edition": edition.editions[0].value if edition.editions else "",
        "place": imprint.place if imprint else "",
        "publisher": imprint.publisher if imprint else "",
        "year": edition.year,
        "end_year": edition.end_year,
        "year_questionable": edition.year_questionable,
        "extent": edition.extents[0].value if edition.extents else "",
        "format": edition.format,
        "languages": edition.languages,
        "isbns": tuple(dict.fromkeys(i.value for i in isbns if i.kind == "isbn" and i.valid)),
        "libraries": edition.libraries,
    }


def edition_url(edition_id: str) -> str:
    return f"/api/editions/{quote(edition_id, safe='')}"


def search_url(params: SearchParams) -> str:
    pairs = params.pairs()
    return f"/api/search?{urlencode(pairs)}" if pairs else "/api/search"
