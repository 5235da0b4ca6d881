"""`/api/suggest`: what a patron may be typing, for the search box of these pages or of a library's own."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request

from search_api import schemas
from search_api.search_params import SearchParams
from search_api.services import Services
from search_api.shapes import search_url
from search_api.suggest import NameSuggestion, suggestions

router = APIRouter(prefix="/api")


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


def _named(one: NameSuggestion, params: SearchParams) -> schemas.NameSuggestionBody:
    return schemas.NameSuggestionBody(name=one.name, count=one.count, url=search_url(params))
