"""The API of named lists: everything their pages do."""

from __future__ import annotations

import asyncio
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from search_api import sheets
from search_api.errors import InvalidRequest, NotFound
from search_api.labels import Labels
from search_api.may_fail import staff_may_fail
from search_api.schemas import lists as schemas
from search_api.selecting.api import Chosen
from search_api.selecting.lists import NamedList
from search_api.selecting.lists_room import (
    add_lines,
    checking,
    found_list,
    given_in,
    given_of_report,
    lines_of,
    list_to_change,
    note,
    room_of,
)
from search_api.selecting.lists_view import cells, change_body, headings, line_body, list_body
from search_api.selecting.receiving import KINDS, received, refuse_too_large
from search_api.staff.access import Actor, Role, require
from search_api.texts import texts

Selector = Annotated[Actor, Depends(require(Role.SELECTOR))]
Id = Annotated[str, Path(max_length=24, description="Of a list.")]
Number = Annotated[int, Path(ge=1, le=10_000_000, description="Of a line.")]

router = APIRouter(prefix="/api/lists", tags=["staff"], lifespan=checking)


@router.get("", summary="Named lists", responses=staff_may_fail())
async def all_lists(request: Request, actor: Selector) -> schemas.ListsBody:
    """Every list, the one changed last first."""
    room = room_of(request.app)
    found = await asyncio.to_thread(room.lists.all)
    return schemas.ListsBody(
        lists=tuple([list_body(one, actor, current=await room.checker.is_current(one)) for one in found])
    )


@router.post("", status_code=201, summary="Make a list", responses=staff_may_fail())
async def make(request: Request, actor: Selector, new: schemas.NewList) -> schemas.ListBody:
    """An empty list; lines are added to it."""
    lists = room_of(request.app).lists
    id = await asyncio.to_thread(
        lambda: lists.make(new.name, new.note, new.share, owner=actor.name, library=actor.library)
    )
    await note(request, actor, f"{new.name}: made")
    return await _told(request, id, actor)


@router.get("/{id}", summary="A list, checked", responses=staff_may_fail(404))
async def one_list(
    request: Request,
    actor: Selector,
    id: Id,
    bucket: Annotated[str, Query(max_length=20, description="Only the lines that ended in this bucket.")] = "",
) -> schemas.WholeListBody:
    """Its lines as the catalogue is now, and what checks found otherwise than before."""
    one = await found_list(request, id)
    lines = await lines_of(request, id, bucket)
    changes = await asyncio.to_thread(room_of(request.app).lists.changes, id)
    current = await room_of(request.app).checker.is_current(one)
    return schemas.WholeListBody(
        **list_body(one, actor, current=current).model_dump(),
        content=tuple(map(line_body, lines)),
        changes=tuple(map(change_body, changes)),
    )


@router.patch("/{id}", summary="Change a list", responses=staff_may_fail(404))
async def change(request: Request, actor: Selector, id: Id, changes: schemas.ListChanges) -> schemas.ListBody:
    """Another name, note or share; what is left out stays."""
    one = await list_to_change(request, id, actor)
    values = changes.model_dump(exclude_none=True)
    if values:
        await asyncio.to_thread(lambda: room_of(request.app).lists.change(id, **values))
        await note(request, actor, f"{one.name}: changed")
    return await _told(request, id, actor)


@router.delete("/{id}", status_code=204, summary="Remove a list", responses=staff_may_fail(404))
async def remove(request: Request, actor: Selector, id: Id) -> Response:
    """With all its lines; it cannot be had back."""
    one = await list_to_change(request, id, actor)
    await asyncio.to_thread(room_of(request.app).lists.remove, id)
    await note(request, actor, f"{one.name}: removed with {one.lines} lines")
    return Response(status_code=204)


