"""A Sierra REST server as a test scripts it: records with items, pages, and its "Record not found"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from aiohttp import web

from tests.support.status import Handler


def sierra(records: Mapping[str, Sequence[Mapping[str, Any]]], *, page: int = 2_000) -> Handler:
    """A server that knows these records: number → the items' tables; it gives ``page`` entries at once at most."""

    async def answer(request: web.Request) -> web.StreamResponse:
        query = request.query
        if request.path.endswith("/bibs"):
            entries: list[Any] = [{"id": number} for number in query["id"].split(",") if number in records]
        else:
            assert request.path.endswith("/items"), request.path
            wanted = query["bibIds"].split(",")
            entries = [
                {"id": f"{number}{place}", "bibIds": [f"{number} "], **item}
                for number in wanted
                for place, item in enumerate(records.get(number, ()))
            ]
        if not entries:
            missing = {"code": 107, "specificCode": 0, "httpStatus": 404, "name": "Record not found"}
            return web.json_response(missing, status=404)
        start = int(query.get("offset", "0"))
        some = entries[start : start + min(page, int(query["limit"]))]
        return web.json_response({"total": len(entries), "start": start, "entries": some})

    return answer


def sierra_item(code: str, display: str = "", due: str = "", **columns: Any) -> dict[str, Any]:
    """One item; ``due`` as Sierra writes it, in UTC."""
    status = {"code": code, "display": display, **({"duedate": due} if due else {})}
    return {"location": {"code": "ab5", "name": "總館五樓"}, "status": status, **columns}
