"""The result page in a real browser: live rows, filters on a phone, themes, and what this browser remembers."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.journeys.conftest import Opening
from tests.journeys.test_journey import COUNT_LAYOUT_SHIFT
from tests.support.demo_site import Site

COUNT_ANNOUNCEMENTS = """
  window.announced = 0
  addEventListener('DOMContentLoaded', () => {
    const count = () => { window.announced += 1 }
    new MutationObserver(count).observe(document.getElementById('now'), { childList: true })
  })
"""
NOT_ANSWERED = ".st.not_asked, .st.asking"


def test_the_rows_fill_in_nothing_moves_and_it_is_told_once(site: Site, open_page: Opening) -> None:
    with open_page() as page:
        page.add_init_script(COUNT_LAYOUT_SHIFT)
        page.add_init_script(COUNT_ANNOUNCEMENTS)
        page.goto(f"{site.url}/en/search?sort=newest")
        expect(page.locator("#now")).to_contain_text("available now")
        first, last = page.locator(".have").first, page.locator(".have").last
        expect(first.locator(NOT_ANSWERED)).to_have_count(0)
        expect(page.locator("#asked")).to_contain_text("asked")
        expect(page.locator("#asked a")).to_have_text("Ask again")
        order = first.locator("li > span:first-child").all_inner_texts()
        last.scroll_into_view_if_needed()
        expect(last.locator(NOT_ANSWERED)).to_have_count(0)
        assert first.locator("li > span:first-child").all_inner_texts() == order, "answers never change the order"
        assert page.evaluate("window.announced") == 1
        assert page.evaluate("window.shift") < 0.02


def test_only_rows_that_come_into_sight_are_asked_about(site: Site, open_page: Opening) -> None:
    with open_page(height=400) as page:
        page.goto(f"{site.url}/en/search?sort=creator&page=7")
        expect(page.locator("#now")).to_contain_text("available now")
        waiting = page.locator(".have").last.locator(NOT_ANSWERED)
        assert waiting.count(), "nobody has looked at it"
        page.locator(".have").last.scroll_into_view_if_needed()
        expect(waiting).to_have_count(0)


def test_the_sentence_above_the_rows_counts_every_library_once(site: Site, open_page: Opening) -> None:
    with open_page() as page:
        page.goto(f"{site.url}/en/search?sort=libraries")
        for place in range(page.locator(".have").count()):
            page.locator(".have").nth(place).scroll_into_view_if_needed()
        expect(page.locator(f".have :is({NOT_ANSWERED})")).to_have_count(0)
        sentence = page.locator("#asked span")
        expect(sentence).not_to_contain_text("asking")
        numbers = re.findall(r"(\d+)(?= (?:librar|answered|earlier|could|without))", sentence.inner_text())
        asked, *parts = map(int, numbers)
        assert asked == sum(parts) == 8, sentence.inner_text()


def test_without_javascript_a_link_brings_the_page_with_live_states(site: Site, open_page: Opening) -> None:
    with open_page(javascript=False) as page:
        page.goto(f"{site.url}/en/search?q=紅樓夢&sort=oldest")
        page.get_by_role("link", name="Show what is available now").click()
        expect(page.locator(f".have :is({NOT_ANSWERED})")).to_have_count(0)
        expect(page.locator("#asked")).to_contain_text("asked")


def test_filters_are_a_drawer_on_a_phone_that_links_open_and_close(site: Site, open_page: Opening) -> None:
    with open_page(javascript=False, width=390) as page:
        page.goto(f"{site.url}/en/search?q=紅樓夢")
        drawer = page.locator("#facets")
        expect(drawer).to_be_hidden()
        page.get_by_role("link", name="Filters").click()
        expect(drawer).to_be_visible()
        page.locator("#facets .close a").click()
        expect(drawer).to_be_hidden()
        page.go_back()
        expect(drawer).to_be_visible()


def test_what_is_on_the_shelf_near_a_place_is_one_choice_away(site: Site, open_page: Opening) -> None:
    with open_page(javascript=False) as page:
        page.goto(f"{site.url}/en/search?q=王")
        page.get_by_label("On the shelf now (approximate)").select_option("south")
        page.get_by_role("button", name="Look").click()
        expect(page.locator(".chip")).to_have_text("On the shelf now (approximate) · Southern Taiwan")
        expect(page.locator(".approximate")).to_contain_text("asked about just now")
        for row in page.locator(".row").all():
            assert row.locator("[data-library=haifeng] .st.available").count() == 1, "the only library of the south"


def test_a_theme_that_was_chosen_holds_on_every_page_before_it_is_painted(site: Site, open_page: Opening) -> None:
    ground = "getComputedStyle(document.body).backgroundColor"
    with open_page(color_scheme="light") as page:
        page.goto(f"{site.url}/en/")
        light = page.evaluate(ground)
        page.get_by_role("button", name="Dark").click()
        dark = page.evaluate(ground)
        assert dark != light
        expect(page.get_by_role("button", name="Dark")).to_have_attribute("aria-pressed", "true")
        page.goto(f"{site.url}/search?q=紅樓夢", wait_until="commit")
        page.wait_for_function("document.body !== null")
        assert page.evaluate(ground) == dark, "no flash of the other theme"
        page.emulate_media(media="print")
        assert page.evaluate(ground) == light, "paper is light"
        page.emulate_media(media="screen")
        page.goto(f"{site.url}/en/")
        page.get_by_role("button", name="Auto").click()
        assert page.evaluate(ground) == light
        page.emulate_media(color_scheme="dark")
        assert page.evaluate(ground) == dark, "the system's setting holds again"


def test_without_javascript_the_system_chooses_the_theme_and_no_button_is_dead(site: Site, open_page: Opening) -> None:
    with open_page(javascript=False, color_scheme="dark") as page:
        page.goto(f"{site.url}/en/")
        expect(page.get_by_role("button", name="Dark")).to_be_hidden()
        expect(page.locator("h1")).to_have_css("color", "rgb(231, 238, 234)")


def test_my_libraries_stay_mine_in_what_is_searched_for_later(site: Site, open_page: Opening) -> None:
    with open_page() as page:
        page.goto(f"{site.url}/en/search?q=紅樓夢")
        page.get_by_text("My libraries first").click()
        page.locator("details.mine").get_by_label("Haifeng City Library").check()
        page.locator("details.mine").get_by_role("button", name="Apply").click()
        expect(page.locator(".own").first).to_have_text("mine")
        page.goto(f"{site.url}/en/")
        page.locator("input[name=q]").fill("Sapiens")
        page.locator("input[name=q]").press("Enter")
        expect(page.locator(".own").first).to_have_text("mine")
        assert "mine=haifeng" in page.url
