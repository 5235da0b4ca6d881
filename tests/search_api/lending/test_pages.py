"""The desk's pages: the same order as the API's, forms that say what is wrong, files for spreadsheets."""

from __future__ import annotations

import html
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from search_api.app import create_app
from search_api.services import open_services
from search_api.settings import Settings
from search_api.staff.access import Role
from tests.support.catalogue import RED
from tests.support.staff import Person, person

NUMBER = "delta-20261121-0123abcd"
NAMES = {"甲圖書館": "alpha", "乙圖書館": "beta", "丙圖書館": "gamma"}


@pytest.fixture
async def desk(filled: Settings) -> AsyncIterator[tuple[httpx.AsyncClient, Person]]:
    """A browser of delta's ILL librarian."""
    services = await open_services(filled)
    who = person(services.store, Role.ILL, library="delta")
    transport = httpx.ASGITransport(create_app(services), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://a.example", headers=who.browser) as opened:
        yield opened, who
    await services.close()


async def test_the_page_has_the_order_and_the_exclusions_of_the_api(desk: tuple[httpx.AsyncClient, Person]) -> None:
    client, _ = desk
    page = (await client.get(f"/staff/lenders?isbn={RED}")).text
    found = (await client.get(f"/api/lenders?isbn={RED}&live=true")).json()
    rows = [NAMES[name] for name in re.findall(r'<div class="where"><h3>(.*?)</h3>', page)]
    outs = [NAMES[name] for name in re.findall(r"<div><p><b>(.*?)</b><span>", page)]
    assert rows == [one["library"] for one in found["lenders"]]
    assert outs == [one["library"] for one in found["excluded"]]
    assert f"3館收藏：{len(rows)}館可申請，{len(outs)}館不列入。" in page


@pytest.mark.parametrize(
    ("query", "status", "says", "why"),
    [
        ("", 200, "查詢可申請的館", "the form"),
        ("?isbn=978-0", 422, "書號或編號有誤", "a wrong number"),
        ("?edition=nosuch", 422, "書號或編號有誤", "an edition that is not there"),
        ("?title=沒有這本書", 200, "查無此資料", "nothing like it"),
        ("?title=沒有這本書", 200, 'value="沒有這本書"', "what was typed stays in the form"),
        ("?title=紅樓夢校注&creator=曹雪芹&year=1923", 200, "也可能是", "others are offered"),
        (f"?isbn={RED}&borrower=nosuch", 200, "紅樓夢校注", "what is no value of a choice is left out"),
        (f"?isbn={RED}&needed_by=soon", 422, "需用日已過或無法辨識", "no day"),
        (f"?isbn={RED}&needed_by=2020-01-01", 422, "需用日已過或無法辨識", "a day that is over"),
        (f"?isbn={RED}&year=94", 422, "年份無法辨識", "a year of which century?"),
        (f"?isbn={RED}&article=x&pages=1-4&service=", 200, '<option value="" selected>', "copied as it needs"),
        (f"/request?isbn={RED}&to=beta&number={NUMBER}&needed_by=2020-01-01", 303, "", "a day that is over"),
        ("/request", 303, "", "nothing to request"),
        (f"/request?isbn={RED}&to=gamma", 303, "", "a library that is left out"),
        (f"/request?isbn={RED}&to=beta", 303, "", "a request gets its number"),
        (f"/request?isbn={RED}&to=beta&number={NUMBER}", 200, NUMBER, "and keeps it"),
        ("/policies", 200, "先詢問", "the rules"),
    ],
)
async def test_pages_say_what_they_are_for(
    desk: tuple[httpx.AsyncClient, Person], query: str, status: int, says: str, why: str
) -> None:
    client, _ = desk
    answer = await client.get(f"/staff/lenders{query}")
    assert (answer.status_code, says in answer.text) == (status, True), why


async def test_slip_and_files_of_a_request_bear_one_number_in_the_language_of_the_page(
    desk: tuple[httpx.AsyncClient, Person],
) -> None:
    client, _ = desk
    page = (await client.get(f"/en/staff/lenders?isbn={RED}&pages=1-4")).text
    numbers = set(re.findall(r"delta-\d{8}-[0-9a-f]{8}", page))
    assert len(numbers) == 1
    address = html.unescape(re.findall(r'href="(/api/lenders/request\.xml[^"]*)"', page)[0])
    file = await client.get(address)
    assert numbers.pop() in file.headers["content-disposition"]
    assert "<serviceType>Copy<" in file.text
    preview = html.unescape(re.findall(r"<pre[^>]*>(.*?)</pre>", page, re.DOTALL)[0])

    def notes(text: str) -> list[str]:
        return re.findall("<availabilityNote>(.*?),? ?[0-9]", text)

    assert notes(file.text) == notes(preview) != []


async def test_a_list_is_taken_along_as_a_file_that_holds_no_formula(desk: tuple[httpx.AsyncClient, Person]) -> None:
    client, who = desk
    form = {**who.form, "items": f"{RED}\n=1+1 / x", "as": "csv", "borrower": "delta"}
    answer = await client.post("/staff/lenders/batch", data=form)
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert (answer.content[:3], len(lines)) == (b"\xef\xbb\xbf", 3)
    assert "紅樓夢校注,乙圖書館" in lines[1]
    assert "'=1+1" in lines[2]
    assert (await client.post("/staff/lenders/batch", data={**form, "csrf": "x"})).status_code == 403


async def test_a_request_that_was_sent_is_counted_once_and_told_by_month(filled: Settings, tmp_path: Path) -> None:
    services = await open_services(replace(filled, home=tmp_path))
    who = person(services.store, Role.ILL, library="delta")
    transport = httpx.ASGITransport(create_app(services), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://a.example", headers=who.browser) as client:
        form = {**who.form, "lender": "beta", "service": "copy", "query": f"isbn={RED}&to=beta", "number": NUMBER}
        answer = await client.post("/staff/lenders/sent", data=form)
        assert answer.headers["location"] == f"/staff/lenders/request?isbn={RED}&to=beta&counted=1"
        again = await client.post("/staff/lenders/sent", data={**form, "borrower": "gamma"})
        assert again.status_code == 303
        unknown = await client.post("/staff/lenders/sent", data={**form, "lender": "nosuch"})
        assert unknown.status_code == 303
        told = (await client.get("/staff/lenders/counts?as=csv")).text.splitlines()
        assert told[1].split(",")[1:] == ["delta", "beta", "copy", "1"]
        assert len(told) == 2
    await services.close()
