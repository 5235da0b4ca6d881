"""Which part a record is of, in every way catalogues write it."""

from __future__ import annotations

import pytest

from indexer.designations import correspond, part_numbers, without_part

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
    ("三年級上學期", ("3", "上"), "a grade and its term"),
    ("Book one", ("1",), "an English word"),
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
        ("航海王01", "航海王", ("1",), "digits behind the title"),
        ("進擊的巨人１", "進擊的巨人", ("1",), "of full width"),
        ("普通高級中學數學II", "普通高級中學數學", ("2",), "Roman"),
        ("進擊的巨人 Vol.12", "進擊的巨人", ("12",), "with a Latin word"),
        ("國民小學國語(三上)", "國民小學國語", ("3", "上"), "a grade and its term"),
        ("第十屆漢學研究國際會議論文集", "漢學研究國際會議論文集", ("10",), "a session before the title"),
        ("1Q84 BOOK1", "1Q84", ("1",), "without a blank"),
        ("1Q84 Book one", "1Q84", ("1",), "in words"),
        ("大江大海1949", "大江大海1949", (), "a year is of the title"),
        ("第三次世界大戰", "第三次世界大戰", (), "no session"),
        ("Part one", "Part one", (), "a title that is nothing else"),
    ],
)
def test_a_title_gives_up_the_designation_at_its_end(
    title: str, proper: str, numbers: tuple[str, ...], why: str
) -> None:
    assert without_part(title) == (proper, numbers), why


@pytest.mark.parametrize(
    ("parts", "others", "one", "why"),
    [
        (("上",), ("1",), True, "the first of two or three"),
        (("中",), ("2",), True, "the second of three"),
        (("下",), ("2",), True, "the last of two"),
        (("下",), ("3",), True, "the last of three"),
        (("上",), ("2",), False, "another"),
        (("下",), ("1",), False, "another"),
        (("3", "上"), ("3", "1"), True, "a grade's first term"),
        (("3", "上"), ("1",), False, "a grade's term is more than a number"),
        (("102",), ("2013",), True, "a year of the Republic"),
        (("102",), ("2014",), False, "another year"),
        (("5",), ("1916",), False, "so low a number counts volumes"),
    ],
)
def test_designations_that_may_be_of_one_part(
    parts: tuple[str, ...], others: tuple[str, ...], one: bool, why: str
) -> None:
    assert correspond(parts, others) is one, why
    assert correspond(others, parts) is one, why
