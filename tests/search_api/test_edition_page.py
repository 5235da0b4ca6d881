"""The page of an edition: what is known of it, how to get it, and where to go from there."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import httpx
import lxml.html
import orjson
import pytest

from harvester.store import Store
from indexer.record import Edition, Holding
from mappings.hours import Hours
from mappings.library import Library
from mappings.place import Place
from search_api.app import create_app
from search_api.edition_page import LIBRARIES_UNFOLDED, folded
from search_api.live_view import LibraryBlock, RegionBlock
from search_api.services import Services, open_services
from search_api.texts import texts as texts_in
from search_api.visit_view import visit
from tests.search_api.test_pages import page, red, texts
from tests.support.catalogue import RED_AT_GAMMA, fill, harvest_into, index

TEXTS = texts_in("en")


@pytest.fixture
async def visited(services: Services) -> AsyncIterator[httpx.AsyncClient]:
    """Requests to a catalogue whose first library says where it is, when it is open and where others ask for a loan."""
    alpha = services.libraries["alpha"]
    week = dict.fromkeys(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), "08:30-12:00, 13:30-21:00")
    told = alpha.model_copy(
        update={
            "place": Place(latitude=25.5, longitude=121.25),
            "hours": Hours.model_validate(week),
            "request_url": "https://alpha.example/ask?t={title}&isbn={isbn}&u={url}",
        }
    )
    opened = replace(services, libraries={**services.libraries, "alpha": told})
    transport = httpx.ASGITransport(create_app(opened))
    async with httpx.AsyncClient(transport=transport, base_url="http://catalogue.example") as client:
        yield client


async def test_a_library_says_where_it_is_when_it_is_open_and_where_to_ask_for_a_loan(
    visited: httpx.AsyncClient,
) -> None:
    tree = await page(visited, await red(visited))
    [alpha] = [one for one in tree.cssselect(".lib") if "甲圖書館" in one.text_content()]
    assert texts(alpha, ".hours summary") == ["今天08:30–12:00, 13:30–21:00"]
    assert len(alpha.cssselect(".hours dl > div")) == 7
    links = {link.text_content(): link.get("href") for link in alpha.cssselect(".get a")}
    assert links["地圖"] == "https://www.openstreetmap.org/?mlat=25.5&mlon=121.25#map=17/25.5/121.25"
    assert links["申請館際互借"].startswith("/out/ill/alpha?to=https%3A%2F%2Falpha.example%2Fask%3Ft%3D%25E7")
    assert "該館目錄" in " ".join(links)


async def loans_asked_for(services: Services) -> dict[str, int]:
    """How often readers were handed on to a loan, by library; "" is all."""
    await services.counting.write()
    months = services.counting.ledger.months(services.counting.today().replace(day=1))
    return {code: of["ill"] for month in months.values() for code, of in month.items() if of.get("ill")}


@pytest.mark.parametrize("address", ["https://ill.example/ask?t={title}", "/loans?t={title}"])
async def test_the_consortiums_own_way_to_a_loan_is_counted_once_for_all(services: Services, address: str) -> None:
    told = replace(services, site=services.site.model_copy(update={"request_url": address}))
    transport = httpx.ASGITransport(create_app(told))
    firefox = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"}
    async with httpx.AsyncClient(transport=transport, base_url="http://catalogue.example", headers=firefox) as client:
        tree = await page(client, await red(client))
        [button] = tree.cssselect(".buttons a.main")
        before = await loans_asked_for(told)
        answer = await client.get(button.get("href", ""))
    assert answer.status_code == 303
    assert answer.headers["location"].startswith(address.partition("{")[0] + "%E7")
    after = await loans_asked_for(told)
    assert after == {**before, "": before.get("", 0) + 1}


async def test_what_a_library_does_not_state_is_left_out(visited: httpx.AsyncClient) -> None:
    tree = await page(visited, await red(visited))
    [gamma] = [one for one in tree.cssselect(".lib") if "丙圖書館" in one.text_content()]
    assert gamma.cssselect(".hours") == []
    assert [link.text_content() for link in gamma.cssselect(".get a")] == ["到該館目錄查看"]


async def test_the_page_offers_every_export_and_citation(client: httpx.AsyncClient) -> None:
    address = await red(client)
    tree = await page(client, address)
    links = {link.text_content(): link.get("href") for link in tree.cssselect("#cite .buttons a")}
    assert list(links) == ["RIS", "BibTeX", "CSL-JSON", "MARC 21", "MARCXML", "JSON-LD"]
    assert set(links.values()) <= {link.get("href") for link in tree.cssselect("link[rel=alternate][type]")}
    assert texts(tree, ".citations dt") == ["APA", "MLA", "Chicago", "GB/T 7714"]
    assert texts(tree, ".citations dd")[0].startswith("曹雪芹（1984）。《紅樓夢校注》")


async def test_search_engines_find_a_book_with_its_libraries_and_no_state_that_is_not_known(
    client: httpx.AsyncClient,
) -> None:
    tree = await page(client, await red(client))
    [data] = tree.cssselect("script[type='application/ld+json']")
    book = orjson.loads(data.text)
    assert (book["@type"], book["name"], book["isbn"]) == ("Book", "紅樓夢校注", "9789570835878")
    assert [one["offeredBy"]["name"] for one in book["offers"]] == ["甲圖書館", "乙圖書館", "丙圖書館"]
    assert all("availability" not in one for one in book["offers"])  # none of them is asked live
    assert "紅樓夢校注" not in tree.cssselect("meta[name=description]")[0].get("content")  # the title says that


async def test_the_shelf_around_it_has_this_book_in_it(client: httpx.AsyncClient) -> None:
    tree = await page(client, await red(client))
    for spine in tree.cssselect(".spines a[aria-current]"):
        assert spine.cssselect(".name")[0].text_content() == "紅樓夢校注"


async def test_an_edition_whose_records_left_is_gone_and_not_unknown(tmp_path: Path) -> None:
    settings = await fill(tmp_path)
    store = Store.open(settings.database_url)
    harvest_into(store, "gamma", [("oai:gamma:300", RED_AT_GAMMA)], deleted=("oai:gamma:301",))
    opened = await open_services(settings)
    transport = httpx.ASGITransport(create_app(opened))
    async with httpx.AsyncClient(transport=transport, base_url="http://catalogue.example") as client:
        [hit] = (await client.get("/api/search?q=臺灣鳥類圖鑑")).json()["hits"]
        await index(settings)
        for address in (f"/editions/{hit['id']}", f"/editions/{hit['id']}.ris"):
            gone = await client.get(address)
            assert gone.status_code == 410
            assert "這個版本已不在目錄中" in gone.text
        told = await client.get(f"/api/editions/{hit['id']}/export?as=ris")
        assert (told.status_code, told.json()["error"]["code"]) == (410, "gone")
        assert (await client.get("/editions/nosuch")).status_code == 404
        listed = lxml.html.document_fromstring((await client.get(f"/list?ids={hit['id']},nosuch")).text)
        assert texts(listed, ".note") == ["其中2種已不在目錄中。"]
    store.close()
    await opened.close()


def test_a_title_that_two_hundred_libraries_hold_stays_readable() -> None:
    blocks = tuple(LibraryBlock(f"l{n}", f"第{n}館", (), "", 0, "", "", answered=False, since="") for n in range(200))
    [north, south] = folded((RegionBlock("north", "北區", blocks), RegionBlock("south", "南區", blocks[:3])))
    assert (len(north.shown), len(north.folded), north.count) == (LIBRARIES_UNFOLDED, 200 - LIBRARIES_UNFOLDED, 200)
    assert (north.shown + north.folded) == blocks
    assert (len(south.shown), south.folded) == (3, ())


async def test_my_library_stands_first_then_those_near_then_the_regions(client: httpx.AsyncClient) -> None:
    address = await red(client)
    assert "我的圖書館" not in texts(await page(client, address), ".region h3")
    tree = await page(client, f"{address}?mine=gamma&mine=nosuch&near=beta")
    [first, second, *_] = tree.cssselect(".region")
    assert texts(first, "h3, h4") == ["我的圖書館1館", "丙圖書館"]
    assert texts(second, "h3")[0].startswith("乙圖書館附近")
    names = texts(tree, ".region h4")
    assert sorted(names) == sorted(set(names))  # each library once
    assert [one.get("href") for one in tree.cssselect("[data-permanent]")] == [address]
    again = f"{address}?mine=gamma&mine=nosuch&near=beta"
    assert [one.get("href") for one in tree.cssselect("#answer .live a")] == [again]


@pytest.mark.parametrize("address", ["mine=%3Cb%3E", "near=%3Cb%3E", "mine=&near="])
async def test_libraries_that_are_none_change_nothing(client: httpx.AsyncClient, address: str) -> None:
    plain = await red(client)
    assert texts(await page(client, f"{plain}?{address}"), ".region h3, .region h4") == texts(
        await page(client, plain), ".region h3, .region h4"
    )


async def test_a_row_leads_to_its_edition_with_my_library(client: httpx.AsyncClient) -> None:
    tree = await page(client, "/search?q=紅樓夢校注&mine=gamma")
    assert {link.get("href").partition("?")[2] for link in tree.cssselect(".row .title a")} == {"mine=gamma"}
    tree = await page(client, "/search?q=紅樓夢校注")
    assert {link.get("href").partition("?")[2] for link in tree.cssselect(".row .title a")} == {""}


def test_hours_and_map_of_a_library_with_branches_are_said_to_be_the_main_building_s() -> None:
    labels = {code: {"zh-Hant": code} for code in ("MAIN", "SOUTH")}
    library = Library.model_validate(
        {
            "code": "alpha",
            "name": {"zh-Hant": "甲圖書館", "en": "Alpha"},
            "region": "north",
            "kind": "city",
            "place": {"latitude": 25.5, "longitude": 121.25},
            "hours": {"sat": "08:30-12:00"},
            "records": {"branches": labels},
            "harvest": {"protocol": "marc-dump", "files": ["x.mrc"]},
        }
    )
    at = datetime(2026, 11, 21, 10, tzinfo=UTC)

    def said(branch: str, of: Library = library) -> tuple[str, str]:
        found = visit(of, Edition("e1", (), holdings=(Holding("alpha", "1", "1", branch=branch),)), TEXTS, at, "")
        return found.today, found.map_words

    assert said("SOUTH") == ("Main building: Today 08:30–12:00", "Map of the main building")
    assert said("") == ("Today 08:30–12:00", "Map")
    alone = library.model_copy(update={"records": library.records.model_copy(update={"branches": {"MAIN": {}}})})
    assert said("MAIN", alone) == ("Today 08:30–12:00", "Map")


async def test_with_each_sum_comes_what_it_says_should_nothing_more_come(client: httpx.AsyncClient) -> None:
    stream = (await client.get(f"{await red(client)}/live")).text
    events = [one.split("\ndata: ") for one in stream.strip().split("\n\n")]
    sums = [orjson.loads(data) for name, data in events if name == "event: summary"]
    assert [one["done"] for one in sums] == [False, False, True]
    assert ["2館無法查詢" in sums[0]["broken"], "1館無法查詢" in sums[1]["broken"]] == [True, True]
    assert "查詢中" not in "".join(one["broken"] for one in sums)
