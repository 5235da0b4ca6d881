"""Results by work, from records to page and API: one hit a work, its editions beneath, and the way to each."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import lxml.html
import pytest

from harvester.store import Store
from search_api.app import create_app
from search_api.result_rows import IN_ITS_LANGUAGE
from search_api.services import open_services
from tests.support.catalogue import fill, harvest_into, index


def dream(number: int, publisher: str, year: int, title: str = "紅樓夢校注") -> tuple[str, str]:
    """A further edition of 紅樓夢校注 that shares nothing but title and author with the others."""
    return (
        f"oai:delta:{number}",
        f"""
=001  {number}
=008  040101s{year}    ch            000 0 chi d
=245  10$a{title} /$c曹雪芹原著.
=260  \\\\$a臺北市 :$b{publisher},$c{year}.
=300  \\\\$a{number}面
=700  1\\$a曹雪芹
""",
    )


EDITIONS = [dream(400 + n, publisher, 1990 + n) for n, publisher in enumerate(("三民", "聯經", "遠流"))]


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[tuple[httpx.AsyncClient, Any]]:
    """Requests to the small catalogue with three further editions of its 紅樓夢, and how to change delta's records."""
    settings = await fill(tmp_path)

    async def harvest(records: list[tuple[str, str]], deleted: tuple[str, ...] = ()) -> None:
        store = Store.open(settings.database_url)
        harvest_into(store, "delta", records, deleted=deleted)
        store.close()
        await index(settings)

    await harvest(EDITIONS)
    opened = await open_services(settings)
    transport = httpx.ASGITransport(create_app(opened))
    async with httpx.AsyncClient(transport=transport, base_url="http://catalogue.example") as client:
        yield client, harvest
    await opened.close()


async def found(client: httpx.AsyncClient, **params: Any) -> dict[str, Any]:
    answer = await client.get("/api/search", params=params)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def page(client: httpx.AsyncClient, url: str) -> lxml.html.HtmlElement:
    return lxml.html.document_fromstring((await client.get(url)).text)


async def test_a_work_is_one_hit_with_its_editions_and_the_address_of_all(
    home: tuple[httpx.AsyncClient, Any],
) -> None:
    client, _ = home
    plain = await found(client, q="紅樓夢校注")
    assert (plain["total"], plain["works"], len(plain["hits"])) == (4, None, 4)
    grouped = await found(client, q="紅樓夢校注", group="work")
    assert (grouped["total"], grouped["works"], grouped["pages"]) == (4, 1, 1)
    [hit] = grouped["hits"]
    assert (hit["matching"], len(hit["others"]), hit["work"][0]) == (4, 3, "w")
    assert {hit["id"], *(one["id"] for one in hit["others"])} == {one["id"] for one in plain["hits"]}
    every = (await client.get(hit["matching_url"])).json()
    assert {one["id"] for one in every["hits"]} == {one["id"] for one in plain["hits"]}
    narrow = await found(client, q="紅樓夢校注", group="work", year_from=1991)
    assert [one["matching"] for one in narrow["hits"]] == [2]


async def test_a_work_of_one_edition_is_a_hit_like_any_other(home: tuple[httpx.AsyncClient, Any]) -> None:
    client, _ = home
    [hit] = (await found(client, q="Sapiens", group="work"))["hits"]
    assert (hit["matching"], hit["others"], hit["matching_url"], hit["work"]) == (1, [], None, None)


async def test_a_work_that_changes_changes_the_hits_of_its_editions(home: tuple[httpx.AsyncClient, Any]) -> None:
    client, harvest = home
    identifier, record = dream(402, "遠流", 1992, "西遊記")
    await harvest([(identifier, record)], deleted=(EDITIONS[0][0],))
    [hit] = (await found(client, q="紅樓夢校注", group="work"))["hits"]
    assert hit["matching"] == 2
    await harvest([], deleted=(EDITIONS[1][0],))
    [hit] = (await found(client, q="紅樓夢校注", group="work"))["hits"]
    assert (hit["matching"], hit["others"]) == (1, [])


async def test_the_page_shows_works_and_the_address_remembers_editions(home: tuple[httpx.AsyncClient, Any]) -> None:
    client, _ = home
    tree = await page(client, "/en/search?q=紅樓夢校注")
    assert [one.text_content() for one in tree.cssselect(".sumup small")] == ["1 work in 4 editions"]
    [work] = tree.cssselect("li.work")
    assert work.cssselect("header h2")[0].text_content() == "紅樓夢校注"
    assert len(work.cssselect("li.row")) == IN_ITS_LANGUAGE
    [rest] = work.cssselect("details.rest")
    assert rest.cssselect("summary")[0].text_content() == "1 more edition"
    assert len(rest.cssselect("li .num")) == 1
    every = rest.cssselect("p a")[0].get("href")
    links = {one.text_content(): one for one in tree.cssselect(".sort a")}
    assert links["Works"].get("aria-current") == "true"
    editions = links["Editions"].get("href")
    for address in (editions, every):
        shown = await page(client, address)
        assert (len(shown.cssselect("li.row")), shown.cssselect("li.work")) == (4, [])
    kept = await page(client, editions)
    assert all("group=edition" in one.get("href") for one in kept.cssselect(".facets li a"))
    chip = (await page(client, every)).cssselect(".chips a.chip")[0]
    assert len((await page(client, chip.get("href"))).cssselect("li.work")) == 1


async def test_a_cursor_leads_through_editions_only(home: tuple[httpx.AsyncClient, Any]) -> None:
    client, _ = home
    cursor = (await found(client, sort="newest", size=2))["cursor"]
    assert (await client.get("/search", params={"sort": "newest", "size": 2, "after": cursor})).status_code == 200
    refused = await client.get("/api/search", params={"sort": "newest", "after": cursor, "group": "work"})
    assert refused.status_code == 422
    assert (await found(client, sort="newest", size=1, group="work"))["cursor"] == ""
