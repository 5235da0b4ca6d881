"""When a search for what may have been meant is worth its price. What it finds: test_query.py."""

from __future__ import annotations

from typing import Any, cast

import pytest

from indexer.engine import SearchEngine, SearchPage, SearchRequest
from indexer.record import Agent, Edition, Member, Sourced, Subject, Title
from search_api.did_you_mean import meant

GATSBY = Edition(
    id="e1",
    members=(Member("alpha", "1", "1"),),
    titles=(Sourced(Title("The great Gatsby"), ("alpha",)), Sourced(Title("大亨小傳"), ("alpha",))),
    agents=(Sourced(Agent("Fitzgerald, F. Scott"), ("alpha",)),),
    subjects=(Sourced(Subject("Long Island"), ("alpha",)),),
)


class _Asked:
    """An engine that counts what it is asked, and finds nothing."""

    def __init__(self) -> None:
        self.times = 0

    async def search(self, _: SearchRequest) -> SearchPage:
        self.times += 1
        return SearchPage(0, ())


@pytest.mark.parametrize(
    ("typed", "found", "times", "why"),
    [
        ("great gatsby", (GATSBY,), 0, "every word is in the title found"),
        ("gatsby fitzgerald island", (GATSBY,), 0, "title, name and subject have them together"),
        ("大亨小傳", (GATSBY,), 0, "a run of characters is there"),
        ("大亨小传", (GATSBY,), 0, "in simplified characters, too"),
        ("9789863501237", (), 0, "a number is no word, and was not found either"),
        ("the OR a", (), 0, "words too short to tell an error in"),
        ("great gatsbi", (GATSBY,), 1, "a word that is nowhere"),
        ("大亨費", (GATSBY,), 1, "characters that do not stand together"),
        ("great gatsby", (), 1, "nothing at hand says that it is right"),
        ("long gatsby paperback", (GATSBY,), 1, "found in a note, which is not at hand"),
    ],
)
async def test_another_spelling_is_looked_for_only_where_there_may_be_one(
    typed: str, found: tuple[Edition, ...], times: int, why: str
) -> None:
    engine: Any = _Asked()
    assert await meant(cast(SearchEngine, engine), typed, "all", found) == "", why
    assert engine.times == times, why
