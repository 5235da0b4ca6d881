"""Our harvester and a server that we did not write; our servers and a client that we did not write."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from sickle import Sickle

from fixtures.consortium.editions import load_editions
from fixtures.servers import running_consortium
from fixtures.wild.manner import Manner
from fixtures.wild.repository import Clock, Repository
from fixtures.wild.server import WildServer
from fixtures.wild.serving import serving
from harvester import oai_pmh
from harvester.protocols import PROTOCOLS
from harvester.run import harvest
from harvester.store import RunOutcome, Store
from mappings.library import Library, load_libraries
from tests.support.harvesting import live, run
from tests.support.oai import oai_library, sleepless
from tests.support.oai_repo_server import oai_repo_server


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> Iterator[Store]:
    store = Store.open(f"sqlite:///{tmp_path}/catalogue.sqlite3", clock)
    yield store
    store.close()


async def sickle(url: str, prefix: str) -> dict[str, bool]:
    """What Sickle lists: identifier → deleted."""

    def listed() -> dict[str, bool]:
        records = Sickle(url).ListRecords(metadataPrefix=prefix)
        return {record.header.identifier: record.header.deleted for record in records}

    return await asyncio.to_thread(listed)


async def ours(store: Store, library: Library, clock: Clock, *, sweep: bool = False) -> list[RunOutcome]:
    source = replace(
        PROTOCOLS["oai-pmh"],
        pages=partial(oai_pmh.pages, now=clock),
        identifiers=partial(oai_pmh.identifiers, now=clock),
        one=partial(oai_pmh.one, now=clock),
    )
    async with sleepless() as session:
        return await harvest([library], store, sweep=sweep, session=session, protocols={"oai-pmh": source})


@pytest.mark.parametrize("count", [1, 10, 11, 45, 120])
async def test_a_server_that_we_did_not_write_is_harvested_to_the_last_record(
    store: Store, clock: Clock, count: int
) -> None:
    async with oai_repo_server(Repository.of(count, clock)) as url:
        (outcome,) = await ours(store, oai_library(url, metadata_prefix=""), clock)
        theirs = await sickle(url, "marc21")
    assert (outcome.status, outcome.new, outcome.error) == ("complete", count, "")
    assert live(store) == sorted(theirs)


async def test_its_changes_come_incrementally_and_what_it_silently_deletes_goes_in_the_sweep(
    store: Store, clock: Clock
) -> None:
    clock.at = datetime.now(UTC)  # it tells the time by this machine's clock
    repository = Repository.of(45, clock)
    async with oai_repo_server(repository) as url:
        library = oai_library(url, metadata_prefix="marc21")
        await ours(store, library, clock)
        clock.later(days=2)
        repository.touch("oai:wild:0007")
        repository.vanish("oai:wild:0003", "oai:wild:0044")
        changes, sweep = await ours(store, library, clock, sweep=True)
        theirs = await sickle(url, "marc21")
    assert (changes.kind, changes.status, changes.changed, changes.seen) == ("incremental", "complete", 1, 1)
    assert (sweep.kind, sweep.status, sweep.vanished) == ("sweep", "complete", 2)
    assert live(store) == sorted(theirs)


@pytest.mark.parametrize("order", ["time", "identifier", "random"])
async def test_a_client_that_we_did_not_write_lists_our_wild_server_as_ours_does(
    store: Store, clock: Clock, order: str
) -> None:
    repository = Repository.of(45, clock)
    repository.delete("oai:wild:0005")
    async with serving(WildServer(repository, Manner(order=order))) as site:  # type: ignore[arg-type]
        (outcome,) = await ours(store, oai_library(site.url), clock)
        theirs = await sickle(site.url, "marcxml")
    assert (outcome.status, outcome.seen) == ("complete", len(theirs))
    assert live(store) == sorted(name for name, deleted in theirs.items() if not deleted)
    assert [name for name, deleted in theirs.items() if deleted] == ["oai:wild:0005"]


async def test_a_client_that_we_did_not_write_lists_the_demos_members_as_ours_does(tmp_path: Path) -> None:
    store = Store.open(f"sqlite:///{tmp_path}/catalogue.sqlite3")
    async with running_consortium(editions=load_editions(), editions_limit=60, page_size=20) as consortium:
        libraries = load_libraries(consortium.write_libraries(tmp_path / "libraries"))
        checked = 0
        for member in consortium:
            library = libraries[member.code]
            if library.harvest.protocol != "oai-pmh":
                continue
            member.server.off()
            (outcome,) = await run(store, library)
            theirs = await sickle(member.harvest_url, library.harvest.metadata_prefix)
            assert outcome.status == "complete"
            assert live(store, member.code) == sorted(name for name, deleted in theirs.items() if not deleted)
            checked += 1
    store.close()
    assert checked >= 4
