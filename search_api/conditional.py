"""What is asked for again and has not changed is not sent again; HEAD is answered wherever GET is.

Every whole answer to GET gets a weak ETag of its content (RFC 9110, 8.8.3); one that the asker has already is answered
304. Who has no ETag is answered by Last-Modified, where an answer says it.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

REVALIDATED = "no-cache"
"""Kept by browsers, and asked about before it is shown again: whether a copy is there changes by the minute."""

STATIC_KEPT = "public, max-age=31536000, immutable"
STATIC_UNNAMED = "public, max-age=3600"
"""A static file whose address does not change with its content."""

_KEPT_BY_304 = ("etag", "cache-control", "vary", "last-modified", "content-language", "expires")
_ASKS_LIBRARIES = ("/live", "/availability")
"""Ends of addresses that ask the libraries' systems: nobody shall be asked for the sake of headers."""


class AnsweredHead:
    """Answers HEAD by GET, without the body: all that stands around it is the same, its length as it is sent too."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "HEAD" or scope["path"].endswith(_ASKS_LIBRARIES):
            await self._app(scope, receive, send)
            return
        asked = {**scope, "method": "GET"}

        async def without_body(message: Message) -> None:
            if "route" in asked:
                scope["route"] = asked["route"]  # what requests are counted by
            await send({**message, "body": b""} if message["type"] == "http.response.body" else message)

        await self._app(asked, receive, without_body)


class Conditional:
    """Answers 304 where the asker has the answer already, and says of every answer how it may be kept."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] == "GET":
            await self._app(scope, receive, _Answer(scope, send))
        else:
            await self._app(scope, receive, send)


class _Answer:
    """One answer on its way: its start waits for the body, unless that comes in pieces."""

    def __init__(self, scope: Scope, send: Send) -> None:
        self._scope = scope
        self._send = send
        self._start: Message | None = None

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            _set_caching(self._scope["path"], self._scope["query_string"], headers)
            if headers.get("content-type", "").startswith("text/event-stream"):
                await self._send(message)  # whoever listens learns at once that it is heard
            else:
                self._start = message
            return
        if message["type"] == "http.response.body" and self._start is not None:
            start, self._start = self._start, None
            if not message.get("more_body") and self._is_unchanged(start, message.get("body", b"")):
                kept = [(name, value) for name, value in start["headers"] if name.decode() in _KEPT_BY_304]
                await self._send({"type": "http.response.start", "status": 304, "headers": kept})
                await self._send({"type": "http.response.body", "body": b""})
                return
            await self._send(start)
        await self._send(message)

    def _is_unchanged(self, start: Message, body: bytes) -> bool:
        """Whether the asker has this very answer; gives it its ETag."""
        headers = MutableHeaders(scope=start)
        if start["status"] != 200 or "no-store" in headers.get("cache-control", ""):
            return False
        if "etag" not in headers:
            headers["etag"] = f'W/"{hashlib.blake2b(body, digest_size=9).hexdigest()}"'
        given = Headers(scope=self._scope)
        named = given.get("if-none-match")
        if named is not None:
            tags = {tag.strip().removeprefix("W/") for tag in named.split(",")}
            return named.strip() == "*" or headers["etag"].removeprefix("W/") in tags
        changed = _moment(headers.get("last-modified"))
        return changed is not None and _has_since(given, changed)


def _set_caching(path: str, query: bytes, headers: MutableHeaders) -> None:
    if "cache-control" in headers:
        return
    if path.startswith("/static/"):
        headers["cache-control"] = STATIC_KEPT if query else STATIC_UNNAMED
    else:
        headers["cache-control"] = REVALIDATED


def unchanged(request: Request, changed: datetime) -> Response | None:
    """The answer 304 for who has seen the page since it last changed and brings no ETag: crawlers, mostly. None for
    all others. What only a live answer changes does not count."""
    if "if-none-match" in request.headers or not _has_since(request.headers, changed.replace(microsecond=0)):
        return None
    return Response(status_code=304, headers={"Last-Modified": http_date(changed)})


def http_date(moment: datetime) -> str:
    """A moment as HTTP writes it."""
    return format_datetime(moment.astimezone(UTC), usegmt=True)


def _has_since(headers: Headers, changed: datetime) -> bool:
    seen = _moment(headers.get("if-modified-since"))
    return seen is not None and changed <= seen


def _moment(text: str | None) -> datetime | None:
    """A moment of a header; None for one that cannot be read, which then counts as not sent."""
    try:
        found = parsedate_to_datetime(text) if text else None
    except ValueError:
        return None
    return found.replace(tzinfo=UTC) if found is not None and found.tzinfo is None else found
