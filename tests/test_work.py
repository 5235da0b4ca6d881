"""`allshelves work` as a process of its own: stopped, killed at any moment, started again; nothing is lost."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import web

from harvester.store import Store
from indexer.catalogue import Catalogue
from indexer.engine.open import open_engine
from indexer.run import is_behind
from search_api.settings import Settings
from tests.support.harvesting import live
from tests.support.oai import OaiServer, oai_server, records

ROOT = Path(__file__).parents[1]
COUNT = 65  # seven pages

FILE = """
code = "{code}"
name = {{ en = "{code}" }}
region = "north"
kind = "city"

[harvest]
protocol = "oai-pmh"
url = "{url}"
auth = {{ kind = "bearer", token_env = "TOKEN_OF_A_LIBRARY" }}
"""


class Process:
    """A worker, and what it said so far."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.lines: list[str] = []

    async def until(self, *words: str) -> str:
        """The first line from now on that has all these words."""
        assert self.process.stdout is not None
        async with asyncio.timeout(40):
            while line := (await self.process.stdout.readline()).decode():
                self.lines.append(line)
                if all(word in line for word in words):
                    return line
        raise AssertionError(f"it ended without {words}: {self.lines}")

    async def end(self, number: signal.Signals = signal.SIGTERM) -> int:
        if self.process.returncode is None:
            self.process.send_signal(number)
        assert self.process.stdout is not None
        self.lines += (await self.process.stdout.read()).decode().splitlines()
        return await self.process.wait()


@asynccontextmanager
async def working(settings: Settings) -> AsyncIterator[Process]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ALLSHELVES_")}
    environment |= {"ALLSHELVES_HOME": str(settings.home), "ALLSHELVES_LIBRARIES": str(settings.libraries)}
    environment |= {"TOKEN_OF_A_LIBRARY": "a-secret", "PYTHONPATH": str(ROOT)}
    command = (sys.executable, "-c", "from search_api.cli import main; main()", "work")
    process = await asyncio.create_subprocess_exec(
        *command, env=environment, cwd=settings.home, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    worker = Process(process)
    try:
        yield worker
    finally:
        await worker.end(signal.SIGKILL)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "libraries").mkdir()
    (tmp_path / "state").mkdir()
    return Settings(home=tmp_path / "state", libraries=tmp_path / "libraries")


def add(settings: Settings, code: str, url: str) -> None:
    (settings.libraries / f"{code}.toml").write_text(FILE.format(code=code, url=url))


async def caught_up(worker: Process, settings: Settings) -> None:
    """Waits until the worker has indexed all that it will ever harvest; how many goes that takes is its own affair."""
    store = Store.open(settings.database_url)
    try:
        while len(live(store, "lib")) < COUNT or is_behind(store):
            await worker.until("event=index", "status=complete")
    finally:
        store.close()


async def nothing_is_lost(settings: Settings, code: str = "lib") -> None:
    """Every record is in the store and was read, and a reader finds every edition there is."""
    store = Store.open(settings.database_url)
    engine = open_engine("", settings.index_folder)
    try:
        assert live(store, code) == [record.identifier for record in records(COUNT)]
        assert not is_behind(store)
        counts = Catalogue(store.engine).counts()
        assert counts.records == COUNT
        assert await engine.count() == counts.editions > 0
        last = store.library_state(code).last_run
        assert last is not None
        assert (last.status, last.seen) == ("complete", COUNT)
    finally:
        await engine.close()
        store.close()


async def test_it_harvests_indexes_says_a_line_for_each_and_ends_when_told(settings: Settings) -> None:
    async with oai_server(records(COUNT)) as server:
        add(settings, "lib", server.url)
        async with working(settings) as worker:
            harvest = await worker.until("event=harvest")
            index = await worker.until("event=index")
            assert await worker.end() == 0
        assert server.headers[0]["Authorization"] == "Bearer a-secret"
    for fact in ("level=info", "library=lib", "kind=full", "status=complete", f"seen={COUNT}", f"new={COUNT}"):
        assert f" {fact} " in harvest
    assert f"records={COUNT}" in index
    assert [line.split()[2] for line in worker.lines] == [
        f"event={what}" for what in ("work", "harvest", "index", "end")
    ]
    assert "a-secret" not in "".join(worker.lines)
    await nothing_is_lost(settings)


async def test_killed_while_it_harvests_the_next_one_goes_on_at_once(settings: Settings) -> None:
    page = random.randint(1, 7)  # tests/harvester kills at every statement; here any will do
    async with oai_server(records(COUNT)) as server:
        add(settings, "lib", server.url)
        async with working(settings) as worker:

            async def killed(server: OaiServer, request: web.Request) -> web.StreamResponse:
                await worker.end(signal.SIGKILL)
                return web.Response()

            server.at(page, killed)
            await worker.process.wait()
        async with working(settings) as worker:
            await caught_up(worker, settings)
            assert await worker.end() == 0
        tokens = [request.get("resumptionToken", "page-1") for request in server.asked]
        assert tokens == [f"page-{number}" for number in (*range(1, page + 1), *range(page, 8))], (
            f"page {page} came twice and no other"
        )
    await nothing_is_lost(settings)


async def test_killed_while_it_indexes_the_next_one_indexes(settings: Settings) -> None:
    async with oai_server(records(COUNT)) as server:
        add(settings, "lib", server.url)
        async with working(settings) as worker:
            await worker.until("event=harvest", "status=complete")
            await worker.end(signal.SIGKILL)
        async with working(settings) as worker:
            await caught_up(worker, settings)
            assert await worker.end() == 0
        assert len(server.asked) == 7, "the harvest was complete"
    await nothing_is_lost(settings)


async def test_two_processes_share_the_members_and_one_that_is_killed_is_followed_by_the_other(
    settings: Settings,
) -> None:
    async with oai_server(records(COUNT)) as server:
        add(settings, "lib", server.url)
        async with working(settings) as first:
            await first.until("event=work")

            async def killed(server: OaiServer, request: web.Request) -> web.StreamResponse:
                await second.until("event=work")
                await first.end(signal.SIGKILL)
                return web.Response()

            server.at(3, killed)
            async with working(settings) as second:
                await first.process.wait()
                await caught_up(second, settings)
                assert await second.end() == 0
        tokens = [request.get("resumptionToken", "page-1") for request in server.asked]
        assert tokens == [f"page-{number}" for number in (1, 2, 3, 3, 4, 5, 6, 7)]
    await nothing_is_lost(settings)


async def test_stopped_in_the_middle_it_finishes_the_page_and_ends_well(settings: Settings) -> None:
    async with oai_server(records(COUNT)) as server:
        add(settings, "lib", server.url)
        async with working(settings) as worker:

            async def stopped(server: OaiServer, request: web.Request) -> web.StreamResponse:
                worker.process.terminate()
                return web.Response(text=server.page(3), content_type="text/xml")

            server.at(3, stopped)
            await worker.until("event=harvest", "status=stopped")
            assert await worker.process.wait() == 0
        store = Store.open(settings.database_url)
        assert len(live(store, "lib")) == 30
        store.close()
        async with working(settings) as worker:
            await caught_up(worker, settings)
        assert len(server.asked) == 7, "no page was asked for twice"
    await nothing_is_lost(settings)
