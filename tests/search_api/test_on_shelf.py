"""What is on the shelf now, near a place, and what a card borrows: asked of real servers, shown as approximate."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import httpx
import lxml.html
import pytest

from mappings.library import Library
from mappings.place import Place
from search_api.app import create_app
from search_api.on_shelf import near
from search_api.services import open_services
from search_api.settings import Settings
from tests.support.catalogue import write_libraries
from tests.support.editions import make_libraries
from tests.support.status import LENT, ON_SHELF, Served, daia, serving


@pytest.fixture
async def alpha() -> AsyncIterator[Served]:
    """Alpha has Sapiens on its shelf and has lent 紅樓夢."""
    async with serving(daia({"100": [LENT], "101": [ON_SHELF]})) as server:
        yield server


@pytest.fixture
async def client(filled: Settings, tmp_path: Path, alpha: Served) -> AsyncIterator[httpx.AsyncClient]:
    libraries = write_libraries(tmp_path / "libraries", {"alpha": alpha.url})
    beta = libraries / "beta.toml"
    beta.write_text(beta.read_text(encoding="utf-8") + 'cards = ["delta"]\n', encoding="utf-8")
    services = await open_services(replace(filled, libraries=libraries, deadline_seconds=10))
    transport = httpx.ASGITransport(create_app(services), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://catalogue.example") as opened:
        yield opened
    await services.close()


async def titles(client: httpx.AsyncClient, query: str) -> list[str]:
    answer = await client.get(f"/api/search?{query}")
    assert answer.status_code == 200, answer.text
    return sorted(hit["title"] for hit in answer.json()["hits"])


async def test_what_is_on_the_shelf_is_asked_about_and_kept(client: httpx.AsyncClient, alpha: Served) -> None:
    assert await titles(client, "q=") == ["Sapiens", "紅樓夢校注", "臺灣鳥類圖鑑"]
    assert alpha.queries == [], "an ordinary search asks nobody"
    assert await titles(client, "now=1") == ["Sapiens"]
    assert len(alpha.queries) == 1, "all editions in one question"
    told = (await client.get("/api/search?now=1")).json()["on_shelf"]
    assert (told["asked"], told["since"] is not None) == (3, True)
    assert (await client.get("/api/search")).json()["on_shelf"] is None
    assert await titles(client, "now=1") == ["Sapiens"]
    assert len(alpha.queries) == 1, "what is fresh is not asked again"


async def test_only_libraries_near_the_place_count_and_are_asked(client: httpx.AsyncClient, alpha: Served) -> None:
    assert await titles(client, "now=1&near=south") == []
    assert alpha.queries == []
    assert await titles(client, "now=1&near=alpha") == ["Sapiens"]
    refused = await client.get("/api/search?now=1&near=nowhere")
    assert refused.status_code == 422
    assert refused.json()["error"]["field"] == "near"


async def test_the_page_says_that_it_is_approximate_and_offers_the_way_out(client: httpx.AsyncClient) -> None:
    tree = lxml.html.document_fromstring((await client.get("/en/search?now=1&near=north")).text)
    assert "3 editions were asked about just now" not in tree.text_content(), "gamma is not in the north"
    assert "2 editions were asked about just now" in tree.cssselect(".approximate")[0].text_content()
    [chip] = tree.cssselect(".chip")
    assert chip.text_content() == "On the shelf now (approximate) · Northern Taiwan"
    assert chip.get("href") == "/en/search"
    [chosen] = tree.cssselect("select[name=near] option[selected]")
    assert chosen.get("value") == "north"
    empty = lxml.html.document_fromstring((await client.get("/en/search?now=1&near=south")).text)
    assert "may be there" in empty.cssselect(".approximate")[0].text_content(), "not seen is not absent"


async def test_a_card_borrows_at_home_and_where_it_is_accepted(client: httpx.AsyncClient) -> None:
    assert await titles(client, "card=alpha") == ["Sapiens", "紅樓夢校注"], "at home"
    assert await titles(client, "card=delta") == ["紅樓夢校注"], "at beta, which accepts it"
    assert await titles(client, "card=delta&card=gamma") == ["紅樓夢校注", "臺灣鳥類圖鑑"], "with two cards"
    assert await titles(client, "card=nosuch") == [], "an unknown card borrows nothing, not everything"


async def test_the_very_characters_typed_are_found_alone(client: httpx.AsyncClient) -> None:
    assert await titles(client, "q=红楼梦") == ["紅樓夢校注"]
    assert await titles(client, "q=红楼梦&exact=1") == []
    assert await titles(client, "q=紅樓夢&exact=1") == ["紅樓夢校注"]
    tree = lxml.html.document_fromstring((await client.get("/search?q=红楼梦")).text)
    [note] = tree.cssselect(".variants")
    assert note.text_content().split() == ["已一併查詢紅樓夢。", "只查「红楼梦」"]
    assert lxml.html.document_fromstring((await client.get("/search?q=紅樓夢")).text).cssselect(".variants") == []
    tree = lxml.html.document_fromstring((await client.get("/search?q=hung lou meng")).text)
    [note] = tree.cssselect(".variants")
    assert note.text_content().split()[0] == "已一併查詢紅樓夢。", "Chinese that reads so"
    [only] = note.cssselect("a")
    assert only.get("href") == "/search?q=%22hung+lou+meng%22"


def placed(**points: tuple[float, float] | None) -> dict[str, Library]:
    return {
        code: library.model_copy(
            update={"place": Place(latitude=at[0], longitude=at[1]) if (at := points.get(code)) else Place()}
        )
        for code, library in make_libraries().items()
    }


def test_near_is_a_region_or_what_is_within_half_an_hour_of_a_library() -> None:
    libraries = placed(ntl=(25.03, 121.52), fenggu=(25.10, 121.60), haifeng=(22.63, 120.30))
    assert near(libraries, "") == tuple(libraries)
    assert near(libraries, "ntl") == tuple(code for code in libraries if code in ("ntl", "fenggu"))
    assert near(libraries, "shancheng") == ("shancheng",), "it does not say where it is"
    region = libraries["haifeng"].region
    assert set(near(libraries, region)) == {code for code, one in libraries.items() if one.region == region}
    assert near(libraries, "nowhere") == ()
