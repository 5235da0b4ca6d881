"""The API of lists before a purchase: send one, have its report, filtered and summed, and its downloads."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request
from starlette.responses import Response

from search_api.errors import Forbidden, InvalidRequest
from search_api.labels import Labels
from search_api.may_fail import staff_may_fail
from search_api.schemas import selecting as bodies
from search_api.selecting.answering import Answered, Answers
from search_api.selecting.asking import LONGEST_PAGE, Asked, refuse_no_region, refuse_unknown
from search_api.selecting.buying import MOST_HOLDERS, Match, Scope, Verdict
from search_api.selecting.downloads import COLUMNS, csv_of, xlsx_of
from search_api.selecting.found import Bucket, Remark
from search_api.selecting.given import ListRefused
from search_api.selecting.listing import opened
from search_api.selecting.matching import Shelves
from search_api.selecting.receiving import FORM, KINDS, Received, options_of, received, refuse_too_large, refused
from search_api.selecting.reports import Report, Reports
from search_api.selecting.running import Desk
from search_api.selecting.selection import Sort
from search_api.selecting.shapes import overlap_body, report_body, report_url
from search_api.selecting.words import Words
from search_api.services import Services
from search_api.sheets import MEDIA_TYPES, Kind, attached
from search_api.staff.access import Actor, Role, require
from search_api.texts import STAFF_LANGUAGES, texts

WAIT_SECONDS = 4.0
"""How long a request waits for its report; one that takes longer answers 202 with where it will be."""

router = APIRouter(prefix="/api/overlap", tags=["staff"])

Selector = Annotated[Actor, Depends(require(Role.SELECTOR))]
ReportId = Annotated[str, Path(max_length=24, description="A report's id.")]


def desk_of(request: Request) -> Desk:
    """The desk of the application that a request came to."""
    found: Desk = request.app.state.desk
    return found


def answers_of(request: Request) -> Answers:
    found: Answers = request.app.state.answers
    return found


def open_desk(services: Services) -> tuple[Desk, Answers]:
    """The desk and its answers, over opened services.

    Raises: StoreUnusable.
    """
    reports = Reports(services.store)
    desk = Desk(reports, Shelves(services.engine, services.catalogue, services.libraries))
    return desk, Answers(reports, services.libraries)


def words_of(request: Request) -> Mapping[str, Words]:
    """The words of every language that staff read."""
    services: Services = request.app.state.services
    return {language: Words(texts(language), Labels(services.libraries, language)) for language in STAFF_LANGUAGES}


def _question_schema() -> dict[str, Any]:
    """A list as JSON, as OpenAPI describes it: in one piece, for nothing else refers to it."""
    schema = bodies.OverlapQuestion.model_json_schema()
    schema["properties"]["lines"]["items"] = schema.pop("$defs")["WantedBody"]
    return schema


class Saying:
    """What the address of a request says of a list that would be read wrongly."""

    def __init__(
        self,
        *,
        columns: Annotated[str, Query(max_length=500, description="Which columns are which: `isbn=C,title=2`.")] = "",
        header: Annotated[str, Query(max_length=4, description="The row of the headings, from 1; 0: none.")] = "",
        sheet: Annotated[str, Query(max_length=100, description="Of a workbook: its name or number.")] = "",
        encoding: Annotated[str, Query(max_length=32, description="The character set: big5, utf-16 …")] = "",
        currency: Annotated[str, Query(max_length=3, description="Of prices that name none (ISO 4217).")] = "TWD",
    ) -> None:
        self.said = {"columns": columns, "header": header, "sheet": sheet, "encoding": encoding, "currency": currency}


async def kept(request: Request, actor: Actor, sent: Received) -> str:
    """Keeps a list that was sent and begins its report; the report's id.

    Raises: ListRefused when it cannot be read at all.
    """
    desk = desk_of(request)
    await asyncio.to_thread(opened, sent.data, sent.options)  # whoever sends a picture is told at once
    report = await asyncio.to_thread(
        desk.reports.add, sent.data, sent.name, sent.source, sent.options, made_by=actor.name, library=actor.library
    )
    task = desk.start(report)
    await asyncio.wait([task], timeout=WAIT_SECONDS)
    if task.done() and not task.cancelled() and (exc := task.exception()) is not None:
        raise exc
    return report


@router.post(
    "",
    summary="Who already holds these",
    response_model=bodies.OverlapBody,
    responses={
        202: {"description": "It takes longer: `Location` is where the report will be."},
        **staff_may_fail(413, 415),
    },
    dependencies=[Depends(refuse_too_large)],
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {"schema": _question_schema()},
                **{kind: {"schema": {"type": "string", "format": "binary"}} for kind in KINDS},
                FORM: {
                    "schema": {
                        "type": "object",
                        "properties": {
                            "file": {"type": "string", "format": "binary"},
                            "list": {"type": "string", "description": "Pasted lines, instead of a file."},
                        },
                    }
                },
            },
        }
    },
)
async def check_list(
    request: Request,
    response: Response,
    actor: Selector,
    saying: Annotated[Saying, Depends(Saying)],
    name: Annotated[str, Query(max_length=200, description="What to call the report.")] = "",
) -> bodies.OverlapBody:
    """A list as JSON, pasted text, CSV, XLSX, ISO 2709, MARCXML or KBART, up to 100,000 lines. Every line ends in
    exactly one bucket, and the report is kept for ninety days under its own address."""
    try:
        sent = await received(request, {**saying.said, "name": name})
    finally:
        await request.close()  # the file of a form
    try:
        report = await kept(request, actor, sent)
    except ListRefused as exc:
        raise refused(exc) from exc
    asked = Asked(mine=actor.library, size=LONGEST_PAGE)
    answered = await asyncio.to_thread(answers_of(request).page, report, asked)
    if answered.report.state == "refused":
        raise InvalidRequest(answered.report.message, code=f"list_{answered.report.why}")
    response.headers["Location"] = report_url(report)
    if not answered.report.finished:
        response.status_code = 202
    return overlap_body(answered, words_of(request))


@router.get("", summary="Reports made before", responses=staff_may_fail())
async def reports_made(request: Request, actor: Selector) -> bodies.ReportsBody:
    """Those of one's own library, the newest first; of the consortium's own staff: all."""
    found = await asyncio.to_thread(answers_of(request).reports.latest, actor.library, 100)
    return bodies.ReportsBody(reports=tuple(map(report_body, found)))


class Choosing:
    """The parameters of a report, described one by one; what they say is read by `Asked`."""

    def __init__(
        self,
        *,
        n: Annotated[int, Query(ge=1, le=MOST_HOLDERS, description="Buy if fewer than so many hold it.")] = 2,
        scope: Annotated[Scope, Query(description="Who counts. `both`: all, and one's own region has none.")] = "both",
        match: Annotated[Match, Query(description="Any edition of the work counts, or this one alone.")] = "any",
        mine: Annotated[
            str | None, Query(max_length=32, description="One's own library, if not that of the account.")
        ] = None,
        multiply: Annotated[bool, Query(description="Prices times the copies that a line asks for.")] = True,
        bucket: Annotated[list[Bucket] | None, Query(description="Only lines in these.")] = None,
        verdict: Annotated[list[Verdict] | None, Query(description="Only lines with these.")] = None,
        library: Annotated[str, Query(max_length=32, description="Only lines that this library holds.")] = "",
        lacking: Annotated[str, Query(max_length=32, description="Only lines that this library does not hold.")] = "",
        remark: Annotated[Remark | None, Query(description="Only lines with this remark.")] = None,
        repeated: Annotated[bool, Query(description="Only lines that repeat an earlier one.")] = False,
        q: Annotated[str, Query(max_length=200, description="Only lines with these words or numbers.")] = "",
        sort: Annotated[Sort, Query(description="In which order.")] = "number",
        desc: Annotated[bool, Query(description="In falling order.")] = False,
        page: Annotated[int, Query(ge=1, le=100_000, description="Which page.")] = 1,
        size: Annotated[int, Query(ge=1, le=LONGEST_PAGE, description="Lines of a page.")] = 50,
    ) -> None:
        self.given = {name: value for name, value in locals().items() if name != "self" and value is not None}

    def asked(self, mine: str, columns: str = "") -> Asked:
        """Raises: InvalidRequest."""
        pairs: list[tuple[str, str]] = [("columns", columns)]
        for name, value in self.given.items():
            pairs += [(name, str(one)) for one in (value if isinstance(value, list) else [value])]
        return Asked.read(pairs, mine)


Chosen = Annotated[Choosing, Depends(Choosing)]


def _asked(request: Request, asked: Asked, actor: Actor) -> Asked:
    refuse_unknown(asked, answers_of(request).libraries, actor.library)
    refuse_no_region(asked)
    return asked


@router.get("/{report}", summary="A report", responses=staff_may_fail(404))
async def report_of(request: Request, report: ReportId, actor: Selector, choosing: Chosen) -> bodies.OverlapBody:
    """How far it is, its sums, what to buy by the rule, and one page of the lines chosen."""
    asked = _asked(request, choosing.asked(actor.library), actor)
    answered: Answered = await asyncio.to_thread(answers_of(request).page, report, asked)
    return overlap_body(answered, words_of(request))


@router.get(
    "/{report}/lines.{kind}",
    summary="A report as a file",
    response_class=Response,
    responses={200: {"content": {"text/csv": {}, MEDIA_TYPES["xlsx"]: {}}}, **staff_may_fail(404)},
)
async def report_file(
    request: Request,
    report: ReportId,
    kind: Annotated[Kind, Path(description="csv or xlsx.")],
    actor: Selector,
    choosing: Chosen,
    *,
    columns: Annotated[
        str, Query(max_length=500, description=f"Of {', '.join(COLUMNS)}; the usual ones if none.")
    ] = "",
    language: Annotated[str, Query(pattern="^(zh-Hant|en)$", description="Of headings and words.")] = "zh-Hant",
) -> Response:
    """The lines chosen, with the figures of the report; no cell is a formula."""
    asked = _asked(request, choosing.asked(actor.library, columns), actor)
    return await file_of(request, report, asked, kind, words_of(request)[language])


async def file_of(request: Request, report: str, asked: Asked, kind: Kind, words: Words) -> Response:
    """A report as a file to be saved.

    Raises: NotFound.
    """
    answers = answers_of(request)
    zone = request.app.state.services.site.zone

    def made() -> tuple[Report, bytes]:
        found, totals, lines = answers.all_lines(report, asked)
        columns = asked.shown_columns
        if kind == "csv":
            return found, csv_of(lines, columns, words)
        return found, xlsx_of(found, totals, lines, columns, words=words, zone=zone)

    found, data = await asyncio.to_thread(made)
    return Response(data, media_type=MEDIA_TYPES[kind], headers=attached(found.name or "overlap", kind))


@router.post(
    "/{report}/again", summary="Read a list once more, otherwise", status_code=202, responses=staff_may_fail(404)
)
async def again(
    request: Request,
    report: ReportId,
    actor: Selector,
    saying: Annotated[Saying, Depends(Saying)],
) -> bodies.ReportBody:
    """The same list with columns, sheet, character set or currency corrected, under the same address."""
    try:
        found = await read_again(request, report, actor, saying.said)
    except ListRefused as exc:
        raise refused(exc) from exc
    return report_body(found)


async def read_again(request: Request, report: str, actor: Actor, said: Mapping[str, str]) -> Report:
    """Begins a report once more.

    Raises: NotFound, Forbidden for another library's report, ListRefused.
    """
    desk, answers = desk_of(request), answers_of(request)
    options = options_of(said)
    refuse_strangers(await asyncio.to_thread(answers.report, report), actor)
    await asyncio.to_thread(lambda: opened(desk.reports.payload(report), options))
    await asyncio.to_thread(desk.reports.again, report, options)
    await asyncio.wait([desk.start(report)], timeout=WAIT_SECONDS)
    return await asyncio.to_thread(answers.report, report)


@router.delete("/{report}", summary="Forget a report", status_code=204, responses=staff_may_fail(404))
async def forget(request: Request, report: ReportId, actor: Selector) -> Response:
    """The list, its lines and its report are removed."""
    answers = answers_of(request)
    refuse_strangers(await asyncio.to_thread(answers.report, report), actor)
    await asyncio.to_thread(answers.reports.remove, report)
    return Response(status_code=204)


def refuse_strangers(report: Report, actor: Actor) -> None:
    """Raises: Forbidden for another library's report, unless one is of the consortium's own staff."""
    if actor.library and report.library != actor.library:
        raise Forbidden("This report is another library's.")
