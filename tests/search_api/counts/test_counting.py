"""What readers do is counted in memory and written in batches; what programs ask is not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx
import pytest
from sqlalchemy import select
from starlette.requests import Request

from harvester.store import Store
from search_api.counts.asker import is_reader
from search_api.counts.counting import Counting
from search_api.counts.ledger import KEPT_DAYS, MIN_DAYS, MIN_TIMES, WATCHED_DAYS, Ledger, told, wishes
from search_api.counts.tally import MAX_WISHES, Tally
from search_api.counts.wishes import wish_of
from search_api.search_params import SearchParams
from search_api.services import Services

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
UTC_ZONE = ZoneInfo("UTC")
START = datetime(2026, 11, 2, 4, tzinfo=UTC)


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


def asked_by(agent: str, method: str = "GET", **headers: str) -> Request:
    given = {"user-agent": agent, **{name.replace("_", "-"): value for name, value in headers.items()}}
    raw = [(name.encode(), value.encode()) for name, value in given.items()]
    return Request({"type": "http", "method": method, "headers": raw})


READER = asked_by(FIREFOX)


@pytest.mark.parametrize(
    ("agent", "reader", "why"),
    [
        (FIREFOX, True, "a browser"),
        ("Mozilla/5.0 (Linux; Android 14; CUBOT NOTE 60) AppleWebKit/537.36 Mobile Safari/537.36", True, "a telephone"),
        ("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", False, "a robot"),
        ("Mozilla/5.0 (compatible; bingbot/2.0)", False, "a robot"),
        ("Mozilla/5.0 AppleWebKit/537.36 HeadlessChrome/140.0 Safari/537.36", False, "a test"),
        ("curl/8.14.1", False, "a program"),
        ("", False, "says nothing of itself"),
    ],
)
def test_readers_are_told_from_programs(agent: str, reader: bool, why: str) -> None:
    assert is_reader(asked_by(agent)) is reader, why


def test_pages_that_are_fetched_ahead_or_only_asked_for_their_head_are_not_read() -> None:
    assert not is_reader(asked_by(FIREFOX, sec_purpose="prefetch;prerender"))
    assert not is_reader(asked_by(FIREFOX, "HEAD"))


async def test_searches_are_counted_for_all_and_for_the_libraries_they_name(store: Store) -> None:
    counting = Counting(store, UTC_ZONE)
    counting.note_search(READER, SearchParams(q="紅樓夢"), 3)
    counting.note_search(READER, SearchParams(q="紅樓夢", library=("alpha",), mine=("alpha", "beta")), 2)
    counting.note_search(READER, SearchParams(q="紅樓夢", page=2), 30)
    counting.note_search(asked_by("curl/8"), SearchParams(q="紅樓夢"), 3)
    await counting.write()
    assert counting.ledger.months(date(2026, 11, 1)) == {
        "2026-11": {"": {"search": 2}, "alpha": {"search": 1}, "beta": {"search": 1}}
    }


async def test_several_processes_add_to_the_same_rows_and_a_restart_loses_nothing_written(
    store: Store, clock: Clock
) -> None:
    for _ in range(2):
        counting = Counting(store, UTC_ZONE)
        counting.note_asked(READER, ("alpha", "beta"))
        counting.note_handoff(READER, "online", "beta")
        await counting.write()
    assert Counting(store, UTC_ZONE).ledger.months(date(2026, 11, 1))["2026-11"] == {
        "": {"asked": 2, "online": 2},
        "alpha": {"asked": 2},
        "beta": {"asked": 2, "online": 2},
    }
    assert list(Ledger(store).days(date(2026, 11, 2))) == [clock.now.date()]


async def test_what_the_store_does_not_take_is_written_with_the_next(store: Store) -> None:
    counting = Counting(store, UTC_ZONE)
    counting.note_handoff(READER, "ill", "alpha")
    with store.writing() as connection:
        connection.exec_driver_sql("ALTER TABLE count_days RENAME TO gone")
    await counting.write()
    counting.note_handoff(READER, "ill", "alpha")
    with store.writing() as connection:
        connection.exec_driver_sql("ALTER TABLE gone RENAME TO count_days")
    await counting.write()
    assert counting.ledger.months(date(2026, 11, 1))["2026-11"]["alpha"] == {"ill": 2}


@pytest.mark.parametrize(
    ("typed", "told_as", "why"),
    [
        ("  台灣   原住民族 ", "台灣 原住民族", "spaces are no part of a wish"),
        ("ＨＡＲＲＹ Potter", "harry potter", "one form, however typed"),
        ("「量子力學」", "量子力學", "quotation marks say how to search"),
        ("978-986-350-123-7", "9789863501237", "an ISBN"),
        ("0912-345-678", "", "a telephone number"),
        ("A123456789", "", "a person's number"),
        ("wang 12345678", "", "a card's number"),
        ("wang@example.org", "", "an address"),
        ("https://example.org/a", "", "an address"),
        ("長" * 81, "", "a sentence, not a wish"),
        ("  ", "", "nothing"),
    ],
)
def test_a_wish_has_one_form_and_is_nobodys_number(typed: str, told_as: str, why: str) -> None:
    assert wish_of(typed) == told_as, why


def wish(store: Store, words: str, times: int = 1) -> None:
    tally = Tally()
    for _ in range(times):
        tally.wish(store.now().date(), words)
    tally.count(store.now().date(), "no_hit")
    Ledger(store).add(tally)


def test_what_one_asks_for_is_never_written_in_words(store: Store, clock: Clock) -> None:
    for _ in range(MIN_DAYS - 1):
        wish(store, "王大明 病歷", MIN_TIMES)
        clock.now += timedelta(days=1)
    assert Ledger(store).wishes(date(2026, 11, 1), date(2026, 11, 30)) == ()
    with store.reading() as connection:
        kept = [str(row) for table in (told, wishes) for row in connection.execute(select(table))]
    assert kept
    assert "王大明" not in " ".join(kept)


def test_what_many_ask_for_is_told_with_all_its_days(store: Store, clock: Clock) -> None:
    for times in (3, 1, 1, 4):
        wish(store, "量子力學", times)
        clock.now += timedelta(days=1)
    [found] = Ledger(store).wishes(date(2026, 11, 1), date(2026, 11, 30))
    assert (found.words, found.times, found.days) == ("量子力學", 9, 4)
    assert Ledger(store).wishes(date(2026, 12, 1), date(2026, 12, 31)) == ()


def test_what_is_asked_for_again_only_after_long_stays_untold_and_is_forgotten(store: Store, clock: Clock) -> None:
    for _ in range(MIN_DAYS):
        wish(store, "量子力學", MIN_TIMES)
        clock.now += timedelta(days=WATCHED_DAYS + 1)
    wish(store, "別的")
    assert Ledger(store).wishes(date(2026, 1, 1), date(2027, 12, 31)) == ()
    with store.reading() as connection:
        assert len(connection.execute(select(wishes)).all()) == 1


def test_counts_are_kept_for_five_years(store: Store, clock: Clock) -> None:
    wish(store, "量子力學")
    clock.now += timedelta(days=KEPT_DAYS + 1)
    wish(store, "別的")
    assert list(Ledger(store).months(date(2020, 1, 1))) == [clock.now.strftime("%Y-%m")]


def test_a_flood_of_random_words_fills_no_memory() -> None:
    tally = Tally()
    for number in range(MAX_WISHES + 10):
        tally.wish(START.date(), f"word {number}")
    tally.wish(START.date(), "word 0")
    assert len(tally.wishes) == MAX_WISHES
    assert tally.wishes[START.date(), "word 0"] == 2


async def counted(services: Services, what: str) -> dict[str, int]:
    await services.counting.write()
    months = services.counting.ledger.months(date(2020, 1, 1))
    return {
        library: times.get(what, 0)  # type: ignore[call-overload]
        for libraries in months.values()
        for library, times in libraries.items()
    }


async def test_pages_count_searches_editions_and_exits(client: httpx.AsyncClient, services: Services) -> None:
    before = {what: await counted(services, what) for what in ("search", "no_hit", "asked", "catalogue")}
    client.headers["user-agent"] = FIREFOX
    found = await client.get("/search", params={"q": "紅樓夢"})
    assert found.status_code == 200
    assert (await client.get("/en/search", params={"q": "qqqqzzzz"})).status_code == 200
    edition = (await client.get("/api/search", params={"q": "紅樓夢"})).json()["hits"][0]
    assert (await client.get(f"/editions/{edition['id']}")).status_code == 200
    link = services.counting.exits.link("catalogue", "alpha", "https://alpha.example/record/100")
    led = await client.get(link)
    assert (led.status_code, led.headers["location"]) == (303, "https://alpha.example/record/100")

    def risen(what: str, now: dict[str, int], library: str) -> int:
        return now.get(library, 0) - before[what].get(library, 0)

    assert risen("search", await counted(services, "search"), "") == 2
    assert risen("no_hit", await counted(services, "no_hit"), "") == 1
    assert risen("asked", await counted(services, "asked"), "") == 1
    assert risen("asked", await counted(services, "asked"), "beta") == 1
    assert risen("catalogue", await counted(services, "catalogue"), "alpha") == 1


@pytest.mark.parametrize(
    ("kind", "library", "to"),
    [
        ("catalogue", "alpha", "https://elsewhere.example/"),
        ("online", "alpha", "https://alpha.example/record/100"),
        ("catalogue", "beta", "https://alpha.example/record/100"),
        ("somewhere", "alpha", "https://alpha.example/record/100"),
    ],
)
async def test_nobody_is_led_where_somebody_else_likes(
    client: httpx.AsyncClient, services: Services, kind: str, library: str, to: str
) -> None:
    signed = services.counting.exits.link("catalogue", "alpha", "https://alpha.example/record/100")
    signature = signed.partition("&s=")[2]
    answer = await client.get(f"/out/{kind}/{library}", params={"to": to, "s": signature})
    assert answer.status_code in {404, 422}
    assert "location" not in answer.headers


def test_what_is_no_web_address_is_left_alone(services: Services) -> None:
    assert services.counting.exits.link("online", "alpha", "") == ""
    assert services.counting.exits.link("online", "alpha", "mailto:a@alpha.example") == "mailto:a@alpha.example"
