"""What the catalogue answers: records, editions, ids old and new, and how much it holds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import event

from harvester.errors import StoreUnusable
from harvester.store import Store
from indexer.catalogue import Catalogue, CatalogueCounts
from indexer.compare import MODEL
from indexer.matching import Matcher
from indexer.merge import merge
from indexer.preparing import prepare
from indexer.record import RecordRef
from indexer.update import apply
from tests.support.records import make_record

DREAM = make_record("紅樓夢校注", "ntl:oai:ntl.example:1", author="曹雪芹", publisher="里仁書局", year=1984, pages=1285)
TWIN = make_record("红楼梦校注", "haifeng:1", author="曹雪芹", publisher="里仁書局", year=1984, pages=1285)
EMMA = make_record("Emma", "ntl:2", author="Austen, Jane", year=1816)
NOBODY = RecordRef("ntl", "nobody")


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    store = Store.open(f"sqlite:///{tmp_path / 'catalogue.sqlite3'}")
    opened = Catalogue(store.engine)
    with opened.writing() as connection:
        apply(connection, Matcher(), map(prepare, (DREAM, TWIN, EMMA)), [])
    yield opened
    store.close()


def test_an_edge_knows_which_rules_judged_and_when(tmp_path: Path) -> None:
    store = Store.open(f"sqlite:///{tmp_path / 'catalogue.sqlite3'}")
    opened = Catalogue(store.engine)
    at = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
    with opened.writing() as connection:
        apply(connection, Matcher(clock=at.timestamp), map(prepare, (DREAM, TWIN)), [])
    [edge] = opened.edges([DREAM.ref, TWIN.ref])
    assert (edge.model, edge.judged_at) == (MODEL, at)
    with opened.writing() as connection:
        connection.exec_driver_sql("ALTER TABLE catalogue_edges DROP COLUMN judged_at")
    [earlier] = Catalogue(store.engine).edges([DREAM.ref, TWIN.ref])
    assert earlier == replace(edge, judged_at=None), "a catalogue of an earlier version goes on"
    store.close()


def test_a_record_comes_back_as_it_was(catalogue: Catalogue) -> None:
    assert catalogue.record(DREAM.ref) == DREAM
    assert catalogue.record(NOBODY) is None


def test_a_full_disk_is_said_to_be_one_and_keeps_what_there_was(catalogue: Catalogue) -> None:
    @event.listens_for(catalogue.engine, "connect")
    def small(connection, _entry):  # type: ignore[no-untyped-def]
        connection.execute("PRAGMA max_page_count = 1")  # SQLite takes it for what it has by now

    catalogue.engine.dispose()
    more = [make_record(f"Book {number}", f"ntl:{number}", author="x" * 2000, year=1984) for number in range(3, 60)]
    with pytest.raises(StoreUnusable, match="full"), catalogue.writing() as connection:
        apply(connection, Matcher(), map(prepare, more), [])
    event.remove(catalogue.engine, "connect", small)
    catalogue.engine.dispose()
    assert catalogue.counts().records == 3


def test_records_that_are_not_there_are_absent_from_the_answer(catalogue: Catalogue) -> None:
    assert catalogue.records([TWIN.ref, NOBODY, EMMA.ref]) == {TWIN.ref: TWIN, EMMA.ref: EMMA}
    assert catalogue.records([]) == {}


def test_an_edition_is_merged_from_its_records(catalogue: Catalogue) -> None:
    edition = str(catalogue.edition_of(DREAM.ref))
    assert catalogue.edition_of(TWIN.ref) == edition
    assert catalogue.edition(edition) == merge(edition, [DREAM, TWIN])
    assert catalogue.members(edition) == (TWIN.ref, DREAM.ref)


def test_an_id_that_never_was_is_nothing(catalogue: Catalogue) -> None:
    assert catalogue.resolve("never") is None
    assert catalogue.edition("never") is None
    assert catalogue.members("never") == ()
    assert catalogue.edition_of(NOBODY) is None


def test_a_live_id_stands_for_itself(catalogue: Catalogue) -> None:
    edition = str(catalogue.edition_of(EMMA.ref))
    resolution = catalogue.resolve(edition)
    assert resolution is not None
    assert (resolution.id, resolution.moved) == (edition, False)


def test_a_judgement_needs_both_records(catalogue: Catalogue) -> None:
    judged = catalogue.judgement(DREAM.ref, EMMA.ref)
    assert judged is not None
    assert judged.verdict == "different"
    assert catalogue.judgement(DREAM.ref, NOBODY) is None


def test_edges_are_those_between_the_records_asked_for(catalogue: Catalogue) -> None:
    (edge,) = catalogue.edges([DREAM.ref, TWIN.ref, EMMA.ref])
    assert (edge.a, edge.b) == (TWIN.ref, DREAM.ref)
    assert catalogue.edges([DREAM.ref, EMMA.ref]) == ()


def test_counts_say_how_much_there_is(catalogue: Catalogue) -> None:
    assert catalogue.counts() == CatalogueCounts(records=3, editions=2, moved=0, edges=1, pending=2)


def test_every_record_has_an_edition(catalogue: Catalogue) -> None:
    found = catalogue.editions_of_all()
    assert found.keys() == {DREAM.ref, TWIN.ref, EMMA.ref}
    assert len(set(found.values())) == 2


def test_opening_a_catalogue_again_finds_what_is_there(catalogue: Catalogue) -> None:
    assert Catalogue(catalogue.engine).record(DREAM.ref) == DREAM
