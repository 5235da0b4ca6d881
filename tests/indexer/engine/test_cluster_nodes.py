"""A cluster of three real nodes of which one dies: nothing is lost, and no patron notices."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence

import pytest
from elasticsearch import AsyncElasticsearch

from fixtures.nodes import Cluster, running_cluster
from indexer.document import document
from indexer.engine import Clause, Document, SearchRequest
from indexer.engine.cluster import ClusterEngine
from indexer.engine.layout import Layout
from tests.support.editions import make_edition, make_libraries

BATCHES, IN_A_BATCH = 12, 40


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with running_cluster(tmp_path_factory.mktemp("nodes")) as running:
        yield running


@pytest.fixture
async def whole(cluster: Cluster) -> Cluster:
    """All three nodes, every shard twice."""
    await asyncio.to_thread(cluster.start)
    async with AsyncElasticsearch(cluster.nodes["one"].url, request_timeout=120) as client:
        await client.cluster.health(wait_for_nodes="3", wait_for_status="green", timeout="100s")
    return cluster


@pytest.fixture
async def engine(whole: Cluster) -> AsyncIterator[ClusterEngine]:
    opened = ClusterEngine(whole.urls, layout=Layout(shards=3))
    yield opened
    await opened.close()


def batch(number: int) -> list[Document]:
    ids = (f"e{number}-{n}" for n in range(IN_A_BATCH))
    return [document(make_edition(one, "紅樓夢"), make_libraries()) for one in ids]


async def master(cluster: Cluster) -> str:
    """The name of the node whose death costs most: a new one has to be elected."""
    async with AsyncElasticsearch(cluster.nodes["one"].url) as client:
        elected = (await client.cluster.state(metric="master_node"))["master_node"]
        return str((await client.nodes.info(node_id=elected))["nodes"][elected]["name"])


async def test_the_master_dies_while_documents_are_written_and_none_is_lost(
    engine: ClusterEngine, whole: Cluster
) -> None:
    victim = whole.nodes[await master(whole)]
    killing = None
    for number in range(BATCHES):
        if number == BATCHES // 3:
            killing = asyncio.create_task(asyncio.to_thread(victim.kill))  # while the batch is on its way
        await engine.write(batch(number), [f"e{number - 1}-0"] if number else [])
    assert killing
    await killing
    kept = [f"e{b}-{n}" for b in range(BATCHES) for n in range(IN_A_BATCH) if n or b == BATCHES - 1]
    assert set(await engine.editions(kept)) == set(kept)
    assert await engine.count() == len(kept)


async def test_a_node_dies_while_patrons_search_and_the_index_is_rebuilt_and_nobody_notices(
    engine: ClusterEngine, whole: Cluster
) -> None:
    everything = [batch(number) for number in range(BATCHES)]
    total = BATCHES * IN_A_BATCH
    assert await engine.rebuild(given(everything)) == total
    victim = next(node for name, node in whole.nodes.items() if name != "one")
    done, enough = asyncio.Event(), asyncio.Event()
    searches = Counter[bool]()  # by whether the node is dead

    async def patron() -> None:
        while not done.is_set():
            page = await engine.search(SearchRequest((Clause("紅樓夢"),), facets=("library",)))
            assert page.total == total
            searches[not victim.running] += 1
            if searches[True] >= 20:
                enough.set()

    async def with_a_death() -> AsyncIterator[Sequence[Document]]:
        killing = None
        for number, documents in enumerate(everything):
            if number == BATCHES // 2:
                killing = asyncio.create_task(asyncio.to_thread(victim.kill))
            yield documents
        assert killing
        await killing
        await enough.wait()

    async with asyncio.TaskGroup() as patrons:
        for _ in range(4):
            patrons.create_task(patron())
        try:
            assert await engine.rebuild(with_a_death()) == total
            await engine.back()
        finally:
            done.set()
    assert searches[False]
    assert await engine.count() == total


async def given(batches: Sequence[Sequence[Document]]) -> AsyncIterator[Sequence[Document]]:
    for one in batches:
        yield one
