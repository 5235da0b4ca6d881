"""“Read in your language”: the language's own name first, children's books first, bilingual books under both."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import lxml.html
import pytest

from harvester.store import Store
from search_api.app import create_app
from search_api.cldr_names import html_code, name_in, own_name
from search_api.languages_view import tongue_of
from search_api.services import open_services
from search_api.settings import Settings
from tests.support.catalogue import fill, harvest_into, index


def record(number: int, title: str, languages: str, audience: str = " ") -> tuple[str, str]:
    several = "\n=041  1\\$a" + "$a".join(languages.split()) if " " in languages else ""
    fixed = f"200101s2020    ch a   {audience}      000 0 {languages[:3]} d"
    return f"oai:delta:{number}", f"\n=001  {number}\n=008  {fixed}{several}\n=245  00$a{title}\n"


VIETNAMESE = [
    record(801, "Truyện cổ tích", "vie", "j"),
    record(802, "Số đỏ", "vie"),
    record(803, "Bé học chữ 學中文", "vie chi", "j"),
    record(806, "媽媽的河 =$bDòng sông của mẹ", "chi vie"),
    record(804, "Noli me tangere", "tgl"),
    record(805, "Ibong adarna", "fil"),
]


async def filled_with_languages(folder: Path) -> Settings:
    settings = await fill(folder)
    store = Store.open(settings.database_url)
    harvest_into(store, "delta", VIETNAMESE)
    store.close()
    await index(settings)
    return settings


@pytest.fixture(scope="module")
def languages(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A catalogue that has something in Vietnamese and Filipino too."""
    return asyncio.run(filled_with_languages(tmp_path_factory.mktemp("languages")))


