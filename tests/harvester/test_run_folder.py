from __future__ import annotations

import gzip
import hashlib
import io
import os
import re
import tarfile
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from aiohttp import web

from harvester.decisions import accept, holds, how_many_would_go, refused_files, skip
from harvester.dump.reading import NO_NAME
from harvester.http import PatientSession
from harvester.run import harvest
from harvester.run_state import removed
from harvester.standing import standings
from harvester.store import RunOutcome, Store
from mappings.library import Library
from tests.support.harvesting import contents, live
from tests.support.listing import Clock
from tests.support.marc_bytes import collection, iso2709, marcxml
from tests.support.oai import library_of, serving


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store.open(f"sqlite:///{tmp_path}/catalogue.sqlite3")
    yield store
    store.close()


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox"
    folder.mkdir()
    return folder


def library(inbox: Path, **folder: object) -> Library:
    keys = {"path": str(inbox), "full": "*full*", "deletions": "*del*", "items": "*items*", **folder}
    items = {"control_number": "控制號", "barcode": "條碼號", "location": "館藏地"}
    return library_of("testlib", {"protocol": "marc-dump", "folder": keys, "items": items, "retries": 0})


def put(inbox: Path, name: str, content: bytes, day: int = 1) -> Path:
    file = inbox / name
    file.write_bytes(content)
    moment = datetime(2024, 5, day, 12, tzinfo=UTC).timestamp()
    os.utime(file, (moment, moment))
    return file


def records(*numbers: int, title: str = "A title", status: str = "n") -> bytes:
    return b"".join(iso2709(str(number), title, status=status) for number in numbers)


async def visit(store: Store, which: Library, *, meanwhile: object = None, full: bool = False) -> RunOutcome:
    """One harvest; ``meanwhile`` is called while it waits to see which files grow."""

    async def sleep(_: float) -> None:
        if callable(meanwhile):
            meanwhile()

    async with PatientSession(sleep=sleep) as session:
        (outcome,) = await harvest([which], store, full=full, session=session)
    return outcome


def titles(store: Store) -> dict[str, str]:
    found = {}
    for name, (payload, deleted) in contents(store).items():
        if not deleted:
            found[name] = payload.rpartition(b"\x1fa")[2].rstrip(b"\x1e\x1d").decode()
    return found


async def test_a_full_statement_and_the_changes_after_it_are_one_harvest(store: Store, inbox: Path) -> None:
    put(inbox, "2024-05-02-changes.mrc", records(2, title="Changed") + records(4) + records(3, status="d"))
    put(inbox, "2024-05-01-full.mrc.gz", gzip.compress(records(1, 2, 3)))
    outcome = await visit(store, library(inbox))
    assert (outcome.status, outcome.error) == ("complete", "")
    assert titles(store) == {"1": "A title", "2": "Changed", "4": "A title"}


async def test_changes_leave_what_they_do_not_mention(store: Store, inbox: Path) -> None:
    put(inbox, "20240501-full.mrc", records(*range(20)))
    await visit(store, library(inbox))
    put(inbox, "20240502.mrc", records(1, title="Changed"))
    outcome = await visit(store, library(inbox))
    assert (outcome.status, outcome.seen, outcome.changed, outcome.vanished) == ("complete", 1, 1, 0)
    assert len(live(store)) == 20


async def test_a_new_full_statement_takes_away_what_it_does_not_mention(store: Store, inbox: Path) -> None:
    put(inbox, "20240501-full.mrc", records(*range(20)))
    put(inbox, "20240502.mrc", records(77))
    await visit(store, library(inbox))
    put(inbox, "20240601-full.mrc", records(*range(19)))
    outcome = await visit(store, library(inbox))
    assert (outcome.status, outcome.vanished) == ("complete", 2)
    assert live(store) == sorted(map(str, range(19)))


async def test_what_came_after_a_full_statement_is_not_taken_away_by_it(store: Store, inbox: Path) -> None:
    put(inbox, "20240502.mrc", records(77))
    await visit(store, library(inbox))
    put(inbox, "20240501-full.mrc", records(1, 2))
    outcome = await visit(store, library(inbox))
    assert (outcome.vanished, live(store)) == (0, ["1", "2", "77"])


