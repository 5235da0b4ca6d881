"""The shelf around an edition and what is on its subject, over a small catalogue."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from harvester.store import Store
from search_api.app import create_app
from search_api.services import open_services
from search_api.settings import Settings
from tests.support.catalogue import harvest_into, index, write_libraries

NAMES = ("甲", "乙", "丙", "丁", "戊", "己", "庚")


def book(number: int) -> str:
    return f"""
=001  {number}
=008  200101s2020    ch            000 0 chi d
=084  \\\\$a857.{number}$2ncsclt
=245  10$a{NAMES[number]}書.
=650  \\7$a中國小說$2csht
=650  \\7$a題{number // 2}$2csht
=852  8\\$bMAIN$h857.{number}$pA{number}
"""


@pytest.fixture(scope="module")
def shelved(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    home: Path = tmp_path_factory.mktemp("shelf")
    settings = Settings(home=home, libraries=write_libraries(home / "libraries"))
    store = Store.open(settings.database_url)
    harvest_into(store, "alpha", [(f"oai:alpha:{n}", book(n)) for n in range(len(NAMES))])
    store.close()
    asyncio.run(index(settings))
    return settings


@pytest.fixture
async def client(shelved: Settings) -> AsyncIterator[httpx.AsyncClient]:
    opened = await open_services(shelved)
    transport = httpx.ASGITransport(create_app(opened))
    async with httpx.AsyncClient(transport=transport, base_url="http://catalogue.example") as made:
        yield made
    await opened.close()


async def beside(client: httpx.AsyncClient, title: str) -> Any:
    hits = (await client.get(f"/api/search?title_is={title}")).json()["hits"]
    answer = await client.get(f"/api/editions/{hits[0]['id']}/beside")
    assert answer.status_code == 200, answer.text
    body: Any = answer.json()
    return body


async def test_the_shelf_is_in_the_order_of_call_numbers_with_this_book_in_it(client: httpx.AsyncClient) -> None:
    body = await beside(client, "丁書")
    shelf: Any = body["shelf"]
    assert body["scheme"] == "ncsclt"
    assert [spine["call_number"] for spine in shelf] == [f"857.{n}" for n in range(len(NAMES))]
    assert [spine["call_number"] for spine in shelf if spine["here"]] == ["857.3"]


async def test_the_subject_is_the_rarest_that_others_have_and_the_book_itself_is_left_out(
    client: httpx.AsyncClient,
) -> None:
    subject: Any = (await beside(client, "丁書"))["subject"]
    assert (subject["subject"], subject["total"]) == ("題1", 2)
    assert [one["title"] for one in subject["editions"]] == ["丙書"]


async def test_a_subject_nobody_else_has_gives_way_to_one_that_others_have(client: httpx.AsyncClient) -> None:
    subject: Any = (await beside(client, "庚書"))["subject"]
    assert (subject["subject"], subject["total"]) == ("中國小說", 7)


async def test_an_edition_that_is_not_there_has_nothing_beside_it(client: httpx.AsyncClient) -> None:
    assert (await client.get("/api/editions/nosuch/beside")).status_code == 404
