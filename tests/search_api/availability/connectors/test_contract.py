"""What every connector does, whichever system it asks."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from mappings.library import Availability
from search_api.availability.connectors import CONNECTORS
from search_api.availability.http import ConnectorTimedOut, ConnectorUnavailable, ImpatientHttp
from search_api.availability.opac.record import Circulation
from search_api.availability.status import AnswerState, ItemState
from tests.support.alma import alma, alma_item, ava
from tests.support.evergreen import evergreen, evergreen_copy
from tests.support.folio import folio, folio_item
from tests.support.koha_rest import koha_rest, koha_rest_item
from tests.support.ncip import ncip, ncip_item
from tests.support.opac import holding, opac_xml
from tests.support.sierra import sierra, sierra_item
from tests.support.sru_live import sru
from tests.support.status import (
    LENT,
    ON_SHELF,
    REFERENCE,
    Handler,
    answering,
    asked,
    daia,
    koha,
    koha_item,
    koha_record,
    never,
    serving,
)
from tests.support.web_opacs import PERMISSION, Book, Copy, plain


@dataclass(frozen=True)
class Spoken:
    """How one protocol tells of records with a copy in each of these states."""

    protocol: str
    serve: Callable[[Mapping[str, ItemState | None]], Handler]
    settings: Mapping[str, Any] = field(default_factory=dict)
    tells_due_dates: bool = True


def _daia(states: Mapping[str, ItemState | None]) -> Handler:
    items = {ItemState.AVAILABLE: ON_SHELF, ItemState.ON_LOAN: LENT, ItemState.AVAILABLE_ONSITE: REFERENCE}
    return daia({number: [items[state]] if state else None for number, state in states.items()})


def _koha(states: Mapping[str, ItemState | None]) -> Handler:
    words = {
        ItemState.AVAILABLE: ("available", "", {}),
        ItemState.ON_LOAN: ("not available", "Checked out", {"onloan": "2026-09-20"}),
        ItemState.AVAILABLE_ONSITE: ("not available", "Not for loan", {"notforloan": "1"}),
    }
    items, records = {}, {}
    for number, state in states.items():
        if state is None:
            records[number] = koha_record(number)
            continue
        status, message, columns = words[state]
        items[number] = koha_item(f"{number}0", status, message)
        records[number] = koha_record(number, {"itemnumber": f"{number}0", **columns})
    return koha(items, records)


def _sierra(states: Mapping[str, ItemState | None]) -> Handler:
    items = {
        ItemState.AVAILABLE: sierra_item("-", "AVAILABLE"),
        ItemState.ON_LOAN: sierra_item("-", "CHECKED OUT", "2026-09-20T15:59:00Z"),
        ItemState.AVAILABLE_ONSITE: sierra_item("o", "LIB USE ONLY"),
    }
    return sierra({number: [items[state]] if state else [] for number, state in states.items()})


def _koha_rest(states: Mapping[str, ItemState | None]) -> Handler:
    items = {
        ItemState.AVAILABLE: koha_rest_item(),
        ItemState.ON_LOAN: koha_rest_item(checked_out_date="2026-09-20"),
        ItemState.AVAILABLE_ONSITE: koha_rest_item(not_for_loan_status=1),
    }
    return koha_rest({number: [items[state]] if state else [] for number, state in states.items()})


def _alma(states: Mapping[str, ItemState | None]) -> Handler:
    fields = {
        ItemState.AVAILABLE: [ava("available")],
        ItemState.ON_LOAN: [ava("unavailable", away=1)],
        ItemState.AVAILABLE_ONSITE: [ava("unavailable")],
    }
    items = {
        ItemState.ON_LOAN: [alma_item("0", "LOAN", due="2026-09-20T15:59:00Z")],
        ItemState.AVAILABLE_ONSITE: [alma_item("1", policy="Library use only")],
    }
    known = {number: fields[state] if state else [] for number, state in states.items()}
    return alma(known, {number: items[state] for number, state in states.items() if state in items})


def _folio(states: Mapping[str, ItemState | None]) -> Handler:
    items = {
        ItemState.AVAILABLE: folio_item("Available"),
        ItemState.ON_LOAN: folio_item("Checked out", dueDate="2026-09-20T15:59:59.000+00:00"),
        ItemState.AVAILABLE_ONSITE: folio_item("Available", permanentLoanType="Reading room"),
    }
    return folio({number: [items[state]] if state else [] for number, state in states.items()})


def _web(states: Mapping[str, ItemState | None]) -> Handler:
    copies = {
        ItemState.AVAILABLE: Copy("在架"),
        ItemState.ON_LOAN: Copy("已外借", due="2026/09/20"),
        ItemState.AVAILABLE_ONSITE: Copy("限館內使用"),
    }
    return plain({number: Book((copies[state],) if state else ()) for number, state in states.items()})


def _sru(states: Mapping[str, ItemState | None]) -> Handler:
    copies = {
        ItemState.AVAILABLE: Circulation(available_now=True),
        ItemState.ON_LOAN: Circulation(available_now=False, available_date="2026-09-20"),
        ItemState.AVAILABLE_ONSITE: Circulation(available_now=True, restrictions="Library use only"),
    }
    return sru(
        {
            f'rec.id="{number}"': [opac_xml(number, "書", *([holding(copies[state])] if state else []))]
            for number, state in states.items()
        }
    )


def _ncip(states: Mapping[str, ItemState | None]) -> Handler:
    items = {
        ItemState.AVAILABLE: ncip_item("Available On Shelf"),
        ItemState.ON_LOAN: ncip_item("On Loan", due="2026-09-20T23:59:00+08:00"),
        ItemState.AVAILABLE_ONSITE: ncip_item("Available On Shelf", restriction="In Library Use Only"),
    }
    return ncip({number: [items[state]] if state else [] for number, state in states.items()})


def _evergreen(states: Mapping[str, ItemState | None]) -> Handler:
    copies = {
        ItemState.AVAILABLE: evergreen_copy("0", "Available"),
        ItemState.ON_LOAN: evergreen_copy("1", "Checked out"),
        ItemState.AVAILABLE_ONSITE: evergreen_copy("0", "Available", ref="t"),
    }
    return evergreen({number: copies[state] if state else "" for number, state in states.items()})


ASKING = [
    Spoken("daia", _daia),
    Spoken("koha-ils-di", _koha),
    Spoken("koha-rest", _koha_rest),
    Spoken("alma", _alma),
    Spoken("evergreen", _evergreen, tells_due_dates=False),
    Spoken("folio-rtac", _folio),
    Spoken("ncip", _ncip),
    Spoken("sierra", _sierra),
    Spoken("web", _web, {"web": {"permission": PERMISSION, "path": "/record/{local_id}"}}),
    Spoken("sru", _sru),
]
NOT_OVER_HTTP = {"sip2", "z3950"}
"""Held to the same in test files of their own."""

each_protocol = pytest.mark.parametrize("spoken", ASKING, ids=lambda spoken: spoken.protocol)


@pytest.fixture
async def http() -> AsyncIterator[ImpatientHttp]:
    opened = ImpatientHttp()
    yield opened
    await opened.close()


def service(spoken: Spoken, url: str, timeout_seconds: float = 5) -> Availability:
    return Availability.model_validate(
        {"protocol": spoken.protocol, "url": url, "timeout_seconds": timeout_seconds, **spoken.settings}
    )


def test_every_connector_is_pinned_here() -> None:
    assert {spoken.protocol for spoken in ASKING} | NOT_OVER_HTTP | {"none"} == set(CONNECTORS)


@each_protocol
async def test_states_are_told_for_each_record_asked(http: ImpatientHttp, spoken: Spoken) -> None:
    states = {
        "1": ItemState.AVAILABLE,
        "2": ItemState.ON_LOAN,
        "3": ItemState.AVAILABLE_ONSITE,
        "4": None,
    }
    async with serving(spoken.serve(states)) as server:
        reply = await asked(http, service(spoken, server.url), ["4", "3", "2", "1", "5"])
    assert [(a.local_id, a.state, [i.state for i in a.items]) for a in reply.answers] == [
        ("4", AnswerState.OK, []),
        ("3", AnswerState.OK, [ItemState.AVAILABLE_ONSITE]),
        ("2", AnswerState.OK, [ItemState.ON_LOAN]),
        ("1", AnswerState.OK, [ItemState.AVAILABLE]),
        ("5", AnswerState.NOT_FOUND, []),
    ]
    assert str(reply.answers[2].items[0].due) == ("2026-09-20" if spoken.tells_due_dates else "None")
    assert all(item.local_id == a.local_id for a in reply.answers for item in a.items)
    assert reply.unknown_words == ()


@each_protocol
@pytest.mark.parametrize(
    ("handler", "why"),
    [
        (answering("", status=500), "a broken system"),
        (answering("", status=401), "a key is wanted"),
        (answering("", status=429), "asked too often"),
        (answering("", status=302, headers={"Location": "http://127.0.0.1:1/"}), "sent elsewhere"),
        (answering("<html><p>維護中</p></html>"), "a page of HTML"),
        (answering(b"\x00\xff\xfe" * 1000), "noise"),
    ],
    ids=["500", "401", "429", "302", "html", "noise"],
)
async def test_a_failure_raises_and_is_never_an_empty_answer(
    http: ImpatientHttp, spoken: Spoken, handler: Handler, why: str
) -> None:
    async with serving(handler) as server:
        with pytest.raises(ConnectorUnavailable):
            await asked(http, service(spoken, server.url), ["1"])
    assert why


@each_protocol
async def test_silence_raises_in_time(http: ImpatientHttp, spoken: Spoken) -> None:
    async with serving(never) as server:
        with pytest.raises(ConnectorTimedOut):
            await asked(http, service(spoken, server.url, timeout_seconds=0.05), ["1"])


async def test_a_library_without_live_status_is_never_asked(http: ImpatientHttp) -> None:
    reply = await asked(http, Availability(), ["1", "2"])
    assert [(a.local_id, a.state, a.items) for a in reply.answers] == [
        ("1", AnswerState.UNSUPPORTED, ()),
        ("2", AnswerState.UNSUPPORTED, ()),
    ]
