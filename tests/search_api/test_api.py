"""The API over a real catalogue: what each operation answers."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import httpx
import pytest

from harvester.store import Store
from indexer.engine import FacetField
from indexer.record import RecordRef
from search_api.app import create_app
from search_api.services import Services, open_services
from search_api.settings import Settings
from search_api.staff.access import Role
from search_api.texts import LANGUAGES
from tests.support.catalogue import (
    EBOOK_AT_GAMMA,
    RED,
    RED_AT_ALPHA,
    SAPIENS,
    fill,
    harvest_into,
    index,
    write_libraries,
)
from tests.support.marc import marcxml
from tests.support.staff import person_of
from tests.support.status import ON_SHELF, answering, daia, koha, koha_item, koha_record, never, serving


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[tuple[Services, httpx.AsyncClient]]:
    """Services over a state folder, and requests to them."""
    services = await open_services(settings)
    transport = httpx.ASGITransport(create_app(services))
    async with httpx.AsyncClient(transport=transport, base_url="http://catalogue.example") as client:
        yield services, client
    await services.close()


async def told(client: httpx.AsyncClient, url: str) -> Any:
    answer = await client.get(url)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def red(client: httpx.AsyncClient) -> str:
    """The address of the edition that three libraries hold."""
    [hit] = (await told(client, f"/api/search?isbn={RED}"))["hits"]
    return str(hit["url"])


async def test_a_search_tells_rows_facets_and_the_way_on(client: httpx.AsyncClient) -> None:
    found = await told(client, "/api/search?size=1&sort=libraries")
    assert (found["total"], found["page"], found["pages"], found["size"], found["sort"]) == (3, 1, 3, 1, "libraries")
    assert (found["previous"], found["next"]) == (None, "/api/search?sort=libraries&page=2&size=1")
    [hit] = found["hits"]
    assert hit["title"] == "紅樓夢校注"
    assert hit["responsibility"].startswith("曹雪芹")
    assert (hit["publisher"], hit["year"], hit["format"], hit["languages"]) == ("里仁書局", 1984, "book", ["chi"])
    assert hit["libraries"] == ["alpha", "beta", "gamma"]
    assert hit["isbns"] == [RED]
    facets = {facet["field"]: facet for facet in found["facets"]}
    assert set(facets) == set(get_args(FacetField))
    assert facets["online"]["values"][0]["name"]["en"] == "Online"
    assert facets["subject"]["parameter"] == "subject_is"
    [book, _] = facets["format"]["values"]
    name = book.pop("name")
    assert (name["zh-Hant"], name["en"]) == ("圖書", "Book")
    assert book == {"value": "book", "count": 2, "chosen": False, "broader": "", "error": 0}


async def test_a_facet_value_narrows_the_search_by_its_parameter(client: httpx.AsyncClient) -> None:
    found = await told(client, "/api/search")
    for facet in found["facets"]:
        for value in facet["values"]:
            narrowed = await client.get("/api/search", params={facet["parameter"]: value["value"]})
            assert narrowed.json()["total"] == value["count"], (facet["field"], value)


async def test_a_correction_is_an_address_to_follow(client: httpx.AsyncClient) -> None:
    found = await told(client, f"/api/search?q={RED[:-1]}1")
    [correction] = found["corrections"]
    assert correction == {"kind": "isbn_check_digit", "url": f"/api/search?isbn={RED}", "total": 1, "text": ""}
    assert (await told(client, correction["url"]))["total"] == 1


async def test_an_edition_tells_every_value_with_the_libraries_that_state_it(client: httpx.AsyncClient) -> None:
    edition = await told(client, await red(client))
    [title] = edition["titles"]
    assert (title["value"]["proper"], title["libraries"]) == ("紅樓夢校注", ["alpha", "beta", "gamma"])
    assert [(i["value"]["publisher"], i["libraries"]) for i in edition["imprints"]] == [
        ("里仁書局", ["alpha", "gamma"]),
        ("里仁", ["beta"]),
    ]
    [names] = edition["language_names"]
    assert (names["zh-Hant"], names["en"], names["vi"]) == ("中文", "Chinese", "Tiếng Trung")
    assert edition["format_name"]["zh-Hant"] == "圖書"
    assert edition["availability_url"] == f"{edition['url']}/availability"


async def test_an_edition_tells_who_holds_it_where(client: httpx.AsyncClient) -> None:
    edition = await told(client, await red(client))
    assert [holder["library"] for holder in edition["holders"]] == ["alpha", "beta", "gamma"], "north, south, east"
    alpha = edition["holders"][0]
    english = dict.fromkeys(("en", "vi", "id", "th"), "Alpha Library")
    assert alpha["name"] == {"zh-Hant": "甲圖書館", "ja": "甲圖書館", **english}
    assert alpha["region_name"]["zh-Hant"] == "北區"
    assert alpha["record_urls"] == ["https://alpha.example/record/100"]
    stack = alpha["holdings"][0]
    assert (stack["branch"], stack["branch_name"]["en"], stack["location_name"]["en"]) == ("MAIN", "Main", "Stacks")
    assert stack["items"][0]["barcode"] == "A100"
    assert alpha["holdings"][1]["location_name"] == dict.fromkeys(LANGUAGES, "REF"), "no label: the code itself"
    assert edition["holders"][1]["holdings"][0]["local_id"] == "200", "what its own system calls it, not 001"


async def test_an_edition_tells_the_records_behind_it_and_why_they_are_one(client: httpx.AsyncClient) -> None:
    edition = await told(client, await red(client))
    assert [record["library"] for record in edition["records"]] == ["alpha", "beta", "gamma"]
    pairs = {(e["a"], e["b"]) for e in edition["evidence"]}
    assert ("alpha:oai:alpha:100", "beta:oai:beta:200") in pairs
    assert all("isbn_shared" in e["reasons"] for e in edition["evidence"])


async def test_an_edition_of_one_record_needs_no_evidence(client: httpx.AsyncClient) -> None:
    [hit] = (await told(client, f"/api/search?isbn={SAPIENS}"))["hits"]
    assert (await told(client, hit["url"]))["evidence"] == []


async def test_a_record_is_told_as_it_came_and_as_it_is_read(client: httpx.AsyncClient) -> None:
    edition = await told(client, await red(client))
    record = await told(client, edition["records"][0]["url"])
    assert record["raw"].encode() == marcxml(RED_AT_ALPHA)
    assert record["raw_base64"] is None
    assert (record["format"], record["deleted"], record["edition"]) == ("marcxml", False, edition["id"])
    assert record["record"]["titles"][0]["proper"] == "紅樓夢校注"


async def test_a_record_asked_of_another_edition_is_shown_the_way(client: httpx.AsyncClient) -> None:
    edition = await told(client, await red(client))
    answer = await client.get("/api/editions/another/records/alpha/oai:alpha:100")
    assert (answer.status_code, answer.headers["location"]) == (301, edition["records"][0]["url"])


@pytest.mark.parametrize(
    "url",
    [
        "/api/editions/nosuch",
        "/api/editions/nosuch/availability",
        "/api/editions/nosuch/records/alpha/oai:alpha:nosuch",
        "/api/libraries/nosuch",
    ],
)
async def test_what_there_is_not_is_not_found(client: httpx.AsyncClient, url: str) -> None:
    answer = await client.get(url)
    assert answer.status_code == 404
    assert answer.json()["error"]["code"] == "not_found"


async def test_libraries_tell_their_harvest_their_records_and_their_live_status(client: httpx.AsyncClient) -> None:
    libraries = {one["code"]: one for one in (await told(client, "/api/libraries"))["libraries"]}
    assert list(libraries) == ["alpha", "beta", "delta", "gamma"]
    alpha = libraries["alpha"]
    assert (alpha["records"], alpha["deleted"], alpha["quarantined"]) == (2, 0, 0)
    run = alpha["last_run"]
    assert (run["status"], run["kind"], run["seen"], run["new"]) == ("complete", "full", 2, 2)
    assert run["seen"] == sum(run[part] for part in ("new", "changed", "unchanged", "deleted", "unreadable"))
    assert alpha["last_complete_at"] is not None
    assert alpha["live"]["state"] == "none"
    assert (alpha["freshness"], alpha["under_way"], alpha["held"], alpha["proposals"]) == ("fresh", False, [], [])
    assert alpha["next_harvest_at"] > alpha["last_complete_at"]
    assert alpha["late_at"] > alpha["next_harvest_at"]
    assert set(alpha["in_words"]) == {"zh-Hant", "en"}
    assert libraries["delta"]["freshness"] == "never"
    never_harvested = libraries["delta"]
    assert (never_harvested["records"], never_harvested["last_run"], never_harvested["last_complete_at"]) == (
        0,
        None,
        None,
    )


async def test_one_library_tells_what_it_lends(client: httpx.AsyncClient) -> None:
    gamma = await told(client, "/api/libraries/gamma")
    assert (gamma["lends"], gamma["url"]) == (False, "/api/libraries/gamma")
    assert "quarantine" not in gamma, "that is for staff"
    alpha = await told(client, "/api/libraries/alpha")
    assert alpha["branches"] == {"MAIN": {"zh-Hant": "總館", "en": "Main"}}


async def test_health_counts_what_can_be_found(client: httpx.AsyncClient) -> None:
    health = await told(client, "/api/health")
    assert (health["status"], health["editions"], health["libraries"]) == ("ok", 3, 4)


@pytest.fixture
async def live(filled: Settings, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    """The API with two libraries whose systems answer: alpha has it on the shelf, beta's copy is lent."""
    lent = koha(
        {"200": koha_item("20", "not available", "Checked out")},
        {"200": koha_record("200", {"itemnumber": "20", "onloan": "2026-09-20"})},
    )
    async with serving(daia({"100": [ON_SHELF]})) as alpha, serving(lent) as beta:
        folder = write_libraries(tmp_path / "libraries", {"alpha": alpha.url, "beta": beta.url})
        async with opened(replace(filled, libraries=folder)) as (_, client):
            yield client


