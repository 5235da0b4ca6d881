"""The web application: routers, errors and the headers every answer carries."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from importlib.metadata import version

from fastapi import FastAPI

from indexer.engine import Clause, SearchRequest
from indexer.engine.plan import plan
from search_api import api, browse_api, deciding_api, face, metrics, neighbours_api, pages, suggest_api, upload
from search_api.collections import api as collections_api
from search_api.collections import files as collections_files
from search_api.collections import pages as collections_pages
from search_api.collections.room import Collections
from search_api.compression import Compressed
from search_api.conditional import AnsweredHead, Conditional
from search_api.counts import api as counts_api
from search_api.counts import out
from search_api.counts import pages as counts_pages
from search_api.errors import answer_errors, answer_problem
from search_api.face import Face
from search_api.headers import SecurityHeaders, security_headers
from search_api.kept_answers import KeptAnswers
from search_api.labels import load_tables
from search_api.lending import api as lending_api
from search_api.lending import pages as lending_pages
from search_api.lending.room import LendingRoom
from search_api.members import pages as members_state
from search_api.protocols import export_api, machine_pages
from search_api.public_address import PublicAddress
from search_api.quality_view import QualityReports
from search_api.rate_limits import Buckets, RateLimits
from search_api.selecting import api as selecting_api
from search_api.selecting import lists_api, lists_pages
from search_api.selecting import pages as selecting_pages
from search_api.selecting.lists_room import Room as ListRoom
from search_api.services import Services
from search_api.shapes import Shapes
from search_api.staff import api as staff_api
from search_api.staff import login_pages, sign_in_pages
from search_api.staff import pages as staff_pages
from search_api.staff.access import Staff, answer_strangers
from search_api.staff.configuration import load_staff
from search_api.staff.entering import Shown
from search_api.texts import load_texts

_DESCRIPTION = """One search over the catalogues of all member libraries.

Editions bring together the records that describe the same thing; who holds them stands beside them, and whether a copy
can be had now is asked of each library's own system. Every error has one shape: `{"error": {"code", "message"}}`."""

_TAGS = [
    {"name": "catalogue", "description": "Find editions, and see what is behind them."},
    {"name": "availability", "description": "Ask the libraries' systems, live."},
    {"name": "staff", "description": "For selectors and the inter-library loan desk."},
    {"name": "libraries", "description": "The members and their state."},
    {"name": "operation", "description": "For whoever runs it."},
]


NEEDS_EVERY_TABLE = "紅樓夢 hong lou"
"""A query whose planning reads the tables of variants and readings: else the first patron waits for them."""


_ROUTERS = (
    browse_api.router,
    suggest_api.router,
    api.router,
    deciding_api.router,
    upload.router,
    metrics.router,
    out.router,
    counts_api.router,
    counts_pages.router,
    selecting_api.router,
    selecting_pages.router,
    members_state.router,
    collections_files.router,
    collections_api.router,
    collections_pages.router,
    lists_api.router,
    lists_pages.router,
    lending_api.router,
    lending_api.public,
    lending_pages.router,
    face.router,
    machine_pages.router,
    export_api.router,
    neighbours_api.router,
    login_pages.router,
    sign_in_pages.router,
    staff_api.router,
    staff_pages.router,
    pages.router,
)
"""In this order an address is looked for."""


def create_app(services: Services, *, shown: tuple[Shown, ...] = ()) -> FastAPI:
    """The application over opened services; it closes them when it shuts down. ``shown``: accounts of a demo.

    Raises: TableInvalid, TextsInvalid or SiteInvalid when labels, texts or colours are mistaken; start-up stops.
    """
    load_tables()
    load_texts()
    plan(SearchRequest((Clause(NEEDS_EVERY_TABLE),)))

    desk, answers = selecting_api.open_desk(services)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        writing = [asyncio.create_task(one.run()) for one in (services.keeping, services.counting, desk)]
        yield
        for task in writing:
            task.cancel()
        await asyncio.gather(*writing, return_exceptions=True)
        await desk.close()
        await services.close()

    app = FastAPI(
        title="Allshelves",
        summary="The union catalogue of a library consortium",
        description=_DESCRIPTION,
        version=version("allshelves"),
        openapi_url="/api/openapi.json",
        openapi_tags=_TAGS,
        docs_url=None,  # FastAPI's pages load scripts from elsewhere, which the policy below forbids
        redoc_url=None,
        lifespan=lifespan,
    )
    app.state.services = services
    app.state.started = datetime.now(UTC)
    app.state.face = Face(services.site)
    app.state.kept_answers = KeptAnswers()
    app.state.shapes = Shapes(services.libraries)
    app.state.quality = QualityReports(services)
    app.state.staff = Staff.open(
        services.store,
        services.libraries,
        configuration=load_staff(services.settings.staff, services.libraries),
        shown=shown,
    )
    app.state.collections = Collections.open(services)
    app.state.lists = ListRoom.open(services)
    app.state.lending = LendingRoom.open(services)
    app.state.desk, app.state.answers = desk, answers
    app.state.metrics = metrics.Metrics(services.store, services.libraries, services.checker.health)
    for router in _ROUTERS:
        app.include_router(router)
    pages.mount_static(app)
    answer_errors(app, pages.error_page)
    answer_strangers(app)
    app.add_middleware(Conditional)
    app.add_middleware(Compressed)
    app.add_middleware(AnsweredHead)
    if services.settings.rate_limit:
        app.add_middleware(
            RateLimits,
            buckets=Buckets(services.settings.rate_limit),
            unlimited=services.settings.unlimited,
            answer=answer_problem(pages.error_page),
        )
    app.add_middleware(SecurityHeaders, headers=security_headers(services.site, services.settings.hsts_seconds))
    if services.settings.public_url:
        app.add_middleware(PublicAddress, url=services.settings.public_url)
    app.add_middleware(metrics.MeasuredRequests, metrics=app.state.metrics)
    return app
