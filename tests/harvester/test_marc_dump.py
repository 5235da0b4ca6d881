from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from aiohttp import web

from harvester.dump.reading import PAGE_RECORDS
from harvester.errors import AccessRefused, DumpUnusable
from harvester.marc_dump import pages, source_of
from harvester.page import Page, Visit
from harvester.store import RawRecord, utc_now
from mappings.library import Library
from tests.support.marc_bytes import collection, iso2709, marcxml
from tests.support.oai import dump_library, serving, sleepless


async def listing(library: Library, before: list[Page] | None = None) -> list[Page]:
    """The pages of a visit, ``before`` being those of the one before it."""
    since = before[-1].end.watermark if before and before[-1].end else ""
    files = {file.name: file for page in before or () for file in page.files}
    async with sleepless() as http:
        visit = Visit(library, http, utc_now(), since=since, files=files)
        return [page async for page in pages(visit)]


async def read(tmp_path: Path, *contents: bytes) -> list[Page]:
    files = []
    for number, content in enumerate(contents):
        file = tmp_path / f"records-{number}.mrc"
        file.write_bytes(content)
        files.append(str(file))
    return await listing(dump_library(*files))


def records(listed: list[Page]) -> list[RawRecord]:
    return [record for page in listed for record in page.records]


def names(listed: list[Page]) -> list[str]:
    return [record.identifier for record in records(listed)]


async def test_an_iso_2709_file_gives_its_records_by_control_number(tmp_path: Path) -> None:
    listed = await read(tmp_path, iso2709("1") + iso2709("2", "紅樓夢"))
    assert [(r.identifier, r.format, r.payload, r.deleted) for r in records(listed)] == [
        ("1", "iso2709", iso2709("1"), False),
        ("2", "iso2709", iso2709("2", "紅樓夢"), False),
    ]
    assert listed[-1].end is not None
    assert listed[-1].end.proven
    assert all(page.end is None for page in listed[:-1])


async def test_a_marcxml_file_gives_its_records_by_control_number(tmp_path: Path) -> None:
    listed = await read(tmp_path, collection(marcxml("1"), marcxml("2")))
    assert [(r.identifier, r.format) for r in records(listed)] == [("1", "marcxml"), ("2", "marcxml")]


@pytest.mark.parametrize("content", [iso2709("1"), collection(marcxml("1"))])
async def test_gzip_is_known_by_its_first_bytes(tmp_path: Path, content: bytes) -> None:
    assert names(await read(tmp_path, gzip.compress(content))) == ["1"]


async def test_a_long_file_comes_in_pages(tmp_path: Path) -> None:
    listed = await read(tmp_path, b"".join(iso2709(str(n)) for n in range(PAGE_RECORDS + 1)))
    assert [len(page.records) for page in listed] == [PAGE_RECORDS, 1, 0]


async def test_records_of_one_control_number_are_told_apart_over_all_files(tmp_path: Path) -> None:
    listed = await read(tmp_path, iso2709("1", "a") + iso2709("1", "b"), iso2709("2") + iso2709("1", "c"))
    assert names(listed) == ["1", "1#2", "2", "1#3"]


async def test_the_same_record_in_two_files_of_a_statement_is_one(tmp_path: Path) -> None:
    again = iso2709("2") + iso2709("1", "Another") + iso2709("3") + iso2709("1")
    listed = await read(tmp_path, iso2709("1") + iso2709("2"), again)
    assert names(listed) == ["1", "2", "2", "1#2", "3", "1"]


async def test_the_same_record_twice_in_one_file_is_two_as_in_its_library(tmp_path: Path) -> None:
    twice = iso2709("1") + iso2709("1")
    assert names(await read(tmp_path, twice)) == ["1", "1#2"]
    assert names(await read(tmp_path, twice, twice)) == ["1", "1#2", "1", "1#2"]


async def test_records_without_control_number_are_counted_among_themselves(tmp_path: Path) -> None:
    listed = await read(tmp_path, iso2709("", "a") + iso2709("1") + iso2709("", "b"))
    assert names(listed) == ["#1", "1", "#2"]


async def test_a_deletion_names_the_record_and_has_no_payload(tmp_path: Path) -> None:
    listed = await read(tmp_path, iso2709("1") + iso2709("2", status="d"), collection(marcxml("3", status="d")))
    assert [(r.identifier, r.deleted, bool(r.payload)) for r in records(listed)] == [
        ("1", False, True),
        ("2", True, False),
        ("3", True, False),
    ]


async def test_a_piece_that_cannot_be_read_is_named_by_its_place_and_its_neighbours_are_read(tmp_path: Path) -> None:
    good = iso2709("1")
    listed = await read(tmp_path, good + b"junk\x1d" + iso2709("3"))
    assert names(listed) == ["1", "3"]
    (refused,) = listed[0].refused
    assert (refused.identifier, refused.field) == (f"records-0.mrc@{len(good)}", f"byte {len(good)}")
    assert refused.payload == b"junk\x1d"
    assert "shorter than a leader" in refused.reason
    assert listed[-1].end is not None
    assert listed[-1].end.nameless == 1


