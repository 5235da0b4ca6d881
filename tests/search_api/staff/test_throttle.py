"""How failures are counted: what waits how long, what is forgiven, and who is whom."""

from __future__ import annotations

from datetime import timedelta

import pytest

from harvester.store import Store
from search_api.own_tables import make_absent
from search_api.staff import tables
from search_api.staff.throttle import ADDRESS, NAME, PAIR, Rule, Throttle, counted, network
from tests.search_api.staff.conftest import Clock

WAITS = [
    (PAIR, 4, 0, "four slips of the finger"),
    (PAIR, 5, 1, "the fifth"),
    (PAIR, 8, 8, "doubled each time"),
    (PAIR, 14, 512, "doubled each time"),
    (PAIR, 15, 900, "never longer than a quarter of an hour"),
    (PAIR, 5000, 900, "however many"),
    (ADDRESS, 19, 0, "a library shares one address"),
    (ADDRESS, 20, 1, "but not for ever"),
    (NAME, 49, 0, "strangers at many addresses"),
    (NAME, 500, 300, "make a new browser wait a little"),
]


@pytest.mark.parametrize(("rule", "failures", "seconds", "why"), WAITS, ids=[f"{r[1]} {r[3]}" for r in WAITS])
def test_waits_grow(rule: Rule, failures: int, seconds: int, why: str) -> None:
    assert rule.wait(failures) == timedelta(seconds=seconds), why


NETWORKS = [
    ("192.0.2.7", "192.0.2.7", "one of IPv4"),
    ("::ffff:192.0.2.7", "192.0.2.7", "the same, as IPv6 writes it"),
    ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64", "one subscriber has all of these"),
    ("", "", "a socket of this machine"),
]


@pytest.mark.parametrize(("address", "found", "why"), NETWORKS, ids=[row[2] for row in NETWORKS])
def test_an_attacker_is_counted_by_what_they_have(address: str, found: str, why: str) -> None:
    assert network(address) == found, why


@pytest.fixture
def throttle(store: Store) -> Throttle:
    make_absent(store, tables.metadata)
    return Throttle(store)


def test_failures_are_forgiven_one_by_one(throttle: Throttle, clock: Clock) -> None:
    by = counted("wang", "192.0.2.7", "")
    for _ in range(5):
        assert throttle.begin(by) == 0
    assert throttle.begin(by) == 1
    clock.pass_(minutes=61)
    for _ in range(2):
        assert throttle.begin(by) == 0, "two are forgiven after an hour"
    assert throttle.begin(by) > 0


def test_an_attempt_counts_before_it_is_looked_at(throttle: Throttle) -> None:
    by = counted("wang", "192.0.2.7", "")
    begun = [throttle.begin(by) for _ in range(9)]
    assert [wait > 0 for wait in begun] == [False] * 5 + [True] * 4, "many at once gain nothing"


def test_an_address_that_fails_at_many_names_waits_for_all(throttle: Throttle) -> None:
    for number in range(20):
        assert throttle.begin(counted(f"name-{number}", "192.0.2.7", "")) == 0
    assert throttle.begin(counted("another", "192.0.2.7", "")) > 0
    assert throttle.begin(counted("another", "192.0.2.8", "")) == 0


def test_a_known_browser_waits_for_its_own_failures_alone(throttle: Throttle) -> None:
    known = counted("wang", "192.0.2.7", "of a cookie")
    for _ in range(30):
        throttle.begin(counted("wang", "192.0.2.7", ""))
    assert [throttle.begin(known) > 0 for _ in range(6)] == [False] * 5 + [True]


def test_no_name_and_no_address_is_stored(throttle: Throttle, store: Store) -> None:
    throttle.begin(counted("wang", "192.0.2.7", ""))
    with store.reading() as connection:
        rows = str(connection.execute(tables.attempts.select()).all())
    assert ("wang" in rows, "192.0.2" in rows) == (False, False)


def test_what_is_long_ago_is_deleted(throttle: Throttle, store: Store, clock: Clock) -> None:
    throttle.begin(counted("wang", "192.0.2.7", ""))
    clock.pass_(days=3)
    throttle.begin(counted("lin", "192.0.2.8", ""))
    with store.reading() as connection:
        assert len(connection.execute(tables.attempts.select()).all()) == 3
