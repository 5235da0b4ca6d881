"""Koha's REST API as a test scripts it: records with items, in pages, on each of its routes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from aiohttp import web

from tests.support.status import Handler


def koha_rest(records: Mapping[str, Sequence[Mapping[str, Any]]]) -> Handler:
    """A server that knows these records: number → their items' columns; the plugin's where the plugin is asked."""

    async def answer(request: web.Request) -> web.StreamResponse:
        parts = request.path.split("/")
        number = parts[parts.index("biblios") + 1]
        if number not in records:
            return web.json_response({"error": "Bibliographic record not found", "error_code": "not_found"}, status=404)
        rows = [{"biblio_id": int(number), **item} for item in records[number]]
        if "kohasuomi" in parts:
            return web.json_response({"biblio_id": int(number), "item_availabilities": rows})
        size, page = int(request.query["_per_page"]), int(request.query["_page"])
        return web.json_response(rows[(page - 1) * size : page * size])

    return answer


def koha_rest_item(**columns: Any) -> dict[str, Any]:
    """An item with the columns that every item has."""
    usual = {"item_id": 10, "external_id": "B1", "holding_library_id": "FPL", "location": "GEN", "callnumber": "857 X1"}
    status = {"withdrawn": 0, "lost_status": 0, "not_for_loan_status": 0, "damaged_status": 0, "checked_out_date": None}
    return {**usual, **status, **columns}


def koha_suomi_item(available: bool | None = True, **reasons: Any) -> dict[str, Any]:
    """An item as the plugin judges it; ``reasons`` without their ``Item::``."""
    told = {f"Item::{name}": more for name, more in reasons.items()}
    return {"item_id": 10, "availability": {"available": available, "unavailabilities": told}}
