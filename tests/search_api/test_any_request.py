"""Whatever an address says, the API and the pages answer it or say what is wrong with it: never 5xx."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from urllib.parse import quote

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search_api.app import create_app
from search_api.search_params import SORTS, SearchParams
from search_api.services import open_services
from search_api.settings import Settings

TIMES = int(os.environ.get("ALLSHELVES_FUZZ", "1"))
"""How many times the usual number of requests."""

PATHS = ("/api/search", "/search", "/en/search", "/api/suggest", "/api/facets/creator", "/api/lenders")
NAMES = (*SearchParams.model_fields, "in", "mine", "edition", "contains")
NUMBERS = ("0", "-1", "1", "9" * 30, "1e9", "١٢", "0x10", "NaN", "1_000", " 7 ", "9999", "10000")
VALUES = st.one_of(
    st.sampled_from([*NUMBERS, *SORTS, "紅", "isbn:", "title:red", '"', "f1", "r", "f" * 250]), st.text(max_size=40)
)
BYTES = st.binary(max_size=12).map(lambda raw: "".join(f"%{byte:02X}" for byte in raw))
"""What is no UTF-8, too."""

QUERY = st.lists(st.tuples(st.sampled_from(NAMES), st.one_of(VALUES.map(quote), BYTES)), max_size=6)


@pytest.fixture(scope="module")
def asking(filled: Settings) -> Iterator[tuple[httpx.AsyncClient, asyncio.Runner]]:
    with asyncio.Runner() as runner:
        services = runner.run(_opened(filled))
        transport = httpx.ASGITransport(create_app(services), raise_app_exceptions=False)
        client = httpx.AsyncClient(transport=transport, base_url="http://catalogue.example")
        yield client, runner
        runner.run(client.aclose())
        runner.run(services.close())


_opened = open_services


@settings(max_examples=200 * TIMES, deadline=None, suppress_health_check=list(HealthCheck))
@given(path=st.sampled_from(PATHS), query=QUERY)
def test_any_address_is_answered(
    asking: tuple[httpx.AsyncClient, asyncio.Runner], path: str, query: list[tuple[str, str]]
) -> None:
    client, runner = asking
    answer = runner.run(client.get(f"{path}?{'&'.join(f'{name}={value}' for name, value in query)}"))
    assert answer.status_code < 500, answer.text


EXTREME = [
    ("q=" + "a" * 100_000, "too long to be read"),
    ("q=%ED%A0%80", "half of a pair in bytes that are no UTF-8"),
    ("q=%00", "NUL"),
    ("q=%FF%FE", "bytes that are nothing"),
    ("page=" + "9" * 5_000, "a page longer than Python converts"),
    ("page=1&size=" + "9" * 30, "a size beyond 64 bits"),
    ("size=-1", "fewer than none"),
    ("year_from=" + "9" * 30, "a year beyond 64 bits"),
    ("year_to=-" + "9" * 5_000, "and before all time"),
    ("year=" + "&year=".join(["1999"] * 10_000), "ten thousand years"),
    ("facet_size=" + "9" * 25, "more values than there are"),
    ("sort=title&after=" + "0" * 250, "a cursor of noughts"),
    ("sort=title&after=%22%20OR%20*:*", "a cursor that would be a query"),
    ("sort=newest&after=" + "9" * 20, "a cursor beyond 64 bits"),
    ("&".join(["library=x"] * 10_000), "ten thousand libraries"),
    ("q=" + "+OR+".join(["a"] * 240), "as many choices as an address may have"),
]


@pytest.mark.parametrize(("query", "why"), EXTREME, ids=[why for _, why in EXTREME])
@pytest.mark.parametrize("path", ["/api/search", "/en/search"])
def test_what_no_browser_sends_is_answered_too(
    asking: tuple[httpx.AsyncClient, asyncio.Runner], path: str, query: str, why: str
) -> None:
    client, runner = asking
    transport_limit = 65_536  # httpx refuses longer addresses, as servers do
    answer = runner.run(client.get(f"{path}?{query}"[:transport_limit]))
    assert answer.status_code < 500, why
