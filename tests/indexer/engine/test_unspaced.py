from __future__ import annotations

import pytest

from indexer.engine.nodes import All, Boost, Phrase
from indexer.engine.unspaced import LONGEST, broken, ends, in_parts, may_be_broken, written_parts


def ways(run: str) -> set[str]:
    return {"|".join("".join(part) for part in parts) for parts in broken(list(run))}


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


def test_a_run_is_broken_where_both_sides_have_two_characters_and_a_short_one_twice() -> None:
    assert ways("春樹村上") == {"春樹|村上"}
    assert ways("紅樓夢曹雪芹") == {"紅樓|夢曹雪芹", "紅樓夢|曹雪芹", "紅樓夢曹|雪芹", "紅樓|夢曹|雪芹"}
    assert len(ways("夢" * LONGEST)) == LONGEST - 3


def test_a_word_does_not_end_between_two_kana() -> None:
    assert ways("村上のもり挪威") == {"村上|のもり挪威", "村上のもり|挪威", "村上|のもり|挪威"}


def test_every_part_has_to_be_found_and_adds_to_the_score_where_it_stands() -> None:
    left, right = ("春", "樹"), ("村", "上")
    assert in_parts("all", list("春樹村上"), {"creator": 3.0}) == All(
        (Phrase("all", left), Phrase("all", right)),
        (Boost(Phrase("creator", left), 3.0), Boost(Phrase("creator", right), 3.0)),
    )


@pytest.mark.parametrize(
    ("text", "expected", "why"),
    [
        ("红楼梦曹雪芹", {"红楼梦", "曹雪芹"}, "parts of a run, not folded"),
        ("红楼梦 曹雪芹", {"红楼梦", "曹雪芹"}, "words"),
        ("红楼梦，曹雪芹", {"红楼梦", "曹雪芹"}, "parted by a sign"),
    ],
)
def test_parts_are_taken_as_written(text: str, expected: set[str], why: str) -> None:
    assert set(written_parts(text)) >= expected, why


@pytest.mark.parametrize("text", ["红楼梦", "wuthering heights", "", "，"])
def test_a_whole_title_and_other_scripts_have_no_parts(text: str) -> None:
    assert list(written_parts(text)) == []


def test_a_title_may_be_what_begins_or_ends_a_run() -> None:
    assert set(ends("紅樓夢曹雪芹")) >= {"紅樓夢", "曹雪芹", "紅樓", "紅樓夢曹", "夢曹雪芹", "雪芹"}
    assert not any(len(end) < 2 for end in ends("紅樓夢曹雪芹"))
