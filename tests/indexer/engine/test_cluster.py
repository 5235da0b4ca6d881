"""What only the cluster engine has: a network, other clients, servers that refuse."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

import pytest
from aiohttp import web
from elasticsearch import AsyncElasticsearch

from indexer.document import document
from indexer.engine import Clause, Document, EngineIncompatible, EngineUnavailable, SearchEngine, SearchRequest
from indexer.engine.cluster import ClusterEngine
from indexer.engine.layout import Layout
from indexer.engine.mapping import index_mapping
from tests.support.editions import make_edition, make_libraries


def documents(*ids: str, **fields: Any) -> list[Document]:
    return [document(make_edition(one, "紅樓夢", **fields), make_libraries()) for one in ids]


async def in_batches(*batches: Sequence[Document]) -> AsyncIterator[Sequence[Document]]:
    for batch in batches:
        yield batch


async def ask(engine: SearchEngine) -> None:
    await engine.search(SearchRequest((Clause("紅樓夢"),)))


@pytest.fixture
async def client(elasticsearch_url: str) -> AsyncIterator[AsyncElasticsearch]:
    async with AsyncElasticsearch(elasticsearch_url) as opened:
        yield opened


@pytest.fixture
async def prefix(client: AsyncElasticsearch) -> AsyncIterator[str]:
    """A name of the test's own; what bears it is removed at the end."""
    name = f"test-{uuid4().hex[:12]}"
    yield name
    if names := list((await client.indices.get(index=f"{name}-*")).body):
        await client.indices.delete(index=names)


@pytest.fixture
async def engine(elasticsearch_url: str, prefix: str) -> AsyncIterator[ClusterEngine]:
    opened = ClusterEngine(elasticsearch_url, prefix)
    yield opened
    await opened.close()


async def behind_alias(client: AsyncElasticsearch, prefix: str) -> list[str]:
    return list((await client.indices.get_alias(name=f"{prefix}-editions")).body)


async def indexes(client: AsyncElasticsearch, prefix: str) -> set[str]:
    return set((await client.indices.get(index=f"{prefix}-*")).body)


@asynccontextmanager
async def served(handle: Callable[[web.Request], Awaitable[web.Response]]) -> AsyncIterator[str]:
    """The address of a server that answers everything by one function."""
    app = web.Application(client_max_size=1 << 26)
    app.router.add_route("*", "/{path:.*}", handle)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


ELASTIC = {"X-Elastic-Product": "Elasticsearch", "Content-Type": "application/json"}


def error_body(kind: str, reason: str) -> str:
    return json.dumps({"error": {"type": kind, "reason": reason, "root_cause": [{"type": kind, "reason": reason}]}})


# --- names and aliases


async def test_an_index_is_named_for_its_version_and_stands_behind_an_alias(
    engine: ClusterEngine, client: AsyncElasticsearch, prefix: str
) -> None:
    await engine.write(documents("e1"))
    [name] = await behind_alias(client, prefix)
    assert name.startswith(f"{prefix}-editions-{index_mapping().version}-")
    stored = (await client.indices.get_mapping(index=name))[name]["mappings"]
    assert stored["dynamic"] == "strict"
    assert stored["_meta"]["version"] == index_mapping().version


async def test_a_rebuild_keeps_the_index_it_replaced_until_the_next(
    engine: ClusterEngine, client: AsyncElasticsearch, prefix: str
) -> None:
    history = []
    for n in range(3):
        await engine.rebuild(in_batches(documents(f"e{n}")))
        history += await behind_alias(client, prefix)
    assert await indexes(client, prefix) == set(history[1:])


async def test_an_unfinished_index_of_a_killed_rebuild_is_removed_by_the_next(
    engine: ClusterEngine, client: AsyncElasticsearch, prefix: str
) -> None:
    await client.indices.create(index=f"{prefix}-editions-1-20200101t000000")
    await engine.rebuild(in_batches(documents("e1")))
    assert await indexes(client, prefix) == set(await behind_alias(client, prefix))


async def test_documents_of_many_megabytes_are_sent_in_parts(engine: ClusterEngine) -> None:
    many = documents(*(f"e{n}" for n in range(12)), notes=["word " * 20_000])
    await engine.write(many)
    assert await engine.count() == 12


# --- other versions


async def test_an_index_of_another_version_is_refused_until_it_is_rebuilt(
    engine: ClusterEngine, client: AsyncElasticsearch, prefix: str
) -> None:
    await client.indices.create(
        index=f"{prefix}-editions-0-20200101t000000",
        mappings={**index_mapping().mappings, "_meta": {"version": 0}},
        aliases={f"{prefix}-editions": {}},
    )
    for work in (ask(engine), engine.count(), engine.write(documents("e1")), engine.editions(["e1"])):
        with pytest.raises(EngineIncompatible, match=r"version 0.*allshelves rebuild"):
            await work
    assert await engine.rebuild(in_batches(documents("e1"))) == 1
    await ask(engine)


