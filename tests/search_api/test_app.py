"""What every answer carries, the one shape of an error, and that OpenAPI describes all of it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import httpx
import pytest

from indexer.engine import EngineIncompatible, EngineUnavailable, SearchPage, SearchRequest
from indexer.readings import spellings
from mappings.site import load_site
from search_api.app import create_app
from search_api.headers import security_headers
from search_api.services import Services
from tests.support.catalogue import RED


class BrokenEngine:
    """An engine whose every call fails the same way."""

    def __init__(self, failure: Exception) -> None:
        self._failure = failure

    async def state(self) -> str:
        raise self._failure

    async def search(self, request: SearchRequest) -> SearchPage:
        raise self._failure

    async def with_isbns(self, isbns: object) -> dict[str, Any]:
        raise self._failure

    async def count(self) -> int:
        raise self._failure


def over(services: Services, failure: Exception) -> httpx.AsyncClient:
    broken: Any = BrokenEngine(failure)
    transport = httpx.ASGITransport(create_app(replace(services, engine=broken)), raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://catalogue.example")


ERRORS = [
    ("GET", "/api/search?page=0", 422, "invalid", "page"),
    ("GET", "/api/search?serach=x", 422, "unknown_parameter", "serach"),
    ("GET", "/api/search?page=999", 422, "invalid", None),
    ("GET", "/api/nowhere", 404, "not_found", None),
    ("GET", "/api/editions/nosuch", 404, "not_found", None),
    ("DELETE", "/api/search", 405, "method_not_allowed", None),
    ("POST", "/api/overlap", 401, "unauthorised", None),
    ("GET", f"/api/lenders?isbn={RED}", 401, "unauthorised", None),
]


@pytest.mark.parametrize(("method", "url", "status", "code", "field"), ERRORS)
async def test_every_error_has_one_shape(
    *, client: httpx.AsyncClient, method: str, url: str, status: int, code: str, field: str | None
) -> None:
    answer = await client.request(method, url)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/json"
    body = answer.json()
    assert set(body) == {"error"}
    assert set(body["error"]) == {"code", "message"} | ({"field"} if field else set())
    assert body["error"]["code"] == code
    assert body["error"].get("field") == field
    assert re.fullmatch(r"[A-Z].*\.", body["error"]["message"]), "a sentence"


FAILURES = [
    (EngineUnavailable("cannot connect to http://user:secret@inside:9200"), 503, "unavailable", "5"),
    (EngineIncompatible("version 1, not 2"), 503, "incompatible", None),
    (ZeroDivisionError("a secret of ours"), 500, "internal", None),
]


@pytest.mark.parametrize(("failure", "status", "code", "retry"), FAILURES)
@pytest.mark.parametrize("url", ["/api/search?q=x", "/api/health"])
async def test_a_failure_behind_the_api_has_that_shape_too_and_tells_nothing_inside(
    *, services: Services, failure: Exception, status: int, code: str, retry: str | None, url: str
) -> None:
    async with over(services, failure) as client:
        answer = await client.get(url)
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    assert answer.headers.get("retry-after") == retry
    assert "secret" not in answer.text
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("url", ["/api/search", "/api/nowhere", "/api/openapi.json", "/", "/static/nosuch.css"])
async def test_every_answer_carries_the_security_headers(client: httpx.AsyncClient, url: str) -> None:
    headers = (await client.get(url)).headers
    wanted = security_headers(load_site())
    assert {name: headers[name] for name in wanted} == wanted
    policy = headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy


FILES = frozenset(
    {
        *("DELETE /api/overlap/{report}", "GET /api/overlap/{report}/lines.{kind}"),
        *("GET /api/collections/figures.{kind}", "DELETE /api/collections/saved/{id}"),
        *("GET /api/collections/{library}/unique.{kind}", "GET /api/collections/{library}/lacking.{kind}"),
        *("GET /api/lists/{id}/lines.{kind}", "DELETE /api/lists/{id}", "DELETE /api/staff/tokens/{number}"),
        *("GET /api/lenders/request.{kind}", "POST /api/lenders/sent", "GET /openurl"),
        *("GET /api/export", "GET /api/editions/{edition_id}/export"),
    }
)
"""What answers with no JSON."""


async def test_openapi_describes_every_operation(client: httpx.AsyncClient) -> None:
    described = (await client.get("/api/openapi.json")).json()
    operations = {
        f"{method.upper()} {path}": operation
        for path, methods in described["paths"].items()
        for method, operation in methods.items()
    }
    assert len(operations) > 50
    for name, operation in operations.items():
        assert operation["summary"], name
        assert operation["description"], name
        assert operation["tags"], name
        # a harvest is still to come; a judgement is made
        others = {"POST /api/libraries/{code}/records": "202", "POST /api/judgements": "201"}
        others |= {"POST /api/overlap/{report}/again": "202", "POST /api/staff/accounts": "201"}
        others |= {"POST /api/collections/saved": "201", "POST /api/lists": "201", "POST /api/lenders/sent": "204"}
        success = others.get(name, "200")
        if name not in FILES:
            assert "$ref" in operation["responses"][success]["content"]["application/json"]["schema"], name
        for status in ("422", "500", "503"):
            schema = operation["responses"][status]["content"]["application/json"]["schema"]
            assert schema["$ref"].endswith("/ErrorBody"), (name, status)
        for parameter in operation.get("parameters", []):
            assert parameter["name"] in ("library", "identifier", "code") or parameter.get("description"), name
    assert (
        "text/event-stream" in operations["GET /api/editions/{edition_id}/availability"]["responses"]["200"]["content"]
    )
    assert {"application/json", "text/plain", "multipart/form-data"} <= set(
        operations["POST /api/overlap"]["requestBody"]["content"]
    )
    assert {tag["name"] for tag in described["tags"]} == {tag for o in operations.values() for tag in o["tags"]}
    assert "HTTPValidationError" not in described["components"]["schemas"], (
        "FastAPI's own shape of an error is not ours"
    )


async def test_a_fault_of_ours_is_logged_with_its_traceback(
    services: Services, caplog: pytest.LogCaptureFixture
) -> None:
    async with over(services, ZeroDivisionError("a fault")) as client:
        await client.get("/api/search")
    assert "GET /api/search failed" in caplog.text
    assert "ZeroDivisionError: a fault" in caplog.text


async def test_why_the_engine_cannot_be_used_is_logged_for_whoever_runs_it(
    services: Services, caplog: pytest.LogCaptureFixture
) -> None:
    async with over(services, EngineUnavailable("there is no index yet")) as client:
        await client.get("/api/search")
    assert "GET /api/search: there is no index yet" in caplog.text


def test_the_first_patron_waits_for_no_table(services: Services) -> None:
    spellings.cache_clear()
    create_app(services)
    assert spellings.cache_info().currsize > 0, "a romanised word was taken apart, which needs the tables"
