"""Catalogue pages read: every way of listing copies, in any characters, and what the words add up to."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

import pytest
from aiohttp import web
from hypothesis import given, settings
from hypothesis import strategies as st

from mappings.web_status import Web
from search_api.availability.http import Body, ConnectorUnavailable, ImpatientHttp
from search_api.availability.status import AnswerState, ItemState
from search_api.availability.web.answers import page_of
from tests.support.status import answering
from tests.support.web_asking import BARE, reply, shown, states, told
from tests.support.web_opacs import HEADINGS, PERMISSION, TITLE, Book, Copy, html, page, plain, row, table


@pytest.fixture
async def http() -> AsyncIterator[ImpatientHttp]:
    opened = ImpatientHttp()
    yield opened
    await opened.close()


async def test_columns_are_found_by_heading_in_any_order_and_among_others(http: ImpatientHttp) -> None:
    headings = ("序號", "預約人數", "狀態/到期日", "資料類型", "條碼號", "部冊號", "館藏地/室", "索書號", "功能")
    copies = (Copy(queue="3", volume="第二冊"), Copy(due="2026-12-03", barcode="B2"))
    answer = await told(http, plain({"1": Book(copies)}, headings=headings))
    first, second = answer.items
    assert (first.state, first.queue, first.volume) == (ItemState.AVAILABLE, 3, "第二冊")
    assert (first.barcode, first.location, first.call_number) == ("B1", "總館", "857.49 8654")
    assert (second.state, str(second.due)) == (ItemState.ON_LOAN, "2026-12-03")


async def test_a_librarys_own_headings_count_in_place_of_the_usual(http: ImpatientHttp) -> None:
    body = "<table><tr><th>狀態</th><th>架況</th></tr><tr><td>良好</td><td>在架</td></tr></table>"
    answer = await told(http, shown(body), {**BARE, "fields": {"status": ["架況"]}})
    assert states(answer) == ["available"]


async def test_cells_may_span_rows_and_columns(http: ImpatientHttp) -> None:
    body = (
        "<table><tr><th>館藏地</th><th colspan=2>索書號</th><th>館藏狀態</th></tr>"
        "<tr><td rowspan=2>總館</td><td>857</td><td>A</td><td>在架</td></tr>"
        "<tr><td>857</td><td>B</td><td>遺失</td></tr>"
        "<tr><td>分館</td><td colspan=2>858</td><td>調閱中</td></tr></table>"
    )
    answer = await told(http, shown(body))
    assert [(i.location, i.call_number, i.state.value) for i in answer.items] == [
        ("總館", "857 A", "available"),
        ("總館", "857 B", "lost"),
        ("分館", "858", "in_transit"),
    ]


async def test_a_table_of_copies_within_a_table_is_read_and_the_outer_one_is_not(http: ImpatientHttp) -> None:
    body = f"<table><tr><th>狀態</th></tr><tr><td>{table([Copy(), Copy('遺失')])}</td></tr></table>"
    answer = await told(http, shown(body))
    assert states(answer) == ["available", "lost"]


async def test_several_tables_of_copies_are_one_list(http: ImpatientHttp) -> None:
    answer = await told(http, shown(table([Copy()]) + "<p>分館</p>" + table([Copy("遺失")], HEADINGS[::-1])))
    assert states(answer) == ["available", "lost"]


async def test_remarks_empty_rows_and_repeated_headings_are_no_copies(http: ImpatientHttp) -> None:
    body = (
        f"<table>{row(HEADINGS, 'th')}{row(Copy().cells(HEADINGS))}{row([''] * 6)}{row(HEADINGS, 'th')}"
        f"<tr><td colspan=6>載入更多</td></tr>{row(Copy('遺失').cells(HEADINGS))}</table>"
    )
    assert states(await told(http, shown(body))) == ["available", "lost"]


@pytest.mark.parametrize("mark", [' style="display: none"', " hidden", ' style="VISIBILITY:hidden"'])
async def test_hidden_rows_are_no_copies_and_the_answer_says_that_some_were_left_out(
    http: ImpatientHttp, mark: str
) -> None:
    rows = row(Copy().cells(HEADINGS)) + row(Copy("遺失").cells(HEADINGS), "td", mark)
    answer = await told(http, shown(f"<table>{row(HEADINGS, 'th')}{rows}</table>"))
    assert (states(answer), answer.state) == (["available"], AnswerState.PARTIAL)
    assert "hidden" in answer.message


async def test_a_list_in_a_tab_that_is_not_in_front_is_read(http: ImpatientHttp) -> None:
    answer = await told(http, shown(f'<div id="tab2" style="display:none">{table([Copy()])}</div>'))
    assert (states(answer), answer.state) == (["available"], AnswerState.OK)


async def test_hidden_elements_are_no_copies_either(http: ImpatientHttp) -> None:
    keys = {**BARE, "way": "rows", "copies": "li", "fields": {"status": "i"}}
    body = "<ul><li><i>在架</i></li><li hidden><i>遺失</i></li><li hidden><i></i></li></ul>"
    answer = await told(http, shown(body), keys)
    assert (states(answer), answer.message[:6]) == (["available"], "1 rows")


async def test_an_empty_hidden_row_is_a_pattern_of_the_page_and_leaves_nothing_out(http: ImpatientHttp) -> None:
    body = f"<table>{row(HEADINGS, 'th')}{row([''] * 6, 'td', ' hidden')}{row(Copy().cells(HEADINGS))}</table>"
    assert (await told(http, shown(body))).state is AnswerState.OK


async def test_what_is_hidden_within_a_cell_is_not_read(http: ImpatientHttp) -> None:
    cell = '<span style="display:none">遺失</span><script>var s = "遺失";</script>在架<noscript>遺失</noscript>'
    answer = await told(http, shown(f"<table><tr><th>館藏狀態</th></tr><tr><td>{cell}</td></tr></table>"))
    assert states(answer) == ["available"]


async def test_broken_html_is_read_as_browsers_read_it(http: ImpatientHttp) -> None:
    body = "<table><tr><th>館藏地<th>館藏狀態<tr><td>總館<td><b>在架<tr><td>分館<td>遺失</b></table></div>"
    answer = await told(http, shown(body))
    assert [(i.location, i.state.value) for i in answer.items] == [("總館", "available"), ("分館", "lost")]


async def test_forms_between_rows_and_cells_do_not_matter(http: ImpatientHttp) -> None:
    body = (
        "<table><tr><th>館藏地</th><th>館藏狀態</th></tr>"
        "<tr><form action=a><td>總館</td><td>在架</td></form></tr>"
        "<form><tr><td>分館</td><td>遺失</td></tr></form></table>"
    )
    answer = await told(http, shown(body))
    assert [(i.location, i.state.value) for i in answer.items] == [("總館", "available"), ("分館", "lost")]


async def test_rows_that_are_no_table_are_read_by_selectors(http: ImpatientHttp) -> None:
    body = (
        '<ul><li class="copy"><b>總館</b> <i data-code="B1">在架</i> <a href="/c/1">857</a></li>'
        '<li class="copy"><b>分館</b> <i data-code="B2">已外借</i> <em>2026/12/03</em></li><li>其他</li></ul>'
    )
    fields = {"status": "i", "barcode": "i @data-code", "location": "b", "due": "em", "call_number": "a"}
    keys = {**BARE, "way": "rows", "copies": "li.copy", "fields": fields}
    first, second = (await told(http, shown(body), keys)).items
    assert (first.state, first.barcode, first.location, first.call_number) == (ItemState.AVAILABLE, "B1", "總館", "857")
    assert (second.state, second.barcode, str(second.due)) == (ItemState.ON_LOAN, "B2", "2026-12-03")


ITEMS = {
    "title": TITLE,
    "data": {"items": [{"place": {"name": "總館"}, "state": "在架", "holds": 2}, {"state": "遺失", "holds": None}]},
}
JSON = {
    **BARE,
    "way": "json",
    "copies": "data.items",
    "title": "title",
    "fields": {"status": "state", "location": "place.name", "queue": "holds"},
}


async def test_json_is_read_by_paths(http: ImpatientHttp) -> None:
    first, second = (await told(http, answering(json.dumps(ITEMS)), JSON)).items
    assert (first.state, first.location, first.queue) == (ItemState.AVAILABLE, "總館", 2)
    assert (second.state, second.location, second.queue) == (ItemState.LOST, "", None)


@pytest.mark.parametrize(
    ("script", "keys"),
    [
        (f'<script id="state" type="application/json">{json.dumps(ITEMS)}</script>', {"script": "script#state"}),
        (
            f"<script>var a = {{}};</script><script>window.S = {json.dumps(ITEMS)}; start();</script>",
            {"script": "script", "after": "window.S ="},
        ),
    ],
    ids=["an element of its own", "behind a text"],
)
async def test_json_in_a_script_of_the_page_is_read(http: ImpatientHttp, script: str, keys: dict[str, Any]) -> None:
    assert states(await told(http, shown(script), {**JSON, **keys})) == ["available", "lost"]


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (json.dumps({"errors": [{"message": "token expired"}]}), "an error is no empty list"),
        (json.dumps({"data": {"items": None}, "title": TITLE}), "nothing is no empty list"),
        (json.dumps({"data": {"items": {"1": "在架"}}, "title": TITLE}), "another shape"),
        ("{" + '"a":[' * 50_000, "endless brackets"),
        ("(在架)", "no JSON"),
    ],
)
async def test_json_of_another_shape_is_a_failure(http: ImpatientHttp, body: str, why: str) -> None:
    with pytest.raises(ConnectorUnavailable):
        await told(http, answering(body), JSON)
    with pytest.raises(ConnectorUnavailable):
        await told(http, shown(f"<script>{body}</script>"), {**JSON, "script": "script"})
    assert why


@pytest.mark.parametrize(
    ("charset", "declared", "keys"),
    [
        ("utf-8", "utf-8", {}),
        ("big5", "big5", {}),
        ("utf-8", "big5", {}),
        ("big5", "utf-8", {}),
        ("big5", "x-unknown", {}),
        ("big5", "iso-8859-1", {"charset": "big5"}),
    ],
)
async def test_pages_are_read_in_their_own_characters_whatever_their_head_says(
    http: ImpatientHttp, charset: str, declared: str, keys: dict[str, Any]
) -> None:
    async def answer(_: web.Request) -> web.StreamResponse:
        return html(page(f"<h2>{TITLE}</h2>{table([Copy()])}"), charset=charset, declared=declared)

    found = await told(http, answer, {**BARE, "title": "h2", **keys})
    assert (states(found), found.items[0].location) == (["available"], "總館")


async def test_a_page_in_the_wrong_characters_is_a_failure_and_no_list_without_copies(http: ImpatientHttp) -> None:
    async def answer(_: web.Request) -> web.StreamResponse:
        return html(page(table([Copy()])), charset="big5")

    with pytest.raises(ConnectorUnavailable):
        await told(http, answer, {**BARE, "charset": "iso-8859-5"})


@pytest.mark.parametrize(
    ("cells", "state", "due", "why"),
    [
        (["在架", ""], "available", None, "one of two columns is empty"),
        (["在架", "2026/12/03"], "on_loan", "2026-12-03", "nobody is sent to an empty shelf"),
        (["", "2026/12/03"], "on_loan", "2026-12-03", "a date alone is a due date"),
        (["到期 115-12-03", ""], "on_loan", "2026-12-03", "a word and a date in years of the Republic"),
        (["在架", "已外借"], "on_loan", None, "the statement that promises least counts"),
        (["在架", "限館內使用"], "available_onsite", None, "the statement that promises least counts"),
        (["在架", "在雲端漫步"], "unknown", None, "what nobody knows may say no"),
        (["遺失", "在雲端漫步"], "lost", None, "whatever else it says, it is not there"),
        (["在架<br>預約人數:2", ""], "available", None, "a line that says who waits is no status"),
        (["可外借<br>在架", ""], "available", None, "two lines that agree"),
        (["不可外借", ""], "not_for_loan", None, "matched whole: 可外借 is in it"),
        (["不可外借喔", ""], "unknown", None, "matched whole"),
        (["DUE 12-03-26", ""], "unknown", None, "a date that could be two is not guessed"),
        (["在預約保留架上", "2026/12/03"], "on_hold_shelf", None, "the date is until when it is kept there"),
        (["", ""], "unknown", None, "nothing is said"),
    ],
)
async def test_what_columns_say_adds_up_to_one_state(
    http: ImpatientHttp, cells: list[str], state: str, due: str | None, why: str
) -> None:
    said = f"<tr><td>總館</td><td>{cells[0]}</td><td>{cells[1]}</td></tr>"
    answer = await told(http, shown(f"<table><tr><th>館藏地</th><th>狀態</th><th>狀態說明</th></tr>{said}</table>"))
    assert [(i.state.value, str(i.due) if i.due else None) for i in answer.items] == [(state, due)], why


_DUES: list[tuple[str, str, str | None, str]] = [
    ("12-03-26", "on_loan", None, "could be two days: a due date all the same"),
    ("12/03/2026", "on_loan", None, "could be two days"),
    ("115/2/30", "on_loan", None, "no day, and a due date all the same"),
    ("可外借 115/2/30", "on_loan", None, "a word before what is no day"),
    ("借閱至 12-03-26", "on_loan", None, "among words"),
    ("借閱至 2026-12-03", "on_loan", "2026-12-03", "among words, and to be read"),
    ("明日到期", "on_loan", None, "no date at all, and not none"),
    ("到期日未定", "on_loan", None, "no date at all, behind the column's name"),
    ("已逾期", "on_loan", None, "says that it is lent"),
    ("已外借", "on_loan", None, "a status that is known"),
    ("遺失", "lost", None, "a status that is known: the worse of the two counts"),
    ("遺失 2026-12-03", "lost", None, "a status and a date"),
    ("2026-12-03", "on_loan", "2026-12-03", "in one way only"),
    ("2026年12月3日", "on_loan", "2026-12-03", "in one way only"),
    ("115/12/03", "on_loan", "2026-12-03", "the library's form, and one that is plain"),
    ("115/12/03<br>23:59", "on_loan", "2026-12-03", "a time below it"),
    ("?", "on_loan", None, "nobody knows when"),
    ("在架", "available", None, "a status that is known, and that agrees"),
    ("", "available", None, "nothing"),
    ("&nbsp;", "available", None, "nothing"),
    ("-", "available", None, "a sign for nothing"),
    ("---", "available", None, "a sign for nothing"),
    ("－", "available", None, "a sign for nothing"),
    ("無", "available", None, "a word for nothing"),
    ("N/A", "available", None, "a word for nothing"),
    ("null", "available", None, "a word for nothing"),
    ("0000-00-00 00:00:00", "available", None, "a data base's nothing"),
    ("到期日：", "available", None, "the column's name, and nothing behind it"),
    ("到期日：無", "available", None, "the column's name, and a word for nothing"),
    ("預約人數：2", "available", None, "who waits"),
]


@pytest.mark.parametrize(("cell", "state", "due", "why"), _DUES)
async def test_what_stands_in_the_column_of_the_due_date_is_never_dropped(
    http: ImpatientHttp, cell: str, state: str, due: str | None, why: str
) -> None:
    body = f"<table><tr><th>館藏狀態</th><th>到期日</th></tr><tr><td>在架</td><td>{cell}</td></tr></table>"
    for form in ("", "YYY/MM/DD"):
        answer = await told(http, shown(body), due_form=form)
        assert [(i.state.value, str(i.due) if i.due else None) for i in answer.items] == [(state, due)], why


@pytest.mark.parametrize("status", ["遺失", "在預約保留架上", "在雲端漫步"])
async def test_a_due_date_that_cannot_be_read_makes_no_state_better(http: ImpatientHttp, status: str) -> None:
    head = "<tr><th>館藏狀態</th><th>到期日</th></tr>"
    with_due = f"<table>{head}<tr><td>{status}</td><td>12-03-26</td></tr></table>"
    without = f"<table>{head}<tr><td>{status}</td><td></td></tr></table>"
    assert states(await told(http, shown(with_due))) == states(await told(http, shown(without)))


async def test_a_due_date_that_cannot_be_read_is_shown_and_counted(http: ImpatientHttp) -> None:
    head = "<tr><th>館藏狀態</th><th>到期日</th></tr>"
    said = await reply(http, shown(f"<table>{head}<tr><td>在架</td><td>12-03-26</td></tr></table>"), BARE)
    assert (said.answers[0].items[0].message, said.unknown_words) == ("12-03-26", ("12-03-26",))
    said = await reply(http, shown(f"<table>{head}<tr><td>在架</td><td>無</td></tr></table>"), BARE)
    assert (said.answers[0].items[0].message, said.unknown_words) == ("", ())


@pytest.mark.parametrize(
    ("value", "state", "due"),
    [
        ("2026-12-03T00:00:00", "on_loan", "2026-12-03"),
        (["2026-12-03"], "on_loan", "2026-12-03"),
        ("12/03/2026", "on_loan", None),
        (1796227200000, "on_loan", None),
        (1796227200.5, "on_loan", None),
        ({"d": "2026-12-03"}, "on_loan", None),
        ([{"d": "2026-12-03"}], "on_loan", None),
        (True, "on_loan", None),
        (None, "available", None),
        ("", "available", None),
        (" ", "available", None),
        (0, "available", None),
        (False, "available", None),
        ([], "available", None),
        ({"d": None}, "available", None),
    ],
)
async def test_a_due_date_in_json_counts_whatever_it_is(
    http: ImpatientHttp, value: object, state: str, due: str | None
) -> None:
    keys = {**JSON, "fields": {"status": "state", "due": "due"}}
    body = json.dumps({"title": TITLE, "data": {"items": [{"state": "在架", "due": value}]}})
    answer = await told(http, answering(body), keys)
    assert [(i.state.value, str(i.due) if i.due else None) for i in answer.items] == [(state, due)]


@pytest.mark.parametrize("remark", ["載入中…", "系統忙碌,請稍後再試", "共 3 冊,請登入後查看", "在架"])
async def test_a_remark_in_place_of_copies_does_not_say_that_there_are_none(http: ImpatientHttp, remark: str) -> None:
    rows = f"<table>{row(HEADINGS, 'th')}<tr><td colspan=6>{remark}</td></tr></table>"
    for body in (rows, rows.replace(" colspan=6", "")):
        with pytest.raises(ConnectorUnavailable, match="not understood"):
            await told(http, shown(body))
    keys = {**BARE, "way": "rows", "copies": "li", "fields": {"status": "i"}}
    with pytest.raises(ConnectorUnavailable, match="not understood"):
        await told(http, shown(f"<ul><li>{remark}</li></ul>"), keys)


@pytest.mark.parametrize(
    "rows",
    [
        "",
        row([""] * 6),
        "<tr><td colspan=6>本書無館藏</td></tr>",
        "<tr><td colspan=6>無館藏</td></tr><tr><td colspan=6>回上一頁</td></tr>",
        "<tr hidden><td colspan=6>載入中…</td></tr>",
    ],
    ids=["no rows", "an empty row", "a row that says so", "and a remark", "a hidden remark"],
)
async def test_a_list_without_rows_or_one_that_says_so_has_no_copies(http: ImpatientHttp, rows: str) -> None:
    answer = await told(http, shown(f"<table>{row(HEADINGS, 'th')}{rows}</table>"))
    assert (answer.state, answer.items) == (AnswerState.OK, ())


_EMPTY: list[tuple[dict[str, Any], bool, str]] = [
    ({"data": {"items": []}}, True, "an empty list and nothing else"),
    ({"data": {"items": [], "total": 0, "error": None}, "errors": []}, True, "neither errors nor copies"),
    ({"data": {"items": [], "error": "無館藏"}}, True, "an error that says so"),
    ({"data": {"items": [], "error": "timeout"}, "errors": [{"message": "x"}]}, False, "errors"),
    ({"data": {"items": [], "error": "timeout"}}, False, "an error beside the list"),
    ({"data": {"items": []}, "errors": [{"message": "x"}]}, False, "an error around it"),
    ({"data": {"items": []}, "success": False}, False, "no success"),
    ({"data": {"items": [], "total": 5}}, False, "copies are counted and not listed"),
    ({"data": {"items": [], "totalCount": "5"}}, False, "copies are counted and not listed"),
]


@pytest.mark.parametrize(("body", "known", "why"), _EMPTY)
async def test_an_empty_list_in_json_means_no_copies_when_nothing_speaks_against_it(
    http: ImpatientHttp, body: dict[str, Any], known: bool, why: str
) -> None:
    asked = answering(json.dumps({"title": TITLE, **body}))
    if known:
        answer = await told(http, asked, JSON)
        assert (answer.state, answer.items) == (AnswerState.OK, ()), why
    else:
        with pytest.raises(ConnectorUnavailable):
            await told(http, asked, JSON)


@pytest.mark.parametrize(("total", "state"), [(1, AnswerState.OK), (3, AnswerState.PARTIAL)])
async def test_an_empty_further_page_ends_the_list_when_all_that_is_counted_has_come(
    http: ImpatientHttp, total: int, state: AnswerState
) -> None:
    async def answer(request: web.Request) -> web.StreamResponse:
        items = [{"state": "在架"}] if request.query["p"] == "1" else []
        return web.json_response({"title": TITLE, "data": {"items": items, "total": total}})

    found = await told(http, answer, {**JSON, "path": "/record/{local_id}?p={page}", "page_size": 1})
    assert (found.state, states(found)) == (state, ["available"])


async def test_a_librarys_own_words_and_dates_count(http: ImpatientHttp) -> None:
    body = (
        "<table><tr><th>館藏地</th><th>狀態</th></tr><tr><td>一</td><td></td></tr><tr><td>二</td><td>良好</td></tr>"
        "<tr><td>三</td><td>DUE 12-03-26</td></tr></table>"
    )
    words = {"": "available", "良好": "available_onsite"}
    answer = await told(http, shown(body), words=words, due_form="MM-DD-YY")
    assert states(answer) == ["available", "available_onsite", "on_loan"]
    assert str(answer.items[2].due) == "2026-12-03"


async def test_unknown_words_are_counted_and_shown_in_the_librarys_words(http: ImpatientHttp) -> None:
    said = await reply(http, plain({"1": Book((Copy("在雲端漫步"), Copy("")))}), BARE)
    assert said.unknown_words == ("在雲端漫步", "(no word)")
    assert said.answers[0].items[0].message == "在雲端漫步"


_PIECES = st.lists(
    st.sampled_from(
        [
            *(
                "<table>",
                "</table>",
                "<tr>",
                "<td>",
                "</td>",
                "<th>",
                "<td rowspan=9999>",
                "<td colspan='x9'>",
                "<tr hidden>",
            ),
            *(
                "<form>",
                "<b>",
                "</b>",
                "<script>",
                "</script>",
                "<div style='display:none'>",
                "</div>",
                "<html>",
                "</html>",
            ),
            *(
                "館藏狀態",
                "狀態",
                "在架",
                "到期日",
                "2026/12/03",
                "預約 3 人",
                "查無資料",
                "<!--",
                "-->",
                "<![CDATA[",
                "&#0;",
                "&nbsp;",
            ),
            *(
                "\x00",
                "\ud800",
                "<?xml version='1.0' encoding='big5'?>",
                '{"items":[',
                "]}",
                '"',
                "<select>",
                "<a href='//x'>",
            ),
        ]
    ),
    max_size=40,
)
_WAYS = (
    Web.model_validate({"permission": PERMISSION, **BARE, "more": "a", "records": "a", "title": "b"}),
    Web.model_validate({"permission": PERMISSION, **BARE, "way": "rows", "copies": "td", "fields": {"status": "b"}}),
    Web.model_validate({"permission": PERMISSION, **JSON}),
    Web.model_validate({"permission": PERMISSION, **JSON, "script": "script"}),
)


@given(_PIECES, st.sampled_from(_WAYS))
@settings(max_examples=300, deadline=None)
def test_whatever_a_page_is_made_of_it_is_read_or_refused(pieces: list[str], way: Web) -> None:
    body = Body("".join(pieces).encode("utf-8", "surrogatepass"), {}, content_type="text/html")
    with suppress(ConnectorUnavailable):
        found = page_of(body, way)
        assert found.rows is None or way.way == "json" or all(any(row.values()) for row in found.rows.rows)