async def test_a_folder_without_news_says_so(store: Store, inbox: Path) -> None:
    put(inbox, "full.mrc", records(1))
    await visit(store, library(inbox))
    outcome = await visit(store, library(inbox))
    assert (outcome.status, outcome.seen, outcome.error) == ("complete", 0, "")
    again = await visit(store, library(inbox), full=True)
    assert (again.seen, again.unchanged) == (1, 1)


NO_STATEMENTS = {
    "nothing at all": {},
    "changes alone": {"changes-20240301.mrc": records(*range(30))},
    "nothing but deletions": {"20240301-full.mrc": records(*range(20), status="d")},
    "a statement of no record": {"20240301-full.xml": collection()},
}


@pytest.mark.parametrize("files", NO_STATEMENTS.values(), ids=NO_STATEMENTS)
async def test_a_folder_that_never_stated_all_there_is_is_not_proven(
    store: Store, inbox: Path, files: dict[str, bytes]
) -> None:
    for name, content in files.items():
        put(inbox, name, content)
    for _ in range(2):
        outcome = await visit(store, library(inbox))
        assert (outcome.status, outcome.vanished) == ("unverified", 0)
        assert outcome.error.startswith("not proven: no full statement has come")
    found = standings(store, {"testlib": library(inbox)})["testlib"]
    assert (found.freshness, found.state.last_complete_at) == ("unproven", None)
    put(inbox, "20240401-full.mrc", records(*range(30)), day=2)  # the same folder with one
    assert (await visit(store, library(inbox))).status == "complete"
    assert standings(store, {"testlib": library(inbox)})["testlib"].freshness == "fresh"


async def test_changes_without_a_statement_are_read_once(store: Store, inbox: Path) -> None:
    put(inbox, "changes-20240301.mrc", records(*range(30)))
    await visit(store, library(inbox))
    outcome = await visit(store, library(inbox))
    assert (outcome.kind, outcome.status, outcome.seen, len(live(store))) == ("incremental", "unverified", 0, 30)


async def test_a_folder_without_news_is_not_late_and_its_proof_grows_older(tmp_path: Path, inbox: Path) -> None:
    clock = Clock()
    store = Store.open(f"sqlite:///{tmp_path}/catalogue.sqlite3", clock)
    put(inbox, "20240301-full.mrc", records(1, 2))
    await visit(store, library(inbox))
    proven = clock.at
    for _ in range(5):
        clock.later(hours=24)
        assert (await visit(store, library(inbox))).status == "complete"
    found = standings(store, {"testlib": library(inbox)})["testlib"]
    assert (found.freshness, found.state.last_complete_at, found.state.confirmed_at) == ("fresh", proven, clock.at)
    clock.later(hours=49)  # nobody looks any more
    assert standings(store, {"testlib": library(inbox)})["testlib"].freshness == "late"
    put(inbox, "20240302.mrc", records(3))
    await visit(store, library(inbox))
    assert standings(store, {"testlib": library(inbox)})["testlib"].state.last_complete_at == clock.at
    store.close()


async def test_deletions_come_after_additions_of_the_same_day(store: Store, inbox: Path) -> None:
    put(inbox, "20240501-del.txt", b"2\n")
    put(inbox, "20240501-new.mrc", records(1, 2))
    put(inbox, "20240502-new.mrc", records(3))
    await visit(store, library(inbox))
    assert live(store) == ["1", "3"]


async def test_a_record_added_again_on_a_later_day_stays(store: Store, inbox: Path) -> None:
    put(inbox, "20240501-del.txt", b"1\n")
    put(inbox, "20240502-new.mrc", records(1))
    await visit(store, library(inbox))
    assert live(store) == ["1"]


async def test_without_a_date_in_the_name_the_day_of_the_file_counts(store: Store, inbox: Path) -> None:
    put(inbox, "z.mrc", records(1, title="Old"), day=1)
    put(inbox, "a.mrc", records(1, title="New"), day=2)
    await visit(store, library(inbox))
    assert titles(store) == {"1": "New"}


async def test_a_file_that_arrives_late_does_not_bring_back_what_a_later_one_changed(store: Store, inbox: Path) -> None:
    put(inbox, "20240503.mrc", records(1, title="Newest"))
    await visit(store, library(inbox))
    put(inbox, "20240502.mrc", records(1, title="Old") + records(2))
    await visit(store, library(inbox))
    assert titles(store) == {"1": "Newest", "2": "A title"}


