from __future__ import annotations

import pytest

from indexer.audiences import coded_marc21, coded_unimarc, in_words


@pytest.mark.parametrize(
    ("note", "readers", "why"),
    [
        ("適讀年齡: 4-8歲", ["preschool", "primary"], "ages touch every band"),
        ("Ages 9-12.", ["children"], "in English"),
        ("For ages 14 and up", ["teens", "adults"], "open above"),
        ("3歲以上", ["preschool", "primary", "children", "teens", "adults"], "open above, in Chinese"),
        ("Age 13-17", ["teens"], "one year of the band before is not meant"),
        ("Ages 8-12", ["children"], "nor is one of that before this"),
        ("13-14歲", ["children", "teens"], "one year of each"),
        ("13歲", ["children"], "one year alone"),
        ("3-6歲", ["preschool", "primary"], "the first year of the next band is reached"),
        ("18歲以上", ["adults"], "from there up"),
        ("99歲", ["adults"], "as old as anybody"),
        ("國小低年級", ["primary"], "by school"),
        ("For young adults", ["teens"], "the longer word first"),
        ("Adults", ["adults"], "the shorter one"),
        ("兒童讀物", ["juvenile"], "in general"),
        ("大專學生", ["adults"], "students"),
        ("Junior high school", ["teens"], "by school, in English"),
        ("限制級", ["adults"], "a rating of films"),
        ("Clinical students, postgraduate house officers", [], "no table knows them"),
        ("", [], "nothing"),
    ],
)
def test_a_note_names_readers_by_age_or_by_word(note: str, readers: list[str], why: str) -> None:
    assert in_words(note) == readers, why


def test_the_same_letter_means_other_readers_in_another_dialect() -> None:
    assert coded_marc21(["a", "e", "|", " ", ""]) == ["preschool", "adults"]
    assert coded_unimarc("aem") == ["juvenile", "teens", "general"]
    assert coded_unimarc("   ") == coded_unimarc("u") == []
