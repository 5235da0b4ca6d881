"""The desk's pages: whom to ask, the request to one library, a list of wanted items, the rules and the counts."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from mappings.lending import Service
from search_api.errors import InvalidRequest, NotFound
from search_api.lending import iso18626
from search_api.lending.api import Sent, count_sent, needed_by
from search_api.lending.batch import DEAR, MAX_LINES, Batch, Line, batch
from search_api.lending.handing import Handed
from search_api.lending.listing import wanted_items
from search_api.lending.notes import availability_note
from search_api.lending.policies import policies
from search_api.lending.request import Suppliable
from search_api.lending.room import SUPPLIERS, room_of
from search_api.lending.sought import Sought
from search_api.lending.view import DeskView, query
from search_api.lending.words import Words
from search_api.sheets import BOM, Row, csv_text
from search_api.staff.page import PRIVATE, StaffPage, add_page
from search_api.staff.roles import Role

router = APIRouter()

DESK = "staff/lenders"
_LONGEST = 500


def sought_in(page: StaffPage) -> Sought:
    """What the fields of the desk's form ask for; what is no value of a field is left out."""
    given = page.request.query_params
    texts = {
        field.name: given.get(field.name, "").strip()[:_LONGEST]
        for field in fields(Sought)
        if field.name not in ("which", "service", "borrower", "needed_by")
    }
    found = Sought(
        **texts,
        which="any" if given.get("which") == "any" else "this",
        service="loan",
        borrower=_borrower(page, given.get("borrower", page.actor.library)),
        needed_by=needed_by(given.get("needed_by", "")),
    )
    return replace(found, service=_service(given.get("service")) or found.needs)


def _service(text: object) -> Service | None:
    """What was chosen on purpose; None to do as the thing needs."""
    return "loan" if text == "loan" else "copy" if text == "copy" else None


def _borrower(page: StaffPage, code: str) -> str:
    """The library that asks: the staff of one library ask for their own alone."""
    if not page.actor.everywhere:
        return page.actor.library
    return code if code in page.services.libraries else ""


def _form(page: StaffPage, sought: Sought, service: object = None) -> dict[str, Any]:
    """What every form of the desk needs."""
    libraries = page.labels.in_order(page.services.libraries)
    actor = page.actor
    return {
        "sought": sought,
        "service": _service(service if service is not None else page.request.query_params.get("service")) or "",
        "borrowers": [
            (code, page.labels.library(code)) for code in libraries if actor.everywhere or code == actor.library
        ],
        "desk": page.link(DESK),
    }


async def lenders_page(page: StaffPage) -> Response:
    """The form; with something sought, whom to ask."""
    sought = sought_in(page)
    form = _form(page, sought)
    if not sought.named:
        return page.html("lenders_ask.html", **form, problem="", wrong="", choices=())
    room = room_of(page.request)
    try:
        if not _day_is_read(page.request.query_params):
            raise InvalidRequest("This is no day.", field="needed_by")
        answered = await room.answer(sought, live=True)
    except (InvalidRequest, NotFound) as exc:
        field = exc.field if isinstance(exc, InvalidRequest) else "edition"
        problem = page.t(_PROBLEMS.get(field or "", "lending.wrong_number"))
        return page.html("lenders_ask.html", 422, **form, problem=problem, wrong=field, choices=())
    number = room.number(sought.borrower, page.request.query_params.get("number", ""))
    view = DeskView(answered, page, page.link(DESK), number)
    if not answered.found.editions:
        problem = " ".join((page.t("lending.not_found"), page.t("lending.not_found_help")))
        return page.html("lenders_ask.html", **form, problem=problem, wrong="", choices=view.choices())
    asked = query(sought, number=number)
    handed = room.request(answered, number=number)
    return page.html(
        "lenders.html",
        **form,
        view=view,
        rows=view.rows(),
        outs=view.outs(),
        asked_at=page.t.time(answered.at),
        again=f"{page.link(DESK)}?{asked}",
        xml=f"/api/lenders/request.xml?{_api(page, sought, number)}",
        as_json=f"/api/lenders/request.json?{_api(page, sought, number)}",
        suppliers=min(SUPPLIERS, len(answered.lenders.lenders)),
        preview=_preview(page, handed) if handed.lenders else "",
        edition=page.link(f"editions/{answered.found.editions[0].id}"),
    )


