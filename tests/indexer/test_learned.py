"""The table of learned weights: it fits what it is about, missing weighs nothing, and it adds up."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.evidence import TOPIC_OF
from indexer.evidence import TOPICS as STATED
from indexer.learned import LEARNED, STEPS, TOPICS, LearnedUnusable, learned, levels_of, parse
from indexer.likeness import Likeness, likeness
from indexer.profile import Profile, profile
from indexer.record import Format
from tests.support.records import make_record

NOTHING = Likeness()


def _table(**changes: Any) -> dict[str, Any]:
    """Weights that are all nought but those given: name → (step, weight)."""
    weights = {name: [0.0] * (len(step.edges) + 1) for name, step in STEPS.items()}
    for name, (step, weight) in changes.items():
        weights[name][step] = weight
    return {"version": "t", "threshold": 1.0, "base": -2.0, "weights": weights, "crosses": []}


def test_every_number_of_likeness_is_cut_into_steps() -> None:
    assert set(STEPS) == set(Likeness._fields)


def test_every_topic_has_statements_that_tell_it() -> None:
    assert set(TOPICS) == set(STATED)
    assert len(TOPIC_OF) == sum(map(len, STATED.values())), "a statement tells one topic"


def test_what_is_missing_weighs_nothing() -> None:
    assert learned().weigh(NOTHING) == [0.0] * len(TOPICS)


def test_of_a_pair_of_which_nothing_is_known_nobody_says_it_is_one_edition() -> None:
    assert learned().base < learned().threshold


@given(st.fixed_dictionaries({}, optional={name: st.floats(0, 100, allow_nan=False) for name in STEPS}))
def test_topics_that_are_missing_weigh_nothing_whatever_else_is_known(values: dict[str, float]) -> None:
    weights = dict(zip(TOPICS, learned().weigh(Likeness(**values)), strict=True))
    known = {STEPS[name].topic for name in values}
    assert all(weight == 0.0 for topic, weight in weights.items() if topic not in known)


def test_a_cross_is_shared_by_its_two_topics_and_needs_both() -> None:
    source = _table(years=(0, 3.0))
    size = (len(STEPS["years"].edges) + 1, len(STEPS["pages"].edges) + 1)
    table = [[0.0] * size[1] for _ in range(size[0])]
    table[0][0] = 1.0
    source["crosses"] = [{"of": ["years", "pages"], "weights": table}]
    found = parse(source)

    def weighed(likeness: Likeness) -> dict[str, float]:
        return {topic: weight for topic, weight in zip(TOPICS, found.weigh(likeness), strict=True) if weight}

    assert weighed(Likeness(years=0.0)) == {"years": 3.0}
    assert weighed(Likeness(years=0.0, pages=0.0)) == {"years": 3.5, "pages": 0.5}
    assert weighed(Likeness(years=1.0, pages=0.0)) == {}


@pytest.mark.parametrize(
    ("value", "level", "why"),
    [
        (None, -1, "missing"),
        (0.0, 0, "below the first edge"),
        (1.0, 1, "an edge belongs to the step above"),
        (60.0, 7, ""),
    ],
)
def test_values_stand_on_steps(value: float | None, level: int, why: str) -> None:
    assert levels_of(Likeness(years=value))[list(STEPS).index("years")] == level, why


def test_a_table_that_does_not_fit_is_refused_by_name() -> None:
    short = _table()
    short["weights"]["pages"] = [0.0]
    with pytest.raises(LearnedUnusable, match="pages"):
        parse(short)
    lacking = _table()
    del lacking["weights"]["years"]
    with pytest.raises(LearnedUnusable, match="years"):
        parse(lacking)


def test_the_file_says_what_it_was_learned_from_and_how_well_that_went() -> None:
    source = tomllib.loads(LEARNED.read_text(encoding="utf-8"))
    assert source["pairs"]
    assert source["out_of_fold"]["precision"] >= 0.995


def test_serials_are_not_compared_by_extent_and_edition() -> None:
    def journal(**fields: Any) -> Profile:
        return profile(make_record("歷史研究", format=Format.SERIAL, **fields))

    found = likeness(journal(year=1954, pages=80, edition="2nd ed."), journal(year=1999, pages=90, edition="3rd ed."))
    assert (found.titles, found.years, found.pages, found.editions) == (100.0, None, None, None)


def test_of_books_the_same_is_compared() -> None:
    one, other = (profile(make_record("Emma", year=year, pages=year)) for year in (1954, 1999))
    found = likeness(one, other)
    assert (found.years, found.pages) == (45.0, 45.0)


def test_likeness_is_the_same_both_ways_and_reads_characters_as_words() -> None:
    one, other = (
        profile(make_record("紅樓夢校注", publisher="里仁書局")),
        profile(make_record("红楼梦", publisher="里仁")),
    )
    assert likeness(one, other) == likeness(other, one)
    assert likeness(one, other).words_of_one == 2.0