FORMS_OF_DELETIONS = [
    (b"2\n3\n", "a list"),
    (records(2, 3), "whole records, in ISO 2709"),
    (collection(marcxml("2"), marcxml("3")), "whole records, in MARCXML under a name that says text"),
    (gzip.compress(b"MMS Id\n2\n3\n"), "a packed list with a heading"),
]


@pytest.mark.parametrize(("content", "form"), FORMS_OF_DELETIONS, ids=[form for _, form in FORMS_OF_DELETIONS])
async def test_deletions_are_read_by_what_the_file_holds(store: Store, inbox: Path, content: bytes, form: str) -> None:
    put(inbox, "20240501-full.mrc", records(1, 2, 3))
    put(inbox, "20240502-del.txt", content)
    outcome = await visit(store, library(inbox))
    assert (outcome.status, live(store)) == ("complete", ["1"])


async def test_a_list_of_numbers_that_nobody_calls_deletions_deletes_nothing(store: Store, inbox: Path) -> None:
    put(inbox, "20240501-full.mrc", records(1, 2))
    put(inbox, "20240502-numbers.txt", b"1\n2\n")
    outcome = await visit(store, library(inbox))
    assert outcome.status == "failed"
    assert "20240502-numbers.txt" in outcome.error
    assert live(store) == ["1", "2"]


async def test_a_growing_file_and_those_after_it_wait(store: Store, inbox: Path) -> None:
    put(inbox, "20240501-full.mrc", records(1))
    growing = put(inbox, "20240502.mrc", records(1, title="Second"))
    put(inbox, "20240503.mrc", records(1, title="Third"))

    def grow() -> None:
        with growing.open("ab") as file:
            file.write(records(2))

    outcome = await visit(store, library(inbox), meanwhile=grow)
    assert outcome.status == "unverified"
    assert "20240502.mrc: it is still growing and waits; 1 file after it waits" in outcome.error
    assert titles(store) == {"1": "A title"}
    outcome = await visit(store, library(inbox))
    assert (outcome.status, titles(store)) == ("complete", {"1": "Third", "2": "A title"})


async def test_a_file_that_is_cut_off_is_not_believed_and_read_again_when_it_is_whole(
    store: Store, inbox: Path
) -> None:
    put(inbox, "20240501-full.mrc", records(*range(5)))
    await visit(store, library(inbox))
    put(inbox, "20240601-full.mrc", records(0, 1)[:-7], day=2)
    put(inbox, "20240602.mrc", records(9), day=3)
    outcome = await visit(store, library(inbox))
    assert (outcome.status, outcome.vanished, len(live(store))) == ("unverified", 0, 5)
    put(inbox, "20240601-full.mrc", records(0, 1, 2), day=4)
    outcome = await visit(store, library(inbox))
    assert (outcome.status, live(store)) == ("complete", ["0", "1", "2", "9"])


def refused(store: Store) -> list[tuple[str, tuple[str, ...]]]:
    return [(file.name, file.waiting) for file in refused_files(store, "testlib")]


BROKEN = {
    "20240601.mrc": (records(2, 3)[:-7], "unverified"),
    "20240601.mrc.gz": (gzip.compress(records(*range(500)))[:-8], "failed"),
    "20240601.xml": (b"<html>Please log in</html>", "failed"),
}


@pytest.mark.parametrize("name", BROKEN)
async def test_a_file_that_is_refused_is_named_with_what_waits_behind_it_until_it_is_replaced(
    store: Store, inbox: Path, name: str
) -> None:
    put(inbox, "20240501-full.mrc", records(1))
    await visit(store, library(inbox))
    content, status = BROKEN[name]
    put(inbox, name, content, day=2)
    put(inbox, "20240602.mrc", records(9), day=3)
    put(inbox, "20240603.mrc", records(10), day=4)
    for _ in range(2):
        outcome = await visit(store, library(inbox))
        assert outcome.status == status
        assert "2 files after it wait" in outcome.error
        assert refused(store) == [(name, ("20240602.mrc", "20240603.mrc"))]
        assert "9" not in live(store)
    (file,) = refused_files(store, "testlib")
    assert file.reason
    assert name not in file.reason
    put(inbox, name, gzip.compress(records(2, 3)) if name.endswith("gz") else records(2, 3), day=5)
    outcome = await visit(store, library(inbox))
    assert (outcome.status, live(store)) == ("complete", ["1", "10", "2", "3", "9"])
    assert refused(store) == []
    assert store.quarantined("testlib") == []


