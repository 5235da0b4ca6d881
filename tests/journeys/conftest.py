"""One browser and one served demo consortium for all tests of this folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

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


@pytest.fixture
def open_page(browser: Browser) -> Opening:
    """A page with a window of its own: ``with open_page(width=390, javascript=False) as page``. No script may fail."""

    @contextmanager
    def opening(*, javascript: bool = True, width: int = 1280, height: int = 900, **more: Any) -> Iterator[Page]:
        viewport = {"width": width, "height": height}
        context = browser.new_context(java_script_enabled=javascript, viewport=viewport, **more)
        context.set_default_timeout(TIMEOUT_MS)
        page = context.new_page()
        problems: list[str] = []
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
        try:
            yield page
        finally:
            context.close()
        assert problems == []

    return opening
