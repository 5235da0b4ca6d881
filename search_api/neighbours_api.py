"""What stands around an edition, as JSON."""

from __future__ import annotations

import asyncio

from fastapi import APIRouter, Request
from starlette.responses import Response

from search_api.api import EditionId, find_edition, moved
from search_api.may_fail import MAY_MOVE, may_fail
from search_api.neighbours import shelf, similar
from search_api.schemas.beside import BesideBody, SpineBody, SubjectShelfBody
from search_api.services import Services
from search_api.shapes import brief

router = APIRouter()


@router.get(
    "/api/editions/{edition_id}/beside",
    summary="What stands beside an edition, and what is on its subject",
    tags=["catalogue"],
    response_model=BesideBody,
    responses={**MAY_MOVE, **may_fail(404, 410)},
)
async def beside(request: Request, edition_id: EditionId) -> BesideBody | Response:
    """The editions next to it by call number, and the most widely held other works with one of its subjects."""
    services: Services = request.app.state.services
    edition = await find_edition(services, edition_id)
    if edition.id != edition_id:
        return moved(request, edition_id, edition.id)
    found, alike = await asyncio.gather(shelf(services, edition), similar(services, edition))
    return BesideBody(
        edition=edition.id,
        scheme=found.scheme,
        shelf=tuple(
            SpineBody(call_number=one.call_number, here=one.here, edition=brief(one.edition)) for one in found.spines
        ),
        subject=SubjectShelfBody(
            subject=alike.subject, total=alike.total, editions=tuple(brief(one) for one in alike.editions)
        )
        if alike
        else None,
    )
