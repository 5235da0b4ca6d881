"""What an SRU server says in each situation: OPAC XML."""

from __future__ import annotations

from collections.abc import Mapping

from search_api.availability.opac.record import OpacHolding
from tests.support.opac import opac_xml
from tests.support.plays.opac_copies import COPIES, OTHER_TITLE
from tests.support.situations import TITLE, Play, Plays, halved, http_faults, over_http
from tests.support.sru_live import sru, sru_answer
from tests.support.status import Handler, answering


def _play(handler: Handler) -> Play:
    return Play(over_http("sru", handler))


def _copies(*holdings: OpacHolding) -> Play:
    return _play(sru({'rec.id="1"': [opac_xml("1", TITLE, *holdings)]}))


_DEEP = sru_answer(["<record>" * 100_000 + "</record>" * 100_000])
_NONE: Mapping[str, list[str]] = {}

PLAYS: Plays = {
    **{name: _copies(*holdings) for name, holdings in COPIES.items()},
    "not_known": _play(sru(_NONE)),
    "part_of_batch": _copies(*COPIES["available"]),
    **http_faults("sru"),
    "truncated": _play(halved(sru_answer([opac_xml("1", TITLE, *COPIES["available"])]))),
    "others": _play(answering(sru_answer([opac_xml("9", OTHER_TITLE, *COPIES["available"])]))),
    "deep": _play(answering(_DEEP)),
}
