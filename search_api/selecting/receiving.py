"""What comes with a request as a list: a body of any kind that is read, or a form with a file and words on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import orjson
from fastapi import Request
from pydantic import ValidationError
from starlette.datastructures import UploadFile

from search_api.errors import InvalidRequest, TooLarge, WrongMediaType, invalid
from search_api.schemas.selecting import OverlapQuestion
from search_api.selecting.files import MAX_FILE_BYTES
from search_api.selecting.given import ListRefused
from search_api.selecting.listing import Options

KINDS = (
    *("text/plain", "text/csv", "text/tab-separated-values", "text/xml", "application/xml", "application/marcxml+xml"),
    *("application/marc", "application/octet-stream", "application/vnd.ms-excel"),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
)
FORM = "multipart/form-data"
BESIDE = 256 * 1024
"""Bytes of a form that are not the list."""


@dataclass(frozen=True, slots=True)
class Received:
    """A list and what was said of it."""

    data: bytes
    name: str
    source: str
    options: Options


def options_of(given: Mapping[str, str]) -> Options:
    """What a person says of a list, by the names of `Options`; what is empty is left to be found out.

    Raises: InvalidRequest.
    """
    header = given.get("header", "").strip()
    if header and not (header.isascii() and header.isdigit() and int(header) <= 1000):
        raise InvalidRequest("The row of the headings is a number, 0 when there are none.", field="header")
    return Options(
        encoding=given.get("encoding", "").strip(),
        sheet=given.get("sheet", "").strip(),
        header=int(header) if header else None,
        columns=given.get("columns", "").strip(),
        currency=given.get("currency", "").strip().upper() or "TWD",
    )


def refuse_too_large(request: Request) -> None:
    """Raises: TooLarge, before anything of a form is read; InvalidRequest when a form does not say how large it is."""
    kind = _kind(request)
    length = request.headers.get("content-length", "")
    if kind == FORM and not length.isdigit():
        raise InvalidRequest("Say how large the form is: Content-Length.")
    if length.isdigit() and int(length) > MAX_FILE_BYTES + BESIDE:
        raise TooLarge(f"A list may have {MAX_FILE_BYTES // 1024**2} MB.")


async def received(request: Request, query: Mapping[str, str]) -> Received:
    """The list that a request brings; what a form says of it goes before what its address says.

    Raises: InvalidRequest, TooLarge, WrongMediaType.
    """
    refuse_too_large(request)
    kind = _kind(request)
    if kind == FORM:
        return await _of_form(request, query)
    body = await _body(request)
    if kind in ("application/json", ""):
        return _of_json(body, query)
    if kind not in KINDS:
        raise WrongMediaType(f"A list is JSON, text, CSV, XLSX, MARC or a form, not {kind}.", field="Content-Type")
    return Received(body, query.get("name", ""), "", options_of(query))


def _kind(request: Request) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


async def _of_form(request: Request, query: Mapping[str, str]) -> Received:
    form = await request.form(max_files=2, max_fields=60)
    said = {**query, **{name: value for name, value in form.items() if isinstance(value, str)}}
    file = form.get("file")
    if isinstance(file, UploadFile) and file.filename:
        data = await file.read(MAX_FILE_BYTES + 1)
        source = file.filename.replace("\\", "/").rpartition("/")[2]
    else:
        data, source = said.get("list", "").encode(), ""
    return Received(data, said.get("name", "").strip() or source.rpartition(".")[0], source, options_of(said))


def _of_json(body: bytes, query: Mapping[str, str]) -> Received:
    try:
        question = OverlapQuestion.model_validate_json(body)
    except ValidationError as exc:
        raise invalid(exc) from exc
    if bool(question.isbns) == bool(question.lines):
        raise InvalidRequest("Give either isbns or lines.", field="isbns")
    lines = [one.model_dump() for one in question.lines] or [{"isbn": isbn} for isbn in question.isbns]
    return Received(orjson.dumps({"lines": lines}), question.name, "", options_of(query))


async def _body(request: Request) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_FILE_BYTES:
            raise TooLarge(f"A list may have {MAX_FILE_BYTES // 1024**2} MB.")
    return bytes(body)


def refused(exc: ListRefused) -> InvalidRequest:
    """A list that cannot be read, as an error of the API."""
    return InvalidRequest(str(exc), code=f"list_{exc.why}")
