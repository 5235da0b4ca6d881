"""Suggestions while typing, in a real browser: by keyboard, pointer and input method, and without JavaScript."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.support.background import in_background, served
from tests.support.catalogue import fill
from tests.support.demo_site import in_a_thread


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    settings = in_a_thread(fill(tmp_path_factory.mktemp("suggesting")))
    with in_background(lambda: served(settings)) as url:
        yield url


@contextmanager
def opened(browser: Browser, url: str, *, javascript: bool = True, width: int = 1280) -> Iterator[tuple[Page, Locator]]:
    """A page and its search box; no script may fail, nor a page be wider than the window."""
    context = browser.new_context(java_script_enabled=javascript, viewport={"width": width, "height": 800})
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.goto(url)
    yield page, page.locator("form.find input[name=q]")
    context.close()
    assert problems == []


def options(page: Page) -> Locator:
    return page.locator(".suggestions").get_by_role("option")


@pytest.mark.parametrize("path", ["/", "/en/search?q=sapiens"])
def test_what_is_typed_is_suggested_wherever_there_is_a_search_box(site: str, browser: Browser, path: str) -> None:
    with opened(browser, site + path) as (page, box):
        box.fill("")
        box.press_sequentially("cao xu")
        expect(options(page)).to_have_count(1)
        expect(options(page).first).to_contain_text("曹雪芹")


def test_arrows_walk_through_the_suggestions_and_enter_goes_there(site: str, browser: Browser) -> None:
    with opened(browser, f"{site}/en/") as (page, box):
        expect(box).to_have_role("combobox")
        expect(box).to_have_attribute("aria-expanded", "false")
        box.press_sequentially("曹")
        expect(box).to_have_attribute("aria-expanded", "true")
        expect(page.get_by_role("listbox", name="Suggestions")).to_be_visible()
        expect(page.get_by_role("group", name="Authors")).to_be_visible()
        expect(page.locator("form.find ~ [role=status], form.find [role=status]")).to_have_text(
            "Suggestions: 1. Up and down arrows choose."
        )
        assert box.get_attribute("aria-activedescendant") is None
        box.press("ArrowDown")
        expect(options(page).first).to_have_attribute("aria-selected", "true")
        expect(box).to_have_attribute("aria-activedescendant", options(page).first.get_attribute("id") or "")
        expect(box).to_be_focused()
        box.press("ArrowDown")  # back in the box
        expect(options(page).first).to_have_attribute("aria-selected", "false")
        box.press("ArrowUp")
        box.press("Enter")
        page.wait_for_url("**/search?**")
        assert parse_qs(urlsplit(page.url).query) == {"creator_is": ["曹雪芹"]}
        assert urlsplit(page.url).path == "/en/search", "the page, in its language"
        expect(page.locator("li.row").first).to_contain_text("紅樓夢校注")


def test_enter_without_a_choice_searches_for_what_is_typed(site: str, browser: Browser) -> None:
    with opened(browser, f"{site}/") as (page, box):
        box.press_sequentially("紅樓")
        expect(options(page).first).to_contain_text("紅樓夢校注")
        box.press("Enter")
        page.wait_for_url("**/search?**")
        assert parse_qs(urlsplit(page.url).query)["q"] == ["紅樓"]


def test_a_suggestion_can_be_clicked(site: str, browser: Browser) -> None:
    with opened(browser, f"{site}/") as (page, box):
        box.press_sequentially("sapi")
        options(page).filter(has_text="Sapiens").click()
        page.wait_for_url("**/search?**")
        assert parse_qs(urlsplit(page.url).query) == {"title": ["Sapiens"]}


def test_escape_closes_and_keeps_what_is_typed_and_so_does_leaving(site: str, browser: Browser) -> None:
    with opened(browser, f"{site}/") as (page, box):
        box.press_sequentially("sapi")
        expect(options(page)).not_to_have_count(0)
        box.press("Escape")
        expect(options(page)).to_have_count(0)
        expect(box).to_have_attribute("aria-expanded", "false")
        expect(box).to_have_value("sapi")
        box.press("ArrowDown")  # asks again
        expect(options(page)).not_to_have_count(0)
        box.press("Tab")
        expect(options(page)).to_have_count(0)


def test_the_field_chosen_says_what_is_suggested(site: str, browser: Browser) -> None:
    with opened(browser, f"{site}/") as (page, box):
        page.locator("select[name=in]").select_option("subject")
        box.press_sequentially("world")
        expect(options(page)).to_have_count(1)
        page.locator("select[name=in]").select_option("isbn")
        expect(options(page)).to_have_count(0)


def test_an_input_method_is_left_alone_until_it_has_composed(site: str, browser: Browser) -> None:
    with opened(browser, f"{site}/") as (page, box):
        asked: list[str] = []
        page.on("request", lambda one: asked.append(one.url) if "/api/suggest" in one.url else None)
        page.clock.install()
        box.focus()
        keyboard = page.context.new_cdp_session(page)
        for text in ("ㄏ", "ㄏㄨ", "ㄏㄨㄥˊ", "紅樓"):
            keyboard.send("Input.imeSetComposition", {"text": text, "selectionStart": len(text), "selectionEnd": 0})
            page.clock.run_for(1_000)  # longer than the script waits before it asks
        assert asked == []
        expect(options(page)).to_have_count(0)
        with page.expect_request("**/api/suggest?**") as request:
            keyboard.send("Input.insertText", {"text": "紅樓"})
            page.clock.run_for(1_000)
        assert parse_qs(urlsplit(request.value.url).query)["q"] == ["紅樓"]
        expect(options(page).first).to_contain_text("紅樓夢校注")


def test_letters_typed_quickly_are_asked_about_once(site: str, browser: Browser) -> None:
    with opened(browser, f"{site}/") as (page, box):
        asked: list[str] = []
        page.on("request", lambda one: asked.append(one.url) if "/api/suggest" in one.url else None)
        box.press_sequentially("sapiens", delay=5)
        expect(options(page)).not_to_have_count(0)
        assert len(asked) < len("sapiens")
        assert parse_qs(urlsplit(asked[-1]).query)["q"] == ["sapiens"]


def test_a_search_without_suggestions_works_as_ever(site: str, browser: Browser) -> None:
    with opened(browser, f"{site}/", javascript=False) as (page, box):
        assert box.get_attribute("role") is None
        box.fill("sapiens")
        box.press("Enter")
        expect(page.locator("li.row").first).to_contain_text("Sapiens")


def test_suggestions_fit_a_narrow_page(site: str, browser: Browser) -> None:
    with opened(browser, f"{site}/", width=390) as (page, box):
        box.press_sequentially("紅樓")
        expect(options(page).first).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        form, found = page.locator("form.find").bounding_box(), page.get_by_role("listbox").bounding_box()
        assert form is not None
        assert found is not None
        assert found["width"] == pytest.approx(form["width"], abs=6)
