"""The catalogue knows whether an index is what it made of it, and what the index before lacks."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from indexer import catalogue_rows as rows
from indexer import index_check
from indexer.engine import EngineUnavailable
from indexer.engine.embedded import EmbeddedEngine
from indexer.record import RecordRef
from indexer.run import index_changes, rebuild
from tests.indexer.test_run import LIBRARIES, Union, _deleted, _raw


@pytest.fixture
async def union(tmp_path: Path) -> AsyncIterator[Union]:
    opened = Union(tmp_path)
    yield opened
    await opened.close()


async def again(union: Union) -> None:
    await rebuild(union.store, union.catalogue, union.engine, LIBRARIES)


async def test_after_going_back_the_index_before_is_given_what_changed_since(union: Union) -> None:
    union.harvest(_raw("ntl:1"), _raw("elm:1", "西遊記", publisher="三民書局"))
    await union.index()
    await again(union)
    union.harvest(_raw("ntl:2", "水滸傳"), _deleted("elm:1"))
    await union.index()
    assert await index_check.back(union.catalogue, union.engine) == 2
    assert await union.titles() == ["紅樓夢校注", "西遊記"], "as before the rebuild"
    await union.index()
    assert await union.titles() == ["水滸傳", "紅樓夢校注"]
    union.harvest(_raw("ntl:3", "三國演義"))
    await union.index()
    await index_check.back(union.catalogue, union.engine)
    assert await union.titles() == ["水滸傳", "紅樓夢校注"], "the newer one, as it was left"
    outcome = await union.index()
    assert await union.titles() == ["三國演義", "水滸傳", "紅樓夢校注"]
    assert outcome.editions_written < 4, "given what it lacked, not filled anew"


async def test_what_was_pending_at_a_rebuild_is_not_in_the_index_before_either(union: Union) -> None:
    union.harvest(_raw("ntl:1"))
    await union.index()
    union.harvest(_raw("ntl:2", "水滸傳"))
    await again(union)
    assert await index_check.back(union.catalogue, union.engine) == 1
    assert await union.titles() == ["紅樓夢校注"]
    await union.index()
    assert await union.titles() == ["水滸傳", "紅樓夢校注"]


async def test_without_a_rebuild_there_is_nothing_to_go_back_to(union: Union) -> None:
    union.harvest(_raw("ntl:1"))
    await union.index()
    with pytest.raises(EngineUnavailable, match="no index to go back to"):
        await index_check.back(union.catalogue, union.engine)
    assert union.pending() == 0


async def test_an_index_that_was_not_kept_up_is_not_gone_back_to(union: Union, tmp_path: Path) -> None:
    union.harvest(_raw("ntl:1"))
    await union.index()
    other = EmbeddedEngine(tmp_path / "another-index")
    await index_changes(union.store, union.catalogue, other, LIBRARIES)
    await other.close()
    await union.index()
    with pytest.raises(EngineUnavailable, match="no index to go back to"):
        await index_check.back(union.catalogue, union.engine)


async def test_a_half_empty_index_is_told_and_filled_anew_and_never_gone_back_to(union: Union) -> None:
    union.harvest(_raw("ntl:1"), _raw("elm:1", "西遊記", publisher="三民書局"))
    await union.index()
    assert await index_check.trouble(union.catalogue, union.engine) == ""
    await union.engine.write([], [union.catalogue.edition_of(RecordRef.parse("elm:1")) or ""])
    assert "holds 1 of 2 editions; run `allshelves index`" in await index_check.trouble(union.catalogue, union.engine)
    await again(union)
    assert await union.titles() == ["紅樓夢校注", "西遊記"]
    with pytest.raises(EngineUnavailable, match="no index to go back to"):
        await index_check.back(union.catalogue, union.engine)


async def test_what_is_pending_is_no_trouble(union: Union) -> None:
    union.harvest(_raw("ntl:1"), _raw("elm:1", "西遊記", publisher="三民書局"))
    await union.index()
    with union.catalogue.writing() as connection:
        rows.mark_pending(connection, [union.catalogue.edition_of(RecordRef.parse("elm:1")) or ""], 1)
    await union.engine.write([], [union.catalogue.edition_of(RecordRef.parse("elm:1")) or ""])
    assert await index_check.trouble(union.catalogue, union.engine) == ""
    await union.index()
    assert await union.titles() == ["紅樓夢校注", "西遊記"]


async def test_an_empty_catalogue_is_no_trouble_and_one_that_was_never_given_is(union: Union) -> None:
    assert await index_check.trouble(union.catalogue, union.engine) == ""
    union.harvest(_raw("ntl:1"))
    await union.index()
    other = EmbeddedEngine(union.folder / "another-index")
    assert "was not given the catalogue yet" in await index_check.trouble(union.catalogue, other)
    await other.close()


class Killed(BaseException):
    """Ends a run at once, as a kill does: nothing after it is done."""


async def test_killed_between_the_engine_and_the_catalogue_nothing_is_lost(
    union: Union, monkeypatch: pytest.MonkeyPatch
) -> None:
    union.harvest(_raw("ntl:1"))
    await union.index()
    union.harvest(_raw("ntl:2", "水滸傳"))

    def killed(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as dying:
        dying.setattr("indexer.feed._filled", killed)
        with pytest.raises(Killed):
            await again(union)
    assert await union.titles() == ["水滸傳", "紅樓夢校注"], "the engine has switched, the catalogue does not know"
    union.harvest(_raw("ntl:3", "三國演義"))
    await union.index()
    assert await union.titles() == ["三國演義", "水滸傳", "紅樓夢校注"]
    assert union.pending() == 0


async def test_killed_while_going_back_nothing_is_lost(union: Union, monkeypatch: pytest.MonkeyPatch) -> None:
    union.harvest(_raw("ntl:1"))
    await union.index()
    await again(union)
    union.harvest(_raw("ntl:2", "水滸傳"))
    await union.index()
    went_back = union.engine.back

    async def killed_before() -> None:
        raise Killed

    async def killed_after() -> None:
        await went_back()
        raise Killed

    for kill, found in ((killed_before, ["水滸傳", "紅樓夢校注"]), (killed_after, ["紅樓夢校注"])):
        monkeypatch.setattr(union.engine, "back", kill)
        with pytest.raises(Killed):
            await index_check.back(union.catalogue, union.engine)
        assert await union.titles() == found
        await union.index()
        assert await union.titles() == ["水滸傳", "紅樓夢校注"]
