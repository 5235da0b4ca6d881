"""What stands beside an edition on the shelf of all libraries, and what is on the same subject."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

from indexer.engine import EngineUnavailable, SearchRequest
from indexer.record import Edition
from indexer.shelf_order import Scheme
from indexer.shelved import SCHEMES, shelved
from search_api.browsing import BrowseParams, Heading, browse
from search_api.labels import Labels
from search_api.search_params import SearchParams
from search_api.services import Services
from search_api.texts import Texts
from search_api.views import EditionView, edition_view

WIDTH = 18
"""Spines of the shelf."""
SIMILAR = 6
SUBJECTS_TRIED = 3


@dataclass(frozen=True, slots=True)
class Spine:
    view: EditionView
    call_number: str  # its class, which is all that a spine has room for
    here: bool


@dataclass(frozen=True, slots=True)
class Shelf:
    spines: tuple[Spine, ...]
    url: str  # the list of call numbers, opened here


@dataclass(frozen=True, slots=True)
class Similar:
    """Other editions with a subject of this one, the rarest of its first that others have."""

    subject: str
    editions: tuple[EditionView, ...]
    total: int
    url: str


async def shelf(services: Services, edition: Edition, t: Texts, labels: Labels, link: Callable[[str], str]) -> Shelf:
    """The editions beside this one by call number, in the order of the scheme it stands in; none without one."""
    own = sorted(shelved(edition), key=lambda one: (SCHEMES.index(one.scheme), one.place))
    if not own:
        return Shelf((), "")
    scheme, _, text = own[0]
    try:
        found = await browse(services, "call_number", BrowseParams.model_validate(_around(text, scheme)))
    except EngineUnavailable:
        return Shelf((), "")  # the lists are still being made: a page without a shelf is a page all the same
    hits = await asyncio.gather(*(_first(services, heading, edition.id) for heading in found.headings))
    spines: list[Spine] = []
    for heading, one in zip(found.headings, hits, strict=True):
        if one is not None and one.id not in {spine.view.id for spine in spines}:
            view = edition_view(one, t, labels, link)
            spines.append(Spine(view, heading.text.split()[0], here=one.id == edition.id))
    query = urlencode({"list": "call_number", "scheme": scheme, "from": text})
    return Shelf(tuple(spines) if len(spines) > 1 else (), link(f"browse?{query}"))


def _around(text: str, scheme: Scheme) -> dict[str, object]:
    return {"from": text[:200], "scheme": scheme, "size": WIDTH}


async def _first(services: Services, heading: Heading, own: str) -> Edition | None:
    """The edition that stands for a call number: this one where it is among them."""
    if heading.own is None:
        return None
    request = heading.own.params.changed(size=5, facet_size=0).request()
    hits = (await services.engine.search(request)).hits
    return next((hit.edition for hit in hits if hit.edition.id == own), hits[0].edition if hits else None)


async def similar(
    services: Services, edition: Edition, t: Texts, labels: Labels, link: Callable[[str], str]
) -> Similar | None:
    """Other editions on the same subject, the most widely held first; None when no other has one of its subjects."""
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
    if not others:
        return None
    views = tuple(edition_view(one, t, labels, link) for one in others)
    return Similar(text, views, total, link(f"search?{urlencode(params.pairs())}"))
