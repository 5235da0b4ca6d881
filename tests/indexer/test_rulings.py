"""What people judge holds against the rules, through everything, until they take it back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from harvester.store import Store
from indexer import catalogue_rows as rows
from indexer.catalogue import Catalogue, Resolution
from indexer.explain import NoSuchRecord
from indexer.matching import Matcher
from indexer.preparing import prepare
from indexer.record import Record, RecordRef
from indexer.ruling_rows import RulingVerdict
from indexer.rulings import NoSuchRuling, Ruled, RulingRefused, all_rulings, holding, judge, rulings_about, withdraw
from indexer.update import apply, match_all_again
from tests.support.records import make_record

AT = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
A, B, C, D = (RecordRef(library, "1") for library in ("a", "b", "c", "d"))


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    store = Store.open(f"sqlite:///{tmp_path / 'catalogue.sqlite3'}")
    yield Catalogue(store.engine)
    store.close()


def _apply(catalogue: Catalogue, records: Sequence[Record] = (), deleted: Iterable[RecordRef] = ()) -> None:
    with catalogue.writing() as connection:
        apply(connection, Matcher(), map(prepare, records), deleted)


def _dream(ref: str, **fields: Any) -> Record:
    given: dict[str, Any] = {"author": "曹雪芹", "publisher": "里仁書局", "year": 1984, "pages": 1285}
    return make_record("紅樓夢校注", ref, **{**given, **fields})


def _reprint(ref: str) -> Record:
    return _dream(ref, publisher="桂冠圖書", year=1999, pages=700)


def _judge(catalogue: Catalogue, a: RecordRef, b: RecordRef, verdict: RulingVerdict) -> Ruled:
    return judge(catalogue, a, b, verdict, because="I have both in my hands", by="Chen", at=AT)


def _withdraw(catalogue: Catalogue, a: RecordRef, b: RecordRef) -> Ruled:
    return withdraw(catalogue, holding(catalogue, a, b).number, because="I looked again", by="Lin", at=AT)


def _together(catalogue: Catalogue, *refs: RecordRef) -> bool:
    found = {catalogue.edition_of(ref) for ref in refs}
    return None not in found and len(found) == 1


def test_two_records_that_the_rules_keep_apart_become_one_edition_at_once(catalogue: Catalogue) -> None:
    _apply(catalogue, [_dream("a:1"), _reprint("b:1")])
    assert not _together(catalogue, A, B)
    given_up = str(catalogue.edition_of(B))
    done = _judge(catalogue, A, B, "same")
    assert _together(catalogue, A, B)
    assert done.edition_a == done.edition_b == catalogue.edition_of(A)
    assert done.derived.merged == 1
    moved = catalogue.resolve(given_up)
    assert moved is not None
    assert moved.id == done.edition_a


def test_the_editions_they_are_in_become_one_whatever_else_is_vetoed_between_them(catalogue: Catalogue) -> None:
    _apply(catalogue, [_dream("a:1"), _dream("c:1"), _reprint("b:1"), _reprint("d:1")])
    _judge(catalogue, A, B, "same")
    assert _together(catalogue, A, B, C, D)


def test_two_records_that_the_rules_join_are_told_apart_and_the_rest_goes_with_its_strongest_edge(
    catalogue: Catalogue,
) -> None:
    _apply(catalogue, [_dream("a:1"), _dream("b:1"), _dream("c:1")])
    assert _together(catalogue, A, B, C)
    done = _judge(catalogue, A, B, "different")
    assert not _together(catalogue, A, B)
    assert done.derived.split == 1
    assert catalogue.edition_of(C) in {catalogue.edition_of(A), catalogue.edition_of(B)}


def test_what_people_told_apart_stays_apart_where_two_editions_are_made_one(catalogue: Catalogue) -> None:
    _apply(catalogue, [_dream("a:1"), _dream("c:1"), _reprint("b:1"), _reprint("d:1")])
    _judge(catalogue, C, D, "different")
    _judge(catalogue, A, B, "same")
    assert _together(catalogue, A, B)
    assert not _together(catalogue, C, D)


def test_telling_two_apart_moves_nobody_who_stands_elsewhere(catalogue: Catalogue) -> None:
    _apply(catalogue, [_dream("a:1"), _dream("c:1"), _reprint("b:1"), _reprint("d:1")])
    _judge(catalogue, A, B, "different")
    _apply(catalogue, [_dream("a:1", holdings=1)])
    assert _together(catalogue, A, C)
    assert _together(catalogue, B, D)


@pytest.mark.parametrize(
    ("verdict", "partner"),
    [("same", _reprint("b:1")), ("different", _dream("b:1"))],
    ids=["same", "different"],
)
def test_it_holds_through_new_rules_another_codec_new_versions_and_absence(
    catalogue: Catalogue, verdict: RulingVerdict, partner: Record
) -> None:
    records = [_dream("a:1"), partner]
    _apply(catalogue, records)
    _judge(catalogue, A, B, verdict)
    wanted = verdict == "same"
    with catalogue.writing() as connection:
        match_all_again(connection, Matcher())
    assert _together(catalogue, A, B) is wanted
    _apply(catalogue, [_dream("a:1", pages=1286, holdings=2)])
    assert _together(catalogue, A, B) is wanted
    _apply(catalogue, deleted=[A])
    _apply(catalogue, [_dream("a:1")])
    assert _together(catalogue, A, B) is wanted
    with catalogue.writing() as connection:
        rows.forget_records(connection, 99)
    for record in records:
        _apply(catalogue, [record])
    assert _together(catalogue, A, B) is wanted


def test_withdrawing_gives_back_what_the_rules_say_and_the_ids_that_were(catalogue: Catalogue) -> None:
    _apply(catalogue, [_dream("a:1"), _dream("c:1"), _reprint("b:1"), _reprint("d:1")])
    before = str(catalogue.edition_of(A))
    _judge(catalogue, A, B, "same")
    done = _withdraw(catalogue, A, B)
    assert _together(catalogue, A, C)
    assert _together(catalogue, B, D)
    assert not _together(catalogue, A, B)
    assert catalogue.edition_of(A) == before, "of equal parts the first record's keeps the id"
    assert done.derived.split == 1
    assert all_rulings(catalogue) == []


def test_ids_of_what_is_joined_and_parted_again_are_predictable(catalogue: Catalogue) -> None:
    """The survivor goes back to where it came from; the id that was given up redirects on, and is not revived."""
    _apply(catalogue, [_reprint("b:1")])
    _apply(catalogue, [_dream("a:1")])
    older, younger = str(catalogue.edition_of(B)), str(catalogue.edition_of(A))
    _judge(catalogue, A, B, "same")
    assert catalogue.edition_of(A) == catalogue.edition_of(B) == older
    _withdraw(catalogue, A, B)
    assert catalogue.edition_of(B) == older, "of equal parts that of the record it was made of, though A comes first"
    new = str(catalogue.edition_of(A))
    assert new not in (older, younger), "no id is used twice"
    assert catalogue.split_from(new) == older
    assert catalogue.resolve(younger) == Resolution(older, moved=True), "a merged id redirects for ever"
    _judge(catalogue, A, B, "same")
    assert catalogue.resolve(new) == Resolution(older, moved=True)
    _withdraw(catalogue, A, B)
    assert catalogue.edition_of(A) not in (older, younger, new)
    _judge(catalogue, A, B, "different")
    assert catalogue.edition_of(B) == older


def test_what_is_the_same_through_a_record_that_left_stays_the_same(catalogue: Catalogue) -> None:
    _apply(catalogue, [_dream("a:1"), _reprint("b:1"), _dream("c:1", publisher="三民書局", year=1972, pages=980)])
    _judge(catalogue, A, B, "same")
    _judge(catalogue, B, C, "same")
    _apply(catalogue, deleted=[B])
    assert _together(catalogue, A, C)
    _withdraw(catalogue, A, B)
    assert not _together(catalogue, A, C)


def test_the_edition_of_a_record_that_left_is_not_held_by_its_ruling(catalogue: Catalogue) -> None:
    _apply(catalogue, [_dream("a:1"), _reprint("b:1"), _reprint("d:1")])
    _judge(catalogue, A, B, "same")
    _apply(catalogue, deleted=[B])
    assert not _together(catalogue, A, D), "only B was judged to be A's edition"
    _apply(catalogue, [_dream("a:1", holdings=1)])
    assert catalogue.members(str(catalogue.edition_of(D))) == (D,), "a sleeping ruling takes nobody's id"
    assert catalogue.resolve(str(catalogue.edition_of(D))) is not None


def test_who_when_and_why_are_kept_of_both(catalogue: Catalogue) -> None:
    _apply(catalogue, [_dream("a:1"), _reprint("b:1")])
    _judge(catalogue, B, A, "same")
    _withdraw(catalogue, A, B)
    [ruling] = all_rulings(catalogue, withdrawn=True)
    assert (ruling.a, ruling.b, ruling.verdict) == (A, B, "same")
    assert (ruling.because, ruling.by, ruling.at) == ("I have both in my hands", "Chen", AT)
    assert ruling.withdrawn is not None
    assert (ruling.withdrawn.because, ruling.withdrawn.by, ruling.withdrawn.at) == ("I looked again", "Lin", AT)


def test_saying_again_what_holds_writes_nothing(catalogue: Catalogue) -> None:
    _apply(catalogue, [_dream("a:1"), _reprint("b:1")])
    first = _judge(catalogue, A, B, "same")
    again = _judge(catalogue, B, A, "same")
    assert again.repeated
    assert again.ruling == first.ruling
    assert len(all_rulings(catalogue)) == 1


def test_the_same_of_the_same_cannot_be_different(catalogue: Catalogue) -> None:
    _apply(catalogue, [_dream("a:1"), _reprint("b:1"), _dream("c:1", year=1972, publisher="三民書局")])
    _judge(catalogue, A, B, "same")
    _judge(catalogue, B, C, "same")
    with pytest.raises(RulingRefused, match=r"a:1 and c:1 were judged the same: .*\(judgement 1, Chen, 2026-11-21"):
        _judge(catalogue, A, C, "different")
    assert len(all_rulings(catalogue)) == 2


def test_what_was_told_apart_cannot_be_joined_through_a_third(catalogue: Catalogue) -> None:
    _apply(catalogue, [_dream("a:1"), _reprint("b:1"), _dream("c:1", year=1972, publisher="三民書局")])
    _judge(catalogue, A, C, "different")
    _judge(catalogue, A, B, "same")
    with pytest.raises(RulingRefused, match=r"b:1 and c:1 cannot be the same: .*are different.*Withdraw one"):
        _judge(catalogue, B, C, "same")
    with pytest.raises(RulingRefused, match="a:1 and b:1 were judged the same"):
        _judge(catalogue, A, B, "different")


@pytest.mark.parametrize(
    ("b", "because", "by", "why"),
    [
        (A, "because", "Chen", "is one record"),
        (B, "  ", "Chen", "says why"),
        (B, "because", "", "says who"),
        (B, "x" * 2001, "Chen", "2000 characters"),
    ],
)
def test_what_is_no_judgement_is_refused(catalogue: Catalogue, b: RecordRef, because: str, by: str, why: str) -> None:
    _apply(catalogue, [_dream("a:1"), _reprint("b:1")])
    with pytest.raises(RulingRefused, match=why):
        judge(catalogue, A, b, "same", because=because, by=by, at=AT)


def test_a_record_that_is_not_there_or_left_is_named(catalogue: Catalogue) -> None:
    _apply(catalogue, [_dream("a:1"), _reprint("b:1")])
    with pytest.raises(NoSuchRecord, match="c:1"):
        _judge(catalogue, A, C, "same")
    _apply(catalogue, deleted=[B])
    with pytest.raises(NoSuchRecord, match="b:1"):
        _judge(catalogue, A, B, "same")


def test_what_nobody_judged_cannot_be_withdrawn_nor_twice(catalogue: Catalogue) -> None:
    _apply(catalogue, [_dream("a:1"), _reprint("b:1")])
    with pytest.raises(NoSuchRuling, match="a:1 and b:1"):
        holding(catalogue, A, B)
    number = _judge(catalogue, A, B, "same").ruling.number
    _withdraw(catalogue, A, B)
    for wrong in (number, number + 1):
        with pytest.raises(NoSuchRuling, match=str(wrong)):
            withdraw(catalogue, wrong, because="again", by="Lin", at=AT)


def test_only_rulings_about_the_records_asked_are_found(catalogue: Catalogue) -> None:
    _apply(catalogue, [_dream("a:1"), _reprint("b:1"), _dream("c:1")])
    _judge(catalogue, A, B, "same")
    assert len(rulings_about(catalogue, [A])) == 1
    assert rulings_about(catalogue, [C]) == []
