"""Which editions a feed of a search shows: those that entered the catalogue last."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace

from indexer import edition_times
from indexer.edition_times import Times
from indexer.engine import SearchRequest
from indexer.record import Edition
from search_api.labels import Labels
from search_api.protocols.atom import FeedEntry
from search_api.services import Services
from search_api.texts import Texts
from search_api.views import edition_view

ENTRIES = 50
"""Of a feed. Readers ask often enough to miss none."""

_LOOKED_THROUGH = (100, 900, 4_000, 15_000)
"""Of the editions that entered last, how many are looked through at a time. What entered before is not news."""

_MOST_HITS = 1_000


async def news(services: Services, request: SearchRequest) -> list[tuple[Edition, Times]]:
    """What a search finds of the editions that entered last, the newest first; filled up, where that is little, with
    what was published last.

    Raises: EngineUnavailable, EngineIncompatible.
    """
    asked = replace(request, sort="relevance", facets=(), offset=0, after="", by_work=False, rows=True)
    found: dict[str, Edition] = {}
    offset = 0
    for size in _LOOKED_THROUGH:
        ids = await asyncio.to_thread(edition_times.newest, services.catalogue.engine, size, offset)
        if ids:
            page = await services.engine.search(replace(asked, ids=tuple(ids), limit=min(size, _MOST_HITS)))
            hits = {hit.edition.id: hit.edition for hit in page.hits}
            found |= {edition: hits[edition] for edition in ids if edition in hits}
        offset += size
        if len(found) >= ENTRIES or len(ids) < size:
            break
    if len(found) < ENTRIES and len(ids) == size:  # the catalogue has more than was looked through
        page = await services.engine.search(replace(asked, sort="newest", limit=ENTRIES))
        found |= {hit.edition.id: hit.edition for hit in page.hits if hit.edition.id not in found}
    shown = dict(list(found.items())[:ENTRIES])
    ages = await asyncio.to_thread(edition_times.times, services.catalogue.engine, shown)
    return [(edition, ages[one]) for one, edition in shown.items() if one in ages]


def entry(
    edition: Edition, times: Times, t: Texts, labels: Labels, *, link: Callable[[str], str], permanent: str
) -> FeedEntry:
    """An edition as an entry; ``permanent`` is its address without a language."""
    view = edition_view(edition, t, labels, link)
    said = (view.by, view.imprint, view.kind, t("results.held", n=len(edition.libraries)))
    return FeedEntry(
        id=permanent,
        title=view.full_title,
        language=view.lang,
        address=view.url,
        entered=times.entered,
        changed=times.changed,
        authors=tuple(agent.value.name for agent in edition.agents[:5]),
        summary=" · ".join(filter(None, said)),
    )
