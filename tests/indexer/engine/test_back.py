"""Both engines go back to the index that a rebuild replaced, in one step."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

import pytest

from indexer.document import document
from indexer.engine import Document, EngineUnavailable, SearchEngine
from tests.indexer.engine.conftest import OpenEngine
from tests.support.editions import make_edition, make_libraries


def documents(*ids: str) -> list[Document]:
    return [document(make_edition(one, "紅樓夢"), make_libraries()) for one in ids]


async def filled_with(*ids: str) -> AsyncIterator[Sequence[Document]]:
    yield documents(*ids)


async def held(engine: SearchEngine) -> set[str]:
    return set(await engine.editions(["old", "late", "new", "newer"]))


async def test_going_back_finds_what_was_there_before_the_rebuild_and_going_back_again_what_came_with_it(
    engine: SearchEngine, open_engine: OpenEngine
) -> None:
    reader = open_engine()
    await engine.write(documents("old"))
    assert await held(reader) == {"old"}
    await engine.rebuild(filled_with("new", "newer"))
    assert await held(reader) == {"new", "newer"}
    await engine.back()
    assert await held(reader) == {"old"}
    await engine.write(documents("late"))
    assert await held(reader) == {"old", "late"}
    await engine.back()
    assert await held(reader) == {"new", "newer"}
    await engine.write([], ["newer"])
    assert await held(reader) == {"new"}


async def test_only_the_index_of_the_last_rebuild_can_be_gone_back_to(engine: SearchEngine) -> None:
    for one in ("old", "new", "newer"):
        await engine.rebuild(filled_with(one))
    await engine.back()
    assert await held(engine) == {"new"}


async def test_without_a_rebuild_there_is_nothing_to_go_back_to(engine: SearchEngine) -> None:
    for _ in range(2):
        with pytest.raises(EngineUnavailable, match=r"no index .* that a rebuild replaced"):
            await engine.back()
        await engine.write(documents("old"))
    assert await held(engine) == {"old"}


async def test_a_rebuild_that_fails_leaves_the_index_before_as_it_was(engine: SearchEngine) -> None:
    async def failing() -> AsyncIterator[Sequence[Document]]:
        yield documents("newer")
        raise EngineUnavailable("the source failed")

    await engine.rebuild(filled_with("old"))
    with pytest.raises(EngineUnavailable, match="the source failed"):
        await engine.rebuild(failing())
    assert await held(engine) == {"old"}
