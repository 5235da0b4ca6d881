"""The result page, and what of it comes live: who can lend the rows on screen."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from urllib.parse import urlencode

from fastapi import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse

from indexer.record import Edition
from search_api.availability.status import Answer, AnswerState
from search_api.collections.room import collections_of
from search_api.collections.themes import ThemeScope
from search_api.errors import InvalidRequest
from search_api.facet_values import facet_values
from search_api.live_pages import EVENT_HEADERS, event
from search_api.mending import typed, years_in_order
from search_api.now_view import HaveView, Now
from search_api.on_shelf import lending_to, near
from search_api.page import Page
from search_api.protocols.export import FORMATS
from search_api.result_rows import Group, groups
from search_api.rows_view import RowsView
from search_api.search_params import FILTER_FIELDS, SearchParams, with_chosen_field
from search_api.search_view import FACET_IS_LONG, SHOWN_FACETS, SearchView, Sought, counted
from search_api.texts import Texts

SEEK_IN, SEEK = "seek_in", "seek"
"""The parameters of a result page that name a long facet and what is sought in it."""

LONGEST_SOUGHT = 200

LIVE = "live"
"""The parameter of a result page that is to have live states in it before it is sent."""

MAX_LIVE_ROWS = 50
"""Rows of a result page that are asked about at once."""

KEY = (
    ("available", "state.available"),
    ("kept", "results.key_kept"),
    ("on_loan", "state.on_loan"),
    ("onsite", "state.available_onsite"),
    ("asking", "state.asking"),
    ("unknown", "state.could_not_ask"),
)
"""Shapes of spines that the page explains, each with the text that says what it means."""


EXPORTS = tuple((name, one.label) for name, one in FORMATS.items())
"""Formats that results are taken along in, with their names."""


async def results_page(request: Request, language: str) -> Response:
    """What a search finds: works as brackets with editions inside, filters, and who has them."""
    page = Page(request, language, "search")
    pairs, swapped = years_in_order(request.query_params.multi_items())
    live = (LIVE, "1") in pairs
    params = SearchParams.read(with_chosen_field([pair for pair in pairs if pair[0] != LIVE]))
    result = await counted(page.services, params, rows=not live)  # copies are not asked after unless live
    page.services.counting.note_search(request, params, result.total)
    view = SearchView(result, page.t, page.labels, page.link)
    if result.total and not result.page.hits and result.previous:
        return RedirectResponse(view.address(result.previous), 302)
    field, text = typed(params.pairs())
    found = await groups(page.services, result.request, result.page.hits)
    now = await _now(page, params, found, live=live)
    rows = RowsView(params, now, page.t, page.labels, page.link)
    codes = page.labels.in_order(page.services.libraries)
    theme, about = _theme(collections_of(request).themes, params, language)
    asked = [("mine", code) for code in params.mine] + ([("near", params.near)] if params.now and params.near else [])
    asks = page.link("search/live") + "?" + urlencode(asked)
    return page.html(
        "results.html",
        asks="" if live else asks,
        asked=now.sentence(datetime.now(UTC)),
        now_summary=now.summary(all_shown=True) if live else "",
        with_live=view.address(params) + ("&" if params.pairs() else "?") + f"{LIVE}=1",
        chosen_field=field,
        query_text=text,
        canonical=view.address(params),
        advanced=page.link(f"advanced?{urlencode(shown)}" if (shown := params.pairs()) else "advanced"),
        heading=theme or view.heading(),
        words=theme or view.words(),
        about=about,
        total=result.total,
        forms=() if params.exact else rows.forms(found),
        exactly=view.exactly(),
        facets=view.facets(await _sought(page, params, dict(pairs))),
        kept=view.kept(),
        mine=view.mine(codes),
        kept_beside_mine=view.kept("mine"),
        cards=view.cards(codes),
        kept_beside_card=view.kept("card"),
        places=view.places(codes),
        kept_beside_place=view.kept("near", "now"),
        on_shelf=bool(params.now),
        shelf=result.shelf,
        years=view.years(),
        chips=view.chips(),
        cleared=view.cleared(),
        widened=view.widened(),
        corrections=view.corrections(),
        notices=(*view.notices(), *_years_said(swapped, page.t)),
        sorts=view.sorts(),
        works=rows.works(found),
        groups=view.groups(),
        found=view.found(),
        pages=view.pages(),
        previous=view.turn(result.previous),
        next=view.turn(result.next),
        feed=view.feed(),
        key=KEY,
        exports=EXPORTS,
    )


def _theme(themes: Sequence[ThemeScope], params: SearchParams, language: str) -> tuple[str, str]:
    """What the theme is called and is about whose search this is, narrowed or not; "" for any other search: the query
    of a theme would be no heading that anybody reads."""
    for one in themes:
        theme, wanted = one.theme, one.scope.params
        narrowed = [name for name in FILTER_FIELDS if getattr(wanted, name)]
        same = all(set(getattr(params, name)) == set(getattr(wanted, name)) for name in narrowed)
        if same and params.clauses() == wanted.clauses():
            about = theme.about or {}
            return theme.name.get(language) or theme.name["en"], about.get(language) or about.get("en", "")
    return "", ""


def _years_said(swapped: tuple[str, str] | None, t: Texts) -> tuple[str, ...]:
    return (t("notice.years_swapped", first=swapped[0], last=swapped[1]),) if swapped else ()


async def _now(page: Page, params: SearchParams, found: tuple[Group, ...], *, live: bool) -> Now:
    """What is known of the rows' copies: without asking anybody or, for who has no script, after asking everybody."""
    editions = {edition.id: edition for group in found for edition in group.shown}
    close = near(page.services.libraries, params.near) if params.now else ()
    now = Now(editions, page.t, page.labels, page.live, params.mine, close, asked=live)
    checker, shown = page.services.checker, tuple(editions.values())
    now.take([answer async for answer in checker.stream(shown)] if live else checker.known(shown))
    return now


