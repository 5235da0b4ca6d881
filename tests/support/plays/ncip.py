"""What an NCIP 2 responder says in each situation."""

from __future__ import annotations

from tests.support.ncip import NAMESPACE, holdings, ncip, ncip_bib, ncip_item, ncip_message
from tests.support.situations import DUE, STRANGE_WORD, TOO_MANY, Play, Plays, halved, http_faults, over_http
from tests.support.status import Handler, answering

_DUE = f"{DUE.isoformat()}T23:59:00+08:00"
_ON_SHELF = "Available On Shelf"


def _play(handler: Handler) -> Play:
    return Play(over_http("ncip", handler))


def _copy(status: str, *, due: str = "", restriction: str = "") -> Play:
    return _play(ncip({"1": [ncip_item(status, due=due, restriction=restriction)]}))


PLAYS: Plays = {
    "available": _copy(_ON_SHELF),
    "on_loan": _copy("On Loan", due=_DUE),
    "contradiction": _copy(_ON_SHELF, due=_DUE),
    "hold_shelf": _copy("Available For Pickup"),
    "in_transit": _copy("In Transit Between Library Locations"),
    "reference": _copy(_ON_SHELF, restriction="In Library Use Only"),
    "on_order": _copy("On Order"),
    "lost": _copy("Lost"),
    "strange_word": _copy(STRANGE_WORD),
    "no_items": _play(ncip({"1": []})),
    "not_known": _play(ncip({})),
    "part_of_batch": _play(ncip({"1": [ncip_item(_ON_SHELF)], "2": [ncip_item(_ON_SHELF)]}, page=1)),
    **http_faults("ncip"),
    "truncated": _play(halved(ncip_message(ncip_bib("1", holdings(ncip_item(_ON_SHELF)))))),
    "others": _play(answering(ncip_message(ncip_bib("9", holdings(ncip_item(_ON_SHELF)))))),
    "too_many": _play(answering(ncip_message(ncip_bib("1", holdings(*[ncip_item(_ON_SHELF)] * TOO_MANY))))),
    "deep": _play(
        answering(f'<NCIPMessage xmlns="{NAMESPACE}">' + "<a>" * 100_000 + "</a>" * 100_000 + "</NCIPMessage>")
    ),
}
