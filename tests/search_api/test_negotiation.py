"""The language the front page greets somebody in: as the browser says, unless somebody has chosen."""

import httpx
import pytest

from search_api.negotiation import preferred
from search_api.texts import LANGUAGES, OWN_NAMES


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("", "zh-Hant"),
        ("vi-VN,vi;q=0.9,en;q=0.8", "vi"),
        ("en-GB", "en"),
        ("EN-us;q=0.5, ja;q=0.7", "ja"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh-Hant"),
        ("de,fr;q=0.9,id;q=0.1", "id"),
        ("in-ID", "id"),
        ("de-DE,de", "zh-Hant"),
        ("*", "zh-Hant"),
        ("th;q=0", "zh-Hant"),
        ("en;q=0.5,th;q=0.5", "en"),
        ("fil, en;q=0.3, *;q=0.1", "en"),
        ("en;q=high", "zh-Hant"),
        (",;q=1,,", "zh-Hant"),
        ("vi" + ",x" * 100_000, "vi"),
    ],
)
def test_the_language_a_browser_likes_best_of_ours(accepted: str, language: str) -> None:
    assert preferred(accepted) == language


async def test_the_front_page_leads_on_once_and_never_in_a_circle(client: httpx.AsyncClient) -> None:
    wishes = {"Accept-Language": "vi,en;q=0.5"}
    answer = await client.get("/?utm=1", headers=wishes)
    assert (answer.status_code, answer.headers["location"]) == (302, "/vi/?utm=1")
    assert answer.headers["vary"] == "Accept-Language, Referer"
    assert answer.headers["cache-control"] == "no-cache"
    assert (await client.get("/vi/", headers=wishes)).status_code == 200


@pytest.mark.parametrize(
    ("url", "headers", "why"),
    [
        ("/", {}, "a crawler asks for no language"),
        ("/", {"Accept-Language": "zh-TW"}, "it is the one asked for"),
        ("/", {"Accept-Language": "en", "Referer": "http://catalogue.example/search"}, "came from a page in Chinese"),
        ("/zh-Hant/", {"Accept-Language": "en"}, "chosen with the switch"),
        ("/th/", {"Accept-Language": "en"}, "the address says the language"),
        ("/search?q=x", {"Accept-Language": "en"}, "somebody may have sent the address"),
    ],
)
async def test_what_says_its_language_stays_in_it(
    client: httpx.AsyncClient, url: str, headers: dict[str, str], why: str
) -> None:
    assert (await client.get(url, headers=headers)).status_code == 200, why


async def test_a_link_from_another_site_is_no_choice(client: httpx.AsyncClient) -> None:
    headers = {"Accept-Language": "ja", "Referer": "https://elsewhere.example/"}
    assert (await client.get("/", headers=headers)).headers["location"] == "/ja/"


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_switch_keeps_page_and_query(client: httpx.AsyncClient, language: str) -> None:
    prefix = "" if language == "zh-Hant" else f"/{language}"
    page = (await client.get(f"{prefix}/search?q=%E7%B4%85&language=chi")).text
    assert f'<html lang="{language}">' in page
    for other in LANGUAGES:
        address = f"{'' if other == 'zh-Hant' else f'/{other}'}/search?q=%E7%B4%85&amp;language=chi"
        assert f'<a href="{address}" lang="{other}" hreflang="{other}"' in page
        assert OWN_NAMES[other] in page


async def test_the_front_page_in_the_chosen_default_names_the_plain_address_as_its_own(
    client: httpx.AsyncClient,
) -> None:
    page = (await client.get("/zh-Hant/")).text
    assert '<link rel="canonical" href="http://catalogue.example/">' in page
    assert '<a href="/zh-Hant/" lang="zh-Hant" hreflang="zh-Hant"' in page
