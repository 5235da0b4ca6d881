"""`/api/browse/{list}`, the catalogue's lists a page at a time, and `/api/years`."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Path, Query, Request

from indexer.browse import ListName
from search_api import schemas
from search_api.browsing import Browsed, BrowseParams, Found, browse
from search_api.facet_values import editions_by_year
from search_api.result_json import search_url
from search_api.search_params import SearchParams

router = APIRouter(prefix="/api")


@router.get(
    "/browse/{list}",
    summary="Leaf through a list",
    tags=["catalogue"],
    responses={status: {"model": schemas.ErrorBody} for status in (422, 500, 503)},
)
async def browse_list(
    request: Request,
    name: Annotated[ListName, Path(alias="list", description="What is listed.")],
    params: Annotated[BrowseParams, Query()],
) -> schemas.BrowseBody:
    """The headings of the catalogue around a place, in the order of the list, each with the search that finds its
    editions: titles, creators and subjects by alphabet and, in Chinese, by strokes; call numbers as on the shelf.
    """
    return _body(await browse(request.app.state.services, name, params))


@router.get(
    "/years",
    summary="How many editions each span of years has",
    tags=["catalogue"],
    responses={status: {"model": schemas.ErrorBody} for status in (422, 500, 503)},
)
async def years(
    request: Request,
    span: Annotated[int, Query(ge=1, le=100, description="Years in one bar: 10 for decades.")] = 10,
) -> schemas.YearsBody:
    """What a search finds by year of publication, oldest first; spans without an edition are left out.

    The search is given by the parameters of `/api/search`, beside this one; the years it is narrowed to do not narrow
    these counts.
    """
    params = SearchParams.read(request.query_params.multi_items())
    bars = await editions_by_year(request.app.state.services.engine, params, span)
    return schemas.YearsBody(
        span=span,
        bars=tuple(
            schemas.YearBarBody(
                year_from=first,
                year_to=first + span - 1,
                count=count,
                url=search_url(params.changed(year=(), year_from=first, year_to=first + span - 1)),
            )
            for first, count in bars
        ),
    )


def _body(found: Browsed) -> schemas.BrowseBody:
    return schemas.BrowseBody(
        list=found.name,
        scheme=found.params.scheme if found.name == "call_number" else None,
        entries=tuple(
            schemas.BrowseEntryBody(
                text=one.text,
                found=_heading(one.own) if one.own else None,
                see=tuple(map(_heading, one.see)),
            )
            for one in found.headings
        ),
        landed=found.landed,
        previous=_turned(found, before=found.previous),
        next=_turned(found, after=found.next),
    )


def _heading(found: Found) -> schemas.HeadingBody:
    return schemas.HeadingBody(heading=found.heading, count=found.count, url=search_url(found.params))


def _turned(found: Browsed, **cursor: str) -> str | None:
    if not any(cursor.values()):
        return None
    kept = {"scheme": found.params.scheme} if found.name == "call_number" else {}
    return f"/api/browse/{found.name}?{urlencode({**kept, 'size': found.params.size, **cursor})}"
