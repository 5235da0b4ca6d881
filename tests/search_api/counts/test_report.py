"""The director's page: months, members, days and wishes, as page, picture, CSV and JSON; closed to the public."""

from __future__ import annotations

import asyncio
import csv
import io
from collections.abc import AsyncIterator
from datetime import date, timedelta
from xml.etree import ElementTree

import httpx
import pytest

from harvester.store import Store
from mappings.site import load_site
from search_api.app import create_app
from search_api.counts.csv_files import COLUMNS, wishes_csv
from search_api.counts.ledger import Ledger, Wish
from search_api.counts.picture import HIGH, picture
from search_api.counts.report import DAYS, MONTHS, month_after, month_before, report
from search_api.counts.tally import Tally
from search_api.services import Services, open_services
from search_api.settings import Settings
from search_api.staff.access import Role
from tests.support.catalogue import fill
from tests.support.staff import person


@pytest.fixture(scope="module")
def used(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A catalogue whose readers searched today and in months before."""
    settings = asyncio.run(fill(tmp_path_factory.mktemp("counted")))
    store = Store.open(settings.database_url)
    ledger, today = Ledger(store), store.now().astimezone(load_site(settings.site).zone).date()
    for back in (0, 1, 2, 40):
        tally = Tally()
        day = today - timedelta(days=back)
        for _ in range(1200 if back == 0 else 2):
            tally.count(day, "search", ("alpha",))
        tally.count(day, "no_hit")
        tally.count(day, "asked", ("alpha", "beta"))
        tally.count(day, "catalogue", ("beta",))
        tally.count(day, "online", ("gamma",))
        for words in ("量子力學", "=1+1"):
            tally.wish(day, words)
        ledger.add(tally)
    more = Tally()
    more.count(today, "no_hit")
    for words in ("量子力學", "=1+1") * 5:
        more.wish(today, words)
    ledger.add(more)
    store.close()
    return settings


@pytest.fixture
async def counted(used: Settings) -> AsyncIterator[Services]:
    services = await open_services(used)
    yield services
    await services.close()


@pytest.fixture
async def staff(counted: Services) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(create_app(counted), raise_app_exceptions=False)
    headers = person(counted.store, Role.ILL).browser
    async with httpx.AsyncClient(transport=transport, base_url="http://catalogue.example", headers=headers) as opened:
        yield opened


def test_months_before_and_after_a_month_are_its_neighbours() -> None:
    assert month_before(date(2027, 1, 1)) == date(2026, 12, 1)
    assert month_after(date(2026, 12, 1)) == date(2027, 1, 1)
    assert month_after(date(2028, 1, 1)) == date(2028, 2, 1)


def test_a_report_has_every_month_day_and_member_counted_or_not(counted: Services) -> None:
    today = counted.counting.today()
    found = report(counted.counting.ledger, counted.libraries, today)
    assert len(found.months) == MONTHS
    assert list(found.days)[-1] == today
    assert len(found.days) == DAYS
    assert found.libraries.keys() == counted.libraries.keys()
    assert found.libraries["delta"].handoffs == 0
    assert found.days[today]["search"] == 1200
    assert found.months[today.replace(day=1)]["search"] >= 1200


def test_columns_are_drawn_to_a_round_scale_with_the_dark_part_at_their_foot() -> None:
    drawn = picture([("Mon", 0, 0), ("Tue", 80, 20), ("Wed", 160, 0)])
    assert drawn.top == 200
    assert [(one.y, one.height, one.dark_height) for one in drawn.columns] == [
        (HIGH, 0, 0),
        (60, 40, 10),
        (20, 80, 0),
    ]
    assert picture([("Mon", 0, 0)]).top == 10


async def test_the_page_says_the_month_in_one_sentence_and_draws_it(staff: httpx.AsyncClient) -> None:
    page = (await staff.get("/en/staff/counts")).text
    assert "without a hit; readers were handed on to libraries" in page
    tree = ElementTree.fromstring(page[page.index("<figure") : page.index("</figure>") + len("</figure>")])
    columns = tree.findall(".//g")
    assert len(columns) == DAYS
    assert (columns[-1][0].text or "").endswith("1,200 searches, 2 without a hit")
    assert "量子力學" in page


async def test_an_earlier_month_has_an_address(staff: httpx.AsyncClient, counted: Services) -> None:
    earlier = counted.counting.today() - timedelta(days=40)
    page = (await staff.get("/en/staff/counts", params={"month": f"{earlier:%Y-%m}"})).text
    assert f"<small>{earlier:%B %Y}</small>" in page
    assert (await staff.get("/staff/counts", params={"month": "last"})).status_code == 200


async def test_the_same_goes_into_a_spreadsheet(staff: httpx.AsyncClient, counted: Services) -> None:
    answer = await staff.get("/en/staff/counts/counts.csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert tuple(rows[0]) == COLUMNS
    month = f"{counted.counting.today():%Y-%m}"
    of_month = {row["library"]: row for row in rows if row["month"] == month}
    assert of_month.keys() == {"", *counted.libraries}
    assert of_month["gamma"]["name"] == "Gamma Library"
    assert int(of_month[""]["to_online"]) == int(of_month["gamma"]["to_online"]) > 0
    assert of_month["delta"]["asked"] == "0"


def test_a_search_is_no_formula_in_a_spreadsheet() -> None:
    text = wishes_csv(
        "2026-11", [Wish("=cmd|' /c calc'!a0", 9, 3, date(2026, 11, 3)), Wish("紅樓", 5, 3, date(2026, 11, 3))]
    )
    assert [row[1] for row in csv.reader(io.StringIO(text))] == ["words", "'=cmd|' /c calc'!a0", "紅樓"]


async def test_programs_have_all_of_it_as_json(staff: httpx.AsyncClient, counted: Services) -> None:
    token = person(counted.store, Role.ADMIN).program
    body = (await staff.get("/api/counts", headers=token)).json()
    assert len(body["months"]) == MONTHS
    assert body["days"][-1]["searches"] == 1200
    assert {one["code"]: one["to_catalogue"] for one in body["libraries"]}["beta"] >= 1
    assert {"量子力學", "=1+1"} >= {one["words"] for one in body["wishes"]}
    wrong = await staff.get("/api/counts", params={"month": "2026"}, headers=token)
    assert (wrong.status_code, wrong.json()["error"]["field"]) == (422, "month")


@pytest.mark.parametrize("address", ["/staff/counts", "/en/staff/counts/counts.csv", "/staff/counts/wishes.csv"])
async def test_the_public_is_asked_to_log_in(client: httpx.AsyncClient, address: str) -> None:
    answer = await client.get(address)
    assert (answer.status_code, "staff/login" in answer.headers["location"]) == (303, True)


async def test_the_api_is_closed_too(client: httpx.AsyncClient) -> None:
    assert (await client.get("/api/counts")).status_code == 401


async def test_a_catalogue_nobody_used_yet_says_so(
    client: httpx.AsyncClient, filled: Settings, services: Services
) -> None:
    page = await client.get(
        "/en/staff/counts", params={"month": "2020-01"}, headers=person(services.store, Role.ILL).browser
    )
    assert page.status_code == 200
    assert "January 2020: nothing has been counted yet." in page.text
    assert "Nothing that enough readers asked for." in page.text
