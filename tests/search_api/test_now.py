"""A result page tells where its rows can be had now: those on screen are asked about, with and without a script."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import lxml.html
import orjson
import pytest

from search_api.app import create_app
from search_api.availability.status import Answer, AnswerState, ItemState, ItemStatus, summarise
from search_api.now_view import in_words
from search_api.services import open_services
from search_api.settings import Settings
from search_api.texts import texts
from tests.support.catalogue import write_libraries
from tests.support.status import ON_SHELF, Served, answering, daia, serving


@pytest.fixture
async def alpha() -> AsyncIterator[Served]:
    async with serving(daia({"100": [ON_SHELF], "101": [ON_SHELF]})) as server:
        yield server


@pytest.fixture
async def client(filled: Settings, tmp_path: Path, alpha: Served) -> AsyncIterator[httpx.AsyncClient]:
    """The small catalogue, where alpha answers, beta is down and gamma has no live status."""
    async with serving(answering("", status=500)) as beta:
        libraries = write_libraries(tmp_path / "libraries", {"alpha": alpha.url, "beta": beta.url})
        services = await open_services(replace(filled, libraries=libraries, deadline_seconds=10))
        transport = httpx.ASGITransport(create_app(services), raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://catalogue.example") as opened:
            yield opened
        await services.close()


async def ids(client: httpx.AsyncClient) -> dict[str, str]:
    """Title → id of the editions of the catalogue."""
    hits = (await client.get("/api/search")).json()["hits"]
    return {hit["title"]: hit["id"] for hit in hits}


def events(text: str) -> list[tuple[str, Any]]:
    blocks = (block.split("\n") for block in text.strip().split("\n\n"))
    return [(name.removeprefix("event: "), orjson.loads(data.removeprefix("data: "))) for name, data in blocks]


async def test_a_page_asks_nobody_until_somebody_looks(client: httpx.AsyncClient, alpha: Served) -> None:
    page = lxml.html.document_fromstring((await client.get("/en/search?q=")).text)
    [rows] = page.cssselect("ol.rows")
    assert rows.get("data-asks") == "/en/search/live?"
    assert len(page.cssselect(".have[data-edition]")) == 3
    words = {badge.text_content().strip() for badge in page.cssselect(".have .st")}
    assert words == {"Not asked yet", "No live status"}
    assert "not been asked yet" in page.cssselect("#asked")[0].text_content()
    assert alpha.queries == []


async def test_the_rows_on_screen_are_asked_about_in_one_question_a_library_and_no_others(
    client: httpx.AsyncClient, alpha: Served
) -> None:
    known = await ids(client)
    shown = [known["紅樓夢校注"], known["Sapiens"]]
    answer = await client.get(f"/en/search/live?ids={','.join(shown)},nosuch")
    assert answer.headers["Content-Type"].startswith("text/event-stream")
    told = events(answer.text)
    first = {data["edition"]: data for name, data in reversed(told) if name == "row"}
    assert first[shown[0]]["rest"] == "asking 2", "the room says so as soon as the question is on its way"
    last = {data["edition"]: data for name, data in told if name == "row"}
    red, sapiens = last[shown[0]], last[shown[1]]
    assert (red["can"], red["rest"], sapiens["can"], sapiens["rest"]) == ("1 can lend now", "", "1 can lend now", "")
    assert red["spines"] == ["available", "unknown", "no_service"]
    words = {code: lxml.html.fromstring(html).text_content().strip() for code, html in red["states"].items()}
    assert words == {"alpha": "Available (1)", "beta": "Could not ask", "gamma": "No live status"}
    asked = [data["words"] for name, data in told if name == "asked"]
    assert asked[0].endswith("asked 3 libraries: asking 2, 1 without live status.")
    assert asked[-1].endswith("asked 3 libraries: 1 answered, 1 could not be asked, 1 without live status.")
    assert told[-1] == ("done", {"words": "2 of the 2 titles asked about first are available now"})
    assert [query["id"] for query in alpha.queries] == ["100|101"], "all rows in one question"
    one = await client.get(f"/search/live?ids={shown[1]}")
    assert events(one.text)[0][1]["can"] == "1館可借", "what is fresh is said at once"


async def test_rows_that_scroll_by_later_are_counted_with_those_before(
    client: httpx.AsyncClient, alpha: Served
) -> None:
    known = await ids(client)
    await client.get(f"/en/search/live?ids={known['Sapiens']}")
    told = events((await client.get(f"/en/search/live?ids={known['臺灣鳥類圖鑑']}&seen={known['Sapiens']}")).text)
    asked = [data["words"] for name, data in told if name == "asked"]
    assert "asked 2 libraries" in asked[-1], "alpha, asked before, and gamma"
    assert "asking" not in asked[-1], "what was asked before and not answered is not being asked any more"
    assert len(alpha.queries) == 1, "what was seen is not asked about again"


async def test_my_libraries_stand_first_in_a_row_and_its_spines(client: httpx.AsyncClient) -> None:
    page = lxml.html.document_fromstring((await client.get("/search?q=紅樓夢&mine=gamma")).text)
    [have] = page.cssselect(".have")
    assert [one.get("data-library") for one in have.cssselect("li")] == ["gamma", "alpha", "beta"]
    assert [one.text_content() for one in have.cssselect(".own")] == ["我的館"]
    [rows] = page.cssselect("ol.rows")
    told = events((await client.get(f"{rows.get('data-asks')}&ids={have.get('data-edition')}")).text)
    assert [data["spines"] for name, data in told if name == "row"][-1] == ["no_service", "available", "unknown"]


async def test_what_was_asked_a_moment_ago_stands_in_the_page(client: httpx.AsyncClient, alpha: Served) -> None:
    known = await ids(client)
    await client.get(f"/search/live?ids={known['Sapiens']}")
    page = lxml.html.document_fromstring((await client.get("/search?q=Sapiens")).text)
    assert page.cssselect(".have .st")[0].text_content().strip() == "可借 1冊"
    assert len(alpha.queries) == 1


async def test_without_a_script_a_link_brings_the_page_with_live_states(client: httpx.AsyncClient) -> None:
    plain = (await client.get("/en/search?q=Sapiens")).text
    [link] = lxml.html.document_fromstring(plain).cssselect("#asked a")
    assert (link.get("href"), link.text_content()) == ("/en/search?q=Sapiens&live=1", "Show what is available now")
    text = (await client.get("/en/search?q=Sapiens&live=1")).text
    page = lxml.html.document_fromstring(text)
    assert page.cssselect(".have .can")[0].text_content() == ", 1 can lend now"
    assert "asked 1 library: 1 answered." in page.cssselect("#asked")[0].text_content()
    assert page.cssselect("#asked a")[0].text_content() == "Ask again"
    assert "1 of 1 title shown is available now" in text
    assert "data-asks" not in text, "the script has nothing left to ask"
    assert 'rel="canonical" href="http://catalogue.example/en/search?q=Sapiens"' in text


async def test_more_rows_than_a_page_has_are_refused(client: httpx.AsyncClient) -> None:
    many = ",".join(f"e{n}" for n in range(51))
    assert (await client.get(f"/search/live?ids={many}")).status_code == 422
    assert events((await client.get("/search/live")).text)[-1][0] == "done"


def said(state: AnswerState, *items: ItemState, library: str = "aa") -> Answer:
    return Answer("e1", library, ("1",), state, tuple(ItemStatus(item) for item in items))


OK = AnswerState.OK


@pytest.mark.parametrize(
    ("answers", "can", "rest"),
    [
        ([], "", "asking 2"),
        ([said(OK, ItemState.AVAILABLE)], "1 can lend now", "asking 1"),
        ([said(OK, ItemState.ON_LOAN)], "", "asking 1"),
        ([said(OK, ItemState.ON_LOAN), said(OK, ItemState.LOST)], "none can lend now", ""),
        ([said(OK, ItemState.ON_LOAN), said(AnswerState.TIMEOUT)], "", "1 could not be asked"),
        ([said(OK, ItemState.ON_LOAN), said(OK, ItemState.UNKNOWN)], "", "Status unknown"),
        ([said(OK, ItemState.ONLINE), said(OK, ItemState.ON_LOAN)], "1 online", ""),
        (
            [said(OK, ItemState.AVAILABLE), said(OK, ItemState.AVAILABLE_ONSITE, library="bb")],
            "1 can lend now, 1 for use in the library",
            "",
        ),
        (
            [said(OK, ItemState.AVAILABLE), said(OK, ItemState.ON_REQUEST, library="bb")],
            "1 can lend now, 1 on request",
            "",
        ),
        ([said(AnswerState.STALE, ItemState.AVAILABLE), said(OK, ItemState.ON_LOAN)], "", "1 earlier answer kept"),
        ([said(OK, ItemState.AVAILABLE), said(AnswerState.TIMEOUT)], "1 can lend now", ""),
    ],
)
def test_a_row_says_what_is_sure_and_nobody_lacks_it_before_all_have_answered(
    answers: list[Answer], can: str, rest: str
) -> None:
    assert in_words(summarise(answers, asking=2 - len(answers)), 2, texts("en")) == (can, rest)


def test_a_row_that_nobody_asked_about_says_nothing_of_its_copies() -> None:
    assert in_words(summarise([]), 2, texts("en")) == ("", "")
