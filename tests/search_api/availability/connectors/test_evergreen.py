"""Evergreen by unAPI: what a copy's number, name and flags mean, and whose copies are taken."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from mappings.library import Availability
from search_api.availability.http import ConnectorUnavailable, ImpatientHttp
from search_api.availability.status import AnswerState, ItemState
from tests.support.evergreen import evergreen, evergreen_copy, evergreen_holdings
from tests.support.status import answering, asked, one_after_another, serving


@pytest.fixture
async def http() -> AsyncIterator[ImpatientHttp]:
    opened = ImpatientHttp()
    yield opened
    await opened.close()


def service(url: str, **values: Any) -> Availability:
    return Availability.model_validate({"protocol": "evergreen", "url": url, **values})


def flagged(ident: str, name: str, is_available: str) -> str:
    """A copy whose status says whether copies of this status can be had."""
    return evergreen_copy(ident, name).replace("<status", f'<status is_available="{is_available}"')


STATES: list[tuple[str, dict[str, str], ItemState, str]] = [
    (evergreen_copy("0", "Available"), {}, ItemState.AVAILABLE, "on the shelf"),
    (evergreen_copy("0", "可"), {}, ItemState.AVAILABLE, "the number tells, whatever the name"),
    (evergreen_copy("0", "Available", ref="t"), {}, ItemState.AVAILABLE_ONSITE, "a work of reference"),
    (evergreen_copy("0", "Available", circulate="false"), {}, ItemState.AVAILABLE_ONSITE, "it does not circulate"),
    (evergreen_copy("1", "Checked out", ref="t"), {}, ItemState.ON_LOAN, "lent nevertheless"),
    (evergreen_copy("7", "Reshelving"), {}, ItemState.IN_PROCESS, "back, and not on its shelf"),
    (evergreen_copy("10", "ILL"), {}, ItemState.CHECK_WITH_LIBRARY, "another library's copy"),
    (evergreen_copy("14", "Damaged"), {}, ItemState.NOT_FOR_LOAN, "nobody may have it"),
    (evergreen_copy("101", "編目中"), {}, ItemState.IN_PROCESS, "a number of the library's, a usual name"),
    (evergreen_copy("101", "塔塔"), {}, ItemState.UNKNOWN, "neither is known"),
    (evergreen_copy("101", "塔塔"), {"101": "on_order"}, ItemState.ON_ORDER, "the library's file says by number"),
    (evergreen_copy("101", "塔塔"), {"塔塔": "lost"}, ItemState.LOST, "or by name"),
    (evergreen_copy("0", "Available"), {"0": "check_with_library"}, ItemState.CHECK_WITH_LIBRARY, "even the usual"),
    (evergreen_copy("", ""), {}, ItemState.UNKNOWN, "no status"),
    (evergreen_copy("0", "Checked out"), {}, ItemState.ON_LOAN, "number and name contradict: the worse"),
    (evergreen_copy("1", "Available"), {}, ItemState.ON_LOAN, "likewise, the other way round"),
    (evergreen_copy("0", "Checked out"), {"Checked out": "available"}, ItemState.AVAILABLE, "the library's file knows"),
    (flagged("0", "Available", "f"), {}, ItemState.UNKNOWN, "the system says itself that it is not to be had"),
    (flagged("0", "", "false"), {}, ItemState.UNKNOWN, "likewise, by number alone"),
    (flagged("", "Available", "f"), {}, ItemState.UNKNOWN, "likewise, by name alone"),
    (flagged("0", "Checked out", "f"), {}, ItemState.ON_LOAN, "a word says what it is"),
    (flagged("0", "Available", "t"), {}, ItemState.AVAILABLE, "and the system says so too"),
    (
        flagged("104", "Display", "f"),
        {"104": "available_onsite"},
        ItemState.AVAILABLE_ONSITE,
        "the library's file says",
    ),
]


@pytest.mark.parametrize(("copy", "words", "state", "why"), STATES)
async def test_number_name_and_flags_make_a_state(
    http: ImpatientHttp, copy: str, words: dict[str, str], state: ItemState, why: str
) -> None:
    async with serving(evergreen({"1": copy})) as server:
        reply = await asked(http, service(server.url, words=words), ["1"])
    assert [(a.state, [i.state for i in a.items]) for a in reply.answers] == [(AnswerState.OK, [state])], why
    assert bool(reply.unknown_words) is (state is ItemState.UNKNOWN)


async def test_everything_a_copy_says_is_taken_and_the_unit_is_named(http: ImpatientHttp) -> None:
    copy = evergreen_copy("1", "Checked out", barcode="CONC4", copy_id="3").replace(
        "</copy>", '<monograph_parts><monograph_part label="第3冊"/></monograph_parts></copy>'
    )
    async with serving(evergreen({"267": copy})) as server:
        reply = await asked(http, service(server.url, institution="BR1"), ["267"])
    (item,) = reply.answers[0].items
    assert (item.barcode, item.item_id, item.local_id, item.volume) == ("CONC4", "3", "267", "第3冊")
    assert (item.branch, item.location, item.call_number) == ("北區分館", "一般書庫", "857.49 8")
    assert (item.due, item.queue, item.message) == (None, None, "Checked out")
    assert server.queries[0]["id"] == "tag::U2@bre/267{holdings_xml,acn,acp}/BR1"


async def test_a_copy_that_says_little_gets_nothing_made_up(http: ImpatientHttp) -> None:
    async with serving(evergreen({"1": '<copy><status ident="0"/></copy>'})) as server:
        reply = await asked(http, service(server.url), ["1"])
    (item,) = reply.answers[0].items
    assert (item.state, item.branch, item.barcode, item.volume) == (ItemState.AVAILABLE, "BR1", "", "")
    assert server.queries[0]["id"] == "tag::U2@bre/1{holdings_xml,acn,acp}"


@pytest.mark.parametrize("flags", [{"deleted": "t"}, {"deleted": "true"}, {"opac_visible": "f"}])
async def test_copies_that_are_deleted_or_hidden_do_not_count(http: ImpatientHttp, flags: dict[str, str]) -> None:
    copies = evergreen_copy("0", "Available", **flags) + evergreen_copy("1", "Checked out")
    async with serving(evergreen({"1": copies})) as server:
        reply = await asked(http, service(server.url), ["1"])
    assert [i.state for i in reply.answers[0].items] == [ItemState.ON_LOAN]
    async with serving(answering(evergreen_holdings("1", evergreen_copy("0"), **flags))) as server:
        reply = await asked(http, service(server.url), ["1"])
    assert [(a.state, a.items) for a in reply.answers] == [(AnswerState.OK, ())]


@pytest.mark.parametrize("part", ["status", "location", "circ_lib"])
async def test_a_copy_hidden_by_its_status_place_or_library_does_not_count(http: ImpatientHttp, part: str) -> None:
    seen, hidden = (
        evergreen_copy("0", "Available", copy_id=flag).replace(f"<{part} ", f'<{part} opac_visible="{flag}" ')
        for flag in "tf"
    )
    async with serving(evergreen({"1": seen + hidden})) as server:
        reply = await asked(http, service(server.url), ["1"])
    assert [i.item_id for i in reply.answers[0].items] == ["t"]


async def test_a_wrong_address_is_a_failure_and_no_record_that_is_unknown(http: ImpatientHttp) -> None:
    async with serving(answering("<html>404 Not Found</html>", status=404)) as server:
        with pytest.raises(ConnectorUnavailable, match="404"):
            await asked(http, service(server.url), ["1"])


async def test_one_record_that_fails_leaves_the_others(http: ImpatientHttp) -> None:
    good = answering(evergreen_holdings("1", evergreen_copy("0")))
    async with serving(one_after_another(good, answering("", status=500))) as server:
        reply = await asked(http, service(server.url), ["1", "2", "x3"])
    assert [a.state for a in reply.answers] == [AnswerState.OK, AnswerState.ERROR, AnswerState.ERROR]
    assert len(server.queries) == 2, "what is no number is not asked"


async def test_an_answer_of_another_kind_is_a_failure(http: ImpatientHttp) -> None:
    async with serving(answering("<formats/>")) as server:
        with pytest.raises(ConnectorUnavailable, match="holdings"):
            await asked(http, service(server.url), ["1"])
