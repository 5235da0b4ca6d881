"""What Sierra's REST API says in each situation."""

from __future__ import annotations

from typing import Any

import orjson

from tests.support.sierra import sierra, sierra_item
from tests.support.situations import DUE, STRANGE_WORD, TOO_MANY, Play, Plays, halved, http_faults, over_http
from tests.support.status import Handler, answering

_DUE = f"{DUE.isoformat()}T15:59:00Z"


def _play(handler: Handler, **settings: Any) -> Play:
    return Play(over_http("sierra", handler, **settings))


def _copy(code: str, display: str = "", due: str = "", **settings: Any) -> Play:
    return _play(sierra({"1": [sierra_item(code, display, due)]}), **settings)


def _page(number: str) -> str:
    entry = {"id": "10", "bibIds": [number], **sierra_item("-", "AVAILABLE")}
    return orjson.dumps({"total": 1, "start": 0, "entries": [entry]}).decode()


PLAYS: Plays = {
    "available": _copy("-", "AVAILABLE"),
    "on_loan": _copy("-", f"DUE {DUE.isoformat()}", _DUE),
    "contradiction": _copy("-", "AVAILABLE", _DUE),
    "hold_shelf": _copy("!", "ON HOLDSHELF"),
    "in_transit": _copy("t", "IN TRANSIT"),
    "reference": _copy("o", "LIB USE ONLY"),
    "on_order": _copy("r", "採購處", words={"r": "on_order"}),
    "lost": _copy("$", "LOST AND PAID"),
    "strange_word": _copy("q", STRANGE_WORD),
    "no_items": _play(sierra({"1": []})),
    "not_known": _play(sierra({})),
    "part_of_batch": _play(sierra({"1": [sierra_item("-")], "2": [sierra_item("-")]}, page=1)),
    **http_faults("sierra"),
    "truncated": _play(halved(_page("1"))),
    "others": _play(answering(_page("9"))),
    "too_many": _play(sierra({"1": [sierra_item("-")] * TOO_MANY})),
    "deep": _play(answering('{"entries": ' + "[" * 100_000 + "]" * 100_000 + "}")),
}
