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
