"""The page of one edition: who holds it, whether it can be had, all that is known of it, and where to go from here."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from urllib.parse import urlencode

from fastapi import Request
from starlette.responses import RedirectResponse, Response

from indexer.record import Edition
from search_api.api import find_edition
from search_api.availability.status import Answer, AnswerState
from search_api.conditional import http_date, unchanged
from search_api.edition_age import changed
from search_api.evidence_view import evidence
from search_api.live_pages import visit_of
from search_api.live_view import Ahead, LibraryBlock, RegionBlock
from search_api.neighbours import Shelf, shelf, similar
from search_api.on_shelf import near
from search_api.page import Page
from search_api.protocols.citations import cited
from search_api.protocols.coins import context_object
from search_api.protocols.export import downloads
from search_api.protocols.json_ld import data_block
from search_api.protocols.reference import reference
from search_api.search_params import standing
from search_api.services import Services
from search_api.views import EditionView, edition_view, facts
from search_api.visit_view import filled_in
from search_api.work_view import around

FIRST_LOOK_SECONDS = 0.3
"""How long a page waits for live answers before it is sent; the script, or a reload, brings the rest."""

LIBRARIES_UNFOLDED = 12
"""Holders that a region shows at once; a title that two hundred libraries hold stays a page one can read."""


@dataclass(frozen=True, slots=True)
class SpineView:
    """A book on the shelf: of its call number the class, which is all that a spine has room for."""

    view: EditionView
    call_number: str
    here: bool


@dataclass(frozen=True, slots=True)
class RegionHoldings:
    """The holders of a region: those shown at once, and those that unfold."""

    code: str
    name: str
    shown: tuple[LibraryBlock, ...]
    folded: tuple[LibraryBlock, ...]

    @property
    def count(self) -> int:
        return len(self.shown) + len(self.folded)


async def edition_page(request: Request, language: str, edition_id: str) -> Response:
    """Everything known of an edition; the id of a merged one leads on to the edition that answers for it."""
    page = Page(request, language, f"editions/{edition_id}")
    services = page.services
    edition = await find_edition(services, edition_id)
    if edition.id != edition_id:
        # Not for ever: records may part again, and a browser that never asks again would miss it.
        target = page.link(f"editions/{edition.id}") + standing(request.query_params.multi_items())
        return RedirectResponse(target, 301, {"Cache-Control": "max-age=3600"})
    services.counting.note_asked(request, edition.libraries)
    since = await changed(request, edition_id)
    if answer := unchanged(request, since):  # a crawler: nobody is asked for it
        return answer
    given = request.query_params
    kept = standing(given.multi_items())
    first = ahead(page, given.getlist("mine"), given.get("near", ""))
    answers, beside, alike, why, others = await asyncio.gather(
        _first_answers(services, edition),
        shelf(services, edition),
        similar(services, edition),
        asyncio.to_thread(evidence, services, edition, page.t, page.labels),
        asyncio.to_thread(around, services, edition, page.t, page.labels, page.link),
    )
    shown = partial(edition_view, t=page.t, labels=page.labels, link=page.link)
    view = shown(edition)
    cited_as = reference(edition, page.site)
    permanent = page.site + view.url
    response = page.html(
        "edition.html",
        view=view,
        permanent=permanent,
        back=_back(request, page),
        facts=facts(edition, page.t, page.labels, page.link),
        regions=folded(page.live.regions(edition, answers, first)),
        visits={code: visit_of(page, edition, code) for code in edition.libraries},
        summary=page.live.summary(edition, answers, datetime.now(UTC)),
        asking=len(answers) < len(edition.libraries),
        again=view.url + kept,
        live=page.link(f"editions/{edition.id}/live") + kept,
        unanswered=page.live.unanswered(),
        broken=page.live.broken(edition, answers, datetime.now(UTC)),
        evidence=why,
        around=others,
        shelf=[SpineView(shown(one.edition), one.call_number.split()[0], one.here) for one in beside.spines],
        shelf_url=page.link(f"browse?{urlencode(_place(beside))}"),
        similar=[shown(one) for one in alike.editions] if alike else (),
        subject=alike.subject if alike else "",
        subject_total=alike.total if alike else 0,
        subject_url=page.link(f"search?{urlencode(alike.params.pairs())}") if alike else "",
        citations=cited(cited_as, services.counting.today()),
        exports=downloads(lambda _, one: f"{view.url}.{one.suffix}"),
        coins=context_object(cited_as),
        data=data_block(edition, services.libraries, page.site, language, answers),
        description=_description(view, page),
        request_url=filled_in(services.site.request_url, edition, permanent),
    )
    response.headers["Last-Modified"] = http_date(since)
    return response


async def _first_answers(services: Services, edition: Edition) -> Mapping[str, Answer]:
    """What came in the first moment, by library; a library still being asked is left out, unless an answer is kept."""
    answers = await services.checker.answers([edition], deadline_seconds=FIRST_LOOK_SECONDS)
    return {a.library: a for a in answers if not (a.pending and a.state is not AnswerState.STALE)}


def _place(beside: Shelf) -> dict[str, str]:
    return {"list": "call_number", "scheme": beside.scheme, "from": beside.start}


def ahead(page: Page, mine: Sequence[str], place: str) -> tuple[Ahead, ...]:
    """The libraries a reader calls theirs, then those near where they look, which stand before the regions."""
    libraries, labels = page.services.libraries, page.labels
    found = [Ahead("mine", page.t("edition.mine"), frozenset(mine))] if mine else []
    if place in libraries:
        found.append(
            Ahead("near", page.t("edition.near", place=labels.library(place)), frozenset(near(libraries, place)))
        )
    elif place:
        found.append(Ahead("near", labels.region(place), frozenset(near(libraries, place))))
    return tuple(found)


def _description(view: EditionView, page: Page) -> str:
    """What search engines show beneath the title."""
    held = page.t("live.held", n=len(view.holders))
    return " · ".join(part for part in (view.by, view.imprint, held) if part)


def _back(request: Request, page: Page) -> str:
    """The row of the result page a reader came from, "" when they came from elsewhere."""
    came_from = request.headers.get("referer", "").partition("#")[0]
    if not came_from.startswith(page.site + page.link("search")):
        return ""
    return f"{came_from}#e-{request.path_params['edition_id']}"


def folded(regions: tuple[RegionBlock, ...]) -> list[RegionHoldings]:
    """The regions with their first libraries shown and the rest to be unfolded, in the order they came."""
    return [
        RegionHoldings(one.code, one.name, one.blocks[:LIBRARIES_UNFOLDED], one.blocks[LIBRARIES_UNFOLDED:])
        for one in regions
    ]
