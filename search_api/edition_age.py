"""When the page of an edition last changed, but for its live part, which no cache may keep."""

from __future__ import annotations

import asyncio
from datetime import datetime

from fastapi import Request

from indexer import edition_times
from search_api.services import Services


async def changed(request: Request, edition_id: str) -> datetime:
    """When its records last came or changed, or the program was started, which may have been changed before."""
    services: Services = request.app.state.services
    found = await asyncio.to_thread(edition_times.times, services.catalogue.engine, [edition_id])
    started: datetime = request.app.state.started
    return max(found[edition_id].changed, started) if edition_id in found else started
