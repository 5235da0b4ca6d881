"""Numbers in titles come out in digits however they were written, and nothing else does."""

from __future__ import annotations

import pytest

from indexer.profile import form
from indexer.title_numbers import chinese_in_digits, english_in_digits, pinyin_in_digits


@pytest.mark.parametrize(
    ("text", "digits", "why"),
    [
        ("大江大海一九四九", "大江大海1949", "a year, figure by figure"),
        ("二十世紀", "20世紀", "a number below a hundred"),
        ("一千零一夜", "1001夜", "a number with a zero"),
        ("唐詩三百首", "唐詩300首", "hundreds"),
        ("三國演義", "三國演義", "one figure is a word"),
        ("千百年來", "千百年來", "units alone count nothing"),
        ("一二三四五六七八九", "一二三四五六七八九", "too long for a number"),
    ],
)
def test_chinese_numbers(text: str, digits: str, why: str) -> None:
    assert chinese_in_digits(text) == digits, why


@pytest.mark.parametrize(
    ("text", "digits", "why"),
    [
        ("nineteen eighty four", "1984", "a year in two parts"),
        ("hundred and one dalmatians", "101 dalmatians", "an article was before it"),
        ("fahrenheit four fifty one", "fahrenheit 451", "digits read apart"),
        ("two thousand and one a space odyssey", "2001 a space odyssey", "thousands"),
        ("one hundred years of solitude", "100 years of solitude", "hundreds"),
        ("catch twenty two", "catch 22", "tens"),
        ("seven samurai", "seven samurai", "all write it so"),
        ("twenty first century", "twenty first century", "an ordinal"),
        ("a hundred reasons", "a hundred reasons", "a hundred alone is no number"),
        ("tale of two cities", "tale of two cities", "the twin: no number"),
    ],
)
def test_english_numbers(text: str, digits: str, why: str) -> None:
    assert english_in_digits(text) == digits, why


@pytest.mark.parametrize(
    ("text", "digits", "why"),
    [
        ("da jiang da hai yi jiu si jiu", "da jiang da hai 1949", "a year"),
        ("yi jiu ba si", "1984", "a title that is one"),
        ("er ling ling si nian", "2004 nian", "ling is nought"),
        ("yi er san", "yi er san", "too few to be sure"),
        ("wu shi nian lai", "wu shi nian lai", "fifty years, of which shi is no figure"),
    ],
)
def test_pinyin_numbers(text: str, digits: str, why: str) -> None:
    assert pinyin_in_digits(text) == digits, why


def test_a_title_meets_itself_in_all_its_spellings() -> None:
    forms = [form("大江大海一九四九"), form("大江大海1949"), form("大江大海 1949")]
    assert {one.vernacular for one in forms} == {"大江大海1949"}
    assert {one.joined for one in (*forms, form("Da jiang da hai yi jiu si jiu"))} == {forms[0].joined}
