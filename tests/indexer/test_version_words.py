from __future__ import annotations

import pytest

from indexer.version_words import disc_words, version_words


@pytest.mark.parametrize(
    ("text", "versions", "why"),
    [
        ("三国演义注音版", {"phonetic"}, "with phonetic signs"),
        ("三国演义漫画版", {"pictures"}, "as a comic"),
        ("大活字版", {"large type"}, "Japanese, in an edition statement"),
        ("어린왕자큰글자책", {"large type"}, "Korean"),
        ("广辞苑机上版", {"large size"}, "for the desk"),
        ("小王子中英对照", {"two languages"}, "in two languages"),
        ("三十周年纪念版", {"keepsake"}, "for an anniversary"),
        ("abridged ed", {"abridged"}, "in English"),
        ("unabridged", {"whole"}, "and its contrary"),
        ("繁体版", {"traditional"}, "the script"),
        ("国语版", {"mandarin"}, "what is spoken"),
        ("台语发音", {"taiwanese"}, "in another tongue"),
        ("第2版", set(), "an edition is no version"),
        ("绘本的力量", set(), "a book about picture books"),
        ("zhu yin ban", set(), "not read in letters"),
        ("", set(), "nothing"),
    ],
)
def test_versions_for_other_readers_are_known_by_their_words(text: str, versions: set[str], why: str) -> None:
    assert version_words(text) == versions, why


@pytest.mark.parametrize(
    ("extent", "discs", "why"),
    [
        ("1 dvd影碟 120分", {"dvd"}, "a DVD"),
        ("1 蓝光影碟", {"blu-ray"}, "a Blu-ray"),
        ("1 videodisc blu ray", {"blu-ray"}, "in English"),
        ("1 蓝光影碟 1 dvd", set(), "both in one box"),
        ("320面 21公分", set(), "a book"),
    ],
)
def test_discs_that_need_players_of_their_own(extent: str, discs: set[str], why: str) -> None:
    assert disc_words(extent) == discs
