"""Finding a value in a long facet: of thousands of subjects, those with a word, or that read so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace

from indexer.engine import FacetField, FacetValue, SearchEngine
from search_api.loosely import search_loosely
from search_api.search_params import SearchParams
from search_api.suggest import fits

VALUES_LOOKED_THROUGH = 5_000
"""The most frequent values of a facet among what a search finds: rarer ones are found by searching for them."""


async def facet_values(
    engine: SearchEngine,
    params: SearchParams,
    facet: FacetField,
    text: str,
    size: int,
    *,
    called: Callable[[str], str] = str,
    within: tuple[str, ...] = (),
) -> tuple[FacetValue, ...]:
    """The most frequent values of a facet among what a search finds that have the words of a text, or read so.

    ``called`` gives what a value is called where it is sought: a code is known by its label. ``within`` keeps what some
    libraries hold.

    Raises: EngineUnavailable, EngineIncompatible.
    """
    request = replace(params.request(), limit=0, offset=0, after="", by_work=False, facets=(facet,), within=within)
    request = replace(request, facet_size=VALUES_LOOKED_THROUGH)
    page, _ = await search_loosely(engine, request)
    return tuple(value for value in page.facets[facet] if fits(called(value.value), text, facet))[:size]


async def editions_by_year(engine: SearchEngine, params: SearchParams, span: int) -> list[tuple[int, int]]:
    """The spans of years in which a search finds editions, each by its first year and with their number, oldest first.

    Raises: EngineUnavailable, EngineIncompatible.
    """
    request = replace(params.request(), limit=0, offset=0, after="", by_work=False, facets=("year",))
    page, _ = await search_loosely(engine, replace(request, facet_size=VALUES_LOOKED_THROUGH))
    counts: Counter[int] = Counter()
    for value in page.facets["year"]:
        counts[int(value.value) // span * span] += value.count
    return sorted(counts.items())
