"""Leads readers on to a library's own pages, and counts that; no script is needed."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import RedirectResponse

from search_api.counts.tally import ALL_LIBRARIES, CONSORTIUM, Handoff
from search_api.errors import NotFound
from search_api.services import Services

router = APIRouter(include_in_schema=False)


@router.get("/out/{kind}/{library}")
async def out(
    request: Request,
    kind: Handoff,
    library: Annotated[str, Path(max_length=32)],
    to: Annotated[str, Query(max_length=4_000)],
    s: Annotated[str, Query(max_length=50)] = "",
) -> RedirectResponse:
    """Leads on, where the link is one of ours.

    Raises: NotFound.
    """
    services: Services = request.app.state.services
    if not services.counting.exits.is_ours(kind, library, to, s):
        raise NotFound("This catalogue does not lead there.")
    services.counting.note_handoff(request, kind, ALL_LIBRARIES if library == CONSORTIUM else library)
    return RedirectResponse(to, 303, {"Cache-Control": "no-store", "X-Robots-Tag": "noindex"})
