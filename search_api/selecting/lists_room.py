"""What the addresses of named lists share: the lists, who may change them, and what is added to them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from fastapi import FastAPI, Request

from search_api.errors import Conflict, Forbidden, InvalidRequest, NotFound
from search_api.selecting.answering import Answers
from search_api.selecting.asking import Asked, refuse_unknown
from search_api.selecting.found import Bucket
from search_api.selecting.given import Given, ListRefused
from search_api.selecting.listing import opened
from search_api.selecting.lists import MAX_LINES, ListLine, NamedList
from search_api.selecting.lists_checking import ListChecker
from search_api.selecting.lists_kept import ListFull, NamedLists
from search_api.selecting.matching import Shelves
from search_api.selecting.receiving import Received, refused
from search_api.services import Services
from search_api.staff.access import staff_of
from search_api.staff.audit import Action
from search_api.staff.roles import Actor

CHECKED_AT_ONCE = 2_000
"""Lines that are checked while somebody waits for the page; more are checked beside it."""


@dataclass(frozen=True, slots=True)
class Room:
    """Named lists and who checks them."""

    lists: NamedLists
    checker: ListChecker

    @classmethod
    def open(cls, services: Services) -> Room:
        """Raises: StoreUnusable."""
        lists = NamedLists(services.store)
        return cls(lists, ListChecker(lists, Shelves(services.engine, services.catalogue, services.libraries)))


@asynccontextmanager
async def checking(app: FastAPI) -> AsyncIterator[None]:
    """Checks lists now and then while the application runs."""
    task = asyncio.create_task(room_of(app).checker.run())
    yield
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


def room_of(app: FastAPI) -> Room:
    """That of an application."""
    found: Room = app.state.lists
    return found


async def found_list(request: Request, id: str, *, check: bool = True) -> NamedList:
    """A list, checked as the catalogue is now unless that takes long.

    Raises: NotFound, EngineUnavailable, EngineIncompatible, StoreUnusable.
    """
    room = room_of(request.app)
    found = await asyncio.to_thread(room.lists.named, id)
    if found is not None and check and found.lines <= CHECKED_AT_ONCE:
        found = await room.checker.check(id)
    if found is None:
        raise NotFound("There is no such list, or no longer.")
    return found


async def list_to_change(request: Request, id: str, actor: Actor) -> NamedList:
    """A list that somebody may change. Raises: NotFound, Forbidden."""
    found = await found_list(request, id, check=False)
    if not found.may_be_changed_by(actor):
        raise Forbidden("Only selectors of the library that made this list may change it.")
    return found


async def lines_of(request: Request, id: str, bucket: str = "") -> Sequence[ListLine]:
    """The lines of a list. Raises: InvalidRequest for a bucket that is none."""
    if bucket and bucket not in set(Bucket):
        raise InvalidRequest(f"There is no bucket {bucket}.", field="bucket")
    return await asyncio.to_thread(room_of(request.app).lists.lines, id, bucket)


async def add_lines(request: Request, one: NamedList, given: Sequence[Given], actor: Actor) -> int:
    """Adds what is new among the lines; how many these are.

    Raises: Conflict when the list is full, StoreUnusable.
    """
    try:
        added = await asyncio.to_thread(room_of(request.app).lists.add, one.id, given, actor.name)
    except ListFull as exc:
        raise _full() from exc
    await note(request, actor, f"{one.name}: {added} lines added")
    return added


async def given_in(received: Received) -> tuple[list[Given], int]:
    """The lines of a list that was sent that can be looked up, and how many others there are.

    Raises: InvalidRequest when it cannot be read, Conflict when these are more than a list may have.
    """
    try:
        return await asyncio.to_thread(_read, received)
    except ListRefused as exc:
        raise refused(exc) from exc


def _read(received: Received) -> tuple[list[Given], int]:
    found, others = [], 0
    for given in opened(received.data, received.options).lines():
        if given.why is not None and not given.numbers.meant:
            others += 1
        else:
            found.append(given)
        if len(found) > MAX_LINES:
            raise _full()
    return found, others


def _full() -> Conflict:
    return Conflict(f"The list is full: it may have {MAX_LINES:,} lines.", code="list_full")


async def given_of_report(request: Request, report: str, asked: Asked) -> list[Given]:
    """The lines of an overlap report that are asked for; where no buckets are, all but the unreadable.

    Raises: NotFound, InvalidRequest, Conflict when they are more than a list may have.
    """
    answers: Answers = request.app.state.answers
    refuse_unknown(asked, answers.libraries)
    if not asked.bucket:
        asked = asked.model_copy(update={"bucket": tuple(one for one in Bucket if one is not Bucket.UNREADABLE)})

    def read() -> list[Given]:
        found = []
        for line, _ in answers.all_lines(report, asked)[2]:
            found.append(line.given)
            if len(found) > MAX_LINES:
                raise _full()
        return found

    return await asyncio.to_thread(read)


async def note(request: Request, actor: Actor, what: str) -> None:
    """Writes down who changed a list."""
    await asyncio.to_thread(staff_of(request).audit.note, Action.LIST_CHANGED, what, by=actor)
