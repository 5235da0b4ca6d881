"""The API of decisions: why an edition is one, its other editions, and what people judge."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request
from starlette.responses import Response

from indexer.explain import NoSuchRecord
from indexer.explain_edition import NoSuchEdition, explain_edition
from indexer.record import Edition, RecordRef
from indexer.rulings import NoSuchRuling, RulingRefused, all_rulings, judge, withdraw
from indexer.works import relatives
from search_api import deciding_shapes, schemas, shapes
from search_api.api import EditionId, find_edition, moved
from search_api.errors import Conflict, InvalidRequest, NotFound
from search_api.may_fail import MAY_MOVE, may_fail
from search_api.schemas import deciding
from search_api.services import Services
from search_api.staff.access import Action, Actor, Role, known, require, staff_of

MOST_EDITIONS = 200
"""Editions of a work that one answer tells; ``total`` counts them all."""

router = APIRouter(prefix="/api")

Cataloguer = Annotated[Actor, Depends(require(Role.CATALOGUER))]


def _services(request: Request) -> Services:
    services: Services = request.app.state.services
    return services


@router.get(
    "/editions/{edition_id}/explanation",
    summary="Why its records are one edition",
    tags=["catalogue"],
    response_model=deciding.ExplanationBody,
    responses={**MAY_MOVE, **may_fail(404)},
)
async def explanation(
    request: Request, response: Response, edition_id: EditionId
) -> deciding.ExplanationBody | Response:
    """The judgements that join its records, what is vetoed inside and at its border, and what nearly came in. Of what
    people judged the public is told the verdict, staff also by whom, when and why."""
    catalogue = _services(request).catalogue
    resolution = await asyncio.to_thread(catalogue.resolve, edition_id)
    if resolution is None:
        raise NotFound(f"There is no edition {edition_id}.")
    if resolution.moved:
        return moved(request, edition_id, resolution.id)
    try:
        drawn = await asyncio.to_thread(explain_edition, catalogue, edition_id)
    except NoSuchEdition as exc:  # its last record left just now
        raise NotFound(f"There is no edition {edition_id}.") from exc
    actor = await known(request)
    if actor is not None:
        response.headers["Cache-Control"] = "private, no-store"
    return deciding_shapes.explanation(drawn, for_staff=actor is not None)


@router.get(
    "/editions/{edition_id}/editions",
    summary="Other editions of the same text",
    tags=["catalogue"],
    response_model=deciding.OtherEditionsBody,
    responses={**MAY_MOVE, **may_fail(404)},
)
async def other_editions(request: Request, edition_id: EditionId) -> deciding.OtherEditionsBody | Response:
    """Editions of other years, houses and formats, and other translations into the same language. A volume and the
    whole are not each other's editions, and stand apart."""
    services = _services(request)
    edition = await find_edition(services, edition_id)
    if edition.id != edition_id:
        return moved(request, edition_id, edition.id)
    return await asyncio.to_thread(_other_editions, services, edition)


def _other_editions(services: Services, edition: Edition) -> deciding.OtherEditionsBody:
    catalogue = services.catalogue
    others = [one for one in catalogue.editions_of_work(edition.work) if one != edition.id] if edition.work else []
    with catalogue.engine.connect() as connection:
        around = relatives(connection, edition.id)
    return deciding.OtherEditionsBody(
        edition=edition.id,
        work=edition.work or None,
        total=len(others),
        editions=_briefs(services, others),
        whole=_briefs(services, around.whole),
        volumes=_briefs(services, around.volumes),
    )


def _briefs(services: Services, ids: list[str]) -> tuple[schemas.EditionBrief, ...]:
    return tuple(shapes.brief(one) for one in newest_first(services, ids))


def newest_first(services: Services, ids: list[str]) -> list[Edition]:
    """The editions of these ids, at most `MOST_EDITIONS`: the newest first, of one year the well held."""
    found = services.catalogue.editions(ids[:MOST_EDITIONS]).values()
    return sorted(found, key=lambda one: (-(one.year or 0), -len(one.libraries), one.id))


