"""What stands in the lists: the lines of an edition, and the stretch of a list around a place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Connection

from harvester.store import Store
from indexer import browse, browse_rows
from indexer.browse import Entry, ListName, entries, place_of
from indexer.browse_rows import Position, Way, stretch
from indexer.catalogue import Catalogue
from indexer.record import Agent, Classification, Edition, Sourced, Title
from indexer.shelved import scheme_of
from indexer.sort_keys import list_place
from tests.support.editions import make_edition


def headings(edition: Edition, name: str) -> set[str]:
    return {
        heading if not see else f"{heading} → {see}" for a_list, _, heading, see in entries(edition) if a_list == name
    }


def classed(edition: Edition, *classes: tuple[str, str]) -> Edition:
    return replace(edition, classifications=tuple(Sourced(Classification(*one), ("ntl",)) for one in classes))


def test_titles_stand_under_every_form_that_is_of_the_whole() -> None:
    titles = [
        Title("紅樓夢", other="附圖", romanised="Honglou meng"),
        Title("石頭記", kind="variant"),
        Title("資治通鑑", part_number="第3冊"),
        Title("紅學會刊", kind="host"),
    ]
    found = headings(make_edition("e", titles), "title")
    assert found == {"紅樓夢", "Honglou meng", "石頭記", "資治通鑑", "資治通鑑 第3冊"}


def test_creators_and_subjects_stand_under_their_headings_and_other_scripts_refer_to_them() -> None:
    agents = [Agent("曹雪芹", romanised="Cao, Xueqin"), Agent("Orwell, George")]
    edition = make_edition("e", "x", creators=agents, subjects=["章回小說"])
    assert headings(edition, "creator") == {"曹雪芹", "Cao, Xueqin → 曹雪芹", "Orwell, George"}
    assert headings(edition, "subject") == {"章回小說"}


def test_an_edition_of_which_nothing_is_stated_stands_in_no_list() -> None:
    assert entries(make_edition("e")) == set()
    assert entries(make_edition("e", "。", creators=["x" * 251])) == set(), "signs alone have no place"


def test_call_numbers_stand_by_their_scheme_once_for_all_volumes() -> None:
    edition = make_edition("e", "x", call_number="857.49 5513", barcode="B1")
    assert headings(classed(edition, ("857.49", "ncsclt")), "ncsclt") == {"857.49 5513"}
    assert headings(edition, "ddc") == {"857.49 5513"}


SCHEMES = [
    ([("857.49", "ncsclt"), ("895.1348", "ddc")], (), "857.49", "ncsclt", "the class stated"),
    ([("857.4921", "ncsclt"), ("895.1", "ddc")], (), "857.49", "ncsclt", "shortened on the shelf"),
    ([("857", "ncsclt"), ("895.1", "ddc")], ("chi",), "999", "ncsclt", "neither: by the language"),
    ([("857", "ncsclt"), ("895.1", "ddc")], ("eng",), "999", "ddc", "neither: by the language"),
    ([], ("jpn",), "913.6", "ncsclt", "nothing stated: an East Asian book"),
    ([], ("eng",), "813.5", "ddc", "nothing stated"),
    ([("913.6", "ndc")], ("jpn",), "913.6", "other", "a scheme without a list of its own"),
    ([("857.49", "ncsclt")], (), "PL2727", "lcc", "letters before figures"),
    ([("857.49", "ncsclt")], (), "", "other", "no class"),
]


@pytest.mark.parametrize(("stated", "languages", "shelved", "scheme", "why"), SCHEMES)
def test_a_class_on_the_shelf_is_of_the_scheme_that_the_record_says(
    stated: list[tuple[str, str]], languages: tuple[str, ...], shelved: str, scheme: str, why: str
) -> None:
    assert scheme_of(classed(make_edition("e", "x", languages=languages), *stated), shelved) == scheme, why


def test_a_typed_beginning_has_its_place_in_the_list_meant() -> None:
    assert place_of("title", "ddc", "The sea") == ("title", b"the sea"), "articles count while one types"
    assert place_of("call_number", "ncsclt", "857.4") == ("ncsclt", b"857.4")


# In the store


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    store = Store.open(f"sqlite:///{tmp_path / 'c.sqlite3'}")
    yield Catalogue(store.engine)
    store.close()


def lines(*texts: str, name: ListName = "title") -> set[browse.Line]:
    return {(name, list_place(text), text, "") for text in texts}


def read(connection: Connection, way: Way, limit: int = 10, name: str = "title") -> list[str]:
    return [entry.heading for entry in stretch(connection, name, way, limit)]


def test_a_stretch_goes_either_way_from_a_place_in_the_order_of_the_list(catalogue: Catalogue) -> None:
    with catalogue.writing() as connection:
        browse_rows.add(connection, lines("紅樓夢", "一", "apple", "Zoo", "Bee") | lines("x", name="creator"))
        browse_rows.add(connection, lines("apple", "Cat"))
        here = Position(list_place("c"))
        assert read(connection, Way(here)) == ["Cat", "Zoo", "一", "紅樓夢"]
        assert read(connection, Way(here), limit=2) == ["Cat", "Zoo"]
        assert read(connection, Way(here, forward=False)) == ["apple", "Bee"]
        assert read(connection, Way(here, forward=False), limit=1) == ["Bee"]
        assert read(connection, Way(Position(list_place("zoo"), "Zoo"))) == ["一", "紅樓夢"], "behind an entry"
        assert read(connection, Way(Position(list_place("zoo"), "Zoo"), forward=False))[-1] == "Cat"
        assert read(connection, Way(Position(b"\xff"))) == []


def test_new_lists_take_the_place_of_the_old_in_one_step(catalogue: Catalogue) -> None:
    with catalogue.writing() as connection:
        browse_rows.add(connection, lines("gone", "stays"))
        browse_rows.gather(connection, lines("left over from a run that was killed"))
    with catalogue.writing() as connection:
        assert not browse_rows.are_made(connection)
        browse_rows.begin(connection)
        browse_rows.gather(connection, lines("stays", "new"))
        browse_rows.gather(connection, lines("stays", "newer"))
        assert read(connection, Way(Position(b""))) == ["gone", "stays"]
        browse_rows.switch(connection)
        assert read(connection, Way(Position(b""))) == ["new", "newer", "stays"]
        assert browse_rows.are_made(connection)


def test_names_in_authority_records_refer_until_they_are_taken_back(catalogue: Catalogue) -> None:
    jin = '["person",[],[{"text":"金庸","dates":""}],["查良鏞","Louis Cha"]]'.encode()
    with catalogue.writing() as connection:
        browse_rows.add(connection, lines("金庸", name="creator"))
        browse_rows.refer(connection, {1: jin, 2: jin}, ())
        found = stretch(connection, "creator", Way(Position(b"")), 10)
        assert [(one.heading, one.see) for one in found] == [("Louis Cha", "金庸"), ("金庸", ""), ("查良鏞", "金庸")]
        browse_rows.refer(connection, {}, [1])
        assert len(stretch(connection, "creator", Way(Position(b"")), 10)) == 3, "another library says so too"
        browse_rows.refer(connection, {}, [2])
        assert stretch(connection, "creator", Way(Position(b"")), 10) == [Entry("creator", list_place("金庸"), "金庸")]
