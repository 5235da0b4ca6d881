"""What is open to whom: every address of the application, for everybody and for each role."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping

import httpx
import pytest
from fastapi import FastAPI
from fastapi.dependencies.models import Dependant

from search_api.app import create_app
from search_api.services import Services
from search_api.staff.access import Guard, Role
from search_api.texts import LANGUAGES
from tests.support.staff import Person, person

PUBLIC = {
    "catalogue": (
        *("GET /api/search", "GET /api/suggest", "GET /api/facets/{facet}", "GET /api/browse/{list}", "GET /api/years"),
        *("GET /api/editions/{edition_id}", "GET /api/editions/{edition_id}/editions", "GET /api/works/{work_id}"),
        *("GET /api/editions/{edition_id}/availability", "GET /api/editions/{edition_id}/explanation"),
        "GET /api/editions/{edition_id}/records/{library}/{identifier:path}",
        *("GET /api/export", "GET /api/editions/{edition_id}/export", "GET /api/editions/{edition_id}/citations"),
        *("GET /api/libraries", "GET /api/libraries/{code}", "GET /api/health", "GET /api/openapi.json", "GET /api/"),
        "GET /api/editions/{edition_id}/beside",
    ),
    "readers' pages": (
        *(
            "GET /",
            "GET /zh-Hant/",
            "GET /zh-Hant/{path:path}",
            "GET /search",
            "GET /search/live",
            "GET /advanced",
            "GET /browse",
            "GET /list",
        ),
        *("GET /editions/{edition_id}", "GET /editions/{edition_id}/live", "GET /editions/{edition_id}.{suffix}"),
        *("GET /libraries", "GET /languages", "GET /languages/{code}", "GET /out/{kind}/{library}", "GET /openurl"),
    ),
    "machines": (
        *("GET /robots.txt", "GET /sitemap.xml", "GET /sitemap/{name}.xml", "GET /favicon.ico", "GET /site/{name}"),
        *("GET /feed.atom", "GET /opensearch.xml", "GET /opensearch/suggest"),
    ),
    "has a token of its own": (
        "GET /metrics",
        *("POST /api/libraries/{code}/records", "GET /api/libraries/{code}/records/{name}"),
    ),
    "how one comes in": (*("GET /staff/login", "POST /staff/login", "GET /staff/sign-in", "GET /staff/signed-in"),),
}
"""What anybody may ask for, and why."""

ALL: frozenset[Role] = frozenset()

STAFF: Mapping[str, frozenset[Role]] = {
    "/staff": ALL,
    "/staff/logout": ALL,
    "/staff/me": ALL,
    "/staff/accounts": frozenset({Role.ADMIN}),
    "/staff/log": frozenset({Role.ADMIN}),
    "/staff/members": ALL,
    "/staff/counts": ALL,
    "/staff/overlap": frozenset({Role.SELECTOR}),
    "/staff/collections": frozenset({Role.SELECTOR}),
    "/staff/lists": frozenset({Role.SELECTOR}),
    "/staff/lenders": frozenset({Role.ILL}),
    "/api/staff/me": ALL,
    "/api/staff/tokens": ALL,
    "/api/staff/accounts": frozenset({Role.ADMIN}),
    "/api/staff/log": frozenset({Role.ADMIN}),
    "/api/libraries/{code}/quality": ALL,
    "/api/libraries/{code}/quarantine": ALL,
    "/api/counts": ALL,
    "/api/members": ALL,
    "/api/judgements": frozenset({Role.CATALOGUER}),
    "/api/overlap": frozenset({Role.SELECTOR}),
    "/api/collections": frozenset({Role.SELECTOR}),
    "/api/lists": frozenset({Role.SELECTOR}),
    "/api/lenders": frozenset({Role.ILL}),
}
"""Who may come in at an address and at all below it; the longest that fits counts. Admins may everywhere."""


def routes(app: FastAPI) -> Iterator[tuple[str, str, frozenset[Role] | None]]:
    """Every method and path, those of other languages as the default's, with the roles of its guard; None for none."""
    for one in app.routes:
        for route in getattr(getattr(one, "original_router", None), "routes", (one,)):
            found = list(set(_guards(route.dependant))) if hasattr(route, "dependant") else []
            assert len(found) < 2, route.path
            path = route.path
            for language in LANGUAGES[1:]:
                path = path.removeprefix(f"/{language}") if path.startswith(f"/{language}/") else path
            for method in (getattr(route, "methods", None) or {"GET"}) - {"HEAD", "OPTIONS"}:
                yield method, path, found[0] if found else None


def _guards(dependant: Dependant) -> list[frozenset[Role]]:
    below = [roles for one in dependant.dependencies for roles in _guards(one)]
    return [one.call.roles for one in dependant.dependencies if isinstance(one.call, Guard)] + below


def expected(path: str) -> frozenset[Role] | None:
    """Who is meant to come in at a path of staff; None where the table has nothing of it."""
    fitting = [known for known in STAFF if path == known or path.startswith((f"{known}/", f"{known}."))]
    return STAFF[max(fitting, key=len)] if fitting else None


@pytest.fixture
async def app(services: Services) -> FastAPI:
    return create_app(services)


def test_every_address_is_declared_public_or_guarded(app: FastAPI) -> None:
    public = {address for some in PUBLIC.values() for address in some}
    open_ = {f"{method} {path}" for method, path, roles in routes(app) if roles is None and path != "/static"}
    assert open_ - public == set(), "guard it with require(…), or say in PUBLIC why anybody may"


def test_every_guard_admits_whom_it_is_meant_to(app: FastAPI) -> None:
    wrong = {
        f"{method} {path}": (roles, expected(path))
        for method, path, roles in routes(app)
        if roles is not None and roles != expected(path)
    }
    assert wrong == {}, "found, and expected by the table STAFF"


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://catalogue.example") as opened:
        yield opened


def _address(path: str) -> str:
    return "/".join("x" if part.startswith("{") else part for part in path.split("/")).replace(".{kind}", ".csv")


async def test_each_role_gets_in_where_it_may_and_nobody_else_does(
    app: FastAPI, client: httpx.AsyncClient, services: Services
) -> None:
    people: dict[Role | None, Person | None] = {None: None, **{role: person(services.store, role) for role in Role}}
    wrong = []
    for method, path, roles in sorted(set(routes(app)), key=str):
        if roles is None or path == "/staff/logout":
            continue
        for role, somebody in people.items():
            # Of what changes something no admitted role is tried: it would.
            admitted = role is not None and (not roles or role in roles or role is Role.ADMIN)
            if admitted and method != "GET":
                continue
            answer = await client.request(method, _address(path), headers=somebody.program if somebody else {})
            if role is None:
                led = answer.headers.get("location", "").startswith("/staff/login")
                fits = answer.status_code == 401 if path.startswith("/api") else answer.status_code == 303 and led
            else:
                fits = answer.status_code not in (401, 403) if admitted else answer.status_code == 403
            if not fits:
                wrong.append((method, path, role, answer.status_code))
    assert wrong == []


async def test_what_is_public_asks_nobody_who_they_are(app: FastAPI, client: httpx.AsyncClient) -> None:
    for method, path, roles in sorted(set(routes(app)), key=str):
        if roles is None and method == "GET" and not path.endswith(("/records/{name}", "/static")):
            answer = await client.get(_address(path))
            led = answer.headers.get("location", "").endswith("/staff/login")
            assert (answer.status_code in (401, 403), led) == (False, False), path
