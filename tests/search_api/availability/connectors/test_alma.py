"""Alma: what AVA, AVE and items make of copies, what Alma refuses, and members of a network zone that ask once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import pytest
from aiohttp import web
from pydantic import ValidationError

from mappings.library import Availability
from search_api.availability.check import AvailabilityChecker
from search_api.availability.connectors.alma import DETAILS_AT_MOST, PAGE, AlmaConnector
from search_api.availability.http import ConnectorUnavailable, EntryRefused, ImpatientHttp, QuestionRefused
from search_api.availability.status import Answer, AnswerState, AskedRecord, ItemState, Reply
from search_api.availability.system import Commons, System
from tests.support.alma import alma, alma_bib, alma_error, alma_item, ava, ave
from tests.support.status import answering, asked, edition, library, one_after_another, serving

OUT = ava("unavailable", away=1)
DUE = "2026-12-02T16:00:00Z"
"""Midnight of the third in Taipei."""


@pytest.fixture
async def http() -> AsyncIterator[ImpatientHttp]:
    opened = ImpatientHttp()
    yield opened
    await opened.close()


def service(url: str, **values: Any) -> Availability:
    return Availability.model_validate({"protocol": "alma", "url": url, "timeout_seconds": 5, **values})


def states(reply: Reply) -> list[tuple[AnswerState, list[ItemState]]]:
    return [(answer.state, [item.state for item in answer.items]) for answer in reply.answers]


AVAILABLE, ASK = ItemState.AVAILABLE, ItemState.CHECK_WITH_LIBRARY
HOLDINGS: list[tuple[list[str], dict[str, str], list[ItemState], str]] = [
    ([ava("available")], {}, [AVAILABLE], "on the shelf"),
    ([ava("available", 3, 1)], {}, [ASK, AVAILABLE, AVAILABLE], "each copy counts for itself"),
    ([ava("unavailable", 2, 2)], {}, [ASK, ASK], "away, and nobody says why"),
    ([ava("unavailable", 1, 0)], {}, [ASK], "unavailable, whatever it counts"),
    ([ava("available", 1, 1)], {}, [ASK], "available with every copy away: nobody is sent to an empty shelf"),
    ([ava("Available", 1, 1)], {}, [ASK], "however it is written"),
    ([ava("available", f="", g="")], {}, [AVAILABLE], "available, and not counted"),
    ([ava("available", 0, 0)], {}, [ASK], "available without a copy: no copy is made up"),
    ([ava("available", 0, 0, j="ref")], {"MAIN/ref": "available_onsite"}, [ASK], "wherever it is"),
    ([ava("available", -1, 0)], {}, [ASK], "fewer copies than none"),
    ([ava("available", f="x")], {}, [ASK], "a number that is none"),
    ([ava("available", 2, g="x")], {}, [ASK], "nobody knows how many are away"),
    ([ava("unavailable", 0, 0)], {}, [ASK], "unavailable without a copy"),
    ([ava("check_holdings", t="v.1-3")], {}, [ASK], "a third state, neither yes nor no"),
    ([ava("unavailable", 1, 1)], {"unavailable": "on_loan"}, [ItemState.ON_LOAN], "unless the library says why"),
    ([ava("available", j="ref")], {"MAIN/ref": "available_onsite"}, [ItemState.AVAILABLE_ONSITE], "by its place"),
    ([ava("available", x8="")], {}, [AVAILABLE], "in a temporary location, without a holding"),
    ([ava("available"), ava("available", x8="")], {}, [AVAILABLE, AVAILABLE], "two places"),
    ([ava("在雲端漫步")], {}, [ItemState.UNKNOWN], "a word nobody knows"),
    ([ava("")], {}, [ItemState.UNKNOWN], "no word at all"),
    ([ave("Available")], {}, [ItemState.ONLINE], "to read on-line"),
    ([ave("Not Available")], {}, [], "not activated: nothing to open"),
    ([ave("perhaps")], {}, [ItemState.UNKNOWN], "an activation nobody knows"),
    (['<datafield tag="245"><subfield code="e">available</subfield></datafield>'], {}, [], "no holding at all"),
    ([], {}, [], "known, without copies"),
]


@pytest.mark.parametrize(("fields", "words", "expected", "why"), HOLDINGS)
async def test_holdings_make_copies(
    http: ImpatientHttp, fields: list[str], words: dict[str, str], expected: list[ItemState], why: str
) -> None:
    async with serving(alma({"1": fields})) as server:
        reply = await asked(http, service(server.url, words=words), ["1"])
    assert states(reply) == [(AnswerState.OK, expected)], why
    assert bool(reply.unknown_words) is (ItemState.UNKNOWN in expected)


ITEMS: list[tuple[str, dict[str, str], ItemState, str]] = [
    (alma_item("0", "LOAN", DUE), {}, ItemState.ON_LOAN, "lent"),
    (alma_item("0", "", DUE), {}, ItemState.ON_LOAN, "away with a date"),
    (alma_item("0"), {}, ASK, "away, and nobody says why"),
    (alma_item("0", "LOST_LOAN_AND_PAID", DUE), {}, ItemState.LOST, "not expected back"),
    (alma_item("0", "CLAIM_RETURNED_LOAN"), {}, ItemState.MISSING, "somebody says it is back"),
    (alma_item("0", "WORK_ORDER_DEPARTMENT"), {}, ItemState.IN_PROCESS, "being mended"),
    (alma_item("0", "MOONLIGHT"), {}, ItemState.UNKNOWN, "a process of the library's own"),
    (alma_item("0", "MOONLIGHT"), {"moonlight": "in_process"}, ItemState.IN_PROCESS, "which its file explains"),
    (alma_item("1", holding="9"), {}, AVAILABLE, "another copy is in its place"),
    (alma_item("1", "REQUESTED", holding="9"), {}, ItemState.ON_HOLD_SHELF, "asked for by somebody else"),
    (alma_item("1", "MISSING", holding="9"), {}, ItemState.MISSING, "a process counts, whatever the base status"),
    (alma_item("1", "LOAN", holding="9"), {}, ItemState.ON_LOAN, "lent"),
    (alma_item("1", "TECHNICAL", holding="9"), {}, ItemState.IN_PROCESS, "being migrated"),
    (alma_item("1", "LOST_LOAN", DUE, holding="9"), {}, ItemState.LOST, "not expected back"),
    (alma_item("1", "MOONLIGHT", holding="9"), {}, ItemState.UNKNOWN, "a process of the library's own"),
    (alma_item("1", "MOONLIGHT", holding="9"), {"moonlight": "available"}, AVAILABLE, "which its file explains"),
    (alma_item("0", "MOONLIGHT", "soon"), {"moonlight": "on_request"}, ItemState.ON_LOAN, "but it is due"),
    (alma_item("1", "", DUE, holding="9"), {}, ItemState.ON_LOAN, "in its place and due: nobody is sent there"),
    (alma_item("1", "", "12/03/26", holding="9"), {}, ItemState.ON_LOAN, "a date nobody can read is one all the same"),
    (alma_item("1", "", " ", holding="9"), {}, AVAILABLE, "blanks are no date"),
    (alma_item("1", "", "12/03/26"), {}, ItemState.ON_LOAN, "due, in a holding that is unavailable"),
    (alma_item("1"), {}, ASK, "in its place, but its holding is unavailable"),
    (alma_item("1", policy="Library use only"), {}, ItemState.AVAILABLE_ONSITE, "by its policy"),
    (alma_item("1", policy="晨讀", holding="9"), {}, AVAILABLE, "a policy nobody knows is no limit"),
    (alma_item("1", policy="晨讀"), {"07": "available_onsite"}, ItemState.AVAILABLE_ONSITE, "which its file explains"),
    (alma_item("7"), {}, ItemState.UNKNOWN, "no such status"),
    (alma_item(""), {}, ItemState.UNKNOWN, "no status"),
]


@pytest.mark.parametrize(("item", "words", "state", "why"), ITEMS)
async def test_items_say_why_a_copy_is_away(
    http: ImpatientHttp, item: str, words: dict[str, str], state: ItemState, why: str
) -> None:
    async with serving(alma({"1": [OUT]}, {"1": [item]})) as server:
        reply = await asked(http, service(server.url, words=words), ["1"])
    assert states(reply) == [(AnswerState.OK, [state])], why
    assert bool(reply.unknown_words) is (state is ItemState.UNKNOWN)


async def test_everything_an_item_says_is_taken(http: ImpatientHttp) -> None:
    item = alma_item("0", "LOAN", DUE, bib="1", barcode="B1", description="v.2")
    async with serving(alma({"1": [OUT]}, {"1": [item]})) as server:
        reply = await asked(http, service(server.url), ["1"])
    ((found,),) = [answer.items for answer in reply.answers]
    assert server.queries == [
        {"mms_id": "1", "view": "full", "expand": "p_avail,e_avail"},
        {"limit": "100", "offset": "0", "expand": "due_date"},
    ]
    assert (found.item_id, found.barcode, found.local_id, found.volume) == ("23", "B1", "1", "v.2")
    assert (found.branch, found.location, found.call_number) == ("總館", "書庫", "857.6 X1")
    assert found.due == date(2026, 12, 3), "the day in Taipei, not in Greenwich"


async def test_an_item_that_says_little_gets_nothing_made_up(http: ImpatientHttp) -> None:
    item = "<item><item_data><base_status>0</base_status></item_data></item>"
    async with serving(alma({"1": [OUT]}, {"1": [item]})) as server:
        reply = await asked(http, service(server.url), ["1"])
    ((found,),) = [answer.items for answer in reply.answers]
    assert (found.item_id, found.barcode, found.due, found.branch, found.location) == ("", "", None, "", "")
    assert (found.call_number, found.volume, found.message) == ("", "", "")


async def test_an_item_in_a_temporary_place_is_shown_there(http: ImpatientHttp) -> None:
    there = (
        '<in_temp_location>true</in_temp_location><temp_library desc="分館">B</temp_library>'
        '<temp_location desc="新書展">new</temp_location>'
    )
    item = alma_item("0", "LOAN", DUE).replace("<in_temp_location>false</in_temp_location>", there)
    async with serving(alma({"1": [ava("unavailable", x8="")]}, {"1": [item]})) as server:
        reply = await asked(http, service(server.url), ["1"])
    ((found,),) = [answer.items for answer in reply.answers]
    assert (found.branch, found.location, found.state) == ("分館", "新書展", ItemState.ON_LOAN)


async def test_items_are_asked_only_where_something_is_away(http: ImpatientHttp) -> None:
    fields = {"1": [ava("available")], "2": [ava("check_holdings")], "3": [ave("Available")], "4": []}
    async with serving(alma(fields)) as server:
        await asked(http, service(server.url), ["1", "2", "3", "4"])
    assert len(server.queries) == 1


async def test_items_are_not_asked_where_the_library_does_not_want_it(http: ImpatientHttp) -> None:
    async with serving(alma({"1": [OUT]}, {"1": [alma_item("0", "LOAN", DUE)]})) as server:
        reply = await asked(http, service(server.url, alma={"items": False}), ["1"])
    assert states(reply) == [(AnswerState.OK, [ASK])]
    assert len(server.queries) == 1


async def test_no_more_records_than_few_are_looked_into(http: ImpatientHttp) -> None:
    numbers = [str(n) for n in range(1, DETAILS_AT_MOST + 6)]
    lent = [alma_item("0", "LOAN", DUE)]
    async with serving(alma({n: [OUT] for n in numbers}, dict.fromkeys(numbers, lent))) as server:
        reply = await asked(http, service(server.url), numbers)
    assert len(server.queries) == 1 + DETAILS_AT_MOST
    assert [answer.items[0].state for answer in reply.answers[-5:]] == [ASK] * 5


async def test_items_on_several_pages_are_all_read(http: ImpatientHttp) -> None:
    items = [alma_item("0", "LOAN", DUE)] * (PAGE + 1)
    async with serving(alma({"1": [OUT]}, {"1": items})) as server:
        reply = await asked(http, service(server.url), ["1"])
    assert [query["offset"] for query in server.queries[1:]] == ["0", "100"]
    assert [len(answer.items) for answer in reply.answers] == [PAGE + 1]


@pytest.mark.parametrize(
    ("items", "why"),
    [
        ("<html/>", "a page"),
        ("<items", "half an answer"),
        (f'<items total_record_count="5">{alma_item("1")}</items>', "fewer items than it counts"),
        (f'<items total_record_count="1">{alma_item("1", bib="9")}</items>', "another record's"),
        ('<items total_record_count="0"/>', "no items"),
    ],
)
async def test_items_that_cannot_be_used_take_nothing_away(http: ImpatientHttp, items: str, why: str) -> None:
    async with serving(one_after_another(alma({"1": [OUT]}), answering(items))) as server:
        reply = await asked(http, service(server.url), ["1"])
    assert states(reply) == [(AnswerState.OK, [ASK])], why


async def test_a_number_that_alma_refuses_does_not_spoil_the_others(http: ImpatientHttp) -> None:
    error = alma_error("402203", "Input parameters mmsId 2 is not valid.")
    async with serving(one_after_another(answering(error, status=400), alma({"1": [ava("available")]}))) as server:
        reply = await asked(http, service(server.url), ["1", "2"])
    assert states(reply) == [(AnswerState.OK, [AVAILABLE]), (AnswerState.NOT_FOUND, [])]
    assert [query["mms_id"] for query in server.queries] == ["1,2", "1"]


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (alma_error("UNAUTHORIZED", "API-key not defined"), EntryRefused),
        (alma_error("402203", "Input parameters mmsId 9 is not valid."), QuestionRefused),
        (alma_error("GENERAL_ERROR", "1"), QuestionRefused),
        ("no xml", QuestionRefused),
    ],
)
async def test_a_refusal_is_told_by_its_code(http: ImpatientHttp, body: str, kind: type[ConnectorUnavailable]) -> None:
    async with serving(answering(body, status=400)) as server:
        with pytest.raises(kind):
            await asked(http, service(server.url), ["1"])


async def test_what_is_no_mms_id_is_not_asked(http: ImpatientHttp) -> None:
    async with serving(alma({"1": [ava("available")]})) as server:
        reply = await asked(http, service(server.url), ["b1", "1", "１"])
    assert [a.state for a in reply.answers] == [AnswerState.ERROR, AnswerState.OK, AnswerState.ERROR]
    assert [query["mms_id"] for query in server.queries] == ["1"]


EVERYBODY = alma(
    {
        "1": [ava("available", a="01A"), ava("unavailable", 2, 2, a="01B"), ave("Available", a="01C", i="01A")],
        "2": [ava("check_holdings", a="01B")],
        "3": [ava("available", a="")],
    }
)


def members(url: str, *codes: str, **values: Any) -> dict[str, Any]:
    return {
        code: library(
            f"lib-{code.lower()}",
            url,
            "alma",
            availability={"institution": f"01{code}", "alma": {"network": True}, "timeout_seconds": 5, **values},
        )
        for code in codes
    }


async def test_a_member_takes_its_own_holdings_of_the_networks_answer(http: ImpatientHttp) -> None:
    async with serving(EVERYBODY) as server:
        network = {"institution": "01B", "alma": {"network": True}}
        reply = await asked(http, service(server.url, **network), ["1", "2", "3", "4"])
    assert states(reply) == [
        (AnswerState.OK, [ASK, ASK]),
        (AnswerState.OK, [ASK]),
        (AnswerState.OK, []),
        (AnswerState.NOT_FOUND, []),
    ]
    assert len(server.queries) == 1, "items are a member's own: a network zone has none"


async def ask_all(http: ImpatientHttp, libraries: dict[str, Any], held: dict[str, list[str]]) -> list[Answer]:
    checker = AvailabilityChecker(libraries, http, deadline_seconds=10)
    try:
        return list(await checker.answers([edition(f"e{n}", dict.fromkeys(codes, n)) for n, codes in held.items()]))
    finally:
        await checker.close()


async def test_members_of_a_network_zone_are_asked_once(http: ImpatientHttp) -> None:
    async with serving(EVERYBODY) as server:
        held = {"1": ["A", "B", "C"], "2": ["B"]}
        answers = await ask_all(http, members(server.url, "A", "B", "C"), held)
    assert [sorted(query["mms_id"].split(",")) for query in server.queries] == [["1", "2"]]
    assert {(a.library, a.edition): [i.state for i in a.items] for a in answers} == {
        ("A", "e1"): [AVAILABLE, ItemState.ONLINE],
        ("B", "e1"): [ASK, ASK],
        ("C", "e1"): [ItemState.ONLINE],
        ("B", "e2"): [ASK],
    }


async def test_members_of_different_zones_are_asked_each(http: ImpatientHttp) -> None:
    async with serving(EVERYBODY) as server:
        libraries = members(server.url, "A") | members(f"{server.url}/other", "B")
        await ask_all(http, libraries, {"1": ["A", "B"]})
    assert len(server.queries) == 2


async def test_a_failure_of_the_zone_is_every_members(http: ImpatientHttp) -> None:
    async with serving(answering("", status=500)) as server:
        answers = await ask_all(http, members(server.url, "A", "B"), {"1": ["A", "B"]})
    assert [(a.state, a.items) for a in answers] == [(AnswerState.ERROR, ())] * 2
    assert len(server.queries) == 1


async def test_a_member_that_leaves_does_not_take_the_answer_from_the_others(http: ImpatientHttp) -> None:
    reached, go_on = asyncio.Event(), asyncio.Event()

    async def slow(request: web.Request) -> web.StreamResponse:
        reached.set()
        await go_on.wait()
        return web.Response(text=f"<bibs>{alma_bib('1', ava('available', a='01B'))}</bibs>")

    async with serving(slow) as server:
        commons = Commons()
        first, second = (
            AlmaConnector(System(code, one.availability, http, {}, commons=commons))
            for code, one in members(server.url, "A", "B").items()
        )
        leaving = asyncio.create_task(first.ask([AskedRecord("1")]))
        staying = asyncio.create_task(second.ask([AskedRecord("1")]))
        await reached.wait()
        leaving.cancel()
        go_on.set()
        assert states(await staying) == [(AnswerState.OK, [AVAILABLE])]
        await asyncio.gather(leaving, return_exceptions=True)
        await first.close()
        await second.close()
    assert leaving.cancelled()
    assert len(server.queries) == 1


def test_a_network_zone_needs_to_know_whose_holdings_are_meant() -> None:
    with pytest.raises(ValidationError, match=r"availability\.institution is required"):
        service("http://127.0.0.1:9", alma={"network": True})
