"""The pages: the figures of the API, links that lead to what they count, both languages, no script."""

from __future__ import annotations

import re

import httpx
import pytest
from bs4 import BeautifulSoup

from search_api.collections.compared import AXES
from tests.search_api.collections.conftest import MEMBERS
from tests.support.staff import Person


async def shown(page: httpx.AsyncClient, address: str) -> BeautifulSoup:
    answer = await page.get(address)
    assert answer.status_code == 200, answer.text[:500]
    assert answer.headers["cache-control"] == "no-store"
    return BeautifulSoup(answer.text, "lxml")


def table(found: BeautifulSoup, heading: str) -> list[list[str]]:
    """The rows of the table below a heading, its own headings first."""
    title = found.find(id=heading)
    assert title is not None
    rows = title.find_next("table").find_all("tr")  # type: ignore[union-attr]
    return [[cell.get_text(strip=True) for cell in row.find_all(["th", "td"])] for row in rows]


async def test_members_by_members_has_the_figures_of_the_api_in_picture_and_table(
    page: httpx.AsyncClient, asked: httpx.AsyncClient
) -> None:
    told = (await asked.get("/api/collections")).json()
    found = await shown(page, "/staff/collections?show=counts")
    names = [row[0] for row in table(found, "pairs")[1:]]
    by_name = {one["name"]["zh-Hant"]: one for one in told["members"]}
    expected = [[str(by_name[row]["shared"].get(by_name[column]["library"], "–")) for column in names] for row in names]
    assert [row[1:] for row in table(found, "pairs")[1:]] == expected
    cells = [text.get_text() for text in found.select("svg.heat > g:not(.labels) > text")]
    assert cells == [figure for row in expected for figure in row if figure != "–"]


async def test_every_cell_says_whose_figure_it_is(page: httpx.AsyncClient) -> None:
    found = await shown(page, "/en/staff/collections")
    titles = [title.get_text() for title in found.select("svg.heat > g:not(.labels) > title")]
    assert len(titles) == len(MEMBERS) * (len(MEMBERS) - 1)
    assert all(re.fullmatch(r"\w+ Library · \w+ Library: (<1%|\d+%|–)", title) for title in titles)


async def test_what_one_library_holds_alone_leads_to_its_list_with_as_many_lines(page: httpx.AsyncClient) -> None:
    found = await shown(page, "/staff/collections?language=chi")
    links = found.select("a[href*='/unique/']")
    assert links
    for link in links:
        listed = await shown(page, str(link["href"]))
        assert "language=chi" in str(link["href"])
        assert len(listed.select("table.lines tbody tr")) == min(int(link.get_text()), 50)


async def test_an_axis_has_the_figures_of_the_api(page: httpx.AsyncClient, asked: httpx.AsyncClient) -> None:
    told = (await asked.get("/api/collections")).json()
    by_name = {one["name"]["zh-Hant"]: one for one in told["members"]}
    for axis in AXES:
        for of in ("held", "unique"):
            found = await shown(page, f"/staff/collections/by/{axis}?of={of}")
            heading, *rows = table(found, "grid")
            assert len(heading) == 2 + len(MEMBERS)
            for place, name in enumerate(heading[2:], 2):
                counts = [int(row[place]) for row in rows]
                own = by_name[name][of]["by"][axis]
                assert sorted(filter(None, counts)) == sorted(filter(None, own.values())), (axis, of, name)


@pytest.mark.parametrize(
    "address",
    [
        "/staff/collections",
        "/staff/collections/by/language?show=shares",
        "/staff/collections/themes?show=shares",
        "/staff/collections/unique/alpha?works=true",
        "/staff/collections/lacking/delta?at_least=2&language=chi",
        "/staff/collections?q=nothing+at+all+finds+this",
        "/staff/collections?theme=multicultural",
    ],
)
async def test_pages_are_in_both_languages_without_style_or_script_of_their_own(
    page: httpx.AsyncClient, address: str
) -> None:
    for prefix, language in (("", "zh-Hant"), ("/en", "en")):
        found = await shown(page, f"{prefix}{address}")
        assert found.html is not None
        assert found.html["lang"] == language
        assert not found.select("[style]")
        assert all(script.get("src") for script in found.select("script"))
        ids = [tag["id"] for tag in found.select("[id]")]
        assert len(ids) == len(set(ids))


async def test_a_list_is_turned_over_and_taken_along(page: httpx.AsyncClient) -> None:
    first = await shown(page, "/staff/collections/lacking/delta?at_least=1&language=chi")
    files = [str(link["href"]) for link in first.select(".do a")]
    assert all("at_least=1" in file and "language=chi" in file for file in files)
    onward = first.select_one("a[rel=next]")
    assert onward is not None
    second = await shown(page, str(onward["href"]))
    titles = [{link["href"] for link in one.select("td.title a")} for one in (first, second)]
    assert titles[0].isdisjoint(titles[1])


async def test_the_form_keeps_what_it_has_no_field_for(page: httpx.AsyncClient) -> None:
    found = await shown(page, "/staff/collections?language=chi&language=eng&q=tea&classification=ncsclt:8")
    form = found.select_one("form.inline")
    assert form is not None
    hidden = [(field["name"], field["value"]) for field in form.select("input[type=hidden]")]
    assert hidden == [("language", "chi"), ("language", "eng")]
    q = form.select_one("input[name=q]")
    chosen = form.select_one("select[name=classification] option[selected]")
    assert q is not None
    assert chosen is not None
    assert (q["value"], chosen["value"]) == ("tea", "ncsclt:8")


async def test_a_search_is_saved_and_forgotten_with_forms_alone(page: httpx.AsyncClient, selector: Person) -> None:
    made = await page.post("/staff/collections?language=vie", data={**selector.form, "name": "越南文"})
    assert (made.status_code, made.headers["location"]) == (303, "/staff/collections?language=vie")
    found = await shown(page, "/staff/collections?language=vie")
    assert found.h1 is not None
    assert "越南文" in found.h1.get_text()
    assert not found.select("input[name=name]")
    themes = await shown(page, "/staff/collections/themes")
    [forget] = themes.select("input[name=forget]")
    gone = await page.post("/staff/collections", data={**selector.form, "forget": str(forget["value"])})
    assert gone.status_code == 303
    assert "越南文" not in (await page.get("/staff/collections/themes")).text


@pytest.mark.parametrize("path", ["by/colour", "nothing/alpha", "unique/nobody"])
async def test_a_page_that_there_is_none_of_is_said_to_be_missing(page: httpx.AsyncClient, path: str) -> None:
    assert (await page.get(f"/staff/collections/{path}")).status_code == 404


async def test_a_stranger_is_led_to_the_log_in(page: httpx.AsyncClient) -> None:
    answer = await page.get("/staff/collections?q=tea", headers={"Cookie": ""})
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/staff/login?next=/staff/collections")
