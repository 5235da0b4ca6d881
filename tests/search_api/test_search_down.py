"""While searching is down, the page says so and the pages of editions go on working: they come from the store."""

from __future__ import annotations

import shutil
import socket
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from indexer.engine import SearchEngine
from indexer.engine.cluster import ClusterEngine
from indexer.engine.embedded import EmbeddedEngine
from indexer.engine.generations import POINTER, current
from search_api.app import create_app
from search_api.services import Services
from tests.support.catalogue import RED


def _no_index(folder: Path, _: Path) -> SearchEngine:
    return EmbeddedEngine(folder)


def _flipped_bit(folder: Path, index: Path) -> SearchEngine:
    shutil.copytree(index, folder)
    generation = current(folder)
    assert generation
    file = next(generation.folder.glob("*.store"))
    content = bytearray(file.read_bytes())
    content[len(content) // 3] ^= 1
    file.write_bytes(content)
    return EmbeddedEngine(folder)


def _another_version(folder: Path, index: Path) -> SearchEngine:
    shutil.copytree(index, folder)
    pointer = folder / POINTER
    pointer.write_bytes(pointer.read_bytes().replace(b'"version":', b'"version":9'))
    return EmbeddedEngine(folder)


async def _emptied(folder: Path, index: Path) -> SearchEngine:
    shutil.copytree(index, folder)
    engine = EmbeddedEngine(folder)
    held = await engine.with_isbns([RED])
    assert held
    await engine.rebuild(_nothing())
    return engine


async def _nothing() -> AsyncIterator[list[dict[str, object]]]:
    return
    yield


def _no_cluster(_: Path, __: Path) -> SearchEngine:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return ClusterEngine(f"http://127.0.0.1:{taken.getsockname()[1]}")


DOWN: list[tuple[Callable[[Path, Path], object], str, str]] = [
    (_no_index, "not_indexed", "nothing indexed, or the folder is gone"),
    (_flipped_bit, "incompatible", "a damaged file"),
    (_another_version, "incompatible", "an index of another version"),
    (_emptied, "not_indexed", "an index with nothing in it, beside a catalogue with editions"),
    (_no_cluster, "unavailable", "a cluster that is not there"),
]


@pytest.mark.parametrize(("broken", "code", "why"), DOWN)
async def test_searching_is_said_to_be_down_and_edition_pages_work(
    services: Services, tmp_path: Path, broken: Callable[[Path, Path], object], code: str, why: str
) -> None:
    [edition] = (await services.engine.with_isbns([RED]))[RED]
    made = broken(tmp_path / "index", services.settings.index_folder)
    engine = await made if hasattr(made, "__await__") else made
    app = create_app(replace(services, engine=engine))
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://catalogue.example") as client:
        for url, words in (
            ("/", "目錄暫時無法查詢"),
            ("/search?q=紅", "目錄暫時無法查詢"),
            ("/en/search?q=red", "cannot be searched right now"),
        ):
            page = await client.get(url)
            assert (page.status_code, words in page.text) == (503, True), f"{url}: {why}"
            assert str(tmp_path) not in page.text
        assert "go on working" in (await client.get("/en/search?q=red")).text
        told = (await client.get("/api/search?q=red")).json()["error"]
        assert told["code"] == code, why
        health = await client.get("/api/health")
        assert (health.status_code, health.json()["error"]) == (503, told), why
        for url in (
            f"/editions/{edition.id}",
            f"/en/editions/{edition.id}",
            f"/api/editions/{edition.id}",
            f"/api/editions/{edition.id}/availability",
            "/libraries",
            "/api/libraries",
        ):
            assert (await client.get(url)).status_code == 200, f"{url}: {why}"
        title = edition.title
        assert title
        assert title.proper in (await client.get(f"/editions/{edition.id}")).text
    await engine.close()
