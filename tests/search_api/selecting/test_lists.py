"""Named lists over a small catalogue: made, shared, added to, checked again when the catalogue changes."""

from __future__ import annotations

import asyncio
import csv
import io
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from bs4 import BeautifulSoup
from openpyxl import load_workbook

from search_api.app import create_app
from search_api.selecting import lists_kept, lists_pages
from search_api.selecting.found import Bucket, Checked
from search_api.selecting.given import Given, Numbers
from search_api.selecting.lists import Change, NamedList, change, new_lines
from search_api.selecting.lists_checking import ListChecker
from search_api.selecting.lists_kept import ListOvertaken, NamedLists
from search_api.selecting.matching import Shelves
from search_api.services import Services, open_services
from search_api.settings import Settings
from search_api.staff.access import Staff
from search_api.staff.roles import Role
from tests.support.catalogue import RED, SAPIENS, UNHELD, harvest_into, index
from tests.support.staff import Person, person

NOW = datetime(2026, 11, 21, tzinfo=UTC)
SAPIENS_AT_BETA = f"""
=001  x300
=008  150101s2015    nyu           000 0 eng d
=020  \\\\$a{SAPIENS}
=245  10$aSapiens :$ba brief history of humankind /$cYuval Noah Harari.
=260  \\\\$aNew York :$bHarper,$c2015.
=300  \\\\$a443 p.
=100  1\\$aHarari, Yuval Noah
=952  \\\\$aBC$bBC$cADULT$oCB113$pB300$921$yBK
=999  \\\\$c300$d300
"""


def checked(bucket: Bucket, *same: str) -> Checked:
    return Checked(Given(1, 1, "x"), bucket, same=same, any=same)


CHANGES = [
    (None, checked(Bucket.SAME, "a"), None, "the first check finds no change"),
    (checked(Bucket.SAME, "a"), checked(Bucket.SAME, "a"), None, "as before"),
    (checked(Bucket.NONE), checked(Bucket.SAME, "a", "b"), (("a", "b"), ()), "somebody bought it"),
    (checked(Bucket.SAME, "a", "b"), checked(Bucket.SAME, "b", "c"), (("c",), ("a",)), "one came, one went"),
    (checked(Bucket.OTHER), checked(Bucket.NONE), ((), ()), "another edition has gone"),
    (
        checked(Bucket.SAME, "a"),
        replace(checked(Bucket.SAME, "a"), copies=3),
        None,
        "more copies of the same library are no change",
    ),
]


@pytest.mark.parametrize(("before", "after", "expected", "why"), CHANGES, ids=[why for *_, why in CHANGES])
def test_what_a_check_finds_otherwise_is_a_change(
    before: Checked | None, after: Checked, expected: tuple[tuple[str, ...], tuple[str, ...]] | None, why: str
) -> None:
    found = change(7, NOW, before, after)
    assert (found and (found.gained, found.lost)) == expected, why
    if found and before:
        assert found == Change(7, NOW, *expected or ((), ()), before.bucket, after.bucket)


def line(text: str, *isbns: str) -> Given:
    return Given(0, 1, text, Numbers(isbns))


def test_a_line_that_asks_for_what_is_there_is_passed_over() -> None:
    there = [line("a", RED), line("紅樓夢")]
    added = [line("another name", RED), line("紅 樓 夢"), line("b", SAPIENS), line("b again", SAPIENS), line("c")]
    assert [one.text for one in new_lines(there, added)] == ["b", "c"]


@dataclass(frozen=True)
class Desk:
    """Two selectors of two libraries before one catalogue that may change."""

    settings: Settings
    services: Services
    alpha: httpx.AsyncClient
    beta: httpx.AsyncClient
    browser: httpx.AsyncClient
    who: Person

    async def made(self, *isbns: str, share: str = "consortium") -> str:
        """A list of these ISBNs, made by the selector of alpha; its id."""
        answer = await self.alpha.post("/api/lists", json={"name": "金鼎獎", "share": share})
        assert answer.status_code == 201, answer.text
        id = str(answer.json()["id"])
        if isbns:
            await self.alpha.post(f"/api/lists/{id}/lines", json={"isbns": isbns})
        return id

    async def told(self, id: str) -> dict[str, Any]:
        return dict((await self.alpha.get(f"/api/lists/{id}")).json())


