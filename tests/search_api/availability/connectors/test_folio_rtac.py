"""FOLIO RTAC: statuses, statements that are none, hidden copies, errors, and the shapes an answer may have."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import orjson
import pytest

from mappings.library import Availability
from search_api.availability.connectors import folio_rtac
from search_api.availability.http import ConnectorUnavailable, ImpatientHttp
from search_api.availability.status import AnswerState, ItemState
from tests.support.folio import folio, folio_holding, folio_item
from tests.support.status import answering, asked, serving

ONE = "69640328-788e-43fc-9c3c-af39e243f3b7"
TWO = "0c8e8ac5-6bcc-461e-a8d3-4b55a96addc8"
DUE = "2026-12-02T16:00:00.000+00:00"
"""Midnight of the third in Taipei."""


@pytest.fixture
async def http() -> AsyncIterator[ImpatientHttp]:
    opened = ImpatientHttp()
    yield opened
    await opened.close()


def service(url: str, **values: Any) -> Availability:
    return Availability.model_validate({"protocol": "folio-rtac", "url": url, **values})


STATES: list[tuple[dict[str, Any], dict[str, str], ItemState, str]] = [
    (folio_item("Available"), {}, ItemState.AVAILABLE, "on the shelf"),
    (folio_item("AVAILABLE"), {}, ItemState.AVAILABLE, "case does not matter"),
    (folio_item("Available", dueDate=DUE), {}, ItemState.ON_LOAN, "available with a due date is on loan"),
    (folio_item("Available", dueDate="soon"), {}, ItemState.ON_LOAN, "a due date nobody can read is one all the same"),
    (folio_item("Available", dueDate=1796227200000), {}, ItemState.ON_LOAN, "as a number"),
    (folio_item("Available", dueDate={"day": 1}), {}, ItemState.ON_LOAN, "as a table"),
    (folio_item("Available", dueDate=" "), {}, ItemState.AVAILABLE, "blanks are none"),
    (folio_item("Available", dueDate=False), {}, ItemState.AVAILABLE, "false is none"),
    (folio_item("Available", permanentLoanType="Reading room"), {}, ItemState.AVAILABLE_ONSITE, "by its loan type"),
    (
        folio_item("Available", permanentLoanType="Reading room", temporaryLoanType="Can circulate"),
        {},
        ItemState.AVAILABLE,
        "the temporary loan type counts while there is one",
    ),
    (
        folio_item("Available", permanentLoanType="限館內"),
        {"限館內": "available_onsite"},
        ItemState.AVAILABLE_ONSITE,
        "a loan type of the library's own",
    ),
    (
        folio_item("Available", permanentLoanType="Selected"),
        {},
        ItemState.AVAILABLE,
        "a loan type nobody knows is no limit",
    ),
    (folio_item("Checked out", permanentLoanType="Reading room"), {}, ItemState.ON_LOAN, "lent all the same"),
    (folio_item("Paged"), {}, ItemState.ON_HOLD_SHELF, "being fetched for somebody else"),
    (folio_item("In process (non-requestable)"), {}, ItemState.IN_PROCESS, "with a sign at its end"),
    (folio_item("Unavailable"), {}, ItemState.CHECK_WITH_LIBRARY, "does not say why"),
    (folio_item("Unavailable"), {"Unavailable": "not_for_loan"}, ItemState.NOT_FOR_LOAN, "unless the library says"),
    (folio_item("Aged to lost", dueDate=DUE), {}, ItemState.LOST, "not expected back"),
    (folio_item("Unknown"), {}, ItemState.UNKNOWN, "FOLIO's own word for it"),
    (folio_item(""), {}, ItemState.UNKNOWN, "an item without a status"),
    (folio_holding("Multi"), {}, ItemState.CHECK_WITH_LIBRARY, "a periodical, its items left out"),
    (
        folio_holding("v.1-40 (1960-1999)", "v.1-40 (1960-1999)"),
        {},
        ItemState.CHECK_WITH_LIBRARY,
        "a statement is no status",
    ),
    (folio_holding("在雲端"), {}, ItemState.UNKNOWN, "neither a status nor what is held"),
    (
        folio_item("v.1", holdingsStatements=[{"statement": "v.1"}]),
        {},
        ItemState.UNKNOWN,
        "an item has a status, not a statement",
    ),
    ({}, {}, ItemState.CHECK_WITH_LIBRARY, "a holding of which nothing is said"),
]


@pytest.mark.parametrize(("item", "words", "state", "why"), STATES)
async def test_a_status_makes_a_state(
    http: ImpatientHttp, item: dict[str, Any], words: dict[str, str], state: ItemState, why: str
) -> None:
    async with serving(folio({ONE: [item]})) as server:
        reply = await asked(http, service(server.url, words=words), [ONE])
    ((found,),) = [answer.items for answer in reply.answers]
    assert found.state is state, why
    assert bool(reply.unknown_words) is (state is ItemState.UNKNOWN and item.get("status") != "Unknown")


async def test_everything_a_copy_says_is_taken(http: ImpatientHttp) -> None:
    item = folio_item("Checked out", dueDate=DUE, volume="(v.2)", barcode="8765", totalHoldRequests=2)
    async with serving(folio({ONE: [item]})) as server:
        reply = await asked(http, service(server.url), [ONE])
    ((found,),) = [answer.items for answer in reply.answers]
    assert server.queries == [{"instanceIds": ONE}]
    assert (found.item_id, found.local_id, found.barcode, found.volume) == ("7b3c", ONE, "8765", "v.2")
    assert (found.branch, found.location, found.call_number, found.queue) == ("總館", "密集書庫", "857.6 X1", 2)
    assert found.due == date(2026, 12, 3), "the day in Taipei, not in Greenwich"


async def test_a_copy_that_says_little_gets_nothing_made_up(http: ImpatientHttp) -> None:
    async with serving(folio({ONE: [{"status": "Available"}]})) as server:
        reply = await asked(http, service(server.url), [ONE])
    ((found,),) = [answer.items for answer in reply.answers]
    assert (found.due, found.barcode, found.branch, found.location) == (None, "", "", "")
    assert (found.call_number, found.volume, found.queue, found.message) == ("", "", None, "")


@pytest.mark.parametrize("how", [True, "true", "True"])
async def test_copies_hidden_from_readers_are_left_out(http: ImpatientHttp, how: object) -> None:
    hidden = folio_item("Available", suppressFromDiscovery=how)
    async with serving(folio({ONE: [hidden, folio_item("Missing")], TWO: [hidden]})) as server:
        reply = await asked(http, service(server.url), [ONE, TWO])
    assert [(a.state, [i.state for i in a.items]) for a in reply.answers] == [
        (AnswerState.OK, [ItemState.MISSING]),
        (AnswerState.OK, []),
    ]


async def test_a_uuid_in_capitals_is_the_same(http: ImpatientHttp) -> None:
    answer = {
        "holdings": [{"instanceId": ONE.upper(), "holdings": [COPY]}],
        "errors": [{"code": "404", "message": f"Instance {TWO.upper()} can not be retrieved"}],
    }
    async with serving(answering(orjson.dumps(answer))) as server:
        reply = await asked(http, service(server.url), [ONE, TWO.upper()])
    assert [(a.local_id, a.state, [i.local_id for i in a.items]) for a in reply.answers] == [
        (ONE, AnswerState.OK, [ONE]),
        (TWO.upper(), AnswerState.NOT_FOUND, []),
    ]


COPY = folio_item("Available")
SHAPES: list[tuple[dict[str, Any], AnswerState, int, str]] = [
    ({"holdings": [{"instanceId": ONE, "holdings": [COPY]}]}, AnswerState.OK, 1, "a batch"),
    ({"holdings": [{"instanceId": ONE, "holdings": COPY}]}, AnswerState.OK, 1, "a copy that is not in a list"),
    ({"holdings": {"instanceId": ONE, "holdings": [COPY]}}, AnswerState.OK, 1, "an instance that is not in a list"),
    ({"instanceId": ONE, "holdings": [COPY]}, AnswerState.OK, 1, "one instance, as the older route gives it"),
    ({"instanceId": ONE}, AnswerState.OK, 0, "known, and nothing held"),
    ({"holdings": [{"instanceId": TWO, "holdings": [COPY]}]}, AnswerState.NOT_FOUND, 0, "another's copy"),
    ({"holdings": []}, AnswerState.NOT_FOUND, 0, "nothing"),
    ({"holdings": [{"holdings": [COPY]}]}, AnswerState.ERROR, 0, "copies of nobody knows which instance"),
    ({"instanceId": None, "holdings": [COPY]}, AnswerState.ERROR, 0, "the same alone"),
    ({"code": "404", "message": "Instance not found"}, AnswerState.NOT_FOUND, 0, "the error of one, with HTTP 200"),
    ({"code": 404, "message": "Instance not found"}, AnswerState.NOT_FOUND, 0, "its code as a number"),
    ({"code": "500", "message": "Internal"}, AnswerState.ERROR, 0, "an error of another kind is no answer"),
    (
        {"errors": [{"code": "404", "message": f"Instance {ONE} can not be retrieved"}]},
        AnswerState.NOT_FOUND,
        0,
        "named",
    ),
    (
        {"errors": [{"code": "404", "message": f"Holdings not found for instance {ONE}"}]},
        AnswerState.OK,
        0,
        "none held",
    ),
    ({"errors": [{"code": "403", "message": f"Instance {ONE}"}]}, AnswerState.ERROR, 0, "named, and not allowed"),
    ({"holdings": [], "errors": [{"message": "?"}]}, AnswerState.ERROR, 0, "an error nobody can read may be of it"),
    ({"holdings": [], "errors": ["?"]}, AnswerState.ERROR, 0, "an error of another shape"),
    (
        {
            "holdings": [{"instanceId": ONE, "holdings": [COPY]}],
            "errors": [{"code": "500", "message": f"tenant b {ONE}"}],
        },
        AnswerState.PARTIAL,
        1,
        "one tenant of a consortium answered, another did not",
    ),
]


@pytest.mark.parametrize(("answer", "state", "copies", "why"), SHAPES)
async def test_every_shape_of_an_answer_is_read(
    http: ImpatientHttp, answer: dict[str, Any], state: AnswerState, copies: int, why: str
) -> None:
    async with serving(answering(orjson.dumps(answer))) as server:
        reply = await asked(http, service(server.url), [ONE])
    assert [(a.state, len(a.items)) for a in reply.answers] == [(state, copies)], why


async def test_an_error_of_one_instance_is_not_anothers(http: ImpatientHttp) -> None:
    answer = {"holdings": [], "errors": [{"code": "500", "message": f"Instance {ONE} failed"}]}
    async with serving(answering(orjson.dumps(answer))) as server:
        reply = await asked(http, service(server.url), [ONE, TWO])
    assert [a.state for a in reply.answers] == [AnswerState.ERROR, AnswerState.NOT_FOUND]


@pytest.mark.parametrize("answer", [[], "holdings", {}, {"total": 0}, None])
async def test_json_of_another_kind_cannot_be_used(http: ImpatientHttp, answer: object) -> None:
    async with serving(answering(orjson.dumps(answer))) as server:
        with pytest.raises(ConnectorUnavailable):
            await asked(http, service(server.url), [ONE])


async def test_an_error_instead_of_a_batch_cannot_be_used(http: ImpatientHttp) -> None:
    async with serving(answering('{"code": "500", "message": "Internal"}')) as server:
        with pytest.raises(ConnectorUnavailable):
            await asked(http, service(server.url), [ONE, TWO])


async def test_an_id_with_a_comma_would_be_two_questions(http: ImpatientHttp) -> None:
    async with serving(folio({ONE: [COPY]})) as server:
        reply = await asked(http, service(server.url), [f"x,{ONE}"])
    assert [a.state for a in reply.answers] == [AnswerState.ERROR]
    assert server.queries == []


async def test_errors_without_end_are_read_no_further_than_makes_sense(http: ImpatientHttp) -> None:
    errors = [{"code": "404", "message": "Instance not found"}] * (folio_rtac.MAX_ERRORS * 4)
    async with serving(answering(orjson.dumps({"holdings": [], "errors": errors}))) as server:
        reply = await asked(http, service(server.url), [ONE])
    assert [a.state for a in reply.answers] == [AnswerState.NOT_FOUND]
