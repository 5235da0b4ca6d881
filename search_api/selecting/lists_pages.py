"""The pages of named lists: make one, add to it, see who holds what now and what changed since."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from urllib.parse import parse_qsl, quote, urlencode

from fastapi import APIRouter, Depends
from pydantic import ValidationError
from starlette.responses import RedirectResponse, Response

from search_api.errors import InvalidRequest, NotFound, RequestFailed
from search_api.schemas.lists import NewList
from search_api.selecting.asking import Asked
from search_api.selecting.found import Bucket
from search_api.selecting.lists import MAX_LINES, SHARES, Change, NamedList
from search_api.selecting.lists_room import (
    add_lines,
    found_list,
    given_in,
    given_of_report,
    lines_of,
    list_to_change,
    note,
    room_of,
)
from search_api.selecting.lists_view import change_words, creator_of, title_of
from search_api.selecting.receiving import received, refuse_too_large
from search_api.selecting.selection import Choice
from search_api.selecting.words import Words
from search_api.staff.access import Role
from search_api.staff.page import StaffPage, add_page

HOME = "staff/lists"
CHANGES_SHOWN = 20
LINES_SHOWN = 100
KEPT = (Bucket.NONE, Bucket.OTHER, Bucket.POSSIBLE, Bucket.SAME)
"""The buckets of a report that can be kept as a list, in the order shown."""

router = APIRouter(include_in_schema=False, dependencies=[Depends(refuse_too_large)])


async def lists_page(page: StaffPage) -> Response:
    """Every list, and the form for a new one."""
    return await _all(page)


async def _all(page: StaffPage, wrong: str = "", given: Mapping[str, str] | None = None) -> Response:
    found = await asyncio.to_thread(room_of(page.request.app).lists.all)
    return page.html(
        "lists.html",
        422 if wrong else 200,
        wrong=wrong,
        given=given or {},
        shares=SHARES,
        **_of_report(page, given or {}),
        rows=[{"list": one, "href": _address(page, one), "by": _maker(page, one)} for one in found],
        zone=page.services.site.zone,
    )


def _of_report(page: StaffPage, given: Mapping[str, str]) -> dict[str, object]:
    """The report whose lines are to be kept, and which of them: as they were chosen on its page."""
    query = page.request.query_params
    report = query.get("report", "") or given.get("report", "")
    asked = Asked.read(((name, value) for name, value in query.multi_items() if name != "report"), page.actor.library)
    others = parse_qsl(asked.address(page.actor.library, bucket=(), page=1, size=50))
    usual = tuple(KEPT) if asked.choice != Choice(sort=asked.sort, descending=asked.desc) else (Bucket.NONE,)
    return {"report": report, "filters": others, "kept": asked.bucket or usual, "buckets": KEPT}


async def make_list(page: StaffPage) -> Response:
    """Makes a list, with the lines that came with the form."""
    form = await page.request.form(max_files=2, max_fields=60)
    given = {name: value for name, value in form.items() if isinstance(value, str)}
    try:
        new = NewList.model_validate({name: given.get(name, "") for name in ("name", "note", "share")})
    except ValidationError:
        return await _all(page, page.t("lists.name_needed"), given)
    lists = room_of(page.request.app).lists
    actor = page.actor
    id = await asyncio.to_thread(
        lambda: lists.make(new.name, new.note, new.share, owner=actor.name, library=actor.library)
    )
    await note(page.request, actor, f"{new.name}: made")
    if not _brings_lines(given, form):
        return RedirectResponse(page.link(f"{HOME}/{id}"), 303)
    return await _add(page, await found_list(page.request, id, check=False), given)


async def list_page(page: StaffPage) -> Response:
    """A list with its lines."""
    return await _one(page)


async def change_list(page: StaffPage) -> Response:
    """Whatever a form of the list's page asks: lines added or taken off, a note, other words, the end of it."""
    form = await page.request.form(max_files=2, max_fields=60)
    given = {name: value for name, value in form.items() if isinstance(value, str)}
    one = await list_to_change(page.request, page.request.path_params["id"], page.actor)
    lists = room_of(page.request.app).lists
    match given.get("do", ""):
        case "add":
            return await _add(page, one, given)
        case "change":
            try:
                new = NewList.model_validate({name: given.get(name, "") for name in ("name", "note", "share")})
            except ValidationError:
                return await _one(page, page.t("lists.name_needed"))
            await asyncio.to_thread(lambda: lists.change(one.id, name=new.name, note=new.note, share=new.share))
            await note(page.request, page.actor, f"{one.name}: changed")
        case "note":
            await asyncio.to_thread(lists.note_line, one.id, _number(given), given.get("note", "").strip()[:2_000])
        case "take_off":
            await asyncio.to_thread(lists.remove_line, one.id, _number(given))
            await note(page.request, page.actor, f"{one.name}: line {_number(given)} removed")
        case "remove":
            if given.get("sure") != "yes":
                return await _one(page, page.t("lists.sure_needed"))
            await asyncio.to_thread(lists.remove, one.id)
            await note(page.request, page.actor, f"{one.name}: removed with {one.lines} lines")
            return RedirectResponse(page.link(HOME), 303)
        case _:
            raise InvalidRequest("The form does not say what to do.", field="do")
    return RedirectResponse(page.link(f"{HOME}/{one.id}"), 303)


