"""A small SRU server over records with numbers for names, and the ways real ones go wrong."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

from aiohttp import web

from mappings.library import Library
from tests.support.marc_bytes import marcxml
from tests.support.oai import library_of, serving, xml_answer

SRW = "http://www.loc.gov/zing/srw/"
SRU_2 = "http://docs.oasis-open.org/ns/search-ws/sruResponse"
DIAGNOSTIC = "http://www.loc.gov/zing/srw/diagnostic/"

EXPLANATION = """<explainResponse xmlns="http://www.loc.gov/zing/srw/"><record><recordData>
<explain xmlns="http://explain.z3950.org/dtd/2.0/"><databaseInfo><title>Riverton City Library</title></databaseInfo>
<indexInfo><index><map><name set="rec">id</name></map></index></indexInfo>
<schemaInfo><schema name="marcxml" identifier="info:srw/schema/1/marcxml-v1.1"/></schemaInfo>
</explain></recordData></record></explainResponse>"""


def diagnostic(number: int, message: str = "a message", details: str = "details") -> str:
    return (
        f'<diagnostic xmlns="{DIAGNOSTIC}"><uri>info:srw/diagnostic/1/{number}</uri>'
        f"<details>{details}</details><message>{message}</message></diagnostic>"
    )


@dataclass(slots=True)
class SruServer:
    """Answers searchRetrieve for ``rec.id`` by prefix, by bounds and exactly, and for all records."""

    names: list[str]
    most: int = 1000  # records an answer holds at most
    cap: int = 10**9  # positions beyond it are not given …
    in_silence: bool = False  # … and nothing is said of that
    counts_to: int = 10**9  # the most records it ever says it found
    poison: frozenset[str] = frozenset()  # answers with one of these fail
    explains: bool = True
    knows_ids: bool = True
    knows_not: bool = True  # CQL's boolean
    surrogates: frozenset[str] = frozenset()  # these come as diagnostics
    as_text: bool = False  # recordPacking=string
    namespace: str = SRW
    precision: str = ""
    titles: dict[str, str] = field(default_factory=dict)
    url: str = ""
    queries: list[tuple[str, int, int]] = field(default_factory=list)
    down_after: int = 10**9  # requests; from then on nothing is answered
    grows_at: dict[int, str] = field(default_factory=dict)  # by number of the request: a record that comes by then

    def found(self, query: str) -> list[str]:
        if query.startswith("(") and self.knows_not:
            some, *others = [self.found(one) for one in query.removeprefix("(").removesuffix(")").split(") not (")]
            return [name for name in some if not any(name in other for other in others)]
        if query == "cql.allRecords=1":
            return self.names
        if query.startswith("rec.id") and not self.knows_ids:
            raise LookupError(query)
        if match := re.fullmatch(r'rec\.id="([^"*]*)\*"', query):
            return [name for name in self.names if name.startswith(match[1])]
        if match := re.fullmatch(r'rec\.id="([^"*]*)"', query):
            return [name for name in self.names if name == match[1]]
        if match := re.fullmatch(r"rec\.id>=(\d+) and rec\.id<=(\d+)", query):
            return [name for name in self.names if int(match[1]) <= int(name) <= int(match[2])]
        raise LookupError(query)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        asked = request.query
        if asked.get("operation") == "explain":
            return xml_answer(EXPLANATION) if self.explains else web.Response(status=404)
        start, most = int(asked["startRecord"]), int(asked["maximumRecords"])
        self.queries.append((asked["query"], start, most))
        if len(self.queries) > self.down_after:
            return web.Response(status=500, text="out of memory")
        if name := self.grows_at.get(len(self.queries)):
            self.names = sorted([*self.names, name])
        try:
            found = self.found(asked["query"])
        except LookupError:
            return self.response(0, "", diagnostic(16, "Unsupported index"))
        count = min(len(found), self.counts_to)
        if start > 1 and start > count:
            return self.response(count, "", diagnostic(61, "First record position out of range"))
        if start > self.cap and not self.in_silence:
            return self.response(count, "", diagnostic(61, "First record position out of range"))
        given = found[start - 1 : min(start - 1 + min(most, self.most), self.cap, count)]
        if self.poison & set(given):
            return web.Response(status=500, text="java.lang.NullPointerException")
        return self.response(count, "".join(map(self.record, given)), "")

    def record(self, name: str) -> str:
        data = diagnostic(1, "no such record") if name in self.surrogates else marcxml(name, self.titles.get(name, "T"))
        data = escape(data) if self.as_text else data
        packing = "string" if self.as_text else "xml"
        return f"<record><recordPacking>{packing}</recordPacking><recordData>{data}</recordData></record>"

    def response(self, count: int, records: str, diagnostics: str) -> web.Response:
        inside = f"<numberOfRecords>{count}</numberOfRecords>"
        inside += f"<resultCountPrecision>{self.precision}</resultCountPrecision>" if self.precision else ""
        inside += f"<records>{records}</records>" if records else ""
        inside += f"<diagnostics>{diagnostics}</diagnostics>" if diagnostics else ""
        return xml_answer(f'<searchRetrieveResponse xmlns="{self.namespace}">{inside}</searchRetrieveResponse>')


@asynccontextmanager
async def sru_server(count: int = 0, **values: object) -> AsyncIterator[SruServer]:
    server = SruServer([f"{number:05}" for number in range(count)], **values)  # type: ignore[arg-type]
    async with serving(server.answer) as base:
        server.url = f"{base}/sru"
        yield server


def sru_library(url: str, **sru: object) -> Library:
    return library_of("testlib", {"protocol": "sru", "url": url, "retries": 1, "sru": {"page_size": 10, **sru}})
