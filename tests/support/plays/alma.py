"""What Alma says in each situation: records with their availability, and the items of those with a copy away."""

from __future__ import annotations

from typing import Any

from tests.support.alma import alma, alma_bib, alma_item, ava
from tests.support.situations import DUE, STRANGE_WORD, TOO_MANY, Play, Plays, halved, http_faults, over_http
from tests.support.status import Handler, answering

_DUE = f"{DUE.isoformat()}T15:59:00Z"


def _play(handler: Handler, **settings: Any) -> Play:
    return Play(over_http("alma", handler, **settings))


def _away(base: str, process: str = "", due: str = "") -> Play:
    return _play(alma({"1": [ava("unavailable", away=1)]}, {"1": [alma_item(base, process, due)]}))


PLAYS: Plays = {
    "available": _play(alma({"1": [ava("available")]})),
    "on_loan": _away("0", "LOAN", _DUE),
    "contradiction": _away("1", "", _DUE),
    "hold_shelf": _away("0", "HOLDSHELF"),
    "in_transit": _away("0", "TRANSIT"),
    "reference": _play(alma({"1": [ava("available", j="ref")]}), words={"MAIN/ref": "available_onsite"}),
    "on_order": _away("0", "ACQ"),
    "lost": _away("0", "LOST_LOAN"),
    "strange_word": _play(alma({"1": [ava(STRANGE_WORD)]})),
    "no_items": _play(alma({"1": []})),
    "not_known": _play(alma({})),
    "part_of_batch": _play(alma({"1": [ava("available")]})),
    **http_faults("alma"),
    "truncated": _play(halved(f"<bibs>{alma_bib('1', ava('available'))}</bibs>")),
    "others": _play(answering(f"<bibs>{alma_bib('9', ava('available'))}</bibs>")),
    "too_many": _play(alma({"1": [ava("available", copies=TOO_MANY)]})),
    "deep": _play(answering("<bibs>" + "<a>" * 100_000 + "</a>" * 100_000 + "</bibs>")),
}