@pytest.fixture
async def desk(filled: Settings, tmp_path: Path) -> AsyncIterator[Desk]:
    shutil.copytree(filled.home, tmp_path / "state")
    settings = replace(filled, home=tmp_path / "state")
    services = await open_services(settings)
    app = create_app(services)
    alpha = person(services.store, Role.SELECTOR, library="alpha", name="wang")
    beta = person(services.store, Role.SELECTOR, library="beta", name="lin")

    def client(headers: dict[str, str]) -> httpx.AsyncClient:
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        return httpx.AsyncClient(transport=transport, base_url="http://catalogue.example", headers=headers)

    async with client(alpha.program) as one, client(beta.program) as other, client(alpha.browser) as browser:
        yield Desk(settings, services, one, other, browser, alpha)
    await services.close()


async def test_a_list_is_made_and_its_lines_are_checked(desk: Desk) -> None:
    id = await desk.made(RED, SAPIENS, UNHELD)
    told = await desk.told(id)
    assert [(one["isbns"], one["bucket"], one["libraries"]) for one in told["content"]] == [
        ([RED], "this_edition", ["alpha", "beta", "gamma"]),
        ([SAPIENS], "this_edition", ["alpha"]),
        ([UNHELD], "not_held", []),
    ]
    assert told["buckets"] == {"this_edition": 2, "not_held": 1}
    assert (told["current"], told["unchecked"], told["changes"]) == (True, 0, [])
    assert told["content"][0]["title"] == "紅樓夢校注"


async def test_what_changed_since_the_last_check_is_told(desk: Desk) -> None:
    id = await desk.made(RED, SAPIENS)
    await desk.told(id)
    harvest_into(desk.services.store, "beta", [("oai:beta:300", SAPIENS_AT_BETA)], deleted=("oai:beta:200",))
    await index(desk.settings)
    told = await desk.told(id)
    changes = [(one["line"], one["gained"], one["lost"]) for one in told["changes"]]
    assert sorted(changes) == [(1, [], ["beta"]), (2, ["beta"], [])]
    again = await desk.told(id)
    assert again["changes"] == told["changes"]
    page = BeautifulSoup((await desk.browser.get(f"/staff/lists/{id}")).text, "lxml")
    said = [one.get_text(" ", strip=True) for one in page.select(".changes li")]
    assert any("現由乙圖書館收藏" in one for one in said)
    assert any("乙圖書館已無館藏" in one for one in said)


async def test_lines_come_from_a_paste_a_file_and_a_report(desk: Desk) -> None:
    id = await desk.made()
    pasted = await desk.alpha.post(
        f"/api/lists/{id}/lines", content=f"{RED}\n{RED}\n合計", headers={"Content-Type": "text/plain"}
    )
    assert (pasted.json()["added"], pasted.json()["passed_over"]) == (1, 2)
    file = f"書名,ISBN,定價,備註\nSapiens,{SAPIENS},NT$550,委員推薦\n".encode("cp950")
    sent = await desk.alpha.post(f"/api/lists/{id}/lines", content=file, headers={"Content-Type": "text/csv"})
    assert sent.json()["added"] == 1
    report = (await desk.alpha.post("/api/overlap", json={"isbns": [UNHELD, RED]})).headers["location"]
    name = report.rpartition("/")[2].partition("?")[0]
    added = await desk.alpha.post(f"/api/lists/{id}/lines?report={name}&bucket=not_held")
    assert added.json()["added"] == 1, added.text
    told = await desk.told(id)
    assert [one["isbns"] for one in told["content"]] == [[RED], [SAPIENS], [UNHELD]]
    assert (told["content"][1]["price"], told["content"][1]["currency"]) == (550.0, "TWD")
    assert told["content"][1]["note"] == "委員推薦"


async def test_a_list_is_shared_as_its_maker_says(desk: Desk) -> None:
    everybodys, ours = await desk.made(RED), await desk.made(RED, share="library")
    assert (await desk.beta.post(f"/api/lists/{everybodys}/lines", json={"isbns": [SAPIENS]})).status_code == 200
    refused = await desk.beta.post(f"/api/lists/{ours}/lines", json={"isbns": [SAPIENS]})
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "forbidden")
    read = await desk.beta.get(f"/api/lists/{ours}")
    assert (read.status_code, read.json()["may_change"]) == (200, False)
    for request in (
        desk.beta.patch(f"/api/lists/{ours}", json={"name": "x"}),
        desk.beta.delete(f"/api/lists/{ours}"),
        desk.beta.delete(f"/api/lists/{ours}/lines/1"),
        desk.beta.patch(f"/api/lists/{ours}/lines/1", json={"note": "x"}),
    ):
        assert (await request).status_code == 403
    names = [one["id"] for one in (await desk.beta.get("/api/lists")).json()["lists"]]
    assert set(names) == {everybodys, ours}


