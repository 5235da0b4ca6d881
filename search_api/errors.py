"""What goes wrong in a request, in one shape: ``{"error": {"code", "message", "field"?}}``.

    RequestFailed
    ├── InvalidRequest          422: mend the request
    ├── Unauthorised            401: say who you are, with the token that was agreed on
    ├── Forbidden               403: not for you, or not from there
    ├── NotFound                404: there is no such thing
    │   └── Gone                410: there was, and there is no longer
    ├── Conflict                409: it contradicts what holds
    ├── TooLarge                413: send less
    └── WrongMediaType          415: send another kind

The engine's ``EngineUnavailable`` is 503: ask again later.

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
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from indexer.engine import EngineEmpty, EngineIncompatible, EngineUnavailable
from search_api.schemas.base import ErrorBody, ErrorDetail

logger = logging.getLogger(__name__)

_PLACES = ("query", "body", "path", "header")
_WORDS = {400: "bad_request", 404: "not_found", 405: "method_not_allowed", 413: "too_large", 415: "wrong_media_type"}
_SENTENCES = {404: "There is nothing at this address.", 405: "This address does not take this method."}


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


class Unauthorised(RequestFailed):
    """The request does not bring the token that it needs."""

    status = 401
    code = "unauthorised"


class Forbidden(RequestFailed):
    """Whoever asks is known and may not."""

    status = 403
    code = "forbidden"


class NotFound(RequestFailed):
    """There is no such thing."""

    status = 404
    code = "not_found"


class Gone(NotFound):
    """There was such a thing, and there is no longer."""

    status = 410
    code = "gone"


class Conflict(RequestFailed):
    """What is asked contradicts what holds; the message says what does."""

    status = 409
    code = "conflict"


class TooLarge(RequestFailed):
    """The request's body is larger than allowed."""

    status = 413
    code = "too_large"


class WrongMediaType(RequestFailed):
    """The request's body is of a kind that is not read."""

    status = 415
    code = "wrong_media_type"


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
        headers = (("WWW-Authenticate", "Bearer"),) if isinstance(exc, Unauthorised) else ()
        return Problem(exc.status, exc.code, exc.message, exc.field, headers)
    if isinstance(exc, RequestValidationError):
        return problem(_invalid_request(exc.errors()[0]))
    if isinstance(exc, EngineEmpty):
        return Problem(
            503, "not_indexed", "There is no index, or nothing in it; it has to be filled from the catalogue."
        )
    if isinstance(exc, EngineUnavailable):
        return Problem(
            503, "unavailable", "The search engine cannot be reached right now.", "", (("Retry-After", "5"),)
        )
    if isinstance(exc, EngineIncompatible):
        return Problem(503, "incompatible", "The index is damaged or of another version and has to be rebuilt.")
    if isinstance(exc, HTTPException):
        code = _WORDS.get(exc.status_code, "bad_request" if exc.status_code < 500 else "internal")
        message = _SENTENCES.get(exc.status_code, f"{exc.detail}.")
        return Problem(exc.status_code, code, message, "", tuple((exc.headers or {}).items()))
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


def answer_problem(page: ErrorPage) -> ErrorPage:
    """Tells a problem to whoever asks the API in the one shape, to everybody else with ``page``."""

    async def answer(request: Request, found: Problem) -> Response:
        return error_response(found) if request.url.path.startswith("/api") else await page(request, found)

    return answer


def answer_errors(app: FastAPI, page: ErrorPage) -> None:
    """Answers every error of the API in the one shape, and those of the pages with ``page``."""

    tell = answer_problem(page)

    async def answer(request: Request, exc: Exception) -> Response:
        found = problem(exc)
        if found.status == 503:
            logger.warning("%s %s: %s", request.method, request.url.path, exc)
        return await tell(request, found)

    for kind in (RequestFailed, RequestValidationError, EngineUnavailable, EngineIncompatible, HTTPException):
        app.add_exception_handler(kind, answer)
    app.add_middleware(_Failures, answer)


class _Failures:
    """Answers what nobody foresaw. Starlette would do so outside of every other middleware, without their headers."""

    def __init__(self, app: ASGIApp, answer: Callable[[Request, Exception], Awaitable[Response]]) -> None:
        self._app = app
        self._answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def sending(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, sending)
        except Exception as exc:
            if scope["type"] != "http" or started:
                raise  # half an answer cannot be taken back; the server ends the connection and logs it
            logger.exception("%s %s failed", scope["method"], scope["path"])
            await (await self._answer(Request(scope), exc))(scope, receive, send)
