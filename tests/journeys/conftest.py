"""One browser and one served demo consortium for all tests of this folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.support.browser import ARGUMENTS, executable
from tests.support.demo_site import Site, demo_site


@pytest.fixture(scope="package")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with demo_site(tmp_path_factory.mktemp("demo")) as served:
        yield served


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    path = executable()
    assert path, "no Chromium: run `make browser`"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        yield browser
        browser.close()


TIMEOUT_MS = 10_000
"""A page that does not come, or a link that is not there, fails the test and does not hold the others up."""

Opening = Callable[..., AbstractContextManager[Page]]


@pytest.fixture(scope="package")
def open_page(browser: Browser, site: Site) -> Opening:
    """A page as of a browser nobody has used: ``with open_page(width=390, javascript=False) as page``.

    No script may fail. Windows of one kind share a context, whose cookies and storage are emptied in between: to make a
    context anew, and to fetch styles and fonts again, would be a good part of the work.
    """
    contexts: dict[str, BrowserContext] = {}

    @contextmanager
    def opening(*, javascript: bool = True, width: int = 1280, height: int = 900, **more: Any) -> Iterator[Page]:
        kind = repr((javascript, sorted(more.items())))
        if kind not in contexts:
            contexts[kind] = browser.new_context(java_script_enabled=javascript, **more)
            contexts[kind].set_default_timeout(TIMEOUT_MS)
        context = contexts[kind]
        page = context.new_page()
        page.set_viewport_size({"width": width, "height": height})
        problems: list[str] = []
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
        try:
            yield page
        finally:
            told = context.new_cdp_session(page)
            told.send("Storage.clearDataForOrigin", {"origin": site.url, "storageTypes": "all"})
            page.close()
            context.clear_cookies()
        assert problems == []

    return opening
