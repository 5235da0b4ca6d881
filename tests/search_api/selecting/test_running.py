"""A report is read and checked step by step, kept, and gone on with whenever it is broken off."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from harvester import lease
from harvester.store import Store
from search_api.selecting import running
from search_api.selecting.answering import Answers
from search_api.selecting.asking import Asked
from search_api.selecting.found import Bucket, Checked
from search_api.selecting.given import Given
from search_api.selecting.listing import Options
from search_api.selecting.matching import Shelves
from search_api.selecting.reports import KEPT_DAYS, Reports
from search_api.selecting.running import Desk
from search_api.settings import Settings
from tests.support.catalogue import RED, UNHELD

TEXT = f"{RED}\n{UNHELD}\nx\n{RED}\n9789570835879\n紅樓夢校注 / 曹雪芹\n".encode()


@pytest.fixture
def desk(reports_store: Store, shelves: Shelves) -> Desk:
    return Desk(Reports(reports_store), shelves)


async def test_every_line_in_comes_out_in_one_bucket(desk: Desk) -> None:
    report = desk.reports.add(TEXT, "名單", "a.txt", Options(), made_by="wang", library="alpha")
    seen: list[tuple[int, int | None]] = []
    await desk.finish(report, lambda told: seen.append((told.checked, told.lines)))
    found = desk.reports.report(report)
    assert found is not None
    assert (found.state, found.lines, found.checked, found.made_by) == ("done", 6, 6, "wang")
    assert seen == [(6, 6)]
    briefs = desk.reports.briefs(report)
    assert [line.number for line in briefs] == [1, 2, 3, 4, 5, 6]
    assert [line.repeats for line in briefs] == [None, None, None, 1, None, None]
    assert found.catalogue == await desk.shelves.engine.state()
    lines = desk.reports.lines(report, [1, 5])
    assert lines[1].editions[0].held_by[0].library == "alpha"
    assert lines[5].suggestions[0].isbn == RED


async def test_a_report_broken_off_goes_on_where_it_was(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "LINES_CHECKED", 2)
    asked: list[list[int]] = []

    async def checked_once(lines: list[Given], shelves: Shelves) -> list[Checked]:
        asked.append([line.number for line in lines])
        if len(asked) == 2:
            raise asyncio.CancelledError
        return await real(lines, shelves)

    real = running.checked
    monkeypatch.setattr(running, "checked", checked_once)
    report = desk.reports.add(TEXT, "", "", Options())
    with pytest.raises(asyncio.CancelledError):
        await desk.finish(report)
    halfway = desk.reports.report(report)
    assert halfway is not None
    assert (halfway.state, halfway.checked) == ("checking", 2)
    assert desk.reports.unfinished() == [report]
    await desk.finish(report)
    assert asked == [[1, 2], [3, 4], [3, 4], [5, 6]], "what was committed is not done again"
    assert desk.reports.unfinished() == []
    assert len(desk.reports.briefs(report)) == 6


async def test_a_reading_broken_off_begins_anew_and_doubles_nothing(desk: Desk, reports_store: Store) -> None:
    report = desk.reports.add(TEXT, "", "", Options())
    async with lease.held(reports_store, f"overlap {report}") as held:
        desk.reports.begin_reading(held, report)
        desk.reports.add_lines(held, report, [(Given(1, 1, "x"), None)])
    await desk.finish(report)
    assert desk.reports.counted(report) == 6


async def test_one_process_at_a_time_works_on_a_report(desk: Desk, reports_store: Store) -> None:
    report = desk.reports.add(TEXT, "", "", Options())
    async with lease.held(reports_store, f"overlap {report}"):
        await desk.finish(report)
        assert desk.reports.unfinished() == [report], "another has it"
    await desk.finish(report)
    assert desk.reports.unfinished() == []


async def test_a_list_that_cannot_be_read_is_refused_with_its_reason(desk: Desk) -> None:
    report = desk.reports.add(b"%PDF-1.4", "", "", Options())
    await desk.finish(report)
    found = desk.reports.report(report)
    assert found is not None
    assert (found.state, found.why, found.finished) == ("refused", "pdf", True)
    desk.reports.again(report, Options())
    assert desk.reports.unfinished() == [report], "with other settings it may be read"


async def test_the_same_list_read_otherwise_keeps_its_address(desk: Desk) -> None:
    report = desk.reports.add(f"a,b\nx,{RED}\n".encode(), "", "", Options(columns="title=2"))
    await desk.finish(report)
    assert desk.reports.briefs(report)[1].bucket is not Bucket.SAME
    desk.reports.again(report, Options(columns="isbn=2"))
    await desk.finish(report)
    assert desk.reports.briefs(report)[1].bucket is Bucket.SAME


async def test_what_is_past_its_time_goes_with_the_next_list(reports_store: Store, shelves: Shelves) -> None:
    now = reports_store.now()
    clock = [now]
    reports = Reports(Store(reports_store.engine, lambda: clock[0]))
    old = reports.add(TEXT, "", "", Options())
    clock[0] = now + timedelta(days=KEPT_DAYS - 1)
    reports.add(TEXT, "", "", Options())
    assert reports.report(old) is not None
    clock[0] = now + timedelta(days=KEPT_DAYS, seconds=1)
    reports.add(TEXT, "", "", Options())
    assert reports.report(old) is None


async def test_a_finished_report_is_answered_the_same_each_time(desk: Desk, shelves: Shelves) -> None:
    answers = Answers(desk.reports, shelves.libraries)
    report = desk.reports.add(TEXT, "", "", Options())
    await desk.finish(report)
    first = answers.page(report, Asked(mine="delta", size=2, page=9))
    assert (first.found, first.asked.page, first.pages) == (6, 3, 3), "a page beyond the last is the last"
    assert answers.page(report, Asked(mine="delta", size=2, page=3)).totals == first.totals
    _, totals, lines = answers.all_lines(report, Asked(mine="delta"))
    assert totals == first.totals
    assert len(list(lines)) == 6


KILLED = """
import asyncio, sys
from pathlib import Path
from search_api.selecting import api, running
from search_api.selecting.listing import Options
from search_api.services import open_services
from search_api.settings import Settings

