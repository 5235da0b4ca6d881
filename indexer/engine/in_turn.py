"""What the patron's libraries hold first, in an order that is not by relevance: engines sort by one field, so their
editions are sought in two turns."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

from indexer.engine import Hit, SearchPage, SearchRequest

MARKS = {"first": "f", "rest": "r"}
"""What a cursor begins with: in which turn the next page goes on."""


def is_in_turn(request: SearchRequest) -> bool:
    """Whether a request has to be answered in turns; by relevance a score does it."""
    return bool(request.first) and request.sort != "relevance" and not request.only and not request.by_work


def after_in_turn(request: SearchRequest) -> str:
    """The cursor of a request within its turn, "" when it is of no turn."""
    return request.after[1:] if request.after[:1] in MARKS.values() else ""


async def in_turn(search: Callable[[SearchRequest], Awaitable[SearchPage]], request: SearchRequest) -> SearchPage:
    """The page of a request whose ``first`` come first; ``search`` answers one turn.

    Raises: what ``search`` raises, and ValueError for a cursor of another order.
    """
    if request.after and not after_in_turn(request):
        raise ValueError(f"{request.after!r} is no cursor of a page that has some libraries first")
    whole = await search(replace(request, first=(), offset=0, limit=0, after=""))
    if not request.limit:
        return whole
    page = replace(request, facets=(), after=after_in_turn(request))
    hits: tuple[Hit, ...] = ()
    cursor = ""
    if request.after[:1] != MARKS["rest"]:
        found = await search(replace(page, only="first"))
        hits, cursor = found.hits, f"{MARKS['first']}{found.cursor}" if found.cursor else ""
        page = replace(page, offset=max(0, page.offset - found.total), after="")
    if len(hits) < request.limit:
        found = await search(replace(page, only="rest", limit=request.limit - len(hits)))
        hits += found.hits
        cursor = f"{MARKS['rest']}{found.cursor}" if found.cursor else cursor
    return replace(whole, hits=hits, cursor=cursor)
