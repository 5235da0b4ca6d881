from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from aiohttp import web
from sqlalchemy import select

from harvester import tables
from harvester.errors import HarvestStopped, StoreUnusable
from harvester.member import Member, Writer
from harvester.protocols import PROTOCOLS
from harvester.run import Progress, harvest
from harvester.store import RunOutcome, Store, utc_now
from tests.support.harvesting import contents, expire_lease, live, run, run_one
from tests.support.oai import (
    OaiRecord,
    OaiServer,
    dropped,
    dump_library,
    error,
    maintenance_page,
    oai_library,
    oai_server,
    records,
    sends,
    sleepless,
)

LATER = "2024-05-01T12:30:00Z"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store.open(f"sqlite:///{tmp_path}/catalogue.sqlite3")
    yield store
    store.close()


async def test_the_first_harvest_is_full_and_the_next_one_asks_only_for_what_changed(store: Store) -> None:
    async with oai_server(records(35)) as server:
        first = await run_one(store, server)
        assert (first.kind, first.status, first.seen, first.new) == ("full", "complete", 35, 35)
        server.records[3] = OaiRecord("oai:test:0003", LATER, "Another title")
        server.records[4] = OaiRecord("oai:test:0004", LATER, deleted=True)
        server.records.append(OaiRecord("oai:test:9999", LATER))
        second = await run_one(store, server)
    assert (second.kind, second.status, second.seen) == ("incremental", "complete", 3)
    assert (second.new, second.changed, second.deleted) == (1, 1, 1)
    assert server.requests[-1]["from"] == "2024-05-01T11:00:00Z"
    assert b"Another title" in contents(store)["oai:test:0003"][0]
    assert contents(store)["oai:test:0004"] == (b"", True)
    assert "oai:test:9999" in live(store)


async def test_an_incremental_harvest_deletes_nothing_by_absence(store: Store) -> None:
    async with oai_server(records(35)) as server:
        await run_one(store, server)
        server.records = []
        outcome = await run_one(store, server)
    assert (outcome.status, outcome.seen, outcome.vanished) == ("complete", 0, 0)
    assert len(live(store)) == 35


async def test_a_full_harvest_can_be_asked_for_and_changes_nothing_when_nothing_changed(store: Store) -> None:
    async with oai_server(records(35)) as server:
        await run_one(store, server)
        before = store.last_seq()
        outcome = await run_one(store, server, full=True)
    assert (outcome.kind, outcome.seen, outcome.unchanged) == ("full", 35, 35)
    assert store.last_seq() == before


async def test_what_a_complete_full_list_no_longer_has_is_deleted(store: Store) -> None:
    async with oai_server(records(35)) as server:
        await run_one(store, server)
        server.records = server.records[:-3]
        outcome = await run_one(store, server, full=True)
    assert (outcome.status, outcome.vanished) == ("complete", 3)
    assert len(live(store)) == 32


async def test_an_empty_list_deletes_nothing_and_is_not_believed(store: Store) -> None:
    async with oai_server(records(35)) as server:
        await run_one(store, server)
        server.records = []
        outcome = await run_one(store, server, full=True)
    assert (outcome.status, outcome.vanished) == ("unverified", 0)
    assert "35" in outcome.error
    assert len(live(store)) == 35


async def test_a_page_of_html_in_the_middle_is_a_failure_and_deletes_nothing(store: Store) -> None:
    async with oai_server(records(35)) as server:
        await run_one(store, server)
        server.records = [replace(record, title=f"{record.title}, changed") for record in server.records]
        server.breaks_down_at(2, maintenance_page)
        outcome = await run_one(store, server, full=True)
        assert (outcome.status, outcome.seen, outcome.changed) == ("failed", 10, 10)
        assert "HTML" in outcome.error
        assert len(live(store)) == 35
        server.recovers()
        outcome = await run_one(store, server)
    assert (outcome.status, outcome.kind, outcome.changed) == ("complete", "full", 35)
    assert server.asked[-3]["resumptionToken"] == "page-2"


async def test_a_first_harvest_that_fails_is_gone_on_with_and_not_taken_for_done(store: Store) -> None:
    async with oai_server(records(35)) as server:
        server.breaks_down_at(3, dropped)
        assert (await run_one(store, server)).status == "failed"
        server.recovers()
        server.requests.clear()
        outcome = await run_one(store, server)
    assert (outcome.kind, outcome.status, outcome.seen, outcome.new) == ("full", "complete", 35, 35)
    assert server.asked[0] == {"verb": "ListRecords", "resumptionToken": "page-3"}