async def test_a_newer_product_that_switched_the_alias_meanwhile_is_noticed(
    engine: ClusterEngine, client: AsyncElasticsearch, prefix: str
) -> None:
    await engine.write(documents("e1"))
    await ask(engine)
    newer = f"{prefix}-editions-99-20300101t000000"
    await client.indices.create(
        index=newer, mappings={**index_mapping().mappings, "_meta": {"version": 99}}, settings={"number_of_replicas": 0}
    )
    await client.index(index=newer, id="e1", document=documents("e1")[0], refresh=True)
    [old] = await behind_alias(client, prefix)
    moves: list[dict[str, Any]] = [
        {"remove": {"index": old, "alias": f"{prefix}-editions"}},
        {"add": {"index": newer, "alias": f"{prefix}-editions"}},
    ]
    await client.indices.update_aliases(actions=moves)
    for _ in range(2):
        with pytest.raises(EngineIncompatible, match="allshelves rebuild"):
            await ask(engine)


async def test_an_index_removed_by_hand_is_said_and_made_again_by_the_next_write(
    engine: ClusterEngine, client: AsyncElasticsearch, prefix: str
) -> None:
    await engine.write(documents("e1"))
    await client.indices.delete(index=await behind_alias(client, prefix))
    with pytest.raises(EngineUnavailable, match="allshelves index"):
        await ask(engine)
    await engine.write(documents("e1"))
    assert await engine.count() == 1


# --- servers that do not answer, or refuse


async def test_a_cluster_that_is_not_there_is_named_without_its_password() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    engine = ClusterEngine(f"http://reader:secret@127.0.0.1:{port}")
    for work in (ask(engine), engine.count(), engine.write(documents("e1")), engine.rebuild(in_batches())):
        with pytest.raises(EngineUnavailable) as raised:
            await work
        assert f"http://127.0.0.1:{port} cannot be reached" in str(raised.value)
        assert "secret" not in str(raised.value)
    await engine.close()


@pytest.mark.parametrize(
    ("block", "advice", "why"),
    [
        ("write", "lift the block", "somebody made it read-only"),
        ("read_only", "lift the block", "somebody made it read-only, its settings included"),
        ("read_only_allow_delete", "disk of the cluster is full.*flood-stage", "the cluster did, for want of room"),
    ],
)
async def test_an_index_that_takes_nothing_says_why_and_goes_on_answering(
    *, engine: ClusterEngine, client: AsyncElasticsearch, prefix: str, block: str, advice: str, why: str
) -> None:
    await engine.write(documents("e1"))
    index = (await behind_alias(client, prefix))[0]
    await client.indices.put_settings(index=index, settings={f"index.blocks.{block}": True})
    with pytest.raises(EngineUnavailable, match=advice):
        await asyncio.wait_for(engine.write(documents("e2")), 5)
    await ask(engine)
    assert await engine.count() == 1, why
    await client.indices.put_settings(index=index, settings={f"index.blocks.{block}": None})
    await engine.write(documents("e2"))
    assert await engine.count() == 2


async def test_a_red_index_is_said_and_never_counted_as_empty_and_can_be_rebuilt(
    engine: ClusterEngine, client: AsyncElasticsearch, prefix: str
) -> None:
    await client.indices.create(
        index=f"{prefix}-editions-{index_mapping().version}-20200101t000000",
        mappings=dict(index_mapping().mappings),
        settings={"index.routing.allocation.require._name": "a node that is gone", "number_of_replicas": 0},
        aliases={f"{prefix}-editions": {}},
        wait_for_active_shards=0,
    )
    for work in (ask(engine), engine.count(), engine.editions(["e1"]), engine.with_isbns(["9789570835878"])):
        with pytest.raises(EngineUnavailable, match=r"cluster is red.*allshelves rebuild"):
            await work
    await engine.rebuild(in_batches(documents("e1")))
    assert await engine.count() == 1
    with pytest.raises(EngineUnavailable, match="cluster is red"):
        await engine.back()
    assert await engine.count() == 1


async def test_shards_and_copies_are_as_asked(elasticsearch_url: str, client: AsyncElasticsearch, prefix: str) -> None:
    for layout, expected in (
        (Layout(), ("1", "0", "0-1")),
        (Layout(shards=3, replicas=0), ("3", "0", None)),
        (Layout(shards=2, replicas=2), ("2", "2", None)),  # more than there are nodes for
    ):
        engine = ClusterEngine(elasticsearch_url, prefix, layout)
        await engine.rebuild(in_batches(documents("e1", "e2")))
        [name] = await behind_alias(client, prefix)
        kept = (await client.indices.get_settings(index=name, flat_settings=True))[name]["settings"]
        found = tuple(kept.get(f"index.{one}") for one in COUNTS)
        assert found == expected
        assert await engine.count() == 2
        await engine.close()


COUNTS = ("number_of_shards", "number_of_replicas", "auto_expand_replicas")