async def test_a_refused_file_is_passed_over_when_somebody_says_so_and_read_when_it_is_replaced(
    store: Store, inbox: Path
) -> None:
    put(inbox, "20240501-full.mrc", records(9))
    await visit(store, library(inbox))
    put(inbox, "20240601.mrc", records(2, 3)[:-7])
    put(inbox, "20240602.mrc", records(9), day=2)
    await visit(store, library(inbox))
    assert not skip(store, "testlib", "20240602.mrc")
    assert refused(store) == [("20240601.mrc", ("20240602.mrc",))]
    assert skip(store, "testlib", "20240601.mrc")
    assert refused(store) == []
    outcome = await visit(store, library(inbox))
    assert (outcome.status, live(store)) == ("complete", ["2", "9"])
    again = await visit(store, library(inbox), full=True)
    assert (again.status, live(store)) == ("complete", ["9"])  # no file that is read has the other
    put(inbox, "20240601.mrc", records(2, 3), day=3)
    assert (await visit(store, library(inbox))).status == "complete"
    assert live(store) == ["2", "3", "9"]


async def test_what_stood_at_the_break_of_a_file_is_forgotten_when_the_whole_one_has_it_not(
    store: Store, inbox: Path
) -> None:
    put(inbox, "20240401-full.mrc", records(1))
    put(inbox, "20240501.mrc", iso2709("") + iso2709("1"))
    await visit(store, library(inbox))
    put(inbox, "20240601.mrc", records(2, 3)[:-7], day=2)
    await visit(store, library(inbox))
    assert "3" in [item.identifier for item in store.quarantined("testlib")]
    put(inbox, "20240601.mrc", records(2, 4), day=3)
    assert (await visit(store, library(inbox))).status == "complete"
    assert [item.reason for item in store.quarantined("testlib")] == [NO_NAME]


async def test_a_refused_file_that_somebody_takes_away_is_in_nobodys_way(store: Store, inbox: Path) -> None:
    put(inbox, "20240501-full.mrc", records(1))
    broken = put(inbox, "20240601.mrc", records(2, 3)[:-7])
    await visit(store, library(inbox))
    broken.unlink()
    assert (await visit(store, library(inbox))).status == "complete"
    assert refused(store) == []


async def test_what_could_not_be_read_of_a_file_that_was_taken_in_stays_in_quarantine(
    store: Store, inbox: Path
) -> None:
    put(inbox, "20240501.mrc", iso2709("") + iso2709("1"))
    await visit(store, library(inbox))
    put(inbox, "20240502.mrc", records(2), day=2)
    await visit(store, library(inbox))
    assert len(store.quarantined("testlib")) == 1


async def test_packed_files_that_are_cut_off_are_refused_before_any_of_it_is_taken_in(
    store: Store, inbox: Path
) -> None:
    put(inbox, "20240501.mrc.gz", gzip.compress(records(*range(500)))[:-8])
    outcome = await visit(store, library(inbox))
    assert (outcome.status, outcome.seen, live(store)) == ("failed", 0, [])


async def test_names_of_unfinished_files_and_others_are_passed_over(store: Store, inbox: Path) -> None:
    for name in (".20240501.mrc", "20240501.mrc.part", "20240501.mrc.tmp", "20240501.mrc.filepart", "README"):
        put(inbox, name, b"half a rec")
    put(inbox, "20240502-full.mrc", records(1))
    outcome = await visit(store, library(inbox, take=["*.mrc*"]))
    assert (outcome.status, live(store)) == ("complete", ["1"])


async def test_where_a_second_file_says_so_a_file_waits_for_it(store: Store, inbox: Path) -> None:
    put(inbox, "20240501.mrc", records(1))
    which = library(inbox, ready="done")
    assert (await visit(store, which)).seen == 0
    put(inbox, "20240501.mrc.done", b"")
    assert (await visit(store, which)).new == 1


async def test_a_changed_record_without_control_number_is_kept_in_quarantine(store: Store, inbox: Path) -> None:
    put(inbox, "20240501.mrc", iso2709("") + iso2709("1"))
    outcome = await visit(store, library(inbox))
    assert (outcome.unreadable, live(store)) == (1, ["1"])
    (held,) = store.quarantined("testlib")
    assert "no control number" in held.reason


