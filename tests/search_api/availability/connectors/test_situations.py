"""Every connector in every situation: what is shown is right, and is what the documentation's table says."""

from __future__ import annotations

import pytest

from search_api.availability.connectors import CONNECTORS
from search_api.availability.status import ItemState
from tests.support.plays import PLAYS
from tests.support.situations import DUE, FAILED, SITUATIONS, NoWord, Play, Situation, outcome
from tests.support.situations_page import PART, WORDS_PART, cell, table, words_table

_SHOWN: dict[tuple[str, str], str] = {}
"""What the situations of this run have shown, for the last test."""

_PLAYED = [
    pytest.param(protocol, situation, plays.get(situation.name), id=f"{protocol}-{situation.name}")
    for protocol, plays in PLAYS.items()
    for situation in SITUATIONS
]


def test_every_connector_is_put_into_every_situation() -> None:
    names = {situation.name for situation in SITUATIONS}
    assert set(PLAYS) | {"none"} == set(CONNECTORS)
    assert {protocol: set(plays) ^ names for protocol, plays in PLAYS.items()} == {p: set() for p in PLAYS}


@pytest.mark.parametrize(("protocol", "situation", "play"), _PLAYED)
async def test_what_comes_of_a_situation(protocol: str, situation: Situation, play: Play | NoWord | None) -> None:
    assert play is not None, f"{protocol} does not say what it tells of: {situation.says}"
    if isinstance(play, NoWord):
        assert play.because
        _SHOWN[protocol, situation.name] = cell(None)
        return
    assert bool(play.because) is (play.instead is not None), "who tells less says why, and who does not has no need to"
    came = await outcome(situation, play)
    _SHOWN[protocol, situation.name] = cell(came)
    states = {play.instead} if play.instead is not None else set(situation.copies)
    assert came.answer.state in situation.answer, came.answer.message
    assert {item.state for item in came.answer.items} <= states
    if came.answer.state in FAILED:
        assert not came.answer.items
        assert came.answer.message, "staff are told why"
    else:
        assert bool(came.answer.items) is bool(states)
    if states == {ItemState.ON_LOAN}:
        assert {item.due for item in came.answer.items} <= {DUE, None}
    assert bool(came.unknown_words) is (situation.name == "strange_word")


def test_the_table_of_the_documentation_is_what_this_run_has_shown() -> None:
    if len(_SHOWN) < len(_PLAYED):
        pytest.skip("not every situation was played in this run")
    assert PART.text() == table(_SHOWN), "run `make docs-availability` and look at what changed"


def test_the_words_of_the_documentation_are_those_of_the_table() -> None:
    assert WORDS_PART.text() == words_table(), "run `make docs-availability` and look at what changed"
