"""Han variants fold to one form, and nothing else changes."""

import pytest

from benchmarks.variants_table import ADDED, APART, BOTH_WAYS, REGIONAL, TO_SIMPLIFIED, is_apart, links, table
from indexer.variants import FILE, fold_variants, is_han


def test_the_table_is_what_its_maker_writes() -> None:
    assert FILE.read_text(encoding="utf-8") == table(), "python -m benchmarks.variants_table writes it anew"


def test_whatever_opencc_links_folds_to_one_or_is_left_apart_with_its_why() -> None:
    linked = list(links(*TO_SIMPLIFIED, *BOTH_WAYS, *REGIONAL))
    assert len(linked) > 10_000
    astray = [f"{one}{other}" for one, other in linked if is_apart(one, other) is (_same(one, other))]
    assert astray == []


def test_every_exception_is_one_of_opencc_and_every_addition_is_needed_by_somebody() -> None:
    known = {frozenset(pair) for pair in links(*TO_SIMPLIFIED, *BOTH_WAYS, *REGIONAL)}
    assert [pair for pair in APART if frozenset(pair) not in known] == []
    assert [pair for pair in ADDED if not _same(*pair)] == []


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        ("燕", "宴", "two words"),
        ("歷", "厉", "two words, which sound alike"),
        ("沪", "滤", "Shanghai is no filter"),
        ("弁", "辨", "one of two that Japan writes so"),
        ("连", "联", "two words, which Japan writes alike"),
        ("己", "已", "look alike"),
    ],
)
def test_distinct_words_stay_apart(one: str, other: str, why: str) -> None:
    assert not _same(one, other), why


def _same(one: str, other: str) -> bool:
    return fold_variants(one) == fold_variants(other)


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
        ("錢鍾書", "钱锺书", "a Simplified form of its own in names, beside the usual 钟"),
        ("錢鍾書", "钱钟书", "the usual Simplified form"),
        ("情緒", "情绪", "an intermediate form that only Japan's table has"),
        ("光緒", "光緖", "as typeset in old books"),
        ("並", "并", "Traditional and Simplified"),
        ("併", "并", "another that the same Simplified form stands for"),
        ("肉餅", "肉饼", "Traditional and Simplified"),
        ("頴川", "颖川", "a form met in names"),
        ("上顎", "上颚", "Taiwan's form is Japan's, too"),
        ("鯰", "鲶", "Taiwan's form"),
        ("剩餘", "剩馀", "a Simplified form beside the usual 余"),
        ("光線", "光缐", "a Simplified form beside the usual 线"),
        ("兔", "兎", "Japan's"),
        ("姊妹", "姉妹", "Japan's"),
        ("舉", "挙", "Japan's, whose old form is not China's"),
        ("鬥", "闘", "Japan's, whose old form is not China's"),
        ("鄰", "隣", "Japan's"),
        ("渡邊", "渡邉", "in Japanese names"),
        ("三島", "三嶋", "in Japanese names"),
        ("山崎", "山﨑", "in Japanese names"),
        ("國", "圀", "in a Japanese name"),
        ("計畫", "计划", "how Taiwan writes 計劃"),
        ("想像", "想象", "how the Mainland writes it"),
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
