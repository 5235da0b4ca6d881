from __future__ import annotations

import pytest

from indexer.stated import agents_stated
from tests.support.marc import read_text


@pytest.mark.parametrize(
    ("statement", "named", "why"),
    [
        ("王大明著", [("王大明", "person", "aut")], "a name and what he did"),
        ("王大明等編著", [("王大明", "person", "aut")], "and others"),
        (
            "珍.奧斯汀著 ; 張玲, 張揚譯",
            [("珍.奧斯汀", "person", "aut"), ("張玲", "person", "trl"), ("張揚", "person", "trl")],
            "three",
        ),
        ("林語堂著 張振玉譯", [("林語堂", "person", "aut"), ("張振玉", "person", "trl")], "parted by a blank"),
        ("國立編譯館編", [("國立編譯館", "corporate", "edt")], "a body"),
        ("教育部", [("教育部", "corporate", "")], "a body that did nothing in particular"),
        ("王大明", [("王大明", "person", "")], "nothing but a whole name"),
        ("夏目漱石", [("夏目漱石", "person", "")], "a whole name of Japan"),
        ("김영하 지음", [("김영하", "person", "aut")], "Korean"),
        (
            "(清)張玉書, 陳廷敬等奉敕撰",
            [("張玉書", "person", "aut"), ("陳廷敬", "person", "aut")],
            "two and others by order of the emperor",
        ),
        ("(清)紀昀奉旨纂修", [("紀昀", "person", "com")], "by order, without others"),
        ("李奉旨著", [("李奉旨", "person", "aut")], "one who is called so"),
        (
            "岸見一郎, 古賀史健著",
            [("岸見一郎", "person", "aut"), ("古賀史健", "person", "aut")],
            "two of Japan whose surnames no list has",
        ),
        ("亞歷山大, 克里斯多著", [("亞歷山大, 克里斯多", "person", "aut")], "one name of another tongue"),
        (
            "余光中與洛夫合著",
            [("余光中", "person", "aut"), ("洛夫", "person", "aut")],
            "two together, one a pen name",
        ),
        ("文化與教育合編", [("文化與教育", "person", "edt")], "together, and no name among them"),
        ("釋證嚴講述", [("釋證嚴", "person", "aut")], "a talk"),
        ("華納兄弟發行", [("華納兄弟", "corporate", "pbl")], "who publishes is a body"),
        ("徐堉峰著 = by Xu Yufeng", [("徐堉峰", "person", "aut")], "said again in English"),
        ("by Xu Yufeng = 徐堉峰著", [("徐堉峰", "person", "aut")], "the other way round"),
        ("本社編", [], "whoever published it"),
        ("編輯部編", [], "nobody in particular"),
        ("[作者不詳]", [], "not known"),
        ("據原書改編", [], "what it is made from"),
        ("溫柔的夜", [], "no name, no role"),
        ("by Jane Austen", [], "where the surname begins is not known"),
        ("", [], "nothing stated"),
    ],
)
def test_a_statement_names_people_and_bodies(statement: str, named: list[tuple[str, str, str]], why: str) -> None:
    assert [(one.name, one.kind, one.role) for one in agents_stated(statement)] == named, why


def test_a_long_statement_is_read_as_far_as_headings_are() -> None:
    assert len(agents_stated("王大明著 ; " * 50_000)) == 1


@pytest.mark.parametrize(
    ("text", "dialect", "names", "why"),
    [
        ("=245  00$a臺灣史 /$c王大明著", "marc21", ["王大明"], "a title and its statement"),
        ("=100  1\\$a李小華\n=245  10$a臺灣史 /$c王大明著", "marc21", ["李小華"], "headings go before it"),
        ("=245  00$a臺灣史", "marc21", [], "the twin"),
        ("=200  1\\$a臺灣史$f王大明著$g李小華譯", "unimarc", ["王大明", "李小華"], "the same in UNIMARC"),
        ("=200  1\\$a臺灣史$f王大明著\n=700  \\1$a李$b小華", "unimarc", ["李小華"], "headings go before it"),
        ("=200  1\\$a臺灣史", "unimarc", [], "the twin"),
    ],
)
def test_where_no_heading_names_anyone_the_statement_does(text: str, dialect: str, names: list[str], why: str) -> None:
    assert [agent.name for agent in read_text(text, dialect=dialect).agents] == names, why