@pytest.fixture
async def reading(languages: Settings) -> AsyncIterator[httpx.AsyncClient]:
    """Requests to it."""
    services = await open_services(languages)
    transport = httpx.ASGITransport(create_app(services), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://catalogue.example") as client:
        yield client
    await services.close()


async def page(client: httpx.AsyncClient, url: str) -> lxml.html.HtmlElement:
    answer = await client.get(url)
    assert answer.status_code == 200, answer.text[:500]
    return lxml.html.document_fromstring(answer.text)


def words(tree: lxml.html.HtmlElement, selector: str) -> list[str]:
    return [" ".join(one.text_content().split()) for one in tree.cssselect(selector)]


async def test_every_language_stands_by_its_own_name_with_how_much_there_is(reading: httpx.AsyncClient) -> None:
    tree = await page(reading, "/languages")
    names = words(tree, ".all-tongues b")
    assert names[-1] == "中文", "what most readers here read is not what they come for"
    assert {"Tiếng Việt", "English", "Filipino"} <= set(names)
    assert names.count("Filipino") == 1, "Filipino and Tagalog are one language to its readers"
    found = dict(zip(names, words(tree, ".all-tongues small"), strict=True))
    assert found["Tiếng Việt"] == "4個版本"
    assert found["Filipino"] == "2個版本"
    addresses = {"".join(a.cssselect("b")[0].itertext()): a.get("href") for a in tree.cssselect(".all-tongues a")}
    assert addresses["Tiếng Việt"] == "/vi/languages/vie", "in its own interface language, where there is one"
    assert addresses["Filipino"] == "/languages/fil"


async def test_a_language_shows_childrens_books_first_and_each_book_once(reading: httpx.AsyncClient) -> None:
    tree = await page(reading, "/vi/languages/vie")
    assert words(tree, "h1") == ["Tiếng Việt"]
    first, *others = tree.cssselect("section.part")
    assert set(words(first, ".books a > span:last-child")) == {"Truyện cổ tích", "Bé học chữ 學中文"}
    rest = [title for section in others for title in words(section, ".books a > span:last-child")]
    assert set(rest) == {"Số đỏ", "Dòng sông của mẹ"}
    links = [a.get("href") for a in tree.cssselect("section.part header a")]
    assert links[0] == "/vi/search?language=vie&suits=children"
    for link in links:
        assert (await reading.get(link)).status_code == 200
    [everything] = [a.get("href") for a in tree.cssselect(".sumup a")]
    assert everything == "/vi/search?language=vie"


async def test_a_bilingual_book_is_found_under_both_of_its_languages(reading: httpx.AsyncClient) -> None:
    for address in ("/languages/vie", "/languages/chi"):
        assert "Bé học chữ 學中文" in words(await page(reading, address), ".books a > span:last-child")


async def test_the_title_in_the_language_one_came_for_stands_first_and_the_other_beside_it(
    reading: httpx.AsyncClient,
) -> None:
    in_vietnamese = await page(reading, "/languages/vie")
    assert "Dòng sông của mẹ" in words(in_vietnamese, ".books a > span[lang=vi]")
    assert "媽媽的河" in words(in_vietnamese, ".books p[lang|=zh]")
    rows = await page(reading, "/search?q=媽媽的河")
    assert (words(rows, ".row .title"), words(rows, ".row .beside")) == (["媽媽的河"], ["Dòng sông của mẹ"])
    narrowed = await page(reading, "/search?q=媽媽的河&language=vie")
    assert words(narrowed, ".row .title") == ["Dòng sông của mẹ"]
    edition = await page(reading, rows.cssselect(".row .title a")[0].get("href"))
    assert (words(edition, "h1"), words(edition, ".beside")) == (["媽媽的河"], ["Dòng sông của mẹ"])


async def test_one_language_under_two_codes_is_one_page(reading: httpx.AsyncClient) -> None:
    tree = await page(reading, "/en/languages/fil")
    assert set(words(tree, ".books a > span:last-child")) == {"Noli me tangere", "Ibong adarna"}
    assert tree.cssselect(".sumup a")[0].get("href") == "/en/search?language=fil&language=tgl"


async def test_a_page_in_another_language_leads_to_the_one_in_its_own(reading: httpx.AsyncClient) -> None:
    tree = await page(reading, "/en/languages/vie")
    assert words(tree, "h1") == ["Tiếng ViệtVietnamese"]
    assert [a.get("href") for a in tree.cssselect(".sumup a")][1] == "/vi/languages/vie"


@pytest.mark.parametrize(
    ("asked", "leads_to"),
    [("vi", "/languages/vie"), ("VIE", "/languages/vie"), ("tl", "/languages/fil"), ("zh-Hant", "/languages/chi")],
)
async def test_other_codes_of_a_language_lead_to_its_page(client: httpx.AsyncClient, asked: str, leads_to: str) -> None:
    answer = await client.get(f"/languages/{asked}")
    assert (answer.status_code, answer.headers["location"]) == (301, leads_to)


@pytest.mark.parametrize("code", ["xxx", "q", "%3Cscript%3E", "vietnamese"])
async def test_what_is_no_language_is_not_found(client: httpx.AsyncClient, code: str) -> None:
    assert (await client.get(f"/languages/{code}")).status_code == 404


async def test_a_language_without_books_says_so(client: httpx.AsyncClient) -> None:
    tree = await page(client, "/en/languages/lao")
    assert words(tree, ".sumup .note") == ["The libraries have nothing in this language yet."]


@pytest.mark.parametrize(
    ("marc", "own", "lang"),
    [
        ("chi", "中文", "zh-Hant"),
        ("jpn", "日本語", "ja"),
        ("bur", "မြန်မာ", "my"),
        ("fre", "Français", "fr"),
        ("tgl", "Filipino", "tl"),
        ("fil", "Filipino", "fil"),
        ("map", "", "und"),
    ],
)
def test_languages_are_called_as_they_call_themselves(marc: str, own: str, lang: str) -> None:
    assert (own_name(marc), html_code(marc)) == (own, lang)


def test_names_of_languages_come_from_cldr_in_every_interface_language() -> None:
    assert [name_in("jpn", language) for language in ("ja", "vi", "id", "th")] == [
        *("日本語", "Tiếng Nhật", "Jepang", "ญี่ปุ่น")
    ]
    assert name_in("map", "th") == ""
    assert tongue_of("my") == "bur"
