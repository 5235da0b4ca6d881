"""`allshelves accept` and `allshelves undo`: what would leave is shown with titles, goes, and comes back."""

from __future__ import annotations

import asyncio
import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.console import Console

from harvester.store import FileEntry, Store
from indexer.catalogue import Catalogue
from search_api.commands import decisions
from search_api.schemas.members import RunBody
from tests.support.harvesting import live
from tests.support.listing import Listing, numbered, visited
from tests.support.oai import oai_library

MEMBER = oai_library("http://127.0.0.1:9/oai", "testlib")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store.open(f"sqlite:///{tmp_path}/catalogue.sqlite3")
    there = Listing(numbered(300))
    asyncio.run(visited(store, there.source()))
    there.records = numbered(100)
    asyncio.run(visited(store, there.source(), sweep=True))
    yield store
    store.close()


@pytest.fixture
def console() -> Console:
    return Console(file=io.StringIO(), width=100)


def said(console: Console) -> str:
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_what_waits_is_shown_and_goes_and_comes_back(store: Store, console: Console) -> None:
    found = decisions.waiting(console, store, Catalogue(store.engine), MEMBER)
    assert "testlib: 200 of 300 records would leave: its list no longer has them." in said(console)
    assert "r00100  (not indexed)" in said(console)
    assert "… and 190 more" in said(console)
    decisions.carry_out(console, store, found)
    assert "200 records left. allshelves undo testlib" in said(console)
    assert len(live(store)) == 100
    removal = decisions.last_removal(console, store, MEMBER)
    assert removal is not None
    assert re.search(r"200 records left at [\d-]{10} \d\d:\d\d Asia/Taipei, somebody", said(console))
    assert "somebody agreed that a sweep lacked them" in said(console)
    decisions.bring_back(console, store, removal)
    assert len(live(store)) == 300


def test_what_waits_can_stay(store: Store, console: Console) -> None:
    found = decisions.waiting(console, store, Catalogue(store.engine), MEMBER)
    decisions.let_stay(console, store, found)
    assert "200 records stay" in said(console)
    assert decisions.waiting(console, store, Catalogue(store.engine), MEMBER) == []
    assert "nothing waits" in said(console)
    assert len(live(store)) == 300


def test_a_refused_file_is_shown_with_what_waits_and_passed_over(store: Store, console: Console) -> None:
    run = store.begin_run("testlib", "full", "files")
    files = [FileEntry("/in/may.mrc", 9, sha256="ab", state="refused", reason="it breaks off")]
    files += [FileEntry(f"/in/{n}.mrc", 9, state="waiting", reason="/in/may.mrc") for n in range(12)]
    store.commit_page(run, [], None, files=files)
    store.finish_run(run, "failed")
    assert not decisions.refused_file(console, store, "testlib", "june.mrc")
    assert "no file called june.mrc was refused" in said(console)
    assert decisions.refused_file(console, store, "testlib", "may.mrc")
    assert "may.mrc cannot be read: it breaks off" in said(console)
    assert "… and 2 more" in said(console)
    decisions.pass_over(console, store, "testlib", "may.mrc")
    assert "may.mrc is passed over" in said(console)
    assert not decisions.refused_file(console, store, "testlib", "may.mrc")


def test_where_nothing_left_nothing_comes_back(store: Store, console: Console) -> None:
    assert decisions.last_removal(console, store, MEMBER) is None
    assert "nothing left in the last ninety days" in said(console)


def test_the_api_tells_of_a_member_whose_last_run_was_a_sweep(store: Store) -> None:
    run = RunBody.model_validate(store.library_state("testlib").last_run)
    assert (run.kind, run.status) == ("sweep", "unverified")
