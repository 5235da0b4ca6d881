"""What a patron may be typing: titles, creators and subjects the catalogue has, each of which finds something."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from indexer.analysis import key, tokens, written_key
from indexer.engine import Clause, FacetField, Filter, SearchEngine, SearchField, SearchRequest
from indexer.engine.guessed import last_is_a_letter
from indexer.readings import begun, hanyu, hanyu_of_name
from indexer.record import Edition

TITLES_LOOKED_AT, VALUES_LOOKED_AT = 24, 60
"""More than are shown: editions share a title, and a book found by one of its creators has others."""


@dataclass(frozen=True, slots=True)
class TitleSuggestion:
    title: str
    creator: str  # of the edition that is held most; "" without one
    edition: str


@dataclass(frozen=True, slots=True)
class NameSuggestion:
    name: str  # word for word a value of its facet
    count: int  # editions that choosing it finds


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
    return Suggestions(_titles([hit.edition for hit in titles.hits], text)[:size], creators, subjects)


def _titles(editions: Sequence[Edition], text: str) -> tuple[TitleSuggestion, ...]:
    """Each title once, in the characters typed (紅樓夢 for 紅樓, not 红楼梦), else in those that most libraries have.

    What is typed as a whole comes first, then what begins so letter by letter (Đất for đất, not Data), then the rest.
    """
    forms: dict[str, list[TitleSuggestion]] = {}
    held: Counter[str] = Counter()
    for edition in editions:
        if edition.title is None or (last_is_a_letter(text) and not fits(edition.title.proper, text, "subject")):
            continue
        creator = edition.agents[0].value.name if edition.agents else ""
        one = TitleSuggestion(edition.title.proper, creator, edition.id)
        forms.setdefault(key(one.title), []).append(one)
        held[written_key(one.title)] += max(len(edition.libraries), 1)
    typed = written_key(text)
    shown = [
        max(same, key=lambda one: (written_key(one.title).startswith(typed), held[written_key(one.title)]))
        for same in forms.values()
    ]
    return tuple(sorted(shown, key=lambda one: _distance(one.title, text)))


def _distance(title: str, text: str) -> int:
    """How far a title is from being what is typed."""
    if key(title) == key(text):
        return 0
    return 1 if written_key(title).startswith(written_key(text)) else 2


async def _values(engine: SearchEngine, text: str, facet: FacetField, size: int) -> tuple[NameSuggestion, ...]:
    field: SearchField = "creator" if facet == "creator" else "subject"
    request = SearchRequest((Clause(text, field, "begun"),), limit=0, facets=(facet,), facet_size=VALUES_LOOKED_AT)
    page = await engine.search(request)
    names = [value.value for value in page.facets[facet] if fits(value.value, text, facet)][:size]
    # Not the counts of the facet: those are of the editions that have what is typed, of some in another field or name.
    counts = await engine.totals([SearchRequest(filters=(Filter(facet, (name,)),)) for name in names])
    return tuple(NameSuggestion(name, count) for name, count in zip(names, counts, strict=True))


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
