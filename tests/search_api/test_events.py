"""Live answers as they come: server-sent events over real HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import aiohttp
import orjson
from aiohttp import web

from search_api.settings import Settings
from tests.support.background import served
from tests.support.catalogue import RED, write_libraries
from tests.support.status import ON_SHELF, answering, daia, never, serving

STREAM = {"Accept": "text/event-stream"}


@asynccontextmanager
async def streaming(settings: Settings) -> AsyncIterator[aiohttp.ClientResponse]:
    """The stream of the edition three libraries hold, of a server over this catalogue."""
    async with served(settings) as url, aiohttp.ClientSession() as session:
        where = await address(session, url)
        async with session.get(where, headers=STREAM) as answer:
            yield answer


async def events(answer: aiohttp.ClientResponse) -> AsyncIterator[tuple[str, Any]]:
    """Name and data of each event."""
    name, data = "", ""
    async for raw in answer.content:
        line = raw.decode().rstrip("\n")
        if line.startswith("event: "):
            name = line.removeprefix("event: ")
        elif line.startswith("data: "):
            data += line.removeprefix("data: ")
        elif not line:
            yield name, orjson.loads(data)
            name, data = "", ""


async def address(session: aiohttp.ClientSession, url: str) -> str:
    async with session.get(f"{url}/api/search?isbn={RED}") as answer:
        [hit] = (await answer.json())["hits"]
    return f"{url}{hit['url']}/availability"


async def test_each_library_s_answer_comes_when_it_comes_and_then_the_sum(filled: Settings, tmp_path: Path) -> None:
    go = asyncio.Event()

    async def slow(request: web.Request) -> web.StreamResponse:
        await go.wait()
        return await daia({"100": [ON_SHELF]})(request)

    async with serving(slow) as alpha, serving(answering("", status=500)) as beta:
        folder = write_libraries(tmp_path / "libraries", {"alpha": alpha.url, "beta": beta.url})
        settings = replace(filled, libraries=folder, deadline_seconds=10)
        async with streaming(settings) as answer:
            assert answer.headers["Content-Type"].startswith("text/event-stream")
            assert answer.headers["Cache-Control"] == "no-store"
            stream = events(answer)
            first = [await anext(stream), await anext(stream)]
            assert {name for name, _ in first} == {"answer"}
            assert {data["library"]: data["state"] for _, data in first} == {
                "beta": "error",
                "gamma": "unsupported",
            }
            go.set()  # alpha has not answered, and the others are told already
            name, data = await anext(stream)
            assert (name, data["library"], data["standing"]) == ("answer", "alpha", "available")
            name, data = await anext(stream)
            assert name == "done"
            assert data["holders"] == 3 == sum(data["counts"].values())
            assert data["counts"]["available"] == data["counts"]["unanswered"] == 1
            assert [event async for event in stream] == []


async def test_a_library_that_never_answers_is_told_as_unknown_at_the_deadline(
    filled: Settings, tmp_path: Path
) -> None:
    async with serving(never) as alpha:
        folder = write_libraries(tmp_path / "libraries", {"alpha": alpha.url}, timeout_seconds=20)
        settings = replace(filled, libraries=folder, deadline_seconds=0.2)
        async with streaming(settings) as answer:
            told = [event async for event in events(answer)]
    last = told[-2][1]
    assert (last["library"], last["state"], last["pending"], last["items"]) == ("alpha", "timeout", True, [])
    assert told[-1][0] == "done"
    assert told[-1][1]["counts"]["unanswered"] == 1
    assert told[-1][1]["counts"]["not_now"] == 0


async def test_a_reader_who_leaves_in_the_middle_harms_nobody(filled: Settings, tmp_path: Path) -> None:
    go = asyncio.Event()

    async def slow(request: web.Request) -> web.StreamResponse:
        await go.wait()
        return await daia({"100": [ON_SHELF]})(request)

    async with serving(slow) as alpha:
        folder = write_libraries(tmp_path / "libraries", {"alpha": alpha.url})
        settings = replace(filled, libraries=folder, deadline_seconds=10)
        async with served(settings) as url, aiohttp.ClientSession() as session:
            where = await address(session, url)
            async with session.get(where, headers=STREAM) as answer:
                await anext(events(answer))
                answer.close()
            go.set()
            async with session.get(where) as answer:
                found = await answer.json()
    assert found["summary"]["counts"]["available"] == 1
    assert len(alpha.queries) == 1, "the question of the one who left was answered for the next"


async def test_without_asking_for_a_stream_there_is_plain_json(filled: Settings) -> None:
    async with served(filled) as url, aiohttp.ClientSession() as session:
        async with session.get(await address(session, url)) as answer:
            assert answer.headers["Content-Type"] == "application/json"
            assert (await answer.json())["summary"]["counts"]["no_live_status"] == 3
        async with session.get(f"{url}/api/editions/nosuch/availability", headers=STREAM) as answer:
            assert answer.status == 404
            assert (await answer.json())["error"]["code"] == "not_found"
