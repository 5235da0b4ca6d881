"""The API and its files: every figure of a file is that of the JSON, every line of a list is in its file."""

from __future__ import annotations

import csv
import io

import httpx
import pytest
from openpyxl import load_workbook

from search_api.services import Services
from search_api.staff.roles import Role
from tests.search_api.collections.conftest import MEMBERS, Site
from tests.support.staff import person

ADDRESSES = (
    "/api/collections",
    "/api/collections/themes",
    "/api/collections/alpha/unique",
    "/api/collections/alpha/lacking",
    "/api/collections/alpha/unique.csv",
    "/api/collections/alpha/lacking.xlsx",
    "/api/collections/figures.csv",
)


async def rows(client: httpx.AsyncClient, address: str) -> list[list[str]]:
    answer = await client.get(address)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-disposition"].startswith("attachment;")
    assert answer.content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


async def test_figures_are_made_once_and_kept_until_the_catalogue_changes(asked: httpx.AsyncClient) -> None:
    first = (await asked.get("/api/collections?language=chi")).json()
    again = (await asked.get("/api/collections?language=chi")).json()
    assert first["current"]
    assert first["made_at"] == again["made_at"]
    assert first["scope"] == "language=chi"
    assert [one["library"] for one in first["members"]] == list(MEMBERS)
    assert first["members"][0]["name"]["zh-Hant"] == "甲圖書館"


async def test_last_copies_of_works_are_counted_for_the_whole_catalogue_only(asked: httpx.AsyncClient) -> None:
    whole = (await asked.get("/api/collections")).json()
    part = (await asked.get("/api/collections?q=tea")).json()
    assert all(one["last_of_work"] == one["unique"]["editions"] for one in whole["members"])  # no work has two editions
    assert all(one["last_of_work"] is None for one in part["members"])


async def test_the_figures_of_a_file_are_those_of_the_api(asked: httpx.AsyncClient) -> None:
    told = (await asked.get("/api/collections")).json()
    members = {one["name"]["en"]: one for one in told["members"]}
    [_, *lines] = await rows(asked, "/api/collections/figures.csv?lang=en")
    assert {line[0]: [int(line[1]), int(line[2]), int(line[4])] for line in lines} == {
        name: [one["held"]["editions"], one["unique"]["editions"], one["last_of_work"]] for name, one in members.items()
    }
    [heading, *lines] = await rows(asked, "/api/collections/figures.csv?table=pairs&lang=en")
    for line in lines:
        for name, count in zip(heading[1:], line[1:], strict=True):
            other = members[name]["library"]
            assert count == ("" if name == line[0] else str(members[line[0]]["shared"][other]))
    [heading, *lines] = await rows(asked, "/api/collections/figures.csv?table=decade&of=unique&lang=en")
    for line in lines:
        key = line[0].removesuffix("s") if line[0] != "not stated" else ""
        for name, count in zip(heading[2:], line[2:], strict=True):
            assert int(count) == members[name]["unique"]["by"]["decade"].get(key, 0)
        assert int(line[1]) == sum(map(int, line[2:]))


async def test_a_workbook_has_a_sheet_for_every_table_with_the_same_figures(asked: httpx.AsyncClient) -> None:
    answer = await asked.get("/api/collections/figures.xlsx?language=chi&lang=en")
    book = load_workbook(io.BytesIO(answer.content), read_only=True)
    assert len(book.sheetnames) == 17
    told = (await asked.get("/api/collections?language=chi")).json()
    held = {row[0]: row[1] for row in list(book["Members"].iter_rows(values_only=True))[1:]}
    assert held == {one["name"]["en"]: one["held"]["editions"] for one in told["members"]}


LISTS = [
    ("alpha/unique", lambda libraries: libraries == ("alpha",), "what only it holds"),
    ("alpha/lacking?at_least=2", lambda libraries: "alpha" not in libraries and len(libraries) >= 2, "by two others"),
    ("delta/lacking?at_least=3", lambda libraries: len(libraries) >= 3, "of a member that holds nothing"),
    ("delta/unique", lambda libraries: False, "nothing"),
    ("gamma/unique?language=vie", lambda libraries: libraries == ("gamma",), "within a search"),
]


@pytest.mark.parametrize(("path", "among", "why"), LISTS, ids=[why for _, _, why in LISTS])
async def test_a_list_has_every_edition_once_on_its_pages_and_in_its_file(
    asked: httpx.AsyncClient, made_up: Site, path: str, among: object, why: str
) -> None:
    assert callable(among)
    vietnamese = "language=vie" in path
    expected = sorted(e.id for e in made_up.editions if among(e.libraries) and (not vietnamese or "vie" in e.languages))
    sign = "&" if "?" in path else "?"
    found: list[str] = []
    after = ""
    while True:
        page = (await asked.get(f"/api/collections/{path}{sign}size=7&after={after}")).json()
        assert page["total"] == len(expected)
        found += [line["edition"] for line in page["lines"]]
        after = page["cursor"]
        if not after:
            break
    assert sorted(found) == expected, why
    name, _, query = path.partition("?")
    [heading, *lines] = await rows(asked, f"/api/collections/{name}.csv?{query}{'&' if query else ''}lang=en")
    assert [line[heading.index("Edition")] for line in lines] == found
    answer = await asked.get(f"/api/collections/{name}.xlsx?{query}{'&' if query else ''}lang=en")
    sheet = load_workbook(io.BytesIO(answer.content), read_only=True).worksheets[0]
    assert [row[heading.index("Edition")] for row in list(sheet.iter_rows(values_only=True))[1:]] == found


