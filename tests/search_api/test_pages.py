"""The pages over a real catalogue: both languages, hostile text, what is not found, what fails, and sound HTML."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import httpx
import lxml.html
import pytest

from harvester.store import Store
from indexer.engine import EngineUnavailable, SearchPage, SearchRequest
from search_api.app import create_app
from search_api.page import TEMPLATES_FOLDER
from search_api.services import Services, open_services
from search_api.texts import LANGUAGES
from tests.support.catalogue import RED, fill, harvest_into, index

TEMPLATES = sorted(TEMPLATES_FOLDER.glob("*.html"))
HOSTILE_TITLE = '<script>alert(1)</script> " onclick="x" & \'quotes\' {{ 7 * 7 }}'
HOSTILE = f"""
=001  900
=008  200101s2020    nyu           000 0 eng d
=245  10$a{HOSTILE_TITLE}
=260  \\\\$a<b>New York</b> :$b"Harper" & Sons,$c2020.
=520  \\\\$a</dd><img src=x onerror=alert(1)>
=856  40$ujavascript:alert(1)$zRead me
=856  40$uhttps://books.example/?a=1&b=2$z<i>Full text</i>
"""


async def page(client: httpx.AsyncClient, url: str, status: int = 200) -> lxml.html.HtmlElement:
    """A page, read as HTML."""
    answer = await client.get(url)
    assert answer.status_code == status, answer.text[:400]
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    return lxml.html.document_fromstring(answer.text)


def texts(tree: lxml.html.HtmlElement, selector: str) -> list[str]:
    return [" ".join(found.text_content().split()) for found in tree.cssselect(selector)]


async def red(client: httpx.AsyncClient, prefix: str = "/") -> str:
    """The page of the edition that three libraries hold."""
    [hit] = (await client.get(f"/api/search?isbn={RED}")).json()["hits"]
    return f"{prefix}editions/{hit['id']}"


@pytest.fixture
async def hostile(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    """Requests to a catalogue one record of which tries to break out of every place it is shown at."""
    settings = await fill(tmp_path)
    store = Store.open(settings.database_url)
    harvest_into(store, "delta", [("oai:delta:900", HOSTILE)])
    store.close()
    await index(settings)
    opened = await open_services(settings)
    transport = httpx.ASGITransport(create_app(opened))
    async with httpx.AsyncClient(transport=transport, base_url="http://catalogue.example") as client:
        yield client
    await opened.close()


# Every page


ADDRESSES = [
    "",
    "browse",
    "browse?list=call_number&from=857",
    "advanced?q=題名:紅樓夢",
    "search",
    "search?q=紅樓夢",
    "search?q=nothing-of-this-name",
    "libraries",
    "editions/nosuch",
    "RED",
]


async def everything(client: httpx.AsyncClient) -> dict[str, str]:
    """Every kind of page in both languages: address → HTML."""
    found = {}
    for prefix in ("/", "/en/"):
        for address in ADDRESSES:
            url = await red(client, prefix) if address == "RED" else f"{prefix}{address}"
            found[url] = (await client.get(url)).text
    return found


async def test_every_page_is_sound_html(client: httpx.AsyncClient) -> None:
    for url, html in (await everything(client)).items():
        assert html.startswith("<!doctype html>"), url
        tree = lxml.html.document_fromstring(html)
        assert tree.get("lang") == ("en" if url.startswith("/en/") else "zh-Hant"), url
        ids = Counter(found.get("id") for found in tree.cssselect("[id]"))
        assert [name for name, count in ids.items() if count > 1] == [], url
        assert len(tree.cssselect("h1")) == 1, url
        assert len(tree.cssselect("head > title")) == 1, url
        for name in ("aria-labelledby", "for"):
            for found in tree.cssselect(f"[{name}]"):
                assert found.get(name) in ids, (url, name)
        for found in tree.cssselect("input:not([type=hidden]), select"):
            labelled = found.get("aria-label") or tree.cssselect(f"label[for='{found.get('id')}']")
            assert labelled or found.getparent().tag == "label", (url, found.get("name"))
        for found in tree.cssselect("a"):
            assert found.text_content().strip() or found.get("aria-label"), (url, found.get("href"))
        unclosed = [tag for tag in ("section", "div", "ul", "ol", "table", "aside", "nav") if odd(html, tag)]
        assert unclosed == [], url


def odd(html: str, tag: str) -> bool:
    """Whether a tag is opened more or less often than it is closed."""
    return len(re.findall(rf"<{tag}[\s>]", html)) != html.count(f"</{tag}>")


def is_data(script: lxml.html.HtmlElement) -> bool:
    """Whether a script is a block of data, which no browser runs and no policy has to allow."""
    return bool(script.get("type") == "application/ld+json")


async def test_every_page_keeps_the_content_security_policy(client: httpx.AsyncClient) -> None:
    for url, html in (await everything(client)).items():
        tree = lxml.html.document_fromstring(html)
        assert tree.cssselect("[style], style") == [], url
        assert all(script.get("src") or is_data(script) for script in tree.cssselect("script")), url
        assert [name for found in tree.iter() for name in found.attrib if name.startswith("on")] == [], url
        for found in tree.cssselect("script[src], link[rel=stylesheet], img, use"):
            address = found.get("src") or found.get("href")
            assert address.startswith("/static/"), (url, address)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_no_template_holds_style_script_or_handlers(template: Path) -> None:
    text = template.read_text(encoding="utf-8")
    assert not re.search(r"\sstyle=|<style|javascript:|\son[a-z]+=", text)
    assert not re.search(r"<script(?![^>]*(?:\ssrc=|type=.application/ld.json))", text)
    assert "|safe" not in text.replace(" ", "")


async def test_every_link_within_the_catalogue_leads_somewhere(client: httpx.AsyncClient) -> None:
    found = await everything(client)
    links: dict[str, str] = {}
    for url, html in found.items():
        tree = lxml.html.document_fromstring(html)
        ids = {one.get("id") for one in tree.cssselect("[id]")}
        for one in tree.cssselect("a[href], link[href], script[src], img[src]"):
            address = one.get("href") or one.get("src")
            parts = urlsplit(address)
            if address.startswith("#"):
                assert address[1:] in ids, (url, address)
            elif parts.netloc in ("", "catalogue.example") and parts.path:
                links.setdefault(parts.path + (f"?{parts.query}" if parts.query else ""), url)
    assert len(links) > 40
    for address, origin in links.items():
        leads_on = address.startswith("/out/") or address.endswith("/staff")  # to the catalogue of a library, to log in
        expected = 404 if "nosuch" in address else 303 if leads_on else 200
        assert (await client.get(address)).status_code == expected, (origin, address)


async def test_no_page_weighs_more_than_a_hundred_kilobytes(client: httpx.AsyncClient) -> None:
    style = sum([len((await client.get(f"/static/{name}.css")).content) for name in ("page", "results")])
    for url, html in (await everything(client)).items():
        assert len(html.encode()) + style <= 100_000, url


async def test_every_address_names_itself_and_its_other_languages(client: httpx.AsyncClient) -> None:
    for url in ("/", "/search?q=x", await red(client), "/libraries"):
        for prefix in ("/", "/en/"):
            tree = await page(client, prefix + url.removeprefix("/"))
            links = {
                found.get("hreflang") or "canonical": found.get("href")
                for found in tree.cssselect("link[rel=alternate][hreflang], link[rel=canonical]")
                if found.get("hreflang") != "x-default"
            }
            path = url.removeprefix("/")
            addresses = {code: "/" if code == LANGUAGES[0] else f"/{code}/" for code in LANGUAGES}
            assert links == {
                "canonical": f"http://catalogue.example{prefix}{path}",
                **{code: f"http://catalogue.example{address}{path}" for code, address in addresses.items()},
            }
            switch = {found.get("hreflang"): found for found in tree.cssselect(".langs a[hreflang]")}
            assert {code: found.get("href") for code, found in switch.items()} == {
                # the front page in the default language has an address of its own: / leads where the browser asks
                code: f"{address}{path}" if path or code != LANGUAGES[0] else "/zh-Hant/"
                for code, address in addresses.items()
            }
            assert [code for code, found in switch.items() if found.get("aria-current")] == [tree.get("lang")]
            assert switch["vi"].text_content() == "Tiếng Việt", "who looks for it may read no other"


async def test_the_canonical_address_of_a_search_is_without_defaults(client: httpx.AsyncClient) -> None:
    tree = await page(client, "/search?in=title&q=x&sort=relevance&page=1&utm_source=mail")
    assert tree.cssselect("link[rel=canonical]")[0].get("href") == "http://catalogue.example/search?title=x"


@pytest.mark.parametrize("address", ["/", "/en/search?q=x", "/libraries", "/editions/nosuch"])
async def test_head_answers_as_get_does(client: httpx.AsyncClient, address: str) -> None:
    got, asked = await client.get(address), await client.head(address)
    assert asked.status_code == got.status_code
    assert asked.headers["content-length"] == got.headers["content-length"]


async def test_the_live_part_is_not_asked_for_headers(client: httpx.AsyncClient) -> None:
    assert (await client.head(await red(client) + "/live")).status_code == 405


# Home


async def test_home_shows_books_members_and_figures(client: httpx.AsyncClient) -> None:
    tree = await page(client, "/")
    assert texts(tree, "h1") == ["4座圖書館，一次查遍"]
    assert set(texts(tree, ".spines a")) == {"紅樓夢校注", "Sapiens", "臺灣鳥類圖鑑"}
    assert texts(tree, ".areas h3") == ["北區", "南區", "東區"]
    assert texts(tree, ".figures dd") == ["3", "5", "4", "2"]
    assert [a.get("href") for a in tree.cssselect(".themes h3 a")][2].startswith("/search?classification=")
    assert set(texts(tree, ".fresh a span:last-child")) == {"紅樓夢校注", "Sapiens", "臺灣鳥類圖鑑"}
    assert texts(await page(client, "/en/"), "h1") == ["4 libraries, one search"]


# Results


async def test_a_result_row_says_what_it_is_and_who_holds_it(client: httpx.AsyncClient) -> None:
    tree = await page(client, f"/search?q={RED}")
    [row] = tree.cssselect(".row")
    assert texts(row, "h2") == ["紅樓夢校注"]
    assert texts(row, ".imprint") == ["臺北市：里仁書局，1984 · 初版 · 1285面"]
    assert texts(row, ".kind") == ["圖書 · 中文加入書單"]
    assert row.cssselect(".kind a")[0].get("href") == f"/list?ids={row.get('id').removeprefix('e-')}"
    assert texts(row, ".have .sum") == ["3館收藏，3館未提供即時狀態"]
    assert texts(row, ".have li > span:first-child") == ["甲圖書館", "乙圖書館", "丙圖書館"]
    assert texts(row, ".have .st") == ["未提供即時狀態"] * 3, "of these libraries nobody has to ask"


async def test_the_subtitle_stands_in_the_row_and_the_short_title_on_the_cover(client: httpx.AsyncClient) -> None:
    tree = await page(client, "/en/search?q=sapiens")
    assert texts(tree, ".row h2") == ["Sapiens: a brief history of humankind"]
    assert texts(tree, ".row .cover") == ["Sapiens"]


async def test_the_search_box_keeps_words_and_field(client: httpx.AsyncClient) -> None:
    tree = await page(client, "/search?in=creator&q=harari")
    assert tree.cssselect("input[name=q]")[0].get("value") == "harari"
    assert tree.cssselect("option[selected]")[0].get("value") == "creator"
    assert len(tree.cssselect(".row")) == 1


async def test_an_unknown_field_is_all_fields(client: httpx.AsyncClient) -> None:
    tree = await page(client, "/search?in=nosuch&q=harari")
    assert tree.cssselect("option[selected]")[0].get("value") == "q"


async def test_a_mistyped_isbn_is_corrected(client: httpx.AsyncClient) -> None:
    for prefix, words in (("/", f"改查{RED}（1個版本）"), ("/en/", f"search {RED} instead (1 edition)")):
        tree = await page(client, f"{prefix}search?q={RED[:-1]}1")
        [correction] = tree.cssselect(".help b")
        assert words in correction.text_content()
        [row] = (await page(client, correction.getparent().get("href"))).cssselect(".row")
        assert texts(row, ".cover") == ["紅樓夢校注"]


async def test_an_empty_result_offers_the_way_out_and_no_empty_facets(client: httpx.AsyncClient) -> None:
    tree = await page(client, "/en/search?title=sapiens&format=ebook")
    assert texts(tree, ".help h2") == ["Nothing found"]
    assert texts(tree, ".help b") == ["remove the filters (1 edition)"]
    assert texts(tree, ".chip") == ["E-book"]
    assert tree.cssselect(".sort") == []
    for facet in tree.cssselect(".facets details"):
        assert facet.cssselect("li, form"), "a facet without a value is no help"


async def test_words_of_another_field_are_offered_in_all_fields(client: httpx.AsyncClient) -> None:
    tree = await page(client, "/search?title=harari")
    [link] = tree.cssselect(".help b")
    assert link.text_content() == "改查全部欄位（1個版本）"
    assert len((await page(client, link.getparent().get("href"))).cssselect(".row")) == 1


async def test_an_empty_result_without_filters_has_no_filters(client: httpx.AsyncClient) -> None:
    tree = await page(client, "/search?q=nothing-of-this-name")
    assert tree.cssselect("#facets, .open-facets, .chips") == []


@pytest.mark.parametrize(
    ("words", "expected"), [("hist", ["World history"]), ("zhongguo", ["中國小說 -- 清代"]), ("zzz", [])]
)
async def test_a_facet_is_sought_in_without_a_script(
    client: httpx.AsyncClient, words: str, expected: list[str]
) -> None:
    tree = await page(client, f"/en/search?seek_in=subject&seek={words}")
    [form] = tree.cssselect("form.seek")
    assert form.cssselect("input[name=seek]")[0].get("value") == words
    assert [a.cssselect("span")[0].text for a in tree.cssselect(".facets a[href*=subject_is]")] == expected
    assert ("No value has these words." in tree.text_content()) is not bool(expected)


@pytest.mark.parametrize("address", ["/en/search?seek_in=nosuch&seek=x", "/en/search?seek_in=subject", "/en/search"])
async def test_nothing_is_sought_in_a_facet_that_is_not_there(client: httpx.AsyncClient, address: str) -> None:
    assert (await page(client, address)).cssselect("form.seek") == []


async def test_a_facet_of_codes_is_sought_in_by_their_labels(client: httpx.AsyncClient) -> None:
    tree = await page(client, "/search?seek_in=language&seek=中文")
    assert [a.get("href") for a in tree.cssselect(".facets a[href*=language]")] == ["/search?language=chi"]


async def test_my_libraries_are_chosen_on_the_page_and_stay_in_its_address(client: httpx.AsyncClient) -> None:
    tree = await page(client, "/en/search?q=sapiens&sort=newest&mine=alpha")
    [form] = tree.cssselect(".mine form")
    boxes = form.cssselect("input[name=mine]")
    assert [box.get("value") for box in boxes if box.get("checked") is not None] == ["alpha"]
    assert len(boxes) == 4
    hidden = [(one.get("name"), one.get("value")) for one in form.cssselect("input[type=hidden]")]
    assert hidden == [("q", "sapiens"), ("sort", "newest")]
    assert all("mine=alpha" in a.get("href") for a in tree.cssselect(".sort a"))


async def test_a_page_past_the_end_leads_back(client: httpx.AsyncClient) -> None:
    answer = await client.get("/search?page=9", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (302, "/search")


# An edition


async def test_an_edition_shows_its_copies_record_and_evidence(client: httpx.AsyncClient) -> None:
    tree = await page(client, await red(client))
    assert texts(tree, "#holdings h3") == ["北區1館", "南區1館", "東區1館"]
    assert texts(tree, "#holdings h4") == ["甲圖書館", "乙圖書館", "丙圖書館"]
    assert texts(tree, "#at-alpha .loc") == ["總館 書庫", "總館 REF"]
    assert texts(tree, "#at-alpha .call") == ["857.49", "857.49"]
    assert "未提供即時狀態" in texts(tree, "#at-alpha .st")
    facts = dict(zip(texts(tree, ".facts dt"), texts(tree, ".facts dd"), strict=True))
    assert facts["ISBN"] == "978-957-08-3587-8"
    assert facts["出版"].startswith("臺北市：里仁書局，1984")
    assert texts(tree, ".why tbody th") == ["甲圖書館", "乙圖書館", "丙圖書館"]
    assert "ISBN相同" in tree.cssselect(".why tbody")[0].text_content()


async def test_the_way_back_leads_to_a_search_of_ours_only(client: httpx.AsyncClient) -> None:
    url = await red(client)
    ours = "http://catalogue.example/search?q=%E7%B4%85"
    row = f"{ours}#e-{url.rsplit('/', 1)[1]}"
    for referer, expected in (
        (ours, [row]),
        (f"{ours}#main", [row]),
        ("http://elsewhere.example/search?q=x", []),
        ("", []),
    ):
        answer = await client.get(url, headers={"referer": referer})
        tree = lxml.html.document_fromstring(answer.text)
        assert [link.get("href") for link in tree.cssselect(".backlink a")] == expected


async def test_a_merged_edition_redirects_for_a_while(tmp_path: Path) -> None:
    """Records may part again: a browser must not keep the redirect for ever."""
    settings = await fill(tmp_path)
    twin = HOSTILE.replace("900", "901").replace(HOSTILE_TITLE, "Apart at first")
    store = Store.open(settings.database_url)
    harvest_into(store, "delta", [("a", twin)])
    harvest_into(store, "beta", [("b", twin.replace("Apart at first", "Something else").replace("2020", "1999"))])
    store.close()
    await index(settings)
    opened = await open_services(settings)
    transport = httpx.ASGITransport(create_app(opened))
    async with httpx.AsyncClient(transport=transport, base_url="http://catalogue.example") as client:
        before = {hit["id"] for hit in (await client.get("/api/search")).json()["hits"]}
        store = Store.open(settings.database_url)
        harvest_into(store, "beta", [("b", twin)])
        store.close()
        await index(settings)
        after = {hit["id"] for hit in (await client.get("/api/search")).json()["hits"]}
        [gone] = before - after
        moved = await client.get(f"/en/editions/{gone}")
        assert moved.status_code == 301
        assert moved.headers["location"].removeprefix("/en/editions/") in after
        assert moved.headers["cache-control"] == "max-age=3600"
    await opened.close()


# Hostile text


async def test_hostile_records_stay_text(hostile: httpx.AsyncClient) -> None:
    [hit] = (await hostile.get("/api/search?q=Harper+%26+Sons")).json()["hits"]
    for url in ("/", "/search", "/search?q=Harper", f"/editions/{hit['id']}", f"/en/editions/{hit['id']}"):
        html = (await hostile.get(url)).text
        tree = lxml.html.document_fromstring(html)
        scripts = [script for script in tree.cssselect("script") if not is_data(script)]
        assert "alert(1)" not in "".join(script.text_content() for script in scripts), url
        for data in filter(is_data, tree.cssselect("script")):
            assert not set("<>&") & set(data.text), "nothing in data can end it, whatever reads the page"
            assert HOSTILE_TITLE in json.loads(data.text)["name"]
        assert tree.cssselect("[onclick], [onerror], .rows i:not([class]), .facts b, .imprint b") == [], url
        assert "Full text" not in texts(tree, "i"), "of the italics of a citation none comes from a record"
        assert [a for a in tree.cssselect("a") if a.get("href", "").startswith("javascript")] == [], url
        assert "49" not in texts(tree, "h1")[0], url
    tree = await page(hostile, f"/editions/{hit['id']}")
    assert texts(tree, "h1") == [HOSTILE_TITLE]
    assert "https://books.example/?a=1&b=2" in [a.get("href") for a in tree.cssselect(".facts a")]


@pytest.mark.parametrize(
    "words", ["<script>alert(1)</script>", '" onmouseover="alert(1)', "'><img src=x>", "%00\r\nX: y"]
)
async def test_hostile_queries_stay_text(client: httpx.AsyncClient, words: str) -> None:
    tree = await page(client, f"/en/search?q={quote(words)}&library={quote(words)}")
    assert tree.cssselect("input[name=q]")[0].get("value").split() == words.split()
    assert tree.cssselect("[onmouseover], main img, main script") == []
    assert [s for s in tree.cssselect("script") if not s.get("src")] == []


async def test_hostile_addresses_stay_text(client: httpx.AsyncClient) -> None:
    for path in (
        "/editions/%22%3E%3Cscript%3Ealert(1)%3C/script%3E",
        "/en//elsewhere.example/%22x",
        "/%3Cimg%20src=x%3E",
    ):
        tree = await page(client, path, 404)
        assert tree.cssselect("script:not([src]), main img") == []
        for link in tree.cssselect(".menu a, link[rel=alternate]"):
            assert not urlsplit(link.get("href")).netloc.startswith("elsewhere")


# What goes wrong


ERRORS: list[tuple[str, int, str, str]] = [
    ("/nowhere", 404, "找不到這一頁", "網址可能有誤"),
    ("/en/nowhere", 404, "Page not found", "may be wrong"),
    ("/editions/nosuch", 404, "找不到這一頁", "網址可能有誤"),
    ("/en/editions/nosuch/live", 404, "Page not found", "may be wrong"),
    ("/search?page=0", 422, "這個查詢無法執行", "「這一項」"),
    ("/en/search?year_from=soon", 422, "This search cannot be made", "“From year”"),
    ("/search?q=" + "長" * 501, 422, "這個查詢無法執行", "共501字，最多500字"),
    ("/search?page=9999", 422, "這個查詢無法執行", "10,000筆"),
    ("/vi/search?q=" + "d" * 501, 422, "Không thể thực hiện lần tìm này", "501 ký tự, tối đa 500"),
]


@pytest.mark.parametrize(("url", "status", "heading", "words"), ERRORS)
async def test_every_error_is_a_page_with_a_way_home(
    client: httpx.AsyncClient, url: str, status: int, heading: str, words: str
) -> None:
    tree = await page(client, url, status)
    assert texts(tree, "h1") == [heading]
    main = tree.cssselect("main")[0].text_content()
    assert words in main
    assert not url.startswith("/search") or not re.search("[a-z]+ [a-z]+", main), "no English on a page in Chinese"
    home = url[:4] if url.startswith(("/en/", "/vi/")) else "/"
    assert home in [link.get("href") for link in tree.cssselect("main a")]


async def test_a_mistaken_search_keeps_its_words_and_offers_what_is_left_of_it(client: httpx.AsyncClient) -> None:
    tree = await page(client, "/en/search?in=title&q=taiwan&language=chi&year_from=soon&page=9999", 422)
    assert tree.cssselect(".find input[name=q]")[0].get("value") == "taiwan"
    assert tree.cssselect(".find option[selected]")[0].get("value") == "title"
    [again] = [link.get("href") for link in tree.cssselect("main a.button")]
    assert again == "/en/search?title=taiwan&language=chi"
    assert (await client.get(again)).status_code == 200
    alone = await page(client, "/en/search?year_from=soon", 422)
    assert alone.cssselect("main a.button") == []


async def test_a_text_too_long_stays_in_the_box_which_takes_as_much_as_can_be_searched_for(
    client: httpx.AsyncClient,
) -> None:
    tree = await page(client, "/search?q=" + "長" * 501, 422)
    box = tree.cssselect(".find input[name=q]")[0]
    assert box.get("value") == "長" * 501
    assert (await client.get("/search?q=" + "長" * int(box.get("maxlength")))).status_code == 200


async def test_years_the_wrong_way_round_are_turned_and_the_page_says_so(client: httpx.AsyncClient) -> None:
    turned = await page(client, "/en/search?q=a&year_from=2030&year_to=1900")
    assert "searched from 1900 to 2030" in turned.text_content()
    assert turned.cssselect(".find input[name=q]")[0].get("value") == "a"
    assert "wrong way round" not in (await page(client, "/en/search?q=a&year_from=1900&year_to=2030")).text_content()
    sent = await client.get("/en/advanced?all=a&year_from=2030&year_to=1900&go=1")
    assert sent.headers["location"] == "/en/search?q=a&year_from=2030&year_to=1900"


@pytest.mark.parametrize(
    ("address", "leads_to"),
    [
        ("/zh-Hant/search?q=%E6%9B%B8", "/search?q=%E6%9B%B8"),
        ("/zh-Hant/languages/vie", "/languages/vie"),
        ("/zh-Hant//elsewhere.example/x", "/elsewhere.example/x"),
        ("/zh-Hant/%5Celsewhere.example", "/%5Celsewhere.example"),
    ],
)
async def test_the_default_language_in_an_address_leads_to_the_one_without(
    client: httpx.AsyncClient, address: str, leads_to: str
) -> None:
    answer = await client.get(address)
    assert (answer.status_code, answer.headers["location"]) == (301, leads_to)


async def test_a_theme_is_headed_by_its_name_narrowed_or_not_and_another_search_is_not(
    client: httpx.AsyncClient,
) -> None:
    links = (await page(client, "/en/")).cssselect(".themes h3 a")
    for link in links:
        tree = await page(client, link.get("href"))
        assert tree.cssselect("h1")[0].text == link.text_content()
        narrowed = await page(client, f"{link.get('href')}&format=book&page=1")
        assert narrowed.cssselect("h1")[0].text == link.text_content()
        assert link.text_content() in narrowed.cssselect("title")[0].text_content()
    other = await page(client, "/en/search?language=vie&q=a")
    assert other.cssselect("h1")[0].text not in [link.text_content() for link in links]


async def test_what_can_be_done_with_a_row_says_with_which(client: httpx.AsyncClient) -> None:
    tree = await page(client, "/en/search")
    described = tree.cssselect(".row [data-keep]")
    assert len(described) == 3
    for link in described:
        [title] = tree.cssselect(f"#{link.get('aria-describedby')}")
        assert title.cssselect("a")[0].get("href").endswith(link.get("data-keep"))


class NoEngine:
    """An engine that cannot be reached."""

    async def search(self, request: SearchRequest) -> SearchPage:
        raise EngineUnavailable("cannot connect to http://user:secret@inside:9200")


@pytest.mark.parametrize(
    ("url", "heading"), [("/", "目錄暫時無法查詢"), ("/en/search?q=x", "The catalogue cannot be searched right now")]
)
async def test_without_its_engine_the_catalogue_says_so(services: Services, url: str, heading: str) -> None:
    engine: Any = NoEngine()
    transport = httpx.ASGITransport(create_app(replace(services, engine=engine)))
    async with httpx.AsyncClient(transport=transport, base_url="http://catalogue.example") as client:
        answer = await client.get(url)
        assert answer.status_code == 503
        assert answer.headers["retry-after"] == "5"
        assert heading in answer.text
        assert "secret" not in answer.text
        assert (await client.get("/libraries")).status_code == 200, "what needs no engine goes on"
