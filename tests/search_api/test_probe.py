"""A draft of a library's file out of a probe: it loads as it is, and says what was found."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from fixtures.servers import running_consortium
from harvester.errors import AnswerRefused, HarvestFailed, ProtocolFailed
from harvester.oai_pmh.survey import Finding
from harvester.page import Visit
from harvester.sru import pages
from mappings.library import Library, load_library
from mappings.sru import Sru
from search_api.probe import Draft, code_of, probe, without_a_question
from search_api.probe_file import toml_of
from tests.support.marc_bytes import collection, iso2709, marcxml
from tests.support.oai import maintenance_page, oai_server, records, serving, sleepless
from tests.support.sru import SruServer

NOW = datetime(2026, 11, 21, 12, 40, tzinfo=UTC)


async def probed(target: Library | str, said: list[str] | None = None) -> Draft:
    async with sleepless() as http:
        return await probe(target, http, NOW, ([] if said is None else said).append)


def loaded(draft: Draft, folder: Path) -> Library:
    folder.mkdir(exist_ok=True)
    file = folder / f"{draft.code}.toml"
    file.write_text(toml_of(draft), encoding="utf-8")
    return load_library(file)


async def test_a_server_becomes_a_file_that_loads(tmp_path: Path) -> None:
    said: list[str] = []
    async with oai_server(records(35)) as server:
        draft = await probed(server.url, said)
        library = loaded(draft, tmp_path)
        assert draft.asked == len(server.requests)
    assert (library.harvest.protocol, library.harvest.url, library.harvest.metadata_prefix) == (
        "oai-pmh",
        server.url,
        "marcxml",
    )
    assert (library.records.dialect, library.records.local_id, dict(library.name)) == ("marc21", "001", {"en": "T"})
    text = toml_of(draft)
    assert f"# As it was found on 2026-11-21 12:40 UTC with {draft.asked} questions. To be reviewed." in text
    assert "# ! copies: none were found" in text
    assert 'region = "north"  # to be decided' in text
    assert any("ListRecords" in line for line in said)


async def test_every_demo_member_is_found_as_its_file_has_it(tmp_path: Path) -> None:
    async with running_consortium(members=("ntl", "haifeng", "riverside"), editions_limit=40) as consortium:
        folder = consortium.write_libraries(tmp_path / "given")
        for file in sorted(folder.glob("*.toml")):
            given = load_library(file)
            if given.harvest.protocol != "oai-pmh":
                continue
            found = loaded(await probed(given.harvest.url), tmp_path / "found")
            assert found.records.holdings == given.records.holdings, given.code
            again = await probed(given)
            assert loaded(again, tmp_path / "again").model_copy(update={"file": None}) == given.model_copy(
                update={"file": None}
            ), "what a file says stays"


@pytest.mark.parametrize("content", [iso2709("1") + iso2709("2"), collection(marcxml("1"), marcxml("2"))])
async def test_a_file_of_marc(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "Riverton-2024.bin"
    file.write_bytes(content)
    draft = await probed(str(file))
    library = loaded(draft, tmp_path)
    assert (library.code, library.harvest.files, library.records.dialect) == ("riverton-2024", (str(file),), "marc21")


async def test_an_sru_server(tmp_path: Path) -> None:
    server = SruServer([f"{n:04}" for n in range(35)])
    async with serving(server.answer) as url:
        draft = await probed(f"{url}/sru")
    library = loaded(draft, tmp_path)
    assert (library.harvest.protocol, library.records.dialect) == ("sru", "marc21")
    assert Finding("records", "35") in draft.findings


SERVERS = [
    ({"counts_to": 50, "cap": 50}, 50, "it counts no further than it gives"),
    ({"cap": 100}, 100, "it counts on and gives no more"),
    ({"cap": 100, "in_silence": True}, 100, "it gives no more, in silence"),
]


@pytest.mark.parametrize(("values", "limit", "why"), SERVERS, ids=[why for *_, why in SERVERS])
async def test_an_sru_servers_limit_is_found_and_parts_are_proposed(
    tmp_path: Path, values: dict[str, object], limit: int, why: str
) -> None:
    names = [f"b{n:04}" for n in range(258)]
    server = SruServer(names, **values)  # type: ignore[arg-type]
    async with serving(server.answer) as url:
        draft = await probed(f"{url}/sru")
        library = loaded(draft, tmp_path)
        assert (library.harvest.sru.part, library.harvest.sru.max_results) == ('rec.id="{prefix}*"', limit)
        assert library.name["en"] == "Riverton City Library"
        text = toml_of(draft)
        assert "[harvest.sru]" in text
        assert f"max_results = {limit}  # ! " in text
        async with sleepless() as http:
            listed = [page async for page in pages(Visit(library, http, NOW))]
    assert sorted({record.identifier for page in listed for record in page.records}) == names


async def test_a_small_sru_server_needs_no_limit(tmp_path: Path) -> None:
    server = SruServer([f"{n:04}" for n in range(50)], explains=False)
    async with serving(server.answer) as url:
        draft = await probed(f"{url}/sru")
    assert loaded(draft, tmp_path).harvest.sru == Sru(part='rec.id="{prefix}*"')
    assert any(one.about == "limit" and not one.doubt for one in draft.findings)
    assert Finding("parts", "by rec.id: together they hold all 50") in draft.findings


async def test_an_sru_server_that_cannot_be_asked_in_parts_says_so(tmp_path: Path) -> None:
    server = SruServer([f"{n:04}" for n in range(258)], cap=100, knows_ids=False)
    async with serving(server.answer) as url:
        draft = await probed(f"{url}/sru")
    assert loaded(draft, tmp_path).harvest.sru.part == ""
    assert any(one.about == "parts" and one.doubt for one in draft.findings)


async def test_an_address_that_is_none_of_these_says_what_was_tried() -> None:
    async def page(request: object) -> object:
        return await maintenance_page(None, request)  # type: ignore[arg-type]

    async with serving(page) as url:  # type: ignore[arg-type]
        with pytest.raises(AnswerRefused, match=r"oai-pmh: .*HTML.*sru: .*html"):
            await probed(url)


@pytest.mark.parametrize("target", ["http://nowhere.invalid/oai", "/nosuch/file.mrc", "sftp://x.example/y"])
async def test_what_cannot_be_had_is_said(target: str) -> None:
    with pytest.raises(HarvestFailed):
        await probed(target)


async def test_a_password_in_an_address_is_not_probed_with() -> None:
    with pytest.raises(ProtocolFailed, match=r"harvest\.auth"):
        await probed("http://reader:s3cret@127.0.0.1/oai")


def test_no_server_breaks_out_of_a_comment_or_a_string(tmp_path: Path) -> None:
    nasty = 'a"\n[harvest]\nurl = "x"\r\x07\u2028\\ \x7f 圖書館'
    draft = Draft(
        {"code": "lib", "name": {"en": nasty}, "region": "north", "kind": "city", "order": 3,
         "harvest": {"protocol": "marc-dump", "files": [nasty]},
         "records": {"branches": {"A 1": {"en": nasty}}, "item_fields": [{"tag": "952"}]}},
        False, NOW, {"region": nasty, "records.holdings": nasty}, [Finding(nasty, nasty, doubt=True)],
    )  # fmt: skip
    assert tomllib.loads(toml_of(draft)) == draft.table


CODES = [
    ("https://lib.example.org/oai", "example"),
    ("https://opac.riverton.gov.tw/oai", "riverton"),
    ("http://127.0.0.1:8000/oai", "newlibrary"),
    ("http://8.8.8.8/", "newlibrary"),
    ("exports/All Records.mrc", "records"),
    ("/srv/1.mrc", "newlibrary"),
]


@pytest.mark.parametrize(("target", "code"), CODES)
def test_a_code_is_proposed(target: str, code: str) -> None:
    assert code_of(target) == code


@pytest.mark.parametrize(
    ("address", "base"),
    [
        ("http://x.tw/oai?verb=Identify", "http://x.tw/oai"),
        ("http://x.tw/oai?mode=a&verb=ListRecords&metadataPrefix=oai_dc", "http://x.tw/oai?mode=a"),
        ("http://x.tw/oai?mode=a", "http://x.tw/oai?mode=a"),
        ("http://x.tw/sru?version=1.2", "http://x.tw/sru?version=1.2"),
    ],
)
def test_a_question_is_taken_off_an_address(address: str, base: str) -> None:
    assert without_a_question(address) == base


async def test_an_address_without_scheme_and_with_a_question_is_probed() -> None:
    async with oai_server(records(3)) as server:
        draft = await probed(f"{server.url.removeprefix('http://')}?verb=Identify")
    assert draft.table["harvest"]["url"] == server.url