async def test_another_address_is_asked_when_one_does_not_answer(elasticsearch_url: str, prefix: str) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        engine = ClusterEngine(f"http://127.0.0.1:{taken.getsockname()[1]}, {elasticsearch_url}", prefix)
        await engine.write(documents("e1"))
        for _ in range(3):
            await ask(engine)
        await engine.close()


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ((404, "<h1>Not Found</h1>", {}), "is not Elasticsearch 9"),
        ((200, "<h1>Welcome</h1>", {}), "cannot be reached|is not Elasticsearch 9"),
        ((200, "{}", {"Content-Type": "application/json"}), "is not Elasticsearch 9"),
        ((502, "Bad Gateway", {}), "is not Elasticsearch 9"),
        (
            (400, error_body("media_type_header_exception", "Invalid media-type value on headers"), ELASTIC),
            "is older than Elasticsearch 9",
        ),
        ((401, error_body("security_exception", "missing authentication credentials"), ELASTIC), "does not let us in"),
        ((503, error_body("master_not_discovered_exception", ""), ELASTIC), "has no master"),
    ],
)
async def test_what_answers_otherwise_is_told_as_what_it_is(answer: tuple[int, str, dict[str, str]], told: str) -> None:
    status, text, headers = answer

    async def handle(_: web.Request) -> web.Response:
        return web.Response(status=status, text=text, headers={"Content-Type": "text/html", **headers})

    async with served(handle) as url:
        engine = ClusterEngine(url)
        for work in (ask(engine), engine.write(documents("e1")), engine.rebuild(in_batches())):
            with pytest.raises(EngineUnavailable, match=told):
                await work
        await engine.close()


BulkAnswer = Callable[[list[str]], tuple[int, dict[str, Any]]]


class Script:
    """A server that answers as Elasticsearch does, and bulk requests as it is told."""

    def __init__(self, *bulk_answers: BulkAnswer, version: str = "9.1.0") -> None:
        self.bulk_answers = list(bulk_answers)
        self.version = version
        self.received: list[list[str]] = []

    async def handle(self, request: web.Request) -> web.Response:
        status, body = 200, dict[str, Any]()
        if request.path.startswith("/_nodes"):
            body = {"nodes": {"n1": {"version": self.version}}}
        elif request.path.endswith("/_mapping"):
            body = {"x-1-1": {"mappings": {"_meta": {"version": index_mapping().version}}}}
        elif request.path.endswith("/_bulk"):
            lines = (await request.text()).splitlines()
            ids = [json.loads(line)["index"]["_id"] for line in lines[::2]]
            self.received.append(ids)
            status, body = self.bulk_answers[min(len(self.received), len(self.bulk_answers)) - 1](ids)
        return web.json_response(body, status=status, headers={"X-Elastic-Product": "Elasticsearch"})

    @asynccontextmanager
    async def engine(self) -> AsyncIterator[ClusterEngine]:
        async with served(self.handle) as url:
            engine = ClusterEngine(url, "x")
            yield engine
            await engine.close()


def all_taken(ids: list[str]) -> tuple[int, dict[str, Any]]:
    return 200, {"errors": False, "items": [{"index": {"_id": one, "status": 201}} for one in ids]}


def item_refused(kind: str, which: str) -> BulkAnswer:
    def answer(ids: list[str]) -> tuple[int, dict[str, Any]]:
        refusal = {"status": 429, "error": {"type": kind, "reason": f"{kind} happened"}}
        items = [{"index": {"_id": one, **(refusal if one == which else {"status": 201})}} for one in ids]
        return 200, {"errors": True, "items": items}

    return answer


def request_refused(kind: str) -> BulkAnswer:
    return lambda ids: (429, {"status": 429, "error": {"type": kind, "reason": f"{kind} happened"}})


async def test_only_what_was_refused_for_now_is_sent_again() -> None:
    script = Script(item_refused("es_rejected_execution_exception", "e2"), all_taken)
    async with script.engine() as engine:
        await engine.write(documents("e1", "e2", "e3"))
    assert script.received == [["e1", "e2", "e3"], ["e2"]]


async def test_a_whole_request_refused_for_now_is_sent_again() -> None:
    script = Script(request_refused("es_rejected_execution_exception"), all_taken)
    async with script.engine() as engine:
        await engine.write(documents("e1", "e2"))
    assert script.received == [["e1", "e2"]] * 2


@pytest.mark.parametrize(
    "answer", [request_refused("cluster_block_exception"), item_refused("cluster_block_exception", "e2")]
)
async def test_a_full_disk_also_answers_429_and_is_not_asked_again(
    answer: BulkAnswer,
) -> None:
    script = Script(answer)
    async with script.engine() as engine:
        with pytest.raises(EngineUnavailable, match="cluster_block_exception happened"):
            await engine.write(documents("e1", "e2"))
    assert len(script.received) == 1


async def test_a_server_too_old_is_refused_with_its_version() -> None:
    async with Script(all_taken, version="8.19.3").engine() as engine:
        for work in (ask(engine), engine.write(documents("e1")), engine.rebuild(in_batches())):
            with pytest.raises(EngineUnavailable, match=r"8\.19\.3; 9 or later"):
                await work
