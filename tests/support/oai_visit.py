"""One visit to the scripted OAI-PMH server without a store: its pages, and what they come to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from harvester.oai_pmh import pages
from harvester.page import End, Page, Visit
from tests.support.oai import OaiServer, oai_library, sleepless

NOW = datetime(2024, 5, 1, 12, tzinfo=UTC)


async def listing(server: OaiServer, **options: object) -> list[Page]:
    """All pages of a visit. ``unseen=True`` lets it ask which names never came, as a run with a store does; ``came``
    are names that did, to a process before this one."""
    harvest = options.pop("harvest", {})
    learnt = options.pop("learnt", None)
    came: set[str] = set(options.pop("came", ()))  # type: ignore[call-overload]
    if options.pop("unseen", False):

        async def unseen(wanted: Sequence[str]) -> list[str]:
            return [name for name in wanted if name not in came]

        options["unseen"] = unseen
    listed = []
    async with sleepless() as http:
        library = oai_library(server.url, **harvest)  # type: ignore[arg-type]
        visit = Visit(library, http, **{"started_at": NOW, **options})  # type: ignore[arg-type]
        async for page in pages(visit, now=lambda: NOW):
            listed.append(page)
            came |= {record.identifier for record in page.records} | {item.identifier for item in page.refused}
            if isinstance(learnt, dict):
                learnt.update(page.learnt)
    return listed


def names(listed: list[Page]) -> list[str]:
    return [record.identifier for page in listed for record in page.records]


def end_of(listed: list[Page]) -> End:
    ends = [page.end for page in listed if page.end is not None]
    assert len(ends) == 1
    assert listed[-1].end is ends[0]
    return ends[0]
