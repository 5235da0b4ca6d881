"""How well real pairs are judged: the quality that was reached must not be lost.

The labelled pairs stand beside the checkout, in ``../shared/data/pairs``; without them these tests are skipped.
"""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import pytest

from benchmarks.matching import MatchingQuality, measure, profiles, same_carrier
from benchmarks.pairs import LabelledPair, read_pairs
from harvester.store import RawRecord
from indexer.blocks import pairs
from indexer.cluster import partition
from indexer.compare import opinion
from indexer.match_keys import keys_of, place_in_block
from indexer.profile import Profile, profile
from indexer.read import Unreadable, read
from indexer.record import RecordRef
from mappings.library import Harvest, Library
from tests.support.records import make_record

DATA = Path(__file__).parents[3] / "shared" / "data"
LIBRARY = Library(
    code="mixed",
    name={"en": "Mixed"},
    region="north",
    kind="special",
    harvest=Harvest(protocol="marc-dump", files=("x",)),
)


@pytest.fixture(scope="module")
def english() -> list[LabelledPair]:
    if not (DATA / "pairs").is_dir():
        pytest.skip(f"the labelled pairs are not here: {DATA / 'pairs'}")
    return read_pairs(DATA / "pairs")


@pytest.fixture(scope="module")
def quality(english: list[LabelledPair]) -> MatchingQuality:
    return measure(profiles(english, identifiers=False))


def test_what_is_judged_the_same_is_the_same(quality: MatchingQuality) -> None:
    assert quality.precision >= 0.995


def test_what_is_the_same_is_judged_so(quality: MatchingQuality) -> None:
    assert quality.recall >= 0.945


def test_among_pairs_of_one_carrier_more_are_found(english: list[LabelledPair]) -> None:
    assert measure(same_carrier(profiles(english, identifiers=False))).recall >= 0.953


def test_what_is_the_same_meets(quality: MatchingQuality) -> None:
    assert quality.candidate_recall >= 0.99


def test_titles_alike_seldom_deceive(quality: MatchingQuality) -> None:
    assert quality.title_alike_found / quality.title_alike <= 0.08


@pytest.fixture(scope="module")
def austen() -> list[Profile]:
    file = DATA / "marc" / "austen-383-from-49-libraries.utf8.mrc"
    if not file.is_file():
        pytest.skip(f"the editions of Jane Austen are not here: {file}")
    found = []
    for position, payload in enumerate(file.read_bytes().split(b"\x1d")[:-1]):
        try:
            found.append(profile(read(RawRecord("mixed", str(position), "iso2709", payload + b"\x1d"), LIBRARY)))
        except Unreadable as exc:
            pytest.fail(str(exc))
    return found


def test_hundreds_of_editions_of_few_novels_stay_apart(austen: list[Profile]) -> None:
    """No edition holds two records that differ in ISBN, publisher, year and pagination at once."""
    known = {facts.ref: facts for facts in austen}
    editions = _editions(austen)
    for group in editions:
        for a, b in combinations([known[ref] for ref in group], 2):
            differ = (
                a.isbns and b.isbns and not a.isbns & b.isbns,
                "publishers_differ" in opinion(a, b).statements,
                a.year and b.year and not a.years & b.years,
                a.pages and b.pages and a.pages != b.pages,
            )
            assert not all(differ), f"{a.ref} and {b.ref}"
    assert 330 <= len(editions) <= 370, "neither all of a novel in one, nor every record alone"


def _editions(records: list[Profile]) -> list[tuple[RecordRef, ...]]:
    blocks: dict[str, list[tuple[int, int]]] = {}
    for number, facts in enumerate(records):
        for key in keys_of(facts):
            blocks.setdefault(key, []).append((place_in_block(facts), number))
    candidates = {pair for block in blocks.values() for pair in pairs(block)}
    judged = {(a, b): opinion(records[a], records[b]) for a, b in candidates}
    edges = [
        (records[a].ref, records[b].ref, found.score) for (a, b), found in judged.items() if found.verdict == "same"
    ]
    known = {facts.ref: facts for facts in records}
    return partition(known, edges, lambda x, y: opinion(known[x], known[y]).verdict == "different")


def test_the_measure_counts_what_it_says() -> None:
    one = profile(make_record("Emma", author="Austen, Jane", year=1816, pages=300, publisher="Murray"))
    twin = profile(make_record("Emma", author="Austen, Jane", year=1816, pages=300, publisher="Murray"))
    other = profile(make_record("Emma", author="Austen, Jane", year=1990, pages=411, publisher="Penguin"))
    found = measure([(one, twin, True), (one, twin, False), (one, other, True), (one, other, False)])
    assert (found.true, found.found, found.right, found.candidates) == (2, 2, 1, 2)
    assert (found.precision, found.recall, found.candidate_recall) == (0.5, 0.5, 1.0)
    assert (found.title_alike, found.title_alike_found) == (2, 1)
