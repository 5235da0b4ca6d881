"""What suppliers and catalogues write beside a title comes off it, and nothing else does."""

from __future__ import annotations

import pytest

from search_api.selecting.titles import Parted, parted, stripped

ADDED = [
    ("臺灣肚皮(平裝)", "臺灣肚皮", "", "a binding"),
    ("【精裝】臺灣肚皮", "臺灣肚皮", "", "before it"),
    ("臺灣肚皮[平裝]", "臺灣肚皮", "", "in other brackets"),
    ("臺灣肚皮(二版)", "臺灣肚皮", "二版", "an edition"),
    ("臺灣肚皮(附CD)", "臺灣肚皮", "", "what goes with it"),
    ("臺灣肚皮(電子書)", "臺灣肚皮", "", "a form"),
    ("臺灣肚皮（新版）", "臺灣肚皮", "新版", "wide brackets"),
    ("臺灣肚皮〔增訂版〕", "臺灣肚皮", "增訂版", "others"),
    ("臺灣肚皮 精裝", "臺灣肚皮", "", "no brackets"),
    ("1.臺灣肚皮", "臺灣肚皮", "", "a number in the list"),
    ("12、臺灣肚皮（二版,平裝）", "臺灣肚皮", "二版", "several at once"),
    ("《臺灣肚皮》", "臺灣肚皮", "", "the signs of a title"),
    ("Green Island (pbk.)", "Green Island", "", "in English"),
    ("Green Island [Paperback]", "Green Island", "", "a word"),
    ("Green Island, 1st ed.", "Green Island", "1st ed.", "behind a comma"),
    ("Green Island (2nd edition, hardcover)", "Green Island", "2nd edition", "both"),
    ("電子書", "電子書", "", "a title of nothing else"),
    ("電子書製作入門", "電子書製作入門", "", "a title that begins so"),
    ("2.5次元的誘惑", "2.5次元的誘惑", "", "a number of the title"),
    ("1984", "1984", "", "a number that is the title"),
    ("進撃の巨人 2", "進撃の巨人 2", "", "a volume"),
    ("紅樓夢(上)", "紅樓夢(上)", "", "a part"),
    ("The paperback revolution", "The paperback revolution", "", "a word within"),
]


@pytest.mark.parametrize(("written", "title", "edition", "why"), ADDED)
def test_what_suppliers_add_is_not_of_the_title(written: str, title: str, edition: str, why: str) -> None:
    found = stripped(written)
    assert (found.title, found.edition) == (title, edition), why


PARTS = [
    ("1Q84 Book 3 10月-12月", Parted("1Q84", "Book 3", "10月-12月")),
    ("臺灣蝴蝶圖鑑 上 弄蝶鳳蝶粉蝶", Parted("臺灣蝴蝶圖鑑", "上", "弄蝶鳳蝶粉蝶")),
    ("鄭愁予詩集 I 1951-1968", Parted("鄭愁予詩集", "I", "1951-1968")),
    (
        "The story of the stone Volume 5 The dreamer wakes",
        Parted("The story of the stone", "Volume 5", "The dreamer wakes"),
    ),
    ("The story of the stone", None),
    ("半生緣", None),
    ("進撃の巨人 2", None),
]


@pytest.mark.parametrize(("written", "parts"), PARTS)
def test_number_and_name_of_a_part_are_read_off_a_title(written: str, parts: Parted | None) -> None:
    assert parted(written) == parts
