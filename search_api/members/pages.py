"""The members' state for staff: all of them, one of them, and a record that could not be read."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from fastapi import APIRouter
from starlette.responses import Response

from harvester import run_state
from harvester.runs import RunOutcome
from harvester.standing import standings
from harvester.store import Store
from mappings.library import Library
from search_api.errors import NotFound
from search_api.members.bars import DAYS
from search_api.members.one_view import OneView
from search_api.members.payload import as_text, is_xml, quarantined_payload
from search_api.members.state import MemberState
from search_api.members.view import ORDERS, MembersView, member_states
from search_api.services import Services
from search_api.staff.page import PRIVATE, StaffPage, add_page

PATH = "staff/members"
RUNS_SHOWN = 20
MEDIAN_DAYS = 2

router = APIRouter(include_in_schema=False)


async def members_state_page(page: StaffPage) -> Response:
    """Every member: one sentence, four figures, then trouble first."""
    view = await _view(page, page.services.libraries)
    order = page.request.query_params.get("order", ORDERS[0])
    counts = await asyncio.to_thread(page.services.catalogue.counts)
    return page.html(
        "members_state.html",
        now=page.services.store.now(),
        sentence=view.sentence(),
        sums=view.figures(counts),
        order=order if order in ORDERS else ORDERS[0],
        orders=ORDERS,
        rows=view.rows(order, page.link(PATH)),
        address=page.link(PATH),
    )


async def member_state_page(page: StaffPage) -> Response:
    """One member, with its harvests, its live status day by day and its quarantine."""
    services, t = page.services, page.t
    library = _member(page)
    code = library.code
    view = await _view(page, {code: library})
    one = OneView(library, page.link(f"{PATH}/{code}"), t)
    past = (await asyncio.to_thread(services.keeping.history.of, [code], told_days=DAYS))[code]
    runs = await asyncio.to_thread(_recent, services.store, code)
    quarantine = await asyncio.to_thread(services.store.quarantined, code)
    bars, bars_words = one.days_drawn(past.days, services.store.now().date())
    [row] = view.rows(ORDERS[0], page.link(PATH))
    return page.html(
        "member_state.html",
        row=row,
        member=library,
        standing=view.standing(code),
        why=view.why(code),
        bars=bars,
        bars_words=bars_words,
        days=one.days(past.days),
        runs=one.runs(runs),
        kinds=one.quarantine(quarantine),
        quarantined=len(quarantine),
        members_address=page.link(PATH),
    )


async def quarantined_page(page: StaffPage) -> Response:
    """A record that could not be read, with the reason; ``as=file`` gives its bytes."""
    library, asked = _member(page), page.request.query_params
    found = [
        one
        for one in await asyncio.to_thread(page.services.store.quarantined, library.code)
        if one.identifier == asked.get("id") and asked.get("stage", one.stage) == one.stage
    ]
    if not found:
        raise NotFound("This record is not in quarantine, or no longer.")
    payload = await asyncio.to_thread(quarantined_payload, page.services.store, found[0])
    if asked.get("as") == "file":
        name = f"{library.code}-record.{'xml' if is_xml(payload) else 'mrc'}"
        headers = {**PRIVATE, "Content-Disposition": f'attachment; filename="{name}"'}
        return Response(payload, media_type="application/octet-stream", headers=headers)
    one = OneView(library, page.link(f"{PATH}/{library.code}"), page.t)
    [kind] = one.quarantine(found[:1])
    return page.html(
        "quarantined.html",
        name=page.labels.library(library.code),
        back=page.link(f"{PATH}/{library.code}#quarantine"),
        kind=kind,
        record=kind.records[0],
        text=as_text(payload),
        size=len(payload),
    )


def _member(page: StaffPage) -> Library:
    """Raises: NotFound."""
    library = page.services.libraries.get(page.request.path_params["code"])
    if library is None:
        raise NotFound("There is no such library.")
    return library


async def _view(page: StaffPage, libraries: Mapping[str, Library]) -> MembersView:
    now = page.services.store.now()
    states = await asyncio.to_thread(_states, page.services, libraries)
    return MembersView(libraries, states, now, page.t, page.labels)


def _states(services: Services, libraries: Mapping[str, Library]) -> dict[str, MemberState]:
    history, codes = services.keeping.history, list(libraries)
    return member_states(
        libraries,
        standings(services.store, libraries),
        services.checker.health(),
        history.of(codes, told_days=MEDIAN_DAYS),
        hours=history.hours(codes),
        now=services.store.now(),
    )


def _recent(store: Store, code: str) -> list[RunOutcome]:
    with store.reading() as connection:
        return run_state.recent(connection, code, RUNS_SHOWN)


add_page(router, PATH, members_state_page)
add_page(router, f"{PATH}/{{code}}", member_state_page)
add_page(router, f"{PATH}/{{code}}/quarantine", quarantined_page)
