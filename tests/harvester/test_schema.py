"""A store that an earlier version made is led to today's schema when it is opened, and nothing in it is lost."""

from __future__ import annotations

import hashlib
import sqlite3
from pathlib import Path

import pytest
import zstandard
from sqlalchemy import inspect

from harvester import schema, tables
from harvester.errors import StoreUnusable
from harvester.store import RawRecord, Store

SCHEMA_2 = """
CREATE TABLE counter (name VARCHAR(32) NOT NULL, value BIGINT NOT NULL, PRIMARY KEY (name));
CREATE TABLE quarantine (library VARCHAR(32) NOT NULL, identifier TEXT NOT NULL, stage VARCHAR(16) NOT NULL,
  field TEXT NOT NULL, reason TEXT NOT NULL, at VARCHAR(32) NOT NULL, payload BLOB NOT NULL, generation BIGINT,
  PRIMARY KEY (library, identifier, stage));
CREATE TABLE raw (id INTEGER NOT NULL, library VARCHAR(32) NOT NULL, identifier TEXT NOT NULL,
  format VARCHAR(16) NOT NULL, payload BLOB NOT NULL, sha256 BLOB NOT NULL, deleted BOOLEAN NOT NULL,
  datestamp VARCHAR(64) NOT NULL, seq BIGINT NOT NULL, harvested_at VARCHAR(32) NOT NULL, generation BIGINT NOT NULL,
  PRIMARY KEY (id), CONSTRAINT raw_ref UNIQUE (library, identifier));
CREATE UNIQUE INDEX raw_seq ON raw (seq);
CREATE INDEX raw_library ON raw (library, deleted);
CREATE TABLE run (id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, library VARCHAR(32) NOT NULL,
  kind VARCHAR(16) NOT NULL, status VARCHAR(16) NOT NULL, source TEXT NOT NULL, since TEXT NOT NULL,
  owner VARCHAR(36) NOT NULL, started_at VARCHAR(32) NOT NULL, finished_at VARCHAR(32), seconds FLOAT NOT NULL,
  seen BIGINT NOT NULL, new BIGINT NOT NULL, changed BIGINT NOT NULL, unchanged BIGINT NOT NULL,
  deleted BIGINT NOT NULL, unreadable BIGINT NOT NULL, vanished BIGINT NOT NULL, repairs BIGINT NOT NULL,
  error TEXT NOT NULL);
CREATE INDEX run_library ON run (library, id);
CREATE TABLE watermark (library VARCHAR(32) NOT NULL, source TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (library));
CREATE TABLE checkpoint (run INTEGER NOT NULL, token TEXT NOT NULL, pages INTEGER NOT NULL, listed BIGINT NOT NULL,
  next_cursor BIGINT, expected BIGINT, suspect BOOLEAN NOT NULL, nameless BIGINT NOT NULL, server_time VARCHAR(32),
  PRIMARY KEY (run), FOREIGN KEY(run) REFERENCES run (id));
INSERT INTO counter VALUES ('schema', 2), ('seq', 2);
INSERT INTO run VALUES (7, 'lib', 'full', 'running', 'src', '', 'gone', '2024-05-01T12:00:00.000000+00:00', NULL, 1.0,
  2, 2, 0, 0, 0, 0, 0, 0, '');
INSERT INTO checkpoint VALUES (7, 'page-3', 2, 2, 2, 9, 0, 0, '2024-05-01T12:00:00.000000+00:00');
INSERT INTO watermark VALUES ('lib', 'src', '2024-04-01T00:00:00+00:00');
INSERT INTO quarantine VALUES ('lib', 'x', 'read', '245', 'why', '2024-05-01T12:00:00.000000+00:00', x'', NULL);
"""

PAYLOAD = b"<record>a</record>"


@pytest.fixture
def old(tmp_path: Path) -> Path:
    file = tmp_path / "catalogue.sqlite3"
    connection = sqlite3.connect(file)
    connection.executescript(SCHEMA_2)
    for seq, (name, deleted) in enumerate((("a", 0), ("b", 1)), 1):
        row = (seq, "lib", name, "marcxml", zstandard.compress(PAYLOAD), hashlib.sha256(PAYLOAD).digest(), deleted)
        connection.execute(
            "INSERT INTO raw VALUES (?, ?, ?, ?, ?, ?, ?, '2024-01-01', ?, '2024-05-01T12:00:00.000000+00:00', 7)",
            (*row, seq),
        )
    connection.commit()
    connection.close()
    return file


