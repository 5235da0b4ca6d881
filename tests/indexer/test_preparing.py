"""Raw records made ready: the same here as in a second process, and nothing lost when that one dies."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from harvester.store import RawRecord, Store
from indexer.codec import decode
from indexer.preparing import Batch, Prepared, batches, prepare, prepare_raw
from indexer.profile import profile
from indexer.record import Record, RecordRef
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


@pytest.mark.parametrize(
    ("title", "why"),
    [
        ("7" * 4_400, "Python makes no number of more than 4,300 digits"),
        ("٣" * 4_400, "digits of another script"),
        ("第" + "九" * 4_400 + "冊", "Chinese digits, as a part"),
        ("1984", "the twin: a number as titles have them"),
    ],
)
def test_a_title_of_any_number_is_made_ready(title: str, why: str) -> None:
    batch = prepare_raw([RawRecord("ntl", "1", "marcxml", marc.marcxml(f"=001  1\n=245  10$a{title}"))], 1, LIBRARIES)
    assert (len(batch.prepared), batch.refused) == (1, ()), why
    assert batch.prepared[0].facts.numbers == (("1984",) if title == "1984" else ()), why


@pytest.mark.parametrize(
    "statement", ["7" * 4_400 + " ed.", "第" + "7" * 4_400 + "版", "di " + "7" * 4_400 + " ban", "九" * 4_400 + "版"]
)
def test_an_edition_statement_of_any_number_is_made_ready(statement: str) -> None:
    text = f"=001  1\n=245  10$aA\n=250  \\\\$a{statement}"
    batch = prepare_raw([RawRecord("ntl", "1", "marcxml", marc.marcxml(text))], 1, LIBRARIES)
    assert (len(batch.prepared), batch.refused) == (1, ())


def test_a_record_on_which_the_software_fails_is_refused_alone(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def failing(record: Record) -> Prepared:
        if record.identifier == "2":
            raise ZeroDivisionError("nobody thought of it")
        return prepare(record)

    monkeypatch.setattr("indexer.preparing.prepare", failing)
    batch = prepare_raw([_raw("1"), _raw("2"), _raw("3")], 3, LIBRARIES)
    assert [one.ref.identifier for one in batch.prepared] == ["1", "3"]
    assert [one.ref for one in batch.refused] == [RecordRef("ntl", "2")]
    assert "ZeroDivisionError: nobody thought of it" in batch.refused[0].reason
    assert "ntl:2" in caplog.text
    assert "ZeroDivisionError" in caplog.text


@pytest.mark.parametrize(
    "title", ["(" * 40_000, "[" * 20_000 + "]" * 20_000, " :;" * 15_000, "三" * 40_000 + "x", "á" * 40_000]
)
def test_making_a_hostile_title_ready_costs_no_square_of_its_length(title: str) -> None:
    record = make_record(title, "ntl:1")
    before = time.process_time()
    prepare(record)
    assert time.process_time() - before < 5, "it took minutes"
