"""Raw records made ready: the same here as in a second process, and nothing lost when that one dies."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from harvester.store import RawRecord, Store
from indexer.codec import decode
from indexer.preparing import Batch, batches, prepare, prepare_raw
from indexer.profile import profile
from indexer.record import RecordRef
from tests.support import marc
from tests.support.records import make_record

ROOT = Path(__file__).parents[2]
LIBRARIES = {"ntl": marc.library("ntl")}


def _raw(name: str, library: str = "ntl") -> RawRecord:
    text = f"=001  {name}\n=008  040101s1984    ch            000 0 chi d\n=245  10$a第{name}本書"
    return RawRecord(library, name, "marcxml", marc.marcxml(text))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(f"sqlite:///{tmp_path / 'catalogue.sqlite3'}")
    run = opened.begin_run("ntl", "full", "test")
    opened.commit_page(run, [_raw(str(number)) for number in range(9)], None)
    yield opened
    opened.close()


def _said(found: list[Batch]) -> list[tuple[int, list[tuple[RecordRef, bytes, str]]]]:
    return [
        (batch.last_seq, [(one.ref, one.payload, str(one.facts.title)) for one in batch.prepared]) for batch in found
    ]


def test_a_record_is_stored_as_it_is_and_compared_by_its_facts() -> None:
    record = make_record("紅樓夢", "ntl:1", year=1984)
    prepared = prepare(record)
    assert decode(prepared.payload) == record
    assert prepared.facts.year == profile(record).year


def test_every_raw_record_ends_in_one_of_three_lists() -> None:
    raws = [
        _raw("1"),
        RawRecord("ntl", "2", "marcxml", b"", deleted=True),
        RawRecord("ntl", "3", "iso2709", b"not MARC at all"),
        _raw("4", "nobody"),
    ]
    batch = prepare_raw(raws, 4, LIBRARIES)
    assert [one.ref.identifier for one in batch.prepared] == ["1"]
    assert batch.deleted == (RecordRef("ntl", "2"),)
    assert [one.ref.identifier for one in batch.refused] == ["3", "4"]
    assert all(one.reason for one in batch.refused)
    assert batch.size == len(raws)


def test_a_second_process_prepares_the_same(store: Store) -> None:
    here = _said(list(batches(store, LIBRARIES, 0, 4)))
    there = _said(list(batches(store, LIBRARIES, 0, 4, long_load=1)))
    assert there == here
    assert [len(records) for _, records in here] == [4, 4, 1]


def test_reading_goes_on_here_when_the_second_process_dies(store: Store) -> None:
    before = set(multiprocessing.active_children())
    found = []
    for batch in batches(store, LIBRARIES, 0, 1, long_load=1):
        found.append(batch)
        for child in set(multiprocessing.active_children()) - before:
            os.kill(child.pid or 0, signal.SIGKILL)
    assert _said(found) == _said(list(batches(store, LIBRARIES, 0, 1)))


def test_whoever_stops_listening_leaves_no_process_behind(store: Store) -> None:
    before = set(multiprocessing.active_children())
    coming = batches(store, LIBRARIES, 0, 1, long_load=1)
    next(coming)
    (child,) = set(multiprocessing.active_children()) - before
    coming.close()
    assert not psutil.pid_exists(child.pid or 0)


_PARENT = """
import multiprocessing, sys
from harvester.store import Store
from indexer.preparing import batches
from tests.support import marc

if __name__ == "__main__":
    store = Store.open(f"sqlite:///{sys.argv[1]}")
    coming = batches(store, {"ntl": marc.library("ntl")}, 0, 1, long_load=1)
    next(coming)
    print(multiprocessing.active_children()[0].pid, flush=True)
    sys.stdin.read()
"""


async def test_the_second_process_ends_with_a_first_that_was_killed(store: Store, tmp_path: Path) -> None:
    script = tmp_path / "parent.py"
    script.write_text(_PARENT, encoding="utf-8")
    parent = await asyncio.create_subprocess_exec(
        sys.executable,
        str(script),
        str(tmp_path / "catalogue.sqlite3"),
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert parent.stdout is not None
    child = psutil.Process(int(await parent.stdout.readline()))
    parent.kill()
    await parent.wait()
    await asyncio.to_thread(child.wait, 20)
    assert not child.is_running()
