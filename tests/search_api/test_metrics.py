"""What Prometheus is told, read back with its own parser."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from harvester.errors import HostUnknown
from harvester.store import FileEntry, Store
from search_api.app import create_app
from search_api.services import open_services
from search_api.settings import Settings
from tests.support.catalogue import HARVESTED, harvest_into, write_libraries

Figures = dict[tuple[str, frozenset[tuple[str, str]]], float]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path, libraries=write_libraries(tmp_path / "libraries"))


@pytest.fixture
async def client(settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    services = await open_services(settings)
    transport = httpx.ASGITransport(create_app(services))
    async with httpx.AsyncClient(transport=transport, base_url="http://catalogue.example") as opened:
        yield opened
    await services.close()


async def figures(client: httpx.AsyncClient) -> Figures:
    answer = await client.get("/metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain; version=")
    families = list(text_string_to_metric_families(answer.text))
    assert all(family.documentation for family in families)
    samples = [sample for family in families for sample in family.samples]
    found = {(sample.name, frozenset(sample.labels.items())): sample.value for sample in samples}
    assert len(found) == len(samples), "no figure is told twice"
    return found


def of(found: Figures, name: str, **labels: str) -> float | None:
    return found.get((name, frozenset(labels.items())))


async def test_harvests_by_any_process_are_told(client: httpx.AsyncClient, settings: Settings) -> None:
    before = await figures(client)
    assert of(before, "allshelves_records", library="alpha") == 0
    assert of(before, "allshelves_last_proven_harvest_timestamp_seconds", library="alpha") is None
    assert of(before, "allshelves_harvest_freshness", library="alpha", freshness="never") == 1

    other = Store.open(settings.database_url)
    harvest_into(other, "alpha", HARVESTED["alpha"])
    why = HostUnknown("nobody knows it")
    other.finish_run(other.begin_run("beta", "full", "x"), "failed", error=str(why), failure=why)
    other.quarantine_record("alpha", "x", "no title")
    run = other.begin_run("beta", "full", "x")
    other.commit_page(run, [], None, files=[FileEntry("may.mrc", 1, state="refused", reason="it breaks off")])
    other.finish_run(run, "failed", error=str(why), failure=why)
    proven = other.library_state("alpha").last_complete_at
    other.close()

    after = await figures(client)
    assert proven is not None
    assert of(after, "allshelves_last_proven_harvest_timestamp_seconds", library="alpha") == proven.timestamp()
    assert of(after, "allshelves_records", library="alpha") == 2
    assert of(after, "allshelves_records_quarantined", library="alpha") == 1
    assert of(after, "allshelves_harvested_records_total", library="alpha", what="new") == 2
    assert of(after, "allshelves_harvests_total", library="alpha", kind="full", status="complete") == 1
    assert of(after, "allshelves_harvests_total", library="beta", kind="full", status="failed") == 2
    assert of(after, "allshelves_harvest_seconds_total", library="alpha") is not None
    assert of(after, "allshelves_harvest_freshness", library="beta", freshness="alarm") == 1
    assert of(after, "allshelves_host_unknown", library="beta") == 1
    assert of(after, "allshelves_host_unknown", library="alpha") == 0
    assert of(after, "allshelves_unproven_harvests", library="beta") == 2
    assert of(after, "allshelves_files_refused", library="beta") == 1
    assert of(after, "allshelves_files_refused", library="alpha") == 0


async def test_what_waits_for_a_person_is_told(client: httpx.AsyncClient, settings: Settings) -> None:
    store = Store.open(settings.database_url)
    harvest_into(store, "alpha", HARVESTED["alpha"])
    store.finish_run(store.begin_run("alpha", "full", "a test"), "unverified", error="none came", absent="held")
    store.close()
    assert of(await figures(client), "allshelves_deletions_held", library="alpha") == 2


async def test_requests_are_counted_by_route_and_never_by_what_was_asked(client: httpx.AsyncClient) -> None:
    await client.get("/api/libraries/alpha")
    await client.get("/api/libraries/beta")
    await client.get("/api/libraries/nosuch")
    await client.get("/nosuch/page")
    await client.request("NOSUCH", "/api/health")
    found = await figures(client)
    route = "/api/libraries/{code}"
    assert of(found, "allshelves_http_requests_total", route=route, method="GET", status="200") == 2
    assert of(found, "allshelves_http_requests_total", route=route, method="GET", status="404") == 1
    assert of(found, "allshelves_http_request_seconds_count", route=route) == 3
    assert not [labels for _, labels in found if "nosuch" in str(labels)]


async def test_two_applications_of_one_process_count_apart(settings: Settings, client: httpx.AsyncClient) -> None:
    await client.get("/api/libraries/alpha")
    services = await open_services(settings)
    transport = httpx.ASGITransport(create_app(services))
    async with httpx.AsyncClient(transport=transport, base_url="http://catalogue.example") as another:
        found = await figures(another)
    await services.close()
    assert not [name for name, _ in found if name == "allshelves_http_requests_total"]


async def test_where_a_token_is_set_only_who_brings_it_sees_figures(settings: Settings) -> None:
    services = await open_services(replace(settings, metrics_token="of the operators"))
    transport = httpx.ASGITransport(create_app(services))
    async with httpx.AsyncClient(transport=transport, base_url="http://catalogue.example") as client:
        brought = ({}, {"Authorization": "Bearer wrong"}, {"Authorization": "Bearer of the operators"})
        statuses = [(await client.get("/metrics", headers=headers)).status_code for headers in brought]
    await services.close()
    assert statuses == [401, 401, 200]