running.LINES_CHECKED = 1
home = Path(sys.argv[1])

async def main():
    services = await open_services(Settings(home=home, libraries=home / "libraries"))
    desk, _ = api.open_desk(services)
    report = desk.reports.add(sys.argv[2].encode(), "", "", Options())
    async def slow(lines, shelves):
        found = await real(lines, shelves)
        if lines[0].number == 3:
            print(report, flush=True)
            await asyncio.sleep(600)
        return found
    real, running.checked = running.checked, slow
    await desk.finish(report)

asyncio.run(main())
"""


def _killed_halfway(settings: Settings) -> str:
    """A report of a process that was killed while it worked on it."""
    command = [sys.executable, "-c", KILLED, str(settings.home), TEXT.decode()]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path.cwd()) as process:
        assert process.stdout is not None
        report = process.stdout.readline().strip()
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    return report


async def test_kill_9_loses_nothing(stocked: Settings, shelves: Shelves) -> None:
    report = _killed_halfway(stocked)
    store = Store.open(stocked.database_url)
    try:
        desk = Desk(Reports(store), shelves)
        left = desk.reports.report(report)
        assert left is not None
        assert (left.state, left.checked) == ("checking", 2)
        began = time.monotonic()
        await desk.finish(report)
        assert time.monotonic() - began < lease.LEASE_TIME.total_seconds(), "a dead process's lease is known for one"
        assert [line.number for line in desk.reports.briefs(report)] == [1, 2, 3, 4, 5, 6]
    finally:
        store.close()


async def test_a_server_that_starts_goes_on_by_itself(desk: Desk) -> None:
    report = desk.reports.add(TEXT, "", "", Options())
    running_desk = replace(desk, look_seconds=0.01)
    task = asyncio.create_task(running_desk.run())
    async with asyncio.timeout(20):
        while desk.reports.unfinished():  # noqa: ASYNC110 - only the store tells
            await asyncio.sleep(0.01)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert len(desk.reports.briefs(report)) == 6
