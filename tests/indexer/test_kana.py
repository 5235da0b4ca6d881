from __future__ import annotations

import pytest

from indexer.kana import common_japanese, is_kana, kana_in_letters
from indexer.text import fold


@pytest.mark.parametrize(
    ("kana", "letters", "why"),
    [
        ("ワガハイ ワ ネコ デ アル", "wagahai wa neko de aru", "word by word, as the National Diet Library writes"),
        ("となりのトトロ", "tonarinototoro", "Hiragana as Katakana"),
        ("トウケイ", "tōkei", "a long o, written with u"),
        ("シュウマツ", "shūmatsu", "y-sounds, and a long u"),
        ("ジャーナル チョウ", "jānaru chō", "no y after j and ch; the mark of length"),
        ("キッチン", "kitchin", "a doubled ch is tch"),
        ("ザッシ", "zasshi", "other consonants are doubled"),
        ("スウェーデン ファン ヴァイオリン", "suwēden fan vaiorin", "small vowels take the place of the one before"),
        ("ｶﾀｶﾅ", "katakana", "half width"),
        ("X ノ 2", "X no 2", "all else stays"),
        ("猫", "猫", "an ideograph has no reading here"),
    ],
)
def test_kana_are_spelt_in_hepburn(kana: str, letters: str, why: str) -> None:
    assert kana_in_letters(kana) == letters, why


def test_kana_is_what_has_no_ideograph() -> None:
    assert (is_kana("ワガハイ ワ 2"), is_kana("猫である"), is_kana("neko"), is_kana("ハン글")) == (
        True,
        False,
        False,
        False,
    )


def test_spellings_of_one_word_are_one() -> None:
    for spellings in (("tōkei", "toukei", "tokei", "tookei"), ("shimbun", "shinbun", "sinbun"), ("fuyu", "huyu")):
        assert len({common_japanese(fold(spelling)) for spelling in spellings}) == 1
    assert common_japanese("kaki") != common_japanese("kagi")
