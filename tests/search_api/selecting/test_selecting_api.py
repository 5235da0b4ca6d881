"""The API and the pages of lists before a purchase: the same figures everywhere, for selectors alone."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

import httpx
import openpyxl
import pytest

from search_api.selecting import api as selecting_api
from search_api.selecting import pages as selecting_pages
from search_api.selecting.listing import Options
from search_api.selecting.reports import Reports
from search_api.services import Services
from search_api.staff.roles import Role
from tests.support.catalogue import RED, UNHELD
from tests.support.staff import Person, person

LIST = (
    "書名,作者,出版社,出版年,ISBN,定價,冊數\n"
    f"紅樓夢校注,曹雪芹,里仁,1984,{RED},NT$500,1\n"
    f'=HYPERLINK("http://x"),某人,某社,2020,{UNHELD},NT$350,2\n'
    "半生緣,張愛玲,,,,US$12.50,1\n"
    "壞號碼,某人,某社,2021,9789570835870,300,1\n"
    ",,,,4711234567890,90,1\n"
    f"紅樓夢校注,曹雪芹,里仁,1984,{RED},NT$500,1\n"
)
CSV = {"Content-Type": "text/csv; charset=utf-8"}


async def sent(client: httpx.AsyncClient, who: Person, data: str | bytes = LIST, query: str = "") -> dict[str, Any]:
    body = data.encode() if isinstance(data, str) else data
    answer = await client.post(f"/api/overlap?{query}", content=body, headers={**who.program, **CSV})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def test_a_list_is_answered_at_once_with_its_report(client: httpx.AsyncClient, selector: Person) -> None:
    found = await sent(client, selector, query="name=%E6%9B%B8%E5%96%AE")
    assert (found["report"]["state"], found["report"]["name"], found["report"]["lines"]) == ("done", "書單", 6)
    assert found["report"]["read"]["columns"]["isbn"] == [5]
    assert found["totals"]["buckets"] == {
        "this_edition": 2,
        "other_edition": 0,
        "possible_editions": 1,
        "not_held": 2,
        "unreadable": 1,
    }
    assert {name: total["lines"] for name, total in found["totals"]["verdicts"].items()} == {
        "buy": 1,
        "think": 2,
        "skip": 2,
        "mend": 1,
    }
    assert found["totals"]["verdicts"]["buy"]["money"] == [{"amount": "700.00", "currency": "TWD"}]
    assert [line["advice"]["reason"] for line in found["lines"]] == [
        "own_copies",
        "nobody",
        "own_perhaps",
        "number_wrong",
        "unreadable",
        "repeats",
    ]
    held = found["lines"][0]["editions"][0]["held_by"][0]
    assert (held["library"], held["copies"], held["places"][0]["location"]["en"]) == ("alpha", 2, "Stacks")


async def test_its_link_brings_the_report_back(client: httpx.AsyncClient, selector: Person) -> None:
    found = await sent(client, selector)
    again = (await client.get(found["report"]["url"], headers=selector.program)).json()
    assert again["totals"] == found["totals"]
    assert again["lines"] == found["lines"]
    listed = (await client.get("/api/overlap", headers=selector.program)).json()
    assert found["report"]["id"] in [one["id"] for one in listed["reports"]]


async def test_a_long_list_answers_202_with_where_it_will_be(
    client: httpx.AsyncClient, selector: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(selecting_api, "WAIT_SECONDS", 0)
    answer = await client.post("/api/overlap", json={"isbns": [RED]}, headers=selector.program)
    assert answer.status_code == 202
    assert answer.headers["location"] == answer.json()["report"]["url"]
    assert answer.json()["report"]["state"] in ("waiting", "reading", "checking")


async def test_lines_are_chosen_sorted_and_paged(client: httpx.AsyncClient, selector: Person) -> None:
    url = (await sent(client, selector))["report"]["url"]

    async def numbers(query: str) -> list[int]:
        answer = await client.get(f"{url}?{query}", headers=selector.program)
        assert answer.status_code == 200, answer.text
        return [line["number"] for line in answer.json()["lines"]]

    assert await numbers("bucket=not_held&bucket=unreadable") == [2, 4, 5]
    assert await numbers("verdict=skip") == [1, 6]
    assert await numbers("sort=price&desc=true&size=2") == [3, 1]
    assert await numbers("size=2&page=2") == [3, 4]
    assert await numbers("library=beta") == [1, 6]
    assert await numbers("q=%E5%BC%B5%E6%84%9B%E7%8E%B2") == [3]
    wrong = await client.get(f"{url}?n=0", headers=selector.program)
    assert (wrong.status_code, wrong.json()["error"]["field"]) == (422, "n")


async def test_page_api_and_downloads_tell_the_same_figures(client: httpx.AsyncClient, selector: Person) -> None:
    found = await sent(client, selector)
    report = found["report"]["id"]
    page = (await client.get(f"/staff/overlap/{report}", headers=selector.browser)).text
    shown = [int(text) for text in re.findall(r'<b class="num">(\d+)</b>', page)]
    buckets = list(found["totals"]["buckets"].values())
    assert shown == [*buckets, sum(buckets)]
    assert "NT$700" in page
    file = await client.get(f"/api/overlap/{report}/lines.csv", headers=selector.program)
    assert file.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(file.content.decode("utf-8-sig"))))
    assert [row["建議"] for row in rows] == ["免購", "建議採購", "再議", "再議", "待更正", "免購"]
    assert rows[0]["ISBN"] == "978-957-08-3587-8", "with hyphens a spreadsheet leaves it alone"
    book = openpyxl.load_workbook(
        io.BytesIO((await client.get(f"/staff/overlap/{report}/lines.xlsx", headers=selector.browser)).content)
    )
    lines, sums = book.worksheets
    assert [["" if cell is None else str(cell) for cell in row] for row in lines.iter_rows(values_only=True)] == [
        list(row) for row in csv.reader(io.StringIO(file.content.decode("utf-8-sig")))
    ]
    told = {row[0]: row[1] for row in sums.iter_rows(values_only=True) if row[0]}
    assert [told[name] for name in ("此版本已有館藏", "無館收藏", "無法判讀", "合計")] == [2, 2, 1, 6]
    assert (told["建議採購"], told["再議"], told["免購"], told["待更正"]) == (1, 2, 2, 1)


async def test_no_cell_is_a_formula(client: httpx.AsyncClient, selector: Person) -> None:
    report = (await sent(client, selector))["report"]["id"]
    file = await client.get(f"/api/overlap/{report}/lines.csv?columns=title", headers=selector.program)
    assert "'=HYPERLINK" in file.content.decode()
    data = (await client.get(f"/api/overlap/{report}/lines.xlsx?columns=title", headers=selector.program)).content
    cells = [row[0] for row in openpyxl.load_workbook(io.BytesIO(data)).worksheets[0].iter_rows(max_col=1)]
    assert [cell.data_type for cell in cells] == ["s"] * 7


async def test_columns_and_language_of_a_download_are_chosen(client: httpx.AsyncClient, selector: Person) -> None:
    report = (await sent(client, selector))["report"]["id"]
    query = "columns=title,advice&language=en&verdict=buy"
    file = await client.get(f"/api/overlap/{report}/lines.csv?{query}", headers=selector.program)
    assert file.content.decode("utf-8-sig").splitlines()[0] == "Title,Advice"
    assert len(file.content.splitlines()) == 2
    wrong = await client.get(f"/api/overlap/{report}/lines.csv?columns=shelf", headers=selector.program)
    assert (wrong.status_code, wrong.json()["error"]["field"]) == (422, "columns")


async def test_json_and_forms_are_lists_too(client: httpx.AsyncClient, selector: Person) -> None:
    asked = {"lines": [{"isbn": RED, "price": "NT$500"}, {}], "name": "x"}
    found = (await client.post("/api/overlap", json=asked, headers=selector.program)).json()
    assert [line["bucket"] for line in found["lines"]] == ["this_edition", "unreadable"]
    assert found["lines"][1]["why"] == "empty"
    files = {"file": ("書單.csv", LIST.encode(), "text/csv")}
    found = (await client.post("/api/overlap", files=files, headers=selector.program)).json()
    assert (found["report"]["source"], found["report"]["name"], found["report"]["lines"]) == ("書單.csv", "書單", 6)


REFUSED = [
    ("application/json", b"{", 422, "not_json"),
    ("application/json", b"{}", 422, "invalid"),
    ("application/json", b'{"isbns": ["1"], "titles": []}', 422, "unknown_parameter"),
    ("image/png", b"x", 415, "wrong_media_type"),
    ("text/csv", b"%PDF-1.4", 422, "list_pdf"),
    ("text/csv", b"", 422, "list_empty"),
]


@pytest.mark.parametrize(("kind", "body", "status", "code"), REFUSED)
async def test_what_is_no_list_is_refused(
    *, client: httpx.AsyncClient, selector: Person, kind: str, body: bytes, status: int, code: str
) -> None:
    answer = await client.post("/api/overlap", content=body, headers={**selector.program, "Content-Type": kind})
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)


async def test_a_file_too_large_is_refused_before_it_is_read(client: httpx.AsyncClient, selector: Person) -> None:
    headers = {**selector.program, **CSV, "Content-Length": str(10**9)}
    answer = await client.post("/api/overlap", content=b"x", headers=headers)
    assert answer.status_code == 413


async def test_reports_are_for_selectors_and_changed_by_their_own_library(
    client: httpx.AsyncClient, services: Services, selector: Person
) -> None:
    url = (await sent(client, selector))["report"]["url"]
    assert (await client.get(url)).status_code == 401
    lender = person(services.store, Role.ILL, library="alpha")
    assert (await client.get(url, headers=lender.program)).status_code == 403
    colleague = person(services.store, Role.SELECTOR, library="beta")
    assert (await client.get(url, headers=colleague.program)).status_code == 200, "a link is there to be shared"
    assert (await client.delete(url, headers=colleague.program)).status_code == 403
    assert (await client.delete(url, headers=selector.program)).status_code == 204
    assert (await client.get(url, headers=selector.program)).status_code == 404


async def test_the_form_takes_a_list_and_leads_to_its_report(client: httpx.AsyncClient, selector: Person) -> None:
    page = await client.get("/staff/overlap", headers=selector.browser)
    assert page.status_code == 200
    answer = await client.post(
        "/en/staff/overlap",
        headers=selector.browser,
        data={**selector.form, "list": f"{RED}\n{UNHELD}", "name": "Two"},
        files={"file": ("", b"", "application/octet-stream")},
    )
    assert answer.status_code == 303, answer.text
    report = await client.get(answer.headers["location"], headers=selector.browser)
    assert "<h1>Two <small>2 lines</small></h1>" in report.text
    assert "No member holds it" in report.text


async def test_a_form_with_a_picture_says_so_and_keeps_what_was_typed(
    client: httpx.AsyncClient, selector: Person
) -> None:
    files = {"file": ("a.png", b"\x89PNG\r\n", "image/png")}
    data = {**selector.form, "name": "春季"}
    answer = await client.post("/staff/overlap", headers=selector.browser, data=data, files=files)
    assert answer.status_code == 422
    assert "這是圖片" in answer.text
    assert 'value="春季"' in answer.text


async def test_a_report_under_way_shows_how_far_it_is_and_refreshes_itself(
    client: httpx.AsyncClient, services: Services, selector: Person
) -> None:
    report = Reports(services.store).add(LIST.encode(), "春", "", Options(), library="alpha")
    page = (await client.get(f"/staff/overlap/{report}", headers=selector.browser)).text
    assert 'http-equiv="refresh"' in page
    assert "<progress" in page
    Reports(services.store).remove(report)


async def test_columns_are_corrected_in_the_report(client: httpx.AsyncClient, selector: Person) -> None:
    found = await sent(client, selector, f"a,b\n某書,{RED}\n", query="columns=title%3DB")
    report = found["report"]["id"]
    data = {**selector.form, "column-A": "title", "column-B": "isbn", "header": "1", "currency": "TWD"}
    answer = await client.post(f"/staff/overlap/{report}/again", headers=selector.browser, data=data)
    assert answer.status_code == 303
    again = (await client.get(found["report"]["url"], headers=selector.program)).json()
    assert (again["report"]["lines"], again["lines"][0]["isbns"]) == (1, [RED])
    wrong = await client.post(f"/api/overlap/{report}/again?columns=isbn%3DZ", headers=selector.program)
    assert (wrong.status_code, wrong.json()["error"]["code"]) == (422, "list_columns")


async def test_a_form_of_another_site_changes_nothing(client: httpx.AsyncClient, selector: Person) -> None:
    answer = await client.post("/staff/overlap", headers=selector.browser, data={"list": RED})
    assert answer.status_code == 403


async def test_figures_of_json_may_be_numbers_or_text(client: httpx.AsyncClient, selector: Person) -> None:
    lines = [{"isbn": UNHELD, "year": 2020, "price": 350, "copies": 2}, {"title": "x", "price": "US$12.50"}]
    found = (await client.post("/api/overlap", json={"lines": lines}, headers=selector.program)).json()
    told = [(line["year"], line["price"]["amount"], line["wanted"]) for line in found["lines"]]
    assert told == [(2020, "350.00", 2), (None, "12.50", None)]


@pytest.mark.parametrize(
    ("query", "field"), [("mine=nowhere", "mine"), ("library=nowhere", "library"), ("scope=region&mine=-", "mine")]
)
async def test_a_library_that_is_none_is_refused(
    client: httpx.AsyncClient, selector: Person, query: str, field: str
) -> None:
    url = (await sent(client, selector))["report"]["url"]
    answer = await client.get(f"{url}?{query}", headers=selector.program)
    assert (answer.status_code, answer.json()["error"]["field"]) == (422, field)


@pytest.mark.parametrize("text", [RED, "978-957-08-3587-8", "9570835877", "957-08-3587-7"])
async def test_a_report_is_searched_by_either_form_of_an_isbn(
    client: httpx.AsyncClient, selector: Person, text: str
) -> None:
    url = (await sent(client, selector))["report"]["url"]
    found = (await client.get(url, params={"q": text}, headers=selector.program)).json()
    assert found["found"] == 2


async def test_older_reports_are_on_further_pages(
    client: httpx.AsyncClient, selector: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(2):
        await sent(client, selector, "9789570835878\n")
    monkeypatch.setattr(selecting_pages, "REPORTS_SHOWN", 1)
    first = (await client.get("/staff/overlap", headers=selector.browser)).text
    second = (await client.get("/staff/overlap?page=2", headers=selector.browser)).text
    assert 'href="?page=2" rel="next"' in first
    assert 'href="?page=1" rel="prev"' in second
