"""Exports over HTTP: of an edition, a list and a search."""

from __future__ import annotations

import io

import httpx
import orjson
import pymarc
import pytest

from search_api.protocols.export import FORMATS
from tests.support.catalogue import RED


async def red(client: httpx.AsyncClient) -> str:
    [hit] = (await client.get(f"/api/search?isbn={RED}")).json()["hits"]
    return str(hit["id"])


@pytest.mark.parametrize("name", list(FORMATS))
async def test_an_edition_has_an_address_in_each_format_and_the_api_gives_the_same(
    client: httpx.AsyncClient, name: str
) -> None:
    edition, form = await red(client), FORMATS[name]
    page = await client.get(f"/editions/{edition}.{form.suffix}")
    api = await client.get(f"/api/editions/{edition}/export", params={"as": name})
    assert page.status_code == api.status_code == 200
    assert page.headers["content-type"] == form.media_type == api.headers["content-type"]
    assert f'filename="allshelves-{edition}.{form.suffix}"' in page.headers["content-disposition"]
    if "marc" not in name:  # which says when it was written
        assert page.content == api.content


async def test_libraries_are_named_in_the_language_of_the_address(client: httpx.AsyncClient) -> None:
    edition = await red(client)
    named = {
        path: (await client.get(path)).json()["offers"][0]["offeredBy"]["name"]
        for path in (f"/editions/{edition}.jsonld", f"/en/editions/{edition}.jsonld")
    }
    assert list(named.values()) == ["甲圖書館", "Alpha Library"]


async def test_a_search_is_exported_with_every_parameter_of_the_search(client: httpx.AsyncClient) -> None:
    answer = await client.get("/api/export", params={"as": "csl-json", "q": "紅樓夢", "format": "book"})
    assert [item["title"] for item in answer.json()] == ["紅樓夢校注"]
    assert answer.headers["editions-found"] == answer.headers["editions-exported"] == "1"
    everything = await client.get("/api/export", params={"as": "csl-json"})
    assert len(everything.json()) == 3


async def test_an_export_has_at_most_so_many_editions_and_says_of_how_many(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("search_api.protocols.export_api.PAGE", 2)
    monkeypatch.setattr("search_api.protocols.export_api.MOST", 2)
    answer = await client.get("/api/export", params={"as": "csl-json"})
    assert len(answer.json()) == 2
    assert (answer.headers["editions-found"], answer.headers["editions-exported"]) == ("3", "2")


async def test_a_list_is_exported_in_its_order_without_what_is_not_there(client: httpx.AsyncClient) -> None:
    ids = [hit["id"] for hit in (await client.get("/api/search")).json()["hits"]]
    wanted = [ids[2], "nobody", ids[0]]
    answer = await client.get("/api/export", params={"as": "marc21", "ids": ",".join(wanted)})
    records = list(pymarc.MARCReader(io.BytesIO(answer.content)))
    assert [record["001"].data for record in records if record] == [ids[2], ids[0]]
    assert (answer.headers["editions-found"], answer.headers["editions-exported"]) == ("3", "2")


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/api/editions/nobody/export?as=ris", 404),
        ("/editions/nobody.ris", 404),
        ("/api/export?as=pdf", 422),
        ("/api/export", 422),
        ("/api/export?as=ris&names_in=xx", 422),
        ("/api/export?as=ris&year_from=long%20ago", 422),
        ("/api/export?as=ris&ids=" + ",".join(f"e{n}" for n in range(201)), 422),
    ],
)
async def test_what_cannot_be_exported_is_an_error_and_never_an_empty_file(
    client: httpx.AsyncClient, address: str, status: int
) -> None:
    assert (await client.get(address)).status_code == status


async def test_an_unknown_suffix_is_not_found(client: httpx.AsyncClient) -> None:
    assert (await client.get(f"/editions/{await red(client)}.exe")).status_code == 404


async def test_citations_are_told_as_text_and_with_italics(client: httpx.AsyncClient) -> None:
    answer = await client.get(f"/api/editions/{await red(client)}/citations")
    body = orjson.loads(answer.content)
    assert [one["style"] for one in body["citations"]] == ["apa", "mla", "chicago", "gbt7714"]
    assert body["citations"][0]["text"].startswith("曹雪芹")
