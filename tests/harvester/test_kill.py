"""A harvest killed with SIGKILL at a known place and started again ends with what an undisturbed one ends with."""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from aiohttp import web

from harvester.store import Store
from tests.support.harvesting import contents, live, run_one
from tests.support.oai import OaiRecord, OaiServer, oai_server

LATER = "2024-05-01T12:30:00Z"

CHILD = """
import asyncio, os, signal, sys
from harvester import run_state
from harvester.run import harvest
from harvester.store import Store
from tests.support.oai import oai_library

pages_before_death = int(sys.argv[3])
write_checkpoint = run_state.write_checkpoint

def dying(connection, run, checkpoint):
    global pages_before_death
    pages_before_death -= 1
    if pages_before_death == 0:  # the page's records are written and not yet committed
        os.kill(os.getpid(), signal.SIGKILL)
    write_checkpoint(connection, run, checkpoint)

run_state.write_checkpoint = dying
asyncio.run(harvest([oai_library(sys.argv[2])], Store.open(sys.argv[1])))
"""

ROOT = Path(__file__).parents[2]
NEVER = 10**6


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store.open(f"sqlite:///{tmp_path}/catalogue.sqlite3")
    yield store
    store.close()


async def harvest_in_a_process(store_url: str, url: str, pages_before_death: int = NEVER) -> asyncio.subprocess.Process:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    arguments = (sys.executable, "-c", CHILD, store_url, url, str(pages_before_death))
    return await asyncio.create_subprocess_exec(*arguments, env=environment, cwd=ROOT)


async def undisturbed(tmp_path: Path, server: OaiServer) -> dict[str, tuple[bytes, bool]]:
    store = Store.open(f"sqlite:///{tmp_path}/undisturbed.sqlite3")
    try:
        assert (await run_one(store, server)).status == "complete"
        return contents(store)
    finally:
        store.close()


LIST = [OaiRecord(f"oai:test:{n:04}", deleted=n % 9 == 0) for n in range(65)]


@pytest.mark.parametrize("page", [1, 2, 5, 7])
async def test_killed_while_it_waits_for_a_page_it_goes_on_and_ends_with_the_same_records(
    store: Store, tmp_path: Path, page: int
) -> None:
    process: asyncio.subprocess.Process | None = None

    async def kill(server: OaiServer, request: web.Request) -> web.StreamResponse:
        assert process is not None
        os.kill(process.pid, signal.SIGKILL)
        await process.wait()
        return web.Response()

    async with oai_server(LIST) as server:
        expected = await undisturbed(tmp_path, server)
        server.at(page, kill)
        process = await harvest_in_a_process(str(store.engine.url), server.url)
        assert await process.wait() == -signal.SIGKILL
        assert store.library_state("testlib").records < len(LIST)
        server.requests.clear()
        outcome = await run_one(store, server)
        asked_again = [request.get("resumptionToken", "page-1") for request in server.asked]
    assert asked_again[0] == f"page-{page}"
    assert len(asked_again) == 7 - page + 1
    assert (outcome.status, outcome.kind, outcome.seen) == ("complete", "full", len(LIST))
    assert contents(store) == expected


@pytest.mark.parametrize("page", [1, 3, 7])
async def test_killed_within_a_commit_nothing_of_that_page_is_there_and_nothing_is_lost(
    store: Store, tmp_path: Path, page: int
) -> None:
    async with oai_server(LIST) as server:
        expected = await undisturbed(tmp_path, server)
        process = await harvest_in_a_process(str(store.engine.url), server.url, pages_before_death=page)
        assert await process.wait() == -signal.SIGKILL
        before = LIST[: (page - 1) * 10]
        assert live(store) == [record.identifier for record in before if not record.deleted]
        outcome = await run_one(store, server)
    assert (outcome.status, outcome.seen) == ("complete", len(LIST))
    assert contents(store) == expected
    numbers = [stored.seq for stored in store.changes(0, 1000)]
    assert numbers == list(range(1, sum(not record.deleted for record in LIST) + 1))


async def test_killed_again_and_again_it_still_ends_with_the_same_records(store: Store, tmp_path: Path) -> None:
    async with oai_server(LIST) as server:
        expected = await undisturbed(tmp_path, server)
        for _ in range(3):
            process = await harvest_in_a_process(str(store.engine.url), server.url, pages_before_death=2)
            assert await process.wait() == -signal.SIGKILL
        process = await harvest_in_a_process(str(store.engine.url), server.url)
        assert await process.wait() == 0
    assert contents(store) == expected
    last = store.library_state("testlib").last_run
    assert last is not None
    assert (last.status, last.seen) == ("complete", len(LIST))


async def test_killed_in_an_incremental_run_it_goes_on_from_the_same_date(store: Store, tmp_path: Path) -> None:
    async with oai_server(LIST) as server:
        await run_one(store, server)
        server.records = [replace(record, datestamp=LATER, title=f"{record.title}, changed") for record in LIST]
        process = await harvest_in_a_process(str(store.engine.url), server.url, pages_before_death=3)
        assert await process.wait() == -signal.SIGKILL
        server.clock = datetime(2024, 6, 1, tzinfo=UTC)
        outcome = await run_one(store, server)
        assert (outcome.kind, outcome.status, outcome.seen) == ("incremental", "complete", len(LIST))
        assert contents(store) == await undisturbed(tmp_path, server)
        await run_one(store, server)
    # The watermark is the time of the run's first page, which came before the kill.
    assert [r["from"] for r in server.requests if "from" in r][-1] == "2024-05-01T11:00:00Z"


async def test_a_killed_store_is_whole(store: Store, tmp_path: Path) -> None:
    async with oai_server(LIST) as server:
        process = await harvest_in_a_process(str(store.engine.url), server.url, pages_before_death=4)
        await process.wait()
    with sqlite3.connect(tmp_path / "catalogue.sqlite3") as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    connection.close()
