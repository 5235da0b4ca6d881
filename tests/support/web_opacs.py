"""Local servers that show copies as the catalogue pages of several systems do, made up by us in their shapes."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any

from aiohttp import web

from tests.support.status import Handler

TITLE = "紅樓夢"
PERMISSION = "letter of the director, 2026-03-01"

HEADINGS = ("館藏地", "索書號", "條碼號", "館藏狀態", "到期日", "預約人數")


@dataclass(frozen=True)
class Copy:
    """One copy as a page shows it."""

    status: str = "在架"
    location: str = "總館"
    call_number: str = "857.49 8654"
    barcode: str = "B1"
    due: str = ""
    queue: str = "0"
    volume: str = ""

    def cells(self, headings: Sequence[str]) -> list[str]:
        said = {
            "館藏地": self.location,
            "館藏地/室": self.location,
            "典藏地名稱": self.location,
            "索書號": self.call_number,
            "條碼號": self.barcode,
            "館藏狀態": self.status,
            "處理狀態": self.status,
            "狀態/到期日": self.due or self.status,
            "館藏流通狀態": self.status,
            "到期日": self.due,
            "預約人數": self.queue,
            "部冊號": self.volume,
        }
        return [said.get(heading, "…") for heading in headings]


@dataclass(frozen=True)
class Book:
    """A record and its copies."""

    copies: Sequence[Copy] = (Copy(),)
    title: str = f"{TITLE} / (清)曹雪芹著"


def row(cells: Sequence[str], tag: str = "td", attributes: str = "") -> str:
    return f"<tr{attributes}>" + "".join(f"<{tag}>{escape(cell)}</{tag}>" for cell in cells) + "</tr>"


def table(copies: Sequence[Copy], headings: Sequence[str] = HEADINGS, attributes: str = "", entry: str = "") -> str:
    rows = "".join(row(copy.cells(headings), attributes=entry) for copy in copies)
    return f"<table{attributes}>{row(headings, 'th')}{rows}</table>"


def page(body: str, *, title: str = "館藏查詢", head: str = "") -> str:
    return f'<!DOCTYPE html><html lang="zh-Hant"><head><title>{title}</title>{head}</head><body>{body}</body></html>'


NOTHING = page("<h1>館藏查詢</h1><p>查無資料</p>")
LOGIN = page('<h1>讀者登入</h1><form><input name="id"><input type="password" name="pw"></form>')
MAINTENANCE = page("<h1>系統維護中</h1><p>預計於 2026/12/01 08:00 恢復服務</p>")
SCRIPT_ONLY = page('<div id="root"></div><script src="/main.js"></script>')


def html(text: str, *, charset: str = "utf-8", declared: str | None = None) -> web.Response:
    """A page in a charset; ``declared``: what its header says, when that is another."""
    return web.Response(
        body=text.encode("cp950" if charset == "big5" else charset),
        headers={"Content-Type": f"text/html; charset={declared or charset}"},
    )


def plain(records: Mapping[str, Book], *, charset: str = "utf-8", headings: Sequence[str] = HEADINGS) -> Handler:
    """A catalogue of no system in particular: ``/record/NUMBER``, one table of copies."""

    async def answer(request: web.Request) -> web.StreamResponse:
        book = records.get(request.path.rsplit("/", 1)[-1])
        text = NOTHING if book is None else page(f"<h2>{book.title}</h2>{table(book.copies, headings)}")
        return html(text, charset=charset)

    return answer


@dataclass
class HyLib:
    """Pages drawn in the browser from GraphQL, entered with a cookie and a token of the front page."""

    records: Mapping[str, Book]
    token: str = field(default_factory=lambda: secrets.token_hex(8))
    visits: int = 0
    asked: list[dict[str, Any]] = field(default_factory=list)

    async def __call__(self, request: web.Request) -> web.StreamResponse:
        if request.method == "GET":
            self.visits += 1
            state = f'<script id="__NEXT_DATA__">{{"props":{{"session":{{"csrfToken":"{self.token}"}}}}}}</script>'
            response = html(page('<div id="__next"></div>' + state))
            response.set_cookie("HYSESSION", f"of-{self.token}")
            return response
        entered = request.cookies.get("HYSESSION") == f"of-{self.token}"
        if not entered or request.headers.get("X-CSRF-Token") != self.token:
            return web.json_response({"message": "invalid csrf token"}, status=403)
        asked = await request.json()
        form = asked["variables"]["HoldForm"]
        self.asked.append(form)
        book = self.records.get(str(form["marcId"]), Book(copies=()))
        first = (form["pageNo"] - 1) * form["limit"]
        rows = [{"ref": _pairs(copy)} for copy in book.copies[first : first + form["limit"]]]
        info = {"total": len(book.copies), "count": len(rows)}
        return web.json_response({"data": {"getHoldByKeepSite": {"list": {"values": rows}, "info": info}}})


def _pairs(copy: Copy) -> list[dict[str, str]]:
    named = {
        "keepSiteLabelName": copy.location,
        "keepRoomLabelName": "一般書區",
        "callNumber": copy.call_number,
        "bookStatusLabelName": f"{copy.status} {copy.due}".strip(),
        "barcode": copy.barcode,
        "purposeName": "一般",
    }
    return [{"key": key, "value": value} for key, value in named.items()]


def hylib_jsp(records: Mapping[str, Book]) -> Handler:
    """``bookDetail.do?id=``: one table of the class *order* in the middle of the page."""
    headings = ("館藏地/室", "索書號", "條碼號", "狀態/到期日", "預約人數")

    async def answer(request: web.Request) -> web.StreamResponse:
        book = records.get(request.query.get("id", ""))
        if book is None or not request.path.endswith("/bookDetail.do"):
            return html(NOTHING)
        copies = table(book.copies, headings, ' class="order"')
        return html(page(f'<div class="mainCon"><h2>{book.title}</h2><table><tr><td>{copies}</td></tr></table></div>'))

    return answer


def innopac(records: Mapping[str, Book], *, first: int = 3) -> Handler:
    """``/record=b…``: the first copies on the record's page, all of them on a page behind a link."""
    headings = ("館藏地", "索書號", "處理狀態")

    def entry(copy: Copy) -> str:
        status = f"到期 {copy.due}" if copy.due else copy.status
        return (
            f'<tr  class="bibItemsEntry"><td width="30%" ><!-- field 1 -->&nbsp;<a href="/x">{copy.location}</a> </td>'
            f'<td width="45%" ><!-- field C -->&nbsp;<a href="/y">{copy.call_number}</a> <!-- field v -->'
            f'<!-- field # -->&nbsp;</td><td width="25%" ><!-- field % -->&nbsp;{status} </td></tr>'
        )

    def shown(book: Book, copies: Sequence[Copy], more: str) -> str:
        head = "".join(f'<th class="bibItemsHeader">\n{heading}\n</th>' for heading in headings)
        return page(
            f'<table class="bibDetail"><tr><td class="bibInfoLabel">作者</td><td class="bibInfoData">曹雪芹</td></tr>'
            f'<tr><td class="bibInfoLabel">題名/作者</td>\n<td class="bibInfoData">\n<strong>{book.title}</strong>'
            f'</td></tr></table><table class="bibItems"><tr  class="bibItemsHeader">{head}</tr>'
            f"{''.join(map(entry, copies))}</table>{more}"
        )

    async def answer(request: web.Request) -> web.StreamResponse:
        name = request.path.rsplit("/", 1)[-1]
        number = name.removeprefix("record=").removeprefix("holdings~")
        book = records.get(number)
        if book is None:
            return html(page('<h2>沒有找到紀錄</h2><form action="/search"><input name="SEARCH"></form>'))
        if name.startswith("holdings~"):
            return html(shown(book, book.copies, ""))
        more = (
            f'<a href="/status/search/1,1,1,B/holdings~{number}">檢視所有館藏</a>' if len(book.copies) > first else ""
        )
        return html(shown(book, book.copies[:first], more))

    return answer


