"""How good a library's records are, over HTTP: the same numbers as `allshelves report`, counted once."""

from __future__ import annotations

import asyncio
from pathlib import Path

import httpx
import pytest

from harvester.store import Store
from indexer.own_records import quality_of
from search_api import quality_view
from search_api.quality_view import QualityReports
from search_api.schemas import QualityBody
from search_api.services import Services, open_services
from search_api.staff.access import Role
from tests.support.catalogue import RED_AT_ALPHA, RED_AT_BETA, fill, harvest_into, index
from tests.support.staff import person


async def test_the_api_tells_what_the_report_tells(client: httpx.AsyncClient, services: Services) -> None:
    answer = await client.get("/api/libraries/alpha/quality", headers=person(services.store, Role.ILL).program)
    assert answer.status_code == 200
    told = answer.json()
    counted = quality_of(services.store, services.catalogue, services.libraries["alpha"])
    assert told == QualityBody.model_validate(counted).model_dump(mode="json")
    assert told["records"] == 2
    assert {one["field"]: one["percent"] for one in told["coverage"]}["isbn"] == 100.0
    assert told["unknown_codes"][0] == {
        "kind": "location",
        "code": "REF",
        "times": 1,
        "examples": ["alpha:oai:alpha:100"],
    }


async def test_a_library_without_records_is_told_as_such(client: httpx.AsyncClient, services: Services) -> None:
    headers = person(services.store, Role.ILL).program
    assert (await client.get("/api/libraries/delta/quality", headers=headers)).json()["records"] == 0


async def test_a_library_that_is_not_there_is_not_found(client: httpx.AsyncClient, services: Services) -> None:
    answer = await client.get("/api/libraries/nosuch/quality", headers=person(services.store, Role.ILL).program)
    assert answer.status_code == 404
    assert answer.json()["error"]["code"] == "not_found"


async def test_records_are_counted_once_for_every_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = await fill(tmp_path)
    services = await open_services(settings)
    times = 0

    def counted(*given: object) -> object:
        nonlocal times
        times += 1
        return quality_of(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(quality_view, "quality_of", counted)
    reports = QualityReports(services)
    many = await asyncio.gather(*(reports.quality("alpha") for _ in range(5)))
    assert ({id(one) for one in many}, times) == ({id(many[0])}, 1)
    store = Store.open(settings.database_url)
    harvest_into(store, "alpha", [("oai:alpha:900", RED_AT_ALPHA)])
    store.close()
    await index(settings)
    assert (await reports.quality("alpha")).records == 3
    assert times == 2
    await services.close()


async def test_copies_in_a_field_that_nothing_reads_are_told_in_a_sentence(tmp_path: Path) -> None:
    settings = await fill(tmp_path)
    store = Store.open(settings.database_url)
    harvest_into(store, "delta", [("oai:delta:1", RED_AT_BETA)])  # Koha's 952; delta's preset is the default
    store.close()
    await index(settings)
    services = await open_services(settings)
    reports = QualityReports(services)
    (told,) = QualityBody.model_validate(await reports.quality("delta")).unread_copies
    assert (told.tag, told.presets, told.records, told.looked_at) == ("952", ("koha-952",), 1, 1)
    assert told.message["en"].endswith("set records.holdings to koha-952.")
    assert "952 欄" in told.message["zh-Hant"]
    assert (await reports.quality("beta")).unread_copies == ()  # the same field, read
    await services.close()
