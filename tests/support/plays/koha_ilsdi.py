"""What Koha's ILS-DI says in each situation: GetAvailability, and GetRecords beside it."""

from __future__ import annotations

from tests.support.situations import DUE, STRANGE_WORD, TOO_MANY, Play, Plays, halved, http_faults, over_http
from tests.support.status import Handler, answering, koha, koha_item, koha_record

_DUE = {"onloan": DUE.isoformat()}
_WAITING = "<reserve><itemnumber>10</itemnumber><found>W</found></reserve>"
_DEEP = '<dlf:collection xmlns:dlf="http://diglib.org/ilsdi/1.1">' + "<a>" * 100_000 + "</a>" * 100_000


def _play(handler: Handler) -> Play:
    return Play(over_http("koha-ils-di", handler))


def _copy(status: str, message: str = "", reserves: str = "", **columns: str) -> Play:
    item = koha_item("10", status, message)
    return _play(koha({"1": item}, {"1": koha_record("1", {"itemnumber": "10", **columns}, reserves=reserves)}))


def _collection(number: str, items: str) -> str:
    return (
        '<dlf:collection xmlns:dlf="http://diglib.org/ilsdi/1.1">'
        f'<dlf:record><dlf:bibliographic id="{number}"/><dlf:items>{items}</dlf:items></dlf:record></dlf:collection>'
    )


PLAYS: Plays = {
    "available": _copy("available"),
    "on_loan": _copy("not available", "Checked out", **_DUE),
    "contradiction": _copy("available", **_DUE),
    "hold_shelf": _copy("available", reserves=_WAITING),
    "in_transit": _copy("available", transfertwhen="2026-11-20"),
    "reference": _copy("not available", "Not for loan", notforloan="1"),
    "on_order": _copy("not available", "Not for loan", notforloan="-1"),
    "lost": _copy("not available", "Item lost", itemlost="1"),
    "strange_word": _copy("not available", STRANGE_WORD),
    "no_items": _play(koha({}, {"1": koha_record("1")})),
    "not_known": _play(koha({}, {})),
    "part_of_batch": _play(
        koha(
            {"1": koha_item("10", "available")},
            {"1": koha_record("1", {"itemnumber": "10"}), "2": koha_record("2", {"itemnumber": "20"})},
        )
    ),
    **http_faults("koha-ils-di"),
    "truncated": _play(halved(_collection("1", koha_item("10", "available")))),
    "others": _play(answering(_collection("9", koha_item("90", "available")))),
    "too_many": _play(koha({"1": "".join(koha_item(str(n), "available") for n in range(TOO_MANY))})),
    "deep": _play(answering(_DEEP + "</dlf:collection>")),
}
