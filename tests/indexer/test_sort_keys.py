from __future__ import annotations

import pytest

from indexer.sort_keys import list_place, name_order, title_order
from indexer.strokes import strokes


def test_titles_sort_without_signs_accents_and_articles_han_by_strokes_and_untitled_ones_last() -> None:
    titles = [
        ("“Ápple”", ""), ("The apricot", "eng"), ("Theatre", "eng"), ("L’été", "fre"), ("Zoo", ""), ("こころ", "jpn"),
        ("一", "chi"), ("人間詞話", "chi"), ("夢", "chi"), ("龜", "chi"), ("", ""),
    ]  # fmt: skip
    expected = ["“Ápple”", "The apricot", "L’été", "Theatre", "Zoo", "こころ", "一", "人間詞話", "夢", "龜", ""]
    keys = {title: title_order(title, language, 1) for title, language in reversed(titles)}
    assert sorted(keys, key=keys.__getitem__) == expected
    assert all(key.isascii() and key.isalnum() for key in keys.values())


def test_letters_that_search_folds_stand_among_those_they_are_folded_to() -> None:
    titles = ["Dac", "Đam", "Dan", "Isa", "ısb", "Isc", "Lob", "Łoc", "Lod", "Oba", "Øbb", "Obc", "Oeb", "œc", "Zoo"]
    assert sorted(titles, key=lambda title: title_order(title, "", 1)) == titles
    assert sorted(titles, key=lambda name: name_order(name, 1)) == titles
    assert sorted(titles, key=list_place) == titles


def test_hiragana_and_katakana_stand_in_one_row() -> None:
    titles = ["あい", "アウ", "ｱｴ", "あお", "ガラス", "かるた", "ん"]
    assert sorted(titles, key=list_place) == titles
    assert sorted(titles, key=lambda title: title_order(title, "jpn", 1)) == titles


@pytest.mark.parametrize(
    ("title", "language", "place", "why"),
    [
        ("The great Gatsby", "eng", "great gatsby", "its own language"),
        ("The great Gatsby", "chi", "great gatsby", "the original of a translation stands where that does"),
        ("The great Gatsby", "ger", "great gatsby", "likewise into a language with articles"),
        ("The great Gatsby", "", "great gatsby", "no language stated"),
        ("The great Gatsby", "und", "great gatsby", "no language known"),
        ("Der Zauberberg", "jpn", "zauberberg", "from German"),
        ("A Q zheng zhuan", "chi", "a q zheng zhuan", "a name"),
        ("Thé vert", "fre", "the vert", "tea"),
        ("Las", "pol", "las", "a wood"),
    ],
)
def test_a_title_has_one_place_with_its_article_and_without_whatever_the_edition(
    title: str, language: str, place: str, why: str
) -> None:
    assert list_place(title, language) == place.encode(), why
    assert title_order(title, language, 1) == name_order(place, 1), why


def test_articles_of_names_count() -> None:
    assert list_place("The Beatles") == b"the beatles"


def test_equal_titles_sort_by_number() -> None:
    assert title_order("夢", "chi", 1) < title_order("夢", "chi", 2)
    assert len(title_order("夢" * 500, "chi", 1)) == len(title_order("夢" * 400, "chi", 1))


def test_names_sort_as_titles_do_but_without_articles() -> None:
    names = ["Austen, Jane", "The Beatles", "丁", "王安憶", "曹雪芹", ""]
    assert sorted(names, key=lambda name: name_order(name, 1)) == names


def test_strokes_are_counted_as_in_taiwan() -> None:
    assert [strokes(c) for c in "一人骨樓"] == [1, 2, 10, 15], "骨 has nine in mainland China"
    assert strokes("A") == 0


ALIKE = ["L’été", "“Ápple”", "Số đỏ", "ガラスの仮面", "채식주의자", "สี่แผ่นดิน", "it's 'quoted' ’80s", "A_B  c", "ﬁn — ½"]


def test_places_in_a_list_sort_as_the_keys_do() -> None:
    titles = ["“Ápple”", "The apricot", "Zoo", "こころ", "一", "人間詞話", "夢", "夢夢", "龜", *ALIKE]
    by_key = sorted(titles, key=lambda title: title_order(title, "eng", 1))
    assert sorted(titles, key=lambda title: list_place(title, "eng")) == by_key


def test_the_place_of_a_beginning_is_before_what_begins_so() -> None:
    assert list_place("紅") < list_place("紅樓") < list_place("紅樓夢")
    assert list_place("") == b""
    assert len(list_place("夢" * 500)) <= 160
