from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.text import clean, fold, has_cjk, has_han, is_romanised, trim_isbd


@pytest.mark.parametrize(
    ("written", "clean_text", "why"),
    [
        ("  two  spaces ", "two spaces", "white space is single"),
        ("e\u0301tude", "étude", "combining marks are composed"),
        ("\u0098The \u009crest", "The rest", "MARC's non-sorting marks vanish, the words stay"),
        ("a\x00b\x1fc", "abc", "control characters are nobody's text"),
        ("line\r\nbreak", "line break", "a line break parts words"),
        ("書\u3000名", "書 名", "the ideographic space is a space"),
        ("\u200fשלום\u200e", "שלום", "direction marks are for the page, not for the data"),
        ("می\u200cخواهم", "می\u200cخواهم", "Persian spells with the non-joiner"),
        ("soft\u00adhyphen", "softhyphen", "soft hyphens split words in the index"),
        ("", "", "nothing stays nothing"),
    ],
)
def test_text_is_cleaned(written: str, clean_text: str, why: str) -> None:
    assert clean(written) == clean_text, why


@pytest.mark.parametrize(
    ("written", "trimmed", "why"),
    [
        ("Title /", "Title", "before the statement of responsibility"),
        ("臺北市 :", "臺北市", "before the publisher"),
        ("London ;", "London", "before the next place"),
        ("Title =", "Title", "before a parallel title"),
        ("c2004.", "c2004", "a full stop ends the area"),
        ("18 cm.", "18 cm", "a unit is no abbreviation with a full stop of its own"),
        ("張三。", "張三", "the Chinese full stop"),
        ("Name, J. K.", "Name, J. K.", "the full stop of an initial belongs to it"),
        ("Wiley & Sons, Inc.", "Wiley & Sons, Inc.", "the full stop of an abbreviation belongs to it"),
        ("Ann Arbor, Mich.", "Ann Arbor, Mich.", "so does that of a state"),
        ("2. Aufl.", "2. Aufl.", "so do German ones"),
        ("and so on...", "and so on...", "an ellipsis is text"),
        ("[Taipei]", "Taipei", "brackets around the whole say who supplied it"),
        ("[民93", "民93", "half a bracket says nothing"),
        ("[2004] c2003", "[2004] c2003", "brackets around a part distinguish it"),
        ("[a] b [c]", "[a] b [c]", "two bracketed parts are not one bracket"),
        ("المعادي،", "المعادي", "the Arabic comma"),
        (" : ", "", "punctuation alone is nothing"),
    ],
)
def test_isbd_punctuation_is_trimmed_at_the_ends(written: str, trimmed: str, why: str) -> None:
    assert trim_isbd(written) == trimmed, why


@pytest.mark.parametrize(
    ("written", "folded", "why"),
    [
        ("Café  Müller!", "cafe muller", "case, accents, punctuation"),
        ("T'ai-chung", "tai chung", "an apostrophe inside a romanised word is silent, a hyphen parts"),
        ("Qurʼān", "quran", "so is alif"),
        ("Đường Nguyễn", "duong nguyen", "Vietnamese without its marks, đ included"),
        ("Øystein Łódź", "oystein lodz", "letters that do not decompose"),
        ("İstanbul", "istanbul", "the dotted capital I"),
        ("Straße", "strasse", "sharp s"),
        ("ＡＢＣ１２３", "abc123", "full width"),
        ("紅 樓　夢", "紅樓夢", "spaces between ideographs are typing"),
        ("紅樓夢 The dream", "紅樓夢 the dream", "between scripts they part words"),
        ("ｶﾞｷﾞ", "ガギ", "half-width kana with its voicing mark"),
        ("が", "が", "voicing distinguishes words"),
        ("한국 문학", "한국문학", "Hangul spacing differs from cataloguer to cataloguer"),
        ("ภาษาไทย", "ภาษาไทย", "Thai vowel signs are letters"),
        ("हिन्दी", "हिन्दी", "so are Indic ones"),
        ("שָׁלוֹם", "שלום", "Hebrew points are rarely written"),
        ("C++ & C#", "c++ and c#", "C++ is not C; & is and"),
        ("臺灣 / 台灣", "臺灣台灣", "variants are kept apart: telling editions apart needs them"),
        ("...", "", "punctuation alone"),
    ],
)
def test_text_is_folded_for_keys(written: str, folded: str, why: str) -> None:
    assert fold(written) == folded, why


@settings(max_examples=200, deadline=None)
@given(st.text())
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@settings(max_examples=200, deadline=None)
@given(st.text())
def test_cleaning_and_trimming_never_fail_and_never_add(text: str) -> None:
    assert len(trim_isbd(clean(text))) <= len(clean(text))


@pytest.mark.parametrize(
    ("text", "cjk", "han", "romanised"),
    [
        ("紅樓夢", True, True, False),
        ("カタカナ", True, False, False),
        ("한국", True, False, False),
        ("Hung lou meng", False, False, True),
        ("Đường", False, False, True),
        ("Tʻai-pei", False, False, True),
        ("Война", False, False, False),
        ("123", False, False, False),
        ("", False, False, False),
    ],
)
def test_scripts_are_told_apart(text: str, cjk: bool, han: bool, romanised: bool) -> None:
    assert (has_cjk(text), has_han(text), is_romanised(text)) == (cjk, han, romanised)
