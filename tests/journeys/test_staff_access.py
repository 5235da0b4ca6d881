"""A day of staff in the browser: coming in, a new colleague, a program's token, and what the log says of it."""

from __future__ import annotations

import re
import urllib.error
import urllib.request

import pytest
from playwright.sync_api import Page, expect

from search_api.staff.access import Role
from tests.journeys.conftest import Opening
from tests.support.demo_site import Site
from tests.support.staff import PASSWORD, person_of

FIRST, OWN = "a first password", "a password of her own"


@pytest.fixture(scope="module", autouse=True)
def admin(site: Site) -> str:
    return person_of(site.settings, Role.ADMIN, name="the-admin").name


def log_in(page: Page, name: str, password: str) -> None:
    page.locator("input[name=name]").fill(name)
    page.locator("input[name=password]").fill(password)
    page.locator("main form button").click()


def test_staff_come_in_from_the_foot_of_the_front_page_on_a_phone_without_a_script(
    site: Site, open_page: Opening, admin: str
) -> None:
    with open_page(javascript=False, width=390, locale="zh-TW") as page:
        page.goto(site.url)
        page.get_by_role("link", name="館員專區").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("館員登入")
        page.goto(f"{site.url}/staff/log")
        assert page.url.endswith("/staff/login?next=/staff/log")
        log_in(page, admin, PASSWORD)
        expect(page.get_by_role("heading", level=1)).to_have_text("異動紀錄")
        page.get_by_role("banner").get_by_role("link", name="English").click()
        assert page.url.endswith("/en/staff/log")
        for place in ("staff", "staff/me", "staff/accounts", "staff/accounts/the-admin", "staff/log"):
            for language in ("", "en/"):
                page.goto(f"{site.url}/{language}{place}")
                assert page.evaluate("document.documentElement.scrollWidth") <= 390, (language, place)
        page.get_by_role("button", name="Log out").click()
        expect(page.locator(".said-now")).to_have_text("You are logged out.")
        page.go_back()
        page.goto(f"{site.url}/en/staff")
        assert "/en/staff/login" in page.url


def test_every_place_of_the_menu_opens_in_both_languages(site: Site, open_page: Opening, admin: str) -> None:
    with open_page() as page:
        page.goto(f"{site.url}/staff")
        log_in(page, admin, PASSWORD)
        for language in ("", "en/"):
            page.goto(f"{site.url}/{language}staff")
            places = page.locator("nav.desks a").evaluate_all("links => links.map(link => link.href)")
            assert len(places) == 8
            for place in places:
                answer = page.goto(place)
                assert answer is not None
                assert answer.status == 200, place
                expect(page.locator("nav.desks [aria-current]")).to_have_attribute("href", re.compile(r"/staff/"))


def test_a_new_colleague_gets_an_account_a_password_of_her_own_and_a_token_for_a_program(
    site: Site, open_page: Opening, admin: str
) -> None:
    with open_page() as page:
        page.goto(f"{site.url}/en/staff/accounts")
        log_in(page, admin, PASSWORD)
        page.locator("#add input[name=name]").fill("Huang")
        page.locator("#add input[name=label]").fill("黃淑芬")
        page.locator("#add select[name=library]").select_option("haifeng")
        page.get_by_label("Selector").check()
        page.locator("#add input[name=password]").fill(FIRST)
        page.locator("#add input[name=password_again]").fill(FIRST)
        page.get_by_role("button", name="Add an account").click()
        expect(page.locator(".said-now")).to_have_text("The account is added.")
        expect(page.get_by_role("row").filter(has_text="黃淑芬")).to_contain_text("Haifeng City Library")
    with open_page() as page:
        page.goto(f"{site.url}/en/staff/me")
        log_in(page, "huang", FIRST)
        page.get_by_label("Present password").fill(FIRST)
        page.locator("input[name=password]").fill(OWN)
        page.locator("input[name=password_again]").fill(OWN)
        page.get_by_role("button", name="Change password").click()
        log_in(page, "huang", OWN)
        page.goto(f"{site.url}/en/staff/me")
        page.get_by_label("What it is for").fill("nightly export")
        page.get_by_label("Selector").check()
        page.get_by_role("button", name="Make a token").click()
        token = page.locator("code").filter(has_text=re.compile("^asl_")).inner_text()
        assert page.locator("nav.desks a").all_inner_texts() == [
            "Overlap",
            "Collections compared",
            "Lists",
            "Members",
            "Figures",
        ]
    ask = urllib.request.Request(f"{site.url}/api/overlap", headers={"Authorization": f"Bearer {token}"})
    with urllib.request.urlopen(ask) as answer:
        assert answer.status == 200
    with open_page() as page:
        page.goto(f"{site.url}/en/staff/log?who=huang")
        log_in(page, admin, PASSWORD)
        told = page.locator("table.log tbody td:nth-child(4)").all_inner_texts()
        assert told == ["token made", "logged in", "password set", "logged in"]
        page.goto(f"{site.url}/en/staff/accounts/huang")
        page.get_by_role("button", name="Disable this account").click()
        expect(page.locator(".said-now")).to_have_text("The account is disabled.")
    with pytest.raises(urllib.error.HTTPError, match="401"):
        urllib.request.urlopen(ask)
