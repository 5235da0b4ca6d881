"""A search from its parameters to its result: one function for the API and the pages."""

from __future__ import annotations

from dataclasses import dataclass, replace

from indexer.engine import FacetField, FacetValue, SearchEngine, SearchPage, SearchRequest
from indexer.index_check import refuse_empty
from search_api.corrections import Correction, Notice, corrections, notices
from search_api.loosely import search_loosely
from search_api.on_shelf import OnShelf, lending_to, on_shelf
from search_api.search_params import BROADER, DEEPEST, PARAMETER_OF_FACET, SearchParams
from search_api.services import Services

_PLACES: tuple[FacetField, ...] = ("library", "region")

ALL_YEARS = 10_000
"""More than there are years."""


@dataclass(frozen=True, slots=True)
class FacetChoice:
    """A facet value to choose or, when chosen, to give up (``SearchParams.toggled``)."""

    value: str
    count: int | None  # None: chosen, and not among the values the engine counted
    chosen: bool
    broader: str = ""  # the value this one is a kind of, which counts it too
    error: int = 0  # at most so many more were not counted


@dataclass(frozen=True, slots=True)
class Facet:
    field: FacetField
    parameter: str  # what chooses a value in the address
    values: tuple[FacetChoice, ...]  # the chosen ones first, then by falling count


@dataclass(frozen=True, slots=True)
class SearchResult:
    """A search and all that its page or JSON shows of it."""

    params: SearchParams
    request: SearchRequest
    page: SearchPage
    facets: tuple[Facet, ...]
    corrections: tuple[Correction, ...]
    notices: tuple[Notice, ...] = ()
    shelf: OnShelf | None = None  # how it is known what is on the shelf; None when that was not asked

    @property
    def total(self) -> int:
        return self.page.total

    @property
    def pages(self) -> int:
        """How many pages can be turned to; fewer than there are when they go too deep."""
        size, hits = self.params.size, self.page.total if self.page.works is None else self.page.works
        return min(-(-hits // size), DEEPEST // size)

    @property
    def previous(self) -> SearchParams | None:
        """The page before, or the last one when this lies beyond it."""
        last = min(self.params.page - 1, self.pages)
        return self.params.changed(page=last) if last >= 1 else None

    @property
    def next(self) -> SearchParams | None:
        """The page behind this one: by its number, or by cursor where numbers end or were never counted."""
        if not self.params.after and self.params.page < self.pages:
            return self.params.changed(page=self.params.page + 1)
        deeper = bool(self.params.after) or self.pages * self.params.size < self.total
        more = deeper and len(self.page.hits) == self.params.size
        return self.params.changed(after=self.page.cursor) if more and self.page.cursor else None


async def search(services: Services, params: SearchParams, *, rows: bool = False) -> SearchResult:
    """Searches; ``rows`` for hits with no more than a row shows.

    Raises: EngineUnavailable, EngineIncompatible.
    """
    asked = replace(params.request(), rows=rows, within=lending_to(services, params.card))
    shelf = await on_shelf(services, asked, params.near) if params.now else None
    if shelf:
        asked = replace(asked, ids=shelf.ids)
    page, request = await search_loosely(services.engine, asked)
    if not page.total:
        await refuse_empty(services.catalogue, services.engine)
    counted = page.facets | {"year": await _years_within(services.engine, request, page)}
    facets = tuple(_facet(field, params, counted.get(field, ())) for field in request.facets)
    better = await corrections(services.engine, params, page) if request.clauses and not shelf else ()
    said = notices(params)
    if request != asked:
        said += (Notice("found_loosely", " ".join(clause.text for clause in request.clauses)),)
    return SearchResult(params, request, page, facets, better, said, shelf)


async def places_counted_together(engine: SearchEngine, result: SearchResult) -> SearchResult:
    """The same with libraries and regions counted as if none of either was chosen: on the page who chooses one gives up
    the others, and a region would else count less than a library in it.

    Raises: EngineUnavailable, EngineIncompatible.
    """
    params, request = result.params, result.request
    fields = tuple(facet for facet in request.facets if facet in _PLACES)
    if not fields or not (params.library or params.region):
        return result
    others = tuple(one for one in request.filters if one.field not in _PLACES)
    wider = replace(request, filters=others, limit=0, offset=0, after="", by_work=False, facets=fields)
    counted = (await engine.search(wider)).facets
    facets = (_facet(one.field, params, counted[one.field]) if one.field in counted else one for one in result.facets)
    return replace(result, facets=tuple(facets))


async def _years_within(engine: SearchEngine, request: SearchRequest, page: SearchPage) -> tuple[FacetValue, ...]:
    """The years of a page that can be chosen: one outside of the span asked for would find nothing."""
    counted = page.facets.get("year", ())
    if request.year_from is None and request.year_to is None:
        return counted
    if len(counted) >= request.facet_size:  # others of the span may stand behind more frequent ones outside of it
        whole = replace(request, limit=0, offset=0, after="", by_work=False, facets=("year",), facet_size=ALL_YEARS)
        counted = (await engine.search(whole)).facets["year"]
    first = -ALL_YEARS if request.year_from is None else request.year_from
    last = ALL_YEARS if request.year_to is None else request.year_to
    return tuple(value for value in counted if first <= int(value.value) <= last)[: request.facet_size]


def _facet(field: FacetField, params: SearchParams, counted: tuple[FacetValue, ...]) -> Facet:
    chosen = params.chosen(field)
    counts = {value.value: value for value in counted}
    broader = BROADER.get(field, {})

    def choice(value: str) -> FacetChoice:
        found = counts.get(value)
        count, error = (None, 0) if found is None else (found.count, found.error)
        return FacetChoice(value, count, value in chosen, broader.get(value, ""), error)

    values = map(choice, (*chosen, *(value for value in counts if value not in chosen)))
    return Facet(field, PARAMETER_OF_FACET[field], tuple(values))
