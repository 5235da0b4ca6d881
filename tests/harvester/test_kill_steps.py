"""A process that dies at any step of a harvest, and a disk that is full: what is there is whole, and the next goes on.

Each statement that is written is a step. The process is a child that kills itself right before the statement; the
disk is full in the sense of SQLite, which may take no more pages.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import event

from harvester.errors import StoreUnusable
from harvester.store import Store
from tests.support.harvesting import contents
from tests.support.listing import Listing, numbered, visited

ROOT = Path(__file__).parents[2]

CHILD = """
import asyncio, os, signal, sys
from sqlalchemy import event
from harvester.store import Store
from tests.harvester.test_kill_steps import there, whole_story

store = Store.open(sys.argv[1])
steps_before_death = int(sys.argv[2])

def step(*_):
    global steps_before_death
    if steps_before_death == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    steps_before_death -= 1

event.listen(store.engine, "before_cursor_execute", step)
event.listen(store.engine, "commit", step)
asyncio.run(whole_story(store))
"""


def there() -> Listing:
    """Three pages, of which one record changes, one is deleted, one vanishes, and all move to a new system."""
    return Listing(numbered(250))


async def whole_story(store: Store) -> None:
    """Everything the state of a harvest goes through, each part as often as it takes when it was interrupted."""
    first = there()
    await visited(store, first.source(resumes=True))
    second = there()
    second.changes = {"r00001": "Title 1 changed", "r00002": None}
    second.records |= second.changes
    del second.records["r00003"]
    await visited(store, second.source(resumes=True), sweep=True)
    third = there()
    third.records = {f"new{name}": title for name, title in second.records.items() if title is not None}
    third.number = {f"new{name}": name for name in second.records}
    third.name = "new system"
    await visited(store, third.source(resumes=True))


def open_store(folder: Path, name: str) -> Store:
    return Store.open(f"sqlite:///{folder}/{name}.sqlite3")


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[dict[str, tuple[bytes, bool]], int]]:
    """What the whole story ends with, and how many steps it has."""
    store = open_store(tmp_path_factory.mktemp("undisturbed"), "catalogue")
    steps = 0

    def step(*_: object) -> None:
        nonlocal steps
        steps += 1

    event.listen(store.engine, "before_cursor_execute", step)
    event.listen(store.engine, "commit", step)
    asyncio.run(whole_story(store))
    yield contents(store), steps
    store.close()


def live_only(found: dict[str, tuple[bytes, bool]]) -> dict[str, bytes]:
    return {name: payload for name, (payload, deleted) in found.items() if not deleted}


@pytest.mark.parametrize("share", [n / 8 for n in range(8)])
def test_killed_at_any_step_nothing_is_lost_and_nothing_is_half(
    tmp_path: Path, undisturbed: tuple[dict[str, tuple[bytes, bool]], int], share: float
) -> None:
    expected, steps = undisturbed
    store = open_store(tmp_path, "catalogue")
    try:
        arguments = (sys.executable, "-c", CHILD, str(store.engine.url), str(int(steps * share)))
        ended = os.spawnve(os.P_WAIT, sys.executable, arguments, {**os.environ, "PYTHONPATH": str(ROOT)})
        assert ended == -signal.SIGKILL
        assert set(live_only(contents(store))) <= set(numbered(250))
        asyncio.run(whole_story(store))
        assert live_only(contents(store)) == live_only(expected)
        changes = store.changes(0, 10_000)
        assert len({change.seq for change in changes}) == len(changes)
        assert store.library_state("testlib").records == len(live_only(expected))
    finally:
        store.close()


@pytest.mark.parametrize("pages", [0, 3, 12, 30])
def test_a_full_disk_stops_the_harvest_and_leaves_whole_pages(tmp_path: Path, pages: int) -> None:
    store = open_store(tmp_path, "catalogue")
    try:
        with store.engine.connect() as connection:
            size = connection.exec_driver_sql("PRAGMA page_count").scalar_one()

        @event.listens_for(store.engine, "connect")
        def small(connection, _entry):  # type: ignore[no-untyped-def]
            connection.execute(f"PRAGMA max_page_count = {size + pages}")

        store.engine.dispose()
        with pytest.raises(StoreUnusable, match="full"):
            asyncio.run(visited(store, Listing(numbered(2500)).source(resumes=True)))
        there_are = len(contents(store))
        assert there_are % 100 == 0  # whole pages of the list
        assert store.last_seq() == there_are
        assert store.watermark("testlib", "src") == ""
        event.remove(store.engine, "connect", small)
        store.engine.dispose()
        asyncio.run(visited(store, Listing(numbered(2500)).source(resumes=True)))
        assert len(contents(store)) == 2500
    finally:
        store.close()
