"""What goes wrong in a request, in one shape: ``{"error": {"code", "message", "field"?}}``.

    RequestFailed
    ├── InvalidRequest   400/422: mend the request
    ├── NotFound         404: there is no such thing, or no longer
    └── TemporarilyUnavailable  503: ask again later

Everything else that reaches a client (a wrong path, a wrong method, a fault of ours) gets the same shape.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from indexer.engine import EngineIncompatible, EngineUnavailable
from search_api.schemas.base import ErrorBody, ErrorDetail

logger = logging.getLogger(__name__)

_PLACES = ("query", "body", "path", "header")
_WORDS = {400: "bad_request", 404: "not_found", 405: "method_not_allowed", 413: "too_large", 415: "wrong_media_type"}


class RequestFailed(Exception):
    """A request that is answered with an error. ``field`` names the parameter, "" when none is to blame."""

    status = 500
    code = "internal"

    def __init__(self, message: str, *, field: str = "", code: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.code = code or self.code


class InvalidRequest(RequestFailed):
    """The request cannot be understood or asks for too much."""

    status = 422
    code = "invalid"


class NotFound(RequestFailed):
    """There is no such thing."""

    status = 404
    code = "not_found"


class TooLarge(RequestFailed):
    """The request's body is larger than allowed."""

    status = 413
    code = "too_large"


class TemporarilyUnavailable(RequestFailed):
    """A part of the catalogue cannot be used right now; the same request may succeed later."""

    status = 503
    code = "unavailable"


@dataclass(frozen=True, slots=True)
class Problem:
    """An error as it is told: the same for API and page."""

    status: int
    code: str
    message: str
    field: str = ""
    headers: tuple[tuple[str, str], ...] = ()


def problem(exc: Exception) -> Problem:
    """What an exception means to whoever asked; a fault of ours says nothing of itself."""
    if isinstance(exc, RequestFailed):
        retry = (("Retry-After", "5"),) if exc.status == 503 else ()
        return Problem(exc.status, exc.code, exc.message, exc.field, retry)
    if isinstance(exc, RequestValidationError):
        return problem(_invalid_request(exc.errors()[0]))
    if isinstance(exc, EngineUnavailable):
        return Problem(
            503, "unavailable", "The search engine cannot be reached right now.", "", (("Retry-After", "5"),)
        )
    if isinstance(exc, EngineIncompatible):
        return Problem(503, "incompatible", "The index was made by another version and has to be rebuilt.")
    if isinstance(exc, HTTPException):
        code = _WORDS.get(exc.status_code, "bad_request" if exc.status_code < 500 else "internal")
        return Problem(exc.status_code, code, f"{exc.detail}.", "", tuple((exc.headers or {}).items()))
    return Problem(500, "internal", "Something went wrong here. It has been noted.")


def invalid(exc: ValidationError) -> InvalidRequest:
    """What is wrong with values that came with a request and were read by a model."""
    return _invalid_request(exc.errors()[0])


def _invalid_request(error: Mapping[str, Any]) -> InvalidRequest:
    field = ".".join(place for place in error["loc"] if isinstance(place, str) and place not in _PLACES)
    if error["type"] == "extra_forbidden":
        return InvalidRequest(f"There is no parameter {field}.", field=field, code="unknown_parameter")
    if error["type"] == "json_invalid":
        return InvalidRequest("The body is not valid JSON.", code="not_json")
    return InvalidRequest(f"{error['msg'].removeprefix('Value error, ')}.", field=field)


def error_response(found: Problem) -> Response:
    """The one JSON shape of an error."""
    body = ErrorBody(error=ErrorDetail(code=found.code, message=found.message, field=found.field or None))
    return Response(
        body.model_dump_json(exclude_none=True), found.status, dict(found.headers), media_type="application/json"
    )


ErrorPage = Callable[[Request, Problem], Awaitable[Response]]


def answer_errors(app: FastAPI, page: ErrorPage | None = None) -> None:
    """Answers every error of the API in the one shape, and of the pages with ``page`` (JSON without it)."""

    async def answer(request: Request, exc: Exception) -> Response:
        found = problem(exc)
        if found.status == 500:
            logger.error("%s %s failed", request.method, request.url.path, exc_info=exc)
        if page is None or request.url.path.startswith("/api"):
            return error_response(found)
        return await page(request, found)

    for kind in (
        RequestFailed,
        RequestValidationError,
        EngineUnavailable,
        EngineIncompatible,
        HTTPException,
        Exception,
    ):
        app.add_exception_handler(kind, answer)
