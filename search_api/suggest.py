"""What a patron may be typing: titles, creators and subjects the catalogue has, each of which finds something."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from indexer.analysis import key, tokens, written_key
from indexer.engine import Clause, FacetField, SearchEngine, SearchField, SearchRequest
from indexer.readings import begun, hanyu, hanyu_of_name
from indexer.record import Edition

TITLES_LOOKED_AT, VALUES_LOOKED_AT = 12, 60
"""More than are shown: editions share a title, and a book found by one of its creators has others."""


@dataclass(frozen=True, slots=True)
class TitleSuggestion:
    title: str
    creator: str  # of the edition that is held most; "" without one
    edition: str


@dataclass(frozen=True, slots=True)
class NameSuggestion:
    name: str  # word for word a value of its facet
    count: int


@dataclass(frozen=True, slots=True)
class Suggestions:
    """What may be being typed, the likeliest first."""

    titles: tuple[TitleSuggestion, ...] = ()
    creators: tuple[NameSuggestion, ...] = ()
    subjects: tuple[NameSuggestion, ...] = ()


async def suggestions(engine: SearchEngine, text: str, size: int) -> Suggestions:
    """At most ``size`` of each kind for what is typed so far.

    Raises: EngineUnavailable, EngineIncompatible.
    """
    if not text.strip():
        return Suggestions()
    titles, creators, subjects = await asyncio.gather(
        engine.search(SearchRequest((Clause(text, "title", "begun"),), limit=TITLES_LOOKED_AT, rows=True)),
        _values(engine, text, "creator", size),
        _values(engine, text, "subject", size),
    )
    found: dict[str, TitleSuggestion] = {}
    for one in _titles(hit.edition for hit in titles.hits):
        known = found.setdefault(key(one.title), one)
        if _is_begun(one.title, text) and not _is_begun(known.title, text):  # 紅樓夢 for 紅樓, not 红楼梦
            found[key(one.title)] = one
    return Suggestions(tuple(found.values())[:size], creators, subjects)


def _is_begun(title: str, text: str) -> bool:
    return written_key(title).startswith(written_key(text))


def _titles(editions: Iterable[Edition]) -> Iterator[TitleSuggestion]:
    for edition in editions:
        if edition.title is not None:
            creator = edition.agents[0].value.name if edition.agents else ""
            yield TitleSuggestion(edition.title.proper, creator, edition.id)


async def _values(engine: SearchEngine, text: str, facet: FacetField, size: int) -> tuple[NameSuggestion, ...]:
    field: SearchField = "creator" if facet == "creator" else "subject"
    request = SearchRequest((Clause(text, field, "begun"),), limit=0, facets=(facet,), facet_size=VALUES_LOOKED_AT)
    page = await engine.search(request)
    fitting = (value for value in page.facets[facet] if fits(value.value, text, facet))
    return tuple(NameSuggestion(value.value, value.count) for value in fitting)[:size]


def fits(value: str, text: str, facet: FacetField) -> bool:
    """Whether a name or heading is what may be being typed, and not another of the same editions.

    Its words begin with those typed, in any order, or it reads as what is typed begins.
    """
    if key(text) in key(value):
        return True
    words = tokens(value)
    if all(any(word.startswith(typed) for word in words) for typed in tokens(text)):
        return True
    reading = (hanyu_of_name(value) if facet == "creator" else hanyu(value)).replace(" ", "")
    return any(reading.startswith(way) for way in begun(text))
