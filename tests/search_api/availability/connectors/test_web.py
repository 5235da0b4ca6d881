"""Catalogue pages asked: by every number, page by page, and never taken for another record's."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from aiohttp import web

from search_api.availability.http import ConnectorUnavailable, ImpatientHttp, QuestionRefused
from search_api.availability.status import AnswerState, AskedRecord
from search_api.availability.web.answers import is_of
from tests.support.status import answering, one_after_another
from tests.support.web_asking import BARE, RECORD, shown, states, told
from tests.support.web_opacs import NOTHING, TITLE, Book, Copy, html, page, plain, table


@pytest.fixture
async def http() -> AsyncIterator[ImpatientHttp]:
    opened = ImpatientHttp()
    yield opened
    await opened.close()


# --- which record, whose copies ---


@pytest.mark.parametrize(
    ("title", "said", "same"),
    [
        ("紅樓夢", "紅樓夢 / (清)曹雪芹著", True),
        ("紅樓夢", "題名/作者：紅樓夢／曹雪芹", True),
        ("紅樓夢", "《紅樓夢》", True),
        ("紅樓夢", "紅樓夢. 第一冊", True),
        ("紅樓夢：校注本", "紅樓夢", True),
        ("The hobbit", "THE HOBBIT, or, There and back again / J.R.R. Tolkien", False),
        ("The hobbit", "The Hobbit : or there and back again", True),
        ("紅樓夢", "紅樓夢研究", False),
        ("紅樓夢研究", "紅樓夢", False),
        ("紅樓夢", "水滸傳", False),
        ("紅樓夢", "", False),
        ("", "紅樓夢", False),
    ],
)
def test_a_title_is_the_records_when_one_says_no_more_than_the_other_behind_a_sign(
    title: str, said: str, same: bool
) -> None:
    assert is_of(title, said) is same


async def test_an_answer_without_the_title_it_should_have_is_a_failure(http: ImpatientHttp) -> None:
    with pytest.raises(ConnectorUnavailable, match="no title"):
        await told(http, shown(table([Copy()])), {**BARE, "title": "h2"})


async def test_a_record_without_a_title_is_taken_by_its_number_and_not_by_an_isbn(http: ImpatientHttp) -> None:
    untitled = AskedRecord("1", isbns=RECORD.isbns)
    handler = shown(f"<h2>{TITLE}</h2>{table([Copy()])}")
    assert states(await told(http, handler, {**BARE, "title": "h2"}, record=untitled)) == ["available"]
    with pytest.raises(QuestionRefused):
        await told(http, handler, {"path": "/search?isbn={isbn}", "title": "h2"}, record=untitled)


async def test_copies_of_other_branches_are_left_out_by_pattern(http: ImpatientHttp) -> None:
    copies = (Copy(location="海風總館"), Copy("遺失", location="山城分館"))
    only = {**BARE, "only": {"location": "^海風"}}
    answer = await told(http, plain({"1": Book(copies)}), only)
    assert [item.location for item in answer.items] == ["海風總館"]
    others = await told(http, plain({"1": Book(copies[1:])}), only)
    assert (others.state, others.items) == (AnswerState.OK, ())


async def test_without_the_column_that_tells_whose_a_copy_is_nothing_is_taken(http: ImpatientHttp) -> None:
    with pytest.raises(ConnectorUnavailable, match="no column for branch"):
        await told(http, plain({"1": Book()}), {**BARE, "only": {"branch": "^海風"}})


async def test_rows_of_other_records_are_not_taken(http: ImpatientHttp) -> None:
    listed = [{"bib": "1", "state": "在架"}, {"bib": "2", "state": "遺失"}]
    keys = {**BARE, "way": "json", "copies": "items", "fields": {"status": "state", "record": "bib"}}
    assert states(await told(http, answering(json.dumps({"items": listed})), keys)) == ["available"]
    others = await told(http, answering(json.dumps({"items": listed[1:]})), keys)
    assert (others.state, others.items) == (AnswerState.NOT_FOUND, ())


@pytest.mark.parametrize(
    ("body", "status", "state"),
    [
        ("<p>查無資料</p>", 200, AnswerState.NOT_FOUND),
        ("<p>查無此書！</p>", 404, AnswerState.NOT_FOUND),
        ("<p>此書目尚無館藏</p>", 200, AnswerState.OK),
    ],
)
async def test_pages_say_in_words_that_there_is_nothing(
    http: ImpatientHttp, body: str, status: int, state: AnswerState
) -> None:
    async def answer(_: web.Request) -> web.StreamResponse:
        return web.Response(text=page(body), status=status, content_type="text/html")

    found = await told(http, answer)
    assert (found.state, found.items) == (state, ())


async def test_a_long_explanation_says_nothing_of_this_record(http: ImpatientHttp) -> None:
    help_text = (
        "<p>若畫面顯示查無資料，請確認您輸入的書名、作者或國際標準書號是否正確，"
        + "或改用其他檢索條件再試一次，" * 4
        + "</p>"
    )
    with pytest.raises(ConnectorUnavailable, match="no list of copies"):
        await told(http, shown("<h1>系統維護中</h1>" + help_text))


# --- asking ---


class Asked:
    """A catalogue that remembers what it was asked."""

    def __init__(self, answer: Callable[[web.Request], web.StreamResponse]) -> None:
        self.requests: list[tuple[str, str, str]] = []
        self.headers: list[dict[str, str]] = []
        self._answer = answer

    async def __call__(self, request: web.Request) -> web.StreamResponse:
        self.requests.append((request.method, request.raw_path.removeprefix("/status"), await request.text()))
        self.headers.append({name.title(): value for name, value in request.headers.items()})
        return self._answer(request)


def catalogue(copies: tuple[Copy, ...] = (Copy(),)) -> Asked:
    return Asked(lambda _: html(page(f"<h2>{TITLE}</h2>{table(copies)}")))


@pytest.mark.parametrize(
    ("keys", "request_sent"),
    [
        ({"path": "/r?id={local_id}&lang=cht"}, ("GET", "/r?id=1/2%26x&lang=cht", "")),
        ({"path": "/r", "method": "POST", "form": {"id": "{local_id}"}}, ("POST", "/r", "id=1%2F2%26x")),
        (
            {"path": "/r", "method": "POST", "body": {"q": "{ a }", "v": {"id": "{local_id}", "n": [1]}}},
            ("POST", "/r", '{"q":"{ a }","v":{"id":"1/2&x","n":[1]}}'),
        ),
        ({"path": "/b/{barcode}"}, ("GET", "/b/B1", "")),
        ({"path": "/s?i={isbn}", "title": "h2"}, ("GET", "/s?i=9789573264682", "")),
        ({"path": "/s?i={isbn10}", "title": "h2"}, ("GET", "/s?i=9573264684", "")),
        ({"path": "/r/{local_id}", "id_pattern": r"^(\d+)/"}, ("GET", "/r/1", "")),
    ],
)
async def test_a_records_numbers_are_put_into_the_question(
    http: ImpatientHttp, keys: dict[str, Any], request_sent: tuple[str, str, str]
) -> None:
    opac = catalogue()
    record = AskedRecord("1/2&x", RECORD.barcodes, RECORD.isbns, TITLE)
    assert states(await told(http, opac, keys, record=record)) == ["available"]
    assert opac.requests == [request_sent]


@pytest.mark.parametrize(
    "keys", [{"path": "/b/{barcode}"}, {"path": "/s?i={isbn}", "title": "h2"}, {**BARE, "id_pattern": "^b"}]
)
async def test_a_record_without_the_number_is_not_asked_for(http: ImpatientHttp, keys: dict[str, Any]) -> None:
    opac = catalogue()
    with pytest.raises(QuestionRefused, match="not asked"):
        await told(http, opac, keys, record=AskedRecord("1", title=TITLE))
    assert opac.requests == []


async def test_each_barcode_is_asked_for_where_an_answer_is_of_one_copy(http: ImpatientHttp) -> None:
    opac = Asked(lambda r: html(page("<table><tr><th>狀態</th></tr><tr><td>在架</td></tr></table>")))
    answer = await told(http, opac, {"path": "/b/{barcode}", "each_barcode": True})
    assert [(i.barcode, i.state.value) for i in answer.items] == [("B1", "available"), ("B2", "available")]
    assert [path for _, path, _ in opac.requests] == ["/b/B1", "/b/B2"]


async def test_copies_that_were_not_asked_for_or_failed_make_an_answer_partial(http: ImpatientHttp) -> None:
    def answer(request: web.Request) -> web.StreamResponse:
        if request.path.endswith("/B1"):
            return html(page("<table><tr><th>狀態</th></tr><tr><td>在架</td></tr></table>"))
        return web.Response(status=500)

    keys = {"path": "/b/{barcode}", "each_barcode": True}
    failed = await told(http, Asked(answer), keys)
    assert (states(failed), failed.state) == (["available"], AnswerState.PARTIAL)
    many = AskedRecord("1", barcodes=tuple(f"B{n}" for n in range(1, 13)))
    cut = await told(http, Asked(answer), keys, record=many)
    assert (cut.state, cut.message) == (AnswerState.PARTIAL, "asked for 10 of its 12 copies")


async def test_the_next_isbn_is_asked_for_when_one_is_not_known(http: ImpatientHttp) -> None:
    opac = Asked(lambda r: html(page(f"<h2>{TITLE}</h2>{table([Copy()])}") if r.query["i"].endswith("1") else NOTHING))
    record = AskedRecord("1", isbns=("9789573264682", "9789866841"), title=TITLE)
    assert states(await told(http, opac, {"path": "/s?i={isbn}", "title": "h2"}, record=record)) == ["available"]
    assert len(opac.requests) == 2


async def test_of_a_list_of_records_the_one_with_the_title_is_opened(http: ImpatientHttp) -> None:
    hits = (
        '<ul class="hits"><li><a href="/status/r/8">紅樓夢研究</a></li><li><a href="r/9">紅樓夢 / 曹雪芹</a></li></ul>'
    )
    opac = Asked(lambda r: html(page(f"<h2>{TITLE}</h2>{table([Copy()])}") if r.path.endswith("/r/9") else page(hits)))
    keys = {"path": "/s?i={isbn}", "title": "h2", "records": ".hits a"}
    assert states(await told(http, opac, keys)) == ["available"]
    assert [path for _, path, _ in opac.requests] == ["/s?i=9789573264682", "/r/9"]
    with pytest.raises(QuestionRefused, match="other records"):
        await told(http, opac, keys, record=AskedRecord("1", isbns=RECORD.isbns, title="水滸傳"))


async def test_a_cookie_and_values_of_a_first_page_go_into_the_question(http: ImpatientHttp) -> None:
    def answer(request: web.Request) -> web.StreamResponse:
        if request.path.endswith("/start"):
            first = html(
                page('<form><input name="t" value="of-form"></form>', head='<meta name="csrf" content="of-meta">')
            )
            first.set_cookie("SESSION", "s1")
            return first
        return html(page(table([Copy()])))

    opac = Asked(answer)
    selectors = {"token": "meta[name=csrf] @content", "field": "input[name=t] @value"}
    keys = {
        "path": "/r/{local_id}",
        "method": "POST",
        "form": {"t": "{field}"},
        "headers": {"X-Token": "{token}"},
        "before": {"path": "/start", "selectors": selectors},
    }
    assert states(await told(http, opac, keys)) == ["available"]
    assert opac.requests == [("GET", "/start", ""), ("POST", "/r/1", "t=of-form")]
    assert (opac.headers[1]["X-Token"], opac.headers[1]["Cookie"]) == ("of-meta", "SESSION=s1")


async def test_values_of_a_first_answer_in_json_go_into_the_question(http: ImpatientHttp) -> None:
    def answer(request: web.Request) -> web.StreamResponse:
        if request.path.endswith("/start"):
            return web.json_response({"session": {"id": 77}})
        return html(page(table([Copy()])))

    opac = Asked(answer)
    keys = {"path": "/r/{local_id}?s={session}", "before": {"path": "/start", "paths": {"session": "session.id"}}}
    assert states(await told(http, opac, keys)) == ["available"]
    assert opac.requests[1] == ("GET", "/r/1?s=77", "")


@pytest.mark.parametrize("start", ["<p>維護中</p>", '<meta name="csrf" content="">'])
async def test_without_the_value_nothing_is_asked(http: ImpatientHttp, start: str) -> None:
    opac = Asked(lambda _: html(page(start)))
    keys = {"path": "/r/{local_id}", "headers": {"X": "{t}"}, "before": {"selectors": {"t": "meta @content"}}}
    with pytest.raises(ConnectorUnavailable, match="does not give"):
        await told(http, opac, keys)
    assert len(opac.requests) == 1


# --- further pages ---

MORE = {**BARE, "more": "a.next"}


def numbered(request: web.Request, copies: int = 1) -> web.StreamResponse:
    """Page after page without end, each with copies of its own."""
    number = int(request.query.get("p", "0"))
    rows = [Copy(barcode=f"B{number}-{n}") for n in range(copies)]
    return html(page(f'{table(rows)}<a class="next" href="?p={number + 1}">下一頁</a>'))


async def test_pages_without_end_are_read_up_to_a_bound_and_the_answer_is_partial(http: ImpatientHttp) -> None:
    opac = Asked(numbered)
    answer = await told(http, opac, {**MORE, "max_pages": 3})
    assert (len(answer.items), len(opac.requests), answer.state) == (3, 3, AnswerState.PARTIAL)
    assert answer.message == "more than 3 pages"


async def test_numbered_pages_end_with_one_that_is_not_full(http: ImpatientHttp) -> None:
    def answer(request: web.Request) -> web.StreamResponse:
        number = int(request.query["p"])
        return html(page(table([Copy(barcode=f"B{number}-{n}") for n in range(2 if number < 3 else 1)])))

    opac = Asked(answer)
    found = await told(http, opac, {"path": "/r/{local_id}?p={page}", "page_size": 2})
    assert (len(found.items), len(opac.requests), found.state) == (5, 3, AnswerState.OK)


@pytest.mark.parametrize(
    ("second", "why"),
    [
        (lambda: html(page(table([Copy()]) + '<a class="next" href="?p=2">下一頁</a>')), "the same copies again"),
        (lambda: web.Response(status=500), "a further page fails"),
        (lambda: html(page("<h1>讀者登入</h1>")), "a further page has no list"),
    ],
)
async def test_copies_that_came_are_kept_when_a_further_page_brings_none(
    http: ImpatientHttp, second: Callable[[], web.StreamResponse], why: str
) -> None:
    async def further(_: web.Request) -> web.StreamResponse:
        return second()

    first = shown(table([Copy()]) + '<a class="next" href="?p=1">下一頁</a>')
    answer = await told(http, one_after_another(first, further), MORE)
    assert (states(answer), answer.state) == (["available"], AnswerState.PARTIAL), why
    assert answer.message


@pytest.mark.parametrize("link", ["http://127.0.0.1:1/", "https://elsewhere.example/", "ftp://127.0.0.1/"])
async def test_links_out_of_the_catalogue_are_not_followed_whatever_redirects_may(
    http: ImpatientHttp, link: str
) -> None:
    handler = shown(f'{table([Copy()])}<a class="next" href="{link}">下一頁</a>')
    answer = await told(http, handler, MORE, hosts=("elsewhere.example",))
    assert (states(answer), answer.state) == (["available"], AnswerState.PARTIAL)
    assert answer.message == "a further page: links to a page outside of the catalogue"


async def test_a_redirect_to_a_login_page_is_a_failure(http: ImpatientHttp) -> None:
    def answer(request: web.Request) -> web.StreamResponse:
        if request.path.endswith("/login"):
            return html(page('<form><input type="PASSWORD"></form>'))
        raise web.HTTPFound("/status/login")

    with pytest.raises(ConnectorUnavailable, match="asks for a password"):
        await told(http, Asked(answer))


async def test_ten_thousand_rows_are_cut_and_the_answer_is_partial(http: ImpatientHttp) -> None:
    answer = await told(http, plain({"1": Book([Copy()] * 10_000)}))
    assert (len(answer.items), answer.state) == (2_000, AnswerState.PARTIAL)
