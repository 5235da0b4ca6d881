"""The impatient HTTP: one try, in time, of bounded size, and nowhere else."""

from __future__ import annotations

import asyncio
import gzip
import socket
from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from search_api.availability.http import (
    MAX_BODY_BYTES,
    ConnectorTimedOut,
    ConnectorUnavailable,
    ImpatientHttp,
    QuestionRefused,
    Request,
)
from tests.support.status import answering, never, serving


@pytest.fixture
async def http() -> AsyncIterator[ImpatientHttp]:
    opened = ImpatientHttp()
    yield opened
    await opened.close()


async def ask(http: ImpatientHttp, url: str, timeout_seconds: float = 5) -> bytes:
    return (await http.send(Request(url, {"id": "1|2"}), timeout_seconds=timeout_seconds)).content


async def test_it_asks_with_the_query_added_to_the_address(http: ImpatientHttp) -> None:
    async with serving(answering("hello", headers={"Link": '<https://x.example/2>; rel="next"'})) as server:
        body = await http.send(Request(f"{server.url}?db=a b", {"id": "1|2 3"}), timeout_seconds=5)
    assert server.queries == [{"db": "a b", "id": "1|2 3"}]
    assert body.content == b"hello"
    assert body.links == {"next": "https://x.example/2"}


async def test_a_system_that_does_not_answer_is_given_up_in_time(http: ImpatientHttp) -> None:
    loop = asyncio.get_running_loop()
    async with serving(never) as server:
        began = loop.time()
        with pytest.raises(ConnectorTimedOut, match=r"no answer within 0\.05 s"):
            await ask(http, server.url, timeout_seconds=0.05)
        assert loop.time() - began < 2


