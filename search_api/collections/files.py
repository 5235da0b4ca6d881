"""Files of collections compared: the figures, and lists of editions, as CSV and XLSX."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Annotated, Literal, get_args

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from starlette.responses import StreamingResponse

from search_api import sheets
from search_api.collections.api import SEARCH, Library
from search_api.collections.asked import question_of, scope_of
from search_api.collections.compared import AXES, Axis, Compared
from search_api.collections.held import Question
from search_api.collections.room import collections_of
from search_api.collections.tables import Grid, Of, axis_grid, line_cells, line_headings, members_grid, pairs_grid
from search_api.errors import InvalidRequest
from search_api.labels import Labels
from search_api.may_fail import staff_may_fail
from search_api.staff.access import Role, require
from search_api.texts import Texts, texts

Table = Literal[
    "members", "pairs", "shares", "ncsclt", "ncsclt_division", "ddc", "ddc_division", "decade", "language", "format"
]
Language = Annotated[Literal["zh-Hant", "en"], Query(description="Of the headings.")]

Kind = Annotated[sheets.Kind, Path(description="`csv` or `xlsx`.")]
Works = Annotated[bool, Query(description="Leave out what others hold in another edition.")]
AtLeast = Annotated[int, Query(ge=1, le=10_000, description="Held by at least so many others.")]

router = APIRouter(prefix="/api/collections", tags=["staff"], dependencies=[Depends(require(Role.SELECTOR))])


@router.get(
    "/figures.{kind}",
    summary="The figures as a file",
    response_class=Response,
    responses=staff_may_fail(),
    openapi_extra=SEARCH,
)
async def figures_file(
    request: Request,
    kind: Kind,
    *,
    table: Annotated[Table, Query(description="Of CSV.")] = "members",
    of: Annotated[Of, Query(description="Along an axis: what members hold, or only they.")] = "held",
    lang: Language = "zh-Hant",
) -> Response:
    """CSV of one table, or XLSX with a sheet for each."""
    found = await collections_of(request).comparisons.figures(scope_of(request))
    t, labels = texts(lang), Labels(collections_of(request).libraries, lang)
    name = t("collections.file_figures")
    if kind == "csv":
        grid = grid_of(found, table, labels, t, of)
        return _file(sheets.csv_file(*_cells(grid)), f"{name}-{table}", "csv")
    return await asyncio.to_thread(_workbook, found, labels, t, name)


def _workbook(found: Compared, labels: Labels, t: Texts, name: str) -> Response:
    book = sheets.Sheets()
    for table in ("members", "pairs", "shares"):
        book.add(t(f"collections.sheet_{table}"), *_cells(grid_of(found, table, labels, t)))
    for axis in AXES:
        for of in get_args(Of):
            name_of_sheet = f"{t(f'collections.sheet_{axis}')} {t(f'collections.of_{of}')}"
            book.add(name_of_sheet, *_cells(axis_grid(found, axis, of, labels, t)))
    with book.save() as file:
        return _file(file.read(), name, "xlsx")


def grid_of(found: Compared, table: str, labels: Labels, t: Texts, of: Of = "held") -> Grid:
    """A table of a comparison by its name."""
    if table == "members":
        return members_grid(found, labels, t)
    if table in ("pairs", "shares"):
        return pairs_grid(found, labels, t, shares=table == "shares")
    axis: Axis = next(axis for axis in AXES if axis == table)
    return axis_grid(found, axis, of, labels, t)


def _cells(grid: Grid) -> tuple[list[str], list[list[sheets.Cell]]]:
    rows: list[list[sheets.Cell]] = [[row.label, *map(_cell, row.figures)] for row in grid.rows]
    return [grid.corner, *grid.headings], rows


def _cell(figure: float | None) -> sheets.Cell:
    return round(figure, 4) if isinstance(figure, float) else figure


@router.get(
    "/{library}/unique.{kind}",
    summary="What only one library holds, as a file",
    response_class=Response,
    responses=staff_may_fail(404),
    openapi_extra=SEARCH,
)
async def unique_file(
    request: Request,
    library: Library,
    kind: Kind,
    *,
    works: Works = False,
    lang: Language = "zh-Hant",
) -> Response:
    """Every line of the list, in its order."""
    return await _lines_file(request, question_of(request, "unique", library, works=works), kind, lang)


@router.get(
    "/{library}/lacking.{kind}",
    summary="What others hold and a library does not, as a file",
    response_class=Response,
    responses=staff_may_fail(404),
    openapi_extra=SEARCH,
)
async def lacking_file(
    request: Request,
    library: Library,
    kind: Kind,
    *,
    at_least: AtLeast = 1,
    lang: Language = "zh-Hant",
) -> Response:
    """Every line of the list, in its order."""
    return await _lines_file(request, question_of(request, "lacking", library, at_least=at_least), kind, lang)


async def _lines_file(request: Request, question: Question, kind: sheets.Kind, lang: str) -> Response:
    room = collections_of(request)
    t, labels = texts(lang), Labels(room.libraries, lang)
    site = str(request.base_url).rstrip("/")
    headings = line_headings(question.kind, t)
    name = f"{t(f'collections.file_{question.kind}')}-{labels.library(question.library)}"
    total = await room.held.total(question)

    async def batches() -> AsyncIterator[Sequence[sheets.Row]]:
        async for lines in room.held.all(question):
            yield [line_cells(question.kind, line, question.library, labels, t, site=site) for line in lines]

    if kind == "csv":
        stream = sheets.csv_stream(headings, batches())
        return StreamingResponse(stream, media_type=sheets.MEDIA_TYPES["csv"], headers=sheets.attached(name, "csv"))
    if total > sheets.MAX_XLSX_ROWS:
        raise InvalidRequest(
            f"{total:,} editions are too many for a sheet of {sheets.MAX_XLSX_ROWS:,}; take CSV or narrow the search."
        )
    rows = [row async for batch in batches() for row in batch]

    def made() -> bytes:
        book = sheets.Sheets()
        book.add(t(f"collections.file_{question.kind}"), headings, rows, (44, 28, 20, 8, 16, 10, 10, 12, 18, 40))
        with book.save() as file:
            return file.read()

    return _file(await asyncio.to_thread(made), name, "xlsx")


def _file(content: bytes, name: str, kind: sheets.Kind) -> Response:
    return Response(content, media_type=sheets.MEDIA_TYPES[kind], headers=sheets.attached(name, kind))
