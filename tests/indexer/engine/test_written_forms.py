"""How what is written in several forms is found and ranked, on both engines."""

from __future__ import annotations

import pytest

from indexer.document import document
from indexer.engine import Clause, SearchEngine, SearchRequest
from indexer.record import Edition
from tests.support.editions import make_edition, make_libraries

LIBRARIES = make_libraries()
ALL = tuple(LIBRARIES)


async def write(engine: SearchEngine, *editions: Edition) -> None:
    await engine.write([document(edition, LIBRARIES) for edition in editions])


async def found(engine: SearchEngine, text: str) -> list[str]:
    page = await engine.search(SearchRequest((Clause(text),), limit=100))
    return [hit.edition.id for hit in page.hits]


@pytest.mark.parametrize(
    ("typed", "written", "why"),
    [
        ("錢鍾書", "钱锺书", "a Simplified form of its own"),
        ("錢鍾書", "钱钟书", "the usual Simplified form"),
        ("情緒", "情绪", "Simplified"),
        ("光绪", "光緖", "as typeset in old books"),
        ("渡邊", "渡邉", "in Japanese names"),
        ("姉妹", "姊妹", "Japan's"),
    ],
)
async def test_every_form_finds_every_other_and_nothing_else(
    engine: SearchEngine, typed: str, written: str, why: str
) -> None:
    await write(engine, make_edition("one", written), make_edition("other", "歷史"))
    assert await found(engine, typed) == ["one"], why
    await write(engine, make_edition("one", typed))
    assert await found(engine, written) == ["one"], why


@pytest.mark.parametrize(
    ("typed", "other", "behind", "why"),
    [
        ("圖書館", "图书馆", "學", "words of a title"),
        ("图书馆", "圖書館", "學", "and in Simplified"),
        ("台北", "臺北", "人", "two Traditional forms"),
        ("峯", "峰", "頂", "one character"),
    ],
)
async def test_a_title_with_words_in_the_very_characters_typed_is_first_however_many_hold_the_other(
    engine: SearchEngine, typed: str, other: str, behind: str, why: str
) -> None:
    many = make_edition("many", other + behind, libraries=ALL, year=2020)
    await write(engine, make_edition("typed", typed + behind, year=1950), many)
    assert await found(engine, typed) == ["typed", "many"], why


async def test_creators_and_subjects_likewise_but_a_title_before_either(engine: SearchEngine) -> None:
    by = [
        make_edition("by", "吶喊", creators=["魯迅"]),
        make_edition("by-many", "彷徨", creators=["鲁迅"], libraries=ALL),
    ]
    about = [
        make_edition("about", "作家", subjects=["魯迅"]),
        make_edition("about-many", "文人", subjects=["鲁迅"], libraries=ALL),
    ]
    title = make_edition("title", "鲁迅先生")
    await write(engine, *by, *about, title)
    assert await found(engine, "魯迅") == ["title", "by", "by-many", "about", "about-many"]


TITLES = ("紅樓夢", "西遊記")


@pytest.mark.parametrize(
    ("query", "first", "why"),
    [
        ("紅樓夢 -校注", {"紅樓夢"}, "what is excluded is no part of the title"),
        ("紅樓夢 NOT 校注", {"紅樓夢"}, "likewise in words"),
        ("紅樓夢 OR 西遊記", {"紅樓夢", "西遊記"}, "each side of an OR"),
        ("紅樓夢 cao xueqin", {"紅樓夢"}, "with the name as it reads"),
        ("caoxueqin 紅樓夢", {"紅樓夢"}, "and before it"),
    ],
)
async def test_an_exact_title_is_first_whatever_else_is_asked(
    engine: SearchEngine, query: str, first: set[str], why: str
) -> None:
    books = [
        edition
        for title in TITLES
        for edition in (
            make_edition(title, title, creators=["曹雪芹"], languages=["chi"]),
            make_edition(
                f"{title}-about",
                f"{title}、{title}與{title}",
                creators=["曹雪芹"],
                subjects=TITLES,
                libraries=ALL,
                year=2020,
                languages=["chi"],
            ),
        )
    ]
    await write(engine, *books)
    assert set((await found(engine, query))[: len(first)]) == first, why
