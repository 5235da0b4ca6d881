from __future__ import annotations

import pytest

from indexer.readings import MAX_SPELLINGS, hanyu, hanyu_of_name, hanyu_of_romanised, has_han, spellings

READINGS: list[tuple[str, str, str]] = [
    ("紅樓夢", "hong lou meng", "Traditional"),
    ("红楼梦", "hong lou meng", "Simplified"),
    ("重慶銀行長城", "chong qing yin hang chang cheng", "phrases decide, though the table is Simplified"),
    ("乾隆皇帝", "qian long huang di", "and the phrase as written before the folded one: never gan long"),
    ("綠色", "lu se", "ü as people type it"),
    ("紅樓夢 : 新注 (1)", "hong lou meng xin zhu", "signs and digits are left out"),
    ("Dream 夢", "meng", "so are other scripts"),
    ("Dream", "", "no Han, no reading"),
    ("", "", "nothing"),
]


@pytest.mark.parametrize(("text", "expected", "why"), READINGS)
def test_chinese_reads(text: str, expected: str, why: str) -> None:
    assert hanyu(text) == expected, why


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("曾國藩", "zeng guo fan"),
        ("單德興", "shan de xing"),
        ("尉遲恭", "yu chi gong"),
        ("曹雪芹", "cao xue qin"),
        ("Murakami", ""),
    ],
)
def test_surnames_read_as_surnames(name: str, expected: str) -> None:
    assert hanyu_of_name(name) == expected


SPELLINGS: list[tuple[str, tuple[str, ...], str]] = [
    ("honglou", ("hong lou",), "joined"),
    ("meng", ("meng",), "a syllable"),
    ("xian", ("xian", "xi an"), "every way to part it, fewest syllables first"),
    ("hung", ("hong",), "Wade–Giles"),
    ("tsao", ("cao", "zao"), "Wade–Giles without its apostrophe is two"),
    ("chang", ("chang", "zhang"), "Hanyu first, then Wade–Giles"),
    ("hsueh", ("xue",), "ü without its dots"),
    ("hong2", ("hong",), "with a tone number"),
    ("jhong", ("zhong",), "Tongyong Pinyin"),
    ("shih", ("shi",), "spelt so in Wade–Giles and Tongyong alike"),
    ("liou", ("li ou", "liu"), "Tongyong, also where Hanyu has two syllables"),
    ("lyu", ("lu",), "ü in Tongyong"),
    ("syuecin", ("xue qin", "xu e qin"), "Tongyong joined"),
    ("hsiangshan", ("xiang shan", "xi ang shan"), "Wade–Giles joined"),
    ("ㄏㄨㄥˊ", ("hong",), "Zhuyin"),
    ("ㄏㄨㄥ", ("hong",), "Zhuyin without its tone"),
    ("ㄒㄩㄝˇㄑㄧㄣˊ", ("xue qin",), "tone marks part syllables"),
    ("ㄌㄩˋ", ("lu",), "ü in Zhuyin"),
    ("ㄒ", (), "half a syllable"),
    ("ㄏㄨㄥˊx", (), "Zhuyin with something else"),
    ("nv", ("nu",), "v for ü"),
    ("the", (), "cannot be Chinese"),
    ("murakami", (), "nor can this"),
    ("2", (), "nor a number"),
    ("夢", (), "nor what is not Latin"),
    ("", (), "nor nothing"),
    ("a" * 60, (), "nor what is far too long"),
]


@pytest.mark.parametrize(("word", "expected", "why"), SPELLINGS)
def test_a_word_may_stand_for(word: str, expected: tuple[str, ...], why: str) -> None:
    assert tuple(" ".join(way) for way in spellings(word)) == expected, why


def test_a_word_has_no_more_than_some_spellings() -> None:
    assert len(spellings("xianyuanxianyuanxianyuan")) == MAX_SPELLINGS


def test_romanised_titles_are_parted_into_syllables_or_left_when_a_word_is_not_chinese() -> None:
    assert hanyu_of_romanised("honglou meng jiao zhu") == "hong lou meng jiao zhu"
    assert hanyu_of_romanised("hung lou meng") == "hong lou meng"
    assert hanyu_of_romanised("the honglou meng") == ""
    assert hanyu_of_romanised("") == ""


def test_han_is_told_from_other_scripts() -> None:
    assert has_han("a夢")
    assert has_han("\U00020000")
    assert not has_han("ゆめ")
    assert not has_han("")
