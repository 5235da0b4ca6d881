"""A system that keeps failing is left alone, and noticed when it works again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from mappings.availability import Rest
from search_api.availability.breaker import Breaker

START = datetime(2026, 9, 1, tzinfo=UTC)
REST = Rest()


def after(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def failing() -> Breaker:
    breaker = Breaker(REST)
    for _ in range(REST.after_failures):
        breaker.failed(START)
    return breaker


def test_it_is_asked_until_it_has_failed_often_enough() -> None:
    breaker = Breaker(REST)
    for _ in range(REST.after_failures - 1):
        breaker.failed(START)
        assert breaker.may_ask(START)
    breaker.failed(START)
    assert not breaker.may_ask(START)


def test_a_success_between_failures_starts_the_count_again() -> None:
    breaker = Breaker(REST)
    for _ in range(10):
        breaker.failed(START)
        breaker.succeeded()
    assert breaker.may_ask(START)


def test_after_the_rest_one_question_goes_through_and_no_second() -> None:
    breaker = failing()
    assert not breaker.may_ask(after(REST.first_seconds - 1))
    assert breaker.may_ask(after(REST.first_seconds))
    assert not breaker.may_ask(after(REST.first_seconds))


def test_a_probe_that_succeeds_opens_it_for_all() -> None:
    breaker = failing()
    assert breaker.may_ask(after(REST.first_seconds))
    breaker.succeeded()
    assert breaker.may_ask(after(REST.first_seconds))
    assert breaker.may_ask(after(REST.first_seconds))
    assert breaker.resting_until is None


def test_the_rest_grows_but_never_beyond_the_longest() -> None:
    breaker, now, rests = failing(), START, []
    for _ in range(6):
        assert breaker.resting_until is not None
        rests.append((breaker.resting_until - now).total_seconds())
        now = breaker.resting_until
        assert breaker.may_ask(now)
        breaker.failed(now)
    assert rests == sorted(rests)
    assert rests[0] == REST.first_seconds
    assert rests[-1] == REST.longest_seconds < 60, "a recovered system is noticed within a minute"


def test_a_probe_that_tells_nothing_lets_another_through() -> None:
    breaker = failing()
    assert breaker.may_ask(after(REST.first_seconds))
    breaker.undecided()
    assert breaker.may_ask(after(REST.first_seconds))
