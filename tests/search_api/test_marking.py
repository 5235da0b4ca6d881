"""What was typed is marked where it stands in a title, in whatever characters, marks and case it stands there."""

from __future__ import annotations

import pytest

from search_api.marking import Marking

MARKED = [
    ("紅樓夢", "紅樓夢校注", ["紅樓夢"], "as typed"),
    ("紅樓夢", "红楼梦", ["红楼梦"], "in simplified characters"),
    ("红楼梦", "白先勇細說紅樓夢", ["紅樓夢"], "in the middle, and the other way round"),
    ("truyen kieu", "Truyện Kiều", ["Truyện", "Kiều"], "without the marks of Vietnamese"),
    ("DREAM", "A dream of red mansions", ["dream"], "in another case"),
    ("dream", "Daydreams", [], "not in the middle of a word"),
    ("drea", "A dream", ["drea"], "at the beginning of one"),
    ("Đất", "Đất rừng phương Nam", ["Đất"], "letters that are not marks alone"),
    ("紅樓夢 曹雪芹", "紅樓夢", ["紅樓夢"], "each of several words"),
    ("title:紅樓夢", "紅樓夢", ["紅樓夢"], "what is sought in titles"),
    ("creator:紅樓夢", "紅樓夢", [], "not what is sought elsewhere"),
    ("紅樓夢 -校注", "紅樓夢校注", ["紅樓夢"], "nor what is excluded"),
    ("紅 OR 夢", "紅樓夢", ["紅", "夢"], "either of two"),
    ("honglou meng", "白先勇細說紅樓夢", ["紅樓夢"], "as it reads"),
    ("hung lou meng", "紅樓夢", ["紅樓夢"], "in Wade-Giles"),
    ("ㄏㄨㄥˊㄌㄡˊㄇㄥˋ", "紅樓夢", ["紅樓夢"], "in Zhuyin"),
    ("honglou meng", "Honglou meng 紅樓夢", ["Honglou", "meng"], "what is written so, before what reads so"),
    ("meng", "紅樓夢", [], "a single syllable is a word of other languages"),
    ("dream meng", "紅樓夢", [], "one of the words is not Chinese"),
    ("", "紅樓夢", [], "nothing was typed"),
    (".*", "a.*b", [], "signs are no patterns"),
    ("a", "A tale of a tub", [], "single letters would mark half of it"),
]


@pytest.mark.parametrize(("typed", "title", "marked", "why"), MARKED)
def test_what_was_typed_is_marked(typed: str, title: str, marked: list[str], why: str) -> None:
    pieces = Marking.of(typed).pieces(title)
    assert [text for text, on in pieces if on] == marked, why
    assert "".join(text for text, _ in pieces) == title, "nothing of the title is lost or changed"


def test_the_forms_found_besides_the_typed_one_are_told_once_with_their_language() -> None:
    titles = [("紅樓夢", "zh-Hant"), ("红楼梦", "zh-Hans"), ("紅楼夢", "ja"), ("红楼梦 下", "zh-Hans"), ("Dream", "en")]
    assert Marking.of("紅樓夢").forms(titles) == (("红楼梦", "zh-Hans"), ("紅楼夢", "ja"))
    assert Marking.of("honglou meng").forms(titles[:2]) == (("紅樓夢", "zh-Hant"), ("红楼梦", "zh-Hans"))
    assert Marking.of("dream").forms(titles) == (), "case is no form that anybody wants told"
    assert Marking.of("紅樓夢").forms(titles[:1]) == ()
