"""Logging in and out in a browser, and what happens when somebody guesses."""

from __future__ import annotations

import re

import httpx
import pytest

from search_api.app import create_app
from search_api.services import Services
from search_api.staff.access import Role, Staff
from search_api.staff.audit import Action
from search_api.staff.entering import Shown
from tests.search_api.staff.conftest import Clock
from tests.support.staff import PASSWORD

WANG = ("wang", "王靜怡", "alpha", frozenset({Role.SELECTOR}), PASSWORD)


async def csrf(client: httpx.AsyncClient, address: str = "/staff/login") -> str:
    found = re.search(r'name="csrf" value="(\w+)"', (await client.get(address)).text)
    assert found
    return found[1]


async def log_in(
    client: httpx.AsyncClient, name: str = "wang", password: str = PASSWORD, *, next: str = "", at: str = "/staff/login"
) -> httpx.Response:
    data = {"csrf": await csrf(client, at), "name": name, "password": password, "next": next}
    return await client.post(at, data=data)


@pytest.fixture(autouse=True)
def wang(staff: Staff) -> None:
    staff.accounts.add(*WANG)


async def test_the_right_password_opens_a_session_and_leads_back(client: httpx.AsyncClient) -> None:
    answer = await log_in(client, next="/en/staff/me")
    assert (answer.status_code, answer.headers["location"]) == (303, "/en/staff/me")
    page = await client.get("/en/staff/me")
    assert page.status_code == 200
    assert "王靜怡" in page.text


async def test_a_name_is_known_however_it_is_typed(client: httpx.AsyncClient) -> None:
    assert (await log_in(client, " ＷＡＮＧ ")).status_code == 303


async def test_nobody_is_led_elsewhere(client: httpx.AsyncClient) -> None:
    assert (await log_in(client, next="https://evil.example/")).headers["location"] == "/staff"


async def test_a_wrong_name_and_a_wrong_password_are_told_alike(client: httpx.AsyncClient) -> None:
    pages = [await log_in(client, "wang", "wrong password"), await log_in(client, "nobody", "wrong password")]
    assert [page.status_code for page in pages] == [403, 403]
    bare = [re.sub(r'value="[^"]*"', "", page.text) for page in pages]
    assert bare[0] == bare[1]
    assert "密碼錯誤" in bare[0]


async def test_the_cookie_is_not_for_scripts_nor_for_other_sites(client: httpx.AsyncClient) -> None:
    cookies = (await log_in(client)).headers.get_list("set-cookie")
    session = next(one for one in cookies if one.startswith("allshelves="))
    assert {"HttpOnly", "Path=/", "SameSite=lax"} <= set(session.split("; "))
    assert "Secure" not in session
    assert "Max-Age" not in session


async def test_behind_tls_the_cookie_is_bound_to_the_host(client: httpx.AsyncClient) -> None:
    client.base_url = httpx.URL("https://catalogue.example")
    cookies = (await log_in(client)).headers.get_list("set-cookie")
    session = next(one for one in cookies if one.startswith("__Host-allshelves="))
    assert "Secure" in session.split("; ")
    assert (await client.get("/staff")).status_code == 200


async def test_a_session_got_over_plain_http_is_not_taken_over_tls(client: httpx.AsyncClient) -> None:
    await log_in(client)
    answer = await client.get("https://catalogue.example/staff")
    assert answer.status_code == 303


async def test_logging_in_gives_a_new_session_and_ends_the_one_before(client: httpx.AsyncClient) -> None:
    await log_in(client)
    before = client.cookies["allshelves"]
    fresh = await csrf(client, "/en/staff/me")
    client.cookies.delete("allshelves")
    form = await csrf(client)
    client.cookies.set("allshelves", before, domain="catalogue.example", path="/")
    data = {"csrf": form, "name": "wang", "password": PASSWORD}
    assert (await client.post("/staff/login", data=data)).status_code == 303
    assert client.cookies["allshelves"] != before
    client.cookies.set("allshelves", before, domain="catalogue.example", path="/")
    assert (await client.get("/staff")).status_code == 303
    assert fresh != await csrf(client)


async def test_a_form_of_another_site_logs_nobody_in(client: httpx.AsyncClient) -> None:
    data = {"csrf": await csrf(client), "name": "wang", "password": PASSWORD}
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "http://evil.example"}):
        assert (await client.post("/staff/login", data=data, headers=headers)).status_code == 403
    assert (await client.post("/staff/login", data={**data, "csrf": "guessed"})).status_code == 403
    client.cookies.clear()
    assert (await client.post("/staff/login", data=data)).status_code == 403


async def test_whoever_is_in_is_led_on(client: httpx.AsyncClient) -> None:
    await log_in(client)
    answer = await client.get("/en/staff/login?next=/en/staff/me")
    assert (answer.status_code, answer.headers["location"]) == (303, "/en/staff/me")


async def test_logging_out_ends_the_session(client: httpx.AsyncClient) -> None:
    await log_in(client)
    session = client.cookies["allshelves"]
    answer = await client.post("/staff/logout", data={"csrf": await csrf(client, "/staff/me")})
    assert answer.headers["location"] == "/staff/login?out=1"
    client.cookies.set("allshelves", session, domain="catalogue.example", path="/")
    assert (await client.get("/staff")).status_code == 303


