"""Counts of requests, by day and libraries."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from harvester.store import Store
from search_api.lending.asked import KEPT_DAYS, Month, Requests

DAY = date(2026, 9, 10)


@pytest.fixture
def requests(tmp_path: Path) -> Iterator[Requests]:
    store = Store.open(f"sqlite:///{tmp_path / 'store.sqlite3'}")
    yield Requests(store)
    store.close()


def test_requests_of_the_last_thirty_days_count(requests: Requests) -> None:
    requests.add("home", {("aa", "loan"): 2, ("bb", "copy"): 1}, DAY)
    requests.add("home", {("aa", "copy"): 1}, DAY - timedelta(days=29))
    requests.add("home", {("aa", "loan"): 9}, DAY - timedelta(days=30))
    requests.add("else", {("aa", "loan"): 5}, DAY)
    assert requests.of_late("home", DAY) == {"aa": 3, "bb": 1}
    assert requests.of_late("nobody", DAY) == {}


def test_months_add_days_up_the_latest_first(requests: Requests) -> None:
    requests.add("home", {("aa", "loan"): 1}, date(2026, 8, 1))
    requests.add("home", {("aa", "loan"): 2}, date(2026, 9, 1))
    requests.add("home", {("aa", "loan"): 3}, date(2026, 9, 30))
    assert requests.months() == (Month("2026-09", "home", "aa", "loan", 5), Month("2026-08", "home", "aa", "loan", 1))


def test_counts_are_kept_for_three_years(requests: Requests) -> None:
    requests.add("home", {("aa", "loan"): 1}, DAY - timedelta(days=KEPT_DAYS + 1))
    requests.add("home", {("aa", "loan"): 1}, DAY)
    assert [one.month for one in requests.months()] == ["2026-09"]
