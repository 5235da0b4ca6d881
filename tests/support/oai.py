"""A small OAI-PMH server that follows a script: pages from a list of records, and faults where the test wants them."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from xml.sax.saxutils import escape

from aiohttp import web

from harvester.http import PatientSession
from mappings.library import Library
from tests.support.marc_bytes import SLIM, marcxml

Fault = Callable[["OaiServer", web.Request], Awaitable[web.StreamResponse]]

DUBLIN_CORE = "http://www.openarchives.org/OAI/2.0/oai_dc/"
DAY_ONE = datetime(2024, 5, 1, 12, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class OaiRecord:
    identifier: str
    datestamp: str = "2024-01-01T00:00:00Z"
    title: str = "A title"
    deleted: bool = False
    metadata: str | None = None  # XML to send instead of a MARC record; "" for a record without metadata
    sets: tuple[str, ...] = ()

    def header(self) -> str:
        status = ' status="deleted"' if self.deleted else ""
        sets = "".join(f"<setSpec>{name}</setSpec>" for name in self.sets)
        return (
            f"<header{status}><identifier>{self.identifier}</identifier>"
            f"<datestamp>{self.datestamp}</datestamp>{sets}</header>"
        )

    def xml(self) -> str:
        metadata = marcxml(self.identifier, self.title) if self.metadata is None else self.metadata
        metadata = "" if self.deleted or not metadata else f"<metadata>{metadata}</metadata>"
        return f"<record>{self.header()}{metadata}</record>"


def records(count: int, **values: object) -> list[OaiRecord]:
    return [OaiRecord(f"oai:test:{number:04}", **values) for number in range(count)]  # type: ignore[arg-type]


def response(body: str, *, response_date: str = "2024-05-01T12:00:00Z") -> str:
    date = f"<responseDate>{response_date}</responseDate>" if response_date else ""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">'
        f"{date}<request>http://test/oai</request>{body}</OAI-PMH>"
    )


def error(code: str, text: str = "") -> str:
    return response(f'<error code="{code}">{text}</error>')


@dataclass(frozen=True, slots=True)
class _List:
    """What a list was asked to hold, and which page of it; tokens carry all of it."""

    verb: str
    number: int = 1
    start: str = ""
    until: str = ""
    set: str = ""


@dataclass(slots=True)
class OaiServer:
    """Answers all six verbs from ``records``; ``requests`` holds the arguments of every request in order."""

    records: list[OaiRecord]
    page_size: int = 10
    states_numbers: bool = True  # cursor and completeListSize
    consumable: bool = False  # every request for a page uses it up, answered or not
    seconds: bool = True
    sets: tuple[str, ...] = ()
    formats: tuple[tuple[str, str], ...] = (("oai_dc", DUBLIN_CORE), ("marcxml", SLIM))  # prefix, namespace
    earliest: str = "2023-06-01T00:00:00Z"
    repository: str = ""  # repositoryIdentifier
    clock: datetime = DAY_ONE
    token: Callable[[int], str] = "page-{}".format
    url: str = ""
    requests: list[dict[str, str]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    faults: dict[int, list[Fault]] = field(default_factory=lambda: defaultdict(list))  # by page of records, from 1
    always: dict[int, Fault] = field(default_factory=dict)
    verbs: dict[str, Fault] = field(default_factory=dict)  # for every request with a verb
    poison: frozenset[str] = frozenset()  # records that break whatever page they are on, and alone too
    position: int = 0
    lists: dict[str, _List] = field(default_factory=dict)  # by verb: what is being listed

    @property
    def asked(self) -> list[dict[str, str]]:
        """The requests for records, in order."""
        return [request for request in self.requests if request.get("verb") == "ListRecords"]

    def at(self, page: int, *faults: Fault) -> None:
        """Lets the next requests for a page of records meet these faults, one each."""
        self.faults[page].extend(faults)

    def breaks_down_at(self, page: int, fault: Fault) -> None:
        """Once that page of records is asked for, neither it nor a word about the server can be had any more."""

        async def down(server: OaiServer, request: web.Request) -> web.StreamResponse:
            server.verbs["Identify"] = fault
            return await fault(server, request)

        self.always[page] = down

    def recovers(self) -> None:
        """From now on all goes well."""
        self.always.clear()
        self.verbs.clear()

    def page_number(self, request: web.Request) -> int:
        token = request.query.get("resumptionToken")
        if token is None:
            return 1
        pages = range(2, len(self.records) // self.page_size + 3)
        return next((number for number in pages if self.token(number) == token), 0)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        query = request.query
        self.requests.append(dict(query))
        self.headers.append(dict(request.headers))
        verb = query.get("verb", "")
        if verb in self.verbs:
            return await self.verbs[verb](self, request)
        match verb:
            case "Identify":
                return xml_answer(self.identify())
            case "ListMetadataFormats":
                return xml_answer(self.list_formats())
            case "ListSets":
                return xml_answer(self.list_sets())
            case "GetRecord":
                return self.get_record(query.get("identifier", ""))
        number = self.page_number(request)
        if number == 1 and "resumptionToken" not in query:
            start, until = query.get("from", ""), query.get("until", "")
            self.lists[verb] = _List(verb, 1, start, until, query.get("set", ""))
        page = number
        if verb == "ListRecords":
            if self.consumable:
                self.position = page = 1 if number == 1 else self.position + 1
            if self.faults[number]:
                return await self.faults[number].pop(0)(self, request)
            if number in self.always:
                return await self.always[number](self, request)
        asked = self.lists.get(verb, _List(verb))
        if verb == "ListRecords" and any(record.identifier in self.poison for record in self.part(asked, page)):
            return web.Response(status=500, text="java.lang.NullPointerException")
        return xml_answer(self.page(page, asked=asked))

    def identify(self) -> str:
        granularity = "YYYY-MM-DDThh:mm:ssZ" if self.seconds else "YYYY-MM-DD"
        own = f"<repositoryIdentifier>{self.repository}</repositoryIdentifier>"
        description = f"<description><oai-identifier>{own}</oai-identifier></description>" if self.repository else ""
        return self.response(
            f"<Identify><repositoryName>T</repositoryName><baseURL>{self.url}</baseURL>"
            f"<earliestDatestamp>{self.earliest}</earliestDatestamp><deletedRecord>persistent</deletedRecord>"
            f"<granularity>{granularity}</granularity>{description}</Identify>"
        )

    def list_formats(self) -> str:
        formats = "".join(
            f"<metadataFormat><metadataPrefix>{prefix}</metadataPrefix><schema>x</schema>"
            f"<metadataNamespace>{namespace}</metadataNamespace></metadataFormat>"
            for prefix, namespace in self.formats
        )
        return self.response(f"<ListMetadataFormats>{formats}</ListMetadataFormats>")

    def list_sets(self) -> str:
        if not self.sets:
            return error("noSetHierarchy")
        sets = "".join(f"<set><setSpec>{name}</setSpec><setName>{name}</setName></set>" for name in self.sets)
        return self.response(f"<ListSets>{sets}</ListSets>")

    def get_record(self, identifier: str) -> web.Response:
        if identifier in self.poison:
            return web.Response(status=500, text="java.lang.NullPointerException")
        found = [record for record in self.records if record.identifier == identifier]
        if not found:
            return xml_answer(error("idDoesNotExist"))
        return xml_answer(self.response(f"<GetRecord>{found[-1].xml()}</GetRecord>"))

    def response(self, body: str) -> str:
        return response(body, response_date=self.clock.strftime("%Y-%m-%dT%H:%M:%SZ"))

    def selected(self, asked: _List) -> list[OaiRecord]:
        until = f"{asked.until}T23:59:59Z" if len(asked.until) == 10 else asked.until
        return [
            record
            for record in self.records
            if record.datestamp >= asked.start
            and (not until or record.datestamp <= until)
            and (not asked.set or asked.set in record.sets)
        ]

    def part(self, asked: _List, number: int) -> list[OaiRecord]:
        start = (number - 1) * self.page_size
        return self.selected(asked)[start : start + self.page_size] if number else []

    def page(self, number: int, *, asked: _List | None = None) -> str:
        """The XML of a page."""
        asked = asked or self.lists.get("ListRecords", _List("ListRecords"))
        if number == 0:
            return error("badResumptionToken", "no such token")
        listed = self.selected(asked)
        if not listed:
            return self.response('<error code="noRecordsMatch"/>')
        start = (number - 1) * self.page_size
        numbers = f' cursor="{start}" completeListSize="{len(listed)}"' if self.states_numbers else ""
        token = self.token(number + 1) if start + self.page_size < len(listed) else ""
        token = f"<resumptionToken{numbers}>{escape(token)}</resumptionToken>"
        part = self.part(asked, number)
        xml = "".join(record.xml() if asked.verb == "ListRecords" else record.header() for record in part)
        return self.response(f"<{asked.verb}>{xml}{token}</{asked.verb}>")


def xml_answer(body: str | bytes, status: int = 200) -> web.Response:
    data = body.encode() if isinstance(body, str) else body
    return web.Response(body=data, status=status, content_type="text/xml")


def sends(body: str | bytes, status: int = 200, **headers: str) -> Fault:
    """Answers with this body whatever was asked; underscores in header names stand for hyphens."""

    async def fault(server: OaiServer, request: web.Request) -> web.StreamResponse:
        answer = xml_answer(body, status)
        answer.headers.update({name.replace("_", "-"): value for name, value in headers.items()})
        return answer

    return fault


async def maintenance_page(server: OaiServer, request: web.Request) -> web.StreamResponse:
    return web.Response(text="<html><body><h1>Down for maintenance</h1></body></html>", content_type="text/html")


async def cut_off(server: OaiServer, request: web.Request) -> web.StreamResponse:
    """A page whose second half is missing, under a Content-Length that agrees with what came."""
    body = server.page(server.page_number(request))
    return xml_answer(body[: len(body) // 2])


async def dropped(server: OaiServer, request: web.Request) -> web.StreamResponse:
    """The request is taken and the connection closed without an answer."""
    assert request.transport is not None
    request.transport.close()
    return web.Response()


@asynccontextmanager
async def serving(handler: Callable[[web.Request], Awaitable[web.StreamResponse]]) -> AsyncIterator[str]:
    """The base URL of a server on this machine that answers every path with ``handler``."""

    async def answer(request: web.Request) -> web.StreamResponse:
        return await handler(request)

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        host, port = runner.addresses[0][:2]
        yield f"http://{host}:{port}"
    finally:
        await runner.cleanup()


@asynccontextmanager
async def oai_server(records: Sequence[OaiRecord], **values: object) -> AsyncIterator[OaiServer]:
    server = OaiServer(list(records), **values)  # type: ignore[arg-type]
    async with serving(server.answer) as base:
        server.url = f"{base}/oai"
        yield server


@asynccontextmanager
async def sleepless(
    slept: list[float] | None = None, clock: Callable[[], float] = time.monotonic
) -> AsyncIterator[PatientSession]:
    """A patient session that notes how long it would have slept, and does not sleep."""
    noted = [] if slept is None else slept

    async def sleep(seconds: float) -> None:
        noted.append(seconds)

    async with PatientSession(sleep=sleep, jitter=lambda: 1.0, clock=clock) as session:
        yield session


def oai_library(url: str, code: str = "testlib", **harvest: object) -> Library:
    return library_of(code, {"protocol": "oai-pmh", "url": url, "retries": 2, **harvest})


def dump_library(*files: str, code: str = "testlib", **harvest: object) -> Library:
    return library_of(code, {"protocol": "marc-dump", "files": list(files), "retries": 2, **harvest})


def library_of(code: str, harvest: dict[str, object]) -> Library:
    return Library.model_validate(
        {"code": code, "name": {"en": code}, "region": "north", "kind": "city", "harvest": harvest}
    )
