"""Answers sent again: the same bytes while the index is as it was, and never a line of an older one."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from indexer.document import document
from indexer.engine import SearchPage, SearchRequest
from indexer.engine.embedded import EmbeddedEngine
from search_api.app import create_app
from search_api.kept_answers import KeptAnswers
from search_api.services import Services, open_services
from tests.support.catalogue import fill
from tests.support.editions import make_edition

A, B, C = (("/api/search", query) for query in (b"q=a", b"q=b", b"q=c"))


async def test_the_engine_is_asked_once_for_one_address(
    client: httpx.AsyncClient, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[SearchRequest] = []
    search = services.engine.search

    async def counted(request: SearchRequest) -> SearchPage:
        asked.append(request)
        return await search(request)

    monkeypatch.setattr(services.engine, "search", counted)
    first = await client.get("/api/search?q=sapiens&size=7")
    made = len(asked)
    again = await client.get("/api/search?q=sapiens&size=7")
    assert (first.status_code, made > 0) == (200, True)
    assert (again.content, len(asked)) == (first.content, made)
    for name in ("content-type", "content-length", "content-security-policy"):
        assert again.headers[name] == first.headers[name]
    await client.get("/api/search?q=sapiens&size=8")
    assert len(asked) > made


async def test_what_is_indexed_meanwhile_by_another_process_is_in_the_next_answer(tmp_path: Path) -> None:
    services = await open_services(await fill(tmp_path))
    writer = EmbeddedEngine(services.settings.index_folder)
    transport = httpx.ASGITransport(create_app(services))
    try:
        async with httpx.AsyncClient(transport=transport, base_url="http://catalogue.example") as client:
            for more in range(3):
                assert (await client.get("/api/search")).json()["total"] == 3 + more
                assert len((await client.get("/api/suggest?q=Late")).json()["titles"]) == min(more, 1)
                late = make_edition(f"late-{more}", "Late arrivals")
                await writer.write([document(late, services.libraries)])
    finally:
        await writer.close()
        await services.close()


@pytest.mark.parametrize("query", ["size=0", "page=x", "nonsense=1", "sort=colour"])
async def test_a_mistaken_request_is_told_so_each_time(client: httpx.AsyncClient, query: str) -> None:
    answers = [await client.get(f"/api/search?{query}") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [422, 422]
    assert answers[0].json() == answers[1].json()


async def test_facets_that_are_named_are_the_ones_counted(client: httpx.AsyncClient) -> None:
    async def fields(query: str) -> list[str]:
        return [facet["field"] for facet in (await client.get(f"/api/search?{query}")).json()["facets"]]

    assert await fields("facet=language&facet=library&facet=language") == ["language", "library"]
    assert len(await fields("")) > 5
    assert await fields("facet=language&facet_size=0") == []
    assert (await client.get("/api/search?facet=colour")).status_code == 422


def test_answers_of_another_state_are_forgotten() -> None:
    kept = KeptAnswers()
    assert kept.body("one", A) is None
    kept.keep("one", A, b"{}")
    assert kept.body("one", A) == b"{}"
    assert kept.body("two", A) is None
    kept.keep("one", A, b"{}")  # was being made while the index changed
    assert kept.body("two", A) is None


def test_answers_not_asked_for_longest_make_room_and_huge_ones_take_none() -> None:
    kept = KeptAnswers(max_bytes=16)
    for address in (A, B):
        assert kept.body("one", address) is None
    for address, body in ((A, b"aa"), (B, b"bb"), (C, b"x" * 3)):
        kept.keep("one", address, body)
    assert [kept.body("one", address) for address in (A, B, C)] == [b"aa", b"bb", None]
    for number in range(7):
        kept.body("one", A)
        kept.keep("one", ("/", str(number).encode()), b"yy")
    assert kept.body("one", A) == b"aa"
    assert kept.body("one", B) is None
