"""DAIA: what its services and limitations make of a copy, and which records an answer speaks of."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import orjson
import pytest
from aiohttp import web

from mappings.library import Availability
from search_api.availability.connectors import daia
from search_api.availability.http import ConnectorUnavailable, ImpatientHttp
from search_api.availability.reading import MAX_ITEMS
from search_api.availability.status import AnswerState, ItemState, RecordAnswer, Reply
from tests.support.status import LENT, ON_SHELF, answering, asked, one_after_another, serving
from tests.support.status import daia as daia_server

DSO = "http://purl.org/ontology/dso#"


@pytest.fixture
async def http() -> AsyncIterator[ImpatientHttp]:
    opened = ImpatientHttp()
    yield opened
    await opened.close()


def service(url: str, **values: Any) -> Availability:
    return Availability(protocol="daia", url=url, **values)


def yes(service: str, **values: Any) -> dict[str, Any]:
    return {"available": [{"service": service, **values}]}


def no(service: str, **values: Any) -> dict[str, Any]:
    return {"unavailable": [{"service": service, **values}]}


def limited(name: str) -> dict[str, Any]:
    return yes("loan", limitation=[{"id": DSO + name}])


STATES: list[tuple[dict[str, Any], ItemState, str]] = [
    (yes("loan"), ItemState.AVAILABLE, "to take home"),
    (yes(f"{DSO}Loan".replace("#", "/")), ItemState.AVAILABLE, "a service may be named by its address"),
    (yes("loan", delay="PT0S"), ItemState.AVAILABLE, "no delay is no delay"),
    (yes("loan", delay="PT2H"), ItemState.ON_REQUEST, "fetched from closed stacks"),
    (yes("loan", delay="unknown"), ItemState.ON_REQUEST, "a delay nobody can say is a delay"),
    (limited("ShortLoan"), ItemState.AVAILABLE, "a short loan is a loan"),
    (limited("Stationary"), ItemState.AVAILABLE_ONSITE, "not to be carried away"),
    (limited("ApprovalRequired"), ItemState.CHECK_WITH_LIBRARY, "somebody has to say yes first"),
    (limited("Moonlight"), ItemState.CHECK_WITH_LIBRARY, "a limitation nobody knows may limit anything"),
    (yes("openaccess", href="https://e.example/1"), ItemState.ONLINE, "to read on-line"),
    (yes("remote"), ItemState.ONLINE, "on-line after login"),
    ({**yes("presentation"), **no("loan")}, ItemState.AVAILABLE_ONSITE, "reference: in the library only"),
    ({**yes("presentation"), **no("loan", expected="2026-09-20")}, ItemState.ON_LOAN, "a date means it comes back"),
    (no("loan", expected="unknown"), ItemState.ON_LOAN, "expected back, nobody knows when"),
    (no("loan", queue=1), ItemState.ON_LOAN, "somebody waits for it"),
    (no("loan"), ItemState.NOT_FOR_LOAN, "never lent, as far as it says"),
    (no("presentation", expected="2026-09-20"), ItemState.ON_LOAN, "not even there to look at until then"),
    (yes("presentation"), ItemState.CHECK_WITH_LIBRARY, "loan is in neither list: unknown, not unavailable"),
    (no("presentation"), ItemState.UNKNOWN, "loan is in neither list: unknown, not unavailable"),
    (yes("interloan"), ItemState.UNKNOWN, "says nothing of a reader's loan"),
    ({}, ItemState.UNKNOWN, "nothing is said"),
    ({"available": [], "unavailable": []}, ItemState.UNKNOWN, "nothing is said"),
    ({**yes("loan"), **no("loan")}, ItemState.NOT_FOR_LOAN, "in both lists: no wins"),
    (yes("teleportation"), ItemState.UNKNOWN, "a service nobody knows"),
    ({"available": None, "unavailable": None}, ItemState.UNKNOWN, "nothing is said"),
    (
        yes("loan", limitation={"id": DSO + "Stationary"}),
        ItemState.AVAILABLE_ONSITE,
        "a limitation alone is a list of one",
    ),
    (yes("loan", limitation=DSO + "ApprovalRequired"), ItemState.CHECK_WITH_LIBRARY, "likewise, as a text"),
    (yes("loan", limitation=7), ItemState.CHECK_WITH_LIBRARY, "nobody knows what it limits"),
    ({**yes("loan"), "unavailable": {"service": "loan"}}, ItemState.NOT_FOR_LOAN, "a service alone is a list of one"),
    ({"available": {"service": "loan"}}, ItemState.AVAILABLE, "likewise"),
    (yes("loan", expected="2026-12-03"), ItemState.ON_LOAN, "available from a day on is not available now"),
    (yes("loan", expected="unknown"), ItemState.ON_LOAN, "even if nobody knows from when"),
    ({**yes("presentation"), **yes("loan", expected=None)}, ItemState.AVAILABLE, "no day is none"),
    ({"available": [None, 7, {"service": ["loan"]}]}, ItemState.UNKNOWN, "lists of nonsense"),
]


@pytest.mark.parametrize(("item", "state", "why"), STATES)
async def test_services_make_a_state(http: ImpatientHttp, item: dict[str, Any], state: ItemState, why: str) -> None:
    async with serving(daia_server({"1": [item or {"id": "x"}]})) as server:
        reply = await asked(http, service(server.url), ["1"])
    (answer,) = reply.answers
    assert answer.state is AnswerState.OK
    assert [one.state for one in answer.items] == [state], why


async def test_an_available_copy_that_is_expected_is_due_on_that_day(http: ImpatientHttp) -> None:
    async with serving(daia_server({"1": [yes("loan", expected="2026-12-03")]})) as server:
        reply = await asked(http, service(server.url), ["1"])
    assert [(i.state, i.due) for i in reply.answers[0].items] == [(ItemState.ON_LOAN, date(2026, 12, 3))]


async def test_a_copy_that_stands_alone_is_a_list_of_one(http: ImpatientHttp) -> None:
    body = orjson.dumps({"document": [{"requested": "1", "item": ON_SHELF}]})
    async with serving(answering(body)) as server:
        reply = await asked(http, service(server.url), ["1"])
    assert [i.state for i in reply.answers[0].items] == [ItemState.AVAILABLE]


@pytest.mark.parametrize("item", ["A 1", 7, True, [{"available": "yes"}], [ON_SHELF, {"unavailable": "loan"}]])
async def test_what_is_no_list_is_an_error_of_its_record_and_not_a_lack_of_copies(
    http: ImpatientHttp, item: object
) -> None:
    body = orjson.dumps({"document": [{"requested": "1", "item": item}, {"requested": "2", "item": [ON_SHELF]}]})
    async with serving(answering(body)) as server:
        reply = await asked(http, service(server.url), ["1", "2"])
    assert [(a.state, len(a.items)) for a in reply.answers] == [(AnswerState.ERROR, 0), (AnswerState.OK, 1)]


@pytest.mark.parametrize("turned", [False, True])
async def test_a_copy_that_is_told_of_twice_is_one_copy_in_the_worse_state(http: ImpatientHttp, turned: bool) -> None:
    told = [{**ON_SHELF, "id": "x:1"}, {**LENT, "id": "x:1"}]
    documents = [{"requested": "1", "item": [item]} for item in (reversed(told) if turned else told)]
    async with serving(answering(orjson.dumps({"document": documents}))) as server:
        reply = await asked(http, service(server.url), ["1"])
    assert [i.state for i in reply.answers[0].items] == [ItemState.ON_LOAN]


async def test_everything_an_item_says_is_taken(http: ImpatientHttp) -> None:
    item = {
        "id": "http://lib.example/item/31",
        "label": "A 2010/123",
        "part": "narrower",
        "about": "v.2",
        "department": {"id": "http://lib.example/main", "content": "總館"},
        "storage": {"content": "密集書庫"},
        "unavailable": [
            {"service": "loan", "expected": "2026-09-20T23:59:00+08:00", "queue": 2, "href": "https://lib.example/r"}
        ],
    }
    async with serving(daia_server({"ppn:1": [item]})) as server:
        reply = await asked(http, service(server.url, id_template="ppn:{local_id}"), ["1"])
    ((found,),) = [answer.items for answer in reply.answers]
    assert server.queries == [{"id": "ppn:1", "format": "json"}]
    assert (found.item_id, found.local_id, found.call_number) == ("http://lib.example/item/31", "1", "A 2010/123")
    assert (found.branch, found.location, found.volume) == ("總館", "密集書庫", "v.2")
    assert (found.due, found.queue, found.url) == (date(2026, 9, 20), 2, "https://lib.example/r")


async def test_an_item_that_says_little_gets_nothing_made_up(http: ImpatientHttp) -> None:
    async with serving(daia_server({"1": [{"unavailable": [{"service": "loan", "expected": "someday"}]}]})) as server:
        reply = await asked(http, service(server.url), ["1"])
    ((found,),) = [answer.items for answer in reply.answers]
    assert (found.state, found.due, found.queue) == (ItemState.ON_LOAN, None, None)
    assert (found.item_id, found.branch, found.call_number, found.url) == ("", "", "", "")


async def test_what_is_said_of_a_copy_cannot_harm_a_page(http: ImpatientHttp) -> None:
    item = {"label": " A\n\t1 " + "x" * 5_000, "available": [{"service": "remote", "href": "javascript:alert(1)"}]}
    async with serving(daia_server({"1": [item]})) as server:
        reply = await asked(http, service(server.url), ["1"])
    ((found,),) = [answer.items for answer in reply.answers]
    assert found.url == ""
    assert found.call_number.startswith("A 1 x")
    assert len(found.call_number) <= 300


async def test_a_missing_record_is_not_found_and_one_without_items_is_known(http: ImpatientHttp) -> None:
    async with serving(daia_server({"1": [ON_SHELF], "2": None})) as server:
        reply = await asked(http, service(server.url), ["1", "2", "3"])
    assert server.queries == [{"id": "1|2|3", "format": "json"}]
    assert [(a.local_id, a.state, len(a.items)) for a in reply.answers] == [
        ("1", AnswerState.OK, 1),
        ("2", AnswerState.OK, 0),
        ("3", AnswerState.NOT_FOUND, 0),
    ]


async def test_nobody_known_is_an_answer_too(http: ImpatientHttp) -> None:
    async with serving(answering(b'{"document": [], "timestamp": "2026-09-01"}')) as server:
        assert (await asked(http, service(server.url), ["1"])).answers == (RecordAnswer("1", AnswerState.NOT_FOUND),)


NAMES: list[tuple[dict[str, Any], bool, str]] = [
    ({"requested": "ppn:1", "id": "http://x.example/anything"}, True, "as requested"),
    ({"id": "ppn:1"}, True, "by its own id"),
    ({"id": "http://uri.example/opac:ppn:1"}, True, "by the end of its address"),
    ({"id": "http://uri.example/ppn:1"}, True, "by the end of its address"),
    ({"id": "http://uri.example/ppn:11"}, False, "another record"),
    ({"requested": "ppn:9", "id": "http://uri.example/ppn:9"}, False, "a record nobody asked for"),
    ({"id": 1}, False, "no name"),
    ({}, False, "no name"),
]


@pytest.mark.parametrize(("names", "ours", "why"), NAMES)
async def test_only_the_records_asked_for_are_believed(
    http: ImpatientHttp, names: dict[str, Any], ours: bool, why: str
) -> None:
    body = orjson.dumps({"document": [{**names, "item": [ON_SHELF]}]})
    async with serving(answering(body)) as server:
        reply = await asked(http, service(server.url, id_template="ppn:{local_id}"), ["1"])
    assert [a.state for a in reply.answers] == [AnswerState.OK if ours else AnswerState.NOT_FOUND], why


async def test_documents_of_one_request_are_read_together(http: ImpatientHttp) -> None:
    body = orjson.dumps(
        {
            "document": [
                {"id": "urn:isbn:1", "requested": "1", "item": [ON_SHELF]},
                {"id": "urn:doi:1", "requested": "1", "item": [LENT]},
            ]
        }
    )
    async with serving(answering(body)) as server:
        reply = await asked(http, service(server.url), ["1"])
    assert [item.state for item in reply.answers[0].items] == [ItemState.AVAILABLE, ItemState.ON_LOAN]


def one_by_one(known: int) -> Any:
    """A server that answers the first id only and promises more, up to so many records."""
    handler = daia_server({str(n): [ON_SHELF] for n in range(known)})

    async def answer(request: web.Request) -> web.StreamResponse:
        first, _, rest = request.query["id"].partition("|")
        response = await handler(request.clone(rel_url=request.rel_url.with_query(id=first)))
        if rest:
            response.headers["Link"] = f'<{request.url.with_query(id=rest)}>; rel="next"'
        return response

    return answer


async def test_a_partial_answer_asks_for_the_rest(http: ImpatientHttp) -> None:
    async with serving(one_by_one(3)) as server:
        reply = await asked(http, service(server.url), ["0", "1", "2"])
    assert [query["id"] for query in server.queries] == ["0|1|2", "1|2", "2"]
    assert {a.state for a in reply.answers} == {AnswerState.OK}


async def test_what_was_promised_and_never_came_is_an_error_not_a_missing_record(http: ImpatientHttp) -> None:
    async with serving(one_by_one(20)) as server:
        reply = await asked(http, service(server.url), [str(n) for n in range(20)])
    assert len(server.queries) == daia.MAX_ROUNDS
    assert [a.state for a in reply.answers[: daia.MAX_ROUNDS]] == [AnswerState.OK] * daia.MAX_ROUNDS
    assert {a.state for a in reply.answers[daia.MAX_ROUNDS :]} == {AnswerState.ERROR}


async def test_a_server_that_promises_more_and_gives_nothing_is_not_asked_for_ever(http: ImpatientHttp) -> None:
    more = {"Link": '<http://x.example/>; rel="next"'}
    async with serving(answering(b'{"document": []}', headers=more)) as server:
        reply = await asked(http, service(server.url), ["1"])
    assert len(server.queries) == 1
    assert [a.state for a in reply.answers] == [AnswerState.ERROR]


async def test_a_failure_after_the_first_part_leaves_that_part(http: ImpatientHttp) -> None:
    handler = one_after_another(one_by_one(2), answering("", status=500))
    async with serving(handler) as server:
        reply = await asked(http, service(server.url), ["0", "1"])
    assert [(a.state, a.message) for a in reply.answers] == [
        (AnswerState.OK, ""),
        (AnswerState.ERROR, "answered HTTP 500"),
    ]


async def test_more_copies_than_anybody_has_are_cut_and_said_to_be(http: ImpatientHttp) -> None:
    async with serving(daia_server({"1": [ON_SHELF] * (MAX_ITEMS + 500), "2": [ON_SHELF]})) as server:
        reply = await asked(http, service(server.url), ["1", "2"])
    assert [(a.state, len(a.items)) for a in reply.answers] == [(AnswerState.PARTIAL, MAX_ITEMS), (AnswerState.OK, 1)]


async def test_words_nobody_knows_are_handed_on_to_be_counted(http: ImpatientHttp) -> None:
    items = [yes("teleportation"), limited("Moonlight")]
    async with serving(daia_server({"1": items})) as server:
        reply = await asked(http, service(server.url), ["1"])
    assert reply.unknown_words == ("teleportation", f"{DSO}Moonlight")


BROKEN = [
    (b"", "an empty body"),
    (b"<html><body>Login</body></html>", "a login page with status 200"),
    (b'{"document": [{"id": "1"', "cut short"),
    (b'{"loan": [{"delay": "PT2H",}]}', "a comma too many"),
    (b"[" * 100_000, "nested without end"),
    (b'"document"', "a text"),
    (b"{}", "an object of something else"),
    (b'{"document": {"id": "1"}}', "no list"),
    (b'{"document": [{"id": "\xff\xfe"}]}', "not UTF-8"),
]


@pytest.mark.parametrize(("body", "why"), BROKEN)
async def test_an_answer_that_is_no_daia_tells_nothing(http: ImpatientHttp, body: bytes, why: str) -> None:
    async with serving(answering(body)) as server:
        with pytest.raises(ConnectorUnavailable) as caught:
            await asked(http, service(server.url), ["1"])
    assert "Login" not in str(caught.value), "a reason for staff holds nothing of the answer"
    assert why


async def test_a_reply_names_every_record_once_in_the_order_asked(http: ImpatientHttp) -> None:
    async with serving(daia_server({str(n): [ON_SHELF] for n in range(0, 10, 2)})) as server:
        reply: Reply = await asked(http, service(server.url), [str(n) for n in range(10)])
    assert [a.local_id for a in reply.answers] == [str(n) for n in range(10)]
