"""Who holds a work in any edition, against the same counted edition by edition."""

from __future__ import annotations

from pathlib import Path

import pytest

from harvester.store import Store
from indexer import catalogue_tables as tables
from indexer.catalogue import Catalogue
from indexer.work_holders import holders_of_works, unique_but_in_other_editions

WORKS = {
    "w1": {"e1": ["a"], "e2": ["b"]},  # each is unique, and the other library has the other edition
    "w2": {"e3": ["a"], "e4": ["a"]},  # both editions at one library: its last copies of the work
    "w3": {"e5": ["a"], "e6": ["a", "b"]},  # the other edition is at another library, too
    "w4": {"e7": ["b", "c"], "e8": ["c", "b"]},  # nothing is unique
    "w5": {"e9": ["c"], "e10": []},  # the other edition's records have all left
}


@pytest.fixture
def catalogue(tmp_path: Path) -> Catalogue:
    store = Store.open(f"sqlite:///{tmp_path / 'c.sqlite3'}")
    catalogue = Catalogue(store.engine)
    with catalogue.writing() as connection:
        number = 0
        for work, editions in WORKS.items():
            for edition, libraries in editions.items():
                connection.execute(tables.work_editions.insert().values(edition=edition, work=work))
                for library in [*libraries, "gone"]:
                    number += 1
                    payload = None if library == "gone" else b"x"
                    connection.execute(
                        tables.records.insert().values(
                            number=number, library=library, identifier=str(number), edition=edition, payload=payload
                        )
                    )
        number += 1
        connection.execute(
            tables.records.insert().values(number=number, library="a", identifier="alone", edition="e99", payload=b"x")
        )
    return catalogue


def test_the_holders_of_a_work_are_those_of_all_its_editions(catalogue: Catalogue) -> None:
    with catalogue.engine.connect() as connection:
        found = holders_of_works(connection, [*WORKS, "never"])
    assert found == {"w1": ("a", "b"), "w2": ("a",), "w3": ("a", "b"), "w4": ("b", "c"), "w5": ("c",)}


def test_unique_editions_of_works_that_others_hold_are_counted(catalogue: Catalogue) -> None:
    with catalogue.engine.connect() as connection:
        assert unique_but_in_other_editions(connection) == {"a": 2, "b": 1}


def test_an_empty_catalogue_has_none(tmp_path: Path) -> None:
    catalogue = Catalogue(Store.open(f"sqlite:///{tmp_path / 'c.sqlite3'}").engine)
    with catalogue.engine.connect() as connection:
        assert unique_but_in_other_editions(connection) == {}
        assert holders_of_works(connection, ["w"]) == {}
