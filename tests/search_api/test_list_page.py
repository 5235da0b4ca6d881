"""The page of a list, from its address alone: order, merged and vanished editions, exports, the way to the desk."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import httpx
import lxml.html
import orjson

from harvester.store import Store
from indexer.record import Holding, Identifier, Sourced
from search_api.app import create_app
from search_api.list_page import MOST, ids_of, numbers
from search_api.services import open_services
from tests.search_api.test_pages import page, texts
from tests.support.catalogue import fill, harvest_into, index
from tests.support.editions import make_edition

TWIN = """
=001  901
=008  200101s{year}    nyu           000 0 eng d
=245  10$a{title}
=260  \\\\$aNew York :$bHarper & Sons,$c{year}.
"""


async def ids(client: httpx.AsyncClient) -> list[str]:
    return [hit["id"] for hit in (await client.get("/api/search")).json()["hits"]]


def test_ids_come_with_commas_or_one_by_one_each_once() -> None:
    assert ids_of(["a,b", " c ,a", "", "d"]) == ["a", "b", "c", "d"]


async def test_a_list_is_in_the_order_of_its_address(client: httpx.AsyncClient) -> None:
    one, two, three = await ids(client)
    for order in ((one, two, three), (three, one)):
        tree = await page(client, f"/list?ids={','.join(order)}")
        assert [a.get("href") for a in tree.cssselect(".listed h2 a")] == [f"/editions/{one}" for one in order]
    assert texts(tree, "h1 small") == ["2種"]
    without = [a.get("href") for a in tree.cssselect("[data-remove]")]
    assert without == [f"/list?ids={one}", f"/list?ids={three}"]
    assert tree.cssselect("meta[name=robots]")[0].get("content") == "noindex"


async def test_an_empty_list_says_how_to_fill_it(client: httpx.AsyncClient) -> None:
    for address in ("/list", "/list?ids=", "/list?ids=,,"):
        tree = await page(client, address)
        assert texts(tree, ".help h2") == ["書單是空的"]
        assert tree.cssselect(".listtools, #h-export") == []


async def test_a_list_is_exported_and_carried_to_the_desk_whole(client: httpx.AsyncClient) -> None:
    one, two, _ = await ids(client)
    tree = await page(client, f"/en/list?ids={one},{two}")
    exports = {a.text_content(): a.get("href") for a in tree.cssselect("section.take .buttons a")}
    assert list(exports) == ["RIS", "BibTeX", "CSL-JSON", "MARC 21", "MARCXML", "JSON-LD"]
    answer = await client.get(exports["CSL-JSON"])
    assert [item["id"] for item in answer.json()] == [one, two]
    assert tree.cssselect(".listtools .note:last-child a")[0].get("href") == f"/en/staff/lenders/batch?ids={one},{two}"


async def test_a_list_that_is_too_long_says_so(client: httpx.AsyncClient) -> None:
    one = (await ids(client))[0]
    address = "/list?ids=" + ",".join([one, *(f"x{n}" for n in range(MOST))])
    tree = await page(client, address)
    assert texts(tree, ".note")[:2] == [f"其中{MOST - 1}種已不在目錄中。", f"書單最多列{MOST}種，其餘未列出。"]


async def test_an_edition_that_was_merged_since_is_listed_once_under_its_new_id(tmp_path: Path) -> None:
    settings = await fill(tmp_path)
    store = Store.open(settings.database_url)
    harvest_into(store, "delta", [("a", TWIN.format(title="Apart at first", year=2020))])
    harvest_into(store, "beta", [("b", TWIN.format(title="Something else", year=1999))])
    await index(settings)
    opened = await open_services(settings)
    transport = httpx.ASGITransport(create_app(opened))
    async with httpx.AsyncClient(transport=transport, base_url="http://catalogue.example") as client:
        before = await ids(client)
        harvest_into(store, "beta", [("b", TWIN.format(title="Apart at first", year=2020))])
        await index(settings)
        after = await ids(client)
        [old] = set(before) - set(after)
        tree = lxml.html.document_fromstring((await client.get(f"/list?ids={','.join(before)}")).text)
        [kept] = tree.cssselect("[data-list-page]")
        assert sorted(kept.get("data-list-page").split(",")) == sorted(after)
        moved = orjson.loads(kept.get("data-moved"))
        assert list(moved) == [old]
        assert moved[old] in after
    store.close()
    await opened.close()


def test_a_row_has_its_isbn_and_where_it_stands() -> None:
    bare = make_edition("e1", "無號")
    isbns = tuple(Sourced(Identifier("isbn", one), ("ntl",)) for one in ("9789570835878", "9789570835861"))
    holdings = tuple(Holding("ntl", "r", "r", call_number=one) for one in ("857.49 1", "857.49 1", "B", "C", "D"))
    assert numbers(bare) == ""
    assert numbers(replace(bare, identifiers=isbns, holdings=holdings)) == "ISBN 9789570835878 · 857.49 1 · B · C"
