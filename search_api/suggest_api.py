"""What is asked of the index alone: `/api/search`, and `/api/suggest` and `/api/facets` for what a patron may be typing
in the search box, or seeking in a long facet."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response

from indexer.engine import FacetField, FacetValue
from search_api import schemas
from search_api.facet_values import facet_values
from search_api.kept_answers import KeptRoute
from search_api.query import search
from search_api.result_json import search_url
from search_api.search_params import PARAMETER_OF_FACET, SearchParams
from search_api.services import Services
from search_api.shapes import Shapes
from search_api.suggest import NameSuggestion, suggestions

router = APIRouter(prefix="/api", route_class=KeptRoute)


@router.get(
    "/search",
    summary="Search the union catalogue",
    tags=["catalogue"],
    response_model=schemas.SearchBody,
    responses={status: {"model": schemas.ErrorBody} for status in (422, 500, 503)},
)
async def search_editions(request: Request, params: Annotated[SearchParams, Query()]) -> Response:
    """Editions that fit, one row each, with the libraries that hold them and the facets to narrow by.

    Words of one parameter all occur; parameters narrow each other. Several values of one filter widen it. A query in
    Simplified characters finds Traditional ones and the reverse.
    """
    services: Services = request.app.state.services
    shaped: Shapes = request.app.state.shapes
    found = shaped.search(await search(services, params, rows=True))
    return Response(found, media_type="application/json")


@router.get(
    "/suggest",
    summary="Suggestions while typing",
    tags=["catalogue"],
    responses={status: {"model": schemas.ErrorBody} for status in (422, 500, 503)},
)
async def suggest(
    request: Request,
    q: Annotated[str, Query(max_length=200, description="What is typed so far; also Pinyin or Zhuyin.")],
    size: Annotated[int, Query(ge=1, le=20, description="Suggestions of each kind.")] = 8,
) -> schemas.SuggestionsBody:
    """Titles, creators and subjects of the catalogue that are or read like what is typed so far, each with the address
    that finds it."""
    services: Services = request.app.state.services
    found = await suggestions(services.engine, q, size)
    return schemas.SuggestionsBody(
        titles=tuple(
            schemas.TitleSuggestionBody(
                title=one.title, creator=one.creator, url=search_url(SearchParams.read([("title", one.title[:500])]))
            )
            for one in found.titles
        ),
        creators=tuple(_named(one, SearchParams.read([("creator_is", one.name)])) for one in found.creators),
        subjects=tuple(_named(one, SearchParams.read([("subject_is", one.name)])) for one in found.subjects),
    )


@router.get(
    "/facets/{facet}",
    summary="Values of a facet that have a word",
    tags=["catalogue"],
    responses={status: {"model": schemas.ErrorBody} for status in (422, 500, 503)},
)
async def values_of_facet(
    request: Request,
    facet: Annotated[FacetField, Path(description="The facet, as a search names it in `field`.")],
    contains: Annotated[str, Query(min_length=1, max_length=200, description="Its words, or how they read.")],
    limit: Annotated[int, Query(ge=1, le=100, description="Values told.")] = 20,
) -> schemas.FacetValuesBody:
    """The most frequent values of one facet among what a search finds, of those with these words.

    The search is given by the parameters of `/api/search`, beside these.
    """
    services: Services = request.app.state.services
    params = SearchParams.read(request.query_params.multi_items())
    found = await facet_values(services.engine, params, facet, contains, limit)
    parameter = PARAMETER_OF_FACET[facet]
    return schemas.FacetValuesBody(
        field=facet, parameter=parameter, values=tuple(_counted(facet, one, params) for one in found)
    )


def _counted(facet: FacetField, one: FacetValue, params: SearchParams) -> schemas.NameSuggestionBody:
    return schemas.NameSuggestionBody(name=one.value, count=one.count, url=search_url(params.toggled(facet, one.value)))


def _named(one: NameSuggestion, params: SearchParams) -> schemas.NameSuggestionBody:
    return schemas.NameSuggestionBody(name=one.name, count=one.count, url=search_url(params))
