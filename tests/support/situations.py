"""The situations every connector is put into, and what patrons are shown then: for tests and documentation alike.

How a protocol tells of each of them stands in ``tests/support/plays/<protocol>.py``; one that has no word for one
says so, with the reason. Records "1" and "2" are asked about: by number, barcode (B1, B2), ISBN or title.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

from aiohttp import web

from indexer.record import Edition, Holding, Identifier, Item, Sourced, Title
from mappings.library import Availability
from search_api.availability.check import AvailabilityChecker
from search_api.availability.http import ImpatientHttp
from search_api.availability.status import Answer, AnswerState, ItemState
from search_api.labels import Labels
from search_api.live_view import LiveView
from search_api.texts import texts
from tests.support.status import Handler, answering, edition, library, never, serving

RECORDS = ("1", "2")
BARCODES = {"1": "B1", "2": "B2"}
ISBN = "9789573264682"
TITLE = "紅樓夢"
DUE = date(2026, 12, 3)
STRANGE_WORD = "在雲端漫步"
"""A status that no table knows."""
TOO_MANY = 10_000
"""Copies that no library has of one record."""

FAILED = frozenset({AnswerState.ERROR, AnswerState.TIMEOUT})
OK = frozenset({AnswerState.OK})


@dataclass(frozen=True, slots=True)
class Situation:
    """What a library's system says of record "1" (of both, where both are asked), and what may come of it."""

    name: str
    says: str
    answer: frozenset[AnswerState]
    copies: frozenset[ItemState] = frozenset()  # the states its copies may have; none: it may not have copies
    records: tuple[str, ...] = ("1",)  # asked about in one question


def _copy(name: str, says: str, state: ItemState) -> Situation:
    return Situation(name, says, OK, frozenset({state}))


def _fault(name: str, says: str, *more: AnswerState) -> Situation:
    return Situation(name, says, FAILED | set(more))


SITUATIONS = (
    _copy("available", "available", ItemState.AVAILABLE),
    _copy("on_loan", "on loan until 3 December 2026", ItemState.ON_LOAN),
    _copy("contradiction", "available, and yet a due date", ItemState.ON_LOAN),
    _copy("hold_shelf", "on the shelf for a reader who asked for it", ItemState.ON_HOLD_SHELF),
    _copy("in_transit", "in transit", ItemState.IN_TRANSIT),
    _copy("reference", "for use in the library", ItemState.AVAILABLE_ONSITE),
    _copy("on_order", "on order", ItemState.ON_ORDER),
    _copy("lost", "lost", ItemState.LOST),
    _copy("strange_word", "a status that no table knows", ItemState.UNKNOWN),
    Situation("no_items", "the record is known and has no copies", OK | {AnswerState.NOT_FOUND}),
    Situation("not_known", "the record is not known", frozenset({AnswerState.NOT_FOUND})),
    Situation(
        "part_of_batch",
        "of two records only one is answered for, both are there",
        OK | {AnswerState.PARTIAL},
        frozenset({ItemState.AVAILABLE}),
        RECORDS,
    ),
    _fault("silence", "nothing"),
    _fault("refused", "no (401): a key is wanted"),
    _fault("too_often", "not so often (429)"),
    _fault("broken", "an error of its own (500)"),
    _fault("lost_connection", "half an answer, then the connection is gone"),
    _fault("truncated", "half an answer as if it were whole"),
    _fault("html", "a page in HTML, as if all were well (200)"),
    _fault("endless", "an answer without end"),
    _fault("others", "copies of records that were not asked about", AnswerState.NOT_FOUND),
    Situation(
        "too_many",
        f"{TOO_MANY:,} copies of one record",
        FAILED | {AnswerState.PARTIAL},
        frozenset({ItemState.AVAILABLE}),
    ),
    _fault("deep", "brackets within brackets, 100,000 deep"),
)

Stage = Callable[[], AbstractAsyncContextManager[Availability]]


@dataclass(frozen=True, slots=True)
class Play:
    """A system in one situation, and how it is reached.

    ``instead``: the state that this protocol can tell at most, where that is another; ``because`` then says why.
    """

    stage: Stage
    instead: ItemState | None = None
    because: str = ""


@dataclass(frozen=True, slots=True)
class NoWord:
    """A situation that a protocol cannot tell of, or cannot be in."""

    because: str


Plays = Mapping[str, Play | NoWord]
"""Situation → how one protocol plays it."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a situation: the library's answer, and what the edition page shows of it in English."""

    answer: Answer
    shown: str
    unknown_words: Mapping[str, int]


def over_http(protocol: str, handler: Handler, *, path: str = "", **settings: Any) -> Stage:
    """A local server that answers with a handler below ``/status``; ``path`` is what its address goes on with."""

    @asynccontextmanager
    async def stage() -> AsyncIterator[Availability]:
        async with serving(handler) as server:
            known = {"protocol": protocol, "url": server.url + path, "timeout_seconds": 5, **settings}
            yield Availability.model_validate(known)

    return stage


def http_faults(protocol: str, *, path: str = "", **settings: Any) -> dict[str, Play]:
    """The faults that look the same whatever is spoken over HTTP."""

    def play(handler: Handler, **more: Any) -> Play:
        return Play(over_http(protocol, handler, path=path, **{**settings, **more}))

    return {
        "silence": play(never, timeout_seconds=0.1),
        "refused": play(answering("", status=401)),
        "too_often": play(answering("", status=429, headers={"Retry-After": "60"})),
        "broken": play(answering("", status=500)),
        "lost_connection": play(_cut_off),
        "html": play(answering("<html><body><h1>維護中</h1></body></html>", headers={"Content-Type": "text/html"})),
        "endless": play(_endless),
    }


def halved(body: str) -> Handler:
    """The first half of an answer, told to be all of it."""
    return answering(body[: len(body) // 2])


async def outcome(situation: Situation, play: Play) -> Outcome:
    """Plays a situation: one library is asked about the situation's records, as the edition page asks."""
    async with play.stage() as service:
        member = library("lib", protocol="none").model_copy(update={"availability": service})
        libraries = {"lib": member}
        asked = _edition(situation)
        http = ImpatientHttp()
        checker = AvailabilityChecker(libraries, http, deadline_seconds=20)
        try:
            (answer,) = await checker.answers([asked])
            words = checker.health()["lib"].unknown_words
        finally:
            await checker.close()
            await http.close()
    view = LiveView(texts("en"), Labels(libraries, "en"), libraries)
    rows = view.block(asked, "lib", answer).copies
    shown = "; ".join(dict.fromkeys(" · ".join(filter(None, (row.badge.words, row.note))) for row in rows))
    return Outcome(answer, shown, words)


def _edition(situation: Situation) -> Edition:
    holdings = [Holding("lib", f"oai:{i}", i, items=(Item(barcode=BARCODES[i]),)) for i in situation.records]
    return edition(
        "e1",
        {"lib": holdings},
        titles=(Sourced(Title(TITLE), ("lib",)),),
        identifiers=(Sourced(Identifier("isbn", ISBN), ("lib",)),),
    )


async def _cut_off(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Length": "1000", "Content-Type": "application/json"})
    await response.prepare(request)
    await response.write(b'{"document": [')
    assert request.transport is not None
    request.transport.close()
    return response


async def _endless(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse()
    await response.prepare(request)
    while request.transport is not None and not request.transport.is_closing():
        await response.write(b" " * 65_536)
        await asyncio.sleep(0)
    return response