async def test_a_statement_in_several_files_counts_as_one(store: Store, inbox: Path) -> None:
    put(inbox, "20240501-full-1.mrc", records(1))
    put(inbox, "20240501-full-2.mrc", records(2))
    await visit(store, library(inbox))
    put(inbox, "20240501-full-3.mrc", records(3))
    outcome = await visit(store, library(inbox))
    assert (outcome.vanished, live(store)) == (0, ["1", "2", "3"])


async def test_what_lies_beside_records_in_an_archive_is_passed_over_and_said(store: Store, inbox: Path) -> None:
    with zipfile.ZipFile(inbox / "full.zip", "w") as archive:
        for name, content in {
            "__MACOSX/._all.mrc": b"\0\5\x16\7",
            "all.mrc": records(1, 2),
            "readme.txt": b"Exported by night.",
            "export.log": b"2 records",
            "notes.pdf": b"%PDF-1.4",
            "records.log": records(3),
        }.items():
            archive.writestr(name, content)
    outcome = await visit(store, library(inbox))
    assert (outcome.status, live(store)) == ("complete", ["1", "2", "3"])
    assert outcome.error.startswith("passed over, as no records: full.zip/readme.txt, full.zip/export.log")


async def test_only_what_the_file_takes_is_read_of_an_archive(store: Store, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.writestr("books.mrc", records(1))
        archive.writestr("orders.dat", b"not of this world")
    harvest = {"protocol": "marc-dump", "files": [str(tmp_path / "all.zip")], "retries": 0}
    assert (await visit(store, library_of("testlib", harvest))).status == "failed"
    assert (await visit(store, library_of("testlib", {**harvest, "take": ["*.mrc"]}))).status == "complete"
    nothing = await visit(store, library_of("testlib", {**harvest, "take": ["*.xml"]}), full=True)
    assert "none of the files in it is one of records" in nothing.error


async def test_what_could_not_be_read_of_a_file_goes_with_it_when_it_is_passed_over(store: Store, inbox: Path) -> None:
    put(inbox, "20240601-junk.mrc", b"<html>Please log in</html>")
    put(inbox, "20240602.mrc", b"\0" * 30 + records(9)[:40] + b"\x1d" + records(9), day=2)
    await visit(store, library(inbox))
    assert len(store.quarantined("testlib")) == 1
    assert skip(store, "testlib", "20240601-junk.mrc")
    assert store.quarantined("testlib") == []
    await visit(store, library(inbox))
    assert all(one.identifier.startswith("20240602") for one in store.quarantined("testlib")), "others stay"


def oai_shaped(*parts: str) -> bytes:
    inside = "".join(parts)
    return (
        '<?xml version="1.0" encoding="UTF-8"?><OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">'
        f"<ListRecords>{inside}</ListRecords></OAI-PMH>"
    ).encode()


def published(number: int, title: str = "A title") -> str:
    header = f"<header><identifier>oai:alma.RIVER:{number}</identifier><datestamp>2024-05-01</datestamp></header>"
    marc = marcxml(str(number), title).replace("<record", "<marc:record").replace("</record", "</marc:record")
    marc = re.sub(r"<(/?)(leader|controlfield|datafield|subfield)", r"<\1marc:\2", marc).replace(
        "xmlns=", "xmlns:marc="
    )
    return f'<record>{header}<metadata xmlns:marc="http://www.loc.gov/MARC21/slim">{marc}</metadata></record>'


def withdrawn(number: int) -> str:
    return f'<record><header status="deleted"><identifier>oai:alma.RIVER:{number}</identifier></header></record>'


async def test_files_shaped_like_answers_over_oai_pmh_are_read_deletions_included(store: Store, inbox: Path) -> None:
    def packed(name: str, day: int, *contents: bytes) -> None:
        with tarfile.open(inbox / name, "w:gz") as archive:
            for at, content in enumerate(contents):
                about = tarfile.TarInfo(f"publish_{at}.xml")
                about.size = len(content)
                archive.addfile(about, io.BytesIO(content))
        put(inbox, name, (inbox / name).read_bytes(), day)

    packed("20240501-full.tar.gz", 1, oai_shaped(published(1), published(2)), oai_shaped(published(3)))
    first = await visit(store, library(inbox))
    assert (first.status, first.error, first.new) == ("complete", "", 3)
    assert live(store) == [f"oai:alma.RIVER:{number}" for number in (1, 2, 3)]
    packed("20240502.tar.gz", 2, oai_shaped(withdrawn(1), published(2, "Another")))
    second = await visit(store, library(inbox))
    assert (second.status, second.deleted, second.changed, second.left) == ("complete", 1, 1, 1)
    assert live(store) == ["oai:alma.RIVER:2", "oai:alma.RIVER:3"]


async def test_an_oai_shaped_file_that_breaks_off_or_lists_nothing_is_refused(store: Store, inbox: Path) -> None:
    put(inbox, "20240501-full.xml", oai_shaped(published(1), published(2))[:-20])
    assert (await visit(store, library(inbox))).status == "unverified"
    put(inbox, "20240501-full.xml", b"<OAI-PMH><error code='noRecordsMatch'/></OAI-PMH>", 2)
    assert "lists no records" in (await visit(store, library(inbox))).error


DOCTYPES = [
    ('<!DOCTYPE collection SYSTEM "marc.dtd">', True, "it names a file, which is never fetched"),
    ('<!DOCTYPE collection PUBLIC "-//LC//MARC" "http://127.0.0.1:9/marc.dtd">', True, "nor is an address"),
    ('<!DOCTYPE collection [<!ENTITY a "b">]>', False, "an entity may be anything"),
    ('<!DOCTYPE collection SYSTEM "marc.dtd" [<!ENTITY a SYSTEM "file:///etc/passwd">]>', False, "and this one is"),
    ("<!DOCTYPE html>", False, "no records"),
]


@pytest.mark.parametrize(("doctype", "read", "why"), DOCTYPES, ids=[why for *_, why in DOCTYPES])
async def test_a_document_type_that_declares_nothing_is_borne(
    store: Store, inbox: Path, doctype: str, read: bool, why: str
) -> None:
    put(inbox, "20240501-full.xml", doctype.encode() + collection(marcxml("1")).partition(b"?>")[2])
    outcome = await visit(store, library(inbox))
    assert (outcome.status == "complete", live(store)) == (read, ["1"] if read else [])


async def test_copies_come_in_a_table_of_their_own(store: Store, inbox: Path) -> None:
    put(inbox, "20240501-full.mrc", records(1, 2))
    put(inbox, "20240501-items.csv", "控制號,條碼號,館藏地\n1,B1,總館\n2,B2,總館\n1,B3,分館\n,B4,總館\n".encode())
    outcome = await visit(store, library(inbox))
    assert (outcome.status, outcome.new, outcome.unreadable) == ("complete", 2, 1)
    assert live(store) == ["1", "2", "items:1", "items:2"]
    payload = contents(store)["items:1"][0].decode()
    assert "B1" in payload
    assert "分館" in payload
    assert "B2" not in payload


async def test_copies_in_tables_are_counted_beside_the_records(store: Store, inbox: Path) -> None:
    put(inbox, "20240501-full.mrc", records(*range(1, 6)))
    rows = "".join(f"{n},B{n},總館\n" for n in range(1, 4))
    put(inbox, "20240501-items.csv", f"控制號,條碼號,館藏地\n{rows}".encode())
    outcome = await visit(store, library(inbox))
    state = store.library_state("testlib")
    assert (outcome.seen, outcome.new, outcome.copies) == (5, 5, 3)
    assert (state.records, state.copies, state.deleted) == (5, 3, 0)
    again = await visit(store, library(inbox), full=True)
    assert (again.seen, again.unchanged, again.copies, again.left) == (5, 5, 3, 0)


async def test_copies_that_a_table_lacks_wait_for_a_person_as_records_do(store: Store, tmp_path: Path) -> None:
    def files(*numbers: int) -> None:
        rows = "".join(f"{n},B{n},總館\n" for n in numbers)
        (tmp_path / "items.csv").write_text(f"控制號,條碼號,館藏地\n{rows}", encoding="utf-8")

    (tmp_path / "all.mrc").write_bytes(records(*range(200)))
    harvest = {"files": [str(tmp_path / "all.mrc"), str(tmp_path / "items.csv")], "sweep_limit": 10}
    items = {"control_number": "控制號", "barcode": "條碼號", "location": "館藏地"}
    which = library_of("testlib", {"protocol": "marc-dump", "items": items, "retries": 0, **harvest})
    files(*range(200))
    await visit(store, which)
    files(*range(150))
    held = await visit(store, which)
    assert (held.status, held.left) == ("unverified", 0)
    assert "the tables lack the copies of 50 of 200 records" in held.error
    (hold,) = holds(store, "testlib")
    assert (hold.records, hold.live, how_many_would_go(store, hold)) == (50, 200, 50)
    assert accept(store, hold) == 50
    assert store.library_state("testlib").copies == 150
    files(*range(145))
    few = await visit(store, which)
    assert (few.status, few.vanished, store.library_state("testlib").copies) == ("complete", 5, 145)


async def test_what_a_list_states_as_deleted_and_is_held_has_not_left(store: Store, inbox: Path) -> None:
    put(inbox, "20240501-full.mrc", records(*range(200)))
    await visit(store, library(inbox))
    put(inbox, "20240502-del.txt", "\n".join(str(n) for n in (*range(70), 999)).encode(), 2)
    outcome = await visit(store, library(inbox))
    assert (outcome.held, outcome.left) == (70, 0)
    standing = standings(store, {"testlib": library(inbox)})["testlib"]
    assert standing.came is not None
    assert standing.came.left == 0
    with store.reading() as connection:
        assert removed(connection) == {}
    (hold,) = holds(store, "testlib")
    assert accept(store, hold) == 70
    assert standings(store, {"testlib": library(inbox)})["testlib"].came.left == 70  # type: ignore[union-attr]
    with store.reading() as connection:
        assert removed(connection) == {("testlib", "stated"): 70}


async def test_a_full_statement_keeps_the_copies_that_came_before_it(store: Store, inbox: Path) -> None:
    put(inbox, "20240501-full.mrc", records(1, 2))
    put(inbox, "20240501-items.csv", "控制號,條碼號,館藏地\n1,B1,總館\n2,B2,總館\n".encode())
    await visit(store, library(inbox))
    put(inbox, "20240601-full.mrc", records(1, 2, 3))
    outcome = await visit(store, library(inbox))
    assert (outcome.vanished, live(store)) == (0, ["1", "2", "3", "items:1", "items:2"])


async def test_a_column_that_was_renamed_does_not_empty_the_copies(store: Store, inbox: Path) -> None:
    put(inbox, "20240501-items.csv", "控制號,條碼,館藏地\n1,B1,總館\n".encode())
    outcome = await visit(store, library(inbox))
    assert outcome.status == "failed"
    assert "no column is called '條碼號'; there are 控制號, 條碼, 館藏地" in outcome.error


async def test_a_checksum_beside_a_file_is_held_against_it(store: Store, inbox: Path) -> None:
    content = records(1, 2)
    digest = hashlib.sha256(content).hexdigest()
    put(inbox, "20240501-full.mrc", content[: len(iso2709("1"))])  # it ends with a record, but not with the last
    put(inbox, "20240501-full.mrc.sha256", f"{digest}  20240501-full.mrc\n".encode())
    outcome = await visit(store, library(inbox))
    assert (outcome.status, outcome.seen) == ("failed", 0)
    assert "20240501-full.mrc.sha256" in outcome.error
    put(inbox, "20240501-full.mrc", content)
    outcome = await visit(store, library(inbox))
    assert (outcome.status, live(store)) == ("complete", ["1", "2"])


async def test_too_many_deletions_at_once_wait_for_a_person(store: Store, inbox: Path) -> None:
    put(inbox, "20240501-full.mrc", records(*range(300)))
    await visit(store, library(inbox))
    put(inbox, "20240502-del.txt", "\n".join(map(str, range(200))).encode())
    outcome = await visit(store, library(inbox))
    assert (outcome.held, len(live(store))) == (200, 300)


class Listing:
    """A web server's listing of a folder, as Apache writes it, with what it tells of its files."""

    def __init__(self, *, keyed: bool = False, **files: bytes) -> None:
        self.files = files
        self.sent: list[str] = []
        self.keyed = keyed  # a file is had only with a key in its address

    async def __call__(self, request: web.Request) -> web.StreamResponse:
        name = request.path.rpartition("/")[2]
        if name and self.keyed and "token" not in request.query:
            return web.Response(status=403)
        if not name:
            links = "".join(f'<li><a href="{name}.mrc">{name}</a>' for name in self.files)
            other = '<a href="../">Parent</a><a href="?C=M">Date</a><a href="/else/x.mrc">x</a><a href="sub/">s</a>'
            return web.Response(text=f"<html><body>{other}<ul>{links}</ul>", content_type="text/html")
        content = self.files[name.removesuffix(".mrc")]
        tag = f'"{hashlib.sha256(content).hexdigest()[:8]}"'
        if request.headers.get("If-None-Match") == tag:
            return web.Response(status=304)
        self.sent.append(name)
        return web.Response(body=content, headers={"ETag": tag})


async def test_a_page_that_links_to_files_is_a_folder_too(store: Store) -> None:
    server = Listing(full=records(1, 2))
    async with serving(server) as url:
        which = library_of("testlib", {"protocol": "marc-dump", "folder": {"path": f"{url}/out/", "full": "full*"}})
        first = await visit(store, which)
        again = await visit(store, which)
        server.files["news"] = records(3)
        third = await visit(store, which)
    assert (first.new, again.seen, third.seen, third.new) == (2, 0, 1, 1)
    assert server.sent == ["full.mrc", "news.mrc"]
    assert live(store) == ["1", "2", "3"]


async def test_a_key_in_the_addresses_of_files_opens_them_and_is_not_kept(store: Store) -> None:
    server = Listing(full=records(1, 2), keyed=True)
    async with serving(server) as url:
        harvest = {"protocol": "marc-dump", "files": [f"{url}/full.mrc?token=s3cret", f"{url}/full.mrc?token=0ther"]}
        first = await visit(store, library_of("testlib", harvest))
        again = await visit(store, library_of("testlib", harvest))
    assert (first.status, first.new, again.status) == ("complete", 2, "complete")
    assert server.sent == ["full.mrc"] * 2, "each was known when it was asked for again"
    kept = store.file_ledger("testlib")
    assert len(kept) == 2, "two keys may open two files"
    assert not [name for name in kept if "s3cret" in name or "0ther" in name]


async def test_a_folder_that_is_not_there_is_a_failure(store: Store, inbox: Path) -> None:
    outcome = await visit(store, library(inbox / "absent"))
    assert outcome.status == "failed"
    assert "no such" in outcome.error.lower()


async def test_a_visit_that_read_changes_alone_is_told_as_one(store: Store, inbox: Path) -> None:
    kinds = []
    for number, name in ((1, "20240501-full.mrc"), (2, "20240502.mrc"), (3, "20240502.mrc")):
        put(inbox, name, records(number), day=number)
        kinds.append((await visit(store, library(inbox))).kind)
    assert kinds == ["full", "incremental", "incremental"]
    last = store.library_states(["testlib"])["testlib"].last_run
    assert last is not None
    assert last.kind == "incremental"


async def test_what_was_passed_over_is_kept_with_the_run(store: Store, inbox: Path) -> None:
    with zipfile.ZipFile(inbox / "full.zip", "w") as archive:
        archive.writestr("all.mrc", records(1))
        archive.writestr("readme.txt", b"Exported by night.")
    await visit(store, library(inbox))
    last = store.library_states(["testlib"])["testlib"].last_run
    assert last is not None
    assert (last.status, last.error) == ("complete", "passed over, as no records: full.zip/readme.txt")


@pytest.mark.parametrize("way", ["files", "folder"])
async def test_another_choice_of_names_reads_files_again_that_did_not_change(
    store: Store, tmp_path: Path, way: str
) -> None:
    (tmp_path / "in").mkdir()
    with zipfile.ZipFile(tmp_path / "in" / "full.zip", "w") as archive:
        archive.writestr("books.mrc", records(1, 2, 3))
        archive.writestr("maps.mrc", records(4))
    ways = {
        "files": {"files": [str(tmp_path / "in" / "full.zip")]},
        "folder": {"folder": {"path": str(tmp_path / "in"), "full": "full*"}},
    }
    harvest = {"protocol": "marc-dump", **ways[way], "retries": 0}
    there = []
    for take in ([], ["*.mrc"], ["books*"], ["books*"], []):
        outcome = await visit(store, library_of("testlib", {**harvest, "take": take}))
        there.append((outcome.status, len(live(store))))
    assert there == [("complete", 4), ("complete", 4), ("complete", 3), ("complete", 3), ("complete", 4)]
