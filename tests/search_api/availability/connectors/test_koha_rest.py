"""Koha REST: what columns amount to, on the routes for staff and for everybody, and as the KohaSuomi plugin says."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import pytest
from aiohttp import web

from mappings.library import Availability
from search_api.availability.connectors.koha_rest import MAX_PAGES, PAGE
from search_api.availability.http import ConnectorUnavailable, ImpatientHttp
from search_api.availability.status import AnswerState, ItemState
from tests.support.koha_rest import koha_rest, koha_rest_item, koha_suomi_item
from tests.support.status import answering, asked, one_after_another, serving


@pytest.fixture
async def http() -> AsyncIterator[ImpatientHttp]:
    opened = ImpatientHttp()
    yield opened
    await opened.close()


def service(url: str, **values: Any) -> Availability:
    return Availability.model_validate({"protocol": "koha-rest", "url": url, "timeout_seconds": 5, **values})


LENT = {"checked_out_date": "2026-12-03"}
STATES: list[tuple[dict[str, Any], dict[str, str], ItemState, str]] = [
    ({}, {}, ItemState.AVAILABLE, "nothing against it"),
    (LENT, {}, ItemState.ON_LOAN, "the public route has the day alone"),
    ({"checkout": {"due_date": "2026-12-03T23:59:00+08:00"}}, {}, ItemState.ON_LOAN, "the loan itself"),
    ({"checked_out_date": ""}, {}, ItemState.AVAILABLE, "an empty day is none"),
    ({"checked_out_date": " "}, {}, ItemState.AVAILABLE, "nor are blanks"),
    ({"lost_status": 1, **LENT}, {}, ItemState.LOST, "lost by the reader who has it"),
    ({"lost_status": 4}, {}, ItemState.MISSING, "a fresh Koha calls it missing"),
    ({"lost_status": 4}, {"lost_status 4": "lost"}, ItemState.LOST, "unless the library says otherwise"),
    ({"withdrawn": 1, "lost_status": 1}, {}, ItemState.WITHDRAWN, "gone for good"),
    ({"not_for_loan_status": 1}, {}, ItemState.AVAILABLE_ONSITE, "for use in the library"),
    ({"not_for_loan_status": 2}, {}, ItemState.NOT_FOR_LOAN, "for staff only"),
    ({"not_for_loan_status": -1}, {}, ItemState.ON_ORDER, "ordered"),
    ({"not_for_loan_status": -2}, {"not_for_loan_status -2": "in_process"}, ItemState.IN_PROCESS, "the library's own"),
    ({"effective_not_for_loan_status": 1}, {}, ItemState.AVAILABLE_ONSITE, "by its type of item"),
    ({"damaged_status": 1}, {}, ItemState.NOT_FOR_LOAN, "damaged"),
    ({"transfer": {"to": "CPL"}}, {}, ItemState.IN_TRANSIT, "under way"),
    ({"first_hold": {"status": "W"}}, {}, ItemState.ON_HOLD_SHELF, "waits for a reader"),
    ({"first_hold": {"status": "T"}}, {}, ItemState.IN_TRANSIT, "under way to a reader"),
    ({"first_hold": {"status": None}}, {}, ItemState.AVAILABLE, "asked for, and still on the shelf"),
    ({"restricted_status": 1}, {}, ItemState.CHECK_WITH_LIBRARY, "for some readers only"),
    ({"holds_count": 9}, {}, ItemState.AVAILABLE, "asked for nine times since it was bought"),
    ({"lost_status": "yes"}, {}, ItemState.UNKNOWN, "a value that is no number"),
    ({"withdrawn": None}, {}, ItemState.UNKNOWN, "without its columns nothing is known"),
]


@pytest.mark.parametrize(("columns", "words", "state", "why"), STATES)
async def test_columns_amount_to_a_state(
    http: ImpatientHttp, columns: dict[str, Any], words: dict[str, str], state: ItemState, why: str
) -> None:
    async with serving(koha_rest({"1": [koha_rest_item(**columns)]})) as server:
        reply = await asked(http, service(server.url, words=words), ["1"])
    ((found,),) = [answer.items for answer in reply.answers]
    assert found.state is state, why
    assert found.due == (date(2026, 12, 3) if state is ItemState.ON_LOAN else None)
    assert found.queue is None
    assert bool(reply.unknown_words) is (state is ItemState.UNKNOWN)


@pytest.mark.parametrize("day", ["soon", "12/03/26", 1796227200000, {"day": 1}])
async def test_a_due_date_that_cannot_be_read_is_one_all_the_same(http: ImpatientHttp, day: object) -> None:
    async with serving(koha_rest({"1": [koha_rest_item(checked_out_date=day)]})) as server:
        reply = await asked(http, service(server.url), ["1"])
    ((found,),) = [answer.items for answer in reply.answers]
    assert (found.state, found.due) == (ItemState.ON_LOAN, None)


@pytest.mark.parametrize("record", [None, "", []])
async def test_items_of_nobody_knows_which_record_are_no_answer(http: ImpatientHttp, record: object) -> None:
    async with serving(koha_rest({"1": [koha_rest_item(biblio_id=record)], "2": [koha_rest_item()]})) as server:
        reply = await asked(http, service(server.url), ["1", "2"])
    assert [(a.state, len(a.items)) for a in reply.answers] == [(AnswerState.ERROR, 0), (AnswerState.OK, 1)]


async def test_items_of_another_record_are_none_of_its_own(http: ImpatientHttp) -> None:
    async with serving(koha_rest({"1": [koha_rest_item(biblio_id=9)], "2": [koha_rest_item()]})) as server:
        reply = await asked(http, service(server.url), ["1", "2"])
    assert [a.state for a in reply.answers] == [AnswerState.NOT_FOUND, AnswerState.OK]


JUDGED: list[tuple[dict[str, Any], ItemState, str]] = [
    (koha_suomi_item(), ItemState.AVAILABLE, "nothing against it"),
    (koha_suomi_item(False, CheckedOut={"due_date": "2026-12-02T16:00:00Z"}), ItemState.ON_LOAN, "lent"),
    (
        koha_suomi_item(True, CheckedOut={"due_date": "2026-12-02T16:00:00Z"}),
        ItemState.ON_LOAN,
        "lent, and yet available",
    ),
    (koha_suomi_item(False, CheckedOut={}, Lost={}), ItemState.LOST, "the more serious reason"),
    (koha_suomi_item(False, Transfer={"to_library": "CPL"}), ItemState.IN_TRANSIT, "under way"),
    (koha_suomi_item(False, NotForLoan={"status": 1}), ItemState.AVAILABLE_ONSITE, "for use in the library"),
    (koha_suomi_item(False, NotForLoan={"status": -1}), ItemState.ON_ORDER, "ordered"),
    (koha_suomi_item(False, Moonlight={}), ItemState.UNKNOWN, "a reason nobody knows"),
    (koha_suomi_item(True, Moonlight={}), ItemState.UNKNOWN, "available, and yet a reason nobody knows"),
    (koha_suomi_item(False), ItemState.UNKNOWN, "not available, without a reason"),
    (koha_suomi_item(None), ItemState.UNKNOWN, "neither yes nor no"),
]


@pytest.mark.parametrize(("item", "state", "why"), JUDGED)
async def test_the_plugin_gives_reasons(http: ImpatientHttp, item: dict[str, Any], state: ItemState, why: str) -> None:
    async with serving(koha_rest({"1": [item]})) as server:
        reply = await asked(http, service(server.url, koha={"route": "kohasuomi"}), ["1", "2"])
    assert [a.state for a in reply.answers] == [AnswerState.OK, AnswerState.NOT_FOUND]
    assert [i.state for i in reply.answers[0].items] == [state], why
    assert [i.due for i in reply.answers[0].items] == [date(2026, 12, 3) if state is ItemState.ON_LOAN else None]


@pytest.mark.parametrize(
    ("route", "path", "embed"),
    [
        ("staff", "/status/biblios/1/items", "checkout,transfer,first_hold"),
        ("public", "/status/public/biblios/1/items", None),
        ("kohasuomi", "/status/contrib/kohasuomi/availability/biblios/1/search", None),
    ],
)
async def test_each_route_is_asked_in_its_way(http: ImpatientHttp, route: str, path: str, embed: str | None) -> None:
    seen: list[tuple[str, str | None]] = []

    async def answer(request: web.Request) -> web.StreamResponse:
        seen.append((request.path, request.headers.get("x-koha-embed")))
        return await koha_rest({"1": []})(request)

    async with serving(answer) as server:
        reply = await asked(http, service(server.url, koha={"route": route}), ["1"])
    assert seen == [(path, embed)]
    assert [(a.state, a.items) for a in reply.answers] == [(AnswerState.OK, ())]


async def test_pages_are_followed_and_the_last_may_be_ours(http: ImpatientHttp) -> None:
    records = {"1": [koha_rest_item()] * (PAGE + 1), "2": [koha_rest_item()] * (PAGE * MAX_PAGES + 1)}
    async with serving(koha_rest(records)) as server:
        reply = await asked(http, service(server.url), ["1", "2"])
    assert [(a.state, len(a.items)) for a in reply.answers] == [
        (AnswerState.OK, PAGE + 1),
        (AnswerState.PARTIAL, PAGE * MAX_PAGES),
    ]


async def test_a_record_that_cannot_be_asked_about_does_not_spoil_the_others(http: ImpatientHttp) -> None:
    async with serving(one_after_another(koha_rest({"1": []}), answering("", status=500))) as server:
        reply = await asked(http, service(server.url), ["1", "2", "x"])
    assert sorted(a.state for a in reply.answers) == [AnswerState.ERROR, AnswerState.ERROR, AnswerState.OK]


async def test_a_route_that_does_not_exist_is_not_a_record_that_does_not(http: ImpatientHttp) -> None:
    async with serving(answering('{"errors": [{"message": "Not Found."}]}', status=404)) as server:
        with pytest.raises(ConnectorUnavailable):
            await asked(http, service(server.url), ["1"])
