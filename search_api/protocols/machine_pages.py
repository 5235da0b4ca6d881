"""What machines ask for at known addresses: site maps, crawling rules, feeds, the OpenSearch description, the icon."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import FileResponse, Response, StreamingResponse

from indexer import edition_times
from indexer.engine import SearchPage, SearchRequest
from mappings.table import load_table
from search_api.conditional import http_date, unchanged
from search_api.errors import NotFound
from search_api.languages_view import tongue_of
from search_api.on_shelf import lending_to
from search_api.page import STATIC_FOLDER, Page, prefix
from search_api.protocols import atom, opensearch, sitemap
from search_api.protocols.feeds import entry, news
from search_api.query import SearchResult
from search_api.search_params import CLAUSE_FIELDS, SearchParams
from search_api.search_view import SearchView
from search_api.services import Services
from search_api.suggest import suggestions
from search_api.texts import LANGUAGES

_DAY = {"Cache-Control": "public, max-age=86400"}
_HOUR = {"Cache-Control": "public, max-age=3600"}
_XML = "application/xml"
_PIECE_CHARACTERS = 65_536
"""What is sent at a time: an address each would take a thread's turn each."""

COMPLETIONS = 10

PAGES = "pages"
"""The part of the site map that holds what is no edition."""

router = APIRouter(include_in_schema=False)


@router.api_route("/robots.txt", methods=["GET", "HEAD"])
async def robots_page(request: Request) -> Response:
    narrowing = [name for name in (*SearchParams.model_fields, "live", "seek") if name not in CLAUSE_FIELDS]
    return Response(sitemap.robots(_site(request), narrowing), media_type="text/plain", headers=_DAY)


@router.api_route("/sitemap.xml", methods=["GET", "HEAD"])
async def sitemap_index(request: Request) -> Response:
    services = _services(request)
    editions = await asyncio.to_thread(edition_times.count, services.catalogue.engine)
    changed = await asyncio.to_thread(edition_times.last_change, services.catalogue.engine)
    names = [PAGES, *map(_part_name, sitemap.parts(editions))]
    addresses = (f"{_site(request)}/sitemap/{name}.xml" for name in names)
    return Response("".join(sitemap.index(addresses, changed)), media_type=_XML, headers=_HOUR)


@router.api_route("/sitemap/{name}.xml", methods=["GET", "HEAD"])
async def sitemap_part(request: Request, name: str) -> Response:
    """One part.

    Raises: NotFound.
    """
    services, site = _services(request), _site(request)
    engine = services.catalogue.engine
    kind, _, begins = name.partition("-")
    if name == PAGES:
        tongues = await _tongues(services)
        found: Iterable[tuple[str, datetime | None]] = [
            (f"{site}{prefix(language)}{path}", None)
            for path in ("", "languages", "libraries", "browse", *(f"languages/{code}" for code in tongues))
            for language in LANGUAGES
        ]
        return Response("".join(sitemap.urls(found)), media_type=_XML, headers=_HOUR)
    editions = await asyncio.to_thread(edition_times.count, engine)
    headers = dict(_HOUR)
    if kind == "editions" and name == _part_name(begins) and begins in sitemap.parts(editions):
        since = await asyncio.to_thread(edition_times.last_change, engine)
        if since is not None:
            if answer := unchanged(request, since):
                return answer
            tag = f'W/"{name}-{editions}-{since:%Y%m%d%H%M%S}"'
            headers |= {"Last-Modified": http_date(since), "ETag": tag}
            if tag in request.headers.get("if-none-match", ""):
                return Response(status_code=304, headers=headers)
        changes = edition_times.changes(engine, begins)
        found = ((f"{site}/editions/{edition}", changed) for edition, changed in changes)
    else:
        raise NotFound("There is no such part of the site map.")
    return StreamingResponse(_pieces(sitemap.urls(found)), media_type=_XML, headers=headers)


def _part_name(begins: str) -> str:
    return f"editions-{begins}" if begins else "editions"


async def _tongues(services: Services) -> list[str]:
    """The languages that have a page of their own with something on it, each under its one code."""
    found = await services.engine.search(SearchRequest(limit=0, facets=("language",), facet_size=500, rows=True))
    counted = found.facets["language"]
    known = load_table("languages")
    return sorted({code for one in counted if one.count and (code := tongue_of(one.value)) in known})


def _pieces(lines: Iterable[str]) -> Iterator[str]:
    waiting: list[str] = []
    size = 0
    for line in lines:
        waiting.append(line)
        size += len(line)
        if size > _PIECE_CHARACTERS:
            yield "".join(waiting)
            waiting, size = [], 0
    yield "".join(waiting)


@router.api_route("/favicon.ico", methods=["GET", "HEAD"])
async def favicon(request: Request) -> Response:
    face = request.app.state.face
    icon = face.files.get("icon")
    if icon is not None:
        return Response(icon.content, media_type=icon.kind, headers=_DAY)
    return FileResponse(STATIC_FOLDER / "favicon.ico", media_type="image/x-icon", headers=_DAY)


@router.get("/opensearch/suggest")
async def opensearch_suggestions(request: Request, q: Annotated[str, Query(max_length=200)] = "") -> Response:
    """What a browser's search box offers while somebody types."""
    found = opensearch.completions(q, await suggestions(_services(request).engine, q, COMPLETIONS), COMPLETIONS)
    text = json.dumps(found, ensure_ascii=False)
    return Response(text, media_type=opensearch.SUGGESTIONS_KIND, headers={"Cache-Control": "public, max-age=300"})


async def opensearch_page(request: Request, language: str) -> Response:
    page = Page(request, language, "opensearch.xml")
    name = page.consortium.name
    about = page.consortium.intro or page.t("site.lead")
    home = page.link("")
    icon = f"{page.site}/favicon.ico"
    found = opensearch.description(page.site, home, name=name, about=about, language=language, icon=icon)
    return Response(found, media_type=opensearch.KIND, headers=_DAY)


async def feed_page(request: Request, language: str) -> Response:
    """The feed of a search: the same parameters as its page."""
    page = Page(request, language, "feed.atom")
    params = SearchParams.read(request.query_params.multi_items()).changed(
        sort="relevance", group="", facet=(), mine=(), now="", near="", size=20, facet_size=20
    )
    asked = replace(params.request(), within=lending_to(page.services, params.card))
    found = await news(page.services, asked)
    view = SearchView(SearchResult(params, asked, SearchPage(0, ()), (), ()), page.t, page.labels, page.link)
    address = page.site + view.address(params)

    def link(path: str) -> str:
        return page.site + page.link(path)

    feed = atom.Feed(
        id=address,
        title=f"{view.heading()} | {page.consortium.name}",
        subtitle=page.t("feed.subtitle"),
        language=language,
        address=address,
        itself=page.site + view.address(params).replace("search", "feed.atom", 1),
        author=page.consortium.name,
        icon=f"{page.site}/favicon.ico",
        changed=max((times.changed for _, times in found), default=datetime.fromtimestamp(0, UTC)),
        entries=tuple(
            entry(edition, times, page.t, page.labels, link=link, permanent=f"{page.site}/editions/{edition.id}")
            for edition, times in found
        ),
    )
    return Response(atom.written(feed), media_type=atom.KIND, headers={"Cache-Control": "public, max-age=600"})


def _services(request: Request) -> Services:
    services: Services = request.app.state.services
    return services


def _site(request: Request) -> str:
    return str(request.base_url).rstrip("/")
