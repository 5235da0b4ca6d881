"""What a DAIA server says in each situation."""

from __future__ import annotations

from typing import Any

import orjson
from aiohttp import web

from search_api.availability.status import ItemState
from tests.support.situations import DUE, STRANGE_WORD, TOO_MANY, Play, Plays, halved, http_faults, over_http
from tests.support.status import ON_SHELF, Handler, answering, daia

_AWAY: dict[str, Any] = {"unavailable": [{"service": "loan"}, {"service": "presentation"}]}
_LENT: dict[str, Any] = {"unavailable": [{"service": "loan", "expected": DUE.isoformat()}]}
_REFERENCE: dict[str, Any] = {"available": [{"service": "presentation"}], "unavailable": [{"service": "loan"}]}
_NO_REASONS = "DAIA says which services are refused, not why"


def _play(handler: Handler) -> Play:
    return Play(over_http("daia", handler))


def _copy(*items: dict[str, Any]) -> Play:
    return _play(daia({"1": list(items)}))


def _away() -> Play:
    return Play(over_http("daia", daia({"1": [_AWAY]})), ItemState.NOT_FOR_LOAN, _NO_REASONS)


async def _one_at_a_time(request: web.Request) -> web.StreamResponse:
    """Answers for the first of the ids, and says in a header that there are more."""
    first, *rest = request.query["id"].split("|")
    links = {"Link": f'<{request.url}>; rel="next"'} if rest else {}
    return web.json_response({"document": [{"id": f"urn:x:{first}", "item": [ON_SHELF]}]}, headers=links)


PLAYS: Plays = {
    "available": _copy(ON_SHELF),
    "on_loan": _copy(_LENT),
    "contradiction": _copy({**ON_SHELF, **_LENT}),
    "hold_shelf": _away(),
    "in_transit": _away(),
    "reference": _copy(_REFERENCE),
    "on_order": _away(),
    "lost": _away(),
    "strange_word": _copy({"available": [{"service": STRANGE_WORD}]}),
    "no_items": _copy(),
    "not_known": _play(daia({})),
    "part_of_batch": _play(_one_at_a_time),
    **http_faults("daia"),
    "truncated": _play(halved(orjson.dumps({"document": [{"id": "1", "item": [ON_SHELF]}]}).decode())),
    "others": _play(answering(orjson.dumps({"document": [{"id": "urn:x:9", "item": [ON_SHELF]}]}))),
    "too_many": _copy(*[{"available": [{"service": "loan"}]}] * TOO_MANY),
    "deep": _play(answering('{"document": ' + "[" * 100_000 + "]" * 100_000 + "}")),
}
