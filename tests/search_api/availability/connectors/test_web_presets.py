"""Every preset is asked of a local server of its system's shape."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from aiohttp import web

from mappings.availability import Availability
from mappings.web_presets import PRESETS
from search_api.availability.http import ConnectorUnavailable, EntryRefused, ImpatientHttp
from search_api.availability.status import AnswerState, AskedRecord, ItemState, Reply
from tests.support.status import Handler, asked, serving
from tests.support.web_opacs import (
    LOGIN,
    MAINTENANCE,
    PERMISSION,
    SCRIPT_ONLY,
    TITLE,
    Book,
    Copy,
    HyLib,
    html,
    hylib_jsp,
    innopac,
    t2,
    toread,
)

BOOK = Book(
    (
        Copy("在架", location="總館", barcode="B1"),
        Copy("已外借", location="東區分館", barcode="B2", due="2026/12/03"),
        Copy("限館內使用", location="總館參考室", barcode="B3"),
        Copy("在雲端漫步", location="總館", barcode="B4"),
    )
)
STATES = [ItemState.AVAILABLE, ItemState.ON_LOAN, ItemState.AVAILABLE_ONSITE, ItemState.UNKNOWN]
ANOTHER = Book(BOOK.copies, title="水滸傳 / (元)施耐庵著")


@dataclass(frozen=True)
class Shape:
    """One preset, a server of its shape, and what it calls a record."""

    preset: str
    serve: Callable[[Mapping[str, Book]], Handler]
    number: str = "1234567"
    shown: str = "1234567"  # what its pages call the same record
    says_title: bool = True
    most_on_a_page: int = 0  # copies; more are on further pages
    settings: Mapping[str, Any] | None = None


SHAPES = [
    Shape("hylib", HyLib, says_title=False, most_on_a_page=100),
    Shape("hylib-jsp", hylib_jsp),
    Shape("innopac", innopac, number=".b12345678", shown="b1234567", most_on_a_page=3),
    Shape("t2", t2, most_on_a_page=250),
    Shape("toread", toread, most_on_a_page=20),
]
each_shape = pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.preset)


@pytest.fixture
async def http() -> AsyncIterator[ImpatientHttp]:
    opened = ImpatientHttp()
    yield opened
    await opened.close()


async def said(http: ImpatientHttp, shape: Shape, handler: Handler, title: str = TITLE) -> Reply:
    async with serving(handler) as server:
        service = Availability.model_validate(
            {
                "protocol": "web",
                "url": server.url,
                "timeout_seconds": 5,
                "web": {"permission": PERMISSION, "preset": shape.preset},
            }
        )
        return await asked(http, service, [AskedRecord(shape.number, title=title)])


def test_every_preset_is_tested_here() -> None:
    assert {shape.preset for shape in SHAPES} == set(PRESETS)


@each_shape
async def test_copies_are_told_with_state_place_and_due_date(http: ImpatientHttp, shape: Shape) -> None:
    reply = await said(http, shape, shape.serve({shape.shown: BOOK}))
    (answer,) = reply.answers
    assert (answer.local_id, answer.state) == (shape.number, AnswerState.OK)
    assert [item.state for item in answer.items] == STATES
    assert [str(item.due) for item in answer.items] == ["None", "2026-12-03", "None", "None"]
    assert [item.branch or item.location for item in answer.items] == ["總館", "東區分館", "總館參考室", "總館"]
    assert {item.call_number for item in answer.items} == {"857.49 8654"}
    assert reply.unknown_words == ("在雲端漫步",)
    assert answer.items[3].message == "在雲端漫步"


@each_shape
async def test_a_record_that_its_system_does_not_know_is_not_found_or_has_no_copies(
    http: ImpatientHttp, shape: Shape
) -> None:
    reply = await said(http, shape, shape.serve({}))
    assert [(a.state, a.items) for a in reply.answers] == [
        (AnswerState.NOT_FOUND if shape.says_title else AnswerState.OK, ())
    ]


@each_shape
async def test_a_record_without_copies_is_known(http: ImpatientHttp, shape: Shape) -> None:
    reply = await said(http, shape, shape.serve({shape.shown: Book(())}))
    assert [(a.state, a.items) for a in reply.answers] == [(AnswerState.OK, ())]


@pytest.mark.parametrize("shape", [s for s in SHAPES if s.says_title], ids=lambda shape: shape.preset)
async def test_copies_of_another_record_are_never_taken(http: ImpatientHttp, shape: Shape) -> None:
    with pytest.raises(ConnectorUnavailable, match="another record"):
        await said(http, shape, shape.serve({shape.shown: ANOTHER}))


@pytest.mark.parametrize("shape", [s for s in SHAPES if s.most_on_a_page], ids=lambda shape: shape.preset)
async def test_copies_of_further_pages_are_told_too(http: ImpatientHttp, shape: Shape) -> None:
    copies = [Copy(barcode=f"B{n}", call_number=f"857.49 c.{n}") for n in range(shape.most_on_a_page + 2)]
    reply = await said(http, shape, shape.serve({shape.shown: Book(copies)}))
    (answer,) = reply.answers
    assert answer.state is AnswerState.OK
    assert [item.call_number for item in answer.items] == [copy.call_number for copy in copies]


@each_shape
@pytest.mark.parametrize(
    ("text", "why"),
    [
        (LOGIN, "a login page with status 200"),
        (MAINTENANCE, "a page that says when the system will be back"),
        (SCRIPT_ONLY, "a page that is drawn in the browser"),
        ("", "nothing at all"),
        ("<html><body><table class='order bibItems gridTable'><tr><td>在架", "a page that is cut off"),
    ],
    ids=["login", "maintenance", "script", "empty", "cut off"],
)
async def test_a_page_that_is_not_recognised_is_a_failure(
    http: ImpatientHttp, shape: Shape, text: str, why: str
) -> None:
    async def answer(_: web.Request) -> web.StreamResponse:
        return html(text)

    with pytest.raises(ConnectorUnavailable):
        await said(http, shape, answer)
    assert why


async def test_a_token_is_fetched_once_for_many_records(http: ImpatientHttp) -> None:
    catalogue = HyLib({"1": BOOK, "2": BOOK})
    async with serving(catalogue) as server:
        reply = await asked(http, hylib(server.url), ["1", "2", "1"])
    assert [answer.state for answer in reply.answers] == [AnswerState.OK] * 3
    assert catalogue.visits == 1
    assert [form["marcId"] for form in catalogue.asked] == [1, 2, 1]


async def test_a_token_that_has_ended_is_fetched_anew_and_once_only(http: ImpatientHttp) -> None:
    catalogue = HyLib({"1": BOOK})

    async def answer(request: web.Request) -> web.StreamResponse:
        response = await catalogue(request)
        if request.method == "POST" and catalogue.visits == 1 and len(catalogue.asked) == 1:
            catalogue.token = "another"
        return response

    async with serving(answer) as server:
        reply = await asked(http, hylib(server.url), ["1", "1"])
    assert [len(answer.items) for answer in reply.answers] == [4, 4]
    assert catalogue.visits == 2


async def test_a_token_that_is_refused_at_once_is_not_fetched_again(http: ImpatientHttp) -> None:
    catalogue = HyLib({"1": BOOK})

    async def answer(request: web.Request) -> web.StreamResponse:
        response = await catalogue(request)
        catalogue.token = "another"
        return response

    async with serving(answer) as server:
        with pytest.raises(EntryRefused):
            await asked(http, hylib(server.url), ["1"])
    assert catalogue.visits == 1


async def test_a_record_whose_number_is_no_number_is_not_asked_for(http: ImpatientHttp) -> None:
    catalogue = HyLib({"1": BOOK})
    async with serving(catalogue) as server:
        with pytest.raises(ConnectorUnavailable, match="want a number"):
            await asked(http, hylib(server.url), ["1; drop"])
    assert catalogue.asked == []


def hylib(url: str) -> Availability:
    return Availability.model_validate(
        {
            "protocol": "web",
            "url": url,
            "timeout_seconds": 5,
            "web": {"permission": PERMISSION, "preset": "hylib"},
        }
    )
