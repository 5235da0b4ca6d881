from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.query_text import MAX_TOKENS, Group, analyse_query, compact, numbers


def group(tokens: str, *found: str, excluded: bool = False) -> Group:
    return Group(tuple(tokens.split()), found, excluded)


QUERIES: list[tuple[str, list[Group], str]] = [
    ("great gatsby", [group("great"), group("gatsby")], "words stand alone"),
    ("紅樓夢", [group("红 楼 梦")], "neighbouring Han form a phrase"),
    ("紅樓夢 曹雪芹", [group("红 楼 梦"), group("曹 雪 芹")], "a space parts phrases"),
    ("紅樓夢：曹雪芹", [group("红 楼 梦"), group("曹 雪 芹")], "and so does punctuation"),
    ("한국 문학", [group("한 국"), group("문 학")], "Korean likewise"),
    ("ภาษา", [group("ภ า ษ า")], "Thai likewise"),
    ("Python入門", [group("python"), group("入 门")], "a change of script parts"),
    ("夢", [group("梦")], "one character is a word"),
    ('"war and peace"', [group("war and peace")], "quoted words form a phrase"),
    ("“war and peace”", [group("war and peace")], "also in curly quotes"),
    ("「紅樓 夢」評論", [group("红 楼 梦"), group("评 论")], "and in Chinese ones"),
    ("『夢』", [group("梦")], "of both kinds"),
    ('"unclosed words', [group("unclosed"), group("words")], "an unclosed quote is none"),
    ('""', [], "nothing quoted is nothing"),
    ("dream -red", [group("dream"), group("red", excluded=True)], "a minus excludes a word"),
    ('-"red chamber" dream', [group("red chamber", excluded=True), group("dream")], "or a phrase"),
    ("-紅樓", [group("红 楼", excluded=True)], "or Chinese"),
    ("Tai-pei", [group("tai"), group("pei")], "a hyphen within a word is none"),
    ("dream - red", [group("dream"), group("red")], "nor is one that stands alone"),
    ("T'ai l'étranger", [group("tai"), group("l"), group("etranger")], "apostrophes as in documents"),
    ("C++", [group("cplusplus")], "signs as in documents"),
    ("dream dream", [group("dream")], "nothing twice"),
    ("9789570835878", [group("9789570835878", "9789570835878")], "an ISBN"),
    ("978-957-08-3587-8", [group("978 957 08 3587 8", "9789570835878")], "with hyphens"),
    ("978–957–08–3587–8", [group("978 957 08 3587 8", "9789570835878")], "with dashes"),
    ("978 957 08 3587 8", [group("978 957 08 3587 8", "9789570835878")], "with spaces"),
    ("0-375-70402-7", [group("0 375 70402 7", "9780375704024", "0375704027")], "an ISBN-10"),
    ("夢 9789570835878", [group("梦"), group("9789570835878", "9789570835878")], "an ISBN among words"),
    ("9789570835879", [group("9789570835879", "9789570835879")], "a wrong one as it is"),
    ("1607-2294", [group("1607 2294", "16072294")], "an ISSN"),
    ("ocm00123456", [group("ocm00123456", "OCM00123456", "123456")], "an OCLC number"),
    ("1984", [group("1984")], "a year is no number"),
    ("", [], "nothing"),
    ("?! … ---", [], "signs only"),
]


@pytest.mark.parametrize(("text", "expected", "why"), QUERIES, ids=[why for _, _, why in QUERIES])
def test_a_query_becomes_groups(text: str, expected: list[Group], why: str) -> None:
    assert list(analyse_query(text)) == expected, why


@given(st.text(alphabet=st.one_of(st.characters(), st.sampled_from(' "-「」夢字0123456789X')), max_size=400))
def test_no_query_is_an_error_and_none_is_without_bounds(text: str) -> None:
    groups = analyse_query(text)
    assert sum(len(g.tokens) for g in groups) <= MAX_TOKENS
    assert all(g.tokens for g in groups)
    assert len(set(groups)) == len(groups)


@pytest.mark.parametrize(
    "text", ["夢" * 5_000, "w " * 5_000, " ".join(map(str, range(5_000))), '"' + "a b " * 3_000 + '"']
)
def test_a_pasted_page_costs_no_more_than_a_long_sentence(text: str) -> None:
    assert 1 <= sum(len(g.tokens) for g in analyse_query(text)) <= MAX_TOKENS


def test_numbers_have_one_form() -> None:
    assert numbers("957-08-3587-X") == ("957083587X",)
    assert numbers("0375704027") == ("9780375704024", "0375704027")
    assert numbers("hf 00-12") == ("HF0012",)
    assert numbers("--") == ()
    assert compact("ｈｆ－００１２ ") == "HF0012"
