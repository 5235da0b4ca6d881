"""Sierra REST: codes and words, due dates, record numbers, pages, and records that have no items."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import pytest
from aiohttp import web

from mappings.library import Availability
from search_api.availability.connectors.sierra import MAX_PAGES, record_number
from search_api.availability.http import ImpatientHttp
from search_api.availability.status import AnswerState, ItemState
from tests.support.sierra import sierra, sierra_item
from tests.support.status import answering, asked, one_after_another, serving

DUE = "2026-12-02T16:00:00Z"
"""Midnight of the third in Taipei."""


@pytest.fixture
async def http() -> AsyncIterator[ImpatientHttp]:
    opened = ImpatientHttp()
    yield opened
    await opened.close()


def service(url: str, **values: Any) -> Availability:
    return Availability.model_validate({"protocol": "sierra", "url": url, **values})


STATES: list[tuple[dict[str, Any], dict[str, str], ItemState, str]] = [
    (sierra_item("-", "AVAILABLE"), {}, ItemState.AVAILABLE, "on the shelf"),
    (
        sierra_item("-", "在總館"),
        {},
        ItemState.UNKNOWN,
        "words that nobody knows say more than the code: they may say that it is not there",
    ),
    (sierra_item("-"), {}, ItemState.AVAILABLE, "without words the code is enough"),
    (sierra_item("-", "在總館"), {"在總館": "available"}, ItemState.AVAILABLE, "words that the library explains"),
    (sierra_item("-", "NOT AVAILABLE"), {}, ItemState.UNKNOWN, "words that deny the code"),
    (sierra_item("-", "DUE 12-03-26"), {}, ItemState.ON_LOAN, "a due date that could be two is one all the same"),
    (sierra_item("-", "DUE 12-03-26 +1 HOLD"), {}, ItemState.ON_LOAN, "whatever follows it"),
    (sierra_item("-", "在架 12-03-26"), {}, ItemState.ON_LOAN, "on its shelf and due: nobody is sent there"),
    (sierra_item("-", "在架 2026-12-03"), {}, ItemState.ON_LOAN, "the same, readable"),
    (sierra_item("-", "新到 12-03-26"), {}, ItemState.UNKNOWN, "a date of nobody knows what"),
    (sierra_item("-", "DUET BOOKS"), {}, ItemState.UNKNOWN, "a word that only begins so"),
    (sierra_item("m", "DUE 12-03-26"), {}, ItemState.MISSING, "a missing copy is not expected back, whatever is shown"),
    (sierra_item("$", "AVAILABLE"), {}, ItemState.LOST, "the worse of code and words"),
    (sierra_item("t", "AVAILABLE"), {}, ItemState.IN_TRANSIT, "the worse of the two"),
    (sierra_item("m", "ON SHELF"), {}, ItemState.MISSING, "the worse of the two"),
    (sierra_item("-", "MISSING"), {}, ItemState.MISSING, "the worse of the two, the other way"),
    (sierra_item("t", "AVAILABLE"), {"t": "available"}, ItemState.AVAILABLE, "unless the library says otherwise"),
    (sierra_item("t", "UNTERWEGS"), {}, ItemState.IN_TRANSIT, "words that nobody knows make nothing better"),
    (sierra_item("-", "AVAILABLE", "garbage"), {}, ItemState.ON_LOAN, "a due date nobody can read"),
    (sierra_item("-", "AVAILABLE", " "), {}, ItemState.AVAILABLE, "blanks are none"),
    (sierra_item("-", "AVAILABLE", DUE), {}, ItemState.ON_LOAN, "available with a due date is on loan"),
    (sierra_item("o", "LIB USE ONLY", DUE), {}, ItemState.ON_LOAN, "lent nevertheless"),
    (sierra_item("q", "塔塔", DUE), {}, ItemState.ON_LOAN, "whatever the code means, it has to come back"),
    (sierra_item("m", "MISSING", DUE), {}, ItemState.MISSING, "a missing copy is not expected back"),
    (sierra_item("!", "ON HOLDSHELF"), {}, ItemState.ON_HOLD_SHELF, "kept for a reader"),
    (sierra_item("t", ""), {}, ItemState.IN_TRANSIT, "without words the code is enough"),
    (sierra_item("p", "WITHDRAWN"), {}, ItemState.WITHDRAWN, "p is one thing here"),
    (sierra_item("p", "IN PROCESS"), {}, ItemState.IN_PROCESS, "and another there: the words tell"),
    (sierra_item("p", ""), {}, ItemState.UNKNOWN, "without words p may be anything"),
    (sierra_item("p", "IN PROCESS"), {"p": "lost"}, ItemState.LOST, "the library's own table comes first, by code"),
    (sierra_item("-", "兒童室"), {"兒童室": "available_onsite"}, ItemState.AVAILABLE_ONSITE, "and by words"),
    (sierra_item("-", "AVAILABLE"), {"-": "check_with_library"}, ItemState.CHECK_WITH_LIBRARY, "even for the usual"),
    ({"status": "gone"}, {}, ItemState.UNKNOWN, "a status of another shape"),
    ({}, {}, ItemState.UNKNOWN, "no status at all"),
]


@pytest.mark.parametrize(("item", "words", "state", "why"), STATES)
async def test_code_words_and_due_date_make_a_state(
    http: ImpatientHttp, item: dict[str, Any], words: dict[str, str], state: ItemState, why: str
) -> None:
    async with serving(sierra({"1": [item]})) as server:
        reply = await asked(http, service(server.url, words=words), ["1"])
    ((found,),) = [answer.items for answer in reply.answers]
    assert found.state is state, why
    assert bool(reply.unknown_words) is (state is ItemState.UNKNOWN or "塔塔" in str(item))


async def test_everything_an_item_says_is_taken(http: ImpatientHttp) -> None:
    item = sierra_item("-", "DUE", DUE, barcode="9849", callNumber="BL221 .C48", volumes=["v.2"], holdCount=3)
    async with serving(sierra({"1": [item]})) as server:
        reply = await asked(http, service(server.url), ["1"])
    ((found,),) = [answer.items for answer in reply.answers]
    assert (found.item_id, found.local_id, found.barcode, found.volume) == ("10", "1", "9849", "v.2")
    assert (found.branch, found.call_number, found.queue) == ("總館五樓", "BL221 .C48", 3)
    assert found.due == date(2026, 12, 3), "the day in Taipei, not in Greenwich"


async def test_an_item_that_says_little_gets_nothing_made_up(http: ImpatientHttp) -> None:
    async with serving(sierra({"1": [{"status": {"code": "-"}}]})) as server:
        reply = await asked(http, service(server.url), ["1"])
    ((found,),) = [answer.items for answer in reply.answers]
    assert (found.due, found.barcode, found.branch, found.call_number) == (None, "", "", "")
    assert (found.volume, found.queue, found.message) == ("", None, "")


@pytest.mark.parametrize(
    ("name", "number", "why"),
    [
        ("1000001", "1000001", "as the API writes it"),
        (" 1000001 ", "1000001", "with blanks about it"),
        (".b12345672", "1234567", "as pages write it: with its check digit"),
        ("b12345672", "1234567", "the same without the stop"),
        ("b1234567", "1234567", "without check digit"),
        (".b1000001x", "1000001", "a check digit that is an x"),
        (".b12345679", "", "a check digit that is wrong: another record, perhaps"),
        ("1234567x", "", "no such number"),
        ("b", "", "nothing"),
        ("oclc,1", "", "would be two questions"),
    ],
)
def test_record_numbers_are_written_as_the_api_wants(name: str, number: str, why: str) -> None:
    assert record_number(name) == number, why


async def test_a_number_that_cannot_be_asked_is_not_asked(http: ImpatientHttp) -> None:
    async with serving(sierra({})) as server:
        reply = await asked(http, service(server.url), ["oclc,1"])
    assert [(a.state, a.message) for a in reply.answers] == [(AnswerState.ERROR, "is no record number of Sierra")]
    assert server.queries == []


async def test_pages_are_followed_to_the_end(http: ImpatientHttp) -> None:
    async with serving(sierra({"1": [sierra_item("-")] * 5, "2": [sierra_item("t")]}, page=2)) as server:
        reply = await asked(http, service(server.url), ["1", "2"])
    assert [(a.state, len(a.items)) for a in reply.answers] == [(AnswerState.OK, 5), (AnswerState.OK, 1)]
    assert [query["offset"] for query in server.queries] == ["0", "2", "4"]


async def test_what_the_pages_leave_out_is_not_taken_for_nothing(http: ImpatientHttp) -> None:
    async with serving(sierra({"1": [sierra_item("-")] * 9, "2": [sierra_item("-")]}, page=1)) as server:
        reply = await asked(http, service(server.url), ["1", "2"])
    assert [(a.state, len(a.items)) for a in reply.answers] == [
        (AnswerState.PARTIAL, MAX_PAGES),
        (AnswerState.ERROR, 0),
    ]
    assert len(server.queries) == MAX_PAGES


async def test_a_later_page_that_fails_keeps_the_first(http: ImpatientHttp) -> None:
    first = sierra({"1": [sierra_item("-")] * 2}, page=1)
    async with serving(one_after_another(first, answering("", status=500))) as server:
        reply = await asked(http, service(server.url), ["1", "2"])
    assert [(a.state, len(a.items)) for a in reply.answers] == [(AnswerState.PARTIAL, 1), (AnswerState.ERROR, 0)]


async def test_a_server_that_gives_the_first_page_for_ever_is_left(http: ImpatientHttp) -> None:
    entry = {"id": "10", "bibIds": ["1"], **sierra_item("-")}

    async def always(_: web.Request) -> web.StreamResponse:
        return web.json_response({"total": 7, "start": 0, "entries": [entry]})

    async with serving(always) as server:
        reply = await asked(http, service(server.url), ["1"])
    assert [(a.state, len(a.items)) for a in reply.answers] == [(AnswerState.PARTIAL, 1)]
    assert len(server.queries) == 2


async def test_a_record_that_cannot_be_asked_about_is_not_said_to_be_unknown(http: ImpatientHttp) -> None:
    async with serving(one_after_another(sierra({}), answering("", status=500))) as server:
        reply = await asked(http, service(server.url), ["1"])
    assert [(a.state, a.items) for a in reply.answers] == [(AnswerState.ERROR, ())]


async def test_a_404_of_another_kind_is_a_failure(http: ImpatientHttp) -> None:
    async with serving(one_after_another(sierra({}), answering('{"code": 123}', status=404))) as server:
        reply = await asked(http, service(server.url), ["1"])
    assert [a.state for a in reply.answers] == [AnswerState.ERROR]


@pytest.mark.parametrize("mark", ["suppressed", "deleted"])
async def test_an_item_that_is_hidden_from_readers_is_left_out(http: ImpatientHttp, mark: str) -> None:
    items = [sierra_item("-", **{mark: True}), sierra_item("t", **{mark: False})]
    async with serving(sierra({"1": items, "2": items[:1]})) as server:
        reply = await asked(http, service(server.url), ["1", "2"])
    assert [(a.state, [i.state for i in a.items]) for a in reply.answers] == [
        (AnswerState.OK, [ItemState.IN_TRANSIT]),
        (AnswerState.OK, []),
    ]


@pytest.mark.parametrize("owners", [[], None, [""]])
async def test_an_item_of_nobody_knows_which_record_leaves_no_record_without_copies(
    http: ImpatientHttp, owners: object
) -> None:
    async with serving(sierra({"1": [sierra_item("-")], "2": [sierra_item("-", bibIds=owners)]})) as server:
        reply = await asked(http, service(server.url), ["1", "2", "3"])
    assert [(a.state, len(a.items)) for a in reply.answers] == [
        (AnswerState.OK, 1),
        (AnswerState.ERROR, 0),
        (AnswerState.ERROR, 0),
    ]


async def test_an_item_of_two_records_bound_together_is_both_records_item(http: ImpatientHttp) -> None:
    async with serving(sierra({"1": [sierra_item("-", bibIds=["1 ", "2", "9"])], "2": []})) as server:
        reply = await asked(http, service(server.url), ["1", "2"])
    assert [[item.local_id for item in answer.items] for answer in reply.answers] == [["1"], ["2"]]