async def test_a_unique_line_tells_where_the_copies_stand(asked: httpx.AsyncClient) -> None:
    line = (await asked.get("/api/collections/alpha/unique?size=1")).json()["lines"][0]
    assert line["shelves"] == [
        {"branch": "", "location": "STACK", "call_number": line["shelves"][0]["call_number"], "copies": 1}
    ]
    assert (line["copies"], line["coming"], line["others"]) == (1, 0, [])
    [heading, first, *_] = await rows(asked, "/api/collections/alpha/unique.csv")
    assert first[heading.index("館藏地")] == "書庫"


async def test_a_theme_is_a_search_by_its_name(asked: httpx.AsyncClient, made_up: Site) -> None:
    told = (await asked.get("/api/collections/themes")).json()["themes"]
    multicultural = next(one for one in told if one["code"] == "multicultural")
    expected = [e for e in made_up.editions if "vie" in e.languages]
    assert multicultural["editions"] == len(expected)
    held = {one["library"]: one["editions"] for one in multicultural["members"]}
    assert held == {code: sum(code in e.libraries for e in expected) for code in MEMBERS}
    compared = (await asked.get("/api/collections?theme=multicultural")).json()
    assert compared["scope"] == multicultural["scope"]
    assert {one["library"]: one["held"]["editions"] for one in compared["members"]} == held


async def test_a_search_that_was_saved_stands_among_the_themes_until_it_is_forgotten(asked: httpx.AsyncClient) -> None:
    made = await asked.post("/api/collections/saved?language=chi&year_from=2000", json={"name": "  新世紀中文  "})
    assert (made.status_code, made.json()["name"]) == (201, "新世紀中文")
    told = (await asked.get("/api/collections/themes")).json()["themes"]
    saved = next(one for one in told if one["name"]["en"] == "新世紀中文")
    compared = (await asked.get(f"/api/collections?{saved['scope']}")).json()
    assert saved["editions"] == compared["whole"]["editions"]
    assert {one["library"]: (one["editions"], one["unique"]) for one in saved["members"]} == {
        one["library"]: (one["held"]["editions"], one["unique"]["editions"]) for one in compared["members"]
    }
    assert (await asked.delete(f"/api/collections/saved/{made.json()['id']}")).status_code == 204
    assert (await asked.delete(f"/api/collections/saved/{made.json()['id']}")).status_code == 404
    assert (await asked.get("/api/collections/themes")).json()["themes"] == [one for one in told if one != saved]


@pytest.mark.parametrize(
    ("query", "name", "field"), [("", "x", "q"), ("?language=chi", " ", "name"), ("?colour=red", "x", "colour")]
)
async def test_what_cannot_be_saved_is_said(asked: httpx.AsyncClient, query: str, name: str, field: str) -> None:
    answer = await asked.post(f"/api/collections/saved{query}", json={"name": name})
    assert (answer.status_code, answer.json()["error"]["field"]) == (422, field)


WRONG = [
    ("/api/collections?colour=red", 422, "colour", "an unknown parameter"),
    ("/api/collections?theme=none", 422, "theme", "an unknown theme"),
    ("/api/collections?year_from=x", 422, "year_from", "a year that is none"),
    ("/api/collections/nobody/unique", 404, None, "an unknown library"),
    ("/api/collections/alpha/unique?after=zzz", 422, "after", "a cursor that no page has"),
    ("/api/collections/alpha/lacking?at_least=0", 422, "at_least", "held by nobody at all"),
    ("/api/collections/figures.pdf", 422, "kind", "an unknown kind of file"),
    ("/api/collections/figures.csv?table=x", 422, "table", "an unknown table"),
]


@pytest.mark.parametrize(("address", "status", "field", "why"), WRONG, ids=[why for *_, why in WRONG])
async def test_what_is_wrong_is_said_and_where(
    asked: httpx.AsyncClient, address: str, status: int, field: str | None, why: str
) -> None:
    answer = await asked.get(address)
    assert answer.status_code == status, why
    assert answer.json()["error"].get("field") == field


@pytest.mark.parametrize("address", ADDRESSES)
async def test_collections_are_for_selectors(asked: httpx.AsyncClient, opened: Services, address: str) -> None:
    ill = person(opened.store, Role.ILL)
    assert (await asked.get(address)).status_code == 200
    assert (await asked.get(address, headers={"Authorization": ""})).status_code == 401
    assert (await asked.get(address, headers=ill.program)).status_code == 403
