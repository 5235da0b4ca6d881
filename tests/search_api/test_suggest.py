"""Suggestions while typing and words put right, over the small catalogue."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from indexer.document import document
from indexer.engine.embedded import EmbeddedEngine
from search_api.did_you_mean import distance, nearest, nearest_han
from search_api.suggest import NameSuggestion, fits, suggestions
from tests.support.editions import make_edition, make_libraries

TYPED = [
    ("紅樓", "titles", "紅樓夢校注", "the beginning of a title"),
    ("红楼", "titles", "紅樓夢校注", "in Simplified characters"),
    ("校注", "titles", "紅樓夢校注", "its end"),
    ("hong lo", "titles", "紅樓夢校注", "in Pinyin, a syllable unfinished"),
    ("ㄏㄨㄥˊㄌ", "titles", "紅樓夢校注", "in Zhuyin, a syllable unfinished"),
    ("sapi", "titles", "Sapiens", "the beginning of a word"),
    ("曹", "creators", "曹雪芹", "a surname"),
    ("cao xu", "creators", "曹雪芹", "a name in Pinyin"),
    ("ㄘㄠˊ ㄒㄩㄝˇ", "creators", "曹雪芹", "a name in Zhuyin"),
    ("ㄘㄠˊ ㄒㄩ", "creators", "曹雪芹", "a name in Zhuyin, a syllable begun that another ends"),
    ("harari y", "creators", "Harari, Yuval Noah", "a word and one letter of the next"),
    ("yuval h", "creators", "Harari, Yuval Noah", "so in the order it is spoken"),
    ("yuval har", "creators", "Harari, Yuval Noah", "a name in the order it is spoken"),
    ("world hi", "subjects", "World history", "a heading"),
    ("zhongguo", "subjects", "中國小說 -- 清代", "a heading in Pinyin"),
]


@pytest.mark.parametrize(("typed", "kind", "expected", "why"), TYPED)
async def test_what_is_being_typed_is_suggested(
    client: httpx.AsyncClient, typed: str, kind: str, expected: str, why: str
) -> None:
    told = (await client.get("/api/suggest", params={"q": typed})).json()
    name = "title" if kind == "titles" else "name"
    assert expected in [one[name] for one in told[kind]], why
    for one in told[kind]:
        found = (await client.get(one["url"])).json()["total"]
        assert found >= 1, "what is suggested finds something"
        assert one.get("count", found) == found, "as many as are told"


@pytest.mark.parametrize("typed", ["", " ", "?", "s", "zzzz", "ㄏ", "\x00", "-", '"', "x" * 200])
async def test_nothing_is_suggested_where_nothing_is_meant(client: httpx.AsyncClient, typed: str) -> None:
    answer = await client.get("/api/suggest", params={"q": typed})
    assert answer.status_code == 200
    assert answer.json() == {"titles": [], "creators": [], "subjects": []}


SHELF = [
    make_edition("e1", "臺灣史綱要", libraries=["ntl", "haifeng", "fenggu"]),
    make_edition("e2", "台灣史", libraries=["ntl"]),
    make_edition("e3", "Data structures", libraries=["ntl", "haifeng"], year=2020),
    make_edition("e4", "Đất rừng phương Nam", libraries=["ntl"]),
    make_edition("e5", "紅楼夢", libraries=["ntl", "haifeng"]),
    make_edition("e6", "紅樓夢", libraries=["ntl", "haifeng"]),
    make_edition("e7", "紅樓夢", libraries=["fenggu"]),
    make_edition("e8", "Animal farm", creators=["Orwell, George"]),
    make_edition("e9", "Orwell and the genre", creators=["Rodden, John"]),
    make_edition("e10", "Orwell on truth", creators=["Orwell, Harold"]),
    make_edition("e11", "射鵰英雄傳", creators=["金庸"]),
    make_edition("e12", "Emma", creators=["Austen, Jane"], libraries=["ntl"]),
    make_edition("e13", "Persuasion", creators=["Austen, Jane", "Jones, Ann"], libraries=["ntl"]),
]

ORDERS = [
    (
        "臺灣史",
        "titles",
        ["台灣史", "臺灣史綱要"],
        "what is typed as a whole before what begins so, however it is held",
    ),
    ("đất", "titles", ["Đất rừng phương Nam", "Data structures"], "what begins so letter by letter first"),
    ("dat", "titles", ["Data structures", "Đất rừng phương Nam"], "its twin without signs"),
    ("紅", "titles", ["紅樓夢"], "in the characters that most have"),
    ("红楼", "titles", ["紅樓夢"], "where none is as typed, too"),
    ("紅楼", "titles", ["紅楼夢"], "as typed, where that is there"),
    ("orwell g", "creators", ["Orwell, George"], "one letter of the next word, and not another name"),
    ("george o", "creators", ["Orwell, George"], "in the other order"),
    ("orwell g", "titles", ["Orwell and the genre"], "in titles"),
    ("ㄐㄧㄣ ㄩ", "creators", ["金庸"], "the beginning of ㄩㄥ"),
    ("jane aus", "creators", ["Austen, Jane"], "a name"),
]


@pytest.mark.parametrize(("typed", "kind", "expected", "why"), ORDERS)
async def test_suggestions_come_in_order(
    shelf: EmbeddedEngine, typed: str, kind: str, expected: list[str], why: str
) -> None:
    found = await suggestions(shelf, typed, 8)
    told = [one.title for one in found.titles] if kind == "titles" else [one.name for one in found.creators]
    assert told == expected, why


async def test_a_name_counts_all_editions_that_choosing_it_finds(shelf: EmbeddedEngine) -> None:
    """Of those that have both words, in whichever of their names, one only is the facet's count."""
    for typed in ("austen j", "jane aus", "aus"):
        assert NameSuggestion("Austen, Jane", 2) in (await suggestions(shelf, typed, 8)).creators, typed


