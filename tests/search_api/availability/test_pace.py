"""Turns at one library: so many at once, so many in a second, and nobody waits for ever."""

from __future__ import annotations

import asyncio

import pytest

from search_api.availability.pace import Busy, Pace


async def test_no_more_are_asked_at_once_than_allowed() -> None:
    pace, inside, most, go = Pace(2), 0, 0, asyncio.Event()

    async def ask() -> None:
        nonlocal inside, most
        async with pace.turn():
            inside += 1
            most = max(most, inside)
            if inside == 2:
                go.set()
            await go.wait()
            inside -= 1

    await asyncio.gather(*(ask() for _ in range(7)))
    assert most == 2


async def test_questions_begin_apart_as_the_library_wishes() -> None:
    pace, loop = Pace(10, per_second=100), asyncio.get_running_loop()
    begun: list[float] = []

    async def ask() -> None:
        async with pace.turn():
            begun.append(loop.time())

    await asyncio.gather(*(ask() for _ in range(5)))
    assert begun[-1] - begun[0] >= 4 / 100 - loop_resolution()


def loop_resolution() -> float:
    """How early a loop's timer may ring."""
    return 0.005


async def test_who_cannot_have_a_turn_in_time_is_told_and_the_place_goes_on() -> None:
    pace, held, done = Pace(1, longest_wait_seconds=0.01), asyncio.Event(), asyncio.Event()

    async def hold() -> None:
        async with pace.turn():
            held.set()
            await done.wait()

    holding = asyncio.create_task(hold())
    await held.wait()
    with pytest.raises(Busy, match="no turn within"):
        async with pace.turn():
            raise AssertionError("there is one place, and it is taken")
    done.set()
    await holding
    async with pace.turn():
        pass


async def test_a_queue_that_is_too_long_is_not_joined() -> None:
    pace = Pace(10, per_second=10, longest_wait_seconds=0.05)
    async with pace.turn():
        pass
    with pytest.raises(Busy, match="more questions wait"):
        async with pace.turn():
            raise AssertionError("it begins a tenth of a second later")
