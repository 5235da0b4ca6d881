"""What stands beside an edition on the shelf of all libraries, and what is on the same subject."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from indexer.engine import EngineIncompatible, EngineUnavailable, SearchRequest
from indexer.record import Edition
from indexer.shelved import SCHEMES, shelved
from search_api.browsing import BrowseParams, Heading, browse
from search_api.search_params import SearchParams
from search_api.services import Services

WIDTH = 26
"""Spines of the shelf."""
SIMILAR = 6
SUBJECTS_TRIED = 3

_DOWN = (EngineUnavailable, EngineIncompatible)
"""Editions are read from the store: their pages work while searching does not."""


@dataclass(frozen=True, slots=True)
class Spine:
    edition: Edition
    call_number: str
    here: bool


@dataclass(frozen=True, slots=True)
class Shelf:
    """None of them when an edition has no call number, or nothing stands beside it."""

    spines: tuple[Spine, ...] = ()
    scheme: str = ""
    start: str = ""  # the call number that the list of call numbers is opened at


@dataclass(frozen=True, slots=True)
class Similar:
    """Other works with a subject of this edition: the rarest of its first subjects that others have."""

    subject: str
    editions: tuple[Edition, ...]
    total: int  # editions with the subject, this one included
    params: SearchParams  # what finds all of them


async def shelf(services: Services, edition: Edition) -> Shelf:
    """The editions beside this one by call number, in the order of the scheme it stands in."""
    own = sorted(shelved(edition), key=lambda one: (SCHEMES.index(one.scheme), one.place))
    if not own:
        return Shelf()
    scheme, _, text = own[0]
    params = BrowseParams.model_validate({"from": text[:200], "scheme": scheme, "size": WIDTH})
    try:
        found = await browse(services, "call_number", params)
        hits = await asyncio.gather(*(_first(services, heading, edition.id) for heading in found.headings))
    except _DOWN:
        return Shelf()  # a page without a shelf is a page all the same
    spines: dict[str, Spine] = {}
    for heading, one in zip(found.headings, hits, strict=True):
        if one is not None:
            spines.setdefault(one.id, Spine(one, heading.text, here=one.id == edition.id))
    return Shelf(tuple(spines.values()), scheme, text) if len(spines) > 1 else Shelf()


async def _first(services: Services, heading: Heading, own: str) -> Edition | None:
    """The edition that stands for a call number: this one where it is among them."""
    if heading.own is None:
        return None
    request = heading.own.params.changed(size=5, facet_size=0).request()
    hits = (await services.engine.search(request)).hits
    return next((hit.edition for hit in hits if hit.edition.id == own), hits[0].edition if hits else None)


async def similar(services: Services, edition: Edition) -> Similar | None:
    """Other works on the same subject, the most widely held first; None when no other has one of its subjects, and
    while nothing can be searched."""
    try:
        return await _similar(services, edition)
    except _DOWN:
        return None


async def _similar(services: Services, edition: Edition) -> Similar | None:
    subjects = list(dict.fromkeys(one.value.text for one in edition.subjects))[:SUBJECTS_TRIED]
    searches = [SearchParams.model_validate({"subject_is": (text,)}) for text in subjects]
    if not searches:
        return None
    totals = await services.engine.totals([params.request() for params in searches])
    tried = [(total, text, params) for total, text, params in zip(totals, subjects, searches, strict=True) if total > 1]
    if not tried:
        return None
    total, text, params = min(tried, key=lambda one: one[0])
    wanted = SearchRequest(filters=params.filters(), sort="libraries", limit=2 * SIMILAR, by_work=True)
    hits = (await services.engine.search(wanted)).hits
    own = {edition.id, edition.work} - {""}
    others = [hit.edition for hit in hits if own.isdisjoint((hit.edition.id, hit.edition.work))][:SIMILAR]
    return Similar(text, tuple(others), total, params) if others else None
