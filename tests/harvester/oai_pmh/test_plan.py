from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvester.oai_pmh.dialect import DAY, SECOND
from harvester.oai_pmh.plan import EARLIEST, Plan, Window

LATEST = datetime(2024, 5, 1, tzinfo=UTC)


def at(day: int, second: int = 0) -> datetime:
    return datetime(2024, 1, day, second=second, tzinfo=UTC)


HALVES = [
    (Window(at(1), at(9)), DAY, (Window(at(1), at(5)), Window(at(5), at(9))), "they share their border"),
    (Window(at(1), at(2)), DAY, (Window(at(1), at(1)), Window(at(2), at(2))), "two days"),
    (Window(at(1), at(1)), DAY, None, "one day, on a server that knows no hours"),
    (Window(at(1), at(1, 1)), DAY, None, "less than a granule"),
    (Window(at(1), at(1, 2)), SECOND, (Window(at(1), at(1, 1)), Window(at(1, 1), at(1, 2))), "seconds"),
    (Window(None, at(1)), DAY, (Window(None, datetime(1996, 12, 31, tzinfo=UTC)), ...), "an open beginning stays open"),
    (Window(LATEST, None), DAY, None, "nothing is expected after the latest, and the window stays open to it"),
    (Window(LATEST - DAY, None), DAY, None, "what is open cannot be made one granule"),
]


@pytest.mark.parametrize(("window", "granule", "halves", "why"), HALVES, ids=[row[3] for row in HALVES])
def test_a_window_is_made_of_two(window: Window, granule: timedelta, halves: object, why: str) -> None:
    found = window.halves(EARLIEST, LATEST, granule)
    if isinstance(halves, tuple) and halves[1] is ...:
        assert found is not None
        assert (found[0], found[1].until) == (halves[0], window.until), why
    else:
        assert found == halves, why


def test_a_window_before_the_earliest_date_a_server_states_is_halved_all_the_same() -> None:
    before = Window(None, at(1))
    halves = before.halves(at(1), LATEST, DAY)
    assert halves == before.halves(EARLIEST, LATEST, DAY)
    assert halves is not None


moments = st.integers(-(10**8), 2 * 10**9).map(lambda seconds: EARLIEST + timedelta(seconds=seconds))


@given(moments, st.one_of(st.none(), moments), st.one_of(st.none(), moments), st.sampled_from([DAY, SECOND]))
def test_no_moment_of_a_window_is_in_neither_half_and_halving_ends(
    moment: datetime, start: datetime | None, until: datetime | None, granule: timedelta
) -> None:
    def holds(window: Window) -> bool:
        return (window.start is None or window.start <= moment) and (window.until is None or moment <= window.until)

    def floor(value: datetime) -> datetime:
        return value - (value - EARLIEST) % granule

    moment = floor(moment)
    window = Window(start and floor(start), until and floor(until))
    if not holds(window):
        return
    for _ in range(64):
        halves = window.halves(EARLIEST, LATEST, granule)
        if halves is None:
            return
        assert any(map(holds, halves))
        window = next(filter(holds, halves))
    raise AssertionError("it never ends")


def test_a_plan_comes_back_from_a_checkpoint_as_it_was() -> None:
    plan = Plan.begin(["books", "maps"], Window(at(1)))
    plan.windows = [Window(at(1), at(2)), Window(at(2), None)]
    plan.in_doubt, plan.promised, plan.failures = "short", 12, 3
    plan.doubt("a")
    plan.doubt("a")
    assert Plan.loaded(plan.dumped()) == plan
    assert plan.doubts == ["a"]


def test_a_plan_goes_window_by_window_and_set_by_set() -> None:
    plan = Plan.begin(["books", "maps"], Window(at(1)))
    plan.windows = [Window(at(1), at(2)), Window(at(2), None)]
    plan.advance()
    assert (plan.sets, plan.windows) == (["books", "maps"], [Window(at(2), None)])
    plan.advance()
    assert (plan.sets, plan.windows) == (["maps"], [Window(at(1))])
    plan.advance()
    assert plan.is_done


def test_a_set_that_was_split_is_compared_as_a_whole_before_the_next() -> None:
    plan = Plan.begin(["a", "b"], Window())
    plan.narrow((Window(None, at(3)), Window(at(3), None)))
    for compares, windows in ((False, 1), (True, 1)):
        plan.advance(compares=True)
        assert (plan.sets[0], plan.comparing, len(plan.windows)) == ("a", compares, windows)
    assert plan.windows == [Window()]
    plan = Plan.loaded(plan.dumped())
    plan.advance(compares=True)
    assert (plan.sets, plan.comparing, plan.split) == (["b"], False, False)
    plan.advance(compares=True)
    assert plan.is_done


def test_a_window_is_widened_only_where_it_ends() -> None:
    assert Window(at(2), at(3)).widened(DAY) == Window(at(1), at(4))
    assert Window(None, None).widened(DAY) == Window()
