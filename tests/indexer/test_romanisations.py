"""One spelling for several romanisations: a title in Latin letters meets the same one in characters."""

from __future__ import annotations

import pytest

from indexer.readings import hanyu
from indexer.romanisations import common_chinese, common_korean, hangul_in_letters, has_hangul
from indexer.text import fold

CHINESE = [
    ("Pinyin, syllables apart", "紅樓夢", "Hong lou meng"),
    ("Pinyin, words joined", "紅樓夢", "Honglou meng"),
    ("Wade–Giles with its signs", "小太陽", "Hsiao tʻai yang"),
    ("Wade–Giles that lost its signs", "小太陽", "Hsiao tai yang"),
    ("an umlaut", "圖書資訊組織原理", "Tʻu shu tzŭ hsün tsu chih yüan li"),
    ("a syllable that both systems spell alike", "野火集", "Yeh huo chi"),
    ("a number among the words", "三體 3", "San tʻi 3"),
]


@pytest.mark.parametrize(("why", "characters", "romanised"), CHINESE, ids=[row[0] for row in CHINESE])
def test_chinese_is_spelt_in_one_way(why: str, characters: str, romanised: str) -> None:
    number = " 3" if "3" in characters else ""
    assert common_chinese(hanyu(characters) + number) == common_chinese(fold(romanised)) != "", why


@pytest.mark.parametrize("text", ["the sea of fertility", "norwegian wood", "honglou dream", ""])
def test_what_is_no_chinese_has_no_such_spelling(text: str) -> None:
    assert common_chinese(text) == ""


def test_unlike_chinese_titles_stay_unlike() -> None:
    assert common_chinese("hong lou meng") != common_chinese("xi lou meng")


KOREAN = [
    ("McCune–Reischauer", "나의 문화유산답사기", "Na ŭi munhwa yusan tapsagi"),
    ("voiced between vowels", "구름빵", "Kurŭm ppang"),
    ("aspirated", "엄마를 부탁해", "Ŏmma rŭl put'ak hae"),
    ("a final that moves to the next syllable", "칼의 노래", "K'al ŭi norae"),
    ("the Revised Romanization", "어린 왕자", "Eorin wangja"),
]


@pytest.mark.parametrize(("why", "hangul", "romanised"), KOREAN, ids=[row[0] for row in KOREAN])
def test_korean_is_spelt_in_one_way(why: str, hangul: str, romanised: str) -> None:
    assert common_korean(fold(hangul_in_letters(hangul))) == common_korean(fold(romanised)), why


def test_hangul_is_told_from_other_scripts() -> None:
    assert has_hangul("칼의 노래")
    assert not has_hangul("刀之歌 カ K'al")


def test_other_characters_stay_among_hangul() -> None:
    assert hangul_in_letters("7년의 밤") == "7nyonui pam"
