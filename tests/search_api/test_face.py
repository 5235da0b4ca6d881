"""The consortium's face on the pages: its name, words, links, logo and colours, and what cannot be read is refused."""

from dataclasses import replace
from pathlib import Path

import httpx
import lxml.html
import pytest

from mappings.site import SiteInvalid, load_site
from search_api.app import create_app
from search_api.face import Face, contrast, tokens
from search_api.services import open_services
from tests.support.catalogue import RED, fill

SITE = """
logo = "logo.svg"
time_zone = "Asia/Ho_Chi_Minh"
[name]
zh-Hant = "山海聯合目錄"
en = "Hills & Sea"
[intro]
zh-Hant = "山上海邊都找得到"
en = "From the hills to the sea"
[[links]]
url = "https://example.org/help"
label = { zh-Hant = "說明", en = "Help" }
[[examples]]
text = "海洋"
language = "zh-Hant"
[colours.light]
link = "#00457c"
"""


def site_with(folder: Path, text: str) -> Path:
    (folder / "logo.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>', encoding="utf-8")
    file = folder / "site.toml"
    file.write_text(text, encoding="utf-8")
    return file


async def test_pages_wear_the_consortiums_face(tmp_path: Path) -> None:
    settings = replace(await fill(tmp_path), site=site_with(tmp_path, SITE))
    services = await open_services(settings)
    transport = httpx.ASGITransport(create_app(services))
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        chinese, japanese = [(await client.get(path)).text for path in ("/", "/ja/")]
        assert "<title>山海聯合目錄</title>" in chinese
        assert "山上海邊都找得到" in chinese
        assert 'href="https://example.org/help">說明</a>' in chinese
        assert '<a href="/search?q=%E6%B5%B7%E6%B4%8B" lang="zh-Hant">海洋</a>' in chinese
        assert "<title>Hills &amp; Sea</title>" in japanese, "a language without its own name shows the English"
        for name, kind in (("logo", "image/svg+xml"), ("colours.css", "text/css; charset=utf-8")):
            address = next(part for part in chinese.split('"') if part.startswith(f"/site/{name}?"))
            answer = await client.get(address)
            assert answer.headers["content-type"] == kind
            assert "immutable" in answer.headers["cache-control"]
        assert ":root { --seal: #a62f1b; --link: #00457c; }" in answer.text
        assert (await client.get("/site/icon")).status_code == 404
    await services.close()


@pytest.mark.parametrize(
    ("colours", "says"),
    [
        ('light]\nlink = "#8ccfda"', "colours.light.link = '#8ccfda': has a contrast of 1."),
        ('light]\nseal = "#ff9900"', "colours.light.seal"),
        ('dark]\nlink = "#0a5262"', "colours.dark.link"),
        ('dark]\nseal = "#601010"', "colours.dark.seal"),
    ],
)
def test_a_colour_that_cannot_be_read_on_its_ground_stops_the_start_up(tmp_path: Path, colours: str, says: str) -> None:
    site = load_site(site_with(tmp_path, f"{SITE.partition('[colours')[0]}\n[colours.{colours}\n"))
    with pytest.raises(SiteInvalid, match=says):
        Face(site)


def test_a_consortium_without_colours_of_its_own_has_ours(tmp_path: Path) -> None:
    site = load_site(site_with(tmp_path, SITE.partition("[colours")[0]))
    assert Face(site)("en").styles == ""


def test_colours_are_measured_as_wcag_does() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_our_own_colours_can_be_read() -> None:
    for theme in ("light", "dark"):
        ours = tokens(theme)
        assert all(contrast(ours["link"], ours[ground]) >= 4.5 for ground in ("paper", "sheet"))


COVERS = SITE + '\n[covers]\nurl = "https://covers.example/{isbn}.jpg?d=1&s=2"\n'


async def test_covers_are_asked_of_the_configured_service_and_of_no_other(tmp_path: Path) -> None:
    settings = replace(await fill(tmp_path), site=site_with(tmp_path, COVERS))
    services = await open_services(settings)
    transport = httpx.ASGITransport(create_app(services))
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        answer = await client.get(f"/search?isbn={RED}")
        pictures = lxml.html.document_fromstring(answer.text).cssselect(".cover img")
        assert [one.get("src") for one in pictures] == [f"https://covers.example/{RED}.jpg?d=1&s=2"]
        [picture] = pictures
        assert (picture.get("loading"), picture.get("referrerpolicy"), picture.get("alt")) == (
            "lazy",
            "no-referrer",
            "",
        )
        assert picture.get("width"), "nothing moves when it comes"
        assert picture.getprevious().text == "紅樓夢校注", "the drawn cover stays beneath"
        assert "img-src 'self' https://covers.example;" in answer.headers["content-security-policy"]
    await services.close()


async def test_without_a_service_nobody_is_asked_for_covers(client: httpx.AsyncClient) -> None:
    answer = await client.get(f"/search?isbn={RED}")
    tree = lxml.html.document_fromstring(answer.text)
    assert tree.cssselect(".cover")
    assert not tree.cssselect(".cover img")
    assert "img-src 'self';" in answer.headers["content-security-policy"]
