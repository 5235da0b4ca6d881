"""NCIP 2: what is asked, what each copy's words mean, problems beside records, and pages."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import pytest
from aiohttp import web
from lxml import etree

from mappings.library import Availability
from search_api.availability.connectors.ncip import MAX_PAGES, question
from search_api.availability.http import ConnectorUnavailable, EntryRefused, ImpatientHttp, QuestionRefused
from search_api.availability.status import AnswerState, ItemState
from search_api.availability.system import System
from tests.support.ncip import NAMESPACE, holdings, ncip, ncip_bib, ncip_item, ncip_message, ncip_place, ncip_problem
from tests.support.status import answering, asked, one_after_another, serving

DUE = "2026-12-02T16:00:00Z"
SHELF = "Available On Shelf"


@pytest.fixture
async def http() -> AsyncIterator[ImpatientHttp]:
    opened = ImpatientHttp()
    yield opened
    await opened.close()


def service(url: str, **values: Any) -> Availability:
    return Availability.model_validate({"protocol": "ncip", "url": url, **values})


async def test_all_records_are_asked_in_one_question_of_the_schema(http: ImpatientHttp) -> None:
    settings = {"institution": "MZK", "ncip": {"from_agency": "UNION", "page_size": 50}}
    asked_xml = question(System("lib", service("http://x/", **settings), http), ["421", "<&>"], "t1")
    root = etree.fromstring(asked_xml)
    assert root.get(f"{{{NAMESPACE}}}version", "").endswith("ncip_v2_02.xsd")
    texts = [(etree.QName(e).localname, e.text) for e in root.iter() if e.text and e.text.strip()]
    assert texts[:6] == [
        ("AgencyId", "UNION"),
        ("AgencyId", "MZK"),
        ("BibliographicRecordIdentifier", "421"),
        ("AgencyId", "MZK"),
        ("BibliographicRecordIdentifier", "<&>"),
        ("AgencyId", "MZK"),
    ]
    assert texts[-2:] == [("MaximumItemsCount", "50"), ("NextItemToken", "t1")]
    assert ("ItemElementType", "Circulation Status") in texts


async def test_a_library_may_take_the_number_for_that_of_an_item_and_have_no_agency(http: ImpatientHttp) -> None:
    root = etree.fromstring(question(System("lib", service("http://x/", ncip={"number": "item"}), http), ["421"]))
    assert [e.text for e in root.iter(f"{{{NAMESPACE}}}BibliographicItemIdentifier")] == ["421"]
    assert [e.text for e in root.iter(f"{{{NAMESPACE}}}AgencyId")] == ["ALLSHELVES"]
    assert not list(root.iter(f"{{{NAMESPACE}}}NextItemToken"))


STATES: list[tuple[str, dict[str, str], ItemState, str]] = [
    (SHELF, {}, ItemState.AVAILABLE, "on the shelf"),
    ("Available on shelf", {}, ItemState.AVAILABLE, "the case varies within one answer"),
    (SHELF, {"due": DUE}, ItemState.ON_LOAN, "a due date beside the details goes before the status"),
    (SHELF, {"inner_due": DUE}, ItemState.ON_LOAN, "and so does one among them"),
    (SHELF, {"due": "soon"}, ItemState.ON_LOAN, "a date that cannot be read is one nevertheless"),
    (SHELF, {"restriction": "Not For Loan"}, ItemState.NOT_FOR_LOAN, "it is there, and nobody may take it"),
    (SHELF, {"restriction": "not for loan", "due": DUE}, ItemState.NOT_FOR_LOAN, "no reader has it to bring back"),
    (SHELF, {"restriction": "In Library Use Only"}, ItemState.AVAILABLE_ONSITE, "to be read there"),
    (SHELF, {"restriction": "In library use only", "due": DUE}, ItemState.ON_LOAN, "lent nevertheless"),
    (SHELF, {"restriction": "Limited Circulation, Short Loan Period"}, ItemState.AVAILABLE, "for a short time"),
    (SHELF, {"restriction": "雨天不借"}, ItemState.CHECK_WITH_LIBRARY, "a restriction that nobody knows"),
    ("Available For Pickup", {}, ItemState.ON_HOLD_SHELF, "held for a reader: not for the next who comes"),
    ("Available For Pickup", {"restriction": "Not For Loan"}, ItemState.ON_HOLD_SHELF, "restrictions add nothing"),
    ("Circulation Status Undefined", {}, ItemState.UNKNOWN, "the system says that it does not know"),
    ("Circulation Status Undefined", {"inner_due": DUE}, ItemState.ON_LOAN, "but it expects the copy back"),
    ("Not Available", {}, ItemState.CHECK_WITH_LIBRARY, "nobody is told why"),
    ("Not Available", {"due": DUE}, ItemState.ON_LOAN, "the date says why"),
    ("Lost", {"due": DUE}, ItemState.LOST, "a lost copy is not expected back"),
    ("Claimed Returned Or Never Borrowed", {}, ItemState.MISSING, "nobody knows where it is"),
    ("In Process", {}, ItemState.IN_PROCESS, "of the scheme"),
    ("Pending Transfer", {}, ItemState.IN_TRANSIT, "of the scheme"),
    ("Recalled", {}, ItemState.RECALLED, "of the scheme"),
    ("Waiting To Be Reshelved", {}, ItemState.IN_PROCESS, "back, and not on the shelf"),
    ("限館內使用", {}, ItemState.AVAILABLE_ONSITE, "a usual word in place of the scheme's"),
    ("Available On Shelfish", {}, ItemState.UNKNOWN, "words are compared whole"),
    ("", {}, ItemState.UNKNOWN, "no status at all"),
]


@pytest.mark.parametrize(("status", "more", "state", "why"), STATES)
async def test_status_restriction_and_due_date_make_a_state(
    http: ImpatientHttp, status: str, more: dict[str, str], state: ItemState, why: str
) -> None:
    async with serving(ncip({"1": [ncip_item(status, **more)]})) as server:
        reply = await asked(http, service(server.url), ["1"])
    ((item,),) = [answer.items for answer in reply.answers]
    assert item.state is state, why
    assert item.due == (date(2026, 12, 3) if state is ItemState.ON_LOAN and "soon" not in more.values() else None)
    strange = {"Available On Shelfish": status, "": "no status"}.get(status) or (
        "雨天不借" if "雨天不借" in more.values() else None
    )
    assert reply.unknown_words == ((strange,) if strange else ())


@pytest.mark.parametrize(
    ("first", "second", "state"),
    [
        (SHELF, "On Loan", ItemState.ON_LOAN),
        ("On Loan", SHELF, ItemState.ON_LOAN),
        (SHELF, "雲端", ItemState.UNKNOWN),
        (SHELF, SHELF, ItemState.AVAILABLE),
    ],
)
async def test_of_two_statuses_of_a_copy_the_worse_counts(
    http: ImpatientHttp, first: str, second: str, state: ItemState
) -> None:
    more = f"<ns1:CirculationStatus>{second}</ns1:CirculationStatus>"
    async with serving(ncip({"1": [ncip_item(first, more=more)]})) as server:
        reply = await asked(http, service(server.url), ["1"])
    assert [item.state for item in reply.answers[0].items] == [state]
    assert reply.unknown_words == (("雲端",) if state is ItemState.UNKNOWN else ())


async def test_the_librarys_own_words_come_first(http: ImpatientHttp) -> None:
    words = {"Available For Pickup": "available", "No Reproduction": "available_onsite"}
    items = [ncip_item("available for pickup"), ncip_item(SHELF, restriction="No Reproduction")]
    async with serving(ncip({"1": items})) as server:
        reply = await asked(http, service(server.url, words=words), ["1"])
    assert [i.state for i in reply.answers[0].items] == [ItemState.AVAILABLE, ItemState.AVAILABLE_ONSITE]


async def test_everything_a_copy_says_is_taken(http: ImpatientHttp) -> None:
    description = (
        "<ns1:ItemDescription><ns1:CallNumber>2-0997.767,2</ns1:CallNumber><ns1:HoldingsInformation>"
        "<ns1:UnstructuredHoldingsData>第3冊</ns1:UnstructuredHoldingsData></ns1:HoldingsInformation>"
        "<ns1:NumberOfPieces>2</ns1:NumberOfPieces></ns1:ItemDescription>"
    )
    copy = ncip_item(
        "On Loan",
        number="B7",
        number_type="Item Barcode",
        due=DUE,
        queue="2",
        more=description + ncip_place("總館", "五樓"),
    )
    async with serving(ncip({"1": [copy]})) as server:
        reply = await asked(http, service(server.url), ["1"])
    (item,) = reply.answers[0].items
    assert (item.item_id, item.barcode, item.local_id, item.queue) == ("B7", "B7", "1", 2)
    assert (item.branch, item.location, item.call_number, item.volume) == ("總館", "五樓", "2-0997.767,2", "第3冊")
    assert item.due == date(2026, 12, 3), "the day in Taipei, not in Greenwich"


async def test_a_copy_that_says_little_gets_nothing_made_up(http: ImpatientHttp) -> None:
    async with serving(ncip({"1": [ncip_item(SHELF, queue="0")]})) as server:
        reply = await asked(http, service(server.url), ["1"])
    (item,) = reply.answers[0].items
    assert (item.item_id, item.barcode, item.branch, item.location, item.volume) == ("", "", "", "", "")
    assert (item.queue, item.due, item.message, item.url) == (None, None, "", "")


async def test_a_copy_without_a_place_stands_where_its_holdings_do_and_one_moved_where_it_is_now(
    http: ImpatientHttp,
) -> None:
    moved = ncip_item(SHELF, more=ncip_place("分館") + ncip_place("總館", "新書展", kind="Temporary Location"))
    body = ncip_message(ncip_bib("1", holdings(ncip_item(SHELF), moved, place=ncip_place("書庫"))))
    async with serving(answering(body)) as server:
        reply = await asked(http, service(server.url), ["1"])
    assert [(i.branch, i.location) for i in reply.answers[0].items] == [("書庫", ""), ("總館", "新書展")]


@pytest.mark.parametrize("kind", ["Record", "Item"])
@pytest.mark.parametrize("prefixed", [True, False], ids=["prefix", "no prefix"])
async def test_numbers_are_read_from_either_element_with_and_without_prefix(
    http: ImpatientHttp, kind: str, prefixed: bool
) -> None:
    body = ncip_message(ncip_bib("1", holdings(ncip_item(SHELF)), kind=kind))
    if not prefixed:
        body = body.replace("xmlns:ns1=", "xmlns=").replace("ns1:", "")
    async with serving(answering(body)) as server:
        reply = await asked(http, service(server.url), ["1"])
    assert [(a.state, len(a.items)) for a in reply.answers] == [(AnswerState.OK, 1)]


async def test_what_is_read_online_is_a_copy_where_there_is_no_other(http: ImpatientHttp) -> None:
    address = (
        "<ns1:ElectronicResource><ns1:ReferenceToResource>https://e.example/1</ns1:ReferenceToResource>"
        "</ns1:ElectronicResource>"
    )
    async with serving(answering(ncip_message(ncip_bib("1", holdings(place=address))))) as server:
        reply = await asked(http, service(server.url), ["1"])
    assert [(i.state, i.url) for i in reply.answers[0].items] == [(ItemState.ONLINE, "https://e.example/1")]


PROBLEMS: list[tuple[str, AnswerState, str]] = [
    (ncip_problem("Unknown Item"), AnswerState.NOT_FOUND, "it does not know the record"),
    (ncip_problem("unknown bibliographic record"), AnswerState.NOT_FOUND, "in other words and case"),
    (ncip_problem("Temporary Processing Failure"), AnswerState.ERROR, "nothing is known of the record"),
    (ncip_problem("Unknown Agency"), AnswerState.ERROR, "another thing is unknown"),
    (ncip_problem(""), AnswerState.ERROR, "a problem that does not say which"),
    (ncip_problem("Unknown Item") + ncip_problem("Lookup Failed"), AnswerState.ERROR, "one of two is a failure"),
    (holdings(ncip_problem("Lookup Failed")), AnswerState.ERROR, "copies that could not be looked up"),
    (
        holdings("<ns1:ItemInformation>" + ncip_problem("Unknown Item") + "</ns1:ItemInformation>"),
        AnswerState.ERROR,
        "a copy",
    ),
    (
        holdings(ncip_item(SHELF), "<ns1:ItemInformation>" + ncip_problem("X") + "</ns1:ItemInformation>"),
        AnswerState.PARTIAL,
        "one copy of two",
    ),
]


@pytest.mark.parametrize(("inside", "state", "why"), PROBLEMS)
async def test_a_problem_beside_a_record_is_its_own_and_not_found_only_when_it_is_unknown(
    http: ImpatientHttp, inside: str, state: AnswerState, why: str
) -> None:
    body = ncip_message(ncip_bib("1", inside) + ncip_bib("2", holdings(ncip_item(SHELF))))
    async with serving(answering(body)) as server:
        reply = await asked(http, service(server.url), ["1", "2"])
    assert [a.state for a in reply.answers] == [state, AnswerState.OK], why
    assert "no such thing" not in reply.answers[0].message, "the reason holds nothing of the answer"


async def test_a_problem_in_place_of_records_is_a_failure_unless_the_one_record_is_unknown(http: ImpatientHttp) -> None:
    async with serving(answering(ncip_message(ncip_problem("Unknown Item")))) as server:
        reply = await asked(http, service(server.url), ["1"])
        assert [a.state for a in reply.answers] == [AnswerState.NOT_FOUND]
        with pytest.raises(QuestionRefused, match="batch_size"):
            await asked(http, service(server.url), ["1", "2"])
    async with serving(answering(ncip_message(ncip_problem("Temporary Processing Failure")))) as server:
        with pytest.raises(ConnectorUnavailable, match="problem"):
            await asked(http, service(server.url), ["1"])
    async with serving(answering(ncip_message(ncip_problem("Agency Authentication Failed")))) as server:
        with pytest.raises(EntryRefused):
            await asked(http, service(server.url), ["1"])


async def test_an_answer_to_another_question_is_a_failure(http: ImpatientHttp) -> None:
    body = f'<NCIPMessage xmlns="{NAMESPACE}"><LookupUserResponse/></NCIPMessage>'
    async with serving(answering(body)) as server:
        with pytest.raises(ConnectorUnavailable, match="LookupItemSetResponse"):
            await asked(http, service(server.url), ["1"])


async def test_a_record_without_a_number_leaves_open_which_it_was(http: ImpatientHttp) -> None:
    nameless = f"<ns1:BibInformation>{holdings(ncip_item(SHELF))}</ns1:BibInformation>"
    async with serving(answering(ncip_message(nameless + ncip_bib("2", holdings(ncip_item(SHELF)))))) as server:
        reply = await asked(http, service(server.url), ["1", "2"])
    assert [(a.state, len(a.items)) for a in reply.answers] == [(AnswerState.ERROR, 0), (AnswerState.OK, 1)]


async def test_a_number_that_cannot_be_written_is_not_asked(http: ImpatientHttp) -> None:
    async with serving(ncip({"1": [ncip_item(SHELF)]})) as server:
        reply = await asked(http, service(server.url), ["\x00", "1"])
        none = await asked(http, service(server.url), ["\x00"])
    assert [a.state for a in reply.answers] == [AnswerState.ERROR, AnswerState.OK]
    assert [a.state for a in none.answers] == [AnswerState.ERROR]
    assert len(server.queries) == 1


async def test_tokens_are_followed_and_a_copy_that_comes_twice_counts_once(http: ImpatientHttp) -> None:
    first = ncip_message(ncip_bib("1", holdings(ncip_item(SHELF, number="a"), ncip_item(SHELF, number="b"))), "t1")
    last = ncip_message(ncip_bib("1", holdings(ncip_item(SHELF, number="b"), ncip_item(SHELF, number="c"))), "")
    async with serving(one_after_another(answering(first), answering(last))) as server:
        reply = await asked(http, service(server.url), ["1"])
    assert [(a.state, [i.item_id for i in a.items]) for a in reply.answers] == [(AnswerState.OK, ["a", "b", "c"])]
    assert len(server.queries) == 2


@pytest.mark.parametrize("token", [None, "", "0", " "], ids=["absent", "empty", "zero", "blank"])
async def test_the_last_page_says_so_in_four_ways(http: ImpatientHttp, token: str | None) -> None:
    async with serving(answering(ncip_message(ncip_bib("1", holdings(ncip_item(SHELF))), token))) as server:
        reply = await asked(http, service(server.url), ["1"])
    assert [a.state for a in reply.answers] == [AnswerState.OK]
    assert len(server.queries) == 1


async def test_a_circle_of_tokens_is_left_and_said(http: ImpatientHttp) -> None:
    async with serving(answering(ncip_message(ncip_bib("1", holdings(ncip_item(SHELF, number="a"))), "t"))) as server:
        reply = await asked(http, service(server.url), ["1", "2"])
    assert [(a.state, len(a.items)) for a in reply.answers] == [(AnswerState.PARTIAL, 1), (AnswerState.ERROR, 0)]
    assert "circle" in reply.answers[0].message
    assert len(server.queries) == 2


async def test_pages_without_end_are_not_followed_to_it(http: ImpatientHttp) -> None:
    pages = [answering(ncip_message(ncip_bib("1", holdings(ncip_item(SHELF))), f"t{n}")) for n in range(20)]
    async with serving(one_after_another(*pages)) as server:
        reply = await asked(http, service(server.url), ["1"])
    assert [(a.state, len(a.items)) for a in reply.answers] == [(AnswerState.PARTIAL, MAX_PAGES)]
    assert len(server.queries) == MAX_PAGES


async def test_a_later_page_that_fails_leaves_what_was_seen_and_nobody_not_found(http: ImpatientHttp) -> None:
    first = answering(ncip_message(ncip_bib("1", holdings(ncip_item(SHELF))), "t1"))

    async def busy(_: web.Request) -> web.StreamResponse:
        return web.Response(status=503)

    async with serving(one_after_another(first, busy)) as server:
        reply = await asked(http, service(server.url), ["1", "2"])
    assert [(a.state, len(a.items)) for a in reply.answers] == [(AnswerState.PARTIAL, 1), (AnswerState.ERROR, 0)]
    assert "503" in reply.answers[1].message
