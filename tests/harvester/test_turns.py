"""One request at a time to a host, whichever process asks, and none that waits for a process that died."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from fixtures.wild.command import built
from fixtures.wild.serving import serving
from harvester.errors import StoreUnusable
from harvester.http import PatientSession
from harvester.run import harvest
from harvester.store import Store
from harvester.turns import Turns, file_name
from tests.support.oai import oai_library

HOLDER = """
import asyncio, sys
from pathlib import Path
from harvester.turns import Turns
async def hold():
    async with Turns(Path(sys.argv[1])).at("http://a"):
        print("held", flush=True)
        await asyncio.Event().wait()
asyncio.run(hold())
"""


@pytest.mark.parametrize(
    ("heeding", "at_once", "why"),
    [(True, 1, "one folder for both"), (False, 2, "without a folder nobody knows of the other")],
)
async def test_two_processes_with_libraries_at_one_host_ask_it_in_turn(
    tmp_path: Path, heeding: bool, at_once: int, why: str
) -> None:
    async with serving(built(["slow"], 45, 5)) as site, AsyncExitStack() as stack:
        site.server.memory["seconds"] = "0.01"
        harvests = []
        for code in ("one", "two"):  # a session and a store for each, as two processes have them
            turns = Turns(tmp_path / "hosts" if heeding else None)
            session = await stack.enter_async_context(PatientSession(turns=turns))
            store = Store.open(f"sqlite:///{tmp_path}/{code}.sqlite3")
            stack.callback(store.close)
            harvests.append(harvest([oai_library(site.url, code=code)], store, session=session))
        outcomes = [outcome for (outcome,) in await asyncio.gather(*harvests)]
    assert [(outcome.status, outcome.new) for outcome in outcomes] == [("complete", 45)] * 2
    assert site.most_at_once == at_once, why


async def test_the_turn_of_a_process_that_was_killed_is_free(tmp_path: Path) -> None:
    command = [sys.executable, "-c", HOLDER, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as holder:  # noqa: ASYNC220  nothing else runs
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        turn = asyncio.ensure_future(Turns(tmp_path).at("http://a").__aenter__())
        async with Turns(tmp_path).at("http://b"):
            assert not turn.done(), "another host's turn is free, this one's is not"
        holder.kill()
        async with asyncio.timeout(10):
            assert await turn, "somebody had it before: the host gets its pause"


async def test_who_asked_before_is_known_for_the_pause_between_requests(tmp_path: Path) -> None:
    turns = Turns(tmp_path)
    for expected in (False, True):
        async with turns.at("http://a") as asked_before:
            assert asked_before is expected
    async with turns.at("http://b") as asked_before:
        assert not asked_before


async def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "hosts").write_text("a file")
    with pytest.raises(StoreUnusable, match="hosts"):
        async with Turns(tmp_path / "hosts").at("http://a"):
            pass


@pytest.mark.parametrize(
    ("one", "other"),
    [("http://a:80", "http://a:81"), ("http://a", "https://a"), ("http://" + "a" * 80, "http://" + "a" * 81)],
)
def test_every_host_has_a_file_of_its_own(one: str, other: str) -> None:
    names = {file_name(one), file_name(other)}
    assert len(names) == 2
    assert not any("/" in name or len(name) > 100 for name in names)
