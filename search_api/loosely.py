"""A search that finds nothing as it was typed is made once more, loosely, and says so.

Then its last word may be the beginning of one (*mockingb*, *harry pot*), and years behind a name need not be there.
"""

from __future__ import annotations

from dataclasses import replace

from indexer.engine import SearchEngine, SearchPage, SearchRequest


async def search_loosely(engine: SearchEngine, request: SearchRequest) -> tuple[SearchPage, SearchRequest]:
    """What a request finds, and the request that found it: the same, or the same made loosely.

    Raises: EngineUnavailable, EngineIncompatible.
    """
    page = await engine.search(request)
    loosely = replace(
        request, clauses=tuple(replace(c, how="loosely") if c.how == "as_typed" else c for c in request.clauses)
    )
    if page.total or loosely == request:
        return page, request
    other = await engine.search(loosely)
    return (other, loosely) if other.total else (page, request)
