"""The counts as JSON."""

from __future__ import annotations

import asyncio
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request

from search_api.counts.report import Counts, report
from search_api.counts.view import is_month_of
from search_api.errors import InvalidRequest
from search_api.may_fail import may_fail
from search_api.schemas.counts import DayCountsBody, LibraryCountsBody, MonthCountsBody, UsageBody, WishBody
from search_api.services import Services
from search_api.staff.access import require

router = APIRouter(prefix="/api", tags=["staff"], dependencies=[Depends(require())])


@router.get(
    "/counts",
    summary="How much the catalogue is used",
    responses=may_fail(401),
)
async def counts(
    request: Request, month: Annotated[str, Query(max_length=7, description="2026-11; today's when left out.")] = ""
) -> UsageBody:
    """Searches, what was searched for in vain, editions looked at and readers handed on: by month, day and library.

    Counted without knowing who: programs, robots and staff are left out, nothing of a person is kept."""
    services: Services = request.app.state.services
    wanted = is_month_of(month) if month else None
    if month and wanted is None:
        raise InvalidRequest("A month is written as 2026-11.", field="month")
    counting = services.counting
    found = await asyncio.to_thread(report, counting.ledger, services.libraries, counting.today(), wanted)
    return UsageBody(
        month=f"{found.month:%Y-%m}",
        months=tuple(MonthCountsBody(month=f"{one:%Y-%m}", **_figures(of)) for one, of in found.months.items()),
        libraries=tuple(
            LibraryCountsBody(code=code, name=dict(services.libraries[code].name), **_figures(of))
            for code, of in found.libraries.items()
        ),
        days=tuple(DayCountsBody(day=day, **_figures(of)) for day, of in found.days.items()),
        wishes=tuple(WishBody.model_validate(wish) for wish in found.wishes),
    )


def _figures(of: Counts) -> dict[str, int]:
    return {
        "searches": of["search"],
        "no_hit": of["no_hit"],
        "asked": of["asked"],
        "to_catalogue": of["catalogue"],
        "to_ill": of["ill"],
        "to_online": of["online"],
    }