@pytest.fixture
async def shelf(tmp_path: Path) -> AsyncIterator[EmbeddedEngine]:
    engine = EmbeddedEngine(tmp_path)
    libraries = make_libraries()
    await engine.write([document(one, libraries) for one in SHELF])
    yield engine
    await engine.close()


def test_another_creator_of_the_same_book_is_not_suggested() -> None:
    assert fits("Murakami, Haruki", "haruki mur", "creator")
    assert not fits("Rubin, Jay", "haruki mur", "creator")


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [("hary", "harry", 1), ("norweigan", "norwegian", 1), ("abc", "abc", 0), ("abcd", "dcba", 3), ("a", "abcd", 3)],
)
def test_errors_are_counted_by_letter(one: str, other: str, expected: int) -> None:
    assert distance(one, other, 2) == expected


def test_the_nearest_word_is_taken_of_equals_the_more_frequent() -> None:
    words = Counter({"potter": 9, "porter": 2, "pottery": 20})
    assert nearest("poter", words) == "potter"
    assert nearest("xyz", words) == ""


def test_chinese_is_put_right_by_sound_or_by_one_character_and_never_when_it_is_there() -> None:
    assert nearest_han("紅樓孟", ["紅樓夢校注"]) == "紅樓夢"
    assert nearest_han("紅褸夢", ["紅樓夢校注"]) == "紅樓夢"
    assert nearest_han("红楼梦", ["紅樓夢校注"]) == ""
    assert nearest_han("西遊", ["紅樓夢校注"]) == ""


@pytest.mark.parametrize(
    ("facet", "contains", "expected"),
    [
        ("subject", "hist", ["World history"]),
        ("subject", "清代", ["中國小說 -- 清代"]),
        ("subject", "zhongguo", ["中國小說 -- 清代"]),
        ("creator", "noah", ["Harari, Yuval Noah"]),
        ("creator", "nobody", []),
    ],
)
async def test_a_long_facet_is_searched(
    client: httpx.AsyncClient, facet: str, contains: str, expected: list[str]
) -> None:
    told = (await client.get(f"/api/facets/{facet}", params={"contains": contains})).json()
    assert [value["name"] for value in told["values"]] == expected
    for value in told["values"]:
        assert (await client.get(value["url"])).json()["total"] == value["count"]


async def test_a_facet_is_searched_within_a_search(client: httpx.AsyncClient) -> None:
    told = (await client.get("/api/facets/subject", params={"contains": "hist", "q": "紅樓夢"})).json()
    assert told["values"] == []
    assert (await client.get("/api/facets/colour", params={"contains": "x"})).status_code == 422
