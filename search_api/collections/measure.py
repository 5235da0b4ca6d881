"""Collections measured by questions to the engine: for each member what it holds, and what only it holds, counted along
every axis at once. The engine counts a million editions in a second or two; nothing is read of them."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from indexer.engine import FacetField, Filter, SearchEngine, SearchPage
from search_api.collections.compared import (
    AXES,
    FACET_OF,
    NOT_STATED,
    Axis,
    Compared,
    Counts,
    MemberFigures,
    Part,
    counts_of,
)
from search_api.collections.scope import Scope

FACETS: tuple[FacetField, ...] = tuple(dict.fromkeys(FACET_OF.values()))

EVERY_VALUE = 3_000
"""More than any of these facets has values."""

MISSED: tuple[Axis, ...] = ("ncsclt", "ncsclt_division", "ddc", "ddc_division", "language")
"""Axes on which an edition may have several keys: what has none is not what the counts leave of all."""

Progress = Callable[[int, int], None]
"""Told how many members are done, and of how many."""


async def measured(
    engine: SearchEngine, scope: Scope, members: Sequence[str], progress: Progress | None = None
) -> Compared:
    """The figures of all members within a scope, ``last_of_work`` left out.

    Raises: EngineUnavailable, EngineIncompatible.
    """
    began, at = time.monotonic(), datetime.now(UTC)
    state = await engine.state()
    whole = await _part(engine, scope, await _page(engine, scope))
    figures = []
    for done, library in enumerate(members):
        if progress is not None:
            progress(done, len(members))
        figures.append(await _member(engine, scope, library, members))
    holders = range(1, max(len(members), 1) + 1)
    counts = await engine.totals([scope.request(held_from=n, held_to=n) for n in holders])
    return Compared(
        scope=scope.address,
        state=state,
        made_at=at,
        seconds=round(time.monotonic() - began, 3),
        whole=whole,
        members=tuple(figures),
        held_by={str(n): count for n, count in zip(holders, counts, strict=True) if count},
    )


async def _member(engine: SearchEngine, scope: Scope, library: str, members: Sequence[str]) -> MemberFigures:
    page = await _page(engine, scope, library)
    alone = await _page(engine, scope, library, unique=True)
    together = {value.value: value.count for value in page.facets.get("library", ())}
    return MemberFigures(
        library=library,
        held=await _part(engine, scope, page, library),
        unique=await _part(engine, scope, alone, library, unique=True),
        shared={other: together.get(other, 0) for other in members if other != library},
    )


async def _page(engine: SearchEngine, scope: Scope, library: str = "", *, unique: bool = False) -> SearchPage:
    facets = FACETS if unique or not library else ("library", *FACETS)
    held_to = 1 if unique else None
    return await engine.search(scope.request(facets=facets, facet_size=EVERY_VALUE, by=library, held_to=held_to))


async def _part(
    engine: SearchEngine, scope: Scope, page: SearchPage, library: str = "", *, unique: bool = False
) -> Part:
    by: dict[Axis, Counts] = {axis: counts_of(axis, page.facets.get(FACET_OF[axis], ())) for axis in AXES}
    having = await _having(engine, scope, by, library, unique=unique)
    years = sum(by["decade"].values())  # an edition has one year
    missing = {"decade": page.total - years, **{axis: page.total - having[axis] for axis in MISSED}}
    return Part(
        page.total,
        {axis: {**counts, NOT_STATED: missing[axis]} if missing.get(axis) else counts for axis, counts in by.items()},
    )


async def _having(
    engine: SearchEngine, scope: Scope, by: dict[Axis, Counts], library: str, *, unique: bool
) -> dict[Axis, int]:
    """How many have any key of an axis."""
    asked = [axis for axis in MISSED if by[axis]]
    requests = [
        scope.request(filters=(Filter(FACET_OF[axis], tuple(by[axis])),), by=library, held_to=1 if unique else None)
        for axis in asked
    ]
    counts = await engine.totals(requests) if requests else ()
    return dict.fromkeys(MISSED, 0) | dict(zip(asked, counts, strict=True))
