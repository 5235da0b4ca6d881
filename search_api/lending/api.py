"""The desk's API: who can supply something, the request to hand on, batches, counts; and OpenURL for everybody."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Query, Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from mappings.lending import Service
from search_api.errors import Forbidden, InvalidRequest, NotFound
from search_api.lending import iso18626, openurl
from search_api.lending.batch import batch
from search_api.lending.bodies import batch_body, lenders_body
from search_api.lending.find import find
from search_api.lending.notes import availability_note
from search_api.lending.room import Answered, LendingRoom, room_of
from search_api.lending.sought import Sought
from search_api.may_fail import staff_may_fail
from search_api.page import prefix
from search_api.schemas import lending as bodies
from search_api.shapes import Shapes
from search_api.staff.access import Action, Actor, Role, require, staff_of
from search_api.texts import LANGUAGES, texts

router = APIRouter(prefix="/api/lenders", tags=["staff"])
public = APIRouter()

Librarian = Annotated[Actor, Depends(require(Role.ILL))]

XML_TYPE = "application/xml"


def _shapes(request: Request) -> Shapes:
    found: Shapes = request.app.state.shapes
    return found


def sought_of(question: bodies.SoughtQuestion, room: LendingRoom, actor: Actor) -> Sought:
    """What a question asks for; whose desk asks is said, or that of whoever is logged in.

    Raises: InvalidRequest.
    """
    if question.isbn and question.edition:
        raise InvalidRequest("Give either isbn or edition.", field="isbn")
    borrower = question.borrower or actor.library
    if borrower and borrower not in room.services.libraries:
        raise InvalidRequest(f"There is no library {borrower}.", field="borrower")
    values = {field.name: getattr(question, field.name) for field in fields(Sought)}
    sought = as_needed(values, borrower)
    if not sought.named:
        raise InvalidRequest("Give an edition, an ISBN, an ISSN or a title.", field="isbn")
    return sought


def as_needed(values: dict[str, Any], borrower: str) -> Sought:
    """What the fields of a question ask for: lent or copied as it needs, where nobody says."""
    sought = Sought(**{**values, "borrower": borrower, "service": "loan"})
    return replace(sought, service=values["service"] or sought.needs)


def check_borrower(borrower: str, actor: Actor) -> None:
    """Raises: Forbidden when the staff of one library speak for another: its requests are its own to send."""
    if borrower != actor.library and not actor.everywhere:
        raise Forbidden(f"These are requests of another library: {borrower or 'none is named'}.")


async def _answer(request: Request, question: bodies.LendersQuestion, actor: Actor) -> Answered:
    room = room_of(request)
    return await room.answer(sought_of(question, room, actor), live=question.live)


@router.get("", summary="Who could lend or copy this", responses=staff_may_fail(404))
async def lenders_of(
    request: Request, question: Annotated[bodies.LendersQuestion, Query()], actor: Librarian
) -> bodies.LendersBody:
    """The libraries to ask, in order, with the reasons for each place; and the holders that are not to be asked, with
    the rule that excludes them."""
    answered = await _answer(request, question, actor)
    return lenders_body(answered, room_of(request).services.libraries, _shapes(request))


@router.get(
    "/request.{kind}",
    summary="The request to hand on, as ISO 18626",
    response_model=None,
    responses={200: {"content": {XML_TYPE: {}, "application/json": {}}}, **staff_may_fail(404)},
)
async def request_of(
    request: Request,
    kind: Annotated[Literal["xml", "json"], Path(description="XML is the standard's own; JSON has its elements.")],
    question: Annotated[bodies.RequestQuestion, Query()],
    actor: Librarian,
) -> Response:
    """An ISO 18626 request (version 1.2) with the libraries to ask as ordered `supplierInfo`: call numbers, statements
    of holdings, and what is known of their copies with its time."""
    check_borrower(question.borrower or actor.library, actor)
    answered = await _answer(request, question, actor)
    chosen = [code for code in question.to.split(",") if code]
    handed = room_of(request).request(answered, chosen, number=question.number)
    if not handed.lenders:
        raise NotFound("No library can be asked for this.")
    t = texts(question.language).in_zone(room_of(request).services.site.zone)
    found = iso18626.message(handed, lambda lender: availability_note(lender, t, answered.at))
    name = f'attachment; filename="{handed.number}.{kind}"'
    if kind == "json":
        return JSONResponse(found, headers={"Content-Disposition": name})
    return Response(iso18626.as_xml(found), media_type=XML_TYPE, headers={"Content-Disposition": name})


@router.post("/sent", summary="Count a request that was sent", status_code=204, responses=staff_may_fail())
async def sent(request: Request, question: bodies.SentQuestion, actor: Librarian) -> None:
    """Adds one to the day's count of the two libraries, of a request with a number once. What for is not kept."""
    room = room_of(request)
    borrower = question.borrower or actor.library
    for field, code in (("borrower", borrower), ("lender", question.lender)):
        if code not in room.services.libraries:
            raise InvalidRequest(f"There is no library {code}.", field=field)
    check_borrower(borrower, actor)
    if borrower == question.lender:
        raise InvalidRequest("A library asks others, not itself.", field="lender")
    await count_sent(request, Sent(borrower, question.lender, question.service, question.number), actor)


