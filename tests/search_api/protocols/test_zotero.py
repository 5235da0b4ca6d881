"""What Zotero finds on the page of an edition: COinS by the grammar of Z39.88-2004, and Zotero's own translators where
they are installed (see CONTRIBUTING.md)."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
from asyncio.subprocess import PIPE
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import httpx
import lxml.html
import pytest

from indexer.record import Agent, Format, Title
from search_api.protocols.coins import context_object
from search_api.protocols.export import BY_SUFFIX, FORMATS
from search_api.protocols.reference import reference
from tests.search_api.test_pages import red
from tests.support.editions import make_edition

SITE = "https://union.example.tw"
SCRIPT = Path(__file__).parents[2] / "support" / "zotero.js"
MODULES = os.environ.get("ALLSHELVES_TEST_ZOTERO", "")
HARARI = make_edition(
    "e1",
    Title("Sapiens", other="a brief history"),
    creators=[
        Agent("Harari, Yuval Noah", role="aut", main=True),
        Agent("曹雪芹", role="aut"),
        Agent("譯者", role="trl"),
    ],
    publisher="Harper",
    place="New York",
    year=2015,
    isbns=["9780062316097"],
    languages=["eng"],
)


def coins(edition: Any) -> dict[str, list[str]]:
    return parse_qs(context_object(reference(edition, SITE)), strict_parsing=True)


def test_a_book_is_a_context_object_of_the_registered_format() -> None:
    assert coins(HARARI) == {
        "ctx_ver": ["Z39.88-2004"],
        "rft_val_fmt": ["info:ofi/fmt:kev:mtx:book"],
        "rft.genre": ["book"],
        "rft.btitle": ["Sapiens: a brief history"],
        "rft.pub": ["Harper"],
        "rft.place": ["New York"],
        "rft_id": [f"{SITE}/editions/e1"],
        "rft.aulast": ["Harari"],
        "rft.aufirst": ["Yuval Noah"],
        "rft.au": ["曹雪芹"],  # a translator is no author
        "rft.date": ["2015"],
        "rft.isbn": ["9780062316097"],
        "rft.language": ["en"],
    }


@pytest.mark.parametrize(
    ("format", "kind", "key"),
    [
        (Format.THESIS, "info:ofi/fmt:kev:mtx:dissertation", "rft.title"),
        (Format.FILM, "info:ofi/fmt:kev:mtx:dc", "rft.title"),
        (Format.SERIAL, "info:ofi/fmt:kev:mtx:dc", "rft.title"),
        (Format.COMIC, "info:ofi/fmt:kev:mtx:book", "rft.btitle"),
    ],
)
def test_other_kinds_are_told_in_the_format_that_has_words_for_them(format: Format, kind: str, key: str) -> None:
    found = coins(make_edition("e2", "片名", creators=[Agent("李安", role="aut")], format=format))
    assert found["rft_val_fmt"] == [kind]
    assert found[key] == ["片名"]


def test_an_edition_of_which_nothing_is_known_says_no_more_than_where_it_is() -> None:
    assert set(coins(make_edition("e3"))) == {"ctx_ver", "rft_val_fmt", "rft.genre", "rft_id"}


async def test_the_page_of_an_edition_has_one_context_object(client: httpx.AsyncClient) -> None:
    tree = lxml.html.document_fromstring((await client.get(await red(client))).text)
    [span] = tree.cssselect("span.Z3988")
    assert parse_qs(span.get("title"))["rft.btitle"] == ["紅樓夢校注"]
    assert span.text_content() == ""


@pytest.mark.skipif(not MODULES or not shutil.which("node"), reason="ALLSHELVES_TEST_ZOTERO names no node_modules")
async def test_zoteros_own_translators_read_the_page_and_every_file(client: httpx.AsyncClient) -> None:
    address = await red(client)
    page = (await client.get(address)).text
    texts = {suffix: (await client.get(f"{address}.{suffix}")).text for suffix in BY_SUFFIX if suffix != "jsonld"}
    asked = json.dumps({"pages": {f"{SITE}{address}": page}, "files": texts})
    ran = await asyncio.create_subprocess_exec("node", SCRIPT, MODULES, stdin=PIPE, stdout=PIPE, stderr=PIPE)
    said, complaints = await asyncio.wait_for(ran.communicate(asked.encode()), 120)
    assert ran.returncode == 0, complaints.decode()[-2000:]
    told = json.loads(said.decode().strip().splitlines()[-1])
    [(_, seen)] = told["pages"].items()
    assert seen["translator"] == "COinS"
    items = {"the page": seen["items"], **told["files"]}
    assert len(items) == len(FORMATS)
    for where, [item] in items.items():
        assert item["itemType"] == "book", where
        assert item["title"] == "紅樓夢校注", where
        assert (item["publisher"], item["place"], item["date"]) == ("里仁書局", "臺北市", "1984"), where
        assert item["ISBN"] == "9789570835878", where
        assert "曹雪芹" in [maker.get("lastName") or maker.get("name") for maker in item["creators"]], where