async def _sought(page: Page, params: SearchParams, given: Mapping[str, str]) -> Sought | None:
    """What is sought in a long facet; None when nothing is, or in no facet that the page shows."""
    text = given.get(SEEK, "").strip()[:LONGEST_SOUGHT]
    field = next((facet for facet in SHOWN_FACETS if facet == given.get(SEEK_IN)), None)
    if not text or field is None:
        return None

    def called(value: str) -> str:
        return page.labels.of_facet(field, value)

    within = lending_to(page.services, params.card)
    engine = page.services.engine
    found = await facet_values(engine, params, field, text, FACET_IS_LONG, called=called, within=within)
    return Sought(field, text, found)


async def results_live_page(request: Request, language: str) -> Response:
    """Where the rows that are on screen can be had, as server-sent events: what is said of each, as answers come.

    ``seen`` are rows asked about before: they are not asked about again, but counted in the sentence on all libraries.

    Raises: InvalidRequest when more are asked about than a page shows.
    """
    page = Page(request, language, "search")
    ids, seen = (_ids(request, name) for name in ("ids", "seen"))
    editions = await page.services.engine.editions((*ids, *seen))
    given = request.query_params
    close = near(page.services.libraries, given["near"]) if "near" in given else ()
    now = Now(editions, page.t, page.labels, page.live, given.getlist("mine"), close, asked=True)
    now.take(answer for one in seen if one in editions for answer in _unanswered(editions[one]))
    now.take(page.services.checker.known(tuple(editions.values())))
    asked = tuple(editions[one] for one in ids if one in editions)
    return StreamingResponse(_rows_events(page, now, asked), media_type="text/event-stream", headers=EVENT_HEADERS)


def _unanswered(edition: Edition) -> Iterator[Answer]:
    """That nobody answered for an edition which was asked about before: what was answered takes its place."""
    return (Answer(edition.id, code, (), AnswerState.TIMEOUT) for code in edition.libraries)


def _ids(request: Request, name: str) -> tuple[str, ...]:
    ids = tuple(dict.fromkeys(filter(None, request.query_params.get(name, "").split(","))))
    if len(ids) > MAX_LIVE_ROWS:
        raise InvalidRequest(f"At most {MAX_LIVE_ROWS} editions are asked about at once.", field=name)
    return ids


async def _rows_events(page: Page, now: Now, asked: tuple[Edition, ...]) -> AsyncIterator[bytes]:
    said: dict[str, HaveView] = {}
    for edition in asked:
        yield _row_event(page, edition.id, said.setdefault(edition.id, now.have(edition.id)))
    yield event("asked", {"words": now.sentence(datetime.now(UTC))})
    async for answer in page.services.checker.stream(asked):
        now.take([answer])
        have = now.have(answer.edition)
        if have != said[answer.edition]:
            said[answer.edition] = have
            yield _row_event(page, answer.edition, have)
            yield event("asked", {"words": now.sentence(datetime.now(UTC))})
    yield event("done", {"words": now.summary()})


def _row_event(page: Page, edition: str, have: HaveView) -> bytes:
    states = {holder.library: page.part("state", holder.badge) for holder in have.holders}
    said = {"edition": edition, "can": have.can, "rest": have.rest, "spines": have.spines, "states": states}
    return event("row", said)
