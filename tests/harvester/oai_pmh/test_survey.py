"""What a survey finds out of servers that do as they should, and of others that do not."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from aiohttp import web

from fixtures.wild.command import built
from fixtures.wild.serving import serving
from harvester.errors import HostUnknown
from harvester.oai_pmh import server_of
from harvester.oai_pmh.survey import Survey, survey
from harvester.page import Visit
from harvester.store import utc_now
from tests.support.oai import (
    OaiServer,
    error,
    maintenance_page,
    oai_library,
    oai_server,
    records,
    response,
    sends,
    sleepless,
    xml_answer,
)
from tests.support.oai_visit import NOW


async def surveyed(script: OaiServer, said: list[str] | None = None) -> Survey:
    async with sleepless() as http:
        server = server_of(Visit(oai_library(script.url, retries=0), http, NOW), now=lambda: NOW, environ={})
        return await survey(server, (said if said is not None else []).append)


def words(found: Survey, about: str) -> str:
    [one] = [finding.words for finding in found.findings if finding.about == about]
    return one


def doubts(found: Survey) -> list[str]:
    return [finding.about for finding in found.findings if finding.doubt]


@asynccontextmanager
async def good(**values: object) -> AsyncIterator[OaiServer]:
    async with oai_server(records(35), clock=NOW, **values) as script:
        yield script


async def test_a_good_server_leaves_no_doubt_and_is_asked_little() -> None:
    said: list[str] = []
    async with good(repository="good.example", sets=("books",)) as script:
        found = await surveyed(script, said)
    assert doubts(found) == []
    assert (found.name, found.prefix, found.size, found.selective, len(found.records)) == ("T", "marcxml", 35, True, 10)
    assert words(found, "granularity, as stated") == "seconds"
    assert words(found, "sets") == "books; without a set nothing is missed"
    assert words(found, "tokens") == "may be used again"
    assert words(found, "one record by name") == "is given"
    assert words(found, "from in the future") == "lists nothing, as it should"
    assert words(found, "clock") == "as ours"
    assert found.asked == len(script.requests) <= 15
    assert len(said) <= found.asked


async def test_what_is_out_of_the_ordinary_is_a_doubt() -> None:
    async with oai_server(
        records(35), clock=NOW + timedelta(hours=8), consumable=True, token=lambda _: "scroll"
    ) as script:
        found = await surveyed(script)
    assert doubts(found) == ["clock", "tokens"]
    assert words(found, "clock") == "480 minutes ahead"
    assert words(found, "tokens").startswith("are used up by asking")


async def test_a_server_that_does_not_honour_dates_is_found_out() -> None:
    async with good() as script:
        script.records = [replace(one, datestamp="2124-01-01T00:00:00Z") for one in script.records]
        found = await surveyed(script)
    assert found.selective is False
    assert words(found, "from in the future") == "lists 10 records: dates are not honoured"


async def test_a_server_that_takes_days_only_and_calls_the_future_an_error() -> None:
    async def only_days(server: OaiServer, request: web.Request) -> web.StreamResponse:
        start = request.query.get("from", "")
        if len(start) > 10 or start > "2025":
            return xml_answer(error("badArgument", "from"))
        return xml_answer(server.page(1))

    async with good(seconds=False) as script:
        script.verbs["ListIdentifiers"] = only_days
        found = await surveyed(script)
    assert words(found, "dates to the second") == "are refused"
    assert words(found, "from in the future").startswith("is an error to it")


async def test_a_repository_of_dublin_core_alone() -> None:
    dublin_core = (
        '<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>A title</dc:title></oai_dc:dc>'
    )
    async with good(formats=(("oai_dc", "x"),)) as script:
        script.records = [replace(one, metadata=dublin_core) for one in script.records]
        found = await surveyed(script)
    assert found.prefix == "oai_dc"
    assert "format" in doubts(found)


async def test_one_that_lists_what_it_does_not_give() -> None:
    async with good() as script:
        script.verbs["GetRecord"] = sends(error("idDoesNotExist"))
        script.verbs["ListSets"] = maintenance_page
        found = await surveyed(script)
    assert doubts(found) == ["sets", "one record by name"]
    assert "HTML" in words(found, "sets")


async def test_two_ways_of_listing_that_differ() -> None:
    async with oai_server(records(5), clock=NOW) as script:
        script.verbs["ListIdentifiers"] = sends(response("<ListIdentifiers></ListIdentifiers>"))
        found = await surveyed(script)
    assert words(found, "a small window") == "0 by name, 5 in full: sweeps by name would mislead"


async def test_an_empty_server_and_one_of_no_use() -> None:
    async with oai_server([], clock=NOW) as empty, oai_server([], formats=(("mods", "x"),), clock=NOW) as foreign:
        assert (await surveyed(empty)).prefix == ""
        found = await surveyed(foreign)
    assert words(found, "format") == "it offers neither MARC nor Dublin Core"


WILD = [
    ("refuses seconds", "dates to the second", "are refused, though it says so", "what it says of dates is untrue"),
    ("refuses dates", "dates to the day", "are refused", "every harvest will be a full one"),
    ("ignores dates", "from in the future", "lists 10 records: dates are not honoured", "and so here"),
    ("size of the page", "size, as stated", "10 records, fewer than there are", "sizes cannot be believed"),
    ("prefixes swapped", "format", "oai_dc holds MARC", "names of formats are not what they say"),
    ("oai_marc", "format", "oai_marc holds MARC", "the older MARC of OAI is MARC"),
    ("moved for good", "address", "it says that it has moved for good: harvest.url may be ", "where it is now"),
    ("Latin-1 as UTF-8", "XML", "10 places had to be mended", "its encoding is not what it says"),
    ("broken gzip", "compression", "its compressed answers came broken", "it is asked without"),
    ("consumable tokens", "tokens", "are used up by asking", "a page that got lost cannot be asked for again"),
    ("hangs", "records", "none could be had", "a server that does not answer is no reason to fail"),
    ("maintenance page", "records", "none could be had", "nor is one that is being mended"),
    ("a billion laughs", "records", "none could be had", "nor a hostile one"),
    ("endless body", "records", "none could be had", "nor one that never ends"),
]


@pytest.mark.parametrize(("fault", "about", "said", "why"), WILD)
async def test_what_is_found_out_of_a_wild_server(*, fault: str, about: str, said: str, why: str) -> None:
    limits = {"retries": 1, "timeout_seconds": 0.2, "first_byte_seconds": 0.2, "max_page_bytes": 1_000_000}
    async with serving(built([fault], 45, 10)) as site, sleepless() as http:
        found = await survey(server_of(Visit(oai_library(site.url, **limits), http, utc_now())), lambda _: None)
        site.closing.set()
    assert [one for one in found.findings if one.about == about and one.words.startswith(said)], (why, found.findings)
    assert found.asked <= 15


async def test_a_host_that_is_not_there_ends_the_survey() -> None:
    with pytest.raises(HostUnknown):
        await surveyed(OaiServer([], url="http://nowhere.invalid/oai"))
