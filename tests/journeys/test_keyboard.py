"""By keyboard alone: the skip link first, the focus seen wherever it is, no trap, the facets' drawer on a telephone."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Opening
from tests.support.demo_site import Site

MOST_STOPS = 400

WALK = """async () => {
  const active = document.activeElement
  if (!active || active === document.body) return null
  const marks = (one) => {
    const style = getComputedStyle(one)
    return (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== 'none'
  }
  let seen = false
  for (let one = active; one && one !== document.body; one = one.parentElement) seen ||= marks(one)
  const box = active.getBoundingClientRect()
  const name = `${active.tagName} ${active.className} ${(active.textContent || active.name || '').trim().slice(0, 40)}`
  return { name, seen, there: box.width > 0 && box.height > 0 }
}"""


@pytest.mark.parametrize("path", ["/", "/search?q=1Q84", "/advanced", "/libraries"])
def test_every_stop_is_seen_and_none_is_a_trap(site: Site, open_page: Opening, path: str) -> None:
    with open_page(locale="zh-TW") as page:
        page.goto(f"{site.url}{path}")
        page.keyboard.press("Tab")
        expect(page.locator("a.skip")).to_be_focused()
        expect(page.locator("a.skip")).to_be_in_viewport()
        stops = 0
        while (stop := page.evaluate(WALK)) is not None:
            assert stop["seen"], stop
            assert stop["there"], stop
            stops += 1
            assert stops < MOST_STOPS
            page.keyboard.press("Tab")
        assert stops > 5


def test_the_skip_link_goes_past_the_header(site: Site, open_page: Opening) -> None:
    with open_page(locale="zh-TW") as page:
        page.goto(f"{site.url}/search?q={quote('紅樓夢')}")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        assert page.evaluate("document.getElementById('main').contains(document.activeElement)")


def test_the_drawer_of_facets_opens_by_its_link_and_closes_by_its_own_and_by_going_back(
    site: Site, open_page: Opening
) -> None:
    with open_page(width=390, locale="zh-TW") as page:
        page.goto(f"{site.url}/search?q={quote('紅樓夢')}")
        facets = page.locator("#facets")
        expect(facets).to_be_hidden()
        page.locator("a.open-facets").focus()
        page.keyboard.press("Enter")
        expect(facets).to_be_visible()
        facets.locator(".close a").focus()
        page.keyboard.press("Enter")
        expect(facets).to_be_hidden()
        page.go_back()
        expect(facets).to_be_visible()
        page.go_back()
        expect(facets).to_be_hidden()


def test_behind_the_open_drawer_nothing_has_the_focus_and_escape_closes_it(site: Site, open_page: Opening) -> None:
    with open_page(width=390, locale="zh-TW") as page:
        page.goto(f"{site.url}/search?q={quote('紅樓夢')}")
        page.locator("a.open-facets").click()
        expect(page.locator("#facets .close a")).to_be_focused()
        page.keyboard.press("Shift+Tab")
        outside = "document.activeElement !== document.body && !document.activeElement.closest('#facets')"
        assert not page.evaluate(outside)
        page.keyboard.press("Escape")
        expect(page.locator("#facets")).to_be_hidden()
        expect(page.locator("a.open-facets")).to_be_focused()


def test_the_menu_of_languages_closes_with_escape_and_with_a_click_elsewhere(site: Site, open_page: Opening) -> None:
    with open_page() as page:
        page.goto(f"{site.url}/en/languages")
        menu, summary = page.locator(".langs ul"), page.locator(".langs summary")
        summary.click()
        expect(menu).to_be_visible()
        page.keyboard.press("Escape")
        expect(menu).to_be_hidden()
        expect(summary).to_be_focused()
        summary.click()
        page.locator("h1").click()
        expect(menu).to_be_hidden()
