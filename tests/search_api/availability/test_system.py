"""A library's system as connectors reach it: let in with keys and tokens, its own words, its own numbers."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import quote

import pytest
from aiohttp import encode_basic_auth, web

from mappings.availability import Availability
from search_api.availability.http import ConnectorUnavailable, EntryRefused, ImpatientHttp
from search_api.availability.status import AskedRecord, ItemState
from search_api.availability.system import System
from tests.support.status import Served, serving

ENVIRON = {"NAME": "reader", "WORD": "s3cret/1", "KEY": "k/e y"}


@pytest.fixture
async def http() -> AsyncIterator[ImpatientHttp]:
    opened = ImpatientHttp()
    yield opened
    await opened.close()


def system(http: ImpatientHttp, url: str, **values: Any) -> System:
    return System("lib", Availability.model_validate({"protocol": "daia", "url": url, **values}), http, ENVIRON)


BASIC = {"kind": "basic", "username_env": "NAME", "password_env": "WORD"}
ENTRIES: list[tuple[dict[str, str], dict[str, str], dict[str, str]]] = [
    (BASIC, {"Authorization": encode_basic_auth("reader", "s3cret/1")}, {}),
    ({"kind": "bearer", "token_env": "WORD"}, {"Authorization": "Bearer s3cret/1"}, {}),
    ({"kind": "api-key", "key_env": "KEY", "header": "X-Api-Key"}, {"X-Api-Key": "k/e y"}, {}),
    (
        {"kind": "api-key", "key_env": "KEY", "header": "Authorization", "prefix": "apikey "},
        {"Authorization": "apikey k/e y"},
        {},
    ),
    ({"kind": "api-key", "key_env": "KEY", "parameter": "apikey"}, {}, {"apikey": "k/e y"}),
]


@pytest.mark.parametrize(("auth", "headers", "query"), ENTRIES)
async def test_a_question_carries_what_lets_it_in(
    http: ImpatientHttp, auth: dict[str, str], headers: dict[str, str], query: dict[str, str]
) -> None:
    seen: list[web.Request] = []

    async def answer(request: web.Request) -> web.StreamResponse:
        seen.append(request)
        return web.Response(text="ok")

    async with serving(answer) as server:
        asked = system(http, server.url, auth=auth)
        await asked.get({"id": "1"}, accept="a/b")
    assert server.queries == [{"id": "1", **query}]
    assert {name: seen[0].headers.get(name) for name in headers} == headers
    name = auth.get("password_env") or auth.get("token_env") or auth["key_env"]
    assert asked.entry.shown(f"<{ENVIRON[name]}> <{quote(ENVIRON[name], safe='')}> <1>") == "<…> <…> <1>"


async def test_a_secret_that_is_not_there_is_named_and_nothing_is_sent(http: ImpatientHttp) -> None:
    async def answer(_: web.Request) -> web.StreamResponse:
        return web.Response(text="ok")

    async with serving(answer) as server:
        with pytest.raises(ConnectorUnavailable, match="NOWHERE is not set"):
            await system(http, server.url, auth={"kind": "bearer", "token_env": "NOWHERE"}).get({}, accept="a/b")
    assert server.queries == []


class Tokens:
    """A service that lets in who has the newest token, and gives one to whoever has name and word."""

    def __init__(self, *, lifetime: object = 3600) -> None:
        self.given = 0
        self.lifetime = lifetime
        self.asked: list[str] = []

    async def __call__(self, request: web.Request) -> web.StreamResponse:
        if request.method == "POST":
            form = await request.post()
            good = request.headers["Authorization"] == encode_basic_auth("reader", "s3cret/1")
            if not good or form["grant_type"] != "client_credentials":
                return web.Response(status=401)
            self.given += 1
            return web.json_response({"access_token": f"token{self.given}", "expires_in": self.lifetime})
        self.asked.append(request.headers.get("Authorization", ""))
        return web.Response(text="ok", status=200 if self.asked[-1] == f"Bearer token{self.given}" else 401)


def with_token(http: ImpatientHttp, server: Served, **values: str) -> System:
    names = {"client_id_env": "NAME", "client_secret_env": "WORD", "token_url": server.url, **values}
    return system(http, server.url, auth={"kind": "oauth2", **names})


async def test_a_token_is_fetched_once_and_used_again(http: ImpatientHttp) -> None:
    tokens = Tokens()
    async with serving(tokens) as server:
        asked = with_token(http, server)
        await asked.get({}, accept="a/b")
        await asked.get({}, accept="a/b")
    assert (tokens.given, tokens.asked) == (1, ["Bearer token1"] * 2)


async def test_a_token_that_has_ended_early_is_fetched_anew_and_the_question_asked_again(http: ImpatientHttp) -> None:
    tokens = Tokens()
    async with serving(tokens) as server:
        asked = with_token(http, server)
        await asked.get({}, accept="a/b")
        tokens.given += 1  # the server forgets the first
        await asked.get({}, accept="a/b")
    assert tokens.asked == ["Bearer token1", "Bearer token1", "Bearer token3"]


async def test_who_is_not_let_in_after_all_is_told_so(http: ImpatientHttp) -> None:
    tokens = Tokens()
    async with serving(tokens) as server:
        with pytest.raises(EntryRefused, match="does not let us in"):
            await with_token(http, server, client_secret_env="KEY").get({}, accept="a/b")
    assert tokens.asked == []


WORDS = [
    ("Checked Out", ItemState.ON_LOAN, "the protocol's table"),
    ("  checked out ", ItemState.ON_LOAN, "case and outer space do not matter"),
    ("可外借", ItemState.AVAILABLE, "the library's own word"),
    ("不可外借", None, "a word within another is not that word"),
    ("Lost", ItemState.MISSING, "the library's own table comes first"),
    ("", None, "no word"),
]


@pytest.mark.parametrize(("word", "state", "why"), WORDS)
async def test_words_are_translated_whole(http: ImpatientHttp, word: str, state: ItemState | None, why: str) -> None:
    asked = system(http, "http://127.0.0.1:9/", words={"可外借": "available", "LOST": "missing"})
    assert asked.state_of(word, {"checked out": ItemState.ON_LOAN, "lost": ItemState.LOST}) is state, why


async def test_records_are_asked_for_by_the_system_s_own_number(http: ImpatientHttp) -> None:
    assert system(http, "http://127.0.0.1:9/", id_template="ppn:{local_id}").name_of(AskedRecord("7")) == "ppn:7"


@pytest.mark.parametrize(
    ("received", "told"),
    [
        ("館藏狀態".encode(), "館藏狀態"),
        ("館藏狀態".encode("cp950"), "館藏狀態"),
        (b"\xff\xfe\x00", "��\x00"),
        ("館藏狀態", "館藏狀態"),
    ],
)
async def test_whoever_listens_can_read_what_came(http: ImpatientHttp, received: bytes | str, told: str) -> None:
    heard: list[str] = []
    system = System("lib", Availability(), http, {}, listener=lambda exchange: heard.append(exchange.received))
    system.tell("?", received)
    assert heard == [told]


TOLD: list[tuple[str, str, str]] = [
    ("screen: s3cret/1!", "screen: …!", "a password that is written back"),
    ("s3cret%2F1", "…", "as an address has it"),
    ("xs3cret/1", "x…", "of eight characters: wherever it stands"),
    ("reader", "reader", "the name of a user is no secret"),
    ("Main", "Main", "nothing of it"),
]


@pytest.mark.parametrize(("text", "told", "why"), TOLD)
async def test_what_readers_are_told_has_no_secret_in_it(http: ImpatientHttp, text: str, told: str, why: str) -> None:
    assert system(http, "http://127.0.0.1/", auth=BASIC).entry.telling()(text) == told, why
    assert system(http, "http://127.0.0.1/").entry.telling()(text) == text


async def test_a_short_secret_is_hidden_only_where_it_stands_by_itself(http: ImpatientHttp) -> None:
    entry = System("lib", Availability.model_validate({"protocol": "daia", "url": "http://x/", "auth": BASIC}), http,
                   {"NAME": "n", "WORD": "1234"}).entry  # fmt: skip
    assert [entry.telling()(text) for text in ("PIN 1234.", "30012345")] == ["PIN ….", "30012345"]
