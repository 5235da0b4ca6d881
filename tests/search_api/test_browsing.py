"""Leafing through the lists: landing at a place, turning either way, references, what has left; API and page."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import lxml.html
import pytest

from harvester.store import Store
from indexer.browse_rows import Position
from indexer.catalogue import Catalogue
from search_api import browsing
from search_api.app import create_app
from search_api.browsing import cursor_of, position_of
from search_api.services import Services, open_services
from search_api.settings import Settings
from tests.support.catalogue import fill, harvest_into, index

TITLES = ["Apple", "apple", "Banana", "The cherry", "Date", "Elder", "Fig", "Grape", "一", "丁字", "紅樓夢", "红楼梦"]


def record(number: int, title: str, *more: str) -> str:
    language = "eng" if title.isascii() else "chi"
    coded = f"=008  040101s{1980 + number}    ch            000 0 {language} d"
    return "\n".join(("", f"=001  t{number}", coded, f"=245  10$a{title}", *more, ""))


RECORDS = [
    *(record(n, title) for n, title in enumerate(TITLES)),
    record(20, "射鵰英雄傳", "=100  1\\$a金庸", "=852  8\\$bG$h857.9$i8765"),
    record(21, "邊城", "=100  1\\$6880-01$aShen, Congwen", "=880  1\\$6100-01$a沈從文", "=852  8\\$bG$h857.63$i1"),
    record(22, "Later", "=100  1\\$aShen, Congwen", "=852  8\\$bG$hPL2727$i.S2"),
]
JIN_YONG = """
=LDR  00000nz  a2200000n  4500
=001  n1
=008  040101n| azannaabn          |a aaa
=100  1\\$a金庸
=400  1\\$a查良鏞
=400  1\\$aCha, Louis
"""


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return asyncio.run(_filled(tmp_path_factory.mktemp("lists")))


async def _filled(folder: Path) -> Settings:
    settings = await fill(folder)
    store = Store.open(settings.database_url)
    harvest_into(store, "delta", [*((f"oai:delta:{n}", one) for n, one in enumerate(RECORDS)), ("n1", JIN_YONG)])
    store.close()
    await index(settings)
    return settings


@pytest.fixture
async def catalogue(filled: Settings) -> AsyncIterator[Services]:
    opened = await open_services(filled)
    yield opened
    await opened.close()


@pytest.fixture
async def lists(catalogue: Services) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(create_app(catalogue), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://catalogue.example") as opened:
        yield opened


async def asked(client: httpx.AsyncClient, url: str, status: int = 200) -> Any:
    answer = await client.get(url)
    assert answer.status_code == status, answer.text
    return answer.json()


def texts(body: Any) -> list[str]:
    return [entry["text"] for entry in body["entries"]]


async def everything(client: httpx.AsyncClient, url: str | None, way: str = "next") -> list[str]:
    """Every line, page by page."""
    found: list[str] = []
    while url:
        body = await asked(client, url)
        found = [*found, *texts(body)] if way == "next" else [*texts(body), *found]
        url = body[way]
    return found


async def test_a_beginning_lands_at_its_place_with_what_stands_before(lists: httpx.AsyncClient) -> None:
    body = await asked(lists, "/api/browse/title?from=cat&size=8")
    assert texts(body)[:4] == ["Apple", "Banana", "The cherry", "Date"]
    assert body["entries"][body["landed"]]["text"] == "The cherry", "articles do not count"
    assert body["landed"] == 2
    assert body["previous"] is None
    assert body["scheme"] is None


async def test_titles_alike_but_for_case_are_one_line(lists: httpx.AsyncClient) -> None:
    [entry] = [one for one in (await asked(lists, "/api/browse/title"))["entries"] if one["text"] in {"Apple", "apple"}]
    assert entry["found"]["count"] == 2


async def test_every_line_leads_to_the_search_that_finds_as_many_editions(lists: httpx.AsyncClient) -> None:
    for name in ("title", "creator", "subject", "call_number"):
        entries = (await asked(lists, f"/api/browse/{name}"))["entries"]
        assert entries, name
        for entry in entries:
            for found in filter(None, (entry["found"], *entry["see"])):
                assert (await asked(lists, found["url"]))["total"] == found["count"] > 0, found


async def test_chinese_titles_follow_by_strokes_and_find_each_other(lists: httpx.AsyncClient) -> None:
    found = [one for one in await everything(lists, "/api/browse/title?from=一&size=30") if not one.isascii()]
    assert found[:2] == ["一", "丁字"]
    assert found.index("红楼梦") < found.index("紅樓夢"), "six strokes and nine"
    body = await asked(lists, "/api/browse/title?strokes=9")
    assert "紅樓夢" in texts(body)
    assert body["entries"][body["landed"]]["found"]["count"] >= 1


@pytest.mark.parametrize("size", [5, 7])
async def test_turning_pages_shows_every_line_once_either_way(lists: httpx.AsyncClient, size: int) -> None:
    whole = texts(await asked(lists, "/api/browse/title?size=100"))
    assert len(whole) > 15
    assert await everything(lists, f"/api/browse/title?size={size}") == whole
    last = (await asked(lists, f"/api/browse/title?from=~&strokes=&size={size}", 422))["error"]
    assert last["field"] == "strokes"
    body = await asked(lists, f"/api/browse/title?strokes=60&size={size}")
    assert (
        await everything(lists, body["previous"], "previous") + texts(body)[0:0]
        == whole[: len(whole) - len(texts(body))]
    )


async def test_other_names_refer_to_the_heading(lists: httpx.AsyncClient) -> None:
    body = await asked(lists, "/api/browse/creator?from=cha&size=5")
    entry = body["entries"][body["landed"]]
    assert (entry["text"], entry["found"], [see["heading"] for see in entry["see"]]) == ("Cha, Louis", None, ["金庸"])


async def test_a_name_may_be_a_heading_and_refer_to_another(lists: httpx.AsyncClient) -> None:
    body = await asked(lists, "/api/browse/creator?from=shen&size=5")
    entry = body["entries"][body["landed"]]
    assert entry["text"] == entry["found"]["heading"] == "Shen, Congwen"
    assert [see["heading"] for see in entry["see"]] == ["沈從文"]


async def test_call_numbers_stand_by_scheme(lists: httpx.AsyncClient) -> None:
    body = await asked(lists, "/api/browse/call_number?from=857&scheme=ncsclt")
    assert texts(body) == ["857.49", "857.63 1", "857.9 8765"]
    assert body["scheme"] == "ncsclt"
    assert texts(await asked(lists, "/api/browse/call_number?scheme=lcc")) == ["CB113", "PL2727 .S2"]
    assert texts(await asked(lists, "/api/browse/call_number?scheme=other")) == []


WRONG = [
    ("/api/browse/nosuch", "list", "no such list"),
    ("/api/browse/title?size=1000", "size", "too many"),
    ("/api/browse/title?scheme=x", "scheme", "no such scheme"),
    ("/api/browse/title?after=!!", "", "no cursor"),
    ("/api/browse/title?after=AAAA", "", "no cursor either"),
    ("/api/browse/title?from=a&strokes=3", "", "two places"),
    ("/api/browse/title?nosuch=1", "nosuch", "an unknown parameter"),
]


@pytest.mark.parametrize(("url", "field", "why"), WRONG)
async def test_what_is_no_place_is_refused(lists: httpx.AsyncClient, url: str, field: str, why: str) -> None:
    error = (await asked(lists, url, 422))["error"]
    assert not field or error["field"] == field, why


async def test_beyond_either_end_there_is_nothing_more(lists: httpx.AsyncClient) -> None:
    body = await asked(lists, "/api/browse/subject?strokes=60")
    assert body["landed"] is None
    assert body["next"] is None


def test_a_cursor_is_the_position_it_was_made_of() -> None:
    position = Position("紅\0".encode()[:3], "紅樓夢", "")
    assert position_of(cursor_of(position)) == position


@asynccontextmanager
async def served(settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    opened = await open_services(settings)
    transport = httpx.ASGITransport(create_app(opened), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://catalogue.example") as client:
        yield client
    await opened.close()


async def harvested(settings: Settings, records: list[tuple[str, str]], deleted: tuple[str, ...] = ()) -> None:
    store = Store.open(settings.database_url)
    harvest_into(store, "delta", records, deleted=deleted)
    store.close()
    await index(settings)


async def test_what_has_left_is_passed_over_and_what_has_come_stands_in_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(browsing, "ROUNDS", 2)
    settings = await fill(tmp_path)
    fleeting = [(f"x{n}", record(n, f"Fleeting {n:02}")) for n in range(70)]
    await harvested(settings, [*fleeting, ("y", record(81, "Lasting"))])
    async with served(settings) as client:
        assert len(await everything(client, "/api/browse/title?size=5")) > 70
    await harvested(settings, [("z", record(82, "Fresh"))], tuple(name for name, _ in fleeting))
    async with served(settings) as client:
        found = await everything(client, "/api/browse/title?size=5")
        assert [one for one in found if one[0] in "FL"] == ["Fresh", "Lasting"], "pages of what has left lead on"
        last = await asked(client, "/api/browse/title?strokes=60&size=5")
        assert await everything(client, last["previous"], "previous") == found[: len(found) - len(last["entries"])]


async def test_lists_of_another_version_are_no_empty_lists(tmp_path: Path) -> None:
    settings = await fill(tmp_path)
    store = Store.open(settings.database_url)
    with Catalogue(store.engine).writing() as connection:
        connection.exec_driver_sql("UPDATE catalogue_state SET value = 'old' WHERE name = 'lists'")
    store.close()
    async with served(settings) as client:
        assert (await asked(client, "/api/browse/title", 503))["error"]["code"] == "unavailable"
    await index(settings)  # makes them anew
    async with served(settings) as client:
        assert texts(await asked(client, "/api/browse/title"))


# Years


async def test_editions_are_counted_by_year_and_by_decade(lists: httpx.AsyncClient) -> None:
    decades = await asked(lists, "/api/years")
    found = {bar["year_from"]: bar["count"] for bar in decades["bars"]}
    total = (await asked(lists, "/api/search"))["total"]
    assert sum(found.values()) == total, "every edition here has a year"
    assert list(found) == sorted(found)
    for bar in decades["bars"]:
        assert (await asked(lists, bar["url"]))["total"] == bar["count"]
    by_year = await asked(lists, "/api/years?span=1&title=紅樓夢")
    assert all(bar["year_from"] == bar["year_to"] for bar in by_year["bars"])


async def test_the_years_chosen_do_not_narrow_their_own_counts_but_other_filters_do(lists: httpx.AsyncClient) -> None:
    whole = await asked(lists, "/api/years")
    chosen = await asked(lists, "/api/years?year_from=1980&year_to=1989")
    assert [bar["count"] for bar in chosen["bars"]] == [bar["count"] for bar in whole["bars"]]
    delta = await asked(lists, "/api/years?library=delta&year_from=1980")
    assert sum(bar["count"] for bar in delta["bars"]) == (await asked(lists, "/api/search?library=delta"))["total"]


# The pages


async def page(client: httpx.AsyncClient, url: str) -> lxml.html.HtmlElement:
    answer = await client.get(url)
    assert answer.status_code == 200, answer.text
    return lxml.html.document_fromstring(answer.text)


async def test_the_page_marks_what_was_looked_for_and_links_each_line(lists: httpx.AsyncClient) -> None:
    tree = await page(lists, "/browse?list=title&from=cherry")
    [here] = tree.cssselect("ol.headings li.here")
    assert "The cherry" in here.text_content()
    assert here.cssselect("a")[0].get("href") == "/search?title_is=The+cherry"
    assert tree.cssselect("#from")[0].get("value") == "cherry"
    found = await page(lists, "/search?title_is=The+cherry")
    assert len(found.cssselect("ol.rows > li.row")) == 1


async def test_pages_turn_without_a_script(lists: httpx.AsyncClient) -> None:
    tree = await page(lists, "/en/browse?size=5")
    first = [line.text_content() for line in tree.cssselect("ol.headings li")]
    [onward] = tree.cssselect("nav.pages a[rel~=next]")
    tree = await page(lists, onward.get("href"))
    [back] = tree.cssselect("nav.pages a[rel~=prev]")
    tree = await page(lists, back.get("href").replace("list=title", "list=title&size=5"))
    assert [line.text_content() for line in tree.cssselect("ol.headings li")] == first


async def test_shelves_have_schemes_and_classes_alphabets_letters_and_strokes(lists: httpx.AsyncClient) -> None:
    tree = await page(lists, "/browse?list=call_number&scheme=ncsclt")
    assert [one.text for one in tree.cssselect("nav.tabs [aria-current]")] == ["索書號", "中文圖書分類法"]
    assert tree.cssselect("nav.jumps a")[8].get("href") == "/browse?list=call_number&scheme=ncsclt&from=800"
    tree = await page(lists, "/en/browse?list=creator")
    assert [len(row.cssselect("a")) for row in tree.cssselect("nav.jumps")] == [26, 25]


async def test_the_home_page_and_every_other_lead_to_the_lists_and_the_form(lists: httpx.AsyncClient) -> None:
    for address in ("/", "/search?q=紅樓夢", "/libraries"):
        links = [a.get("href") for a in (await page(lists, address)).cssselect("nav a")]
        assert "/browse" in links
        assert any(link.startswith("/advanced") for link in links)


async def test_the_form_leads_to_the_result_page_with_a_query(lists: httpx.AsyncClient) -> None:
    sent = "/en/advanced?all=&phrase=&any=&without=x&title=cherry&creator=&isbn=&year_from=&year_to=&language=eng&go=1"
    answer = await lists.get(sent)
    assert answer.status_code == 302
    assert answer.headers["location"] == "/en/search?q=title%3Acherry+-x&language=eng"
    found = await page(lists, answer.headers["location"])
    assert "The cherry" in found.text_content()
    [again] = [a.get("href") for a in found.cssselect("nav.menu a") if "advanced" in a.get("href")]
    form = await page(lists, again)
    assert form.cssselect("#f-title")[0].get("value") == "cherry"
    assert form.cssselect("#f-without")[0].get("value") == "x"
    assert [box.get("value") for box in form.cssselect("input[name=language][checked]")] == ["eng"]


async def test_every_field_of_the_form_has_a_label(lists: httpx.AsyncClient) -> None:
    for address in ("/advanced", "/en/advanced"):
        tree = await page(lists, address)
        for field in tree.cssselect("form.advanced input:not([type=checkbox])"):
            assert tree.cssselect(f"label[for={field.get('id')}]"), field.get("name")
        assert all(box.getparent().tag == "label" for box in tree.cssselect("input[type=checkbox]"))
