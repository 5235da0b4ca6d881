from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.analysis import EMPTY, MAX_TOKEN_LENGTH, analyse, is_single, key, parts, tokens, written_key

TOKENS: list[tuple[str, str, str]] = [
    ("The Great Gatsby", "the great gatsby", "words in lower case"),
    ("紅樓夢", "红 楼 梦", "one token a Han character, in its one form"),
    ("红楼梦", "红 楼 梦", "Simplified is the same"),
    ("紅楼夢", "红 楼 梦", "and Japanese"),
    ("臺灣 台湾", "台 湾 台 湾", "臺 and 台"),
    ("第3冊", "第 3 册", "digits among Han"),
    ("Python入門", "python 入 门", "Latin beside Han"),
    ("人々", "人 々", "the iteration mark is a character"),
    ("二〇二〇", "二 〇 二 〇", "and so is the round zero"),
    ("ノルウェイの森", "の る う ぇ い の 森", "katakana as hiragana"),
    ("ﾉﾙｳｪｲ ｶﾞ", "の る う ぇ い が", "half width, with its voicing mark"),
    ("か\u3099", "が", "a voicing mark written apart"),
    ("スーパー", "す ー ぱ ー", "the long mark stays"),
    ("한국문학", "한 국 문 학", "one token a Hangul syllable"),
    ("\u1112\u1161\u11ab", "한", "Hangul written in letters"),
    ("ภาษาไทย", "ภ า ษ า ไ ท ย", "Thai letter by letter"),
    ("ที่นี่", "ที่ นี่", "with its vowel and tone marks"),
    ("น้ำ", "น้ํ า", "sara am apart, as it is sometimes typed"),
    ("ไทย2020abc", "ไ ท ย 2020abc", "Latin beside Thai"),
    ("မြန်မာ", "မြ န် မာ", "Burmese"),
    ("មនុស្ស", "ម នុ ស្ស", "Khmer, a stacked consonant kept whole"),
    ("हिन्दी", "हिन्दी", "Devanagari keeps its vowel signs"),
    ("Số đỏ của Vũ Trọng Phụng", "so do cua vu trong phung", "Vietnamese folds"),
    ("So\u0302\u0301 đo\u0309", "so do", "also when its marks are written apart"),
    ("Łódź, Øresund, İstanbul, ısı", "lodz oresund istanbul isi", "letters Unicode does not take apart"),
    ("Straße Æsir œuvre Þór", "strasse aesir oeuvre thor", "letters that become two"),
    ("Ἀθῆναι", "αθηναι", "Greek without accents"),
    ("Ёлка и йод", "елка и иод", "Cyrillic without marks"),
    ("hónglóu mèng, lǜ", "honglou meng lu", "Pinyin without tones"),
    ("שָׁלוֹם", "שלום", "Hebrew without points"),
    ("كِتَاب", "كتاب", "Arabic without vowel signs"),
    ("ＩＳＢＮ　１２３", "isbn 123", "full width"),
    ("٣٤٥ ๑๒", "345 12", "digits of every script"),
    ("① Ⅳ ½", "1 iv 1 2", "compatibility characters"),
    ("㈱平凡社", "株 平 凡 社", "a character that holds several"),
    ("T'ai-pei Tʻai T’ai", "tai pei tai tai", "the apostrophe of Wade–Giles joins"),
    ("O'Brien don't", "obrien dont", "and every other"),
    ("L'étranger d’Artagnan", "l etranger d artagnan", "but elision parts"),
    ("dell'arte", "dell arte", "Italian too"),
    ("War & Peace", "war and peace", "& is and"),
    ("C++ C# F#", "cplusplus csharp fsharp", "languages are not the letter C"),
    ("c+1 #1", "c 1 1", "but other signs part"),
    ("a/b:c.d_e—f", "a b c d e f", "punctuation parts"),
    ("t\u0361s t\ufe20s\ufe21", "ts ts", "ligature marks of romanised Russian"),
    (
        "co\u00adop zero\u200bwidth a\u200db",
        "coop zero width ab",
        "soft hyphen and joiners go, a zero-width space parts",
    ),
    ("\ud800x\u2028y\x1cz\x00", "x y z", "controls and half characters part"),
    ("\ue000字", "\ue000 字", "a private-use character is a Han character without a code"),
    ("葛\U000e0100", "葛", "variation selectors go"),
    ("😀 © ™", "tm", "symbols go"),
    ("", "", "nothing"),
    ("?!…", "", "nothing that could be searched"),
]


@pytest.mark.parametrize(("text", "expected", "why"), TOKENS, ids=[why for _, _, why in TOKENS])
def test_a_text_becomes_tokens(text: str, expected: str, why: str) -> None:
    assert analyse(text) == expected, why


@given(st.text(max_size=300))
def test_no_text_yields_what_an_engine_would_split_or_refuse(text: str) -> None:
    found = tokens(text)
    for token in found:
        assert token
        assert token != EMPTY
        assert len(token) <= MAX_TOKEN_LENGTH
        assert token.split() == [token]
        token.encode()
    assert key(text) == "".join(found)


@given(st.text(max_size=200))
def test_the_same_text_in_another_normal_form_has_the_same_tokens(text: str) -> None:
    assert tokens(unicodedata.normalize("NFD", text)) == tokens(unicodedata.normalize("NFC", text))


def test_a_word_without_end_is_cut_where_both_engines_take_it() -> None:
    assert tokens("x" * 5_000 + " y") == ["x" * MAX_TOKEN_LENGTH, "y"]


SINGLE = [("字", True), ("あ", True), ("々", True), ("한", True), ("ภ", True), ("ស្ស", True), ("ー", True)]
NOT_SINGLE = [("a", False), ("7", False), ("ж", False), ("हिन्दी", False), ("שלום", False)]


@pytest.mark.parametrize(("token", "expected"), SINGLE + NOT_SINGLE)
def test_characters_of_scripts_without_spaces_form_phrases(token: str, expected: bool) -> None:
    assert is_single(token) is expected


def test_a_key_ignores_spaces_width_case_marks_and_variants() -> None:
    assert key("Honglou  MENG") == key("hónglóumèng") == "hongloumeng"
    assert key("《紅樓夢》") == key("红楼梦")


def test_a_written_key_keeps_each_character_as_it_was_written() -> None:
    assert written_key("《紅樓夢》 ") == "紅樓夢" != written_key("红楼梦")
    assert written_key("Số Đỏ!") == "sốđỏ" != written_key("so do")


def test_parts_keep_together_what_stands_together() -> None:
    assert parts("紅樓夢：曹雪芹") == [["红", "楼", "梦"], ["曹", "雪", "芹"]]
    assert parts("ภาษา") == [["ภ", "า", "ษ", "า"]]
    assert parts("T'ai-pei") == [["tai"], ["pei"]]
    assert parts("C++/C#") == [["cplusplus"], ["csharp"]]
    assert parts("…") == []
