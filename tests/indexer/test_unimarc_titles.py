from __future__ import annotations

import pytest

from indexer import unimarc_titles
from indexer.record import Title
from tests.support.marc import marc

WITHOUT = marc("=001  1\n=999  \\\\$aonly a local field")


def test_200_is_the_title_proper_with_parallel_titles_and_responsibility_apart() -> None:
    record = marc("=200  1\\$a達文西密碼$e特別版$dThe Da Vinci code$h第一冊$i上$f丹.布朗(Dan Brown)著$g尤傳莉譯")
    assert unimarc_titles.titles(record) == (
        Title("達文西密碼", "特別版", "第一冊", "上"),
        Title("The Da Vinci code", kind="parallel"),
    )
    assert unimarc_titles.responsibility(record) == "丹.布朗(Dan Brown)著; 尤傳莉譯"


@pytest.mark.parametrize(
    "romanised", ["=200  1\\$a紅樓夢$9hong lou meng", "=200  1\\$aHong lou meng\n=200  1\\$a紅樓夢"]
)
def test_a_title_in_two_scripts_is_one_title(romanised: str) -> None:
    title, *others = unimarc_titles.titles(marc(romanised))
    assert (title.proper, title.romanised.lower(), others) == ("紅樓夢", "hong lou meng", [])


@pytest.mark.parametrize(
    ("field", "title", "why"),
    [
        ("=500  10$aPride and prejudice", Title("Pride and prejudice", kind="uniform"), "uniform"),
        ("=510  1\\$aTaiwan$zeng", Title("Taiwan", kind="parallel"), "parallel"),
        ("=512  1\\$a封面", Title("封面", kind="cover"), "cover"),
        ("=517  1\\$aVariant", Title("Variant", kind="variant"), "variant"),
        ("=520  1\\$aFormer", Title("Former", kind="former"), "former"),
        ("=454  \\1$12001 $aOriginal", Title("Original", kind="uniform"), "original, embedded as CMARC does"),
        ("=454  \\0$tOriginal", Title("Original", kind="uniform"), "original, in $t"),
        ("=440  \\0$tLater", Title("Later", kind="later"), "continued by"),
        ("=461  \\0$tThe set$v2", Title("The set", part_number="2", kind="host"), "what it is in, and where"),
        ("=464  \\0$tA piece", Title("A piece", kind="contents"), "what is in it"),
        ("=423  \\0$tBound with", Title("Bound with", kind="part"), "issued with"),
        ("=327  \\\\$v第1章$a緒論", Title("緒論", kind="contents"), "a chapter with its number, as CMARC writes it"),
        ("=454  \\1$1700 1$aAusten$1200 1$aOriginal", Title("Original", kind="uniform"), "after its author"),
        ("=454  \\1$aOriginal$zeng", Title("Original", kind="uniform"), "in $a, as CMARC libraries write it"),
        ("=304  \\\\$a封面題名: 封面", Title("封面", kind="cover"), "a note on the title"),
        ("=300  \\\\$a譯自: Original.", Title("Original", kind="uniform"), "in a note"),
        ("=545  1\\$aSection", Title("Section", kind="part"), "section"),
        ("=430  \\0$tEarlier", Title("Earlier", kind="former"), "continues"),
        ("=488  \\0$tFilm of it", Title("Film of it", kind="related"), "related in another way"),
        ("=422  \\0$tThe whole", Title("The whole", kind="related"), "what it is a supplement to"),
    ],
)
def test_other_titles(field: str, title: Title, why: str) -> None:
    assert unimarc_titles.titles(marc(f"=200  1\\$aProper\n{field}")) == (Title("Proper"), title), why


def test_a_record_without_titles_has_none() -> None:
    assert unimarc_titles.titles(WITHOUT) == ()
    assert unimarc_titles.responsibility(WITHOUT) == ""


def test_the_titles_of_others_come_last_and_never_alone() -> None:
    others = "=461  \\0$tHost\n=430  \\0$tEarlier"
    kinds = [title.kind for title in unimarc_titles.titles(marc(f"{others}\n=517  1\\$aVariant\n=200  1\\$aProper"))]
    assert kinds == ["proper", "variant", "former", "host"]
    assert unimarc_titles.titles(marc(others)) == ()


def test_what_follows_a_parallel_title_is_of_that_title() -> None:
    record = marc("=200  1\\$a達文西密碼$e特別版$dThe Da Vinci code$especial edition$zeng")
    assert unimarc_titles.titles(record) == (
        Title("達文西密碼", "特別版"),
        Title("The Da Vinci code", "special edition", kind="parallel"),
    )
    record = marc("=200  1\\$a史記$h卷一$dRecords$hBook one")
    assert unimarc_titles.titles(record) == (
        Title("史記", part_number="卷一"),
        Title("Records", part_number="Book one", kind="parallel"),
    )


def test_a_second_title_of_the_same_maker_is_a_part() -> None:
    assert unimarc_titles.titles(marc("=200  1\\$a阿Q正傳$a狂人日記$f魯迅")) == (
        Title("阿Q正傳"),
        Title("狂人日記", kind="part"),
    )


def test_another_authors_title_in_200_is_a_part() -> None:
    record = marc("=200  1\\$aFirst$fA$cSecond$fB")
    assert unimarc_titles.titles(record) == (Title("First"), Title("Second", kind="part"))


def test_a_linking_field_embeds_others_each_told_by_its_tag() -> None:
    field = marc("=454  \\1$1700 1$aAusten$1200 1$aOriginal$v2$1210  $d1813").field("454")
    assert field is not None
    title = unimarc_titles.embedded(field, "200")
    assert title is not None
    assert (title.ind1, title.ind2, title.subfields) == (" ", "1", (("a", "Original"), ("v", "2")))
    assert unimarc_titles.embedded(field, "500") is None
