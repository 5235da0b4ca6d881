"""A member's records over OAI-PMH 2.0: the functions a run, a sweep and a probe call.

A list ends only with a proven page without a token; what cannot be proven complete is said to be unproven.
"""

from __future__ import annotations

import os
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import aclosing, closing
from dataclasses import replace
from datetime import datetime

from harvester.access import Access
from harvester.errors import HarvestFailed
from harvester.oai_pmh.dialect import Dialect
from harvester.oai_pmh.harvest import Harvesting
from harvester.oai_pmh.listing import Listing, Selection
from harvester.oai_pmh.opening import introduced, prefixes, sets_to_list
from harvester.oai_pmh.server import Server, shown_base
from harvester.oai_pmh.single import Fetching
from harvester.oai_xml import headers
from harvester.page import End, IdentifierPage, Page, Presence, Visit, nobody_is_told
from harvester.store import utc_now
from mappings.library import Library

__all__ = ["Server", "identifiers", "one", "pages", "server_of", "source_of"]

Now = Callable[[], datetime]


def source_of(library: Library) -> str:
    """What the run is bound to: another address, set or prefix is another list."""
    harvest = library.harvest
    chosen = " ".join(harvest.sets) or harvest.set
    return f"oai-pmh {shown_base(library)} set={chosen} prefix={harvest.metadata_prefix}"


def server_of(visit: Visit, *, now: Now = utc_now, environ: Mapping[str, str] = os.environ) -> Server:
    """The visit's server, to be asked anything.

    Raises: AccessRefused when a secret or a certificate is missing.
    """
    return Server(visit.library, visit.http, Dialect(visit.traits), now, Access.of(visit.library, environ))


async def pages(
    visit: Visit, *, now: Now = utc_now, environ: Mapping[str, str] = os.environ
) -> AsyncGenerator[Page, None]:
    """The pages of a list: of everything, or of what changed since the visit's watermark; from its checkpoint if any.

    A list may begin anew, so records may come twice. What was learnt of the server comes with the pages, and on a
    page of its own before a failure.

    Raises: HarvestFailed, of any kind but DumpUnusable and RunTakenOver.
    """
    harvesting = Harvesting(visit, server_of(visit, now=now, environ=environ))
    dialect = harvesting.server.dialect
    try:
        async with aclosing(harvesting.pages()) as found:
            async for page in found:
                yield replace(page, learnt=dialect.fresh())
    except HarvestFailed:
        learnt = dialect.fresh()
        if learnt:
            yield Page((), checkpoint=harvesting.checkpoint, learnt=learnt)
        raise


async def identifiers(
    visit: Visit, *, now: Now = utc_now, environ: Mapping[str, str] = os.environ
) -> AsyncGenerator[IdentifierPage, None]:
    """The names of all there is, set after set; of several sets, deletions say nothing and are left out.

    Raises: HarvestFailed, of any kind but DumpUnusable and RunTakenOver.
    """
    server = server_of(visit, now=now, environ=environ)
    await introduced(server)
    prefix = (await prefixes(server))[0]
    chosen = await sets_to_list(server)
    doubts: list[str] = []
    for name in chosen:
        listing = Listing(server, "ListIdentifiers", headers, Selection(prefix, name), nobody_is_told, visit.started_at)
        listing.known = visit.known
        with closing(listing):
            while not listing.ended:
                page = await listing.next_page()
                end = None
                if listing.ended and listing.doubt:
                    doubts.append(listing.doubt)
                if listing.ended and name == chosen[-1]:
                    end = End(not doubts, "", "; ".join(doubts), listing.at.nameless)
                gone = tuple(record.identifier for record in page.deleted) if len(chosen) == 1 else ()
                learnt = server.dialect.fresh()
                yield IdentifierPage(page.live, gone, listing.at.expected, page.repairs > 0, end, learnt)


async def one(
    visit: Visit, identifier: str, *, now: Now = utc_now, environ: Mapping[str, str] = os.environ
) -> Presence:
    """Whether the source still has a record.

    Raises: ComeBackLater, HostUnknown, AccessRefused.
    """
    server = server_of(visit, now=now, environ=environ)
    news = await Fetching(server, (await prefixes(server))[0], visit).one(identifier)
    return news if isinstance(news, str) else "present"
