"""The API of collections compared: everything its pages show, and files of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, Any

from fastapi import APIRouter, Depends, FastAPI, Path, Query, Request, Response

from search_api.collections.asked import question_of, scope_of
from search_api.collections.held import Question
from search_api.collections.room import collections_of
from search_api.collections.shapes import compared_body, lines_body, names_in, spread_body
from search_api.collections.themes import sizes, spreads
from search_api.errors import InvalidRequest, NotFound
from search_api.labels import Labels
from search_api.may_fail import staff_may_fail
from search_api.schemas import collections as schemas
from search_api.staff.access import Actor, Role, require
from search_api.texts import STAFF_LANGUAGES

Library = Annotated[str, Path(max_length=32, description="A member's code.")]


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    yield
    await app.state.collections.comparisons.close()


router = APIRouter(
    prefix="/api/collections", tags=["staff"], lifespan=_lifespan, dependencies=[Depends(require(Role.SELECTOR))]
)


SEARCH = {
    "parameters": [
        {
            "name": "q",
            "in": "query",
            "schema": {"type": "string"},
            "description": "What is compared: any parameters of `/api/search` that narrow it, or a `theme`.",
        }
    ]
}


@router.get(
    "",
    summary="Collections compared",
    response_model=schemas.ComparedBody,
    responses={202: {"model": schemas.ComparingBody, "description": "Being measured; ask again."}, **staff_may_fail()},
    openapi_extra=SEARCH,
)
async def compared(request: Request) -> schemas.ComparedBody | Response:
    """What each member holds, alone and with each other, by class, decade, language and format. Kept until the
    catalogue changes; then the figures before it are told (`current`: false) while new ones are made."""
    answer = await collections_of(request).comparisons.answer(scope_of(request))
    if answer.figures is None:
        body = schemas.ComparingBody(done=answer.done, of=answer.of)
        return Response(body.model_dump_json(), 202, {"Retry-After": "2"}, media_type="application/json")
    return compared_body(answer.figures, _names(request), current=answer.current)


@router.get("/themes", summary="How theme collections are spread over the members", responses=staff_may_fail())
async def themes(request: Request) -> schemas.SpreadsBody:
    """For each theme, and each search that selectors saved, what each member holds of it, alone and in all."""
    room, services = collections_of(request), request.app.state.services
    members = tuple(room.libraries)
    held = dict(await sizes(services.engine, members))
    saved = await asyncio.to_thread(room.saved.all)
    found = await spreads(services.engine, (*room.themes, *saved), members)
    return schemas.SpreadsBody(themes=tuple(spread_body(one, held, _names(request)) for one in found))


@router.post(
    "/saved", status_code=201, summary="Save a search under a name", responses=staff_may_fail(409), openapi_extra=SEARCH
)
async def save(
    request: Request, actor: Annotated[Actor, Depends(require(Role.SELECTOR))], new: schemas.NewSaved
) -> schemas.SavedBody:
    """The search of the address; it stands among the themes from now on."""
    scope = scope_of(request)
    id = await asyncio.to_thread(collections_of(request).saved.add, new.name, scope, actor.name)
    return schemas.SavedBody(id=id, name=new.name, scope=scope.address)


@router.delete("/saved/{id}", status_code=204, summary="Forget a saved search", responses=staff_may_fail(404))
async def forget(
    request: Request, id: Annotated[str, Path(max_length=16, description="Of a saved search.")]
) -> Response:
    """Any selector may."""
    if not await asyncio.to_thread(collections_of(request).saved.remove, id):
        raise NotFound("There is no such saved search, or no longer.")
    return Response(status_code=204)


@router.get(
    "/{library}/unique", summary="What only one library holds", responses=staff_may_fail(404), openapi_extra=SEARCH
)
async def unique(
    request: Request,
    library: Library,
    *,
    works: Annotated[bool, Query(description="Leave out what others hold in another edition.")] = False,
    after: Annotated[str, Query(max_length=250, description="The `cursor` of the page before.")] = "",
    size: Annotated[int, Query(ge=1, le=200, description="Editions a page.")] = 50,
) -> schemas.HeldLinesBody:
    """The last copies of a library, by call number as on the shelf, each with the libraries that hold another edition
    of the same work."""
    return await _lines(request, question_of(request, "unique", library, works=works), after, size)


@router.get(
    "/{library}/lacking",
    summary="What others hold and a library does not",
    responses=staff_may_fail(404),
    openapi_extra=SEARCH,
)
async def lacking(
    request: Request,
    library: Library,
    *,
    at_least: Annotated[int, Query(ge=1, le=10_000, description="Held by at least so many others.")] = 1,
    after: Annotated[str, Query(max_length=250, description="The `cursor` of the page before.")] = "",
    size: Annotated[int, Query(ge=1, le=200, description="Editions a page.")] = 50,
) -> schemas.HeldLinesBody:
    """The most widely held first. With one less than there are members: what all the others hold."""
    return await _lines(request, question_of(request, "lacking", library, at_least=at_least), after, size)


async def _lines(request: Request, question: Question, after: str, size: int) -> schemas.HeldLinesBody:
    try:
        lines = await collections_of(request).held.page(question, after, size)
    except ValueError as exc:
        raise InvalidRequest("The after is the cursor of a page of the same list.", field="after") from exc
    return lines_body(question.library, lines)


def _names(request: Request) -> Any:
    libraries = collections_of(request).libraries
    return names_in({language: Labels(libraries, language) for language in STAFF_LANGUAGES})
