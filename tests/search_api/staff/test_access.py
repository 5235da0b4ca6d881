"""Who comes in, and how: cookies and tokens, pages and API, forms of ours and of other sites."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated

import httpx
import pytest
from fastapi import APIRouter, Depends
from starlette.responses import Response

from search_api.app import create_app
from search_api.services import Services
from search_api.staff.access import Actor, Role, local, require
from search_api.staff.page import StaffPage, add_page
from tests.support.staff import person

router = APIRouter()


@router.get("/api/things")
@router.post("/api/things")
async def things(actor: Annotated[Actor, Depends(require(Role.SELECTOR))]) -> dict[str, str]:
    return {"who": actor.name}


@router.get("/api/anybody")
async def anybody(actor: Annotated[Actor, Depends(require())]) -> dict[str, str]:
    return {"who": actor.name}


async def desk(page: StaffPage) -> Response:
    return Response(f"{page.language} {page.actor.name}")


add_page(router, "staff/a-desk", desk, Role.SELECTOR, methods=("GET", "POST"))


@pytest.fixture
async def client(services: Services) -> AsyncIterator[httpx.AsyncClient]:
    app = create_app(services)
    app.router.routes[:0] = router.routes
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://catalogue.example") as opened:
        yield opened


async def test_a_program_comes_in_with_its_token(client: httpx.AsyncClient, services: Services) -> None:
    answer = await client.post("/api/things", headers=person(services.store, Role.SELECTOR).program)
    assert (answer.status_code, answer.json()) == (200, {"who": "selector"})


async def test_a_browser_comes_in_with_its_session(client: httpx.AsyncClient, services: Services) -> None:
    answer = await client.get("/staff/a-desk", headers=person(services.store, Role.SELECTOR).browser)
    assert (answer.status_code, answer.text) == (200, "zh-Hant selector")


async def test_admins_may_whatever_a_role_may(client: httpx.AsyncClient, services: Services) -> None:
    answer = await client.get("/api/things", headers=person(services.store, Role.ADMIN).program)
    assert answer.status_code == 200


async def test_the_api_tells_a_stranger_to_log_in_in_the_one_shape_of_errors(client: httpx.AsyncClient) -> None:
    answer = await client.get("/api/things")
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "unauthorised")
    assert answer.headers["www-authenticate"] == "Bearer"


async def test_the_api_tells_another_role_that_this_is_not_for_it(
    client: httpx.AsyncClient, services: Services
) -> None:
    answer = await client.get("/api/things", headers=person(services.store, Role.ILL).program)
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "forbidden")


async def test_with_no_role_named_all_staff_come_in_and_strangers_do_not(
    client: httpx.AsyncClient, services: Services
) -> None:
    assert (await client.get("/api/anybody", headers=person(services.store, Role.ILL).program)).status_code == 200
    assert (await client.get("/api/anybody")).status_code == 401


LED = [
    ("GET", "/staff/a-desk?isbn=1&x=2", "/staff/login?next=/staff/a-desk%3Fisbn%3D1%26x%3D2", "back to the very page"),
    ("GET", "/en/staff/a-desk", "/en/staff/login?next=/en/staff/a-desk", "in the language of the page"),
    ("POST", "/staff/a-desk", "/staff/login?ended=1", "what was sent cannot be sent again by a link"),
]


async def test_after_a_form_the_log_in_leads_back_to_its_page_and_says_what_is_lost(client: httpx.AsyncClient) -> None:
    for referer, led in (
        ("http://catalogue.example/staff/lenders/batch?a=1", "/staff/login?ended=1&next=/staff/lenders/batch%3Fa%3D1"),
        ("http://evil.example/staff/a-desk", "/staff/login?ended=1"),
        ("http://[", "/staff/login?ended=1"),
    ):
        answer = await client.post("/staff/a-desk", headers={"Referer": referer})
        assert answer.headers["location"] == led
    assert "未保留" in (await client.get("/staff/login?ended=1")).text


@pytest.mark.parametrize(("method", "address", "led", "why"), LED, ids=[row[3] for row in LED])
async def test_a_page_leads_a_stranger_to_the_log_in(
    client: httpx.AsyncClient, method: str, address: str, led: str, why: str
) -> None:
    answer = await client.request(method, address)
    assert (answer.status_code, answer.headers["location"]) == (303, led), why


async def test_a_wrong_token_is_refused_even_beside_a_good_session(
    client: httpx.AsyncClient, services: Services
) -> None:
    browser = person(services.store, Role.SELECTOR).browser
    for wrong in ("Bearer asl_guessed", "Bearer secret", "Basic YTpi", "Bearer", ""):
        answer = await client.get("/api/things", headers={**browser, "Authorization": wrong})
        assert answer.status_code == 401, wrong


FROM = [
    ({"Sec-Fetch-Site": "same-origin", "Origin": "http://catalogue.example"}, 200, "a form of ours"),
    ({"Origin": "http://catalogue.example"}, 200, "a browser without fetch metadata"),
    ({}, 200, "a browser that says nothing, with the secret"),
    ({"Sec-Fetch-Site": "cross-site"}, 403, "another site"),
    ({"Sec-Fetch-Site": "same-site"}, 403, "another host of our domain"),
    ({"Origin": "http://evil.example"}, 403, "another site, told by its origin"),
    ({"Origin": "http://catalogue.example:8080"}, 403, "another port"),
    ({"Origin": "null"}, 403, "a page without an origin"),
    ({"Sec-Fetch-Site": "same-origin", "Origin": "http://evil.example"}, 403, "contradictory"),
]


@pytest.mark.parametrize(("headers", "status", "why"), FROM, ids=[row[2] for row in FROM])
async def test_a_form_is_taken_from_our_own_pages_alone(
    client: httpx.AsyncClient, services: Services, headers: dict[str, str], status: int, why: str
) -> None:
    somebody = person(services.store, Role.SELECTOR)
    answer = await client.post("/staff/a-desk", data=somebody.form, headers={**somebody.browser, **headers})
    assert answer.status_code == status, why


async def test_a_form_without_the_secret_of_its_session_is_refused(
    client: httpx.AsyncClient, services: Services
) -> None:
    somebody, other = person(services.store, Role.SELECTOR), person(services.store, Role.SELECTOR, name="other")
    for data in ({}, {"csrf": ""}, {"csrf": "guessed"}, other.form):
        answer = await client.post("/staff/a-desk", headers=somebody.browser, data=data)
        assert answer.status_code == 403, data


async def test_a_form_with_a_file_bears_the_secret_too(client: httpx.AsyncClient, services: Services) -> None:
    somebody = person(services.store, Role.SELECTOR)
    files = {"list": ("list.csv", b"978", "text/csv")}
    sent = await client.post("/staff/a-desk", headers=somebody.browser, data=somebody.form, files=files)
    assert sent.status_code == 200
    assert (await client.post("/staff/a-desk", headers=somebody.browser, files=files)).status_code == 403


async def test_a_script_brings_the_secret_in_a_header(client: httpx.AsyncClient, services: Services) -> None:
    somebody = person(services.store, Role.SELECTOR)
    refused = await client.post("/api/things", headers=somebody.browser, json={})
    header = {"X-CSRF-Token": somebody.form["csrf"]}
    taken = await client.post("/api/things", json={}, headers={**somebody.browser, **header})
    assert (refused.status_code, taken.status_code) == (403, 200)


async def test_a_disabled_account_comes_in_neither_way(client: httpx.AsyncClient, services: Services) -> None:
    somebody = person(services.store, Role.SELECTOR, name="leaving")
    client_staff = client._transport.app.state.staff  # type: ignore[attr-defined]
    client_staff.accounts.disable("leaving")
    assert (await client.get("/api/things", headers=somebody.program)).status_code == 401
    assert (await client.get("/api/things", headers=somebody.browser)).status_code == 401


NEXT = [
    ("/staff/overlap?isbn=1", True, "a page of ours"),
    ("/en/", True, "a page of ours"),
    ("https://evil.example/", False, "another site"),
    ("//evil.example/", False, "another site, in short"),
    ("/\\evil.example/", False, "browsers read a backslash as a slash"),
    ("/\t/evil.example", False, "browsers leave out tabs"),
    ("javascript:alert(1)", False, "no address of a page"),
    ("staff", False, "relative to wherever it is shown"),
    ("", False, "nowhere"),
    ("/" + "a" * 3000, False, "longer than any page of ours"),
]


@pytest.mark.parametrize(("address", "ours", "why"), NEXT, ids=[row[2] + row[0][:12] for row in NEXT])
def test_nobody_is_led_to_another_site_after_logging_in(address: str, ours: bool, why: str) -> None:
    assert local(address) == (address if ours else ""), why
