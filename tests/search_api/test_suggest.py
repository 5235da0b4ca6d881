"""Suggestions while typing and words put right, over the small catalogue."""

from __future__ import annotations

from collections import Counter

import httpx
import pytest

from search_api.did_you_mean import distance, nearest, nearest_han
from search_api.suggest import fits

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
        assert (await client.get(one["url"])).json()["total"] >= 1, "what is suggested finds something"


@pytest.mark.parametrize("typed", ["", " ", "?", "s", "zzzz", "ㄏ", "\x00", "-", '"', "x" * 200])
async def test_nothing_is_suggested_where_nothing_is_meant(client: httpx.AsyncClient, typed: str) -> None:
    answer = await client.get("/api/suggest", params={"q": typed})
    assert answer.status_code == 200
    assert answer.json() == {"titles": [], "creators": [], "subjects": []}


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
