"""What an Evergreen's unAPI says in each situation."""

from __future__ import annotations

from tests.support.evergreen import NAMESPACE, evergreen, evergreen_copy, evergreen_holdings
from tests.support.situations import STRANGE_WORD, TOO_MANY, NoWord, Play, Plays, halved, http_faults, over_http
from tests.support.status import Handler, answering

_ON_SHELF = evergreen_copy("0", "Available")


def _play(handler: Handler) -> Play:
    return Play(over_http("evergreen", handler))


def _copy(ident: str, name: str, **flags: str) -> Play:
    return _play(evergreen({"1": evergreen_copy(ident, name, **flags)}))


PLAYS: Plays = {
    "available": _copy("0", "Available"),
    "on_loan": _copy("1", "Checked out"),
    "contradiction": NoWord("unAPI gives no due dates"),
    "hold_shelf": _copy("8", "On holds shelf"),
    "in_transit": _copy("6", "In transit"),
    "reference": _copy("0", "Available", ref="t"),
    "on_order": _copy("9", "On order"),
    "lost": _copy("3", "Lost"),
    "strange_word": _copy("104", STRANGE_WORD),
    "no_items": _play(evergreen({"1": ""})),
    "not_known": _play(evergreen({})),
    "part_of_batch": _play(evergreen({"1": _ON_SHELF})),
    **http_faults("evergreen"),
    "truncated": _play(halved(evergreen_holdings("1", _ON_SHELF))),
    "others": _play(answering(evergreen_holdings("9", _ON_SHELF))),
    "too_many": _play(evergreen({"1": _ON_SHELF * TOO_MANY})),
    "deep": _play(answering(f'<holdings xmlns="{NAMESPACE}">' + "<a>" * 100_000 + "</a>" * 100_000 + "</holdings>")),
}