async def test_a_body_that_does_not_end_is_given_up_in_time(http: ImpatientHttp) -> None:
    async def trickle(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        await response.write(b"{")
        return await never(request)

    async with serving(trickle) as server:
        with pytest.raises(ConnectorTimedOut):
            await ask(http, server.url, timeout_seconds=0.1)


async def test_a_system_that_is_switched_off_cannot_be_reached(http: ImpatientHttp) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(ConnectorUnavailable, match="could not be reached"):
        await ask(http, f"http://127.0.0.1:{port}/")


@pytest.mark.parametrize("status", [204, 301, 302, 307, 401, 403, 404, 429, 500, 503])
async def test_any_status_but_200_is_no_answer(http: ImpatientHttp, status: int) -> None:
    async with serving(answering("", status=status, headers={"Location": "http://127.0.0.1:1/inside"})) as server:
        with pytest.raises(ConnectorUnavailable, match=f"HTTP {status}") as caught:
            await ask(http, server.url)
    assert not isinstance(caught.value, QuestionRefused)
    assert len(server.queries) == 1, "asked once: no redirect is followed, nothing is repeated"


@pytest.mark.parametrize("status", [400, 414, 422])
async def test_a_refused_question_is_told_apart_from_a_broken_system(http: ImpatientHttp, status: int) -> None:
    async with serving(answering("", status=status)) as server:
        with pytest.raises(QuestionRefused):
            await ask(http, server.url)


async def test_a_broken_connection_is_not_asked_again_in_secret(http: ImpatientHttp) -> None:
    async def once_then_cut(request: web.Request) -> web.StreamResponse:
        if len(server.queries) > 1:
            assert request.transport is not None
            request.transport.close()
        return web.Response(text="ok")

    async with serving(once_then_cut) as server:
        await ask(http, server.url)  # leaves a kept-alive connection
        with pytest.raises(ConnectorUnavailable, match="ServerDisconnectedError"):
            await ask(http, server.url)
        assert len(server.queries) == 2


async def test_an_answer_that_is_too_long_is_not_read_to_its_end(http: ImpatientHttp) -> None:
    async with serving(answering(b"x" * (MAX_BODY_BYTES + 1))) as server:
        with pytest.raises(ConnectorUnavailable, match="more than"):
            await ask(http, server.url)


async def test_a_small_answer_that_unpacks_to_a_huge_one_is_not_read_to_its_end(http: ImpatientHttp) -> None:
    bomb = gzip.compress(b"\0" * 50_000_000)
    async with serving(answering(bomb, headers={"Content-Encoding": "gzip"})) as server:
        with pytest.raises(ConnectorUnavailable, match="more than"):
            await ask(http, server.url)


async def test_a_body_cut_short_is_no_answer(http: ImpatientHttp) -> None:
    async def cut(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": "100"})
        await response.prepare(request)
        await response.write(b"half")
        assert request.transport is not None
        request.transport.close()
        return response

    async with serving(cut) as server:
        with pytest.raises(ConnectorUnavailable):
            await ask(http, server.url)


async def test_no_cookie_is_kept(http: ImpatientHttp) -> None:
    seen: list[str | None] = []

    async def cookie(request: web.Request) -> web.StreamResponse:
        seen.append(request.headers.get("Cookie"))
        return web.Response(headers={"Set-Cookie": "session=1"})

    async with serving(cookie) as server:
        await ask(http, server.url)
        await ask(http, server.url)
    assert seen == [None, None]


REDIRECTS = [
    (frozenset({"127.0.0.1"}), True, "a host that is named may be sent to"),
    (frozenset({"lib.example"}), False, "any other may not"),
    (frozenset({"127.0.0.1:1"}), False, "nor another port, where a port is named"),
]


@pytest.mark.parametrize(("hosts", "followed", "why"), REDIRECTS)
async def test_a_redirect_leads_to_named_hosts_only(
    http: ImpatientHttp, hosts: frozenset[str], followed: bool, why: str
) -> None:
    async with serving(answering("there")) as target:
        elsewhere = answering("", status=302, headers={"Location": target.url})
        async with serving(elsewhere) as server:
            request = Request(server.url, hosts=hosts, headers={"Authorization": "Bearer s3cret", "Accept": "a/b"})
            if followed:
                body = await http.send(request, timeout_seconds=5)
                assert (body.content, body.url) == (b"there", target.url), why
            else:
                with pytest.raises(ConnectorUnavailable, match=r"availability\.hosts"):
                    await http.send(request, timeout_seconds=5)
                assert target.queries == [], why


async def test_keys_and_cookies_stay_with_the_host_they_are_for(http: ImpatientHttp) -> None:
    seen: list[tuple[str | None, str | None]] = []

    async def there(request: web.Request) -> web.StreamResponse:
        seen.append((request.headers.get("Authorization"), request.headers.get("Cookie")))
        return web.Response(text="there")

    async with serving(there) as target:

        async def here(request: web.Request) -> web.StreamResponse:
            seen.append((request.headers.get("Authorization"), request.headers.get("Cookie")))
            again = "again" not in request.query
            location = f"{request.path}?again=1" if again else target.url
            return web.Response(status=302, headers={"Location": location, "Set-Cookie": "session=1"})

        async with serving(here) as server:
            request = Request(server.url, hosts=frozenset({"127.0.0.1"}), headers={"Authorization": "Bearer s3cret"})
            await http.send(request, timeout_seconds=5)
    assert seen == [("Bearer s3cret", None), ("Bearer s3cret", "session=1"), (None, None)]


async def test_going_round_in_circles_ends(http: ImpatientHttp) -> None:
    async with serving(answering("", status=302, headers={"Location": "/status"})) as server:
        with pytest.raises(ConnectorUnavailable, match="without end"):
            await http.send(Request(server.url, hosts=frozenset({"127.0.0.1"})), timeout_seconds=5)


async def test_a_status_that_the_protocol_means_something_by_is_an_answer(http: ImpatientHttp) -> None:
    async with serving(answering("no such record", status=404)) as server:
        body = await http.send(Request(server.url, also=frozenset({404})), timeout_seconds=5)
    assert (body.status, body.content) == (404, b"no such record")
