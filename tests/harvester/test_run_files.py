from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from harvester import tables
from harvester.ledger import FileEntry
from harvester.store import Store
from tests.support.harvesting import live, run
from tests.support.marc_bytes import collection, iso2709, marcxml
from tests.support.oai import dump_library


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store.open(f"sqlite:///{tmp_path}/catalogue.sqlite3")
    yield store
    store.close()


async def test_a_file_is_a_full_statement(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "records.mrc"
    library = dump_library(str(file))
    file.write_bytes(b"".join(iso2709(str(n)) for n in range(20)))
    (first,) = await run(store, library)
    assert (first.kind, first.status, first.new) == ("full", "complete", 20)
    changed = [
        iso2709("0", "Changed"),
        *(iso2709(str(n)) for n in range(1, 18)),
        iso2709("99"),
        iso2709("18", status="d"),
    ]
    file.write_bytes(b"".join(changed))
    (second,) = await run(store, library)
    counts = (second.new, second.changed, second.unchanged, second.deleted, second.vanished)
    assert counts == (1, 1, 17, 1, 1)
    assert len(live(store)) == 19


async def test_a_file_that_is_cut_off_stores_what_it_has_and_deletes_nothing(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "records.xml"
    library = dump_library(str(file))
    file.write_bytes(collection(*(marcxml(str(n)) for n in range(20))))
    await run(store, library)
    file.write_bytes(collection(*(marcxml(str(n), "Changed") for n in range(20)))[:-2000])
    (outcome,) = await run(store, library)
    assert (outcome.status, outcome.vanished, outcome.unreadable) == ("unverified", 0, 1)
    assert outcome.changed > 0
    assert len(live(store)) == 20


async def test_a_file_with_a_broken_record_loses_only_that_one(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "records.mrc"
    file.write_bytes(iso2709("1") + iso2709("2")[:40] + iso2709("3"))
    (outcome,) = await run(store, dump_library(str(file)))
    assert (outcome.status, outcome.new, outcome.unreadable) == ("complete", 2, 1)
    (held,) = store.quarantined("testlib")
    assert held.field == f"byte {len(iso2709('1'))}"


async def test_a_record_that_breaks_keeps_its_good_version(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "records.xml"
    library = dump_library(str(file))
    file.write_bytes(collection(*(marcxml(str(n)) for n in range(5))))
    await run(store, library)
    file.write_bytes(collection(*(marcxml(str(n)) for n in range(4)), marcxml("4").replace("</leader>", "")))
    (outcome,) = await run(store, library)
    assert (outcome.status, outcome.unreadable, outcome.vanished) == ("complete", 1, 0)
    assert len(live(store)) == 5


async def test_a_key_in_the_address_of_a_file_stands_in_no_table_of_runs(store: Store) -> None:
    library = dump_library("http://127.0.0.1:9/full-2024-05-01-of-the-whole-library-1.mrc?token=s3cret&part=1")
    (outcome,) = await run(store, library)
    assert outcome.status == "failed"
    with store.reading() as connection:
        told = [str(row) for table in (tables.run, tables.epoch) for row in connection.execute(select(table))]
    assert not [row for row in told if "s3cret" in row]
    assert all("full-2024-05-01-of-the-whole-library-1.mrc?token=…&part=1" in row for row in told)
    assert FileEntry("http://h/x/none.mrc?token=s3cret", 1).label == "none.mrc"
    assert FileEntry("/inbox/what?.mrc", 1).label == "what?.mrc"


EMPTY = {
    "a collection of nothing": (collection(), collection(marcxml("1"))),
    "nothing but deletions": (
        b"".join(iso2709(str(n), status="d") for n in range(20)),
        b"".join(iso2709(str(n)) for n in range(20)),
    ),
}


@pytest.mark.parametrize(("empty", "twin"), EMPTY.values(), ids=EMPTY)
async def test_a_first_list_without_a_record_proves_nothing(
    store: Store, tmp_path: Path, empty: bytes, twin: bytes
) -> None:
    file = tmp_path / "records"
    file.write_bytes(empty)
    for _ in range(2):
        (outcome,) = await run(store, dump_library(str(file)))
        assert (outcome.status, live(store)) == ("unverified", [])
        assert outcome.error == "not proven: no full statement has come: the list states no record at all"
    file.write_bytes(twin)
    (outcome,) = await run(store, dump_library(str(file)))
    assert outcome.status == "complete"


async def test_an_empty_file_is_a_failure(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "records.mrc"
    library = dump_library(str(file))
    file.write_bytes(iso2709("1"))
    await run(store, library)
    file.write_bytes(b"")
    (outcome,) = await run(store, library)
    assert outcome.status == "failed"
    assert live(store) == ["1"]


async def test_an_empty_collection_deletes_nothing(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "records.xml"
    library = dump_library(str(file))
    file.write_bytes(collection(marcxml("1")))
    await run(store, library)
    file.write_bytes(collection())
    (outcome,) = await run(store, library)
    assert outcome.status == "unverified"
    assert live(store) == ["1"]


async def test_files_that_have_not_changed_count_as_unchanged_and_not_as_nothing(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "records.mrc"
    library = dump_library(str(file))
    file.write_bytes(iso2709("1") + iso2709("2"))
    await run(store, library)
    (outcome,) = await run(store, library)
    assert (outcome.status, outcome.seen, outcome.unchanged) == ("complete", 2, 2)
    file.touch()  # another time, the same bytes
    (outcome,) = await run(store, library)
    assert (outcome.status, outcome.seen, outcome.unchanged) == ("complete", 2, 2)
    (outcome,) = await run(store, library, full=True)
    assert (outcome.status, outcome.seen, outcome.unchanged) == ("complete", 2, 2)


async def test_a_statement_of_fewer_files_is_read_though_none_of_them_has_changed(store: Store, tmp_path: Path) -> None:
    first, second = tmp_path / "first.mrc", tmp_path / "second.mrc"
    first.write_bytes(b"".join(iso2709(str(n)) for n in range(20)))
    second.write_bytes(b"".join(iso2709(str(n)) for n in range(20, 30)))
    await run(store, dump_library(str(first), str(second)))
    before = store.last_seq()
    (outcome,) = await run(store, dump_library(str(first)))
    assert (outcome.status, outcome.seen, outcome.vanished) == ("complete", 20, 10)
    assert live(store) == sorted(str(n) for n in range(20))
    assert store.last_seq() == before + 10


GOOD = [iso2709(str(n)) for n in range(30)]
X = iso2709("x1", "A title")
NAMELESS = [
    (X[:24] + b"\0" * 24 + X[48:], "the directory is overwritten"),
    (X[:24] + b"245" + X[27:], "its 001 became another tag: it comes as a record without number"),
    (X[:30] + X[31:], "a byte of the directory is gone"),
    (X[:24] + X[48:], "the directory is gone"),
]


@pytest.mark.parametrize(("damaged", "why"), NAMELESS, ids=[row[1] for row in NAMELESS])
async def test_a_record_that_lost_its_name_never_passes_for_a_deleted_one(
    damaged: bytes, why: str, store: Store, tmp_path: Path
) -> None:
    file = tmp_path / "records.mrc"
    library = dump_library(str(file))
    file.write_bytes(b"".join([*GOOD, X]))
    await run(store, library)
    file.write_bytes(b"".join([*GOOD, damaged]))
    (outcome,) = await run(store, library)
    assert (outcome.status, outcome.vanished) == ("unverified", 0), why
    assert "x1" in live(store)
    file.write_bytes(b"".join(GOOD))  # its twin: nothing is nameless, and it is gone
    (outcome,) = await run(store, library)
    assert "x1" not in live(store)


async def test_a_file_of_something_else_is_kept_in_quarantine(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "records.mrc"
    file.write_bytes(b"<html><body>Please log in</body></html>")
    (outcome,) = await run(store, dump_library(str(file)))
    assert outcome.status == "failed"
    (held,) = store.quarantined("testlib")
    assert held.identifier == "records.mrc@0"
    assert b"Please log in" in held.payload