async def test_availability_waits_for_every_answer_and_sums_up(live: httpx.AsyncClient) -> None:
    edition = await told(live, await red(live))
    found = await told(live, edition["availability_url"])
    assert found["edition"] == edition["id"]
    assert [(a["library"], a["state"], a["standing"]) for a in found["answers"]] == [
        ("alpha", "ok", "available"),
        ("beta", "ok", "not_now"),
        ("gamma", "unsupported", "no_live_status"),
    ]
    assert (found["answers"][1]["first_due"], found["answers"][1]["best_state"]) == ("2026-09-20", "on_loan")
    assert found["answers"][0]["as_of"] is not None
    assert found["summary"]["holders"] == 3 == sum(found["summary"]["counts"].values())
    assert found["summary"]["counts"]["available"] == 1
    assert [holder["live"] for holder in edition["holders"]] == [True, True, False]


async def test_libraries_tell_how_their_live_status_is_doing(live: httpx.AsyncClient) -> None:
    before = await told(live, "/api/libraries/alpha")
    assert (before["live"]["state"], before["live"]["asked"]) == ("not_asked", 0)
    await told(live, f"{await red(live)}/availability")
    after = await told(live, "/api/libraries/alpha")
    assert (after["live"]["state"], after["live"]["asked"], after["live"]["answered"]) == ("answering", 1, 1)


