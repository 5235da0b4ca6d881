"""A result page tells where its rows can be had now: those on screen are asked about, with and without a script."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest

from search_api.app import create_app
from search_api.availability.status import Answer, AnswerState, ItemState, ItemStatus
from search_api.now_view import now_in_words
from search_api.services import open_services
from search_api.settings import Settings
from search_api.texts import texts
from tests.support.catalogue import write_libraries
from tests.support.status import ON_SHELF, Served, answering, daia, edition, serving


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
    page = (await client.get("/en/search?q=")).text
    assert 'data-asks="/en/search/live"' in page
    assert page.count('class="now"') == 3
    assert alpha.queries == []


async def test_the_rows_on_screen_are_asked_about_in_one_question_a_library_and_no_others(
    client: httpx.AsyncClient, alpha: Served
) -> None:
    known = await ids(client)
    shown = [known["紅樓夢校注"], known["Sapiens"]]
    answer = await client.get(f"/en/search/live?ids={','.join(shown)},nosuch")
    assert answer.headers["Content-Type"].startswith("text/event-stream")
    told = events(answer.text)
    last = {data["edition"]: data["words"] for name, data in told if name == "row"}
    assert last == {
        shown[0]: "Available now at 1 library, 1 could not be asked, 1 without live status",
        shown[1]: "Available now at 1 library",
    }
    assert told[-1] == ("done", {"words": "2 of 2 titles shown are available now"})
    assert [query["id"] for query in alpha.queries] == ["100|101"], "all rows in one question"
    one = await client.get(f"/search/live?ids={shown[1]}")
    assert events(one.text)[0][1]["words"] == "目前1館可借"


async def test_without_a_script_a_link_brings_the_page_with_live_states(client: httpx.AsyncClient) -> None:
    plain = (await client.get("/en/search?q=Sapiens")).text
    assert '<a href="/en/search?q=Sapiens&amp;live=1" rel="nofollow">Show what is available now</a>' in plain
    page = (await client.get("/en/search?q=Sapiens&live=1")).text
    assert ">Available now at 1 library</p>" in page
    assert "1 of 1 title shown is available now" in page
    assert "data-asks" not in page, "the script has nothing left to ask"
    assert "live=1" in page, "it can be asked again"
    assert 'rel="canonical" href="http://catalogue.example/en/search?q=Sapiens"' in page


async def test_more_rows_than_a_page_has_are_refused(client: httpx.AsyncClient) -> None:
    many = ",".join(f"e{n}" for n in range(51))
    assert (await client.get(f"/search/live?ids={many}")).status_code == 422
    assert events((await client.get("/search/live")).text)[-1][0] == "done"


def said(state: AnswerState, *items: ItemState, library: str = "aa") -> Answer:
    return Answer("e1", library, ("1",), state, tuple(ItemStatus(item) for item in items))


OK = AnswerState.OK


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ([], "asking 2"),
        ([said(OK, ItemState.AVAILABLE)], "Available now at 1 library, asking 1"),
        ([said(OK, ItemState.ON_LOAN)], "asking 1"),
        ([said(OK, ItemState.ON_LOAN), said(OK, ItemState.LOST)], "none can lend now"),
        ([said(OK, ItemState.ON_LOAN), said(AnswerState.TIMEOUT)], "1 could not be asked"),
        ([said(OK, ItemState.ON_LOAN), said(OK, ItemState.UNKNOWN)], "Status unknown"),
        ([said(OK, ItemState.ONLINE), said(OK, ItemState.ON_LOAN)], "1 online"),
        ([said(AnswerState.STALE, ItemState.AVAILABLE), said(OK, ItemState.ON_LOAN)], "1 earlier answer kept"),
    ],
)
def test_a_line_says_what_is_sure_and_what_was_not_answered(answers: list[Answer], words: str) -> None:
    held = edition("e1", {"aa": "1", "bb": "1"})
    assert now_in_words(held, answers, texts("en")) == words
