"""Titles nobody reads by table against their romanisations: which may be the same words, and which cannot."""

from __future__ import annotations

import pytest

from indexer.sounds import consonants, sound_alike
from indexer.text import fold
from indexer.variants import fold_variants

TITLES = [
    ("吾輩は猫である", "Wagahai wa neko de aru", True, "kana in their places, は read wa"),
    ("海辺のカフカ", "Umibe no Kafuka", True, "Katakana"),
    ("星の王子さま", "Hoshi no ōjisama", True, "long vowels count as short ones"),
    ("海辺のカフカ", "Tonari no Totoro", False, "other kana"),
    ("日本文学史", "Nihon bungakushi", None, "ideographs alone may read any way"),
    ("容疑者Xの献身", "Yōgisha X no kenshin", True, "a Latin letter among the ideographs"),
    ("源氏の物語", "Genji no monogatari", None, "の stands in every title"),
    ("สี่แผ่นดิน", "Sī phǣndin", True, "Thai"),
    ("เศรษฐศาสตร์เบื้องต้น", "Sētthasāt bư̄angton", True, "Thai, with letters that are not spoken"),
    ("รายงานประจำปี", "Sī phǣndin", False, "another Thai title"),
    ("ဗမာစာသင်ခန်းစာ", "Bamācā saṅʻ khanʻʺ cā", True, "Burmese"),
    ("Преступление и наказание", "Prestuplenie i nakazanie", True, "Russian"),
    ("Анна Каренина", "Prestuplenie i nakazanie", False, "another Russian title"),
    ("שלום", "Shalom", True, "Hebrew"),
    ("อา", "A", None, "too short to tell"),
]


@pytest.mark.parametrize(("own", "latin", "alike", "why"), TITLES)
def test_a_title_is_held_against_how_it_may_read(own: str, latin: str, alike: bool | None, why: str) -> None:
    assert sound_alike(fold_variants(fold(own)).replace(" ", ""), fold(latin).replace(" ", "")) is alike, why


def test_consonants_that_sound_alike_are_one_and_vowels_are_passed_over() -> None:
    assert consonants("phaendin") == consonants("paentin") == "pntn"
    assert consonants("") == ""
