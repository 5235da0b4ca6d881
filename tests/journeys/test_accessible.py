"""Every page, in every language and both themes: axe-core finds nothing, and nothing is wider than the window."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from search_api.page import prefix
from search_api.staff.access import COOKIE, Role
from search_api.texts import LANGUAGES
from tests.support.demo_site import Site
from tests.support.every_page import PUBLIC, STAFF, languages_of, path_of
from tests.support.staff import person_of

RULES = {"target-size": {"enabled": True}}
"""axe leaves out what only WCAG 2.2 asks, unless told."""
NOT_COLOURS = {"color-contrast": {"enabled": False}}
"""Colours are the same in every language; to measure them is most of the work."""

NARROWEST, ZOOMED, PHONE, DESKTOP = 320, 640, 390, 1280
"""Widths in pixels: what WCAG 1.4.10 asks, a desktop's window at 200 %, a phone, a desktop."""

COLOURS = "axe.run({runOnly: ['color-contrast']}).then(found => found.violations)"


@pytest.fixture(scope="module")
def edition(site: Site) -> str:
    """The id of an edition that many libraries hold."""
    return site.an_edition()


@pytest.fixture(scope="module")
def window(browser: Browser, site: Site) -> Iterator[Page]:
    """A window of somebody who has logged in, one for all pages."""
    context = browser.new_context(locale="zh-TW")
    context.set_default_timeout(20_000)
    admin = person_of(site.settings, Role.ADMIN)
    context.add_cookies([{"name": COOKIE, "value": admin.session, "url": site.url}])
    yield context.new_page()
    context.close()


def opened(window: Page, site: Site, path: str, width: int = DESKTOP) -> None:
    window.set_viewport_size({"width": width, "height": 900})
    window.emulate_media(color_scheme="light")
    answer = window.goto(f"{site.url}{path}")
    assert answer is not None
    assert answer.status in (200, 404), path


def violations(window: Page, *, colours: bool = True) -> list[str]:
    """What axe-core finds, in light colours and in dark ones."""
    options = {"resultTypes": ["violations"], "rules": RULES if colours else RULES | NOT_COLOURS}
    found = Axe().run(window, options=options).response["violations"]
    if colours:
        window.emulate_media(color_scheme="dark")
        found += window.evaluate(COLOURS)
    return [f"{one['id']}: {node['html'][:160]}: {node['failureSummary']}" for one in found for node in one["nodes"]]


@pytest.mark.parametrize("page", [*PUBLIC, *STAFF])
def test_axe_finds_nothing_in_any_language_and_theme(window: Page, site: Site, edition: str, page: str) -> None:
    for language in languages_of(page):
        opened(window, site, prefix(language) + path_of(page, edition))
        assert window.locator("html").get_attribute("lang") == language
        assert violations(window, colours=language == LANGUAGES[0]) == [], language


@pytest.mark.parametrize("page", [*PUBLIC, *STAFF])
def test_on_a_phone_axe_finds_nothing_and_no_page_is_wider_than_its_window(
    window: Page, site: Site, edition: str, page: str
) -> None:
    opened(window, site, f"/{path_of(page, edition)}" if page in STAFF else f"/vi/{path_of(page, edition)}", PHONE)
    assert violations(window) == []
    for width in (NARROWEST, ZOOMED):
        window.set_viewport_size({"width": width, "height": 800})
        assert window.evaluate("document.documentElement.scrollWidth") <= width
