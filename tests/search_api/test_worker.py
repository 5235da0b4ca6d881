"""The worker over real servers: who is harvested when, what is indexed, what it says, how it stops."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiohttp import web

from harvester.http import PatientSession
from harvester.protocols import PROTOCOLS
from harvester.schedule import due_next
from harvester.standing import standings
from harvester.store import Store, utc_now
from indexer.engine.open import open_engine
from mappings.library import Library, LibraryInvalid
from mappings.schedule import Schedule
from search_api.indexing import indexing
from search_api.settings import Settings
from search_api.worker import Level, Pace, Worker
from tests.support.catalogue import HARVESTED, harvest_into
from tests.support.harvesting import live
from tests.support.oai import OaiServer, dropped, dump_library, oai_library, oai_server, records, sends, sleepless

PACE = Pace(look=0.02, settle=0.0, rest=0.0, grace=5.0)


@dataclass
class Notes:
    """What a worker said."""

    lines: list[dict[str, object]] = field(default_factory=list)
    news: asyncio.Event = field(default_factory=asyncio.Event)

    def __call__(self, what: str, level: Level = "info", **facts: object) -> None:
        self.lines.append({"what": what, "level": level, **facts})
        self.news.set()

    def of(self, what: str, **facts: object) -> list[dict[str, object]]:
        return [one for one in self.lines if one["what"] == what and facts.items() <= one.items()]

    async def until(self, what: str, count: int = 1, **facts: object) -> list[dict[str, object]]:
        """The lines of a kind, when there are so many."""
        async with asyncio.timeout(20):
            while len(self.of(what, **facts)) < count:
                self.news.clear()
                await self.news.wait()
        return self.of(what, **facts)


@dataclass
class Place:
    """A deployment's folder with its store, and the members its workers know."""

    folder: Path
    store: Store
    libraries: dict[str, Library] = field(default_factory=dict)
    notes: Notes = field(default_factory=Notes)

    @property
    def settings(self) -> Settings:
        return Settings(home=self.folder)

    def knows(self, *libraries: Library) -> None:
        self.libraries = {library.code: library for library in libraries}

    def worker(self, session: PatientSession, **values: object) -> Worker:
        given: dict[str, object] = {"pace": PACE, **values}
        return Worker(self.settings, lambda: self.libraries, self.store, session, self.notes, **given)  # type: ignore[arg-type]

    @asynccontextmanager
    async def working(self, **values: object) -> AsyncIterator[Worker]:
        async with sleepless() as session:
            worker = self.worker(session, **values)
            task = asyncio.create_task(worker.run())
            try:
                yield worker
            finally:
                worker.stop()
                await task

    async def found(self) -> int:
        """How many editions a reader of its own finds."""
        engine = open_engine("", self.settings.index_folder)
        try:
            return await engine.count()
        finally:
            await engine.close()


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    store = Store.open(Settings(home=tmp_path).database_url)
    yield Place(tmp_path, store)
    store.close()


async def test_new_members_are_harvested_and_indexed_together(place: Place) -> None:
    async with oai_server(records(25)) as one, oai_server(records(5)) as other:
        place.knows(oai_library(one.url, "one"), oai_library(other.url, "other"))
        async with place.working(pace=replace(PACE, settle=0.5)):
            said = await place.notes.until("harvest", 2)
            [index] = await place.notes.until("index")
        assert {(line["library"], line["status"], line["seen"]) for line in said} == {
            ("one", "complete", 25),
            ("other", "complete", 5),
        }
        assert (index["status"], index["records"]) == ("complete", 30)
        assert await place.found() > 0
        assert [len(server.asked) for server in (one, other)] == [3, 1], "nobody was asked again before it was due"
    assert [line["what"] for line in place.notes.lines] == ["work", "harvest", "harvest", "index", "end"]