async def test_a_page_that_never_comes_makes_the_next_but_one_run_begin_anew(store: Store) -> None:
    async with oai_server(records(35)) as server:
        server.breaks_down_at(3, sends("", 500))
        assert (await run_one(store, server)).status == "failed"
        assert (await run_one(store, server)).status == "failed"  # from the checkpoint, and no further
        server.recovers()
        server.requests.clear()
        outcome = await run_one(store, server)
    assert "resumptionToken" not in server.asked[0]
    assert (outcome.status, outcome.unchanged, outcome.new) == ("complete", 20, 15)


async def test_a_checkpoint_outlives_a_server_that_is_away(store: Store) -> None:
    async with oai_server(records(35)) as server:
        server.always[3] = sends("", 503)
        for _ in range(3):
            assert (await run_one(store, server)).status == "failed"
        server.recovers()
        outcome = await run_one(store, server)
    assert (outcome.status, outcome.new, outcome.unchanged) == ("complete", 35, 0)


async def test_an_unproven_end_keeps_the_watermark_and_lists_again(store: Store) -> None:
    async with oai_server(records(35)) as server:
        server.always[4] = sends(error("noRecordsMatch"))
        server.verbs["ListIdentifiers"] = sends("", 500)
        outcome = await run_one(store, server)
        assert (outcome.status, outcome.seen) == ("unverified", 30)
        assert outcome.error
        server.recovers()
        outcome = await run_one(store, server)
    assert (outcome.kind, outcome.status, outcome.unchanged, outcome.new) == ("full", "complete", 30, 5)


async def test_what_a_list_left_out_is_fetched_by_name(store: Store) -> None:
    async with oai_server(records(35)) as server:
        server.always[4] = sends(error("noRecordsMatch"))
        outcome = await run_one(store, server)
    assert (outcome.status, outcome.new) == ("complete", 35)
    assert [r["identifier"] for r in server.requests if r["verb"] == "GetRecord"] == live(store)[30:]


async def test_a_record_that_breaks_its_page_is_quarantined_by_name_and_asked_for_again_the_next_day(
    tmp_path: Path,
) -> None:
    later = timedelta()
    store = Store.open(f"sqlite:///{tmp_path}/catalogue.sqlite3", now=lambda: utc_now() + later)
    dated = [OaiRecord(f"r{number:02}", f"2024-01-{1 + number:02}T00:00:00Z") for number in range(25)]
    async with oai_server(dated, poison=frozenset({"r13"})) as server:
        outcome = await run_one(store, server)
        assert (outcome.status, outcome.new, outcome.unreadable) == ("complete", 24, 1)
        (held,) = store.quarantined("testlib")
        assert (held.identifier, "500" in held.reason) == ("r13", True)
        server.poison = frozenset()
        await run_one(store, server)
        assert store.quarantined("testlib"), "not yet"
        later = timedelta(days=1)
        assert (await run_one(store, server)).new == 1
    assert store.quarantined("testlib") == []
    assert live(store) == [record.identifier for record in dated]
    store.close()


async def test_a_record_that_came_unreadable_is_asked_for_again_after_a_week(tmp_path: Path) -> None:
    later = timedelta()
    store = Store.open(f"sqlite:///{tmp_path}/catalogue.sqlite3", now=lambda: utc_now() + later)
    async with oai_server(records(5)) as server:
        server.records[2] = replace(server.records[2], metadata="<foo/>")
        await run_one(store, server)
        server.records = records(5)  # mended, its datestamp as it was
        later = timedelta(days=6)
        await run_one(store, server)
        assert [held.identifier for held in store.quarantined("testlib")] == ["oai:test:0002"]
        later = timedelta(days=7)
        assert (await run_one(store, server)).new == 1
    assert store.quarantined("testlib") == []
    store.close()


async def test_records_that_cannot_be_read_are_counted_and_their_good_version_stays(store: Store) -> None:
    async with oai_server(records(5)) as server:
        await run_one(store, server)
        server.records[0] = OaiRecord("oai:test:0000", metadata="")
        server.records[1] = OaiRecord("oai:test:0001", metadata="<foo/>")
        outcome = await run_one(store, server, full=True)
        assert (outcome.status, outcome.unreadable, outcome.vanished) == ("complete", 2, 0)
        assert len(live(store)) == 5
        assert [q.identifier for q in store.quarantined("testlib")] == ["oai:test:0000", "oai:test:0001"]
        server.records = records(5)
        await run_one(store, server, full=True)
    assert store.quarantined("testlib") == []


async def test_a_record_without_a_name_keeps_absent_ones_alive_even_when_it_came_before_a_kill(store: Store) -> None:
    async with oai_server(records(25)) as server:
        await run_one(store, server)
        server.records = [replace(server.records[0], identifier=""), *server.records[1:]]
        server.breaks_down_at(2, dropped)
        assert (await run_one(store, server, full=True)).status == "failed"
        server.recovers()
        outcome = await run_one(store, server)
    assert (outcome.status, outcome.unreadable, outcome.vanished) == ("unverified", 1, 0)
    assert "no name" in outcome.error
    assert len(live(store)) == 25


