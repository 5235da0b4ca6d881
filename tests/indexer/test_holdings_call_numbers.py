from __future__ import annotations

import pytest

from indexer.holdings.call_numbers import Parts, is_year, mark_and_year, parts


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
        ("857.7 8354 (2)", Parts(), "a second volume, or a second edition: not guessed"),
        ("857.49/8765", Parts(), "a divided class, or class and mark: not guessed"),
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
    ("text", "found"),
    [
        ("8765 2004", ("8765", "2004")),
        (".S2 A26 1998", (".S2 A26", "1998")),
        ("8765", ("8765", "")),
        ("12 82", ("12 82", "")),
    ],
)
def test_an_item_part_ends_in_a_year_or_not(text: str, found: tuple[str, str]) -> None:
    assert mark_and_year(text) == found


@pytest.mark.parametrize(("text", "year"), [("2004", True), ("93", True), ("88-3", True), ("v.1", False), ("36", True)])
def test_a_year_is_told_from_a_volume(text: str, year: bool) -> None:
    assert is_year(text) is year