async def test_an_index_that_lacks_editions_is_filled_anew_when_the_worker_begins(place: Place) -> None:
    async with oai_server(records(5)) as server:
        place.knows(oai_library(server.url, "one"))
        async with place.working():
            await place.notes.until("index")
        whole = await place.found()
        shutil.rmtree(place.settings.index_folder)
        place.notes.lines.clear()
        async with place.working():
            [index] = await place.notes.until("index")
    assert (index["status"], index["records"], index["editions"]) == ("complete", 0, whole)
    assert await place.found() == whole


async def test_a_damaged_index_is_an_alarm_when_the_worker_begins(place: Place) -> None:
    async with oai_server(records(5)) as server:
        place.knows(oai_library(server.url, "one"))
        async with place.working():
            await place.notes.until("index")
        [meta] = place.settings.index_folder.glob("*/meta.json")
        meta.write_bytes(meta.read_bytes()[:100])
        place.notes.lines.clear()
        async with place.working():
            [index] = await place.notes.until("index")
    assert (index["level"], index["status"]) == ("alarm", "failed")
    assert "allshelves rebuild" in str(index["error"])


async def test_a_member_is_harvested_again_when_its_time_has_come(place: Place) -> None:
    ahead = timedelta()
    place.store.now = lambda: utc_now() + ahead
    async with oai_server(records(5), clock=utc_now()) as server:
        place.knows(oai_library(server.url, "one"))
        async with place.working():
            await place.notes.until("index")
            ahead = timedelta(hours=25)
            [_, again] = await place.notes.until("harvest", 2)
    assert again["kind"] == "incremental"


async def test_a_member_whose_file_was_taken_away_and_comes_back_is_harvested_when_it_is_due(place: Place) -> None:
    ahead = timedelta()
    place.store.now = lambda: utc_now() + ahead
    async with oai_server(records(5), clock=utc_now()) as one, oai_server(records(5), clock=utc_now()) as other:
        libraries = oai_library(one.url, "one"), oai_library(other.url, "other")
        place.knows(*libraries)
        async with place.working():
            await place.notes.until("index")
        place.knows(libraries[1])
        ahead = timedelta(hours=25)
        async with place.working():
            [*_, away] = await place.notes.until("harvest", 3)
            assert [line["library"] for line in place.notes.of("harvest")].count("one") == 1
            place.knows(*libraries)
            [*_, back] = await place.notes.until("harvest", 4)
    assert (away["library"], back["library"], back["kind"], back["status"]) == (
        "other",
        "one",
        "incremental",
        "complete",
    )
    assert len(live(place.store, "one")) == 5, "its records stayed"


async def test_what_somebody_else_harvested_is_indexed_too(place: Place) -> None:
    run = place.store.begin_run("one", "full", "by hand")
    place.store.finish_run(run, "complete")
    place.knows(oai_library("http://127.0.0.1:9/oai", "one"))
    async with place.working():
        await asyncio.to_thread(harvest_into, place.store, "one", HARVESTED["alpha"])
        [line] = await place.notes.until("index")
    assert line["records"] == 2
    assert place.notes.of("harvest") == []


async def test_two_workers_harvest_each_member_once(place: Place) -> None:
    async with oai_server(records(25)) as one, oai_server(records(35)) as other:
        libraries = [oai_library(one.url, "one"), oai_library(other.url, "other")]
        place.knows(*libraries)
        second = Place(place.folder, Store.open(place.settings.database_url), place.libraries)
        async with place.working(), second.working():
            async with asyncio.timeout(20):
                while len(place.notes.of("harvest") + second.notes.of("harvest")) < 2 or await place.found() == 0:
                    await asyncio.wait(
                        [asyncio.ensure_future(notes.news.wait()) for notes in (place.notes, second.notes)],
                        timeout=0.05,
                        return_when=asyncio.FIRST_COMPLETED,
                    )
        assert [len(server.asked) for server in (one, other)] == [3, 4]
        second.store.close()
    assert len(live(place.store, "one")) == 25
    assert len(live(place.store, "other")) == 35


