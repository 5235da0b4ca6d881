"""Changes applied to the catalogue: what comes out is what judging everything afresh gives, and ids last."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from harvester.store import Store
from indexer import blocks, matching, works
from indexer import catalogue_rows as rows
from indexer.authorities import PreparedAuthority
from indexer.catalogue import Catalogue
from indexer.catalogue_tables import editions
from indexer.compare import compare
from indexer.explain import NoSuchRecord
from indexer.matching import Matcher
from indexer.preparing import prepare
from indexer.record import Record, RecordRef
from indexer.ruling_rows import RulingVerdict
from indexer.rulings import RulingRefused, judge, withdraw
from indexer.update import Applied, apply, match_all_again
from tests.support.records import make_record
from tests.support.works import works_of_several

AT = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
ISBN, OTHER_ISBN = "9789570835878", "9780141439518"


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    store = Store.open(f"sqlite:///{tmp_path / 'catalogue.sqlite3'}")
    yield Catalogue(store.engine)
    store.close()


def _apply(catalogue: Catalogue, records: Sequence[Record] = (), deleted: Iterable[RecordRef] = ()) -> Applied:
    with catalogue.writing() as connection:
        return apply(connection, Matcher(), map(prepare, records), deleted)


def _pending(catalogue: Catalogue) -> set[str]:
    with catalogue.writing() as connection:
        found = rows.pending(connection, 1000)
        rows.clear_pending(connection, found)
    return set(found)


def _dream(ref: str, **fields: Any) -> Record:
    given: dict[str, Any] = {"author": "曹雪芹", "publisher": "里仁書局", "year": 1984, "pages": 1285}
    return make_record("紅樓夢校注", ref, **{**given, **fields})


def test_records_of_one_edition_from_two_batches_share_it(catalogue: Catalogue) -> None:
    one, other = _dream("ntl:1"), _dream("haifeng:1")
    _apply(catalogue, [one])
    founded = catalogue.edition_of(one.ref)
    _apply(catalogue, [other])
    assert catalogue.edition_of(other.ref) == founded
    assert catalogue.members(str(founded)) == (other.ref, one.ref)


def test_a_record_that_says_what_it_said_is_counted_as_unchanged_and_touches_nothing(catalogue: Catalogue) -> None:
    _apply(catalogue, [_dream("ntl:1")])
    _pending(catalogue)
    assert _apply(catalogue, [_dream("ntl:1")]) == Applied(unchanged=1)
    assert _pending(catalogue) == set()


def test_a_change_that_keeps_the_edition_still_goes_to_the_engine(catalogue: Catalogue) -> None:
    _apply(catalogue, [_dream("ntl:1"), _dream("haifeng:1")])
    _pending(catalogue)
    _apply(catalogue, [_dream("ntl:1", holdings=2)])
    assert _pending(catalogue) == {catalogue.edition_of(RecordRef("ntl", "1"))}


def test_a_deleted_record_leaves_its_edition_and_the_rest_keeps_the_id(catalogue: Catalogue) -> None:
    one, other = _dream("ntl:1"), _dream("haifeng:1")
    _apply(catalogue, [one, other])
    edition = str(catalogue.edition_of(one.ref))
    assert _apply(catalogue, deleted=[one.ref]).deleted == 1
    assert catalogue.edition_of(one.ref) is None
    assert catalogue.record(one.ref) is None
    assert catalogue.members(edition) == (other.ref,)


def test_deleting_what_was_never_there_does_nothing(catalogue: Catalogue) -> None:
    assert _apply(catalogue, deleted=[RecordRef("ntl", "1")]) == Applied()


def test_an_edition_whose_records_all_left_is_gone_and_comes_back_with_them(catalogue: Catalogue) -> None:
    one = _dream("ntl:1")
    _apply(catalogue, [one])
    edition = str(catalogue.edition_of(one.ref))
    assert _apply(catalogue, deleted=[one.ref]).removed == 1
    assert catalogue.resolve(edition) is None
    assert edition in _pending(catalogue), "the engine must be told"
    _apply(catalogue, [one])
    assert catalogue.edition_of(one.ref) == edition


def test_a_returned_record_takes_no_id_from_an_edition_that_lived_on(catalogue: Catalogue) -> None:
    one, other = _dream("ntl:1"), _dream("haifeng:1")
    _apply(catalogue, [one, other])
    edition = str(catalogue.edition_of(one.ref))
    _apply(catalogue, deleted=[one.ref])
    _apply(catalogue, [make_record("Emma", "ntl:1", year=1816)])
    assert catalogue.edition_of(one.ref) != edition
    assert catalogue.members(edition) == (other.ref,)
    assert catalogue.resolve(edition) is not None


def test_when_editions_merge_the_larger_one_stays_and_the_other_id_redirects(catalogue: Catalogue) -> None:
    lone = _dream("riverside:1", pages=None, year=2010, isbn=ISBN)
    pair = [_dream("ntl:1", isbn=OTHER_ISBN), _dream("haifeng:1", isbn=OTHER_ISBN)]
    _apply(catalogue, [lone])
    _apply(catalogue, pair)
    given_up, kept = str(catalogue.edition_of(lone.ref)), str(catalogue.edition_of(pair[0].ref))
    assert given_up != kept
    mended = _dream("riverside:1", isbn=OTHER_ISBN)
    assert _apply(catalogue, [mended]).merged == 1
    assert catalogue.edition_of(lone.ref) == kept
    resolution = catalogue.resolve(given_up)
    assert resolution is not None
    assert (resolution.id, resolution.moved) == (kept, True)
    assert catalogue.edition(given_up) is None
    assert {given_up, kept} <= _pending(catalogue)


def test_a_redirect_follows_when_its_target_merges_too(catalogue: Catalogue) -> None:
    years = {"a": 1980, "b": 1990, "c": 2000}
    for library, year in years.items():
        _apply(catalogue, [_dream(f"{library}:1", year=year, pages=year)])
    ids = {library: str(catalogue.edition_of(RecordRef(library, "1"))) for library in years}
    _apply(catalogue, [_dream("b:1", year=1980, pages=1980)])
    _apply(catalogue, [_dream("c:1", year=1980, pages=1980)])
    survivor = str(catalogue.edition_of(RecordRef("a", "1")))
    for edition in set(ids.values()) - {survivor}:
        resolution = catalogue.resolve(edition)
        assert resolution is not None
        assert (resolution.id, resolution.moved) == (survivor, True)


def test_an_edition_splits_when_its_reason_goes_and_no_id_is_used_twice(catalogue: Catalogue) -> None:
    records = [_dream("ntl:1"), _dream("haifeng:1"), _dream("elm:1")]
    _apply(catalogue, records)
    edition = str(catalogue.edition_of(records[0].ref))
    assert _apply(catalogue, [_dream("elm:1", year=1999, publisher="桂冠", pages=700)]).split == 1
    assert catalogue.edition_of(records[0].ref) == edition
    other = str(catalogue.edition_of(records[2].ref))
    assert other != edition
    _apply(catalogue, records)  # and back again
    assert catalogue.edition_of(records[2].ref) == edition
    resolution = catalogue.resolve(other)
    assert resolution is not None
    assert resolution.id == edition
    _apply(catalogue, [_dream("elm:1", year=1999, publisher="桂冠", pages=700)])
    assert catalogue.edition_of(records[2].ref) not in {edition, other}, "an id given up is never given again"


def test_an_edge_keeps_its_reasons_and_says_what_comparing_says(catalogue: Catalogue) -> None:
    one, other = _dream("ntl:1"), _dream("haifeng:1")
    _apply(catalogue, [one, other])
    (edge,) = catalogue.edges([one.ref, other.ref])
    judged = compare(one, other)
    assert (edge.a, edge.b) == (other.ref, one.ref)
    assert edge.score == judged.score
    assert set(edge.reasons) == {reason.statement for reason in judged.reasons}
    assert catalogue.judgement(one.ref, other.ref) == judged


def test_new_rules_judge_everything_again_and_ids_stay(catalogue: Catalogue) -> None:
    records = [_dream("ntl:1"), _dream("haifeng:1"), make_record("Emma", "elm:1", year=1816)]
    _apply(catalogue, records)
    before = catalogue.editions_of_all()
    with catalogue.writing() as connection:
        match_all_again(connection, Matcher())
    assert catalogue.editions_of_all() == before
    assert catalogue.counts().edges == 1


def test_another_codec_version_forgets_the_content_but_not_the_ids(catalogue: Catalogue) -> None:
    records = [_dream("ntl:1"), _dream("haifeng:1"), make_record("Emma", "elm:1", year=1816)]
    _apply(catalogue, records)
    before = catalogue.editions_of_all()
    with catalogue.writing() as connection:
        rows.forget_records(connection, 99)
    assert catalogue.counts().records == 0
    for record in records:
        _apply(catalogue, [record])
    assert catalogue.editions_of_all() == before


def test_a_rolled_back_batch_leaves_nothing(catalogue: Catalogue) -> None:
    matcher = Matcher()

    def killed() -> None:
        with catalogue.writing() as connection:
            apply(connection, matcher, [prepare(_dream("ntl:1"))], [])
            raise RuntimeError("killed")

    with pytest.raises(RuntimeError, match="killed"):
        killed()
    assert catalogue.counts().records == 0
    matcher.forget()
    with catalogue.writing() as connection:
        assert apply(connection, matcher, [prepare(_dream("ntl:1"))], []).written == 1


# The whole against any way to it


def _records(dice: random.Random, count: int) -> list[Record]:
    """Records that meet, agree and contradict each other in every way: few values, freely combined."""
    found = []
    for number in range(count):
        record = make_record(
            dice.choice(["紅樓夢", "红楼梦", "紅樓夢研究", "Hong lou meng", "Poems"]),
            f"{dice.choice('abc')}:{number}",
            author=dice.choice(["曹雪芹", "Cao, Xueqin", ""]),
            publisher=dice.choice(["里仁書局", "三民書局", ""]),
            isbn=dice.choice([(), (), ISBN, OTHER_ISBN, (ISBN, OTHER_ISBN)]),
            year=dice.choice([None, 1984, 1984, 1985]),
            pages=dice.choice([None, 300, 300, 450]),
            edition=dice.choice(["", "", "初版", "二版"]),
        )
        found.append(record)
    return found


def _groups(catalogue: Catalogue) -> set[frozenset[RecordRef]]:
    groups: dict[str, set[RecordRef]] = {}
    for ref, edition in catalogue.editions_of_all().items():
        groups.setdefault(edition, set()).add(ref)
    return {frozenset(group) for group in groups.values()}


@contextmanager
def _new_catalogue() -> Iterator[Catalogue]:
    with TemporaryDirectory() as folder:
        store = Store.open(f"sqlite:///{folder}/catalogue.sqlite3")
        yield Catalogue(store.engine)
        store.close()


@pytest.mark.parametrize("largest_block", [40, 4], ids=["whole blocks", "blocks too large to compare whole"])
@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_any_order_and_any_increments_end_with_the_editions_of_a_load_from_scratch(
    seed: int, largest_block: int
) -> None:
    dice = random.Random(seed)
    wanted = _records(dice, 24)
    others = [
        replace(record, identifier=wanted[n].identifier, library=wanted[n].library)
        for n, record in enumerate(_records(dice, 24))
    ]
    with pytest.MonkeyPatch.context() as patch:
        for module in (blocks, matching):
            patch.setattr(module, "LARGEST_BLOCK", largest_block)
        patch.setattr(blocks, "NEIGHBOURS", 2)
        with _new_catalogue() as scratch:
            _apply(scratch, wanted)
            expected = _groups(scratch)
        with _new_catalogue() as catalogue:
            matcher = Matcher(remembered=10)
            steps: list[tuple[list[Record], list[RecordRef]]] = []
            for _ in range(6):  # on the way: other versions of the records, and deletions
                some = dice.sample(others, 7)
                steps.append((some, [record.ref for record in dice.sample(others, 3)]))
            final = list(wanted)
            dice.shuffle(final)
            steps += [(final[start : start + 5], []) for start in range(0, len(final), 5)]
            for records, deleted in steps:
                with catalogue.writing() as connection:
                    apply(connection, matcher, map(prepare, records), deleted)
            assert _groups(catalogue) == expected
            _no_id_is_lost(catalogue)


@settings(max_examples=6, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_what_people_judge_and_names_of_authorities_keep_the_result_independent_of_order(seed: int) -> None:
    """Rulings come while records come, change and leave; works are compared too."""
    dice = random.Random(seed)
    wanted = _records(dice, 20)
    others = [
        replace(one, identifier=wanted[n].identifier, library=wanted[n].library)
        for n, one in enumerate(_records(dice, 20))
    ]
    payload = orjson.dumps(["person", "", [{"text": "曹雪芹"}], []])
    names = [
        PreparedAuthority(RecordRef(code, f"authority-{n}"), frozenset({n}), payload) for n, code in enumerate("abc")
    ]
    with _new_catalogue() as scratch:
        _apply(scratch, wanted)
        said = _some_rulings(scratch, [one.ref for one in wanted], dice)
        expected, expected_works = _groups(scratch), _works(scratch)
    with _new_catalogue() as catalogue:
        waiting = list(said)
        steps: list[tuple[list[Record], list[RecordRef]]] = []
        for _ in range(4):
            steps.append((dice.sample(others, 7), [record.ref for record in dice.sample(others, 4)]))
        final = list(wanted)
        dice.shuffle(final)
        steps += [(final[start : start + 4], []) for start in range(0, len(final), 4)]
        for records, deleted in steps:
            with catalogue.writing() as connection:
                apply(connection, Matcher(), map(prepare, records), deleted, names=dice.sample(names, 1))
            if dice.random() < 0.5:
                _follow_works(catalogue)
            dice.shuffle(waiting)
            waiting = [one for one in waiting if not (dice.random() < 0.5 and _is_judged(catalogue, one))]
        for one in waiting:
            assert _is_judged(catalogue, one)
        assert _groups(catalogue) == expected
        assert _works(catalogue) == expected_works
        _no_id_is_lost(catalogue)
        for ruling in catalogue.rulings():
            withdraw(catalogue, ruling.number, because="for now", by="Chen", at=AT)
        with _new_catalogue() as unruled:
            _apply(unruled, wanted)
            assert _groups(catalogue) == _groups(unruled), "and withdrawing them all leaves nothing behind"


_Said = tuple[RecordRef, RecordRef, RulingVerdict]


def _some_rulings(catalogue: Catalogue, refs: list[RecordRef], dice: random.Random) -> list[_Said]:
    """Up to six rulings that do not contradict each other, made."""
    made: list[_Said] = []
    for _ in range(6):
        a, b = dice.sample(refs, 2)
        verdict: RulingVerdict = "same" if dice.random() < 0.5 else "different"
        with suppress(RulingRefused):
            if not judge(catalogue, a, b, verdict, because="seen", by="Chen", at=AT).repeated:
                made.append((a, b, verdict))
    return made


def _is_judged(catalogue: Catalogue, said: _Said) -> bool:
    """Makes a ruling, unless one of its records is not there just now."""
    a, b, verdict = said
    try:
        judge(catalogue, a, b, verdict, because="seen", by="Chen", at=AT)
    except NoSuchRecord:
        return False
    return True


def _follow_works(catalogue: Catalogue) -> None:
    with catalogue.writing() as connection:
        works.follow_rules(connection)
        works.follow_editions(connection)


def _works(catalogue: Catalogue) -> set[frozenset[RecordRef]]:
    """The records of each work of several editions."""
    _follow_works(catalogue)
    return works_of_several(catalogue)


@given(st.randoms())
@settings(max_examples=5, deadline=None)
def test_the_same_records_in_one_batch_get_the_same_ids_in_any_order(dice: random.Random) -> None:
    records = _records(random.Random(7), 20)
    with _new_catalogue() as one, _new_catalogue() as other:
        _apply(one, records)
        dice.shuffle(records)
        _apply(other, records)
        assert one.editions_of_all() == other.editions_of_all()


def _no_id_is_lost(catalogue: Catalogue) -> None:
    """Every live record has a live edition, every live edition a record, every redirect a target that is not moved."""
    live = set(catalogue.editions_of_all().values())
    with catalogue.engine.connect() as connection:
        assert set(rows.live_editions(connection, "", 1000)) == live
        moved = {e.id: e.target for e in rows.editions(connection, _all_ids(catalogue)).values() if e.status == "moved"}
        targets = rows.editions(connection, {target for target in moved.values() if target})
        assert all(target.status != "moved" for target in targets.values())


def _all_ids(catalogue: Catalogue) -> list[str]:
    with catalogue.engine.connect() as connection:
        return list(connection.execute(select(editions.c.id)).scalars())
