"""`make screenshots`: every page as it looks, in both themes, on desktop and telephone, in 繁體中文 and English."""

from __future__ import annotations

import random
import sys
import tempfile
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path

from playwright.sync_api import Browser, TimeoutError, sync_playwright

from harvester.store import Store
from mappings.library import load_libraries
from search_api.counts.ledger import Ledger
from search_api.counts.tally import ALL_LIBRARIES, COUNTED, Tally
from search_api.page import prefix
from search_api.settings import Settings
from search_api.staff.access import COOKIE, Role
from tests.support.browser import ARGUMENTS, executable
from tests.support.demo_site import Site, demo_site
from tests.support.every_page import PUBLIC, STAFF, path_of
from tests.support.staff import person_of

FOLDER = Path("build/screenshots")
WIDTHS = {"desktop": 1280, "phone": 390}
LANGUAGES = {"zh-Hant": "zh-TW", "en": "en-GB"}
THEMES = ("light", "dark")
SETTLED_MS = 4_000
"""An edition's answers are there by then, or said to be missing."""


def main(wanted: list[str]) -> int:
    path = executable()
    if path is None:
        print("no Chromium: run `make browser`")
        return 2
    with tempfile.TemporaryDirectory() as folder, demo_site(Path(folder)) as site, sync_playwright() as playwright:
        some_use(site.settings, list(load_libraries(site.settings.libraries)))
        browser = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        for language in LANGUAGES:
            for theme in THEMES:
                for width in WIDTHS:
                    take(browser, site, wanted or [*PUBLIC, *STAFF], language=language, theme=theme, width=width)
        browser.close()
    print(f"{sum(1 for _ in FOLDER.glob('*.png'))} pictures in {FOLDER}")
    return 0


def take(browser: Browser, site: Site, pages: list[str], *, language: str, theme: str, width: str) -> None:
    """Takes pictures of pages into ``FOLDER``: ``edition.zh-Hant.dark.phone.png``."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    edition = site.an_edition()
    context = browser.new_context(
        viewport={"width": WIDTHS[width], "height": 900},
        color_scheme=theme,  # type: ignore[arg-type]
        locale=LANGUAGES[language],
        reduced_motion="reduce",
    )
    admin = person_of(site.settings, Role.ADMIN, name="王靜怡")
    for page in pages:
        window = context.new_page()
        context.clear_cookies()
        if page in STAFF and page != "login":
            context.add_cookies([{"name": COOKIE, "value": admin.session, "url": site.url}])
        window.goto(f"{site.url}{prefix(language)}{path_of(page, edition)}")
        with suppress(TimeoutError):  # a library that never answers is part of the picture
            window.wait_for_load_state("networkidle", timeout=SETTLED_MS)
        window.screenshot(path=FOLDER / f"{page}.{language}.{theme}.{width}.png", full_page=True)
        window.close()
    context.close()


def some_use(settings: Settings, libraries: list[str]) -> None:
    """A year of made-up use, the same every time, so that the director's page has something to show."""
    dice = random.Random(20)
    store = Store.open(settings.database_url)
    ledger, today = Ledger(store), store.now().date()
    for back in range(390):
        ledger.add(_a_day(today - timedelta(days=back), libraries, dice))
    store.close()


def _a_day(day: date, libraries: list[str], dice: random.Random) -> Tally:
    usual = dict(zip(COUNTED, (420, 26, 610, 180, 24, 66), strict=True))
    tally = Tally()
    for what, times in usual.items():
        for library in (ALL_LIBRARIES, *libraries):
            share = 1.0 if library == ALL_LIBRARIES else 1.4 / len(libraries)
            quiet = 0.55 if day.weekday() > 4 else 1.0
            tally.times[day, what, library] = round(times * share * quiet * dice.uniform(0.7, 1.3))
    for words in ("鬼滅之刃", "葬送的芙莉蓮", "越南語會話", "量子力學", "dungeon meshi"):
        for _ in range(dice.randint(0, 3)):
            tally.wish(day, words)
    return tally


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
