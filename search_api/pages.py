"""The pages patrons and staff see, rendered on the server; everything works without JavaScript.

繁體中文 stands at ``/``, English at ``/en/``; every address exists in both.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from urllib.parse import quote, urlencode

from fastapi import APIRouter, FastAPI, Request
from pydantic import ValidationError
from starlette.responses import RedirectResponse, Response
from starlette.staticfiles import StaticFiles

from harvester.standing import standings
from search_api.advanced import Advanced, opened
from search_api.advanced_view import choices, fields
from search_api.browse_view import LABELS, LISTS, BrowseView
from search_api.browsing import BrowseParams, browse
from search_api.edition_page import edition_page
from search_api.errors import Problem, invalid
from search_api.home_page import home_page
from search_api.languages_pages import language_page, languages_page
from search_api.list_page import list_page
from search_api.live_pages import live_page
from search_api.members_view import member_rows
from search_api.mending import nearest, typed, what_is_wrong, years_in_order
from search_api.negotiation import CHOSEN_DEFAULT, VARIES, led_on
from search_api.page import STATIC_FOLDER, Page, prefix
from search_api.protocols.api_page import api_page
from search_api.protocols.machine_pages import feed_page, opensearch_page
from search_api.results_pages import results_live_page, results_page
from search_api.search_params import SearchParams, with_chosen_field
from search_api.texts import LANGUAGES

PLACES = frozenset({"from", "strokes", "after", "before"})
"""Parameters that say where in a list a page is."""
CHOSEN = frozenset({"suits", "format", "language", "library", "year_from", "year_to"})
"""What the advanced form narrows by, beside its query."""

router = APIRouter(include_in_schema=False)


async def front_page(request: Request, language: str) -> Response:
    """The home page; ``/`` leads on to the language that the browser asks for."""
    if request.url.path == "/" and (answer := led_on(request)):
        return answer
    response = await home_page(request, language)
    response.headers.update(VARIES)
    return response


async def default_page(request: Request, path: str) -> RedirectResponse:
    """Pages of the default language stand at addresses without it; who writes it all the same is led there."""
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(f"/{quote(path.lstrip('/'))}{query}", 301, {"Cache-Control": "max-age=86400"})


async def browse_page(request: Request, language: str) -> Response:
    """A list to leaf through."""
    page = Page(request, language, "browse")
    given = {name: value for name, value in request.query_params.items() if value}
    name = next((one for one in LISTS if one == given.get("list")), LISTS[0])
    try:
        params = BrowseParams.model_validate({k: v for k, v in given.items() if k in {*PLACES, "scheme", "size"}})
    except ValidationError as exc:
        raise invalid(exc) from exc
    view = BrowseView(await browse(page.services, name, params), page.t, page.labels, page.link)
    return page.html(
        "browse.html",
        page="browse",
        canonical=view.address(**{k: v for k, v in given.items() if k in PLACES}),
        heading=page.t("browse.title", what=page.t(LABELS[name])),
        chosen=name,
        scheme=params.scheme if name == "call_number" else "",
        start=params.start,
        lists=view.lists(),
        schemes=view.schemes(),
        jumps=view.jumps(),
        lines=view.lines(),
        previous=view.previous(),
        next=view.next(),
    )


async def advanced_page(request: Request, language: str) -> Response:
    """The advanced form, filled with the search in its address; what it is sent leads to the result page."""
    page = Page(request, language, "advanced")
    pairs, swapped = years_in_order(request.query_params.multi_items())
    if "go" in request.query_params:
        query = Advanced.read(pairs).query(language)
        params = SearchParams.read([("q", query), *(pair for pair in pairs if pair[0] in CHOSEN)])
        if swapped:  # the result page puts them right once more, and says so
            params = params.changed(year_from=params.year_to, year_to=params.year_from)
        return RedirectResponse(page.link(f"search?{urlencode(params.pairs())}"), 302)
    params = SearchParams.read(with_chosen_field(pairs))
    return page.html(
        "advanced.html",
        page="advanced",
        rows=fields(opened(params), page.t),
        choices=await choices(page.services, params, page.t, page.labels),
        year_from="" if params.year_from is None else params.year_from,
        year_to="" if params.year_to is None else params.year_to,
    )


async def members_page(request: Request, language: str) -> Response:
    page = Page(request, language, "libraries")
    services = page.services
    found = await asyncio.to_thread(standings, services.store, services.libraries)
    rows = member_rows(services, found, page.t, page.labels)
    return page.html("members.html", page="members", rows=rows, complete=sum(row.complete for row in rows))


async def error_page(request: Request, problem: Problem) -> Response:
    """An error as a page: what happened and what can be done, in the language of the address."""
    language = next((c for c in LANGUAGES[1:] if request.url.path.startswith(f"/{c}/")), LANGUAGES[0])
    path = request.scope["path"].removeprefix(f"/{language}").lstrip("/")
    page = Page(request, language, path)
    key = {403: "forbidden", 404: "not_found", 410: "gone", 429: "too_many", 500: "internal", 503: "unavailable"}.get(
        problem.status, "bad_request"
    )
    search = page.link("search") == request.scope["path"]
    pairs = with_chosen_field(request.query_params.multi_items()) if search else []
    field, text = typed(pairs)
    rest = nearest(pairs) if search and key == "bad_request" else None
    response = page.html(
        "error.html",
        problem.status,
        heading=page.t(f"error.{key}"),
        help=what_is_wrong(pairs, problem.field, page.t)
        if search and key == "bad_request"
        else page.t(f"error.{key}_help"),
        again=page.link(f"search?{urlencode(rest.pairs())}") if rest else "",
        chosen_field=field,
        query_text=text,
    )
    response.headers.update(dict(problem.headers))
    return response


def mount_static(app: FastAPI) -> None:
    """Serves the style sheet, the script and the pictures."""
    app.mount("/static", StaticFiles(directory=STATIC_FOLDER), "static")


def _in_language(page: Callable[..., Awaitable[Response]], language: str) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        return await page(request, language, **request.path_params)

    return endpoint


def _add_routes() -> None:
    pages = (
        ("", front_page, ["GET", "HEAD"]),
        ("search", results_page, ["GET", "HEAD"]),
        ("search/live", results_live_page, ["GET"]),
        ("advanced", advanced_page, ["GET", "HEAD"]),
        ("browse", browse_page, ["GET", "HEAD"]),
        ("editions/{edition_id}", edition_page, ["GET", "HEAD"]),
        ("editions/{edition_id}/live", live_page, ["GET"]),  # asks the libraries: not for the sake of headers
        ("languages", languages_page, ["GET", "HEAD"]),
        ("languages/{code}", language_page, ["GET", "HEAD"]),
        ("api/", api_page, ["GET", "HEAD"]),
        ("feed.atom", feed_page, ["GET", "HEAD"]),
        ("opensearch.xml", opensearch_page, ["GET", "HEAD"]),
        ("list", list_page, ["GET", "HEAD"]),
        ("libraries", members_page, ["GET", "HEAD"]),
    )
    router.add_api_route(
        CHOSEN_DEFAULT, _in_language(home_page, LANGUAGES[0]), methods=["GET", "HEAD"], name="front-page-chosen"
    )
    router.add_api_route(f"{CHOSEN_DEFAULT}{{path:path}}", default_page, methods=["GET", "HEAD"], name="default-page")
    for language in LANGUAGES:
        for path, endpoint, methods in pages:
            router.add_api_route(
                f"{prefix(language)}{path}",
                _in_language(endpoint, language),
                methods=methods,
                name=f"{endpoint.__name__}-{language}",
            )


_add_routes()
