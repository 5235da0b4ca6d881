"""What machines ask for: site maps that add up, crawling rules, feeds by RFC 4287, the OpenSearch description."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from lxml import etree

from harvester.store import Store
from indexer import edition_times
from search_api.app import create_app
from search_api.protocols import atom, opensearch, sitemap
from search_api.services import Services, open_services
from search_api.suggest import NameSuggestion, Suggestions, TitleSuggestion
from tests.support.catalogue import RED, fill, harvest_into, index

SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
ATOM = f"{{{atom.NAMESPACE}}}"
OPENSEARCH = f"{{{opensearch.NAMESPACE}}}"
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
SITE = "http://catalogue.example"


async def xml(client: httpx.AsyncClient, url: str, kind: str) -> etree._Element:
    answer = await client.get(url)
    assert answer.status_code == 200, answer.text[:300]
    assert answer.headers["content-type"].partition(";")[0] == kind
    return etree.fromstring(answer.content)


async def test_the_site_map_names_every_edition_once_with_its_last_change(client: httpx.AsyncClient) -> None:
    top = await xml(client, "/sitemap.xml", "application/xml")
    found = [str(one.text) for one in top.iter(f"{SITEMAP}loc")]
    assert found == [f"{SITE}/sitemap/pages.xml", f"{SITE}/sitemap/editions.xml"]
    assert all(MOMENT.fullmatch(str(one.text)) for one in top.iter(f"{SITEMAP}lastmod"))
    part = await xml(client, "/sitemap/editions.xml", "application/xml")
    listed = [str(one.text) for one in part.iter(f"{SITEMAP}loc")]
    hits = (await client.get("/api/search?size=100")).json()["hits"]
    assert sorted(listed) == sorted(f"{SITE}/editions/{hit['id']}" for hit in hits)
    assert len(list(part.iter(f"{SITEMAP}lastmod"))) == len(listed)
    for address in listed:
        assert (await client.head(address)).status_code == 200
    pages = await xml(client, "/sitemap/pages.xml", "application/xml")
    addresses = [str(one.text) for one in pages.iter(f"{SITEMAP}loc")]
    assert {f"{SITE}/", f"{SITE}/vi/", f"{SITE}/th/libraries"} <= set(addresses)


@pytest.mark.parametrize(
    "name", ["editions-1", "editions-abcd", "editions-%27", "records", "editions-A", "editions-a", "editions-"]
)
async def test_a_part_that_is_none_is_not_found(client: httpx.AsyncClient, name: str) -> None:
    assert (await client.get(f"/sitemap/{name}.xml")).status_code == 404


async def test_parts_by_beginning_share_the_editions_among_them(
    client: httpx.AsyncClient, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = (await client.get("/sitemap/editions.xml")).text.count("<url>")
    editions = edition_times.count(services.catalogue.engine)
    monkeypatch.setattr(sitemap, "_WANTED_IN_A_PART", editions - 1)
    shares = [(await client.get(f"/sitemap/editions-{letter}.xml")).text.count("<url>") for letter in sitemap.ALPHABET]
    assert sum(shares) == whole > 0


async def test_a_part_that_has_not_changed_is_not_sent_again(client: httpx.AsyncClient) -> None:
    first = await client.get("/sitemap/editions.xml")
    for name, brought in (
        ("If-None-Match", first.headers["etag"]),
        ("If-Modified-Since", first.headers["last-modified"]),
    ):
        again = await client.get("/sitemap/editions.xml", headers={name: brought})
        assert (again.status_code, again.content) == (304, b"")
    other = await client.get("/sitemap/editions.xml", headers={"If-None-Match": '"other"'})
    assert other.content == first.content


async def test_the_page_of_every_language_that_has_books_is_in_the_site_map(client: httpx.AsyncClient) -> None:
    found = (await client.get("/sitemap/pages.xml")).text
    for address in (f"{SITE}/languages/chi", f"{SITE}/en/languages/chi"):
        assert f"<loc>{address}</loc>" in found
    assert "languages/tlh" not in found


async def test_the_public_address_stands_in_what_is_written_out_whatever_host_was_asked(services: Services) -> None:
    told = replace(services, settings=replace(services.settings, public_url="https://union.example"))
    transport = httpx.ASGITransport(create_app(told))
    async with httpx.AsyncClient(transport=transport, base_url="http://10.0.0.5:8000") as client:
        edition = (await client.get("/api/search?size=1")).json()["hits"][0]["id"]
        for path in (
            "/sitemap.xml",
            "/robots.txt",
            "/feed.atom?q=",
            f"/editions/{edition}",
            f"/editions/{edition}.ris",
        ):
            text = (await client.get(path)).text
            assert "https://union.example/" in text, path
            assert "10.0.0.5" not in text, path


@pytest.mark.parametrize(
    ("editions", "names"),
    [(0, 1), (40_000, 1), (40_001, 32), (1_000_000, 32), (1_280_001, 1024), (40_000_000, 1024)],
)
def test_a_part_holds_no_more_than_site_maps_may(editions: int, names: int) -> None:
    parts = sitemap.parts(editions)
    assert len(parts) == names == len(set(parts))
    assert editions / names <= 40_000


async def test_robots_may_read_pages_and_plain_searches_but_no_combinations(client: httpx.AsyncClient) -> None:
    rules = (await client.get("/robots.txt")).text.splitlines()
    assert "User-agent: *" in rules
    assert f"Sitemap: {SITE}/sitemap.xml" in rules
    refused = [re.escape(rule.removeprefix("Disallow: ")).replace(r"\*", ".*") for rule in rules if "Disallow" in rule]

    def allowed(path: str) -> bool:
        return not any(re.match(rule, path) for rule in refused)

    for path in ("/", "/en/", "/search?q=x", "/vi/search?title=x", "/editions/abc", "/libraries", "/languages/vie"):
        assert allowed(path), path
    for path in (
        *("/search?q=x&sort=newest", "/en/search?language=vie", "/search?q=x&page=2", "/api/search?q=x"),
        *("/editions/abc/live", "/ja/editions/abc/live", "/list?ids=a", "/en/advanced?q=x", "/staff/", "/out/own/a"),
    ):
        assert not allowed(path), path


async def test_a_feed_shows_what_came_last_first_by_rfc_4287(tmp_path: Path) -> None:
    settings = await fill(tmp_path)
    store = Store.open(settings.database_url)
    new = "\n=001  700\n=008  200101s2020    ch            000 0 chi d\n=245  00$a紅樓夢新探 /$c新作者著\n"
    harvest_into(store, "delta", [("oai:delta:700", new)])
    store.close()
    await index(settings)
    services = await open_services(settings)
    transport = httpx.ASGITransport(create_app(services), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url=SITE) as client:
        feed = await xml(client, "/feed.atom?q=紅樓夢&sort=title", "application/atom+xml")
        entries = feed.findall(f"{ATOM}entry")
        hits = (await client.get("/api/search?q=紅樓夢&size=100")).json()["hits"]
        shown = [str(one.findtext(f"{ATOM}id")).rpartition("/")[2] for one in entries]
        assert sorted(shown) == sorted(hit["id"] for hit in hits)
        assert str(entries[0].findtext(f"{ATOM}title")).startswith("紅樓夢新探")
        check_rfc_4287(feed)
        english = await xml(client, "/en/feed.atom?q=紅樓夢", "application/atom+xml")
        ids = {
            name: [one.findtext(f"{ATOM}id") for one in tree.findall(f"{ATOM}entry")]
            for name, tree in {"zh-Hant": feed, "en": english}.items()
        }
        assert ids["zh-Hant"] == ids["en"], "an edition is the same in every language"
        assert english.get("{http://www.w3.org/XML/1998/namespace}lang") == "en"
        assert feed.findtext(f"{ATOM}id") != english.findtext(f"{ATOM}id")
        everything = await xml(client, "/feed.atom", "application/atom+xml")
        assert everything.find(f"{ATOM}entry/{ATOM}title").text.startswith("紅樓夢新探")  # type: ignore[union-attr]
        none = await xml(client, "/feed.atom?q=nothinglikethis", "application/atom+xml")
        check_rfc_4287(none)
        assert none.find(f"{ATOM}entry") is None
        assert (await client.get("/feed.atom?year_from=x")).status_code == 422
    await services.close()


def check_rfc_4287(feed: etree._Element) -> None:
    """What section 4 demands of a feed and its entries."""
    for element in (feed, *feed.findall(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            assert len(element.findall(f"{ATOM}{name}")) == 1, name
        assert str(element.findtext(f"{ATOM}id")).startswith("http")
        assert MOMENT.fullmatch(str(element.findtext(f"{ATOM}updated")))
        alternates = [one for one in element.findall(f"{ATOM}link") if one.get("rel") == "alternate"]
        assert len({(one.get("type"), one.get("hreflang")) for one in alternates}) == len(alternates) == 1
    assert feed.findtext(f"{ATOM}author/{ATOM}name"), "an entry without an author has the feed's"
    assert [one.get("rel") for one in feed.findall(f"{ATOM}link")].count("self") == 1
    ids = [one.findtext(f"{ATOM}id") for one in feed.findall(f"{ATOM}entry")]
    assert len(ids) == len(set(ids))
    names = {etree.QName(one).localname for one in feed}
    assert names <= {"id", "title", "subtitle", "updated", "author", "link", "icon", "generator", "entry"}


def test_a_feed_holds_nothing_that_xml_cannot() -> None:
    at = datetime(2026, 11, 21, tzinfo=UTC)
    one = atom.FeedEntry("http://a/1", "a\x00b\x1f<i>", "zh-Hant", "http://a/1", at, at, ("", "甲", "甲"), "")
    feed = atom.Feed("http://a/", "t", "s", "en", "http://a/", "http://a/feed", "x", "http://a/i", at, (one,))
    tree = etree.fromstring(atom.written(feed))
    assert tree.findtext(f"{ATOM}entry/{ATOM}title") == "a\ufffdb\ufffd<i>"
    assert [name.text for name in tree.iter(f"{ATOM}name")] == ["x", "甲"]
    assert tree.find(f"{ATOM}entry/{ATOM}summary") is None


async def test_browsers_can_add_the_catalogue_in_the_language_of_the_page(client: httpx.AsyncClient) -> None:
    for path, language in (("/opensearch.xml", "zh-Hant"), ("/en/opensearch.xml", "en")):
        found = await xml(client, path, opensearch.KIND)
        home = path.removesuffix("opensearch.xml")
        templates = {url.get("type"): str(url.get("template")) for url in found.iter(f"{OPENSEARCH}Url")}
        assert templates["text/html"] == f"{SITE}{home}search?q={{searchTerms}}"
        assert found.findtext(f"{OPENSEARCH}Language") == language
        assert 0 < len(str(found.findtext(f"{OPENSEARCH}ShortName"))) <= 16
        suggesting = templates[opensearch.SUGGESTIONS_KIND].replace("{searchTerms}", "紅樓")
        answer = await client.get(suggesting)
        assert answer.headers["content-type"] == opensearch.SUGGESTIONS_KIND
        typed, words = answer.json()
        assert typed == "紅樓"
        assert "紅樓夢校注" in words
        page = (await client.get(home)).text
        assert f'<link rel="search" type="{opensearch.KIND}" href="{path}"' in page


def test_suggestions_are_told_once_and_no_more_than_asked_for() -> None:
    found = Suggestions((TitleSuggestion("甲", "", "e"),), (NameSuggestion("甲", 1), NameSuggestion("乙", 1)))
    assert opensearch.completions("x", found, 10) == ["x", ["甲", "乙"]]
    assert opensearch.completions("x", found, 1) == ["x", ["甲"]]
    assert opensearch.completions("x", Suggestions(), 10) == ["x", []]


async def test_there_is_an_icon_where_browsers_look_for_one(client: httpx.AsyncClient) -> None:
    answer = await client.get("/favicon.ico")
    assert answer.headers["content-type"] == "image/x-icon"
    assert answer.content.startswith(b"\x00\x00\x01\x00")


async def test_every_page_names_itself_in_every_language(client: httpx.AsyncClient) -> None:
    [hit] = (await client.get(f"/api/search?isbn={RED}")).json()["hits"]
    page = (await client.get(f"/vi/editions/{hit['id']}")).text
    assert f'<link rel="canonical" href="{SITE}/vi/editions/{hit["id"]}">' in page
    for language, prefix in (("zh-Hant", "/"), ("en", "/en/"), ("th", "/th/"), ("x-default", "/")):
        assert f'<link rel="alternate" hreflang="{language}" href="{SITE}{prefix}editions/{hit["id"]}">' in page
    assert '<html lang="vi">' in page
