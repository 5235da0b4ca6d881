"""Which part a record is of, in every way catalogues write it."""

from __future__ import annotations

import pytest

from indexer.designations import part_numbers, without_part

DESIGNATIONS = [
    ("v. 2, pt. 1", ("2", "1"), "a part of a volume"),
    ("第二冊", ("2",), "characters"),
    ("Di 2 ce", ("2",), "Pinyin; di is no Roman number"),
    ("Di shi yi ce", ("11",), "a number in Pinyin"),
    ("dai 3-kan", ("3",), "Japanese in letters"),
    ("Tập II", ("2",), "Vietnamese"),
    ("เล่ม 1", ("1",), "Thai"),
    ("第58回", ("58",), "a Japanese yearbook"),
    ("第58回(2009)", ("58",), "the same with its year"),
    ("2009", ("2009",), "a year alone counts"),
    ("民國99年版", ("2010",), "a year of the Republic"),
    ("Minguo 99 nian ban", ("2010",), "the same in Pinyin"),
    ("平成24年版", ("2012",), "a year of a Japanese era"),
    ("Heisei 24-nenban", ("2012",), "the same in letters"),
    ("上冊", ("上",), "the first of two or three"),
    ("DI", ("501",), "alone it is Roman"),
    ("", (), "nothing"),
]


@pytest.mark.parametrize(("text", "numbers", "why"), DESIGNATIONS)
def test_a_designation_is_its_numbers(text: str, numbers: tuple[str, ...], why: str) -> None:
    assert part_numbers(text) == numbers, why


@pytest.mark.parametrize(
    ("title", "proper", "numbers", "why"),
    [
        ("觀光白書. 平成24年版", "觀光白書", ("2012",), "a year's edition"),
        ("戶口統計 民國73年", "戶口統計", ("1984",), "a year of an era alone"),
        ("公報彙編 (95年)", "公報彙編", ("95",), "a year in brackets"),
        ("我的1949年", "我的1949年", (), "a year that belongs to the words before"),
        ("統計年報 108年度", "統計年報", ("108",), "a budget year"),
        ("헌법학 원론 2009년판", "헌법학 원론", ("2009",), "Korean"),
        ("論文集. 第13屆", "論文集", ("13",), "a conference"),
        ("Lịch sử Việt Nam tập 2", "Lịch sử Việt Nam", ("2",), "Vietnamese"),
        ("รายงานประจำปี 2545", "รายงานประจำปี", ("2545",), "a year behind a Thai title"),
        ("Statistik Indonesia 2009", "Statistik Indonesia 2009", (), "in Latin letters it may be of the title"),
        ("萬曆十五年", "萬曆十五年", (), "a year that is the title"),
        ("108年度統計年報", "108年度統計年報", (), "it is taken off at the end only"),
        ("我的第一本書", "我的第一本書", (), "nor from the middle"),
    ],
)
def test_a_title_gives_up_the_designation_at_its_end(
    title: str, proper: str, numbers: tuple[str, ...], why: str
) -> None:
    assert without_part(title) == (proper, numbers), why
