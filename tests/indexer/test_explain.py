"""Why two records are one edition: by themselves, or through others."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from harvester.store import Store
from indexer.catalogue import Catalogue, Edge
from indexer.explain import NoSuchRecord, explain, strongest_path
from indexer.matching import Matcher
from indexer.preparing import prepare
from indexer.record import Record, RecordRef
from indexer.update import apply
from tests.support.records import make_record

A, B, C, D = (RecordRef("ntl", name) for name in "abcd")
FULL = make_record("紅樓夢校注", "ntl:full", author="曹雪芹", publisher="里仁書局", year=1984, pages=1285)
TWIN = make_record("紅樓夢校注", "elm:twin", author="曹雪芹", publisher="里仁書局", year=1984, pages=1285)
OTHER = make_record("Emma", "ntl:emma", author="Austen, Jane", year=1816)


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    store = Store.open(f"sqlite:///{tmp_path / 'catalogue.sqlite3'}")
    yield Catalogue(store.engine)
    store.close()


def _load(catalogue: Catalogue, *records: Record) -> None:
    with catalogue.writing() as connection:
        apply(connection, Matcher(), map(prepare, records), [])


def test_a_pair_judged_the_same_needs_no_path(catalogue: Catalogue) -> None:
    _load(catalogue, FULL, TWIN)
    told = explain(catalogue, FULL.ref, TWIN.ref)
    assert told.together
    assert told.judgement.verdict == "same"
    assert told.path == ()


def test_records_of_two_editions_are_not_together(catalogue: Catalogue) -> None:
    _load(catalogue, FULL, OTHER)
    told = explain(catalogue, FULL.ref, OTHER.ref)
    assert not told.together
    assert told.edition_a != told.edition_b
    assert told.path == ()


def test_records_together_only_through_another_show_the_path(catalogue: Catalogue) -> None:
    # Each of the outer two shares a number with the middle one, but not with the other.
    left = make_record("Emma", "a:1", author="Austen, Jane", year=1816, isbn="9789570835878")
    middle = make_record("Emma", "b:1", author="Austen, Jane", year=1816, isbn="9789570835878", lccn="81010777")
    right = make_record("Emma", "c:1", lccn="81010777")
    _load(catalogue, left, middle, right)
    told = explain(catalogue, left.ref, right.ref)
    assert told.together
    assert told.judgement.verdict == "unsure"
    assert [(edge.a, edge.b) for edge in told.path] == [(left.ref, middle.ref), (middle.ref, right.ref)]
    assert "isbn_shared" in told.path[0].reasons
    assert "lccn_shared" in told.path[1].reasons


def test_a_record_that_is_not_there_is_named(catalogue: Catalogue) -> None:
    _load(catalogue, FULL)
    with pytest.raises(NoSuchRecord, match="elm:twin"):
        explain(catalogue, FULL.ref, TWIN.ref)


def _edge(a: RecordRef, b: RecordRef, score: float) -> Edge:
    return Edge(a, b, score, (), "1")


def test_the_path_is_that_whose_weakest_edge_is_strongest() -> None:
    edges = (_edge(A, B, 9.0), _edge(B, D, 8.0), _edge(A, C, 8.5), _edge(C, D, 2.0))
    strongest_first = tuple(sorted(edges, key=lambda edge: -edge.score))
    assert strongest_path(strongest_first, A, D) == (_edge(A, B, 9.0), _edge(B, D, 8.0))


def test_without_a_chain_there_is_no_path() -> None:
    assert strongest_path((_edge(A, B, 9.0),), A, D) == ()