async def test_a_server_that_asks_for_patience_gets_it(place: Place) -> None:
    async with oai_server(records(5)) as server:
        for verb in ("Identify", "ListRecords"):
            server.verbs[verb] = sends("busy", 503, Retry_After="7200")
        place.knows(oai_library(server.url, "one"))
        async with place.working():
            [line] = await place.notes.until("harvest")
        asked = len(server.requests)
        assert (line["level"], line["cause"]) == ("warning", "come_back_later")
        at = due_next(place.store, place.libraries)["one"]
        assert timedelta(hours=1.9) < at - utc_now() < timedelta(hours=2.1)
        async with place.working() as worker:
            await asyncio.wait_for(worker._look(), 5)
        assert len(server.requests) == asked, "not before the time it named"


async def test_a_host_whose_name_leads_nowhere_is_an_alarm(place: Place) -> None:
    place.knows(oai_library("http://catalogue.invalid/oai", "one", retries=0))
    async with place.working():
        [line] = await place.notes.until("harvest")
    assert (line["level"], line["cause"]) == ("alarm", "host_unknown")
    assert "catalogue.invalid" in str(line["error"])
    assert standings(place.store, place.libraries)["one"].freshness == "alarm"


async def test_one_member_that_fails_is_a_warning_and_stops_no_other(place: Place, tmp_path: Path) -> None:
    async with oai_server(records(5)) as server:
        place.knows(dump_library(str(tmp_path / "nosuch.mrc"), code="one"), oai_library(server.url, "other"))
        async with place.working():
            lines = {line["library"]: line for line in await place.notes.until("harvest", 2)}
    assert (lines["one"]["level"], lines["one"]["status"]) == ("warning", "failed")
    assert lines["other"]["status"] == "complete"


async def test_it_stops_between_two_pages_and_the_next_goes_on_from_there(place: Place) -> None:
    async with oai_server(records(35)) as server:
        place.knows(oai_library(server.url, "one"))

        async with place.working() as worker:

            async def stopped(server: OaiServer, request: web.Request) -> web.StreamResponse:
                worker.stop()
                return web.Response(text=server.page(2), content_type="text/xml")

            server.at(2, stopped)
            await place.notes.until("end")
        [line] = place.notes.of("harvest")
        assert (line["status"], line["why"]) == ("stopped", "the worker stops")
        assert len(live(place.store, "one")) == 20
        async with place.working():
            await place.notes.until("harvest", 2)
        assert len(live(place.store, "one")) == 35
        tokens = [request.get("resumptionToken", "page-1") for request in server.asked]
        assert tokens == ["page-1", "page-2", "page-3", "page-4"]


async def test_a_page_that_does_not_come_is_not_waited_for_for_ever(place: Place) -> None:
    hanging, ended = asyncio.Event(), asyncio.Event()

    async def hangs(server: OaiServer, request: web.Request) -> web.StreamResponse:
        hanging.set()
        await ended.wait()
        return web.Response()

    async with oai_server(records(35)) as server:
        server.at(2, hangs)
        place.knows(oai_library(server.url, "one"))
        async with place.working(pace=replace(PACE, grace=0.05)):
            await hanging.wait()
        ended.set()
        assert len(live(place.store, "one")) == 10
        assert list(due_next(place.store, place.libraries)) == ["one"], "its lease was given back"


async def test_quiet_hours_stop_a_list_that_can_be_gone_on_with(place: Place) -> None:
    now = [datetime(2026, 11, 20, 23, 50, tzinfo=UTC)]  # ten to eight in Taipei
    place.store.now = lambda: now[0]

    async def morning(server: OaiServer, request: web.Request) -> web.StreamResponse:
        now[0] += timedelta(minutes=20)
        return web.Response(text=server.page(2), content_type="text/xml")

    async with oai_server(records(35)) as server:
        server.at(2, morning)
        library = oai_library(server.url, "one").model_copy(update={"schedule": Schedule(quiet="08:00-22:00")})
        place.knows(library)
        async with place.working():
            [line] = await place.notes.until("harvest")
    assert (line["status"], line["why"]) == ("stopped", "quiet hours begin")
    assert len(live(place.store, "one")) == 20
    assert due_next(place.store, place.libraries) == {"one": datetime(2026, 11, 21, 14, tzinfo=UTC)}


