"""What a catalogue's pages say in each situation."""

from __future__ import annotations

from aiohttp import web

from tests.support.situations import DUE, STRANGE_WORD, TOO_MANY, Play, Plays, halved, http_faults, over_http
from tests.support.status import Handler, answering
from tests.support.web_opacs import NOTHING, PERMISSION, Book, Copy, page, plain

_PAGES = {"permission": PERMISSION, "path": "/record/{local_id}", "title": "h2"}
_PACE = {"per_second": None}


def _play(handler: Handler) -> Play:
    return Play(over_http("web", handler, web=_PAGES, **_PACE))


def _copy(status: str, due: str = "", queue: str = "0") -> Play:
    return _play(plain({"1": Book((Copy(status, due=due, queue=queue),))}))


async def _first_only(request: web.Request) -> web.StreamResponse:
    """One of two records is shown; the other's page fails."""
    if request.path.endswith("/2"):
        return web.Response(status=500)
    return await plain({"1": Book()})(request)


_WHOLE = page("<h2>紅樓夢</h2><table><tr><th>館藏狀態</th></tr><tr><td>在架</td></tr><tr><td>在架</td></tr></table>")

PLAYS: Plays = {
    "available": _copy("在架"),
    "on_loan": _copy("已外借", due=f"{DUE:%Y/%m/%d}"),
    "contradiction": _copy("在架", due=f"{DUE:%Y/%m/%d}"),
    "hold_shelf": _copy("在預約保留架上", queue="1"),
    "in_transit": _copy("調閱中"),
    "reference": _copy("限館內使用"),
    "on_order": _copy("訂購中"),
    "lost": _copy("遺失"),
    "strange_word": _copy(STRANGE_WORD),
    "no_items": _play(plain({"1": Book(())})),
    "not_known": _play(answering(NOTHING)),
    "part_of_batch": _play(_first_only),
    **http_faults("web", web=_PAGES, **_PACE),
    "truncated": _play(halved(_WHOLE)),
    "others": _play(plain({"1": Book(title="水滸傳 / (元)施耐庵著")})),
    "too_many": _play(plain({"1": Book([Copy()] * TOO_MANY)})),
    "deep": _play(answering("<html><body>" + "<div>" * 100_000 + "</body></html>")),
}
