from __future__ import annotations

import pytest

from indexer.engine.nodes import All, AnyOf, Node, Phrase, any_of
from indexer.engine.nodes import Any as Some
from indexer.engine.unspaced import LONGEST, ends, in_parts, may_be_broken


def pair(two: str) -> Phrase:
    return Phrase("all", (two[0], two[1]))


def required(run: str) -> tuple[Node, ...]:
    node = in_parts("all", list(run))
    assert isinstance(node, All)
    return node.required


@pytest.mark.parametrize(
    ("run", "expected", "why"),
    [
        ("紅樓夢", False, "three characters cannot be two words of two"),
        ("春樹村上", True, "four can"),
        ("のるうぇいのもり", False, "kana spell on: nothing says where a word ends"),
        ("한국문학", False, "so does Hangul"),
        ("夢" * (LONGEST + 1), False, "a sentence stands as it is"),
    ],
)
def test_a_run_may_be_several_words(run: str, expected: bool, why: str) -> None:
    assert may_be_broken(list(run)) is expected, why


def test_the_first_and_the_last_pair_have_to_be_found_and_one_of_each_two_neighbours() -> None:
    assert required("春樹村上") == (pair("春樹"), pair("村上"))
    assert required("紅樓夢曹雪芹") == (
        pair("紅樓"),
        any_of([pair("樓夢"), pair("夢曹")]),
        any_of([pair("夢曹"), pair("曹雪")]),
        pair("雪芹"),
    )


def test_a_word_does_not_end_between_two_kana() -> None:
    asked = required("村上のもり挪威")
    assert pair("のも") in asked
    assert pair("もり") in asked
    assert not any(isinstance(node, Some) and pair("もり") in node.choices for node in asked)
    assert not any(isinstance(node, AnyOf) for node in asked)


def test_a_title_may_be_what_begins_or_ends_a_run() -> None:
    assert set(ends("紅樓夢曹雪芹")) >= {"紅樓夢", "曹雪芹", "紅樓", "紅樓夢曹", "夢曹雪芹", "雪芹"}
    assert not any(len(end) < 2 for end in ends("紅樓夢曹雪芹"))