async def test_a_slip_in_a_librarys_file_stops_nobody(place: Place) -> None:
    known: list[Mapping[str, Library] | LibraryInvalid] = []

    def files() -> Mapping[str, Library]:
        if isinstance(known[0], LibraryInvalid):
            raise known[0]
        return known[0]

    async with oai_server(records(5)) as server, sleepless() as session:
        known.append({"one": oai_library(server.url, "one")})
        worker = Worker(place.settings, files, place.store, session, place.notes, pace=PACE)
        task = asyncio.create_task(worker.run())
        await place.notes.until("work")
        known[0] = LibraryInvalid("one.toml: no such key")
        await place.notes.until("libraries")
        await place.notes.until("harvest", status="complete")
        worker.stop()
        await task


async def test_what_another_process_harvests_is_indexed_when_that_harvest_has_ended(place: Place) -> None:
    looks, begun, count = asyncio.Condition(), asyncio.Event(), 0
    looking: list[asyncio.Task[None]] = []

    def files() -> Mapping[str, Library]:
        nonlocal count
        count += 1
        looking.append(asyncio.create_task(told()))
        return place.libraries

    async def told() -> None:
        async with looks:
            looks.notify_all()

    async def after_two_looks(server: OaiServer, request: web.Request) -> web.StreamResponse:
        """The page, when the idle worker has seen the one before in the store and might index it."""
        begun.set()
        seen = count
        async with asyncio.timeout(20), looks:
            await looks.wait_for(lambda: count >= seen + 3)
        return web.Response(text=server.page(len(server.asked)), content_type="text/xml")

    async with oai_server(records(45)) as server, sleepless() as session:
        place.knows(oai_library(server.url, "one"))
        for page in range(2, 6):
            server.at(page, after_two_looks)
        async with place.working():
            await begun.wait()
            idle = Worker(place.settings, files, place.store, session, place.notes, pace=PACE)
            task = asyncio.create_task(idle.run())
            await place.notes.until("index", status="complete")
            idle.stop()
            await task
    assert [line["records"] for line in place.notes.of("index")] == [45], "at once, and by one of the two"


async def test_an_index_that_another_process_writes_is_waited_for(place: Place) -> None:
    async with oai_server(records(5)) as server:
        place.knows(oai_library(server.url, "one"))
        async with place.working():
            async with indexing(place.settings, place.store):
                await place.notes.until("harvest")
                assert place.notes.of("index") == []
            await place.notes.until("index", status="complete")
    assert place.notes.of("index", status="failed") == []


async def test_what_nobody_foresaw_is_an_alarm_and_stops_no_other(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with oai_server(records(5)) as server:
        place.knows(oai_library(server.url, "one"), oai_library(server.url, "other"))
        protocols = dict(PROTOCOLS)
        source = protocols["oai-pmh"]

        def pages(visit: object) -> object:
            if visit.library.code == "one":  # type: ignore[attr-defined]
                raise RuntimeError("a mistake of ours")
            return source.pages(visit)  # type: ignore[arg-type]

        protocols["oai-pmh"] = replace(source, pages=pages)
        async with place.working(protocols=protocols):
            [alarm] = await place.notes.until("harvest", level="alarm")
            await place.notes.until("harvest", library="other", status="complete")
    assert (alarm["library"], alarm["error"]) == ("one", "RuntimeError: a mistake of ours")


async def test_connections_that_drop_are_tried_again_sooner_than_tomorrow(place: Place) -> None:
    async with oai_server(records(5)) as server:
        server.verbs["Identify"] = dropped
        place.knows(oai_library(server.url, "one"))
        async with place.working():
            await place.notes.until("harvest", cause="unreachable")
    assert due_next(place.store, place.libraries)["one"] - utc_now() < timedelta(minutes=16)
