"""An edge-rtac of FOLIO as a test scripts it: instances with the copies that it lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from aiohttp import web

from tests.support.status import Handler


def folio(instances: Mapping[str, Sequence[Mapping[str, Any]]]) -> Handler:
    """A server that knows these instances: id → holdings; of the others it says that they cannot be retrieved."""

    async def answer(request: web.Request) -> web.StreamResponse:
        if "json" not in request.headers.get("Accept", ""):
            return web.Response(text="<holdings/>", content_type="application/xml")  # what an edge gives unasked
        wanted = request.query["instanceIds"].split(",")
        found = [{"instanceId": i, "holdings": list(instances[i])} for i in wanted if i in instances]
        missing = [i for i in wanted if i not in instances]
        errors = [{"code": "404", "message": f"Instance {i} can not be retrieved"} for i in missing]
        return web.json_response({"holdings": found, **({"errors": errors} if errors else {})})

    return answer


def folio_item(status: str, **columns: Any) -> dict[str, Any]:
    """One copy as RTAC lists it."""
    usual = {"id": "7b3c", "callNumber": "857.6 X1", "location": "密集書庫", "library": {"name": "總館"}}
    return {**usual, "status": status, "materialType": {"name": "Book"}, "dueDate": None, "volume": None, **columns}


def folio_holding(status: str, *statements: str) -> dict[str, Any]:
    """A holding as RTAC lists it where it leaves out the items."""
    told = [{"statement": statement} for statement in statements]
    return {"id": "9d1e", "callNumber": "050 Y2", "location": "期刊室", "status": status, "holdingsStatements": told}
