"""The live parts of pages as server-sent events: pieces of the same HTML, for scripts to put in place."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime

import orjson
from fastapi import Request
from starlette.responses import Response, StreamingResponse

from indexer.record import Edition
from search_api.api import find_edition
from search_api.availability.status import Answer
from search_api.page import Page
from search_api.search_params import standing
from search_api.visit_view import Visit, visit

EVENT_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
"""Of answers that come bit by bit: nobody between is to keep them or to wait for their end."""


async def live_page(request: Request, language: str, edition_id: str) -> Response:
    """The edition page's live part as server-sent events: pieces of the same HTML, for the script to put in place.

    With each summary comes what it says should nothing more come.
    """
    page = Page(request, language, f"editions/{edition_id}")
    edition = await find_edition(page.services, edition_id)
    return StreamingResponse(
        _live_events(page, edition, standing(request.query_params.multi_items())),
        media_type="text/event-stream",
        headers=EVENT_HEADERS,
    )


async def _live_events(page: Page, edition: Edition, kept: str) -> AsyncIterator[bytes]:
    again = page.link(f"editions/{edition.id}") + kept
    answers: dict[str, Answer] = {}
    async for answer in page.services.checker.stream([edition]):
        answers[answer.library] = answer
        block = page.live.block(edition, answer.library, answer)
        there = visit_of(page, edition, answer.library)
        html = page.render("copies.html", block=block, there=there)
        yield event("answer", {"library": answer.library, "html": html})
        done = len(answers) == len(edition.libraries)
        at = datetime.now(UTC)
        said = page.render("live.html", summary=page.live.summary(edition, answers, at), again=again)
        unsaid = page.live.broken(edition, answers, at)
        broken = "" if done else page.render("live.html", summary=unsaid, again=again)
        yield event("summary", {"html": said, "done": done, "broken": broken})


def event(name: str, data: Mapping[str, object]) -> bytes:
    """One server-sent event."""
    return b"event: " + name.encode() + b"\ndata: " + orjson.dumps(data) + b"\n\n"


def visit_of(page: Page, edition: Edition, library: str) -> Visit:
    """How a reader gets to a library that holds an edition, today."""
    services, url = page.services, page.site + page.link(f"editions/{edition.id}")
    return visit(services.libraries.get(library), edition, page.t, datetime.now(services.site.zone), url)
