"""Local servers that answer like libraries' live status systems, as a test scripts them, and libraries to ask."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from indexer.record import Edition, Holding, Item, Member, Sourced, Title
from mappings.library import Availability, Library
from search_api.availability.connectors import connected
from search_api.availability.http import ImpatientHttp
from search_api.availability.status import AskedRecord, Reply
from search_api.availability.system import System

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


async def asked(
    http: ImpatientHttp,
    service: Availability,
    records: Sequence[str | AskedRecord],
    *,
    environ: Mapping[str, str] | None = None,
) -> Reply:
    """What the connector of a service answers, asked once about records or their local ids alone."""
    connector = connected(System("lib", service, http, environ or {}))
    try:
        return await connector.ask([AskedRecord(r) if isinstance(r, str) else r for r in records])
    finally:
        await connector.close()


@dataclass
class Served:
    """A server and the queries it was asked, in order."""

    url: str
    queries: list[dict[str, str]] = field(default_factory=list)


@asynccontextmanager
async def serving(handler: Handler) -> AsyncIterator[Served]:
    """A server on a free local port; requests it never answers end when it does."""
    served = Served("")

    async def answer(request: web.Request) -> web.StreamResponse:
        served.queries.append(dict(request.query))
        return await handler(request)

    app = web.Application()
    app.router.add_route("*", "/status{below:.*}", answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    served.url = f"http://{host}:{port}/status"
    try:
        yield served
    finally:
        await runner.cleanup()


async def never(_: web.Request) -> web.StreamResponse:
    """Accepts and does not answer."""
    await asyncio.Event().wait()
    raise AssertionError("an event that nobody sets was set")


def answering(body: str | bytes, *, status: int = 200, headers: Mapping[str, str] | None = None) -> Handler:
    """The same answer to everything."""
    payload = body.encode() if isinstance(body, str) else body

    async def answer(_: web.Request) -> web.StreamResponse:
        return web.Response(body=payload, status=status, headers=headers)

    return answer


def one_after_another(*handlers: Handler) -> Handler:
    """The first request is for the first handler, and so on; the last answers all that follow."""
    left = list(handlers)

    async def answer(request: web.Request) -> web.StreamResponse:
        handler = left.pop(0) if len(left) > 1 else left[0]
        return await handler(request)

    return answer


def daia(states: Mapping[str, list[dict[str, Any]] | None]) -> Handler:
    """A DAIA server that knows these records: id as asked → items; None is a record without items."""

    async def answer(request: web.Request) -> web.StreamResponse:
        documents: list[dict[str, Any]] = []
        for wanted in request.query["id"].split("|"):
            if wanted in states:
                items = states[wanted]
                documents.append({"id": f"urn:x:{wanted}", "requested": wanted, **({"item": items} if items else {})})
        return web.json_response({"document": documents, "timestamp": "2026-09-01T10:00:00+08:00"})

    return answer


ON_SHELF: dict[str, Any] = {"id": "urn:item:1", "available": [{"service": "presentation"}, {"service": "loan"}]}
LENT: dict[str, Any] = {"id": "urn:item:2", "unavailable": [{"service": "loan", "expected": "2026-09-20", "queue": 2}]}
REFERENCE: dict[str, Any] = {
    "id": "urn:item:3",
    "available": [{"service": "presentation"}],
    "unavailable": [{"service": "loan"}],
}


def koha(items: Mapping[str, str], records: Mapping[str, str] | None = None) -> Handler:
    """An ILS-DI server: biblionumber → the items of GetAvailability, and → the record of GetRecords.

    Without ``records`` GetRecords is switched off (404).
    """

    async def answer(request: web.Request) -> web.StreamResponse:
        wanted = request.query["id"].split(" ")
        if request.query["service"] == "GetAvailability":
            found = "".join(
                f'<dlf:record><dlf:bibliographic id="{i}"/><dlf:items>{items[i]}</dlf:items></dlf:record>'
                for i in wanted
                if i in items
            )
            body = f'<dlf:collection xmlns:dlf="http://diglib.org/ilsdi/1.1">{found}</dlf:collection>'
            return web.Response(text=body, content_type="text/xml")
        if records is None:
            return web.Response(status=404)
        missing = "<record><code>RecordNotFound</code></record>"
        body = "".join(records.get(i, missing) for i in wanted)
        return web.Response(text=f"<GetRecords>{body}</GetRecords>", content_type="text/xml")

    return answer


def koha_item(number: str, status: str, message: str = "", branch: str = "Main library") -> str:
    words = f"<dlf:availabilitymsg>{message}</dlf:availabilitymsg>" if message else ""
    return (
        f'<dlf:item id="{number}"><dlf:simpleavailability><dlf:identifier>{number}</dlf:identifier>'
        f"<dlf:availabilitystatus>{status}</dlf:availabilitystatus>{words}<dlf:location>{branch}</dlf:location>"
        "</dlf:simpleavailability></dlf:item>"
    )


def koha_record(number: str, *items: Mapping[str, str], reserves: str = "") -> str:
    """A record of GetRecords with its items' columns."""
    rows = "".join("<item>" + "".join(f"<{k}>{v}</{k}>" for k, v in item.items()) + "</item>" for item in items)
    return f"<record><biblionumber>{number}</biblionumber><reserves>{reserves}</reserves><items>{rows}</items></record>"


def library(code: str, url: str = "", protocol: str = "daia", **tables: Any) -> Library:
    """A member library; ``tables`` are further parts of its file (``lending={…}``), ``availability`` among them."""
    service = {} if protocol == "none" else {"protocol": protocol, "url": url or "http://127.0.0.1:9/"}
    return Library.model_validate(
        {
            "code": code,
            "name": {"zh-Hant": f"{code}圖書館", "en": f"{code.title()} Library"},
            "region": "north",
            "kind": "city",
            "harvest": {"protocol": "oai-pmh", "url": "http://127.0.0.1:9/oai"},
            **tables,
            "availability": {**service, **tables.get("availability", {})},
        }
    )


def edition(edition_id: str, held: Mapping[str, str | list[Holding]], **values: Any) -> Edition:
    """An edition: library → the local id of its record (with one copy), or the holdings of its records."""
    holdings: list[Holding] = []
    members: dict[tuple[str, str], Member] = {}
    for code, what in held.items():
        one_copy = (
            [Holding(code, f"oai:{what}", what, items=(Item(barcode=f"{code}-{what}-1"),))]
            if isinstance(what, str)
            else what
        )
        for holding in one_copy:
            holdings.append(holding)
            members[code, holding.local_id] = Member(code, holding.record, holding.local_id)
    return Edition(
        id=edition_id,
        members=tuple(members.values()),
        titles=values.pop("titles", (Sourced(Title("書"), tuple(held)),)),
        holdings=tuple(holdings),
        **values,
    )
