"""Work shared out comes back in order, and is done here when nobody else can."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from harvester.store import Store
from indexer.crew import Crew, Tools
from tests.support import marc


@pytest.fixture
def tools(tmp_path: Path) -> Iterator[Tools]:
    store = Store.open(f"sqlite:///{tmp_path / 'catalogue.sqlite3'}")
    yield Tools(store, {"ntl": marc.library("ntl")})
    store.close()


def work(tools: Tools, piece: int) -> tuple[int, int, list[str], int]:
    return piece, os.getpid(), list(tools.libraries), tools.store.last_seq()


def fail(_: Tools, piece: int) -> int:
    raise ValueError(f"{piece} is no good")


def test_two_processes_give_their_work_in_order_with_tools_of_their_own(tools: Tools) -> None:
    with Crew(tools, 2) as crew:
        done = list(crew.map(work, range(20)))
    assert [piece for piece, *_ in done] == list(range(20))
    assert os.getpid() not in {process for _, process, *_ in done}
    assert {(tuple(libraries), seq) for _, _, libraries, seq in done} == {(("ntl",), 0)}


def test_without_processes_the_work_is_done_here(tools: Tools) -> None:
    with Crew(tools, 2) as crew:
        done = list(crew.alone().map(work, range(3)))
    assert {process for _, process, *_ in done} == {os.getpid()}


def test_what_dying_processes_had_is_done_here_and_nothing_is_lost(tools: Tools) -> None:
    before = set(multiprocessing.active_children())
    pieces = []
    with Crew(tools, 2) as crew:
        for piece, *_ in crew.map(work, range(20)):
            pieces.append(piece)
            for child in set(multiprocessing.active_children()) - before:
                os.kill(child.pid or 0, signal.SIGKILL)
        again = [piece for piece, *_ in crew.map(work, range(3))]
    assert pieces == list(range(20))
    assert again == [0, 1, 2], "and the crew is of use still"


def test_an_error_of_the_work_is_the_callers(tools: Tools) -> None:
    with Crew(tools, 1) as crew, pytest.raises(ValueError, match="7 is no good"):
        list(crew.map(fail, [7]))
