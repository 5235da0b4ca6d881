from __future__ import annotations

from pathlib import Path

import pytest

from harvester import tables
from harvester.errors import StoreUnusable
from harvester.store import Store


def test_a_store_made_by_another_version_is_refused(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/catalogue.sqlite3"
    store = Store.open(url)
    with store.writing() as connection:
        connection.execute(tables.counter.update().where(tables.counter.c.name == "schema").values(value=99))
    store.close()
    with pytest.raises(StoreUnusable, match="schema 99"):
        Store.open(url)


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("sqlite://", "every thread would see a database of its own"),
        ("sqlite:///:memory:", "the same"),
        ("nonsense", "no URL"),
        ("nosuchdatabase://x/y", "no driver"),
    ],
)
def test_a_url_that_cannot_be_a_store_is_refused(url: str, why: str) -> None:
    with pytest.raises(StoreUnusable):
        Store.open(url)


def test_a_file_that_is_no_database_is_refused_by_name(tmp_path: Path) -> None:
    file = tmp_path / "catalogue.sqlite3"
    file.write_text("this is not a database, and long enough to be looked at as one" * 50)
    with pytest.raises(StoreUnusable, match=r"catalogue\.sqlite3"):
        Store.open(f"sqlite:///{file}")


def test_sqlite_is_opened_to_survive_a_kill_and_to_let_readers_be(tmp_path: Path) -> None:
    store = Store.open(f"sqlite:///{tmp_path}/new/folder/catalogue.sqlite3")
    with store.engine.connect() as connection:
        pragmas = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    store.close()
    assert pragmas == {"journal_mode": "wal", "synchronous": 1, "foreign_keys": 1, "busy_timeout": 120_000}