async def test_a_dead_library_is_unknown_and_told_to_be_failing(filled: Settings, tmp_path: Path) -> None:
    async with serving(never) as alpha, serving(answering("", status=500)) as beta:
        folder = write_libraries(tmp_path / "libraries", {"alpha": alpha.url, "beta": beta.url}, timeout_seconds=0.1)
        async with opened(replace(filled, libraries=folder)) as (_, client):
            found = await told(client, f"{await red(client)}/availability")
            libraries = await told(client, "/api/libraries")
    assert [(a["library"], a["state"], a["items"]) for a in found["answers"][:2]] == [
        ("alpha", "timeout", []),
        ("beta", "error", []),
    ]
    assert found["summary"]["counts"]["unanswered"] == 2
    assert found["summary"]["counts"]["not_now"] == 0, "unknown is never unavailable"
    states = {one["code"]: one["live"] for one in libraries["libraries"]}
    assert (states["alpha"]["state"], states["beta"]["state"]) == ("failing", "failing")
    assert states["beta"]["last_failure"] == "answered HTTP 500"


async def test_a_merged_edition_shows_the_way_to_the_one_that_answers_for_it(tmp_path: Path) -> None:
    settings = await fill(tmp_path)
    store = Store.open(settings.database_url)
    harvest_into(store, "delta", [("oai:delta:1", RED_AT_ALPHA.replace(RED, SAPIENS).replace("紅樓夢校注", "石頭記"))])
    store.close()
    await index(settings)
    async with opened(settings) as (services, client):
        old = services.catalogue.edition_of(RecordRef("delta", "oai:delta:1"))
        answer = await told(client, f"/api/editions/{old}")
        assert answer["titles"][0]["value"]["proper"] == "石頭記"
    store = Store.open(settings.database_url)
    harvest_into(store, "delta", [("oai:delta:1", RED_AT_ALPHA)])
    store.close()
    await index(settings)
    async with opened(settings) as (services, client):
        new = services.catalogue.edition_of(RecordRef("alpha", "oai:alpha:100"))
        assert new != old
        for path in ("", "/availability"):
            moved = await client.get(f"/api/editions/{old}{path}?x=1")
            assert (moved.status_code, moved.headers["location"]) == (301, f"/api/editions/{new}{path}?x=1")
            assert moved.headers["cache-control"] == "max-age=3600"


async def test_what_cannot_be_read_is_kept_and_explained(tmp_path: Path) -> None:
    settings = await fill(tmp_path)
    store = Store.open(settings.database_url)
    harvest_into(store, "delta", [("oai:delta:2", EBOOK_AT_GAMMA)])
    store.quarantine_record("delta", "oai:delta:3", "the leader is too short", field="LDR")
    store.close()
    async with opened(settings) as (_, client):
        delta = await told(client, "/api/libraries/delta")
        client.headers.update(person_of(settings, Role.CATALOGUER).program)
        waiting = await told(client, "/api/libraries/delta/quarantine")
    assert (delta["quarantined"], waiting["total"]) == (1, 1)
    assert [(one["identifier"], one["field"], one["reason"]) for one in waiting["quarantine"]] == [
        ("oai:delta:3", "LDR", "the leader is too short")
    ]
