"""What Koha's REST API says in each situation, on the route for staff."""

from __future__ import annotations

from typing import Any

import orjson

from tests.support.koha_rest import koha_rest, koha_rest_item
from tests.support.situations import DUE, STRANGE_WORD, TOO_MANY, Play, Plays, halved, http_faults, over_http
from tests.support.status import Handler, answering


def _play(handler: Handler) -> Play:
    return Play(over_http("koha-rest", handler))


def _copy(**columns: Any) -> Play:
    return _play(koha_rest({"1": [koha_rest_item(**columns)]}))


PLAYS: Plays = {
    "available": _copy(),
    "on_loan": _copy(checked_out_date=DUE.isoformat(), checkout={"due_date": f"{DUE.isoformat()}T23:59:00+08:00"}),
    "contradiction": _copy(checked_out_date=DUE.isoformat(), checkout=None),
    "hold_shelf": _copy(first_hold={"status": "W"}),
    "in_transit": _copy(transfer={"date_sent": "2026-11-20"}),
    "reference": _copy(not_for_loan_status=1),
    "on_order": _copy(not_for_loan_status=-1),
    "lost": _copy(lost_status=1),
    "strange_word": _copy(lost_status=STRANGE_WORD),
    "no_items": _play(koha_rest({"1": []})),
    "not_known": _play(koha_rest({})),
    "part_of_batch": _play(koha_rest({"1": [koha_rest_item()]})),
    **http_faults("koha-rest"),
    "truncated": _play(halved(orjson.dumps([{"biblio_id": 1, **koha_rest_item()}]).decode())),
    "others": _play(answering(orjson.dumps([{"biblio_id": 9, **koha_rest_item()}]))),
    "too_many": _play(koha_rest({"1": [koha_rest_item()] * TOO_MANY})),
    "deep": _play(answering("[" * 100_000 + "]" * 100_000)),
}
