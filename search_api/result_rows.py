"""The rows of a result page: works as brackets with their editions inside, as many as a page has room for.

A work is unfolded by default. Who looks for 紅樓夢 chooses among its editions (annotated, illustrated, in Vietnamese),
and a row that hid them would have to be opened to answer anything. But a page of twenty works with all their editions
would be one of two hundred rows: so a work shows the first editions in its own language and the first in each other,
and the rest folded to a line each; and from the row on at which the page is full, a work shows one edition. A link
shows all editions flat.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from indexer.engine import Hit, SearchRequest
from indexer.record import Edition
from search_api.services import Services

ROWS_OF_A_PAGE = 24
"""Editions shown whole on a page; each is asked about live when it comes into sight."""

IN_ITS_LANGUAGE, IN_OTHERS = 3, 3
"""Editions that a work shows in the language of its first, and translations, one for each language."""

FOLDED = 8
"""Editions that a work shows as a line each, below those."""

LOOKED_THROUGH = 40
"""Editions of a large work that are looked at for translations: more than its hit brings along."""


@dataclass(frozen=True, slots=True)
class Group:
    """A hit as it is shown. ``languages`` counts the editions found by language, the largest first; empty when they are
    all of one, or the hit is a single edition."""

    shown: tuple[Edition, ...]
    folded: tuple[Edition, ...] = ()
    matching: int = 1
    languages: tuple[tuple[str, int], ...] = ()
    libraries: int = 0  # that hold any of the editions found; 0 when not all of them were looked at

    @property
    def first(self) -> Edition:
        return self.shown[0]


@dataclass(frozen=True, slots=True)
class _Looked:
    """The editions of a work that were looked at, in the order of the search."""

    editions: tuple[Edition, ...]
    languages: Mapping[str, int]


async def groups(services: Services, request: SearchRequest, hits: Sequence[Hit]) -> tuple[Group, ...]:
    """The hits of a request as they are shown, in their order; with as much of each edition as the request has them.

    Raises: EngineUnavailable, EngineIncompatible.
    """
    looked = await asyncio.gather(*(_looked(services, request, hit) for hit in hits))
    found, room = [], ROWS_OF_A_PAGE
    for place, (hit, one) in enumerate(zip(hits, looked, strict=True)):
        spare = room - (len(hits) - place - 1)  # every hit behind this one needs a row
        group = _group(hit, one, max(spare, 1))
        room -= len(group.shown)
        found.append(group)
    return tuple(found)


async def _looked(services: Services, request: SearchRequest, hit: Hit) -> _Looked:
    own = (hit.edition, *hit.others)
    if hit.matching <= len(own) or not hit.edition.work:
        return _Looked(own, _counted(own))
    wider = replace(
        request,
        works=(hit.edition.work,),
        by_work=False,
        offset=0,
        limit=LOOKED_THROUGH,
        after="",
        facets=("language",),
    )
    page = await services.engine.search(wider)
    known = {edition.id: edition for edition in own}
    editions = (hit.edition, *(one.edition for one in page.hits if one.edition.id != hit.edition.id))
    languages = {value.value: value.count for value in page.facets.get("language", ())}
    return _Looked(tuple(known.get(one.id, one) for one in editions), languages)


def _counted(editions: Sequence[Edition]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for edition in editions:
        for code in edition.languages:
            counts[code] = counts.get(code, 0) + 1
    return counts


def _group(hit: Hit, looked: _Looked, room: int) -> Group:
    if hit.matching == 1:
        return Group((hit.edition,))
    chosen = _chosen(looked.editions)[:room]
    ids = {edition.id for edition in chosen}
    rest = tuple(edition for edition in looked.editions if edition.id not in ids)
    languages = sorted(looked.languages.items(), key=lambda one: (-one[1], one[0]))
    whole = len(looked.editions) >= hit.matching
    return Group(
        shown=tuple(chosen),
        folded=rest[:FOLDED],
        matching=hit.matching,
        languages=tuple(languages) if len(languages) > 1 else (),
        libraries=len({code for edition in looked.editions for code in edition.libraries}) if whole else 0,
    )


def _chosen(editions: Sequence[Edition]) -> list[Edition]:
    """The first editions in the language of the first, then the first in each other language."""
    own = _language(editions[0])
    in_its_own = [edition for edition in editions if _language(edition) == own][:IN_ITS_LANGUAGE]
    others: dict[str, Edition] = {}
    for edition in editions:
        if (language := _language(edition)) not in ("", own):
            others.setdefault(language, edition)
    return [*in_its_own, *list(others.values())[:IN_OTHERS]]


def _language(edition: Edition) -> str:
    return edition.languages[0] if edition.languages else ""
