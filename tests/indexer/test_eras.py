from __future__ import annotations

import re
from itertools import pairwise

import pytest

from indexer.eras import ERAS, Era, hijri_year, in_common_era, sexagenary_year


def era(name: str) -> Era:
    return next(one for one in ERAS if re.match(one.names, name))


@pytest.mark.parametrize(
    ("name", "year", "ours"),
    [
        ("民國", 93, 2004),
        ("昭和", 64, 1989),
        ("昭和", 65, None),
        ("光緒", 34, 1908),
        ("光緒", 35, None),
        ("民國", 0, None),
    ],
)
def test_an_era_has_the_years_it_had(name: str, year: int, ours: int | None) -> None:
    assert in_common_era(era(name), year) == ours


@pytest.mark.parametrize(
    ("name", "cycle", "ours", "why"),
    [
        ("光緒", "甲申", 1884, "once in the reign"),
        ("宣統", "辛亥", 1911, "its last"),
        ("宣統", "甲申", None, "never in the reign"),
        ("康熙", "壬寅", None, "twice: which is not known"),
        ("民國", "甲子", None, "not counted so"),
    ],
)
def test_the_cycle_of_sixty_names_a_year_of_a_reign(name: str, cycle: str, ours: int | None, why: str) -> None:
    assert sexagenary_year(era(name), cycle) == ours, why


def test_reigns_follow_each_other_without_gap_or_overlap() -> None:
    qing = [era(name) for name in ("順治", "康熙", "雍正", "乾隆", "嘉慶", "道光", "咸豐", "同治", "光緒", "宣統")]
    for before, after in pairwise(qing):
        assert before.years is not None
        assert after.offset - before.offset in (before.years, before.years - 1)


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("1425 H", 2004),
        ("1425 A.H.", 2004),
        ("A.H. 1300", 1882),
        ("H. 1425", 2004),
        ("H.1425", 2004),
        ("1425 hijri", 2004),
        ("Hicrî 1425", 2004),
        ("Ph. 1425", None),
        ("1383 A.H.S.", 2004),
        ("1383 Hijrī Shamsī", 2004),
        ("1425 Hijrī", 2004),
        ("Hijrah 1425", 2004),
        ("1425 هجرية", 2004),
        ("伊斯蘭曆1425", 2004),
        ("1425 Hijaz", None),
        ("回曆1400", 1979),
        ("1425", None),
        ("2004 H", None),
        ("", None),
    ],
)
def test_a_year_of_the_hijra_is_one_only_where_it_says_so(text: str, year: int | None) -> None:
    assert hijri_year(text) == year
