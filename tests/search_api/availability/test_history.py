"""What is kept of asking the libraries' systems: it outlasts the program, and several programs add to it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from harvester.store import Store
from search_api.availability.check import AvailabilityChecker
from search_api.availability.counted import Counted, percentile, step_of
from search_api.availability.history import KEPT_DAYS, WORD_DAYS, Day, History, Hour
from search_api.availability.http import ImpatientHttp
from search_api.availability.keeping import Keeping
from tests.support.status import daia, edition, library, serving

START = datetime(2026, 9, 1, 10, tzinfo=UTC)


class Clock:
    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> Iterator[Store]:
    opened = Store.open(f"sqlite:///{tmp_path / 'store.sqlite3'}", clock)
    yield opened
    opened.close()


def counted(*seconds: float, failed: int = 0, words: str = "", only_live: int = 0) -> Counted:
    return Counted(
        answered=len(seconds),
        failed=failed,
        last_answer_at=START if seconds else None,
        last_failure_at=START if failed else None,
        last_failure="answered HTTP 500" if failed else "",
        compared=10 * bool(only_live),
        only_live=only_live,
        steps=Counter(map(step_of, seconds)),
        words=Counter(words.split()),
    )


def day(history: History, kind: str = "patrons") -> Day:
    return next(one for one in history.of(["lib"])["lib"].days if one.kind == kind)


def test_several_processes_add_to_the_same_day(store: Store) -> None:
    one, other = History(store), History(store)
    one.add({"lib": counted(0.1, 0.1, words="新書展示 新書展示", only_live=2)})
    other.add({"lib": counted(0.1, failed=1, words="新書展示 館員代管")})
    kept = day(one)
    assert (kept.asked, kept.answered, kept.failed, kept.compared, kept.only_live) == (4, 3, 1, 10, 2)
    assert (kept.last_answer_at, kept.last_failure_at, kept.last_failure) == (START, START, "answered HTTP 500")
    assert list(other.of(["lib"])["lib"].unknown_words.items()) == [("新書展示", 3), ("館員代管", 1)]


def test_days_and_kinds_are_kept_apart_and_added_together_on_demand(store: Store, clock: Clock) -> None:
    history = History(store)
    history.add({"lib": counted(0.1, failed=1)})
    history.add({"lib": counted(0.5)}, "monitor")
    clock.now += timedelta(days=1)
    history.add({"lib": counted(0.1, 0.1)})
    past = history.of(["lib", "other"])
    assert [(one.day, one.kind, one.asked) for one in past["lib"].days] == [
        (date(2026, 9, 1), "patrons", 2),
        (date(2026, 9, 1), "monitor", 1),
        (date(2026, 9, 2), "patrons", 2),
    ]
    together = past["lib"].together("patrons")
    assert together is not None
    assert (together.asked, together.failed, together.last_failure) == (4, 1, "answered HTTP 500")
    assert (past["other"].days, past["other"].together("monitor")) == ((), None)


def test_a_success_leaves_what_failed_last_to_be_read(store: Store) -> None:
    history = History(store)
    history.add({"lib": counted(failed=1)})
    history.add({"lib": counted(0.1)})
    assert day(history).last_failure == "answered HTTP 500"


def test_what_is_old_is_not_told_and_in_the_end_not_kept(store: Store, clock: Clock) -> None:
    history = History(store)
    history.add({"lib": counted(0.1, words="舊詞")})
    clock.now += timedelta(days=WORD_DAYS + 1)
    past = history.of(["lib"])["lib"]
    assert (past.days, past.unknown_words) == ((), {})
    assert history.of(["lib"], told_days=KEPT_DAYS)["lib"].days
    clock.now += timedelta(days=KEPT_DAYS)
    history.add({})
    assert not history.of(["lib"], told_days=2 * KEPT_DAYS)["lib"].days


@pytest.mark.parametrize(
    ("seconds", "median", "slow"),
    [
        ([], None, None),
        ([0.1] * 99 + [5.0], 0.1, 0.1),
        ([0.1] * 90 + [5.0] * 10, 0.1, 5.0),
        ([0.0], 0.01, 0.01),
        ([3600.0], 40.96, 40.96),
    ],
)
def test_percentiles_are_told_to_a_fifth(seconds: list[float], median: float | None, slow: float | None) -> None:
    steps = Counter(map(step_of, seconds))
    for share, expected in ((0.5, median), (0.95, slow)):
        found = percentile(steps, share)
        assert found == (None if expected is None else pytest.approx(expected, rel=0.2))


def test_hours_are_kept_for_a_week_and_of_patrons_and_monitor_together(store: Store, clock: Clock) -> None:
    history = History(store)
    history.add({"lib": counted(0.1, 1.0, 3.0)})
    history.add({"lib": counted(failed=2)}, "monitor")
    clock.now += timedelta(hours=1)
    history.add({"lib": counted(0.1)})
    assert history.hours(["lib", "other"]) == {
        "lib": (Hour(START, 3, 1, 2), Hour(START + timedelta(hours=1), 1, 0, 0)),
        "other": (),
    }
    clock.now += timedelta(hours=23)
    assert [hour.began for hour in history.hours(["lib"])["lib"]] == [START + timedelta(hours=1)]
    clock.now += timedelta(days=8)
    history.add({"lib": counted(0.1)})
    assert len(history.hours(["lib"], last=24 * 30)["lib"]) == 1


async def test_a_serving_process_writes_down_what_it_counted_once(store: Store) -> None:
    http = ImpatientHttp()
    history = History(store)
    async with serving(daia({"1": [{"available": [{"service": "teleportation"}]}]})) as server:
        checker = AvailabilityChecker({"lib": library("lib", server.url)}, http)
        keeping = Keeping(checker, history)
        await checker.answers([edition("e1", {"lib": "1"})])
        await keeping.write()
        await keeping.write()
        await checker.close()
    await http.close()
    assert (day(history).asked, day(history).median_seconds is not None) == (1, True)
    assert history.of(["lib"])["lib"].unknown_words == {"teleportation": 1}


async def test_what_cannot_be_written_is_written_the_next_time(store: Store) -> None:
    http = ImpatientHttp()
    history = History(store)
    checker = AvailabilityChecker({"lib": library("lib", "http://127.0.0.1:9/")}, http)
    keeping = Keeping(checker, history)
    held = edition("e1", {"lib": "1"})
    await checker.answers([held])
    with store.writing() as connection:
        connection.exec_driver_sql("ALTER TABLE live_days RENAME TO away")
    await keeping.write()
    await checker.answers([held])
    with store.writing() as connection:
        connection.exec_driver_sql("ALTER TABLE away RENAME TO live_days")
    await keeping.write()
    await checker.close()
    await http.close()
    assert day(history).failed == 2
