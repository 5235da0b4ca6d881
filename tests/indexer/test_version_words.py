from __future__ import annotations

import pytest

from indexer.version_words import version_words


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
        ("第2版", set(), "an edition is no version"),
        ("绘本的力量", set(), "a book about picture books"),
        ("zhu yin ban", set(), "not read in letters"),
        ("", set(), "nothing"),
    ],
)
def test_versions_for_other_readers_are_known_by_their_words(text: str, versions: set[str], why: str) -> None:
    assert version_words(text) == versions, why
