"""Works follow editions, whatever way these came about, and their ids last."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from harvester.store import Store
from indexer import catalogue_rows as rows
from indexer import catalogue_tables as tables
from indexer import work_rows, works
from indexer.catalogue import Catalogue
from indexer.matching import Matcher
from indexer.preparing import prepare
from indexer.record import Record, RecordRef, Title
from indexer.update import apply
from tests.support.records import make_record
from tests.support.works import works_of_several

A, B, C, D = (RecordRef(library, "1") for library in "abcd")


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    yield from _open(tmp_path)


def _open(folder: Path) -> Iterator[Catalogue]:
    store = Store.open(f"sqlite:///{folder / 'catalogue.sqlite3'}")
    found = Catalogue(store.engine)
    with found.writing() as connection:
        works.follow_rules(connection)
    yield found
    store.close()


def _apply(catalogue: Catalogue, records: Sequence[Record] = (), deleted: Iterable[RecordRef] = ()) -> int:
    with catalogue.writing() as connection:
        apply(connection, Matcher(), map(prepare, records), deleted)
        return works.follow_editions(connection)


def _emma(ref: str, title: str = "Emma", **fields: Any) -> Record:
    return make_record(title, ref, **{"author": "Austen, Jane", "language": "eng", "pages": 400, **fields})


def _work(catalogue: Catalogue, ref: RecordRef) -> str:
    edition = catalogue.edition(str(catalogue.edition_of(ref)))
    assert edition is not None
    return edition.work


def test_editions_of_a_text_share_a_work_and_one_alone_has_none(catalogue: Catalogue) -> None:
    _apply(catalogue, [_emma("a:1", year=1816), _emma("b:1", year=2003, pages=474), _emma("c:1", "Persuasion")])
    assert _work(catalogue, A) == _work(catalogue, B) != ""
    assert _work(catalogue, A).startswith(works.ID_BEGINS)
    assert _work(catalogue, C) == ""


def test_the_engine_is_given_the_editions_whose_work_became_another(catalogue: Catalogue) -> None:
    _apply(catalogue, [_emma("a:1", year=1816)])
    with catalogue.writing() as connection:
        rows.clear_pending_until(connection, 1000)
    assert _apply(catalogue, [_emma("b:1", year=2003, pages=474)]) == 2
    with catalogue.engine.connect() as connection:
        assert str(catalogue.edition_of(A)) in rows.pending(connection, 10)


def test_nothing_changed_is_nothing_done(catalogue: Catalogue) -> None:
    records = [_emma("a:1", year=1816), _emma("b:1", year=2003, pages=474)]
    _apply(catalogue, records)
    assert _apply(catalogue, records) == 0


def test_a_work_goes_on_under_its_id_when_an_edition_joins_or_leaves(catalogue: Catalogue) -> None:
    _apply(catalogue, [_emma("a:1", year=1816), _emma("b:1", year=2003, pages=474)])
    work = _work(catalogue, A)
    _apply(catalogue, [_emma("c:1", year=1950, pages=300)])
    assert _work(catalogue, C) == work
    _apply(catalogue, deleted=[A])
    assert _work(catalogue, B) == _work(catalogue, C) == work
    _apply(catalogue, deleted=[B])
    assert _work(catalogue, C) == work, "the last one keeps it: links to it go on working"
    _apply(catalogue, deleted=[C])
    assert catalogue.resolve_work(work) is None


def test_works_that_meet_become_one_and_the_other_id_redirects(catalogue: Catalogue) -> None:
    first = [_emma("a:1", year=1816), _emma("a:2", year=1850, pages=200), _emma("a:3", year=1900, pages=100)]
    other = [_emma("b:1", "Emma Woodhouse", year=1990), _emma("b:2", "Emma Woodhouse", year=2000, pages=350)]
    _apply(catalogue, [*first, *other])
    large, small = _work(catalogue, A), _work(catalogue, B)
    assert large != small
    _apply(catalogue, [replace(one, titles=first[0].titles) for one in other])
    assert _work(catalogue, B) == large
    resolution = catalogue.resolve_work(small)
    assert resolution is not None
    assert (resolution.id, resolution.moved) == (large, True)
    _apply(catalogue, other)  # and apart again
    assert _work(catalogue, A) == large
    assert _work(catalogue, B) not in {"", large, small}, "an id given up is never given again"


def test_a_work_whose_only_edition_was_merged_away_redirects_to_that_edition_s_work(catalogue: Catalogue) -> None:
    _apply(catalogue, [_emma("a:1", year=1816, publisher="Murray"), _emma("a:2", year=1990, pages=480)])
    lone = [_emma("b:1", "Emmma", year=1816, pages=399), _emma("b:2", "Emmma", year=1850, pages=90)]
    _apply(catalogue, lone)
    work, other = _work(catalogue, A), _work(catalogue, B)
    assert work != other
    _apply(catalogue, deleted=[lone[1].ref])
    _apply(catalogue, [_emma("b:1", year=1816, publisher="Murray")])
    assert catalogue.edition_of(B) == catalogue.edition_of(A)
    resolution = catalogue.resolve_work(other)
    assert resolution is not None
    assert resolution.id == work


def test_where_one_record_of_an_edition_tells_the_part_the_others_only_left_it_out(catalogue: Catalogue) -> None:
    isbn = "9780141439587"
    _apply(
        catalogue,
        [
            _emma("a:1", year=2003, isbn=isbn, other="a graphic novel"),
            _emma("b:1", year=2003, isbn=isbn),
            _emma("c:1", year=1816, pages=300),
        ],
    )
    assert catalogue.edition_of(A) == catalogue.edition_of(B)
    assert _work(catalogue, A) == _work(catalogue, C) == ""


def test_translations_are_joined_by_what_most_of_a_title_s_editions_translate(catalogue: Catalogue) -> None:
    def translation(ref: str, title: str, original: str, year: int) -> Record:
        titles = (Title(title), Title(original, kind="uniform"))
        return make_record(
            title, ref, titles=titles, author="Austen, Jane", language="fin", year=year, pages=year - 1500
        )

    _apply(
        catalogue,
        [
            translation("a:1", "Järki ja tunteet", "Sense and sensibility", 1950),
            translation("b:1", "Järki", "Sense and sensibility", 1960),
            translation("c:1", "Ylpeys", "Pride and prejudice", 1970),
            translation("c:2", "Ylpeys", "Pride and prejudice", 1980),
            translation("d:1", "Ylpeys", "Sense and sensibility", 1990),  # a cataloguer's mistake
        ],
    )
    assert _work(catalogue, A) == _work(catalogue, B) != ""
    assert _work(catalogue, C) == _work(catalogue, D) != _work(catalogue, A)


def test_other_rules_make_all_keys_anew(catalogue: Catalogue) -> None:
    _apply(catalogue, [_emma("a:1", year=1816), _emma("b:1", year=2003, pages=474)])
    work = _work(catalogue, A)
    with catalogue.writing() as connection:
        rows.set_state(connection, "work_rules", "0")
        assert works.follow_editions(connection) == 0, "not before the keys are"
        work_rows.clear_keys(connection)
        works.follow_rules(connection)
        works.follow_editions(connection)
    assert _work(catalogue, A) == _work(catalogue, B) == work


# The whole against any way to it


def _records(dice: random.Random, count: int) -> list[Record]:
    return [
        make_record(
            dice.choice(["Emma", "Emma : a novel", "Persuasion", "Poems"]),
            f"{dice.choice('abc')}:{number}",
            author=dice.choice(["Austen, Jane", "Austen, J.", "Jane Austen", "Brontë, Anne", ""]),
            language=dice.choice(["eng", "eng", "eng", "fre"]),
            year=dice.choice([1816, 1900, 2003]),
            pages=dice.choice([300, 474]),
            other=dice.choice(["", "", "", "a graphic novel"]),
            part=dice.choice(["", "", "", "v. 1"]),
        )
        if dice.random() < 0.7
        else make_record(
            "",
            f"{dice.choice('abc')}:{number}",
            author="Austen, Jane",
            language="fre",
            year=dice.choice([1990, 2000, 2010]),
            titles=(
                Title(dice.choice(["Emma", "Persuasion", "La famille Elliot"])),
                Title(dice.choice(["Emma", "Persuasion"]), kind="uniform"),
            ),
        )
        for number in range(count)
    ]


@pytest.mark.parametrize("at_once", [works.AT_ONCE, 0], ids=["looking around", "all in one go"])
@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_any_order_and_any_increments_end_with_the_works_of_a_load_from_scratch(
    tmp_path_factory: pytest.TempPathFactory, at_once: int, seed: int
) -> None:
    dice = random.Random(seed)
    wanted = _records(dice, 20)
    others = [
        replace(one, identifier=wanted[n].identifier, library=wanted[n].library)
        for n, one in enumerate(_records(dice, 20))
    ]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(works, "AT_ONCE", at_once)
        for scratch in _open(tmp_path_factory.mktemp("scratch")):
            _apply(scratch, wanted)
            expected = works_of_several(scratch)
        for catalogue in _open(tmp_path_factory.mktemp("steps")):
            for _ in range(4):
                _apply(catalogue, dice.sample(others, 6), [one.ref for one in dice.sample(others, 3)])
            dice.shuffle(wanted)
            for start in range(0, 20, 5):
                _apply(catalogue, wanted[start : start + 5])
            assert works_of_several(catalogue) == expected
            _no_work_is_lost(catalogue)


def _no_work_is_lost(catalogue: Catalogue) -> None:
    """Every edition's work is live, every live work has an edition, and every redirect leads to one."""
    live = set(catalogue.editions_of_all().values())
    with catalogue.engine.connect() as connection:
        of = work_rows.works_of(connection)
        ever = connection.execute(select(tables.works.c.id)).scalars().all()
        known = work_rows.works(connection, ever).values()
    assert of.keys() <= live
    assert {row.id for row in known if row.status == "live"} == set(of.values())
    assert {row.target for row in known if row.status == "moved"} <= {row.id for row in known if row.status != "moved"}
