from __future__ import annotations

import pytest

from indexer.holdings.call_numbers import Parts, is_surely_year, is_year, item_parts, parts, tail_parts


@pytest.mark.parametrize(
    ("text", "found", "why"),
    [
        ("857.49 8765", Parts("", "857.49", "8765"), "class and author mark, the least there is"),
        ("R 857.49 8765 2004 v.2 c.1", Parts("R", "857.49", "8765", "2004", "v.2", "c.1"), "all six"),
        ("參考 857 8765", Parts("參考", "857", "8765"), "a collection in Chinese"),
        ("873.57 2743-2 93", Parts("", "873.57", "2743-2", "93"), "a year of the Republic"),
        ("857.7 8354 第3冊", Parts("", "857.7", "8354", "", "第3冊"), "a volume in Chinese"),
        ("R 857.63 8644-3 2004 v.2 c.2", Parts("R", "857.63", "8644-3", "2004", "v.2", "c.2"), "a mark with its work"),
        ("857.7 846", Parts("", "857.7", "846"), "a mark of three figures"),
        ("J 861.57 4422 95", Parts("J", "861.57", "4422", "95"), "a children's collection, a year of the Republic"),
        ("857 86 民93", Parts("", "857", "86", "民93"), "a year that says whose it is"),
        (
            "特藏 857.49 8765 2004 第二冊",
            Parts("特藏", "857.49", "8765", "2004", "第二冊"),
            "a volume in Chinese numerals",
        ),
        ("857.7 8354 上", Parts("", "857.7", "8354", "", "上"), "the first of two"),
        ("857.7 8354 下冊 c.2", Parts("", "857.7", "8354", "", "下冊", "c.2"), "the last, second copy"),
        ("857.7 8354 冊2", Parts("", "857.7", "8354", "", "冊2"), "the caption before the number"),
        ("857.7 8276 第2冊 複本3", Parts("", "857.7", "8276", "", "第2冊", "複本3"), "a copy in Chinese"),
        ("857.7 8276 複2", Parts("", "857.7", "8276", "", "", "複2"), "the same in short"),
        ("857.7 8276 第二冊 複本二", Parts("", "857.7", "8276", "", "第二冊", "複本二"), "both in numerals"),
        ("857.7 8276 v.2 copy 2", Parts("", "857.7", "8276", "", "v.2", "copy 2"), "a copy in words"),
        ("857.7 8276 2004, v.2, c.3", Parts("", "857.7", "8276", "2004", "v.2", "c.3"), "parted by commas"),
        ("857.7 8276 vol 2", Parts("", "857.7", "8276", "", "vol 2"), "a volume in words without its point"),
        ("857.7 8276 第1-3冊", Parts("", "857.7", "8276", "", "第1-3冊"), "several volumes"),
        ("857.7 8276 (第2冊) (c.1)", Parts("", "857.7", "8276", "", "第2冊", "c.1"), "both in brackets"),
        ("857.7／8276：3", Parts("", "857.7", "8276", "", "3"), "signs of full width"),
        ("８５７．７　８２７６　ｖ．２", Parts("", "857.7", "8276", "", "v.2"), "all of full width"),
        ("857.7/8276/v.2", Parts("", "857.7", "8276", "", "v.2"), "a third stroke before the volume"),
        ("857.7/8276 第2冊 複本3", Parts("", "857.7", "8276", "", "第2冊", "複本3"), "a stroke, then blanks"),
        ("857.7/8276 c.2", Parts("", "857.7", "8276", "", "", "c.2"), "a copy tells it as well"),
        ("R 857.7/8276:2/c.1", Parts("R", "857.7", "8276", "", "2", "c.1"), "strokes and a collection"),
        ("857.7/8276 c2", Parts(), "a copy, or the mark of a divided class: not guessed"),
        ("PL2687.C8 H813 2004 v.1 copy 2", Parts("", "PL2687", "C8 H813", "2004", "v.1", "copy 2"), "of LC's too"),
        ("857.7 8276 複製本", Parts(), "a reproduction counts nothing"),
        ("857.7 8354 (2)", Parts(), "a second volume, or a second edition: not guessed"),
        ("857.49/8765", Parts(), "a divided class, or class and mark: not guessed"),
        ("857.7/8276:2", Parts("", "857.7", "8276", "", "2"), "a number of a volume after strokes: class and mark"),
        ("REF PL2687.C8 H813 2004 v.1 c.2", Parts("REF", "PL2687", "C8 H813", "2004", "v.1", "c.2"), "LC's too"),
        ("CB H523L2", Parts(), "two letters may be a class: not guessed"),
        ("863.57 8557.4 2004", Parts("", "863.57", "8557.4", "2004"), "a mark with its work after a point"),
        ("857.7 8276 2004 c2", Parts("", "857.7", "8276", "2004", "", "c2"), "a copy without its point"),
        ("857.7 8276 v2", Parts("", "857.7", "8276", "", "v2"), "a volume without its point"),
        ("857.7 c2", Parts("", "857.7", "c2"), "where a mark has to stand, it is the mark"),
        ("PL2687.C8 C2", Parts("", "PL2687", "C8 C2"), "a capital is a cutter's"),
        ("(特)857.7 8765 V.3", Parts("特", "857.7", "8765", "", "V.3"), "a collection in brackets"),
        ("(特) PL2687.C8", Parts("特", "PL2687", "C8"), "the same, and a blank"),
        ("I247.5 1234", Parts(), "a class of mainland China's scheme: not known"),
        ("PL2687.C8 H813 2004 v.1 c.2", Parts("", "PL2687", "C8 H813", "2004", "v.1", "c.2"), "LC with everything"),
        ("PL2687.C8 H813 2004 bk.1", Parts("", "PL2687", "C8 H813", "2004", "bk.1"), "books of a set"),
        ("823.7 A933 1981", Parts("", "823.7", "A933", "1981"), "DDC with a cutter"),
        ("813 GRE", Parts("", "813", "GRE"), "DDC with the first letters of the name"),
        ("PL2727 .S2 A2613 2004", Parts("", "PL2727", "S2 A2613", "2004"), "Library of Congress"),
        ("PR4034.P7 2003b", Parts("", "PR4034", "P7", "2003b"), "a year with its letter"),
        ("PN595.P47 R33 1978 V.1", Parts("", "PN595", "P47 R33", "1978", "V.1"), "a volume in capitals"),
        (
            "QB1 .S55 v.13 no.145 1914",
            Parts("", "QB1", "S55", "", "v.13 no.145 1914"),
            "a year after the volume is its own",
        ),
        ("PR 4030 P4 1983", Parts("", "PR 4030", "P4", "1983"), "a blank within the class"),
        ("BL 545 F4", Parts("", "", "F4"), "class BL545, or 545 in collection BL: not guessed"),
        ("M94.G00395", Parts(), "a shelf mark: cutters do not begin with 0"),
        ("X96.G04040 (Box B2)", Parts(), "a shelf mark"),
        ("fic LP Austen", Parts(), "words"),
        ("5490", Parts(), "a running number"),
        ("", Parts(), "nothing"),
        ("857.49 8765 " * 20, Parts(), "too long to be one"),
    ],
)
def test_a_call_number_is_taken_apart_where_its_way_of_writing_is_known(text: str, found: Parts, why: str) -> None:
    assert parts(text) == found, why