async def _add(page: StaffPage, one: NamedList, given: Mapping[str, str]) -> Response:
    try:
        if given.get("report"):
            form = await page.request.form()
            chosen = ((n, value) for n, value in form.multi_items() if n in Asked.model_fields)
            asked = Asked.read(((n, value) for n, value in chosen if isinstance(value, str)), page.actor.library)
            lines, unread = await given_of_report(page.request, given["report"], asked), 0
        else:
            lines, unread = await given_in(await received(page.request, {}))
        added = await add_lines(page.request, one, lines, page.actor)
    except RequestFailed as exc:
        why = exc.code.removeprefix("list_")
        said = exc.message if why == exc.code else page.t(f"overlap.refused_{why}")
        return await _one(page, said, one.id)
    passed = len(lines) - added + unread
    return RedirectResponse(page.link(f"{HOME}/{one.id}?added={added}&passed={passed}"), 303)


def _brings_lines(given: Mapping[str, str], form: Mapping[str, object]) -> bool:
    file = form.get("file")
    return bool(given.get("list", "").strip() or given.get("report") or getattr(file, "filename", ""))


async def _one(page: StaffPage, wrong: str = "", id: str = "") -> Response:
    request, t = page.request, page.t
    one = await found_list(request, id or request.path_params["id"])
    asked = request.query_params
    bucket = asked.get("bucket", "")
    lines = await lines_of(request, one.id, bucket)
    pages = max(1, -(-len(lines) // LINES_SHOWN))
    at = min(max(1, _told(asked.get("page", "")) or 1), pages)
    on_page = lines[(at - 1) * LINES_SHOWN : at * LINES_SHOWN]
    room = room_of(request.app)
    changes = await asyncio.to_thread(room.lists.changes, one.id)
    places = {line.number: place for place, line in enumerate(lines)}
    by_line = {line.number: line for line in lines}
    shown = [(change, by_line[change.line]) for change in changes if change.line in by_line][:CHANGES_SHOWN]
    latest: dict[int, Change] = {change.line: change for change in reversed(changes)}
    words = Words(t, page.labels)
    labels, comma, zone = page.labels, t("collections.list_comma"), page.services.site.zone
    return page.html(
        "list_one.html",
        422 if wrong else 200,
        one=one,
        wrong=wrong,
        added=_told(asked.get("added", "")),
        passed=_told(asked.get("passed", "")) or 0,
        by=_maker(page, one),
        may_change=one.may_be_changed_by(page.actor),
        current=await room.checker.is_current(one),
        shares=SHARES,
        most=MAX_LINES,
        bucket=bucket,
        buckets=[(name, dict(one.buckets).get(name.value, 0)) for name in Bucket],
        changes=[
            {
                "day": t.full_day(change.at.astimezone(zone).date()),
                "title": title_of(line.given, line.found),
                "words": change_words(change, labels, t),
                "line": change.line,
                "page": places[line.number] // LINES_SHOWN + 1,
            }
            for change, line in shown
        ],
        rows=[
            {
                "line": line,
                "title": title_of(line.given, line.found),
                "creator": creator_of(line.given, line.found),
                "edition": _edition(page, line.found.editions[0].id) if line.found and line.found.editions else "",
                "same": comma.join(map(labels.library, labels.in_order(line.found.same))) if line.found else "",
                "others": len(line.found.any) - len(line.found.same) if line.found else 0,
                "price": words.money(line.given.price),
                "changed": change_words(latest[line.number], labels, t) if line.number in latest else "",
            }
            for line in on_page
        ],
        at=at,
        pages=[
            (number, "?" + urlencode({**({"bucket": bucket} if bucket else {}), "page": number}))
            for number in sorted({1, pages, *range(max(1, at - 2), min(pages, at + 2) + 1)})
        ],
        files={kind: _file(page, one, kind, bucket) for kind in ("xlsx", "csv")},
        here_list=_address(page, one),
        zone=zone,
    )


def _file(page: StaffPage, one: NamedList, kind: str, bucket: str) -> str:
    chosen = f"&bucket={quote(bucket)}" if bucket else ""
    return f"/api/lists/{one.id}/lines.{kind}?lang={page.language}{chosen}"


def _address(page: StaffPage, one: NamedList) -> str:
    return page.link(f"{HOME}/{one.id}")


def _edition(page: StaffPage, id: str) -> str:
    return page.link(f"editions/{quote(id)}")


def _maker(page: StaffPage, one: NamedList) -> str:
    library = page.labels.library(one.library) if one.library else page.t("staff.consortium")
    return page.t("lists.by", owner=one.owner, library=library)


def _told(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 6 else None


def _number(given: Mapping[str, str]) -> int:
    """The line that a form is about. Raises: NotFound for none."""
    text = given.get("line", "")
    if not (text.isascii() and text.isdigit() and len(text) <= 8):
        raise NotFound("The list has no such line.")
    return int(text)


add_page(router, HOME, lists_page, Role.SELECTOR)
add_page(router, HOME, make_list, Role.SELECTOR, methods=("POST",), shown=HOME)
add_page(router, f"{HOME}/{{id}}", list_page, Role.SELECTOR)
add_page(router, f"{HOME}/{{id}}", change_list, Role.SELECTOR, methods=("POST",))
