"""The HTTP API: everything the pages show, and more, as JSON; availability also as it comes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Path, Request
from fastapi.sse import format_sse_event
from starlette.responses import RedirectResponse, Response, StreamingResponse

from harvester.standing import standings
from indexer.index_check import refuse_empty
from indexer.record import Edition, RecordRef
from search_api import schemas, shapes
from search_api.availability.status import Answer, summarise
from search_api.errors import Gone, NotFound
from search_api.may_fail import MAY_MOVE, may_fail
from search_api.quality_view import QualityReports
from search_api.services import Services
from search_api.shapes import Shapes
from search_api.staff.access import require

router = APIRouter(prefix="/api")

EditionId = Annotated[str, Path(max_length=100, description="An edition's id; ids last.")]


def _services(request: Request) -> Services:
    services: Services = request.app.state.services
    return services


def _shapes(request: Request) -> Shapes:
    found: Shapes = request.app.state.shapes
    return found


@router.get(
    "/editions/{edition_id}",
    summary="One edition with its holders",
    tags=["catalogue"],
    response_model=schemas.EditionBody,
    responses={**MAY_MOVE, **may_fail(404)},
)
async def edition_by_id(request: Request, edition_id: EditionId) -> schemas.EditionBody | Response:
    """The merged record, every value with the libraries that state it; holdings by library; the records behind it and
    why they are one."""
    services = _services(request)
    edition = await find_edition(services, edition_id)
    if edition.id != edition_id:
        return moved(request, edition_id, edition.id)
    edges = await asyncio.to_thread(services.catalogue.edges, [member.ref for member in edition.members])
    split_from = await asyncio.to_thread(services.catalogue.split_from, edition.id)
    return _shapes(request).edition(edition, edges, split_from)


@router.get(
    "/editions/{edition_id}/availability",
    summary="Where it can be had now",
    tags=["availability"],
    response_model=schemas.AvailabilityBody,
    responses={
        200: {
            "description": "With `Accept: text/event-stream` an `answer` event per library as it comes, then `done` "
            "with the summary; otherwise all answers, when the last has come or the deadline has passed.",
            "content": {"text/event-stream": {"schema": {"type": "string"}}},
        },
        **MAY_MOVE,
        **may_fail(404),
    },
)
async def availability(request: Request, edition_id: EditionId) -> schemas.AvailabilityBody | Response:
    """Asks every holding library's own system, side by side, within the deadline.

    What was not answered is unknown: it is never told as unavailable.
    """
    services = _services(request)
    edition = await find_edition(services, edition_id)
    if edition.id != edition_id:
        return moved(request, edition_id, edition.id)
    if "text/event-stream" in request.headers.get("accept", ""):
        return StreamingResponse(
            _events(services, _shapes(request), edition),
            media_type="text/event-stream",
            headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
        )
    asked_at = datetime.now(UTC)
    answers = await services.checker.answers([edition])
    return schemas.AvailabilityBody(
        edition=edition.id,
        asked_at=asked_at,
        deadline_seconds=max(
            map(services.checker.deadline, edition.libraries), default=services.settings.deadline_seconds
        ),
        summary=shapes.summary(summarise(answers)),
        answers=tuple(_shapes(request).answer(answer) for answer in answers),
    )


async def _events(services: Services, shaped: Shapes, edition: Edition) -> AsyncIterator[bytes]:
    answers: list[Answer] = []
    async with aclosing(services.checker.stream([edition])) as stream:
        async for answer in stream:
            answers.append(answer)
            yield format_sse_event(event="answer", data_str=shaped.answer(answer).model_dump_json())
    yield format_sse_event(event="done", data_str=shapes.summary(summarise(answers)).model_dump_json())


@router.get(
    "/editions/{edition_id}/records/{library}/{identifier:path}",
    summary="One library's record, raw and read",
    tags=["catalogue"],
    response_model=schemas.RecordBody,
    responses={**MAY_MOVE, **may_fail(404)},
)
async def record_of_edition(
    request: Request,
    edition_id: EditionId,
    library: Annotated[str, Path(max_length=32)],
    identifier: Annotated[str, Path(max_length=500)],
) -> schemas.RecordBody | Response:
    """The payload exactly as harvested, beside what was understood of it."""
    services = _services(request)
    ref = RecordRef(library, identifier)
    actual = await asyncio.to_thread(services.catalogue.edition_of, ref)
    if actual is None:
        raise NotFound(f"There is no record {ref}.")
    if actual != edition_id:
        return RedirectResponse(shapes.record_url(actual, library, identifier), 301)
    stored = await asyncio.to_thread(services.store.raw, library, identifier)
    if stored is None:
        raise NotFound(f"There is no record {ref}.")
    record = await asyncio.to_thread(services.catalogue.record, ref)
    return shapes.stored_record(stored, record, actual)


@router.get(
    "/libraries", summary="The member libraries and how they are doing", tags=["libraries"], responses=may_fail()
)
async def libraries(request: Request) -> schemas.LibrariesBody:
    """Every member: its names, its last harvest and records, and how its live status has been answering."""
    services, shaped = _services(request), _shapes(request)
    found = await asyncio.to_thread(standings, services.store, services.libraries)
    pasts = await asyncio.to_thread(services.keeping.history.of, services.libraries)
    health, now = services.checker.health(), services.store.now()
    return schemas.LibrariesBody(
        libraries=tuple(
            shaped.library(library, found[code], health[code], pasts[code], now=now)
            for code, library in services.libraries.items()
        )
    )


@router.get("/libraries/{code}", summary="One member library", tags=["libraries"], responses=may_fail(404))
async def library_by_code(request: Request, code: Annotated[str, Path(max_length=32)]) -> schemas.LibraryDetailBody:
    """The same for one library, with what it lends, and how its live status answered hour by hour."""
    services = _services(request)
    library = services.libraries.get(code)
    if library is None:
        raise NotFound(f"There is no library {code}.")
    found = await asyncio.to_thread(standings, services.store, {code: library})
    past = (await asyncio.to_thread(services.keeping.history.of, [code]))[code]
    hours = (await asyncio.to_thread(services.keeping.history.hours, [code]))[code]
    health, now = services.checker.health()[code], services.store.now()
    return _shapes(request).library_detail(library, found[code], health, past, hours=hours, now=now)


@router.get(
    "/libraries/{code}/quarantine",
    summary="What of a library's records could not be read",
    tags=["staff"],
    responses=may_fail(401, 403, 404),
    dependencies=[Depends(require())],
)
async def quarantine_of_library(request: Request, code: Annotated[str, Path(max_length=32)]) -> schemas.QuarantineBody:
    """The records that wait, with the reason: the first hundred, by identifier. For all staff."""
    services = _services(request)
    if code not in services.libraries:
        raise NotFound(f"There is no library {code}.")
    return shapes.quarantine(await asyncio.to_thread(services.store.quarantined, code))


@router.get(
    "/libraries/{code}/quality",
    summary="How good a library's records are",
    tags=["staff"],
    responses=may_fail(401, 403, 404),
    dependencies=[Depends(require())],
)
async def quality_of_library(request: Request, code: Annotated[str, Path(max_length=32)]) -> schemas.QualityBody:
    """What its records state, which ISBNs and codes are wrong, what was repaired, what cannot be read, what it has
    twice: with examples. For all staff. The first answer after a change takes a second for 10,000 records."""
    if code not in _services(request).libraries:
        raise NotFound(f"There is no library {code}.")
    reports: QualityReports = request.app.state.quality
    return schemas.QualityBody.model_validate(await reports.quality(code))


@router.get("/health", summary="Whether the catalogue answers", tags=["operation"], responses=may_fail())
async def health(request: Request) -> schemas.HealthBody:
    """Ok, with the count of editions that can be found; 503 while searches cannot be answered: the engine cannot be
    reached, or has no index of the editions there are."""
    services = _services(request)
    await refuse_empty(services.catalogue, services.engine)
    return schemas.HealthBody(
        status="ok",
        version=version("allshelves"),
        editions=await services.engine.count(),
        libraries=len(services.libraries),
    )


async def find_edition(services: Services, edition_id: str) -> Edition:
    """The edition an id stands for today; another ``id`` when it was merged.

    Raises: NotFound; Gone when all its records left.
    """
    catalogue = services.catalogue
    resolution = await asyncio.to_thread(catalogue.resolve, edition_id)
    edition = await asyncio.to_thread(catalogue.edition, resolution.id) if resolution else None
    if edition is not None:
        return edition
    if await asyncio.to_thread(catalogue.was_edition, edition_id):
        raise Gone(f"The libraries that held edition {edition_id} have withdrawn their records.")
    raise NotFound(f"There is no edition {edition_id}.")


def moved(request: Request, old: str, new: str) -> RedirectResponse:
    """The same address with the id that answers for another now.

    Not for ever: records may part again, and a browser that never asks again would miss it."""
    path = request.url.path.replace(f"/{quote(old, safe='')}", f"/{quote(new, safe='')}", 1)
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(path + query, 301, {"Cache-Control": "max-age=3600"})