async def test_a_server_that_does_not_honour_dates_is_harvested_in_full_each_time(store: Store) -> None:
    async with oai_server(records(5)) as server:
        library = oai_library(server.url, selective=False)
        for _ in range(2):
            (outcome,) = await run(store, library)
            assert (outcome.kind, outcome.status) == ("full", "complete")
    assert all("from" not in request for request in server.requests)


async def test_another_set_is_harvested_in_full(store: Store) -> None:
    async with oai_server(records(5, sets=("books",)), sets=("books",)) as server:
        await run_one(store, server)
        (outcome,) = await run(store, oai_library(server.url, set="books"))
    assert (outcome.kind, outcome.status) == ("full", "complete")


async def test_one_member_that_fails_stops_no_other(store: Store) -> None:
    async with AsyncExitStack() as stack:
        good = [await stack.enter_async_context(oai_server(records(35))) for _ in range(2)]
        bad = await stack.enter_async_context(oai_server(records(35)))
        bad.always[2] = sends("", 403)
        gone = await stack.enter_async_context(oai_server(records(35)))
        gone.always[1] = dropped
        libraries = [
            oai_library(good[0].url, "good-a"),
            oai_library(bad.url, "bad"),
            oai_library("http://127.0.0.1:1/oai", "nobody"),
            oai_library(gone.url, "gone"),
            dump_library("/nowhere/records.mrc", code="file"),
            oai_library("http://[bad", "nonsense"),
            oai_library(good[1].url, "good-b"),
        ]
        outcomes = await run(store, *libraries)
    statuses = {outcome.library: outcome.status for outcome in outcomes}
    assert statuses == {
        "good-a": "complete",
        "bad": "failed",
        "nobody": "failed",
        "gone": "failed",
        "file": "failed",
        "nonsense": "failed",
        "good-b": "complete",
    }
    assert all(outcome.error for outcome in outcomes if outcome.status == "failed")
    assert [outcome.library for outcome in outcomes] == [library.code for library in libraries]
    assert len(live(store, "good-b")) == 35
    assert len(live(store, "bad")) == 10


async def test_members_are_asked_side_by_side(store: Store) -> None:
    # Each server answers only when all three have been asked: one after another would never end.
    waiting = asyncio.Barrier(3)

    async def together(server: OaiServer, request: web.Request) -> web.StreamResponse:
        await waiting.wait()
        return await sends(server.page(1))(server, request)

    async with AsyncExitStack() as stack, asyncio.timeout(20):
        servers = [await stack.enter_async_context(oai_server(records(5))) for _ in range(3)]
        for server in servers:
            server.at(1, together)
        outcomes = await run(store, *(oai_library(s.url, f"lib-{n}") for n, s in enumerate(servers)))
    assert [outcome.new for outcome in outcomes] == [5, 5, 5]


async def test_no_more_members_than_allowed_are_asked_at_once(store: Store) -> None:
    at_once = most = 0

    async def watched(server: OaiServer, request: web.Request) -> web.StreamResponse:
        nonlocal at_once, most
        at_once += 1
        most = max(most, at_once)
        await asyncio.sleep(0)
        at_once -= 1
        return await sends(server.page(1))(server, request)

    async with AsyncExitStack() as stack:
        servers = [await stack.enter_async_context(oai_server(records(5))) for _ in range(4)]
        for server in servers:
            server.always[1] = watched
        await run(store, *(oai_library(s.url, f"lib-{n}") for n, s in enumerate(servers)), concurrency=1)
    assert most == 1


async def test_progress_is_told_page_by_page(store: Store) -> None:
    told: list[Progress] = []
    async with oai_server(records(25)) as server:
        await run(store, oai_library(server.url), progress=told.append)
    assert told == [
        Progress("testlib", 0, None, "begun"),
        Progress("testlib", 10, 25, "harvesting"),
        Progress("testlib", 20, 25, "harvesting"),
        Progress("testlib", 25, 25, "harvesting"),
        Progress("testlib", 25, 25, "complete"),
    ]


async def test_progress_tells_of_a_failure(store: Store) -> None:
    told: list[Progress] = []
    async with oai_server(records(25)) as server:
        server.always[2] = sends("", 403)
        await run(store, oai_library(server.url), progress=told.append)
    assert told[-1] == Progress("testlib", 10, None, "failed")


async def test_what_nobody_foresaw_is_raised_after_the_others_have_ended(store: Store) -> None:
    def break_down(progress: Progress) -> None:
        if progress.library == "lib-0":
            raise ZeroDivisionError

    async with oai_server(records(5)) as first, oai_server(records(35)) as second:
        libraries = [oai_library(first.url, "lib-0"), oai_library(second.url, "lib-1")]
        with pytest.raises(ExceptionGroup) as caught:
            await run(store, *libraries, progress=break_down)
    assert isinstance(caught.value.exceptions[0], ZeroDivisionError)
    assert len(live(store, "lib-1")) == 35


