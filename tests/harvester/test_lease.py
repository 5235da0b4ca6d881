"""One process at a time works on a member; one that was thought dead and comes back writes nothing more."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from harvester import lease
from harvester.errors import LeaseTaken, RunTakenOver
from harvester.lease import LEASE_TIME, Lease, has_died, held, this_process
from harvester.store import RawRecord, Store

NOW = datetime(2024, 5, 1, 12, tzinfo=UTC)
ELSEWHERE = "another-host 17 4711"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store.open(f"sqlite:///{tmp_path}/catalogue.sqlite3", lambda: NOW)
    yield store
    store.close()


def taken(store: Store, at: datetime = NOW, process: str = "") -> Lease:
    with store.writing() as connection:
        return lease.take(connection, "lib", at, process)


def check(store: Store, one: Lease, at: datetime) -> None:
    with store.writing() as connection:
        lease.check(connection, one.name, one.owner, at)


def dead_process() -> str:
    script = "from harvester.lease import this_process; print(this_process())"
    return subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True).stdout.strip()


TAKING = [
    # the process that has it, how much later another wants it, whether it gets it, why
    (this_process, timedelta(0), False, "it lives, though it is this very process"),
    (lambda: ELSEWHERE, timedelta(minutes=2), False, "nobody here can say whether it lives"),
    (lambda: ELSEWHERE, LEASE_TIME, True, "it has not been heard of for the whole time"),
    (dead_process, timedelta(0), True, "it died on this machine"),
]


@pytest.mark.parametrize(("process", "later", "free", "why"), TAKING, ids=[row[3] for row in TAKING])
def test_a_lease_can_be_taken_when_its_process_is_gone(
    store: Store, process: object, later: timedelta, free: bool, why: str
) -> None:
    first = taken(store, process=process())  # type: ignore[operator]
    if not free:
        with pytest.raises(LeaseTaken):
            taken(store, NOW + later)
        return
    second = taken(store, NOW + later)
    assert second.fence == first.fence + 1, why
    with pytest.raises(RunTakenOver):
        check(store, first, NOW + later)
    check(store, second, NOW + later)


def test_work_renews_the_lease(store: Store) -> None:
    mine = taken(store, process=ELSEWHERE)
    for minutes in range(2, 12, 2):
        check(store, mine, NOW + timedelta(minutes=minutes))
    with pytest.raises(LeaseTaken):
        taken(store, NOW + timedelta(minutes=12))


def test_one_that_slept_past_its_time_goes_on_when_nobody_came(store: Store) -> None:
    mine = taken(store)
    check(store, mine, NOW + timedelta(hours=3))


def test_what_was_given_back_can_be_taken_at_once(store: Store) -> None:
    first = taken(store)
    with store.writing() as connection:
        lease.give_back(connection, "lib", first.owner)
    second = taken(store)
    with store.writing() as connection:
        lease.give_back(connection, "lib", first.owner)  # not its own any more
    check(store, second, NOW)


async def test_other_work_is_done_under_a_lease_too(store: Store) -> None:
    async with held(store, "index"):
        with pytest.raises(LeaseTaken):
            async with held(store, "index"):
                pass
        async with held(store, "another task"):
            pass
    async with held(store, "index") as again:
        assert again.fence == 2


def test_a_run_fenced_out_writes_neither_pages_nor_traits_nor_its_end(store: Store) -> None:
    run = store.begin_run("lib", "full", "src")
    with store.writing() as connection:
        lease.give_back(connection, "lib", run.owner)
        lease.take(connection, "lib", NOW)
    with pytest.raises(RunTakenOver):
        store.commit_page(run, [RawRecord("lib", "a", "marcxml", b"1")], None, learnt={"gzip_ok": False})
    with pytest.raises(RunTakenOver):
        store.finish_run(run, "complete", watermark="w", absent="go")
    with pytest.raises(RunTakenOver):
        store.keep(run)
    assert (store.raw("lib", "a"), store.traits("lib", "src"), store.watermark("lib", "src")) == (None, {}, "")


def test_this_process_lives_and_one_of_another_host_is_not_said_to_have_died() -> None:
    assert not has_died(this_process())
    assert not has_died(ELSEWHERE)