@pytest.mark.parametrize(
    ("text", "found", "why"),
    [
        ("8765 2004", Parts(author_mark="8765", year="2004"), "a mark and a year"),
        (".S2 A26 1998", Parts(author_mark=".S2 A26", year="1998"), "cutters and a year"),
        ("8765", Parts(author_mark="8765"), "no year"),
        ("12 82", Parts(author_mark="12 82"), "a year of the Republic, or part of the mark: not guessed"),
        ("8765 2004 v.2 c.1", Parts(author_mark="8765", year="2004", volume="v.2", copy="c.1"), "all of it"),
        ("8765 第2冊", Parts(author_mark="8765", volume="第2冊"), "a volume without a year"),
        ("F5 " * 100, Parts(author_mark="F5 " * 100), "too long to be looked through"),
    ],
)
def test_what_follows_a_class_is_a_mark_and_may_end_in_more(text: str, found: Parts, why: str) -> None:
    assert item_parts(text) == found, why


@pytest.mark.parametrize(
    ("text", "found", "why"),
    [
        ("2004 v.2 c.3", Parts(year="2004", volume="v.2", copy="c.3"), "all three"),
        ("c.1", Parts(copy="c.1"), "one of them"),
        ("第2冊 複本3", Parts(volume="第2冊", copy="複本3"), "in Chinese"),
        ("FOLIO", Parts(), "a word: the size"),
        ("", Parts(), "nothing"),
    ],
)
def test_the_end_of_a_call_number_is_taken_apart(text: str, found: Parts, why: str) -> None:
    assert tail_parts(text) == found, why


@pytest.mark.parametrize(("text", "year"), [("2004", True), ("93", True), ("88-3", True), ("v.1", False), ("36", True)])
def test_a_year_is_told_from_a_volume(text: str, year: bool) -> None:
    assert is_year(text) is year


@pytest.mark.parametrize(("text", "sure"), [("2004", True), ("民93", True), ("93", False), ("12", False), ("", False)])
def test_a_year_of_four_figures_or_with_its_era_is_surely_one(text: str, sure: bool) -> None:
    assert is_surely_year(text) is sure
