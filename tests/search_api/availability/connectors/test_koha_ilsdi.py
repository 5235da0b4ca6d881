"""Koha ILS-DI: its two services read together, and either of them missing."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from datetime import date
from typing import Any

import pytest
from aiohttp import web

from mappings.library import Availability
from search_api.availability.connectors import koha_ilsdi
from search_api.availability.http import ConnectorUnavailable, ImpatientHttp
from search_api.availability.reading import MAX_ITEMS
from search_api.availability.status import AnswerState, ItemState, RecordAnswer
from tests.support.status import Handler, answering, asked, koha, koha_item, koha_record, never, serving


@pytest.fixture
async def http() -> AsyncIterator[ImpatientHttp]:
    opened = ImpatientHttp()
    yield opened
    await opened.close()


def service(url: str, **values: Any) -> Availability:
    return Availability(protocol="koha-ils-di", url=url, **values)


WORDS = [
    ("available", "", ItemState.AVAILABLE, (), "on the shelf"),
    ("not available", "Checked out", ItemState.ON_LOAN, (), "lent"),
    ("available", "Checked out", ItemState.ON_LOAN, (), "a reason against it goes first"),
    ("not available", "checked OUT", ItemState.ON_LOAN, (), "however it is written"),
    ("not available", "Not for loan", ItemState.NOT_FOR_LOAN, (), "without GetRecords it is not known why"),
    ("not available", "Item lost", ItemState.LOST, (), "lost"),
    ("not available", "Item withdrawn", ItemState.WITHDRAWN, (), "withdrawn"),
    ("not available", "Item damaged", ItemState.NOT_FOR_LOAN, (), "in repair"),
    ("not available", "Eaten", ItemState.UNKNOWN, ("not available: Eaten",), "a reason nobody knows"),
    ("not available", "", ItemState.UNKNOWN, ("not available",), "no reason"),
    ("unknown", "Error: could not retrieve availability for this ID", ItemState.UNKNOWN, (), "it says so itself"),
    ("vielleicht", "", ItemState.UNKNOWN, ("vielleicht",), "a status nobody knows"),
    ("", "", ItemState.UNKNOWN, ("no status",), "no status"),
]


@pytest.mark.parametrize(("status", "message", "state", "words", "why"), WORDS)
async def test_words_make_a_state(
    http: ImpatientHttp, *, status: str, message: str, state: ItemState, words: tuple[str, ...], why: str
) -> None:
    async with serving(koha({"1": koha_item("10", status, message)})) as server:
        reply = await asked(http, service(server.url), ["1"])
    (answer,) = reply.answers
    assert answer.state is AnswerState.OK
    assert [item.state for item in answer.items] == [state], why
    assert [item.message for item in answer.items] == [message]
    assert reply.unknown_words == words


COLUMNS: list[tuple[str, str, dict[str, str], ItemState, date | None, str]] = [
    ("available", "", {}, ItemState.AVAILABLE, None, "both agree"),
    (
        "available",
        "",
        {"onloan": "2026-09-20"},
        ItemState.ON_LOAN,
        date(2026, 9, 20),
        "nobody is sent to an empty shelf",
    ),
    ("available", "", {"onloan": "12/03/26"}, ItemState.ON_LOAN, None, "a date nobody can read is one all the same"),
    ("available", "", {"onloan": ""}, ItemState.AVAILABLE, None, "an empty one is none"),
    ("available", "", {"withdrawn": "1"}, ItemState.WITHDRAWN, None, "what promises less counts"),
    ("available", "", {"itemlost": "1", "onloan": "2026-09-20"}, ItemState.LOST, None, "lost, and lent before"),
    ("available", "", {"itemlost": "4"}, ItemState.MISSING, None, "missing"),
    ("available", "", {"damaged": "1"}, ItemState.NOT_FOR_LOAN, None, "in repair"),
    ("available", "", {"notforloan": "1"}, ItemState.AVAILABLE_ONSITE, None, "not to take home"),
    ("available", "", {"notforloan": "1", "damaged": "1"}, ItemState.NOT_FOR_LOAN, None, "nor to read"),
    ("available", "", {"notforloan": "2"}, ItemState.NOT_FOR_LOAN, None, "staff collection"),
    ("available", "", {"notforloan": "-1"}, ItemState.ON_ORDER, None, "ordered"),
    (
        "available",
        "",
        {"withdrawn": "0", "itemlost": "0", "damaged": "0", "notforloan": "0"},
        ItemState.AVAILABLE,
        None,
        "zeros are none",
    ),
    ("not available", "Checked out", {"notforloan": "1"}, ItemState.ON_LOAN, None, "GetRecords makes nothing better"),
    ("not available", "Not for loan", {"notforloan": "1", "onloan": "?"}, ItemState.NOT_FOR_LOAN, None, "out, till ?"),
    ("available", "", {"transfertwhen": "2026-09-01 10:00:00"}, ItemState.IN_TRANSIT, None, "between branches"),
    ("not available", "Checked out", {"onloan": "2026-09-20"}, ItemState.ON_LOAN, date(2026, 9, 20), "the due date"),
    ("not available", "Checked out", {}, ItemState.ON_LOAN, None, "no due date, none made up"),
    ("not available", "Not for loan", {"notforloan": "1"}, ItemState.AVAILABLE_ONSITE, None, "reference, on its shelf"),
    ("not available", "Not for loan", {"notforloan": "-1"}, ItemState.ON_ORDER, None, "ordered"),
    ("not available", "Not for loan", {"notforloan": "2"}, ItemState.NOT_FOR_LOAN, None, "staff collection"),
    ("not available", "Not for loan", {"notforloan": "0"}, ItemState.NOT_FOR_LOAN, None, "by its type: not known more"),
    ("not available", "Not for loan", {"notforloan": "1", "itemlost": "1"}, ItemState.NOT_FOR_LOAN, None, "lost, too"),
    ("not available", "Not for loan", {"notforloan": "1", "onloan": "2026-09-20"}, ItemState.NOT_FOR_LOAN, None, "out"),
    ("not available", "Not for loan", {"notforloan": "1", "withdrawn": "1"}, ItemState.NOT_FOR_LOAN, None, "gone"),
    ("not available", "Item lost", {"itemlost": "1"}, ItemState.LOST, None, "lost"),
    ("not available", "Item lost", {"itemlost": "4"}, ItemState.MISSING, None, "missing"),
]


@pytest.mark.parametrize(("status", "message", "columns", "state", "due", "why"), COLUMNS)
async def test_getrecords_says_what_getavailability_leaves_out(
    http: ImpatientHttp,
    *,
    status: str,
    message: str,
    columns: dict[str, str],
    state: ItemState,
    due: date | None,
    why: str,
) -> None:
    records = {"1": koha_record("1", {"itemnumber": "10", "barcode": "B10", "holdingbranchname": "總館", **columns})}
    async with serving(koha({"1": koha_item("10", status, message)}, records)) as server:
        reply = await asked(http, service(server.url), ["1"])
    ((item,),) = [answer.items for answer in reply.answers]
    assert (item.state, item.due) == (state, due), why
    assert (item.item_id, item.barcode, item.branch, item.local_id) == ("10", "B10", "總館", "1")


@pytest.mark.parametrize(
    ("found", "state"), [("W", ItemState.ON_HOLD_SHELF), ("T", ItemState.IN_TRANSIT), ("", ItemState.AVAILABLE)]
)
async def test_a_hold_that_has_its_copy_takes_it_off_the_shelf(
    http: ImpatientHttp, found: str, state: ItemState
) -> None:
    hold = f"<reserve><itemnumber>10</itemnumber><found>{found}</found></reserve>"
    records = {"1": koha_record("1", {"itemnumber": "10"}, {"itemnumber": "11"}, reserves=hold)}
    items = koha_item("10", "available") + koha_item("11", "available")
    async with serving(koha({"1": items}, records)) as server:
        reply = await asked(http, service(server.url), ["1"])
    assert [item.state for item in reply.answers[0].items] == [state, ItemState.AVAILABLE]


async def test_holds_of_a_record_with_one_copy_are_its_queue_and_of_several_nobody_s(http: ImpatientHttp) -> None:
    holds = "<reserve><found/></reserve>" * 2
    records = {
        "1": koha_record("1", {"itemnumber": "10"}, reserves=holds),
        "2": koha_record("2", {"itemnumber": "20"}, {"itemnumber": "21"}, reserves=holds),
    }
    items = {
        "1": koha_item("10", "not available", "Checked out"),
        "2": koha_item("20", "available") + koha_item("21", "available"),
    }
    async with serving(koha(items, records)) as server:
        reply = await asked(http, service(server.url), ["1", "2"])
    assert [[item.queue for item in answer.items] for answer in reply.answers] == [[2], [None, None]]


async def test_a_record_that_is_left_out_is_told_by_getrecords(http: ImpatientHttp) -> None:
    records = {
        "1": koha_record("1", {"itemnumber": "10"}),
        "2": koha_record("2"),
        "4": koha_record("4", {"itemnumber": "40"}),
    }
    async with serving(koha({"1": koha_item("10", "available")}, records)) as server:
        reply = await asked(http, service(server.url), ["1", "2", "3", "4"])
    assert [query["id"] for query in server.queries] == ["1 2 3 4"] * 2
    assert [(a.local_id, a.state) for a in reply.answers] == [
        ("1", AnswerState.OK),
        ("2", AnswerState.OK),  # exists, without copies
        ("3", AnswerState.NOT_FOUND),
        ("4", AnswerState.ERROR),  # has copies nothing is said of: unknown, not gone
    ]


@pytest.mark.parametrize("failing", [answering("", status=404), answering("", status=500), answering("<html/>"), never])
async def test_a_record_that_is_left_out_without_getrecords_could_not_be_asked(
    http: ImpatientHttp, monkeypatch: pytest.MonkeyPatch, failing: Handler
) -> None:
    """Being left out means unknown there, or without copies: a failure of GetRecords makes neither of them true."""
    monkeypatch.setattr(koha_ilsdi, "DETAILS_WAIT_SECONDS", 0.05)
    states = koha({"1": koha_item("10", "available")})

    async def without_details(request: web.Request) -> web.StreamResponse:
        return await (failing if request.query["service"] == "GetRecords" else states)(request)

    async with serving(without_details) as server:
        known, left_out = (await asked(http, service(server.url, timeout_seconds=20), ["1", "2"])).answers
    reason = "left out, and GetRecords does not say whether it is unknown or has no copies"
    assert known.state is AnswerState.OK
    assert left_out == RecordAnswer("2", AnswerState.ERROR, message=reason)


async def test_copies_of_a_record_that_getrecords_does_not_know_are_not_offered(http: ImpatientHttp) -> None:
    items = koha_item("10", "available") + koha_item("11", "not available", "Checked out")
    async with serving(koha({"1": items}, {})) as server:
        (answer,) = (await asked(http, service(server.url), ["1"])).answers
    assert [item.state for item in answer.items] == [ItemState.CHECK_WITH_LIBRARY, ItemState.ON_LOAN]


async def test_a_copy_that_only_getrecords_knows_leaves_the_answer_in_part(http: ImpatientHttp) -> None:
    records = {
        "1": koha_record("1", {"itemnumber": "10"}, {"itemnumber": "11"}),
        "2": koha_record("2", {"itemnumber": "20"}),
    }
    items = {"1": koha_item("10", "available"), "2": koha_item("20", "available")}
    async with serving(koha(items, records)) as server:
        reply = await asked(http, service(server.url), ["1", "2"])
    assert [(a.state, len(a.items)) for a in reply.answers] == [(AnswerState.PARTIAL, 1), (AnswerState.OK, 1)]


async def test_a_record_named_without_items_is_not_found(http: ImpatientHttp) -> None:
    body = (
        '<dlf:collection xmlns:dlf="http://diglib.org/ilsdi/1.1"><dlf:record><dlf:bibliographic id="1"/>'
        "<dlf:simpleavailability><dlf:identifier>1</dlf:identifier><dlf:availabilitystatus>unknown"
        "</dlf:availabilitystatus></dlf:simpleavailability></dlf:record></dlf:collection>"
    )
    async with serving(answering(body)) as server:
        (answer,) = (await asked(http, service(server.url), ["1"])).answers
    assert (answer.state, answer.items) == (AnswerState.NOT_FOUND, ())


async def test_due_dates_are_not_waited_for_long(http: ImpatientHttp, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(koha_ilsdi, "DETAILS_WAIT_SECONDS", 0.05)
    states = koha({"1": koha_item("10", "not available", "Checked out")})

    async def slow_details(request: web.Request) -> web.StreamResponse:
        return await (never if request.query["service"] == "GetRecords" else states)(request)

    async with serving(slow_details) as server:
        (answer,) = (await asked(http, service(server.url, timeout_seconds=20), ["1"])).answers
    assert [(item.state, item.due) for item in answer.items] == [(ItemState.ON_LOAN, None)]


ODD_RECORDS: list[tuple[Mapping[str, str], str]] = [
    ({"1": koha_record("1", {"itemnumber": "10", "onloan": "2026-09-20"}) * 2}, "two records for one number"),
    ({"1": koha_record("7", {"itemnumber": "10", "onloan": "2026-09-20"})}, "another record's number"),
    ({"1": koha_record("1", {"itemnumber": "99", "onloan": "2026-09-20"})}, "another copy's number"),
]


@pytest.mark.parametrize(("records", "why"), ODD_RECORDS)
async def test_details_that_do_not_fit_are_not_used(http: ImpatientHttp, records: Mapping[str, str], why: str) -> None:
    async with serving(koha({"1": koha_item("10", "available")}, records)) as server:
        (answer,) = (await asked(http, service(server.url), ["1"])).answers
    assert [item.state for item in answer.items] == [ItemState.AVAILABLE], why


async def test_a_number_with_a_blank_in_it_would_be_two_numbers_and_is_not_asked(http: ImpatientHttp) -> None:
    async with serving(koha({"1": koha_item("10", "available")})) as server:
        reply = await asked(http, service(server.url), ["1 2", "1"])
    assert [a.state for a in reply.answers] == [AnswerState.ERROR, AnswerState.OK]
    assert {query["id"] for query in server.queries} == {"1"}


async def test_more_copies_than_anybody_has_are_cut_and_said_to_be(http: ImpatientHttp) -> None:
    many = "".join(koha_item(str(n), "available") for n in range(MAX_ITEMS + 50))
    async with serving(koha({"1": many})) as server:
        (answer,) = (await asked(http, service(server.url, timeout_seconds=10), ["1"])).answers
    assert (answer.state, len(answer.items)) == (AnswerState.PARTIAL, MAX_ITEMS)


BOMB = '<!DOCTYPE c [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><collection>&b;</collection>'
OUTSIDE = '<!DOCTYPE c SYSTEM "file:///etc/passwd"><collection/>'
BROKEN = [
    ("", "an empty body"),
    ("<html><body>Login</body></html>", "a login page with status 200"),
    ("<dlf:collection xmlns:dlf='http://diglib.org/ilsdi/1.1'><dlf:record>", "cut short"),
    ("<GetAvailability><code>NotAllowed</code></GetAvailability>", "switched off in Koha"),
    (BOMB, "entities that grow"),
    (OUTSIDE, "an outside entity"),
    ("<!DOCTYPE html><html></html>", "a document type"),
    ('{"document": []}', "JSON"),
]


@pytest.mark.parametrize(("body", "why"), BROKEN)
async def test_an_answer_that_is_no_ils_di_tells_nothing(http: ImpatientHttp, body: str, why: str) -> None:
    async with serving(answering(body)) as server:
        with pytest.raises(ConnectorUnavailable):
            await asked(http, service(server.url), ["1"])
    assert why


async def test_nothing_is_left_running_when_the_first_service_fails(http: ImpatientHttp) -> None:
    async def details_hang(request: web.Request) -> web.StreamResponse:
        return await (never if request.query["service"] == "GetRecords" else answering("", status=500))(request)

    async with serving(details_hang) as server:
        with pytest.raises(ConnectorUnavailable, match="HTTP 500"):
            await asked(http, service(server.url, timeout_seconds=20), ["1"])