def t2(records: Mapping[str, Book], *, page_size: int = 250) -> Handler:
    """The record on ``content.cfm``, its copies as a piece of a page from ``ajax_page/get_content_area.cfm``."""
    headings = ("典藏地名稱", "索書號", "條碼號", "館藏流通狀態", "到期日", "預約人數")

    async def answer(request: web.Request) -> web.StreamResponse:
        book = records.get(request.query.get("mid", ""))
        if book is None:
            return html(page("<p>查無符合條件的資料</p>"))
        if request.path.endswith("/content.cfm"):
            return html(page(f'<div class="book-detail"><div class="right"><h2>{book.title}</h2></div></div>'))
        first = (int(request.query["i_page"]) - 1) * page_size
        head = "".join(f"<th>{heading}</th>" for heading in headings)
        body = "".join(
            "<tr>" + "".join(f"<td><span>{cell}</span></td>" for cell in copy.cells(headings)) + "</tr>"
            for copy in book.copies[first : first + page_size]
        )
        return html(f"<div><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>")

    return answer


def toread(records: Mapping[str, Book], *, page_size: int = 20) -> Handler:
    """``bibliographic_view?id=``: a grid of copies with empty rows between, further ones behind a link."""
    headings = ("典藏地名稱", "索書號", "條碼號", "館藏流通狀態", "到期日", "預約人數")

    async def answer(request: web.Request) -> web.StreamResponse:
        book = records.get(request.query.get("id", ""))
        if book is None:
            return html(NOTHING)
        first = int(request.query.get("start", "0"))
        rows = "".join(
            row(copy.cells(headings), attributes=' class="gridTr"') + row(["" for _ in headings])
            for copy in book.copies[first : first + page_size]
        )
        following = first + page_size
        link = f"bibliographic_view?id={request.query['id']}&amp;view=CONTENT&amp;start={following}"
        more = f'<a id="DirectLink_0_0" href="{link}">下一頁</a>' if following < len(book.copies) else ""
        return html(
            page(
                f'<ul><li class="reslt_item_head">{book.title}</li></ul>'
                f'<table class="gridTable">{row(headings, "th")}{rows}</table>{more}'
            )
        )

    return answer
