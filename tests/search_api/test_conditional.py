"""What has not changed is not sent again, HEAD answers wherever GET does, and what may be kept says for how long."""

from datetime import UTC, datetime, timedelta

import httpx
import pytest

from search_api.app import create_app
from search_api.conditional import http_date
from search_api.services import Services
from tests.support.catalogue import RED


async def red(client: httpx.AsyncClient) -> str:
    [hit] = (await client.get(f"/api/search?isbn={RED}")).json()["hits"]
    return f"/editions/{hit['id']}"


@pytest.mark.parametrize(
    "url", ["/", "/en/libraries", "/api/search?q=紅樓夢", "/robots.txt", "/sitemap.xml", "/feed.atom"]
)
async def test_what_the_asker_has_already_is_not_sent_again(client: httpx.AsyncClient, url: str) -> None:
    first = await client.get(url)
    tag = first.headers["etag"]
    again = await client.get(url, headers={"If-None-Match": f'"other", {tag}'})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == tag
    assert again.headers["cache-control"] == first.headers["cache-control"]
    assert "content-length" not in again.headers
    other = await client.get(url, headers={"If-None-Match": 'W/"another"'})
    assert (other.status_code, other.content) == (200, first.content)


async def test_an_edition_that_has_not_changed_is_not_asked_about_for_a_crawler(client: httpx.AsyncClient) -> None:
    url = await red(client)
    page = await client.get(url)
    changed = page.headers["last-modified"]
    assert (await client.get(url, headers={"If-Modified-Since": changed})).status_code == 304
    before = http_date(datetime.now(UTC) - timedelta(days=2))
    assert (await client.get(url, headers={"If-Modified-Since": before})).status_code == 200
    assert (await client.get(url, headers={"If-Modified-Since": "yesterday"})).status_code == 200
    both = {"If-Modified-Since": changed, "If-None-Match": '"another"'}
    assert (await client.get(url, headers=both)).status_code == 200, "an ETag outranks a date"


@pytest.mark.parametrize(
    "url", ["/", "/api/search?q=x", "/api/openapi.json", "/static/page.css", "/sitemap/editions.xml", "/en/search?q=x"]
)
async def test_head_answers_as_get_does_without_the_body(client: httpx.AsyncClient, url: str) -> None:
    got, head = await client.get(url), await client.head(url)
    assert (head.status_code, head.content) == (200, b"")
    for name in ("content-type", "cache-control", "content-length", "content-encoding", "etag"):
        assert head.headers.get(name) == got.headers.get(name) or url == "/sitemap/editions.xml", name


async def test_nobody_asks_the_libraries_for_the_sake_of_headers(client: httpx.AsyncClient) -> None:
    url = await red(client)
    assert (await client.head(f"{url}/live")).status_code == 405
    assert (await client.head(f"/api{url}/availability")).status_code == 405


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("/", "no-cache"),
        ("/api/search?q=x", "no-cache"),
        ("/static/page.css", "public, max-age=3600"),
        ("/static/page.css?123", "public, max-age=31536000, immutable"),
        ("/robots.txt", "public, max-age=86400"),
    ],
)
async def test_answers_say_for_how_long_they_hold(client: httpx.AsyncClient, url: str, kept: str) -> None:
    assert (await client.get(url)).headers["cache-control"] == kept


async def test_an_answer_is_sent_compressed_to_who_takes_it_so(client: httpx.AsyncClient) -> None:
    answer = await client.get("/", headers={"Accept-Encoding": "gzip"})
    assert answer.headers["content-encoding"] == "gzip"
    assert "accept-encoding" in answer.headers["vary"].lower()
    plain = await client.get("/", headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.text == answer.text


@pytest.mark.parametrize("url", ["live", "availability"])
async def test_events_are_not_held_back_to_be_compressed(client: httpx.AsyncClient, url: str) -> None:
    edition = await red(client)
    address = f"{edition}/live" if url == "live" else f"/api{edition}/availability"
    answer = await client.get(address, headers={"Accept": "text/event-stream", "Accept-Encoding": "gzip"})
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert "content-encoding" not in answer.headers
    assert "etag" not in answer.headers


async def test_pages_of_staff_are_never_compressed(services: Services) -> None:
    app = create_app(services)

    @app.get("/staff/long")
    async def long() -> str:
        return "x" * 5_000

    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://catalogue.example") as client:
        answer = await client.get("/staff/long", headers={"Accept-Encoding": "gzip"})
        assert "content-encoding" not in answer.headers
