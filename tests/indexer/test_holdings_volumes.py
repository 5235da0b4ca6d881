from __future__ import annotations

import random

import pytest

from indexer.holdings.volumes import volume_key

SHELVES: tuple[tuple[tuple[str, ...], str], ...] = (
    (("", "v.1", "v.2", "v.10"), "by number, not by letter"),
    (("第1冊", "第2冊", "第十冊", "第12冊"), "numbers in Chinese too"),
    (("上", "中", "下"), "three volumes"),
    (("上冊", "下冊"), "two"),
    (("第1卷第2期", "第1卷第10期", "第2卷第1期"), "volume, then issue"),
    (("12:3", "12:11", "13:1"), "with a colon"),
    (("v.12 no.3 (2001)", "v.12 no.4 (2001)", "v.13 no.1 (2002)"), "with the year"),
    (("v.1", "v.1-3", "v.2"), "one bound with others after it alone"),
    (("1998", "1999", "2000 index"), "years"),
    (("v.1", "v.2", "Index"), "what has no number comes last"),
    (("Bd. IV", "Bd. V", "Bd. IX"), "Roman numbers"),
    (("V.1", "V.2", "V.11"), "captions in capitals"),
    (("pt. A", "pt. B", "pt. C", "pt. D"), "letters"),
    (("甲", "乙", "丁"), "heavenly stems"),
    (("上之一", "上之二", "下之一"), "parts of parts"),
    (("1", "2", "附錄"), "an appendix"),
)


@pytest.mark.parametrize(("shelf", "why"), SHELVES)
def test_volumes_stand_in_order(shelf: tuple[str, ...], why: str) -> None:
    mixed = list(shelf)
    random.Random(7).shuffle(mixed)
    assert tuple(sorted(mixed, key=volume_key)) == shelf, why


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("v.2", "第2冊", True),
        ("v.2", "第二冊", True),
        ("vol. 2", "2", True),
        ("冊2", "(二)", True),
        ("12卷3期", "v.12:no.3", True),
        ("上", "上冊", True),
        ("上", "v.1", False),
        ("v.1-3", "v.1:no.3", False),
        ("v.1", "v.1 c.2", False),
        ("三國志", "三", False),
        ("Index v.1", "v.1", False),
    ],
)
def test_ways_of_writing_one_volume_are_one(one: str, other: str, same: bool) -> None:
    assert (volume_key(one) == volume_key(other)) is same


def test_no_volume_is_none() -> None:
    assert volume_key("") == ()


def test_a_text_that_is_no_volume_costs_no_more_than_its_size() -> None:
    assert len(volume_key("三" * 100_000)) == 1
