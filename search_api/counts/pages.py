"""The director's page, and the same as files for a spreadsheet."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from fastapi import APIRouter
from starlette.responses import Response

from search_api.counts.csv_files import counts_csv, wishes_csv
from search_api.counts.report import Counts, Report, report
from search_api.counts.view import CountsView, is_month_of
from search_api.staff.page import PRIVATE, StaffPage, add_page

PATH = "staff/counts"

router = APIRouter(include_in_schema=False)


async def counts_page(page: StaffPage) -> Response:
    """How much the catalogue is used."""
    found = await _report(page)
    view = CountsView(found, page.t, page.labels, page.link(PATH))
    return page.html(
        "counts.html",
        view=view,
        no_month=_no_month(page),
        wishes=found.wishes,
        month=f"{found.month:%Y-%m}",
        files=page.link(PATH),
    )


async def counts_file(page: StaffPage) -> Response:
    """All months and all members as CSV."""
    services = page.services
    found = await _report(page)
    kept = await asyncio.to_thread(services.counting.ledger.months, min(found.months))
    months: Mapping[str, Mapping[str, Counts]] = {
        month: {code: Counts(times) for code, times in of.items()} for month, of in sorted(kept.items(), reverse=True)
    }
    codes = page.labels.in_order(services.libraries)
    names = {code: page.labels.library(code) for code in codes}
    return _csv(counts_csv(months, codes, names), "counts.csv")


async def wishes_file(page: StaffPage) -> Response:
    """What was searched for in vain in a month, as CSV."""
    found = await _report(page)
    month = f"{found.month:%Y-%m}"
    return _csv(wishes_csv(month, found.wishes), f"wishes-{month}.csv")


def _no_month(page: StaffPage) -> str:
    """What was asked for as a month and is none."""
    asked = page.request.query_params.get("month", "")
    return asked[:20] if asked and is_month_of(asked) is None else ""


async def _report(page: StaffPage) -> Report:
    counting = page.services.counting
    month = is_month_of(page.request.query_params.get("month", ""))
    return await asyncio.to_thread(report, counting.ledger, page.services.libraries, counting.today(), month)


def _csv(text: str, name: str) -> Response:
    headers = {**PRIVATE, "Content-Disposition": f'attachment; filename="{name}"'}
    return Response(text, media_type="text/csv; charset=utf-8", headers=headers)


add_page(router, PATH, counts_page)
add_page(router, f"{PATH}/counts.csv", counts_file)
add_page(router, f"{PATH}/wishes.csv", wishes_file)
