"""The live parts of pages as server-sent events: pieces of the same HTML, for scripts to put in place."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime

import orjson
from fastapi import Request
from starlette.responses import Response, StreamingResponse

from indexer.record import Edition
from search_api.availability.status import Answer
from search_api.errors import InvalidRequest, NotFound
from search_api.now_view import Now
from search_api.page import Page
from search_api.services import Services

MAX_LIVE_ROWS = 50
"""Rows of a result page that are asked about at once."""


async def known_edition(services: Services, edition_id: str) -> Edition:
    """The edition an id stands for today.

    Raises: NotFound.
    """
    resolution = await asyncio.to_thread(services.catalogue.resolve, edition_id)
    edition = await asyncio.to_thread(services.catalogue.edition, resolution.id) if resolution else None
    if edition is None:
        raise NotFound(f"There is no edition {edition_id}.")
    return edition


async def live_page(request: Request, language: str, edition_id: str) -> Response:
    """The edition page's live part as server-sent events: pieces of the same HTML, for the script to put in place."""
    page = Page(request, language, f"editions/{edition_id}")
    edition = await known_edition(page.services, edition_id)
    return StreamingResponse(
        _live_events(page, edition),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


async def _live_events(page: Page, edition: Edition) -> AsyncIterator[bytes]:
    answers: dict[str, Answer] = {}
    async for answer in page.services.checker.stream([edition]):
        answers[answer.library] = answer
        block = page.live.block(edition, answer.library, answer)
        yield _event("answer", {"library": answer.library, "html": page.render("copies.html", block=block)})
        done = len(answers) == len(edition.libraries)
        summary = page.live.summary(edition, answers, datetime.now(UTC))
        yield _event("summary", {"html": page.render("live.html", summary=summary), "done": done})


async def results_live_page(request: Request, language: str) -> Response:
    """Where the rows that are on screen can be had, as server-sent events: a line for each, as answers come.

    Raises: InvalidRequest when more are asked about than a page shows.
    """
    page = Page(request, language, "search")
    ids = tuple(dict.fromkeys(filter(None, request.query_params.get("ids", "").split(","))))
    if len(ids) > MAX_LIVE_ROWS:
        raise InvalidRequest(f"At most {MAX_LIVE_ROWS} editions are asked about at once.", field="ids")
    editions = await page.services.engine.editions(ids)
    return StreamingResponse(
        _rows_events(page, Now(editions, page.t)),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


async def _rows_events(page: Page, now: Now) -> AsyncIterator[bytes]:
    async for answer in page.services.checker.stream(tuple(now.editions.values())):
        words = now.changed(answer)
        if words is not None:
            yield _event("row", {"edition": answer.edition, "words": words})
    yield _event("done", {"words": now.summary()})


def _event(name: str, data: Mapping[str, object]) -> bytes:
    return b"event: " + name.encode() + b"\ndata: " + orjson.dumps(data) + b"\n\n"
