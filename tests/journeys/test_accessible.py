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

EVERYTHING = {"rules": {"target-size": {"enabled": True}}}
"""axe leaves out what only WCAG 2.2 asks, unless told."""
COLOURS = {"runOnly": ["color-contrast"]}
WORDS = {
    "runOnly": [
        "aria-command-name",
        "aria-input-field-name",
        "button-name",
        "document-title",
        "empty-heading",
        "html-has-lang",
        "html-lang-valid",
        "image-alt",
        "input-button-name",
        "label",
        "label-title-only",
        "landmark-unique",
        "link-name",
        "select-name",
        "summary-name",
        "svg-img-alt",
        "valid-lang",
    ]
}
"""What a language can break, as the markup is the same in all of them: names, and the languages that are stated."""
LAYOUT = {"runOnly": ["target-size", "scrollable-region-focusable"]}
"""What a narrow window can break."""

ONLY_ON_PHONES = ("home", "results", "edition", "staff", "staff-lenders")
"""Pages on which a telephone shows something else in place of what desktops show: its colours are measured too."""

NARROWEST, ZOOMED, PHONE, DESKTOP = 320, 640, 390, 1280
"""Widths in pixels: what WCAG 1.4.10 asks, a desktop's window at 200 %, a phone, a desktop."""


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
    page = context.new_page()
    page.add_init_script(Axe().axe_script)
    yield page
    context.close()


def opened(window: Page, site: Site, path: str, width: int = DESKTOP) -> None:
    window.set_viewport_size({"width": width, "height": 900})
    window.emulate_media(color_scheme="light")
    answer = window.goto(f"{site.url}{path}")
    assert answer is not None
    assert answer.status in (200, 404), path


def violations(window: Page, rules: dict[str, object]) -> list[str]:
    """What axe-core finds by these rules."""
    found = window.evaluate(
        "options => axe.run(options).then(found => found.violations)", {"resultTypes": ["violations"], **rules}
    )
    return [f"{one['id']}: {node['html'][:160]}: {node['failureSummary']}" for one in found for node in one["nodes"]]


@pytest.mark.parametrize("page", [*PUBLIC, *STAFF])
def test_axe_finds_nothing_in_any_language_and_theme(window: Page, site: Site, edition: str, page: str) -> None:
    for language in languages_of(page):
        opened(window, site, prefix(language) + path_of(page, edition))
        assert window.locator("html").get_attribute("lang") == language
        if language != LANGUAGES[0]:
            assert violations(window, WORDS) == [], language
            continue
        assert violations(window, EVERYTHING) == []
        window.emulate_media(color_scheme="dark")
        assert violations(window, COLOURS) == []


@pytest.mark.parametrize("page", [*PUBLIC, *STAFF])
def test_on_a_phone_axe_finds_nothing_and_no_page_is_wider_than_its_window(
    window: Page, site: Site, edition: str, page: str
) -> None:
    opened(window, site, f"/{path_of(page, edition)}" if page in STAFF else f"/vi/{path_of(page, edition)}", PHONE)
    assert violations(window, LAYOUT) == []
    if page in ONLY_ON_PHONES:
        assert violations(window, COLOURS) == []
    for width in (NARROWEST, ZOOMED):
        window.set_viewport_size({"width": width, "height": 800})
        assert window.evaluate("document.documentElement.scrollWidth") <= width
