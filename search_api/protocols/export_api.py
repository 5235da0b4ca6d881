"""Exports over HTTP: of one edition, of a list, of a search."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import RedirectResponse, Response

from indexer.record import Edition
from search_api.api import EditionId, find_edition, moved
from search_api.errors import InvalidRequest, NotFound
from search_api.list_page import MOST as MOST_LISTED
from search_api.list_page import ids_of, kept
from search_api.may_fail import MAY_MOVE, Responses, may_fail
from search_api.page import prefix
from search_api.protocols.citations import cited
from search_api.protocols.export import BY_SUFFIX, FORMATS, Context
from search_api.protocols.reference import reference
from search_api.query import search
from search_api.schemas.export import CitationBody, CitationsBody
from search_api.search_params import SearchParams
from search_api.services import Services
from search_api.texts import LANGUAGES

MOST = 500
"""Editions of a search that are exported at once; whoever wants all of them harvests the catalogue."""
PAGE = 100

Wanted = Literal["ris", "bibtex", "csl-json", "marc21", "marcxml", "json-ld"]
FormatName = Annotated[Wanted, Query(alias="as", description="The format of the export.")]
NamesIn = Annotated[str, Query(description="The language of the libraries' names.", max_length=16)]

_FILE: Responses = {
    200: {
        "description": "The file. `Editions-Found` and `Editions-Exported` say how many there are and how many it has.",
        "content": {one.media_type.partition(";")[0]: {} for one in FORMATS.values()},
    },
    **may_fail(404),
}

router = APIRouter()


@router.get(
    "/api/editions/{edition_id}/export",
    summary="One edition for a reference manager or another catalogue",
    tags=["catalogue"],
    responses={**_FILE, **MAY_MOVE},
    response_class=Response,
)
async def export_edition(
    request: Request, edition_id: EditionId, *, wanted: FormatName, names_in: NamesIn = LANGUAGES[0]
) -> Response:
    """The edition as RIS, BibTeX, CSL-JSON, MARC 21 (ISO 2709), MARCXML or JSON-LD of schema.org."""
    edition = await find_edition(_services(request), edition_id)
    if edition.id != edition_id:
        return moved(request, edition_id, edition.id)
    return await _file(request, wanted, [edition], names_in, called=edition.id)


@router.get(
    "/api/export",
    summary="A list or a search for a reference manager or another catalogue",
    tags=["catalogue"],
    responses=_FILE,
    response_class=Response,
)
async def export_many(
    request: Request,
    *,
    wanted: FormatName,
    ids: Annotated[tuple[str, ...], Query(description="Ids of editions, with commas between.", max_length=200)] = (),
    names_in: NamesIn = LANGUAGES[0],
) -> Response:
    """The editions of `ids` in their order, merged ones by what answers for them now; else those that a search finds:
    every parameter of `/api/search` is taken. At most 500, and the headers say of how many."""
    services = _services(request)
    if ids:
        asked = ids_of(ids)
        if len(asked) > MOST_LISTED:
            raise InvalidRequest(f"A list has at most {MOST_LISTED} editions, this one has {len(asked)}.", field="ids")
        found = await asyncio.to_thread(kept, services, asked)
        return await _file(request, wanted, found.editions, names_in, called="list", found=len(asked))
    pairs = request.query_params.multi_items()
    params = SearchParams.read(pairs).changed(size=PAGE, facet_size=0, group="edition")
    editions: list[Edition] = []
    total = 0
    for number in range(1, MOST // PAGE + 1):
        result = await search(services, params.changed(page=number))
        total = result.total
        editions += [hit.edition for hit in result.page.hits]
        if len(editions) >= total or not result.page.hits:
            break
    return await _file(request, wanted, editions, names_in, called="search", found=total)


@router.get(
    "/api/editions/{edition_id}/citations",
    summary="An edition as citations",
    tags=["catalogue"],
    responses={**MAY_MOVE, **may_fail(404)},
    response_model=CitationsBody,
)
async def citations_of(request: Request, edition_id: EditionId) -> CitationsBody | Response:
    """APA, MLA, Chicago and GB/T 7714, in the way that the language of the edition is cited."""
    edition = await find_edition(_services(request), edition_id)
    if edition.id != edition_id:
        return moved(request, edition_id, edition.id)
    site = str(request.base_url).rstrip("/")
    found = await asyncio.to_thread(cited, reference(edition, site), _services(request).counting.today())
    return CitationsBody(edition=edition.id, citations=tuple(CitationBody.model_validate(one) for one in found))


async def edition_as(request: Request, language: str, edition_id: str, suffix: str) -> Response:
    """An edition's address with a format behind it: /editions/<id>.ris."""
    name = BY_SUFFIX.get(suffix)
    if name is None:
        raise NotFound(f"There is no edition {edition_id}.{suffix}.")
    edition = await find_edition(_services(request), edition_id)
    if edition.id != edition_id:
        address = f"{prefix(language)}editions/{edition.id}.{suffix}"
        return RedirectResponse(address, 301, {"Cache-Control": "max-age=3600"})
    return await _file(request, name, [edition], language, called=edition.id)


def _services(request: Request) -> Services:
    services: Services = request.app.state.services
    return services


async def _file(
    request: Request, name: str, editions: Sequence[Edition], language: str, *, called: str, found: int = 1
) -> Response:
    if language not in LANGUAGES:
        raise InvalidRequest(f"The languages are {', '.join(LANGUAGES)}.", field="names_in")
    format = FORMATS[name]
    site = str(request.base_url).rstrip("/")
    context = Context(site, _services(request).libraries, language, datetime.now(UTC))
    body = await asyncio.to_thread(format.write, editions, context)
    headers = {
        "Content-Disposition": f'attachment; filename="allshelves-{called}.{format.suffix}"',
        "Editions-Found": str(found),
        "Editions-Exported": str(len(editions)),
        "X-Robots-Tag": "noindex",
    }
    return Response(body, media_type=format.media_type, headers=headers)


def _in_language(language: str) -> Any:
    async def endpoint(
        request: Request, edition_id: Annotated[str, Path(max_length=100)], suffix: Annotated[str, Path(max_length=10)]
    ) -> Response:
        return await edition_as(request, language, edition_id, suffix)

    return endpoint


for _language in LANGUAGES:
    router.add_api_route(
        f"{prefix(_language)}editions/{{edition_id}}.{{suffix}}",
        _in_language(_language),
        methods=["GET", "HEAD"],
        name=f"edition-as-{_language}",
        include_in_schema=False,
    )
