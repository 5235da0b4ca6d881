"""One request over the line: whole redirects, time-outs, turns at a host, and nothing sent twice unseen."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from http import HTTPStatus

import aiohttp
from aiohttp import ClientHandlerType, ClientRequest, ClientResponse
from yarl import URL

from harvester.access import Access, redacted
from harvester.errors import AccessRefused, LedInCircles
from harvester.turns import Turns
from mappings.library import Harvest

CONNECT_SECONDS = 30.0
MAX_REDIRECTS = 5
PERMANENT_REDIRECTS = {HTTPStatus.MOVED_PERMANENTLY, HTTPStatus.PERMANENT_REDIRECT}
REDIRECTS = PERMANENT_REDIRECTS | {HTTPStatus.FOUND, HTTPStatus.SEE_OTHER, HTTPStatus.TEMPORARY_REDIRECT}

Sleep = Callable[[float], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Patience:
    """How long, how often and how much, for one member."""

    timeout_seconds: float = 120.0  # of silence within an answer
    retries: int = 4
    pause_seconds: float = 0.0
    max_bytes: int = 256 * 1024 * 1024
    first_byte_seconds: float = 300.0  # until an answer begins
    whole_seconds: float = 3600.0  # for one whole answer, however steadily it drips
    absence_seconds: float = 24 * 3600.0  # that a server may ask to be left alone for

    @classmethod
    def of(cls, harvest: Harvest) -> Patience:
        return cls(
            timeout_seconds=harvest.timeout_seconds,
            retries=harvest.retries,
            pause_seconds=harvest.pause_seconds,
            max_bytes=harvest.max_page_bytes,
            first_byte_seconds=harvest.first_byte_seconds,
            absence_seconds=harvest.longest_absence_hours * 3600,
        )


@dataclass(frozen=True, slots=True)
class Received:
    """A response whose body is still to come."""

    response: ClientResponse
    limit: asyncio.Timeout
    moved_to: str
    led_to: str  # where redirects of any kind led; as it may be shown


class _ConnectionDropped(aiohttp.ClientError):
    """The connection went away after the request may have been sent."""


async def _never_resend(request: ClientRequest, handler: ClientHandlerType) -> ClientResponse:
    # On a kept connection aiohttp sends a GET a second time by itself when the first got no answer. Where tokens
    # are used up by asking, that loses a page in silence; an exception it does not know keeps it from doing so.
    try:
        return await handler(request)
    except aiohttp.ClientConnectorError:
        raise
    except (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError) as exc:
        raise _ConnectionDropped(f"the connection was dropped: {exc}") from exc


class Transport:
    """The connections of one session, one at a time to a host; an asynchronous context manager."""

    def __init__(self, headers: dict[str, str], hosts_at_once: int, sleep: Sleep, turns: Turns) -> None:
        self._headers = headers
        self._sleep = sleep
        self._turns = turns
        self._places = asyncio.Semaphore(hosts_at_once)
        self._session: aiohttp.ClientSession | None = None

    async def open(self) -> None:
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0, limit_per_host=1),
            headers={"Accept-Encoding": "gzip"} | self._headers,
            middlewares=(_never_resend,),
            cookie_jar=aiohttp.DummyCookieJar(),
            # Servers announce compression they do not do, and break off what they compress, which aiohttp takes for
            # the end: whoever reads the bytes looks at what they are.
            auto_decompress=False,
        )

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    @asynccontextmanager
    async def received(
        self, url: URL, patience: Patience, headers: dict[str, str], access: Access
    ) -> AsyncIterator[Received]:
        """The response at the end of the redirects; credentials go to the host that was asked and to no other."""
        # Waiting for a turn happens here and not in the connector, where it would count against the time-outs.
        async with self._turns.at(host_of(url)) as asked_before, self._places:
            if patience.pause_seconds and asked_before:
                await self._sleep(patience.pause_seconds)
            at, permanent = access.entered(url), True
            entered = at.origin()
            for hop in range(MAX_REDIRECTS + 1):
                upgraded = at.host == url.host and (url.scheme, at.scheme) == ("http", "https")
                sent = headers | (dict(access.headers) if upgraded or at.origin() == entered else {})
                async with (
                    asyncio.timeout_at(_from_now(patience.first_byte_seconds)) as limit,
                    self._get(at, sent, access) as response,
                ):
                    where = response.headers.get("Location", "") if response.status in REDIRECTS else ""
                    if not where:
                        shown_at = access.shown(redacted(str(at)))
                        moved_to = shown_at if hop and permanent else ""
                        yield Received(response, limit, moved_to, shown_at if hop else "")
                        return
                    permanent = permanent and response.status in PERMANENT_REDIRECTS
                    at = at.join(address(where))
            raise LedInCircles(f"{shown(url)}: leads from one address to the next and to no answer")

    @asynccontextmanager
    async def _get(self, at: URL, headers: dict[str, str], access: Access) -> AsyncIterator[ClientResponse]:
        if self._session is None:
            raise RuntimeError("the session is used before it is entered")
        if access.user_agent:
            headers = headers | {"User-Agent": access.user_agent}
        tls = True if access.tls is None else access.tls
        limits = aiohttp.ClientTimeout(sock_connect=CONNECT_SECONDS)
        async with self._session.get(at, headers=headers, timeout=limits, ssl=tls, allow_redirects=False) as response:
            yield response


async def chunks(received: Received, patience: Patience, size: int) -> AsyncIterator[bytes]:
    """The body as it arrives, no silence longer than the member's time-out."""
    received.limit.reschedule(_from_now(patience.timeout_seconds))
    async for chunk in received.response.content.iter_chunked(size):
        received.limit.reschedule(_from_now(patience.timeout_seconds))
        yield chunk


def _from_now(seconds: float) -> float:
    return asyncio.get_running_loop().time() + seconds


def address(text: str) -> URL:
    """A URL as it stands, its percent-encoding untouched.

    Raises: AccessRefused when it is not one.
    """
    try:
        return URL(text, encoded=True)
    except ValueError as exc:
        raise AccessRefused(f"{redacted(text)!r} is no address: {exc}") from exc


def host_of(url: URL) -> str:
    """The origin of a URL: what has one turn, one health and one set of credentials.

    Raises: AccessRefused when it has none.
    """
    try:
        return str(url.origin())
    except ValueError as exc:
        raise AccessRefused(f"{shown(url)} is no address: {exc}") from exc


def shown(url: URL) -> str:
    """A URL without what looks like a key."""
    return redacted(str(url))