def test_a_store_of_schema_2_keeps_its_records_its_run_and_its_quarantine(old: Path) -> None:
    store = Store.open(f"sqlite:///{old}")
    assert [(s.raw.identifier, s.raw.payload, s.seq) for s in store.changes(0, 9)] == [("a", PAYLOAD, 1), ("b", b"", 2)]
    assert store.watermark("lib", "src") == "2024-04-01T00:00:00+00:00"
    assert [held.identifier for held in store.quarantined("lib")] == ["x"]
    resumed = store.resume_run("lib", "src")
    assert resumed is not None
    run, checkpoint = resumed
    assert (run.id, checkpoint.token, checkpoint.plan, checkpoint.requested_at) == (7, "page-3", "", None)
    store.commit_page(run, [RawRecord("lib", "a", "marcxml", PAYLOAD), RawRecord("lib", "c", "marcxml", b"c")], None)
    assert store.finish_run(run, "complete").unchanged == 1
    assert [s.seq for s in store.changes(0, 9)] == [1, 2, 3]
    store.close()


def test_a_store_that_was_led_to_todays_schema_looks_like_a_new_one(old: Path, tmp_path: Path) -> None:
    led, new = Store.open(f"sqlite:///{old}"), Store.open(f"sqlite:///{tmp_path}/new.sqlite3")

    def shape(store: Store) -> dict[str, tuple[dict[str, str], set[str | None]]]:
        found = inspect(store.engine)
        return {
            table: (
                {
                    column["name"]: f"{type(column['type']).__name__} {column['nullable']}"
                    for column in found.get_columns(table)
                },
                {index["name"] for index in found.get_indexes(table)},
            )
            for table in found.get_table_names()
        }

    assert shape(led) == shape(new)
    led.close()
    new.close()
    again = Store.open(f"sqlite:///{old}")
    assert again.last_seq() == 2
    again.close()


def test_a_store_that_cannot_be_led_all_the_way_stays_as_it_was(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = {2: (*schema.STEPS[2], "ALTER TABLE nowhere ADD COLUMN x BIGINT")}
    with monkeypatch.context() as patched:
        patched.setattr(schema, "STEPS", broken)
        with pytest.raises(StoreUnusable, match="nowhere"):
            Store.open(f"sqlite:///{old}")
    with sqlite3.connect(old) as connection:
        assert connection.execute("SELECT value FROM counter WHERE name = 'schema'").fetchall() == [(2,)]
        assert "leaving" not in {row[1] for row in connection.execute("PRAGMA table_info(raw)")}
    connection.close()
    store = Store.open(f"sqlite:///{old}")
    assert len(store.changes(0, 9)) == 2
    store.close()


def test_a_schema_nobody_knows_is_refused(old: Path) -> None:
    store = Store.open(f"sqlite:///{old}")
    with store.writing() as connection:
        connection.execute(tables.counter.update().where(tables.counter.c.name == "schema").values(value=1))
    store.close()
    with pytest.raises(StoreUnusable, match="schema 1"):
        Store.open(f"sqlite:///{old}")


def test_a_store_of_schema_3_keeps_its_runs(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/catalogue.sqlite3"
    store = Store.open(url)
    store.finish_run(store.begin_run("lib", "full", "src"), "failed", error="why")
    with store.writing() as connection:
        for column in (
            "run.cause",
            "run.come_back_at",
            "file_ledger.reason",
            "hold.watermark",
            "run.copies",
            "run.waiting",
        ):
            table, _, name = column.partition(".")
            connection.exec_driver_sql(f"ALTER TABLE {table} DROP COLUMN {name}")
        connection.execute(tables.counter.update().where(tables.counter.c.name == "schema").values(value=3))
    store.close()
    store = Store.open(url)
    last = store.library_state("lib").last_run
    assert last is not None
    assert (last.error, last.cause, last.come_back_at, last.copies) == ("why", None, None, 0)
    store.close()