@router.get(
    "/works/{work_id}",
    summary="A work with its editions",
    tags=["catalogue"],
    response_model=deciding.WorkBody,
    responses={**MAY_MOVE, **may_fail(404)},
)
async def work_by_id(
    request: Request, work_id: Annotated[str, Path(max_length=100, description="A work's id; ids last.")]
) -> deciding.WorkBody | Response:
    """All editions of one text: any of them will do for whoever wants to read it."""
    services = _services(request)
    resolution = await asyncio.to_thread(services.catalogue.resolve_work, work_id)
    if resolution is None:
        raise NotFound(f"There is no work {work_id}.")
    if resolution.moved:
        return moved(request, work_id, resolution.id)
    ids = await asyncio.to_thread(services.catalogue.editions_of_work, work_id)
    editions = await asyncio.to_thread(_briefs, services, ids)
    return deciding.WorkBody(id=work_id, url=f"/api/works/{work_id}", total=len(ids), editions=editions)


# What people judge


@router.get("/judgements", summary="What people judged", tags=["staff"], responses=may_fail(401, 403))
async def judgements(
    request: Request, _: Cataloguer, withdrawn: Annotated[bool, Query(description="And what was taken back.")] = False
) -> deciding.JudgementsBody:
    """By whom, when and why, the oldest first. For cataloguers."""
    found = await asyncio.to_thread(all_rulings, _services(request).catalogue, withdrawn=withdrawn)
    return deciding.JudgementsBody(judgements=tuple(map(deciding_shapes.ruling, found)))


@router.post(
    "/judgements",
    summary="Judge two records the same edition, or different ones",
    tags=["staff"],
    status_code=201,
    responses=may_fail(401, 403, 404, 409),
)
async def judge_records(request: Request, actor: Cataloguer, question: deciding.JudgeQuestion) -> deciding.JudgedBody:
    """It holds against all rules, through new versions of the records, until it is withdrawn. *Same* makes one
    edition of the two editions they are in; *different* lets the two never meet in one. What contradicts other
    judgements is refused. For cataloguers, who are named with it."""
    try:
        a, b = RecordRef.parse(question.a), RecordRef.parse(question.b)
    except ValueError as exc:
        raise InvalidRequest(f"{exc}.".capitalize(), field="a" if ":" not in question.a else "b") from exc
    try:
        done = await asyncio.to_thread(
            judge,
            _services(request).catalogue,
            a,
            b,
            question.verdict,
            because=question.because,
            by=actor.label,
            at=datetime.now(UTC),
        )
    except NoSuchRecord as exc:
        raise NotFound(f"There is no record {exc}.") from exc
    except RulingRefused as exc:
        raise Conflict(f"{exc}.") from exc
    if not done.repeated:
        await _note(request, Action.JUDGED, f"{a} {b}: {question.verdict}", actor)
    return deciding_shapes.judged(done)


@router.delete(
    "/judgements/{number}",
    summary="Withdraw a judgement",
    tags=["staff"],
    responses=may_fail(401, 403, 404, 409),
)
async def withdraw_judgement(
    request: Request,
    actor: Cataloguer,
    number: Annotated[int, Path(description="The number that the list of judgements gives it.")],
    because: Annotated[str, Query(max_length=2000, description="Why it is taken back.")],
) -> deciding.JudgedBody:
    """What the rules say holds again at once; that it was judged, and taken back, is kept. For cataloguers."""
    catalogue = _services(request).catalogue
    try:
        done = await asyncio.to_thread(
            withdraw, catalogue, number, because=because, by=actor.label, at=datetime.now(UTC)
        )
    except NoSuchRuling as exc:
        raise NotFound(f"{exc}.".capitalize()) from exc
    except RulingRefused as exc:
        raise Conflict(f"{exc}.") from exc
    await _note(request, Action.JUDGEMENT_WITHDRAWN, str(number), actor)
    return deciding_shapes.judged(done)


async def _note(request: Request, action: Action, what: str, actor: Actor) -> None:
    await asyncio.to_thread(staff_of(request).audit.note, action, what, by=actor)
