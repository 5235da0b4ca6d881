"""Comparisons are made once for a state of the index, in the background, and kept for other processes."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import httpx
import pytest

from indexer.engine import EngineUnavailable, SearchEngine, SearchPage, SearchRequest
from search_api.app import create_app
from search_api.collections.comparing import Comparisons
from search_api.collections.kept import AT_MOST, KeptComparisons
from search_api.collections.measure import measured
from search_api.collections.scope import Scope
from search_api.services import Services
from tests.search_api.collections.conftest import MEMBERS
from tests.support.staff import Person

SCOPE = Scope.read([("language", "chi"), ("q", "茶經 -x")])


class Slow:
    """An engine whose searches wait until they are let through, and are counted."""

    def __init__(self, engine: SearchEngine) -> None:
        self._engine = engine
        self.go = asyncio.Event()
        self.searches = 0
        self.suffix = ""
        self.broken = False

    def __getattr__(self, name: str) -> object:
        return getattr(self._engine, name)

    async def state(self) -> str:
        return await self._engine.state() + self.suffix

    async def search(self, request: SearchRequest) -> SearchPage:
        await self.go.wait()
        if self.broken:
            raise EngineUnavailable("the disk is gone")
        self.searches += 1
        return await self._engine.search(request)


@pytest.fixture
def slow(opened: Services) -> Slow:
    return Slow(opened.engine)


def comparisons(opened: Services, engine: object) -> Comparisons:
    return Comparisons(opened.store, engine, {code: opened.libraries[code] for code in MEMBERS})  # type: ignore[arg-type]


async def test_who_asks_while_it_is_made_is_told_how_far_it_is_and_it_is_made_once(
    opened: Services, slow: Slow
) -> None:
    room = comparisons(opened, slow)
    first, second = await asyncio.gather(room.answer(SCOPE, 0.01), room.answer(SCOPE, 0.01))
    assert (first.figures, first.done, first.of) == (second.figures, 0, 4) == (None, 0, 4)
    slow.go.set()
    found = await room.figures(SCOPE)
    made = slow.searches
    assert found.whole.editions > 0
    assert (await room.answer(SCOPE)).current
    assert slow.searches == made == 1 + 2 * len(MEMBERS)


async def test_the_page_says_how_far_it_is_and_asks_again(opened: Services, slow: Slow, selector: Person) -> None:
    app = create_app(replace(opened, engine=slow))  # type: ignore[arg-type]
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://catalogue.example") as client:
        waiting = await client.get("/staff/collections?q=slow", headers=selector.browser)
        told = await client.get("/api/collections?q=slow", headers=selector.program)
        assert (waiting.status_code, waiting.headers["refresh"]) == (200, "2")
        assert "已統計0館，共4館" in waiting.text
        assert (told.status_code, told.json()) == (202, {"done": 0, "of": 4})
        slow.go.set()
        await app.state.collections.comparisons.figures(Scope.read([("q", "slow")]))
        done = await client.get("/staff/collections?q=slow", headers=selector.browser)
        assert "refresh" not in done.headers
        assert "各館館藏重複" in done.text
    await app.state.collections.comparisons.close()


async def test_another_process_finds_what_was_kept(opened: Services, slow: Slow) -> None:
    slow.go.set()
    scope = Scope.read([("q", "Tea")])
    found = await comparisons(opened, slow).figures(scope)
    made = slow.searches
    assert (await comparisons(opened, slow).answer(scope)).figures == found
    assert slow.searches == made


async def test_when_the_catalogue_changes_the_figures_before_are_told_while_new_ones_are_made(
    opened: Services, slow: Slow
) -> None:
    slow.go.set()
    room = comparisons(opened, slow)
    scope = Scope.read([("q", "茶")])
    before = await room.figures(scope)
    slow.go.clear()
    slow.suffix = " later"
    stale = await room.answer(scope, 0.01)
    assert (stale.figures, stale.current, stale.of) == (before, False, 4)
    slow.go.set()
    after = await room.figures(scope)
    assert (after.state, (await room.answer(scope)).current) == (before.state + " later", True)
    await room.close()


async def test_what_goes_wrong_is_told_and_tried_again(opened: Services, slow: Slow) -> None:
    room = comparisons(opened, slow)
    scope = Scope.read([("q", "nowhere")])
    slow.broken = True
    slow.go.set()
    with pytest.raises(EngineUnavailable):
        await room.figures(scope)
    slow.broken = False
    assert (await room.figures(scope)).whole.editions == 0


async def test_what_is_under_way_ends_with_the_program(opened: Services, slow: Slow) -> None:
    room = comparisons(opened, slow)
    await room.answer(Scope.read([("q", "never")]), 0.01)
    await room.close()
    assert slow.searches == 0


async def test_figures_come_back_as_they_were_kept_and_the_oldest_go(opened: Services) -> None:
    kept = KeptComparisons(opened.store)
    found = await measured(opened.engine, Scope.read(), MEMBERS)
    for number in range(AT_MOST + 3):
        kept.keep(replace(found, scope=f"q={number}", made_at=found.made_at.replace(year=2000 + number)))
    assert kept.of("q=200") == replace(found, scope="q=200", made_at=found.made_at.replace(year=2200))
    assert kept.of("q=0") is None
    assert kept.of("q=never") is None


def test_a_search_has_one_address_however_it_was_written() -> None:
    one = Scope.read([("year_to", "2000"), ("q", "a"), ("sort", "newest"), ("page", "3"), ("language", "")])
    assert one.address == "q=a&year_to=2000"
    assert Scope.read().address == ""
