"""Engines of both kinds to hold against one contract: each test's own and empty, and a filled one for reading."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from elasticsearch import AsyncElasticsearch

from indexer.document import document
from indexer.engine import SearchEngine
from indexer.engine.cluster import ClusterEngine
from indexer.engine.embedded import EmbeddedEngine
from tests.support.editions import make_libraries
from tests.support.shelf import SHELF

KINDS = ("embedded", "cluster")

OpenEngine = Callable[[], SearchEngine]


async def _forget(url: str, prefix: str) -> None:
    async with AsyncElasticsearch(url) as client:
        names = list((await client.indices.get(index=f"{prefix}-editions*")).body)
        if names:
            await client.indices.delete(index=names)


@pytest.fixture(params=KINDS)
async def open_engine(
    request: pytest.FixtureRequest, tmp_path: Path, elasticsearch_url: str
) -> AsyncIterator[OpenEngine]:
    """Opens the test's own engine, at one place each time, with nothing indexed yet; closes what was opened."""
    prefix = f"test-{uuid4().hex[:12]}"
    opened: list[SearchEngine] = []

    def open_one() -> SearchEngine:
        cluster = request.param == "cluster"
        opened.append(ClusterEngine(elasticsearch_url, prefix) if cluster else EmbeddedEngine(tmp_path / "index"))
        return opened[-1]

    yield open_one
    for engine in opened:
        await engine.close()
    await _forget(elasticsearch_url, prefix)


@pytest.fixture
def engine(open_engine: OpenEngine) -> SearchEngine:
    """The test's own engine, with nothing indexed yet."""
    return open_engine()


@pytest.fixture
async def own_both(tmp_path: Path, elasticsearch_url: str) -> AsyncIterator[dict[str, SearchEngine]]:
    """Both engines, the test's own, with nothing indexed yet."""
    prefix = f"test-{uuid4().hex[:12]}"
    engines: dict[str, SearchEngine] = {
        "embedded": EmbeddedEngine(tmp_path / "index"),
        "cluster": ClusterEngine(elasticsearch_url, prefix),
    }
    yield engines
    for engine in engines.values():
        await engine.close()
    await _forget(elasticsearch_url, prefix)


@pytest.fixture(scope="session")
def shelf_openers(tmp_path_factory: pytest.TempPathFactory, elasticsearch_url: str) -> Iterator[dict[str, OpenEngine]]:
    """By kind, how to open an engine that holds the shelf. Only for reading."""
    folder, prefix = tmp_path_factory.mktemp("shelf"), f"shelf-{uuid4().hex[:12]}"
    openers: dict[str, OpenEngine] = {
        "embedded": lambda: EmbeddedEngine(folder),
        "cluster": lambda: ClusterEngine(elasticsearch_url, prefix),
    }

    async def fill() -> None:
        documents = [document(edition, make_libraries()) for edition in SHELF]
        for opener in openers.values():
            engine = opener()
            await engine.write(documents)
            await engine.close()

    asyncio.run(fill())
    yield openers
    asyncio.run(_forget(elasticsearch_url, prefix))


@pytest.fixture
async def both(shelf_openers: dict[str, OpenEngine]) -> AsyncIterator[dict[str, SearchEngine]]:
    """Both engines, each holding the shelf."""
    engines = {kind: opener() for kind, opener in shelf_openers.items()}
    yield engines
    for engine in engines.values():
        await engine.close()


@pytest.fixture(params=KINDS)
async def shelf(request: pytest.FixtureRequest, shelf_openers: dict[str, OpenEngine]) -> AsyncIterator[SearchEngine]:
    """An engine that holds the shelf."""
    engine = shelf_openers[request.param]()
    yield engine
    await engine.close()