@router.post(
    "/{id}/lines",
    summary="Add lines to a list",
    responses=staff_may_fail(404, 409, 413, 415),
    dependencies=[Depends(refuse_too_large)],
    openapi_extra={
        "requestBody": {
            "content": {
                "application/json": {"schema": {"$ref": "#/components/schemas/OverlapQuestion"}},
                **{kind: {"schema": {"type": "string", "format": "binary"}} for kind in KINDS},
            }
        }
    },
)
async def add(
    request: Request,
    actor: Selector,
    id: Id,
    report: Annotated[str, Query(max_length=24, description="An overlap report whose lines are added instead.")] = "",
    *,
    choosing: Chosen,
) -> schemas.AddedBody:
    """The body is a list as `POST /api/overlap` takes it, or a report is named, and its lines are chosen as on its
    page. What the list has already is passed over."""
    if unknown := sorted(set(request.query_params) - {"report", *choosing.given}):
        raise InvalidRequest(f"There is no parameter {unknown[0]}.", field=unknown[0], code="unknown_parameter")
    one = await list_to_change(request, id, actor)
    if report:
        given, unread = await given_of_report(request, report, choosing.asked(actor.library)), 0
    else:
        given, unread = await given_in(await received(request, {}))
    added = await add_lines(request, one, given, actor)
    return schemas.AddedBody(added=added, passed_over=len(given) - added + unread, list=await _told(request, id, actor))


@router.patch("/{id}/lines/{number}", summary="Write a note on a line", responses=staff_may_fail(404))
async def note_line(
    request: Request, actor: Selector, id: Id, number: Number, change: schemas.LineNote
) -> schemas.ListBody:
    """The note takes the place of the one before."""
    await list_to_change(request, id, actor)
    if not await asyncio.to_thread(room_of(request.app).lists.note_line, id, number, change.note):
        raise NotFound(f"The list has no line {number}.")
    return await _told(request, id, actor)


@router.delete("/{id}/lines/{number}", summary="Take a line off a list", responses=staff_may_fail(404))
async def remove_line(request: Request, actor: Selector, id: Id, number: Number) -> schemas.ListBody:
    """Its number is not given again."""
    one = await list_to_change(request, id, actor)
    if not await asyncio.to_thread(room_of(request.app).lists.remove_line, id, number):
        raise NotFound(f"The list has no line {number}.")
    await note(request, actor, f"{one.name}: line {number} removed")
    return await _told(request, id, actor)


@router.get("/{id}/lines.{kind}", summary="A list as a file", response_class=Response, responses=staff_may_fail(404))
async def list_file(
    request: Request,
    _: Selector,
    id: Id,
    kind: Annotated[sheets.Kind, Path(description="`csv` or `xlsx`.")],
    bucket: Annotated[str, Query(max_length=20, description="Only the lines that ended in this bucket.")] = "",
    lang: Annotated[Literal["zh-Hant", "en"], Query(description="Of headings and words.")] = "zh-Hant",
) -> Response:
    """The lines as the page shows them, with the last change of each."""
    one = await found_list(request, id)
    lines = await lines_of(request, id, bucket)
    changes = await asyncio.to_thread(room_of(request.app).lists.changes, id)
    latest = {change.line: change for change in reversed(changes)}
    t, labels = texts(lang), Labels(request.app.state.services.libraries, lang)
    rows = [cells(line, latest, labels, t) for line in lines]
    if kind == "csv":
        content = sheets.csv_file(headings(t), rows)
    else:
        content = await asyncio.to_thread(_workbook, one, headings(t), rows)
    return Response(content, media_type=sheets.MEDIA_TYPES[kind], headers=sheets.attached(one.name, kind))


def _workbook(one: NamedList, columns: list[str], rows: list[list[sheets.Cell]]) -> bytes:
    book = sheets.Sheets()
    book.add("".join(c for c in one.name if c not in "[]:*?/\\'") or "list", columns, rows, (6, 16, 40, 24, 20))
    with book.save() as file:
        return file.read()


async def _told(request: Request, id: str, actor: Actor) -> schemas.ListBody:
    one = await found_list(request, id)
    return list_body(one, actor, current=await room_of(request.app).checker.is_current(one))