async def test_logging_out_everywhere_ends_the_sessions_of_other_browsers(
    client: httpx.AsyncClient, staff: Staff
) -> None:
    other = staff.sessions.begin(staff.accounts.named("wang").id)
    await log_in(client)
    await client.post("/staff/logout", data={"csrf": await csrf(client, "/staff/me"), "everywhere": "1"})
    assert staff.sessions.actor(other) is None


async def test_an_idle_session_ends_and_one_in_use_does_not(client: httpx.AsyncClient, clock: Clock) -> None:
    await log_in(client)
    for _ in range(3):
        clock.pass_(minutes=110)
        assert (await client.get("/staff")).status_code == 200
    clock.pass_(minutes=125)
    assert (await client.get("/staff")).status_code == 303


async def test_a_session_in_use_ends_with_the_working_day(client: httpx.AsyncClient, clock: Clock) -> None:
    await log_in(client)
    for _ in range(11):
        clock.pass_(hours=1)
        assert (await client.get("/staff")).status_code == 200
    clock.pass_(minutes=61)
    assert (await client.get("/staff")).status_code == 303


async def test_failures_make_the_next_attempt_wait_longer_and_longer(client: httpx.AsyncClient, clock: Clock) -> None:
    for _ in range(5):
        assert (await log_in(client, password="wrong password")).status_code == 403
    waits = []
    for _ in range(4):
        refused = await log_in(client, password="wrong password")
        assert refused.status_code == 429
        waits.append(int(refused.headers["retry-after"]))
        clock.pass_(seconds=waits[-1])
        assert (await log_in(client, password="wrong password")).status_code == 403
    assert waits == [1, 2, 4, 8]


async def test_while_one_has_to_wait_the_right_password_is_not_looked_at_either(client: httpx.AsyncClient) -> None:
    for _ in range(5):
        await log_in(client, password="wrong password")
    assert (await log_in(client)).status_code == 429
    assert "秒後再試" in (await log_in(client)).text


async def test_names_that_do_not_exist_wait_like_those_that_do(client: httpx.AsyncClient) -> None:
    statuses = [(await log_in(client, "nobody", "wrong password")).status_code for _ in range(6)]
    assert statuses == [403] * 5 + [429]


async def test_a_stranger_locks_nobody_out(services: Services, staff: Staff, clock: Clock) -> None:
    app = create_app(services)
    app.state.staff = staff

    def browser(address: str) -> httpx.AsyncClient:
        transport = httpx.ASGITransport(app, client=(address, 5))
        return httpx.AsyncClient(transport=transport, base_url="http://catalogue.example")

    async with browser("192.0.2.1") as own, browser("203.0.113.9") as colleague:
        await log_in(own)
        own.cookies.delete("allshelves")
        for stranger in range(60):
            address = f"198.51.100.{stranger}"
            async with browser(address) as other:
                await log_in(other, password="wrong password")
        assert (await log_in(own)).status_code == 303  # known by its cookie
        assert (await log_in(colleague)).status_code == 429  # a browser never seen waits, a little
        clock.pass_(minutes=5)
        assert (await log_in(colleague)).status_code == 303


async def test_success_forgives_ones_own_failures(client: httpx.AsyncClient) -> None:
    for _ in range(2):
        for _ in range(4):
            await log_in(client, password="wrong password")
        assert (await log_in(client)).status_code == 303
        client.cookies.clear()


async def test_log_ins_are_noted_and_what_was_typed_for_a_name_is_not(client: httpx.AsyncClient, staff: Staff) -> None:
    await log_in(client, password="wrong password")
    await log_in(client, "my password by mistake", "wang")
    await log_in(client)
    told = [(one.action, one.who, one.what) for one in reversed(staff.audit.entries())]
    assert told == [
        (Action.LOG_IN_FAILED, "wang", ""),
        (Action.LOG_IN_FAILED, "", ""),
        (Action.LOGGED_IN, "wang", ""),
    ]


async def test_a_disabled_account_is_told_nothing_of_it(client: httpx.AsyncClient, staff: Staff) -> None:
    staff.accounts.disable("wang")
    answer = await log_in(client)
    assert answer.status_code == 403
    assert "密碼錯誤" in answer.text


async def test_accounts_of_a_demo_open_nothing_else(client: httpx.AsyncClient, staff: Staff) -> None:
    staff.accounts.add("demo", "Demo", "", frozenset({Role.ADMIN}), "everybody knows", origin="demo")
    assert (await log_in(client, "demo", "everybody knows")).status_code == 403
    assert "demo" not in re.sub(r'value="[^"]*"', "", (await client.get("/en/staff/login")).text)


async def test_the_log_in_of_a_demo_shows_its_accounts(services: Services, staff: Staff) -> None:
    staff.accounts.add("demo", "Demo", "", frozenset({Role.ADMIN}), "everybody knows", origin="demo")
    app = create_app(services, shown=(Shown("demo", "everybody knows", Role.ADMIN),))
    app.state.staff = Staff.open(staff.audit._store, (), shown=app.state.staff.shown)
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://catalogue.example") as client:
        page = await client.get("/en/staff/login")
        assert "<code>everybody knows</code>" in page.text
        assert (await log_in(client, "demo", "everybody knows")).status_code == 303