async def test_lines_bear_notes_and_are_taken_off_and_their_numbers_are_not_given_again(desk: Desk) -> None:
    id = await desk.made(RED, SAPIENS)
    await desk.alpha.patch(f"/api/lists/{id}/lines/2", json={"note": "再議"})
    await desk.alpha.delete(f"/api/lists/{id}/lines/2")
    await desk.alpha.post(f"/api/lists/{id}/lines", json={"isbns": [SAPIENS]})
    await desk.alpha.patch(f"/api/lists/{id}/lines/1", json={"note": "已購"})
    told = await desk.told(id)
    assert [(one["number"], one["note"]) for one in told["content"]] == [(1, "已購"), (3, "")]
    assert (await desk.alpha.delete(f"/api/lists/{id}/lines/2")).status_code == 404


async def test_a_list_that_is_removed_is_gone_with_all_of_it(desk: Desk) -> None:
    id = await desk.made(RED)
    assert (await desk.alpha.delete(f"/api/lists/{id}")).status_code == 204
    assert (await desk.alpha.get(f"/api/lists/{id}")).status_code == 404
    assert NamedLists(desk.services.store).lines(id) == []


async def test_a_file_has_the_lines_and_figures_of_the_list(desk: Desk) -> None:
    id = await desk.made(RED, UNHELD)
    told = await desk.told(id)
    answer = await desk.alpha.get(f"/api/lists/{id}/lines.csv?lang=en")
    heading, *rows = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert [row[heading.index("ISBN")].replace("-", "") for row in rows] == [RED, UNHELD]
    assert [int(row[heading.index("Libraries")]) for row in rows] == [len(one["libraries"]) for one in told["content"]]
    workbook = (await desk.alpha.get(f"/api/lists/{id}/lines.xlsx?lang=en")).content
    sheet = list(load_workbook(io.BytesIO(workbook), read_only=True).worksheets[0].iter_rows(values_only=True))
    assert [str(row[1]).replace("-", "") for row in sheet[1:]] == [RED, UNHELD]
    only = (await desk.alpha.get(f"/api/lists/{id}/lines.csv?bucket=not_held")).text
    assert UNHELD in only
    assert RED not in only


async def test_lists_that_nobody_opens_are_checked_beside_it(desk: Desk) -> None:
    lists = NamedLists(desk.services.store)
    id = lists.make("x", "", "consortium", owner="wang", library="alpha")
    lists.add(id, [line("a", RED)], "wang")
    shelves = Shelves(desk.services.engine, desk.services.catalogue, desk.services.libraries)
    was_checked = asyncio.Event()

    class Told(ListChecker):
        async def check(self, id: str) -> NamedList | None:
            found = await ListChecker.check(self, id)
            was_checked.set()
            return found

    task = asyncio.create_task(Told(lists, shelves).run())
    await asyncio.wait_for(was_checked.wait(), 20)
    task.cancel()
    assert [one.found and one.found.bucket for one in lists.lines(id)] == [Bucket.SAME]
    assert lists.stale(await desk.services.engine.state()) == []


async def test_a_check_that_was_overtaken_writes_nothing(desk: Desk) -> None:
    lists = NamedLists(desk.services.store)
    id = await desk.made(RED)
    seen = lists.named(id)
    assert seen is not None
    found = lists.lines(id)
    stale = replace(seen, checked_at=NOW)
    with pytest.raises(ListOvertaken):
        lists.keep_check(stale, found, [checked(Bucket.NONE)], "another state")
    assert (await desk.told(id))["content"][0]["bucket"] == "this_edition"


WRONG = [
    ({"name": ""}, "name", "a list without a name"),
    ({"name": "x" * 201}, "name", "a name that is too long"),
    ({"name": "x", "share": "world"}, "share", "shared with nobody we know"),
    ({"name": "x", "colour": "red"}, "colour", "an unknown key"),
]


@pytest.mark.parametrize(("body", "field", "why"), WRONG, ids=[why for *_, why in WRONG])
async def test_a_list_that_cannot_be_made_is_said(desk: Desk, body: dict[str, str], field: str, why: str) -> None:
    answer = await desk.alpha.post("/api/lists", json=body)
    assert (answer.status_code, answer.json()["error"]["field"]) == (422, field), why


