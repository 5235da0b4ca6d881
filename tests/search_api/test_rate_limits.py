"""Limits of requests: people and reading rooms never meet them, programs do, and memory stays bounded."""

from dataclasses import replace
from ipaddress import ip_network

import httpx
import pytest

from search_api.app import create_app
from search_api.rate_limits import BUDGETS, Buckets, Kind, kind_of
from search_api.services import Services


class Clock:
    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.parametrize(
    ("path", "query", "kind"),
    [
        ("/", b"", "page"),
        ("/en/search", b"q=x", "page"),
        ("/search", b"q=x&live=1", "live"),
        ("/search/live", b"id=a", "live"),
        ("/api/editions/x/availability", b"", "live"),
        ("/api/search", b"q=x", "api"),
        ("/api/suggest", b"q=x", "page"),
        ("/api/export", b"q=x", "export"),
        ("/vi/feed.atom", b"q=x", "export"),
        ("/sitemap/editions-a.xml", b"", "export"),
        ("/static/page.css", b"", None),
        ("/api/health", b"", None),
        ("/metrics", b"", None),
    ],
)
def test_each_request_counts_as_what_it_costs(path: str, query: bytes, kind: Kind | None) -> None:
    assert kind_of(path, query) == kind


def test_a_bucket_fills_as_time_goes_by() -> None:
    clock = Clock()
    buckets = Buckets(clock=clock)
    budget = BUDGETS["export"]
    assert all(buckets.wait_seconds("a", "export") == 0 for _ in range(int(budget.at_once)))
    assert buckets.wait_seconds("a", "export") == 1
    assert buckets.wait_seconds("b", "export") == 0, "another address has its own"
    assert buckets.wait_seconds("a", "page") == 0, "another kind has its own"
    clock.now += 1
    assert buckets.wait_seconds("a", "export") == 0
    assert buckets.wait_seconds("a", "export") > 0
    clock.now += 3_600
    assert all(buckets.wait_seconds("a", "export") == 0 for _ in range(int(budget.at_once)))
    assert buckets.wait_seconds("a", "export") > 0, "and never holds more than it can"


def test_a_reading_room_of_two_hundred_turns_pages_all_day() -> None:
    clock = Clock()
    buckets = Buckets(clock=clock)
    for _ in range(3_600):  # each opens a page every twenty seconds
        assert all(buckets.wait_seconds("campus", "page") == 0 for _ in range(10))
        clock.now += 1


def test_no_more_addresses_are_kept_than_there_is_room_for() -> None:
    buckets = Buckets(most=100)
    for number in range(10_000):
        buckets.wait_seconds(f"10.0.{number >> 8}.{number & 255}", "page")
    assert len(buckets) == 100


async def asked(services: Services, address: str, url: str, times: int, **settings: object) -> list[httpx.Response]:
    changed = replace(services, settings=replace(services.settings, **settings))  # type: ignore[arg-type]
    transport = httpx.ASGITransport(create_app(changed), raise_app_exceptions=False, client=(address, 1))
    async with httpx.AsyncClient(transport=transport, base_url="http://catalogue.example") as client:
        return [await client.get(url) for _ in range(times)]


async def test_a_program_that_asks_too_much_is_told_when_to_come_again(services: Services) -> None:
    *_, last = await asked(services, "192.0.2.7", "/api/libraries", 14, rate_limit=0.1)
    assert last.status_code == 429
    assert int(last.headers["retry-after"]) >= 1
    assert last.json()["error"]["code"] == "too_many_requests"
    assert last.headers["x-content-type-options"] == "nosniff"


async def test_a_person_is_told_so_on_a_page_in_the_language_of_the_address(services: Services) -> None:
    *_, last = await asked(services, "2001:db8::7", "/en/search/nosuch", 8, rate_limit=0.01)
    assert last.status_code == 429
    assert "Too many requests at once" in last.text
    assert int(last.headers["retry-after"]) >= 1


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("127.0.0.1", "the machine itself, or a proxy that says for nobody whom it asks"),
        ("192.0.2.9", "a network that is never limited"),
        ("::ffff:192.0.2.9", "the same, written as IPv6"),
    ],
)
async def test_who_is_spared_is_never_refused(services: Services, address: str, why: str) -> None:
    answers = await asked(
        services, address, "/api/libraries/alpha", 5, rate_limit=0.01, unlimited=(ip_network("192.0.2.8/29"),)
    )
    assert [answer.status_code for answer in answers] == [200] * 5, why


async def test_without_limits_nobody_is_refused(services: Services) -> None:
    answers = await asked(services, "192.0.2.7", "/api/libraries/alpha", 5, rate_limit=0)
    assert {answer.status_code for answer in answers} == {200}


async def test_one_subscriber_of_ipv6_has_one_bucket_for_all_addresses(services: Services) -> None:
    changed = replace(services, settings=replace(services.settings, rate_limit=0.01))
    app = create_app(changed)
    seen = []
    for address in ("2001:db8:1:2::a", "2001:db8:1:2::b", "2001:db8:1:3::a"):
        transport = httpx.ASGITransport(app, raise_app_exceptions=False, client=(address, 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://catalogue.example") as client:
            seen.append((await client.get("/api/libraries/alpha")).status_code)
    assert seen == [200, 429, 200]