_PROBLEMS = {"year": "lending.wrong_year", "needed_by": "lending.wrong_day"}


def _day_is_read(values: Mapping[str, str]) -> bool:
    """Whether the day it is needed by, if there is one, is a day."""
    text = values.get("needed_by", "").strip()
    return not text or needed_by(text) is not None


def _api(page: StaffPage, sought: Sought, number: str) -> str:
    """The same question to the API: asked live, for the same request in the page's language."""
    return query(sought, live="true", number=number, language=page.t.language)


def _preview(page: StaffPage, handed: Suppliable) -> str:
    found = iso18626.message(handed, lambda lender: availability_note(lender, page.t, handed.at))
    return iso18626.as_xml(found).decode()


async def request_page(page: StaffPage) -> Response:
    """A request to one library, in every form it is sent in."""
    sought, to = sought_in(page), page.request.query_params.get("to", "")
    if not sought.named or to not in page.services.libraries:
        return RedirectResponse(page.link(DESK), 303)
    room = room_of(page.request)
    given = page.request.query_params.get("number", "")
    number = room.number(sought.borrower, given)
    if number != given:  # the page's own address keeps it, so that loading it again makes no other request
        return RedirectResponse(f"{page.link(DESK)}/request?{query(sought, to=to, number=number)}", 303)
    try:
        answered = await room.answer(sought, live=True)
    except (InvalidRequest, NotFound):  # the desk's page says what is wrong
        return RedirectResponse(f"{page.link(DESK)}?{query(sought)}", 303)
    handed = room.request(answered, (to,), number=number)
    if not handed.lenders:
        return RedirectResponse(f"{page.link(DESK)}?{query(sought)}", 303)
    words = Words(page.t, page.labels)
    resolver = page.site + "/openurl"
    made = Handed(handed, handed.lenders[0], page.t, words, resolver)
    return page.html(
        "lenders_request.html",
        handed=made,
        badge=DeskView(answered, page, page.link(DESK), number).badge(handed.lenders[0]),
        library=page.common["library"],
        lender=page.labels.library(to),
        lender_code=to,
        sought=sought,
        back=f"{page.link(DESK)}?{query(sought)}",
        xml=f"/api/lenders/request.xml?{_api(page, sought, number)}&to={to}",
        sent=page.link(f"{DESK}/sent"),
        here_query=query(sought, to=to, number=number),
        counted=page.request.query_params.get("counted") == "1",
    )


async def sent_form(page: StaffPage) -> Response:
    """Counts a request that was sent, and leads back to it."""
    form = await page.request.form()
    values = {key: value for key, value in form.items() if isinstance(value, str)}
    borrower, lender = _borrower(page, values.get("borrower", "")), values.get("lender", "")
    libraries = page.services.libraries
    if borrower in libraries and lender in libraries and borrower != lender:
        number = values.get("number", "")[:64]
        sent = Sent(borrower, lender, _service(values.get("service")) or "loan", number)
        await count_sent(page.request, sent, page.actor)
    back = values.get("query", "")[:4_000].replace("\r", "").replace("\n", "")
    return RedirectResponse(f"{page.link(DESK)}/request?{back}&counted=1", 303)


async def batch_page(page: StaffPage) -> Response:
    """The form of a list; with editions in its address (``ids``), those are in it."""
    sought = sought_in(page)
    ids = page.request.query_params.get("ids", "")
    items = "\n".join(one for one in ids.replace(",", " ").split()[:MAX_LINES])
    return page.html("lenders_batch.html", **_form(page, sought), items=items, found=None, problem="")