async def test_a_piece_that_cannot_be_read_but_names_itself_keeps_its_name(tmp_path: Path) -> None:
    broken = marcxml("2").replace("</leader>", "")
    listed = await read(tmp_path, collection(marcxml("1"), broken, marcxml("3")))
    assert names(listed) == ["1", "3"]
    assert [q.identifier for q in listed[0].refused] == ["2"]
    assert listed[-1].end is not None
    assert listed[-1].end.nameless == 0


CUT_OFF = [
    (iso2709("1") + iso2709("2")[:-9], "within a record"),
    (collection(marcxml("1"), marcxml("2"))[:-40], "within an element"),
    (collection(marcxml("1"))[:-5], "within the closing tag"),
]


@pytest.mark.parametrize(("content", "why"), CUT_OFF, ids=[row[1] for row in CUT_OFF])
async def test_a_file_that_is_cut_off_states_nothing_about_what_it_lacks(
    tmp_path: Path, content: bytes, why: str
) -> None:
    listed = await read(tmp_path, content, iso2709("9"))
    assert names(listed) == ["1", "9"]
    assert listed[-1].end is not None
    assert not listed[-1].end.proven
    assert "records-0.mrc" in listed[-1].end.reason


async def test_gzip_that_is_cut_off_is_found_out_before_any_of_it_is_taken_in(tmp_path: Path) -> None:
    content = b"".join(iso2709(str(n), f"title {n * n}") for n in range(40_000))
    (tmp_path / "f.gz").write_bytes(gzip.compress(content)[:-2000])
    seen: list[Page] = []

    async def read_into_seen() -> None:
        async with sleepless() as http:
            async for page in pages(Visit(dump_library(str(tmp_path / "f.gz")), http, utc_now())):
                seen.append(page)

    with pytest.raises(DumpUnusable, match="f: it breaks off"):
        await read_into_seen()
    assert [page.records for page in seen] == [()]  # which only says that the file is refused
    assert [entry.state for entry in seen[0].files] == ["refused"]


@pytest.mark.parametrize("content", [b"", b"<html><body>Log in</body></html>", b"title,isbn\n1,2\n"])
async def test_a_file_that_is_no_marc_is_refused_by_name(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(DumpUnusable, match=r"records-0\.mrc"):
        await read(tmp_path, content)


async def test_a_file_that_is_not_there_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(DumpUnusable, match="absent"):
        await listing(dump_library(str(tmp_path / "absent.mrc")))


async def test_a_path_is_relative_to_the_file_of_the_library(tmp_path: Path) -> None:
    (tmp_path / "records.mrc").write_bytes(iso2709("1"))
    library = dump_library("records.mrc").model_copy(update={"file": tmp_path / "testlib.toml"})
    assert names(await listing(library)) == ["1"]


class Files:
    """A server of files with entity tags; notes what was sent whole."""

    def __init__(self, **files: bytes) -> None:
        self.files = files
        self.sent: list[str] = []

    async def __call__(self, request: web.Request) -> web.StreamResponse:
        name = request.path.strip("/")
        if name not in self.files:
            return web.Response(status=404)
        tag = f'"{hash(self.files[name])}"'
        if request.headers.get("If-None-Match") == tag:
            return web.Response(status=304)
        self.sent.append(name)
        return web.Response(body=self.files[name], headers={"ETag": tag})


async def test_a_file_by_url_is_read_like_one_on_disk() -> None:
    async with serving(Files(a=iso2709("1"), b=collection(marcxml("2")))) as url:
        assert names(await listing(dump_library(f"{url}/a", f"{url}/b"))) == ["1", "2"]


async def test_a_file_by_url_that_is_not_there_is_a_failure() -> None:
    async with serving(Files()) as url:
        with pytest.raises(AccessRefused, match="404"):
            await listing(dump_library(f"{url}/a"))


async def test_files_that_have_not_changed_are_not_fetched_again() -> None:
    server = Files(a=iso2709("1"), b=iso2709("2"))
    async with serving(server) as url:
        library = dump_library(f"{url}/a", f"{url}/b")
        first = await listing(library)
        again = await listing(library, first)
    assert server.sent == ["a", "b"]
    assert again[-1].end is not None
    assert first[-1].end is not None
    watermark = first[-1].end.watermark
    assert (again[-1].end.proven, again[-1].end.nothing_new, again[-1].end.watermark) == (True, True, watermark)


async def test_when_one_file_has_changed_all_are_read_because_only_together_they_state_everything() -> None:
    server = Files(a=iso2709("1"), b=iso2709("2"))
    async with serving(server) as url:
        library = dump_library(f"{url}/a", f"{url}/b")
        first = await listing(library)
        server.files["b"] = iso2709("3")
        again = await listing(library, first)
    assert names(again) == ["1", "3"]


def test_other_files_are_another_source() -> None:
    assert source_of(dump_library("a")) != source_of(dump_library("b"))
    assert source_of(dump_library("a")) == source_of(dump_library("a", timeout_seconds=9))