@dataclass(frozen=True, slots=True)
class Sent:
    """A request that was sent to a library. ``number`` "": not known."""

    borrower: str
    lender: str
    service: Service
    number: str


async def count_sent(request: Request, sent: Sent, actor: Actor) -> None:
    """Counts a request, one with a number once, and notes who counted it."""
    room = room_of(request)
    counted = {(sent.lender, sent.service): 1}
    new = await asyncio.to_thread(room.requests.add, sent.borrower, counted, room.today(), number=sent.number)
    if new:
        what = " ".join(filter(None, (sent.borrower, "->", sent.lender, sent.number)))
        await asyncio.to_thread(staff_of(request).audit.note, Action.REQUEST_COUNTED, what, by=actor)


@router.get("/counts", summary="How many requests were sent", responses=staff_may_fail())
async def counts(request: Request, actor: Librarian) -> bodies.CountsBody:
    """Requests by month, borrower, lender and service. A library's own staff are told of those that it sent or got."""
    months = await asyncio.to_thread(room_of(request).requests.months)
    own = [one for one in months if actor.everywhere or actor.library in (one.borrower, one.lender)]
    return bodies.CountsBody(months=tuple(bodies.MonthBody.model_validate(one) for one in own))


@router.post("/batch", summary="The best library for each item of a list", responses=staff_may_fail())
async def batch_of(request: Request, question: bodies.BatchQuestion, actor: Librarian) -> bodies.BatchBody:
    """Every line ends in one state, so the counts add up; equal libraries share the list."""
    room = room_of(request)
    borrower = question.borrower or actor.library
    if borrower and borrower not in room.services.libraries:
        raise InvalidRequest(f"There is no library {borrower}.", field="borrower")
    names = [field.name for field in fields(Sought)]
    items = [as_needed({name: getattr(one, name) for name in names}, borrower) for one in question.lines]
    found = await batch(room, items, live=question.live)
    return batch_body(found, room.services.libraries, _shapes(request))


@public.get("/openurl", include_in_schema=False)
async def openurl_of(request: Request) -> Response:
    """Leads to the edition that an OpenURL (Z39.88-2004, key/value) cites; to a search for it when none is certain."""
    sought = openurl.read(request.query_params.multi_items()[:100])
    home = prefix(LANGUAGES[0])
    if not sought.named:
        raise InvalidRequest("The OpenURL cites nothing: it has no ISBN, ISSN or title.")
    try:
        found = await find(room_of(request).services, sought)
    except InvalidRequest:  # a number that is none: the words may still find it
        found = None
    certain = found is not None and len(found.editions) == 1 and (found.sure is None or found.sure >= 0.5)
    if found is not None and certain:
        return RedirectResponse(f"{home}editions/{found.editions[0].id}", 302)
    words = sought.title or sought.isbn or sought.issn
    return RedirectResponse(str(request.url_for("results_page-zh-Hant").include_query_params(q=words)), 302)


def needed_by(text: str) -> date | None:
    """A day as a form sends it; None for none and for what is no day."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
