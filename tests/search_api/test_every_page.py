"""The table of pages that are held against axe-core and have their pictures taken names every page there is."""

from __future__ import annotations

from search_api.app import create_app
from search_api.services import Services
from tests.support.every_page import EDITION, PUBLIC, STAFF

NO_PAGES = {"search/live", "feed.atom", "opensearch.xml", "staff/sign-in"}
"""Events, feeds, and what only leads on."""


def pages_of(services: Services) -> set[str]:
    """The paths of all pages that need nothing in their address, as they are in the default language."""
    routers = [getattr(route, "original_router", None) for route in create_app(services).routes]
    routes = [route for router in routers if router is not None for route in router.routes]
    return {
        route.path.lstrip("/")
        for route in routes
        if route.name.endswith("-zh-Hant") and "GET" in route.methods and "{" not in route.path
    }


async def test_no_page_is_left_out(services: Services) -> None:
    found = {path for path in pages_of(services) if path not in NO_PAGES and not path.endswith((".csv", ".xlsx"))}
    assert len(found) > 10
    named = {path.partition("?")[0] for path in (*PUBLIC.values(), *STAFF.values())}
    assert found - named == set()
    assert any(EDITION in path for path in PUBLIC.values())
