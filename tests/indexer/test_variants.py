"""Han variants fold to one form, and nothing else changes."""

import pytest

from indexer.variants import fold_variants, is_han


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        ("紅樓夢", "红楼梦", "Traditional and Simplified"),
        ("臺灣", "台湾", "the two ways Taiwan writes itself"),
        ("広島", "廣島", "new and old Japanese forms"),
        ("歴史", "歷史", "Japanese and Traditional"),
        ("山峯", "山峰", "a regional form of the same character"),
        ("國語", "囯语", "a printed form OpenCC leaves alone"),
        ("戶政", "戸政", "three code points for one door"),
        ("圖書館學", "図書館学", "a whole word, every character of it"),
    ],
)
def test_forms_of_the_same_word_fold_together(one: str, other: str, why: str) -> None:
    assert fold_variants(one) == fold_variants(other), why


@pytest.mark.parametrize("text", ["Pride and prejudice", "ひらがな カタカナ", "한국어", "Tiếng Việt", "", "、。「」"])
def test_what_is_not_han_stays_as_it_is(text: str) -> None:
    assert fold_variants(text) == text


def test_folding_twice_changes_nothing_and_lengths_stay() -> None:
    text = "".join(map(chr, range(0x4E00, 0x9FFF)))
    once = fold_variants(text)
    assert fold_variants(once) == once
    assert len(once) == len(text)


@pytest.mark.parametrize(
    ("character", "expected"), [("臺", True), ("𠮷", True), ("あ", False), ("한", False), ("a", False)]
)
def test_han_is_told_from_kana_hangul_and_letters(character: str, expected: bool) -> None:
    assert is_han(character) is expected
