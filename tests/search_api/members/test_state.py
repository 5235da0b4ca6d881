"""How members stand, for staff: the worst first, in words, figures and bars; what cannot be known is no trouble."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx
import pytest

from harvester.ledger import RefusedFile
from harvester.standing import Standing
from harvester.store import LibraryState, RunOutcome
from indexer.catalogue import CatalogueCounts
from search_api.availability.counted import step_of
from search_api.availability.health import Health
from search_api.availability.history import Day, Hour, Past
from search_api.labels import Labels
from search_api.members.bars import HOURS, of_days, of_hours
from search_api.members.payload import as_text
from search_api.members.state import MemberState, member_state
from search_api.members.view import MembersView, bars_in_words
from search_api.services import Services
from search_api.staff.access import Role
from search_api.texts import texts
from tests.support.catalogue import RED_AT_ALPHA
from tests.support.marc import marcxml
from tests.support.staff import person

NOW = datetime(2026, 11, 21, 10, 24, tzinfo=UTC)
THIS_HOUR = NOW.replace(minute=0)
QUICK = Past((Day(NOW.date(), "patrons", answered=3, steps={step_of(0.2): 3}),))
SLOW = Past((Day(NOW.date(), "patrons", answered=3, steps={step_of(2.0): 3}),))


def standing(code: str = "alpha", quarantined: int = 0, **values: Any) -> Standing:
    run = RunOutcome(
        library=code, kind="full", status="complete", started_at=NOW - timedelta(hours=7), seconds=1.0,
        seen=10, new=7, changed=1, unchanged=0, deleted=2, unreadable=0, left=2,
    )  # fmt: skip
    found = Standing(
        state=LibraryState(code, 1234, 2, quarantined, 0, run, NOW), came=run, freshness="fresh", tried_since=NOW,
        late_at=NOW, next_at=NOW, under_way=False, unproven=0, holds=(), refused=(), reasons=(("no title", 3),),
        reused=(), proposals=(), collecting=False,
    )  # fmt: skip
    return replace(found, **values)


def state(
    of: Standing | None = None,
    *,
    health: Health | None = None,
    past: Past = QUICK,
    hours: tuple[Hour, ...] = (Hour(THIS_HOUR, 3, 0, 0),),
    words: int = 0,
) -> MemberState:
    of, health = of or standing(), health or Health("alpha", "daia")
    return member_state(of, health, past, of_hours(hours, NOW), words)


@pytest.mark.parametrize(
    ("found", "level", "troubles", "why"),
    [
        (state(), "ok", (), "all is well"),
        (state(standing(freshness="alarm")), "bad", ("harvest_alarm",), "nobody has proven anything for long"),
        (state(standing(refused=(RefusedFile("a.mrc", "cut", ()),))), "bad", ("file_refused",), "files wait"),
        (state(standing(freshness="late")), "due", ("harvest_late",), "late, and will be tried again"),
        (state(standing(freshness="unproven")), "due", ("unproven",), "never whole"),
        (state(standing(freshness="never"), hours=(), past=Past()), "new", (), "a new member is no trouble"),
        (state(standing(quarantined=30)), "due", ("quarantined",), "many cannot be read"),
        (state(standing(quarantined=3)), "ok", (), "a few cannot be read anywhere"),
        (state(past=SLOW), "due", ("live_slow",), "half of its answers are late"),
        (state(hours=(Hour(THIS_HOUR, 0, 0, 4),)), "bad", ("live_down",), "another process asked in vain"),
        (state(health=Health("alpha", "daia", failing_since=NOW)), "bad", ("live_down",), "this one asked in vain"),
        (state(health=Health("alpha", "none"), past=SLOW, hours=()), "ok", (), "it has no live status to be slow"),
        (state(hours=(Hour(THIS_HOUR - timedelta(hours=3), 0, 0, 4), Hour(THIS_HOUR, 2, 0, 0))), "ok", (), "over"),
        (state(words=2), "due", ("words",), "words nobody has explained"),
        (
            state(standing(freshness="late", quarantined=30), hours=(Hour(THIS_HOUR, 0, 0, 4),)),
            "bad",
            ("live_down", "harvest_late", "quarantined"),
            "the worst is told first",
        ),
    ],
)
def test_a_member_stands_as_its_worst(found: MemberState, level: str, troubles: tuple[str, ...], why: str) -> None:
    assert (found.level, found.troubles) == (level, troubles), why


def test_an_hour_that_was_not_asked_is_neither_up_nor_down() -> None:
    bars = of_hours([Hour(THIS_HOUR - timedelta(hours=1), 10, 6, 0), Hour(THIS_HOUR, 1, 0, 9)], NOW)
    assert len(bars.bars) == HOURS
    assert [bar.kind for bar in bars.bars[-3:]] == ["none", "slow", "down"]
    assert len({bar.height for bar in bars.bars[-3:]}) == 3
    said = bars_in_words(bars, texts("en"), "hours")
    assert said == "Last 24 hours: 1 hour slow, 1 hour without answers, 22 hours not asked"


def test_days_are_of_patrons_and_monitor_together() -> None:
    days = [
        Day(date(2026, 11, 21), "patrons", answered=0, failed=2),
        Day(date(2026, 11, 21), "monitor", answered=8, steps={step_of(0.1): 8}),
        Day(date(2026, 11, 20), "patrons", failed=2),
    ]
    assert [bar.kind for bar in of_days(days, date(2026, 11, 21)).bars[-3:]] == ["none", "down", "up"]


def view(services: Services, language: str = "en", **states: MemberState) -> MembersView:
    labels = Labels(services.libraries, language)
    some = {code: state(standing(code)) for code in services.libraries} | states
    return MembersView(services.libraries, some, NOW, texts(language), labels)


async def test_one_sentence_says_how_many_need_somebody(services: Services) -> None:
    found = {"beta": state(standing("beta", freshness="alarm")), "gamma": state(past=SLOW)}
    assert view(services, **found).sentence() == "2 of 4 members are in order, 1 needs somebody, 1 is worth a look."
    assert view(services, "zh-Hant", **found).sentence() == "4館中2館正常，1館需要處理，1館需要留意。"


async def test_trouble_comes_first_and_says_why(services: Services) -> None:
    found = view(services, gamma=state(past=SLOW), beta=state(hours=(Hour(THIS_HOUR, 0, 0, 4),)))
    rows = found.rows("trouble", "/staff/members")
    assert [row.code for row in rows[:2]] == ["beta", "gamma"]
    assert (rows[0].badge.words, rows[0].address) == ("Live status down", "/staff/members/beta")
    assert rows[1].why.startswith("Half of its answers take")
    assert all(not row.why for row in rows[2:])
    assert [row.code for row in found.rows("name", "")] == ["alpha", "beta", "delta", "gamma"]


async def test_four_figures_add_up(services: Services) -> None:
    found = view(services, beta=state(standing("beta", quarantined=27), hours=(Hour(THIS_HOUR, 1, 0, 1),)))
    figures = found.figures(CatalogueCounts(records=5_197, editions=1_541, moved=0, edges=0, pending=0))
    assert [figure.value for figure in figures] == ["1,541", "4 complete", "90.9%", "27 records"]
    assert figures[1].note == "28 new, 4 changed, 8 deleted"
    assert figures[3].note == "27 of them from Beta Library"


def test_a_record_is_shown_as_text_whatever_its_bytes() -> None:
    assert as_text(b"00026\x1eaa\x1fbone\x1e") == "00026\naa‡bone\n"
    assert as_text(b"<a>\xff\x00</a>") == r"<a>\xff\x00</a>"


@pytest.fixture
def staff(services: Services) -> dict[str, str]:
    return person(services.store, Role.CATALOGUER).browser


async def test_the_page_of_all_members_leads_to_each(client: httpx.AsyncClient, staff: dict[str, str]) -> None:
    page = (await client.get("/en/staff/members", headers=staff)).text
    assert "members are in order" in page
    assert page.count('class="spark"') == 4, "the key's: none of these has a live status to draw"
    assert 'href="/en/staff/members/alpha"' in page


async def test_the_page_of_one_member_tells_its_harvests_and_its_quarantine(
    client: httpx.AsyncClient, services: Services, staff: dict[str, str]
) -> None:
    services.store.quarantine_record("alpha", "oai:alpha:<9>", "field 245 has no $a", field="245")
    try:
        page = (await client.get("/en/staff/members/alpha", headers=staff)).text
        assert "all records" in page
        assert "field … has no $a" in page
        assert "oai:alpha:&lt;9&gt;" in page
        record = await client.get("/en/staff/members/alpha/quarantine", params={"id": "oai:alpha:<9>"}, headers=staff)
        assert "field 245 has no $a" in record.text
        assert "The record itself never came." in record.text
    finally:
        services.store.clear_quarantine("alpha", "oai:alpha:<9>")


async def test_a_record_in_quarantine_can_be_looked_at_and_taken_along(
    client: httpx.AsyncClient, services: Services, staff: dict[str, str]
) -> None:
    services.store.quarantine_record("alpha", "oai:alpha:100", "a test")
    try:
        address = "/en/staff/members/alpha/quarantine?id=oai:alpha:100"
        assert "紅樓夢校注" in (await client.get(address, headers=staff)).text
        file = await client.get(f"{address}&as=file", headers=staff)
        assert file.content == marcxml(RED_AT_ALPHA)
        assert file.headers["content-disposition"] == 'attachment; filename="alpha-record.xml"'
    finally:
        services.store.clear_quarantine("alpha", "oai:alpha:100")


@pytest.mark.parametrize("path", ["staff/members/nosuch", "staff/members/alpha/quarantine?id=nosuch"])
async def test_what_is_not_there_is_not_found(client: httpx.AsyncClient, staff: dict[str, str], path: str) -> None:
    assert (await client.get(f"/{path}", headers=staff)).status_code == 404


@pytest.mark.parametrize("path", ["staff/members", "staff/members/alpha", "staff/members/alpha/quarantine?id=x"])
async def test_the_public_is_asked_to_log_in(client: httpx.AsyncClient, path: str) -> None:
    assert (await client.get(f"/{path}")).status_code == 303