async def test_a_store_that_cannot_be_written_stops_everything(store: Store, tmp_path: Path) -> None:
    async with oai_server(records(5)) as server:
        with store.engine.begin() as connection:
            connection.exec_driver_sql("DROP TABLE run")
        with pytest.raises(StoreUnusable):
            await run(store, oai_library(server.url))


async def test_a_run_that_another_process_takes_over_ends_without_harm(store: Store) -> None:
    async def take_over(server: OaiServer, request: web.Request) -> web.StreamResponse:
        library = oai_library(server.url)
        expire_lease(store)
        async with sleepless() as session:
            await harvest([library], store, session=session)
        return await sends(server.page(2))(server, request)

    async with oai_server(records(35)) as server:
        server.at(2, take_over)
        outcome = await run_one(store, server)
    assert (outcome.status, outcome.seen) == ("failed", 10)
    assert "another process" in outcome.error
    state = store.library_state("testlib")
    assert state.records == 35
    assert state.last_run is not None
    assert state.last_run.status == "complete"


async def test_two_harvests_of_one_member_are_never_at_work_at_once(store: Store) -> None:
    others: list[RunOutcome] = []

    async def second(server: OaiServer, request: web.Request) -> web.StreamResponse:
        async with sleepless() as session:
            others.extend(await harvest([oai_library(server.url)], store, session=session))
        return await sends(server.page(2))(server, request)

    async with oai_server(records(35)) as server:
        server.at(2, second)
        outcome = await run_one(store, server)
        again = await run_one(store, server)
    assert [(other.status, other.seen) for other in others] == [("failed", 0)]
    assert "another process" in others[0].error
    assert (outcome.status, outcome.new) == ("complete", 35)
    assert again.status == "complete"


async def test_a_run_that_breaks_down_lets_the_next_one_go_on_at_once(store: Store) -> None:
    def break_down(progress: Progress) -> None:
        if progress.records == 20:
            raise ZeroDivisionError

    async with oai_server(records(35)) as server:
        with pytest.raises(ExceptionGroup):
            await run(store, oai_library(server.url), progress=break_down)
        outcome = await run_one(store, server)
    assert (outcome.status, outcome.seen, outcome.new) == ("complete", 35, 35)


async def test_a_harvest_that_is_asked_to_stop_ends_between_two_pages_and_the_next_goes_on(store: Store) -> None:
    pages = iter([False, True])
    async with oai_server(records(35)) as server, sleepless() as session:
        member = Member(
            oai_library(server.url), PROTOCOLS["oai-pmh"], Writer(store), session, None, lambda _: next(pages)
        )
        with pytest.raises(HarvestStopped):
            await member.harvest(full=False, sweep=None)
        assert len(live(store)) == 20
        assert asked_at(store) == [None]  # nothing was under way, so no page can be lost
        outcome = await run_one(store, server)
    assert (outcome.status, outcome.seen) == ("complete", 35)
    assert [request.get("resumptionToken", "page-1") for request in server.asked] == [f"page-{n}" for n in (1, 2, 3, 4)]


def asked_at(store: Store) -> list[datetime | None]:
    """From when on the pages that interrupted runs go on with may have been asked for."""
    with store.reading() as connection:
        return list(connection.execute(select(tables.checkpoint.c.requested_at)).scalars())


async def test_a_page_that_is_asked_for_and_never_came_is_known_to_whoever_goes_on(store: Store) -> None:
    async with oai_server(records(35)) as server:
        server.breaks_down_at(3, dropped)
        assert (await run_one(store, server)).status == "failed"
        assert asked_at(store) != [None]


async def test_a_list_that_is_at_its_end_is_not_stopped(store: Store) -> None:
    async with oai_server(records(5)) as server, sleepless() as session:
        member = Member(oai_library(server.url), PROTOCOLS["oai-pmh"], Writer(store), session, None, lambda _: True)
        [outcome] = await member.harvest(full=False, sweep=None)
    assert outcome.status == "complete"


async def test_a_run_that_dies_between_its_last_page_and_its_end_lists_nothing_again(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(*_: object, **__: object) -> None:
        raise KeyError("killed")

    async with oai_server(records(35)) as server:
        with monkeypatch.context() as patched:
            patched.setattr(Store, "finish_run", dies)
            with pytest.raises(BaseExceptionGroup):
                await run_one(store, server)
        listed = len(server.asked)
        outcome = await run_one(store, server)
        assert len(server.asked) == listed
        assert (outcome.kind, outcome.status, outcome.seen) == ("full", "complete", 35)
        assert (await run_one(store, server)).kind == "incremental"
