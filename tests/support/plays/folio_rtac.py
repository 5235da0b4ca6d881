"""What FOLIO's edge-rtac says in each situation."""

from __future__ import annotations

from typing import Any

import orjson
from aiohttp import web

from tests.support.folio import folio, folio_item
from tests.support.situations import DUE, STRANGE_WORD, TOO_MANY, Play, Plays, halved, http_faults, over_http
from tests.support.status import Handler, answering

_DUE = f"{DUE.isoformat()}T15:59:59.000+00:00"


def _play(handler: Handler) -> Play:
    return Play(over_http("folio-rtac", handler))


def _copy(status: str, **columns: Any) -> Play:
    return _play(folio({"1": [folio_item(status, **columns)]}))


def _batch(number: str, holdings: Any) -> str:
    return orjson.dumps({"holdings": [{"instanceId": number, "holdings": holdings}]}).decode()


async def _only_the_first(request: web.Request) -> web.StreamResponse:
    """Answers for the first of the instances and says that another could not be had."""
    first = request.query["instanceIds"].split(",")[0]
    errors = [{"code": "500", "message": "Internal server error"}]
    holdings = [{"instanceId": first, "holdings": [folio_item("Available")]}]
    return web.json_response({"holdings": holdings, "errors": errors})


PLAYS: Plays = {
    "available": _copy("Available"),
    "on_loan": _copy("Checked out", dueDate=_DUE),
    "contradiction": _copy("Available", dueDate=_DUE),
    "hold_shelf": _copy("Awaiting pickup", totalHoldRequests=1),
    "in_transit": _copy("In transit"),
    "reference": _copy("Available", permanentLoanType="Reading room"),
    "on_order": _copy("On order"),
    "lost": _copy("Declared lost"),
    "strange_word": _copy(STRANGE_WORD),
    "no_items": _play(folio({"1": []})),
    "not_known": _play(folio({})),
    "part_of_batch": _play(_only_the_first),
    **http_faults("folio-rtac"),
    "truncated": _play(halved(_batch("1", [folio_item("Available")]))),
    "others": _play(answering(_batch("9", [folio_item("Available")]))),
    "too_many": _play(answering(_batch("1", [{"status": "Available"}] * TOO_MANY))),
    "deep": _play(answering('{"holdings": ' + "[" * 100_000 + "]" * 100_000 + "}")),
}