async def batch_form(page: StaffPage) -> Response:
    """The list with a library for each item, as a page or as CSV."""
    form = await page.request.form(max_part_size=2_000_000)
    values = {key: value for key, value in form.items() if isinstance(value, str)}
    service = _service(values.get("service"))
    base = Sought(
        which="any" if values.get("which") == "any" else "this",
        borrower=_borrower(page, values.get("borrower", "")),
        needed_by=needed_by(values.get("needed_by", "")),
    )
    text = values.get("items", "")
    items = [replace(one, service=service or one.needs) for one in wanted_items(text, base)]
    form_again = _form(page, base, values.get("service", ""))
    past = base.needed_by is not None and base.needed_by < room_of(page.request).today()
    if len(items) > MAX_LINES or past or not _day_is_read(values):
        problem = page.t("lending.batch_refused" if len(items) > MAX_LINES else "lending.wrong_day", n=MAX_LINES)
        return page.html("lenders_batch.html", 422, **form_again, items=text, found=None, problem=problem)
    found = await batch(room_of(page.request), items, live=True)
    if values.get("as") == "csv":
        head = {"Content-Disposition": 'attachment; filename="requests.csv"', **PRIVATE}
        return Response(_csv(page, found), media_type="text/csv; charset=utf-8", headers=head)
    words = Words(page.t, page.labels)
    return page.html(
        "lenders_batch.html",
        **form_again,
        items=text,
        found=found,
        words=words,
        labels=page.labels,
        problem="",
        why=lambda line: _why(page, line),
        addresses={line.number: f"{page.link(DESK)}?{query(line.sought)}" for line in found.lines},
    )


def _csv(page: StaffPage, found: Batch) -> str:
    """The list for a spreadsheet."""
    t, words = page.t, Words(page.t, page.labels)
    heads = ("batch_number", "batch_item", "batch_lender", "f_place", "f_call_number", "cost", "days", "batch_then")
    rows = [[*(t(f"lending.{key}") for key in heads), t("lending.batch_why")]]
    for line in found.lines:
        lender = line.lender
        if lender is None:
            rows.append([str(line.number), line.title, t(f"lending.state_{line.state}"), *[""] * 5, _why(page, line)])
            continue
        rows.append(
            [
                str(line.number),
                line.title,
                page.labels.library(lender.library),
                words.where(lender),
                lender.call_number,
                words.money(lender.cost),
                "" if lender.days is None else str(lender.days),
                t("lending.between").join(page.labels.library(one.library) for one in line.others),
                t("lending.between").join(words.reason(one) for one in lender.reasons_against),
            ]
        )
    return BOM + csv_text(rows)


def _why(page: StaffPage, line: Line) -> str:
    """Why nobody is asked for an item; "" where its state says all."""
    words = Words(page.t, page.labels)
    if line.reason == DEAR:
        first = line.others[0]
        name = page.labels.library(first.library)
        return page.t("lending.batch_dear", library=name, cost=words.money(first.cost))
    return page.t("lending.between").join(
        page.t("lending.with_name", words=page.labels.library(one.library), name=words.rule(one))
        for one in line.excluded
    )


async def policies_page(page: StaffPage) -> Response:
    """The rules, as the files state them."""
    room = room_of(page.request)
    told = policies(room.agreements, page.services.libraries, Words(page.t, page.labels), page.t, page.labels)
    return page.html("lenders_policies.html", told=told, desk=page.link(DESK))


async def counts_page(page: StaffPage) -> Response:
    """How many requests were sent, by month and libraries."""
    months = await asyncio.to_thread(room_of(page.request).requests.months)
    own = [one for one in months if page.actor.everywhere or page.actor.library in (one.borrower, one.lender)]
    if page.request.query_params.get("as") == "csv":
        heads: Row = ("month", "borrower", "lender", "service", "requests")
        rows: list[Row] = [(one.month, one.borrower, one.lender, one.service, one.times) for one in own]
        text = BOM + csv_text([heads, *rows])
        head = {"Content-Disposition": 'attachment; filename="requests-by-month.csv"', **PRIVATE}
        return Response(text, media_type="text/csv; charset=utf-8", headers=head)
    return page.html("lenders_counts.html", months=own, labels=page.labels, desk=page.link(DESK))


add_page(router, DESK, lenders_page, Role.ILL)
add_page(router, f"{DESK}/request", request_page, Role.ILL)
add_page(router, f"{DESK}/sent", sent_form, Role.ILL, methods=("POST",), shown=DESK)
add_page(router, f"{DESK}/batch", batch_page, Role.ILL)
add_page(router, f"{DESK}/batch", batch_form, Role.ILL, methods=("POST",), shown=f"{DESK}/batch")
add_page(router, f"{DESK}/policies", policies_page, Role.ILL)
add_page(router, f"{DESK}/counts", counts_page, Role.ILL)
