from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.query_text import MAX_TOKENS, Either, Group, Scoped, Sought, analyse_query, compact, numbers


def group(tokens: str, *found: str, excluded: bool = False, also: str = "", exact: bool = False) -> Group:
    return Group(tuple(tokens.split()), found, excluded, (tuple(also.split()),) if also else (), exact)


def going_on(word: str) -> Group:
    return Group((word,), goes_on=True)


LIFE = Group(("1717", "1763"), optional=True)

QUERIES: list[tuple[str, list[Sought | Either], str]] = [
    ("great gatsby", [group("great"), going_on("gatsby")], "words stand alone"),
    ("紅樓夢", [group("红 楼 梦")], "neighbouring Han form a phrase"),
    ("紅樓夢 曹雪芹", [group("红 楼 梦"), group("曹 雪 芹")], "a space parts phrases"),
    ("紅樓夢：曹雪芹", [group("红 楼 梦"), group("曹 雪 芹")], "and so does punctuation"),
    ("한국 문학", [group("한 국"), group("문 학")], "Korean likewise"),
    ("ภาษา", [group("ภ า ษ า")], "Thai likewise"),
    ("Python入門", [group("python"), group("入 门")], "a change of script parts"),
    ("夢", [group("梦")], "one character is a word"),
    ('"war and peace"', [group("war and peace", exact=True)], "quoted words form a phrase"),
    ("“war and peace”", [group("war and peace", exact=True)], "also in curly quotes"),
    ("「紅樓 夢」評論", [group("红 楼 梦", exact=True), group("评 论")], "and in Chinese ones"),
    ("『夢』", [group("梦", exact=True)], "of both kinds"),
    ('"unclosed words', [group("unclosed"), going_on("words")], "an unclosed quote is none"),
    ('""', [], "nothing quoted is nothing"),
    ("dream -red", [group("dream"), group("red", excluded=True)], "a minus excludes a word"),
    ('-"red chamber" dream', [group("red chamber", excluded=True, exact=True), going_on("dream")], "or a phrase"),
    ("-紅樓", [group("红 楼", excluded=True)], "or Chinese"),
    ("Tai-pei", [group("tai"), group("pei")], "a hyphen within a word is none"),
    ("dream - red", [group("dream"), group("red")], "nor is one that stands alone"),
    ("T'ai l'étranger", [group("tai"), group("l"), going_on("etranger")], "apostrophes as in documents"),
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
    ("85-2", [group("85"), group("2")], "too short to be taken for a number"),
    ("85-12345", [group("85 12345", "8512345", "85012345")], "an LCCN as printed"),
    ("dream women", [group("dream"), going_on("women")], "the last of several words may go on"),
    ("women", [group("women")], "a word alone stands as it is"),
    ("red wo", [group("red"), group("wo")], "as does a short one"),
    ("wo*", [going_on("wo")], "unless it is marked"),
    ("w*", [group("w")], "and has two letters"),
    ("第3冊", [group("第 3 册", also="第 三 册")], "a volume in digits or characters"),
    ("第十二冊", [group("第 十 二 册", also="第 12 册")], "and in characters"),
    ("第120回", [group("第 120 回")], "a number that nobody writes out"),
    ("3rd", [group("3rd", also="third")], "an ordinal"),
    ("red OR blue", [Either(((group("red"),), (group("blue"),)))], "either"),
    ("a red|blue OR 紅", [group("a"), Either(((group("red"), group("blue")), (group("红"),)))], "what touches is one"),
    ("a | b OR c", [Either(((group("a"),), (group("b"),), (group("c"),)))], "of several"),
    ("OR red OR", [group("red")], "an OR without two sides is none"),
    ("red OR -blue", [group("red"), group("blue", excluded=True)], "nor one beside an exclusion"),
    ("red NOT blue", [group("red"), group("blue", excluded=True)], "NOT is a minus"),
    ("red AND blue", [group("red"), going_on("blue")], "AND is what a space is"),
    ("GONE AND LOST OR FOUND", [group(w) for w in ("gone", "and", "lost", "or")] + [going_on("found")], "shouted"),
    ("title:dream red", [Scoped("title", "dream"), group("red")], "a field holds for what touches it"),
    ('作者："Cao Xueqin"', [Scoped("creator", '"Cao Xueqin"')], "or is quoted, named in Chinese, in full width"),
    ("-au:cao", [Scoped("creator", "cao", excluded=True)], "excluded"),
    ("Subject: math", [group("subject"), going_on("math")], "a colon before a space is punctuation"),
    ("note:dream", [group("note"), group("dream")], "and behind what is no field"),
    ("Cao, Xueqin, 1717-1763", [group("cao"), going_on("xueqin"), LIFE], "a name's dates need not be there"),
    ("曹雪芹 (1717-1763)", [group("曹 雪 芹"), LIFE], "nor in brackets"),
    ("83781505SC", [group("83781505sc", "83781505SC")], "a barcode with letters behind"),
    ("T00123a45", [group("t00123a45", "T00123A45")], "and between"),
    ("mp3 b2b4", [group("mp3"), group("b2b4")], "a few digits make no number"),
    ("-9789570835878", [group("9789570835878", "9789570835878", excluded=True)], "an ISBN excluded"),
    ("9 7 8 9 5 7 0 8 3 5 8 7 8", [group("9 7 8 9 5 7 0 8 3 5 8 7 8", "9789570835878")], "one with spaces all through"),
    ("0375704027 (pbk.)", [group("0375704027", "9780375704024", "0375704027")], "one copied with its binding"),
    (
        "9789570835878 ISBN 9780375704024",
        [Either(((group("9789570835878", "9789570835878"),), (group("9780375704024", "9780375704024"),)))],
        "several numbers and nothing else: any of them",
    ),
    ("JK Rowling", [group("jk", also="j k"), going_on("rowling")], "initials without full stops"),
    ("jk", [group("jk")], "small letters are a word"),
    ("hong2lou2meng4", [group("hong2"), group("lou2"), group("meng4")], "tones in digits part syllables"),
    ("", [], "nothing"),
    ("?! … ---", [], "signs only"),
]