async def test_everything_can_be_done_with_forms_alone(desk: Desk) -> None:
    form = desk.who.form
    made = await desk.browser.post(
        "/staff/lists",
        data={**form, "name": "選書委員會提案", "note": "第3次會議", "share": "library"},
        files={"file": ("a.csv", f"ISBN,定價\n{RED},350\n{UNHELD},NT$420\n".encode(), "text/csv")},
    )
    assert made.status_code == 303, made.text
    assert made.headers["location"].endswith("?added=2&passed=0")
    address = made.headers["location"].partition("?")[0]
    page = BeautifulSoup((await desk.browser.get(made.headers["location"])).text, "lxml")
    assert [one.get_text(strip=True) for one in page.select("h1")] == ["選書委員會提案2筆"]
    assert len(page.select("table.named tbody tr")) == 2
    for data in (
        {"do": "note", "line": "1", "note": "請甲館先買"},
        {"do": "take_off", "line": "2"},
        {"do": "change", "name": "提案（定稿）", "note": "", "share": "consortium"},
    ):
        assert (await desk.browser.post(address, data={**form, **data})).status_code == 303
    page = BeautifulSoup((await desk.browser.get(address)).text, "lxml")
    assert [one["value"] for one in page.select("table.named input[name=note]")] == ["請甲館先買"]
    assert page.select_one("h1").get_text(strip=True) == "提案（定稿）1筆"  # type: ignore[union-attr]
    unsure = await desk.browser.post(address, data={**form, "do": "remove"})
    assert unsure.status_code == 422
    assert (await desk.browser.post(address, data={**form, "do": "remove", "sure": "yes"})).status_code == 303
    assert (await desk.browser.get(address)).status_code == 404


async def test_a_form_of_another_site_changes_nothing(desk: Desk) -> None:
    answer = await desk.browser.post("/staff/lists", data={"name": "x", "share": "consortium"})
    assert answer.status_code == 403
    assert (await desk.alpha.get("/api/lists")).json()["lists"] == []


async def test_who_changed_a_list_is_written_down(desk: Desk) -> None:
    await desk.made(RED)
    log = Staff.open(desk.services.store, ()).audit.entries(action="list_changed")
    assert [(one.who, one.what) for one in log][-1] == ("wang", "金鼎獎: made")


async def test_a_full_list_says_so(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    id = await desk.made(RED)
    monkeypatch.setattr(lists_kept, "MAX_LINES", 1)
    answer = await desk.alpha.post(f"/api/lists/{id}/lines", json={"isbns": [SAPIENS]})
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "list_full")


async def test_a_report_is_kept_as_it_is_chosen(desk: Desk) -> None:
    table = f"書名,ISBN,定價\n紅,{RED},500\n無,{UNHELD},350\n空,9789579999991,\n"
    sent = await desk.alpha.post("/api/overlap", content=table.encode(), headers={"Content-Type": "text/csv"})
    report = sent.json()["report"]["url"].rpartition("/")[2]
    id = await desk.made()
    added = await desk.alpha.post(f"/api/lists/{id}/lines?report={report}&verdict=buy&q={UNHELD}")
    assert (added.status_code, added.json()["added"]) == (200, 1)
    unknown = await desk.alpha.post(f"/api/lists/{id}/lines?report={report}&verdikt=buy")
    assert (unknown.status_code, unknown.json()["error"]["code"]) == (422, "unknown_parameter")
    page = BeautifulSoup((await desk.browser.get(f"/staff/lists?report={report}&verdict=buy&q=x")).text, "lxml")
    hidden = {one["name"]: one["value"] for one in page.select("form input[type=hidden]") if one.get("value")}
    assert (hidden["verdict"], hidden["q"], hidden["report"]) == ("buy", "x", report)


async def test_files_of_lists_hold_isbns_that_spreadsheets_keep_and_pages_a_hundred_lines(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    id = await desk.made(RED, SAPIENS, UNHELD)
    file = await desk.alpha.get(f"/api/lists/{id}/lines.csv")
    assert "978-957-08-3587-8" in file.text
    monkeypatch.setattr(lists_pages, "LINES_SHOWN", 2)
    first = BeautifulSoup((await desk.browser.get(f"/staff/lists/{id}")).text, "lxml")
    last = BeautifulSoup((await desk.browser.get(f"/staff/lists/{id}?page=2")).text, "lxml")
    assert [len(page.select("table.lines tbody tr")) for page in (first, last)] == [2, 1]
    assert [one.text for one in first.select("nav.pager a")] == ["1", "2"]
