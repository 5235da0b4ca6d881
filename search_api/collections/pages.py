"""The pages of collections compared, for selectors."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, get_args

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from search_api.collections.asked import question_of, scope_of
from search_api.collections.compared import AXES, Axis, Compared, keys
from search_api.collections.comparing import Answer
from search_api.collections.held import Kind
from search_api.collections.picture import bars, figure_text, heat
from search_api.collections.room import Collections, collections_of
from search_api.collections.scope import Scope
from search_api.collections.tables import Grid, Of, axis_grid, axis_label, members_grid, pairs_grid
from search_api.collections.themes import spreads
from search_api.collections.view import address, line_view, scope_view, spread_grid
from search_api.errors import InvalidRequest, NotFound
from search_api.staff.page import StaffPage, add_page
from search_api.staff.roles import Role

HOME = "staff/collections"
PER_PAGE = 50
TOLD_AXES: tuple[Axis, ...] = ("ncsclt", "ncsclt_division", "ddc", "ddc_division", "decade", "language", "format")

router = APIRouter()


async def collections_page(page: StaffPage) -> Response:
    """Members × members, what only one library holds, and how many hold what."""
    shares = page.request.query_params.get("show") != "counts"
    answer, common = await _compared(page)
    if answer.figures is None:
        return _waiting(page, common)
    found, t = answer.figures, page.t
    grid = pairs_grid(found, page.labels, t, shares=shares)
    members = members_grid(found, page.labels, t)
    return page.html(
        "collections.html",
        **common,
        shares=shares,
        grid=grid,
        picture=heat(grid, t),
        members_grid=members,
        mine=page.actor.library,
        chart=bars([(t("collections.held_by", n=int(n)), count) for n, count in found.held_by.items()], t),
    )


async def axis_page(page: StaffPage) -> Response:
    """One axis × members."""
    axis = _axis(page.request.path_params["axis"])
    of: Of = "unique" if page.request.query_params.get("of") == "unique" else "held"
    shares = page.request.query_params.get("show") == "shares"
    answer, common = await _compared(page)
    if answer.figures is None:
        return _waiting(page, common)
    grid = axis_grid(answer.figures, axis, of, page.labels, page.t)
    shown = _of_shares(grid) if shares else grid
    return page.html(
        "collections_axis.html",
        **common,
        axis=axis,
        of=of,
        shares=shares,
        grid=shown,
        picture=heat(shown, page.t, without=""),
        chart=bars([(row.label, _count(row.figures[0])) for row in grid.rows], page.t),
    )


async def themes_page(page: StaffPage) -> Response:
    """How theme collections are spread over the members."""
    room = collections_of(page.request)
    codes = tuple(page.labels.in_order(room.libraries))
    saved = await asyncio.to_thread(room.saved.all)
    found = await spreads(page.services.engine, (*room.themes, *saved), codes)
    shares = page.request.query_params.get("show") == "shares"
    grid = spread_grid(found, codes, page.labels, page.t, shares=shares)
    return page.html(
        "collections_themes.html",
        **await _common(page, room),
        shares=shares,
        grid=grid,
        picture=heat(grid, page.t, without=""),
        spreads=found,
        focus={
            one.theme.code: page.t("collections.list_comma").join(map(page.labels.library, one.theme.focus))
            for one in found
        },
    )


async def lines_page(page: StaffPage) -> Response:
    """What only one library holds, or what it lacks and others hold."""
    params = page.request.path_params
    kind: Kind = params["kind"] if params["kind"] in get_args(Kind) else _no_page()
    asked = page.request.query_params
    room = collections_of(page.request)
    others = max(len(room.libraries) - 1, 1)
    at_least = _whole(asked.get("at_least", ""), others if kind == "lacking" else 1)
    question = question_of(
        page.request, kind, params["library"], at_least=at_least, works=asked.get("works", "") in ("1", "true")
    )
    try:
        lines = await room.held.page(question, asked.get("after", ""), PER_PAGE)
    except ValueError as exc:
        raise InvalidRequest("The after is the cursor of a page of the same list.", field="after") from exc
    extra = {"at_least": str(at_least)} if kind == "lacking" else {"works": "true"} if question.only_works else {}
    here = f"{HOME}/{kind}/{question.library}"
    return page.html(
        "collections_lines.html",
        **await _common(page, room),
        kind=kind,
        question=question,
        member=page.labels.library(question.library),
        lines=lines,
        rows=[line_view(line, question.library, page.t, page.labels, page.link) for line in lines.lines],
        others=others,
        next=address(page.link(here), question.scope, extra | {"after": lines.cursor}) if lines.cursor else "",
        first=address(page.link(here), question.scope, extra) if asked.get("after") else "",
        files={
            kind_of_file: address(
                f"/api/collections/{question.library}/{kind}.{kind_of_file}",
                question.scope,
                extra | {"lang": page.language},
            )
            for kind_of_file in ("xlsx", "csv")
        },
    )


async def save(page: StaffPage) -> Response:
    """Saves the search of the address under a name, or forgets one."""
    form = await page.request.form(max_fields=20)
    room, scope = collections_of(page.request), scope_of(page.request)
    text = {name: value for name, value in form.items() if isinstance(value, str)}
    if "forget" in text:
        await asyncio.to_thread(room.saved.remove, text["forget"])
        return RedirectResponse(page.link(f"{HOME}/themes"), 303)
    await asyncio.to_thread(room.saved.add, text.get("name", ""), scope, page.actor.name)
    return RedirectResponse(address(page.link(HOME), scope), 303)


async def _compared(page: StaffPage) -> tuple[Answer, dict[str, Any]]:
    room = collections_of(page.request)
    answer = await room.comparisons.answer(scope_of(page.request))
    common = await _common(page, room)
    return answer, common | {"answer": answer, "figures": answer.figures}


async def _common(page: StaffPage, room: Collections) -> dict[str, Any]:
    scope = scope_of(page.request)
    whole = await room.comparisons.last(Scope.read())
    saved = await asyncio.to_thread(room.saved.all)
    return {
        "scope": scope_view(scope, (*room.themes, *saved), page.labels, page.t),
        "axes": TOLD_AXES,
        "choices": {name: _choices(axis, whole, scope, page) for name, axis in _CHOSEN_BY.items()},
        "link": lambda path, extra=None: address(page.link(f"{HOME}{path}"), scope, extra),
        "file": lambda name, extra=None: address(
            f"/api/collections/{name}", scope, {"lang": page.language, **(extra or {})}
        ),
        "figure": lambda figure: figure_text(figure, page.t),
        "themes": room.themes,
        "saved": saved,
        "zone": page.services.site.zone,
    }


_CHOSEN_BY: Mapping[str, Axis] = {"classification": "ncsclt", "language": "language", "format": "format"}
"""Fields of the form that narrows → the axis whose keys can be chosen."""


def _choices(axis: Axis, whole: Compared | None, scope: Scope, page: StaffPage) -> list[tuple[str, str]]:
    """What a field offers: keys that anything in the catalogue has, and the one that is chosen."""
    found = [key for key in keys(whole, axis) if key] if whole else []
    chosen = [value for name, value in scope.pairs if _CHOSEN_BY.get(name) == axis and value not in found]
    return [(key, axis_label(axis, key, page.labels, page.t)) for key in (*found, *chosen)]


def _waiting(page: StaffPage, common: dict[str, Any]) -> Response:
    """The page says how far it is and asks again of its own accord."""
    response = page.html("collections_waiting.html", 200, **common)
    response.headers["Refresh"] = "2"
    return response


def _axis(name: str) -> Axis:
    return next((axis for axis in AXES if axis == name), None) or _no_page()


def _no_page() -> Any:
    raise NotFound("There is nothing at this address.")


def _whole(text: str, otherwise: int) -> int:
    """A number as typed into a form, 1 or more."""
    return max(int(text), 1) if text.isascii() and text.isdigit() and len(text) <= 4 else otherwise


def _count(figure: object) -> int:
    return figure if isinstance(figure, int) else 0


def _of_shares(grid: Grid) -> Grid:
    """The same with shares for figures."""
    return replace(grid, rows=tuple(replace(row, figures=row.shares) for row in grid.rows))


add_page(router, HOME, collections_page, Role.SELECTOR)
add_page(router, HOME, save, Role.SELECTOR, methods=("POST",), shown=HOME)
add_page(router, f"{HOME}/themes", themes_page, Role.SELECTOR)
add_page(router, f"{HOME}/by/{{axis}}", axis_page, Role.SELECTOR)
add_page(router, f"{HOME}/{{kind}}/{{library}}", lines_page, Role.SELECTOR)