LOOSELY: list[tuple[str, list[Sought | Either], str]] = [
    ("mockingb", [going_on("mockingb")], "an only word may go on"),
    ("harry pot", [group("harry"), going_on("pot")], "and a short one"),
    ("harry p", [group("harry"), group("p")], "a letter is no beginning"),
    ("曹雪芹 1717", [group("曹 雪 芹"), Group(("1717",), optional=True)], "a year behind a name"),
    ("村上春樹 1949-", [group("村 上 春 树"), Group(("1949",), optional=True)], "of somebody living"),
    ("1984", [group("1984")], "a year alone is what is sought"),
    ("紅樓夢", [group("红 楼 梦")], "Chinese as it stands"),
]


@pytest.mark.parametrize(("text", "expected", "why"), LOOSELY, ids=[why for _, _, why in LOOSELY])
def test_where_nothing_was_found_less_is_asked(text: str, expected: list[Group], why: str) -> None:
    assert list(analyse_query(text, loosely=True)) == expected, why


@pytest.mark.parametrize(("text", "expected", "why"), QUERIES, ids=[why for _, _, why in QUERIES])
def test_a_query_becomes_groups(text: str, expected: list[Group], why: str) -> None:
    assert list(analyse_query(text)) == expected, why


def size(one: Sought | Either) -> int:
    if isinstance(one, Either):
        return sum(size(inner) for choice in one.choices for inner in choice)
    return len(one.tokens) if isinstance(one, Group) else 1


WORDS = st.sampled_from(
    ["OR", "NOT", "AND", "|", "-", '"', "title:", "作者：", "*", "第3冊", "「", "」", "夢", "a", "1-", ":"]
)


@given(st.one_of(st.text(max_size=400), st.lists(st.one_of(WORDS, st.just(" "), st.text(max_size=3))).map("".join)))
def test_no_query_is_an_error_and_none_is_without_bounds(text: str) -> None:
    asked = analyse_query(text)
    assert sum(map(size, asked)) <= 2 * MAX_TOKENS
    assert all(one.tokens for one in asked if isinstance(one, Group))
    assert len(set(asked)) == len(asked)


@pytest.mark.parametrize(
    "text",
    [
        "夢" * 5_000,
        "w " * 5_000,
        " ".join(map(str, range(5_000))),
        '"' + "a b " * 3_000 + '"',
        "title:x " * 2_000,
        "a OR " * 2_000,
    ],
)
def test_a_pasted_page_costs_no_more_than_a_long_sentence(text: str) -> None:
    assert 1 <= sum(map(size, analyse_query(text))) <= MAX_TOKENS


def test_numbers_have_one_form() -> None:
    assert numbers("957-08-3587-X") == ("957083587X",)
    assert numbers("0375704027") == ("9780375704024", "0375704027")
    assert numbers("hf 00-12") == ("HF0012",)
    assert numbers("--") == ()
    assert compact("ｈｆ－００１２ ") == "HF0012"
