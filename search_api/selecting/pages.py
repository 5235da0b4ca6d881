"""The pages of lists before a purchase: send one, watch it being checked, read the report, decide, take it along."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from urllib.parse import parse_qsl, quote

from fastapi import APIRouter, Depends
from starlette.responses import RedirectResponse, Response

from search_api.errors import InvalidRequest
from search_api.selecting.answering import Answered
from search_api.selecting.api import answers_of, file_of, kept, read_again, refuse_strangers
from search_api.selecting.asking import Asked, refuse_unknown
from search_api.selecting.columns import letter
from search_api.selecting.downloads import COLUMNS, USUAL
from search_api.selecting.given import MAX_LINES, Column, ListRefused
from search_api.selecting.prices import CODES
from search_api.selecting.receiving import received, refuse_too_large
from search_api.selecting.reports import Read, Report
from search_api.selecting.view import ReportView
from search_api.selecting.words import Words
from search_api.sheets import KINDS, Kind
from search_api.staff.access import Role
from search_api.staff.page import StaffPage, add_page

PATH = "staff/overlap"
REFRESH_SECONDS = 2
REPORTS_SHOWN = 20
ENCODINGS = (("", "auto"), ("utf-8", "UTF-8"), ("utf-16", "UTF-16"), ("cp950", "Big5 / CP950"), ("gb18030", "GB18030"))
CURRENCIES = ("TWD", *sorted(CODES - {"TWD"}))

router = APIRouter(include_in_schema=False, dependencies=[Depends(refuse_too_large)])


async def start_page(page: StaffPage) -> Response:
    """The form, and reports made before."""
    return await _start(page)


async def _start(page: StaffPage, wrong: str = "", given: Mapping[str, str] | None = None) -> Response:
    text = page.request.query_params.get("page", "1")
    at = int(text) if text.isascii() and text.isdigit() and 1 <= len(text) <= 5 else 1
    offset = (max(1, at) - 1) * REPORTS_SHOWN
    reports = await asyncio.to_thread(
        answers_of(page.request).reports.latest, page.actor.library, REPORTS_SHOWN + 1, offset
    )
    return page.html(
        "overlap.html",
        422 if wrong else 200,
        wrong=wrong,
        given=given or {},
        most=MAX_LINES,
        encodings=ENCODINGS,
        currencies=CURRENCIES,
        reports=[_row(page, report) for report in reports[:REPORTS_SHOWN]],
        newer=f"?page={at - 1}" if at > 1 else "",
        older=f"?page={at + 1}" if len(reports) > REPORTS_SHOWN else "",
        action=page.link(PATH),
    )


def _row(page: StaffPage, report: Report) -> dict[str, object]:
    return {
        "name": _name(page, report),
        "href": page.link(f"{PATH}/{quote(report.id)}"),
        "lines": report.lines,
        "state": page.t(f"overlap.state_{report.state}"),
        "made": page.t.moment(report.made_at, page.services.site.zone),
        "by": report.made_by,
    }


def _name(page: StaffPage, report: Report) -> str:
    made = page.t.moment(report.made_at, page.services.site.zone)
    return report.name or f"{page.t('overlap.unnamed')} {made}"


async def send(page: StaffPage) -> Response:
    """Takes a list and leads to its report; a list that cannot be read is said on the form."""
    form = await page.request.form(max_files=2, max_fields=60)
    given = {name: value for name, value in form.items() if isinstance(value, str)}
    try:
        report = await kept(page.request, page.actor, await received(page.request, {}))
    except ListRefused as exc:
        return await _start(page, page.t(f"overlap.refused_{exc.why}"), given)
    except InvalidRequest as exc:
        return await _start(page, exc.message, given)
    return RedirectResponse(page.link(f"{PATH}/{quote(report)}"), 303)


async def report_page(page: StaffPage) -> Response:
    """A report: while it is being checked how far that is, then everything."""
    name = page.request.path_params["report"]
    asked = Asked.read(page.request.query_params.multi_items(), page.actor.library)
    refuse_unknown(asked, answers_of(page.request).libraries, page.actor.library)
    answered = await asyncio.to_thread(answers_of(page.request).page, name, asked)
    report = answered.report
    if report.state != "done":
        return _unfinished(page, report)
    return _finished(page, answered)


def _unfinished(page: StaffPage, report: Report) -> Response:
    refused = page.t(f"overlap.refused_{report.why}") if report.state == "refused" else ""
    return page.html(
        "overlap_progress.html",
        name=_name(page, report),
        report=report,
        refused=refused,
        refresh=0 if refused else REFRESH_SECONDS,
        state=page.t(f"overlap.state_{report.state}"),
        poll=f"/api/overlap/{quote(report.id)}?size=1",
        start=page.link(PATH),
        reading=_reading(page, report),
    )


def _finished(page: StaffPage, answered: Answered) -> Response:
    report, asked, t = answered.report, answered.asked, page.t
    address = page.link(f"{PATH}/{quote(report.id)}")
    words = Words(t, page.labels)
    members = page.labels.in_order(page.services.libraries)
    view = ReportView(
        answered,
        words,
        members,
        page.actor.library,
        lambda query: address + query,
        lambda edition: page.link(f"editions/{quote(edition)}"),
    )
    zone = page.services.site.zone
    query = asked.address(page.actor.library, page=1)
    regions = {page.labels.region_of(code) for code in members}
    return page.html(
        "overlap_report.html",
        view=view,
        name=_name(page, report),
        report=report,
        totals=answered.totals,
        rows=view.rows(),
        asked=asked,
        finished=t.moment(report.finished_at or report.made_at, zone),
        kept_until=t.full_day(report.kept_until.astimezone(zone).date()),
        seconds=max(1, round(report.seconds)),
        start=page.link(PATH),
        here_address=address,
        permanent=page.site + address,
        chosen_query=query,
        files={kind: f"{address}/lines.{kind}" + (f"?{query}" if query else "") for kind in ("xlsx", "csv")},
        libraries=[(code, page.labels.library(code)) for code in members],
        members_said=t("overlap.order_of_spines", n=len(members), regions=_regions(page, regions)),
        columns=[(name, t(f"overlap.col_{name}"), name in USUAL) for name in COLUMNS],
        hidden=_pairs(asked, page.actor.library),
        reading=_reading(page, report),
        held_by=[(page.labels.library(code), answered.totals.held_by.get(code, 0)) for code in members],
        between="" if t.full_width else " ",
        has_region=asked.mine in page.services.libraries,
    )


def _regions(page: StaffPage, codes: set[str]) -> str:
    return page.t("overlap.and").join(map(page.labels.region, page.labels.regions_in_order(codes)))


def _pairs(asked: Asked, mine: str) -> list[tuple[str, str]]:
    """What a form that asks for more has to send along."""
    return parse_qsl(asked.address(mine, page=1, columns=()))


def _reading(page: StaffPage, report: Report) -> dict[str, object]:
    """How the list was understood, to be corrected."""
    read, options = report.read, report.options
    width = max((len(row) for row in (read.headings, *read.preview)), default=0)
    of = {index: column for column, indexes in read.columns.items() for index in indexes}
    return {
        "action": page.link(f"{PATH}/{quote(report.id)}/again"),
        "kind": page.t(f"overlap.kind_{read.kind or 'text'}"),
        "read": read,
        "table": read.kind in ("table", "workbook"),
        "columns": [_column(read, at, of.get(at, "")) for at in range(width)],
        "choices": [(column.value, page.t(f"overlap.is_{column}")) for column in Column],
        "options": options,
        "encodings": ENCODINGS,
        "currencies": CURRENCIES,
    }


def _column(read: Read, at: int, column: str) -> dict[str, object]:
    heading = read.headings[at] if at < len(read.headings) else ""
    cells = [row[at] if at < len(row) else "" for row in read.preview[:3]]
    return {"letter": letter(at), "heading": heading, "column": column, "cells": cells}


async def again(page: StaffPage) -> Response:
    """Reads the list once more, as its selector says it is."""
    name = page.request.path_params["report"]
    form = await page.request.form(max_fields=400)
    said = {key: value for key, value in form.items() if isinstance(value, str)}
    places: dict[str, list[str]] = {}
    for key, value in said.items():
        if key.startswith("column-") and value:
            places.setdefault(value, []).append(key.removeprefix("column-"))
    said["columns"] = ",".join(f"{column}={'+'.join(letters)}" for column, letters in places.items())
    try:
        report = await read_again(page.request, name, page.actor, said)
    except ListRefused as exc:
        return await _start(page, page.t(f"overlap.refused_{exc.why}"))
    return RedirectResponse(page.link(f"{PATH}/{quote(report.id)}"), 303)


async def forget(page: StaffPage) -> Response:
    """Removes a report and leads back to the form."""
    answers = answers_of(page.request)
    report = await asyncio.to_thread(answers.report, page.request.path_params["report"])
    refuse_strangers(report, page.actor)
    await asyncio.to_thread(answers.reports.remove, report.id)
    return RedirectResponse(page.link(PATH), 303)


async def lines_file(page: StaffPage) -> Response:
    """The lines chosen, as a file."""
    asked = Asked.read(page.request.query_params.multi_items(), page.actor.library)
    kind: Kind = "csv" if page.request.url.path.endswith(".csv") else "xlsx"
    return await file_of(page.request, page.request.path_params["report"], asked, kind, Words(page.t, page.labels))


add_page(router, PATH, start_page, Role.SELECTOR)
add_page(router, PATH, send, Role.SELECTOR, methods=("POST",), shown=PATH)
add_page(router, f"{PATH}/{{report}}", report_page, Role.SELECTOR)
add_page(router, f"{PATH}/{{report}}/again", again, Role.SELECTOR, methods=("POST",), shown=PATH)
add_page(router, f"{PATH}/{{report}}/forget", forget, Role.SELECTOR, methods=("POST",), shown=PATH)
for _kind in KINDS:
    add_page(router, f"{PATH}/{{report}}/lines.{_kind}", lines_file, Role.SELECTOR)
