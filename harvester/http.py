"""The patient session: how member libraries' servers are asked for records.

One request at a time per host, back-off with jitter, Retry-After honoured, sizes capped, and no request ever sent
twice behind the harvester's back. Availability has a policy of its own and never uses this one.
"""

from __future__ import annotations

import asyncio
import importlib.metadata
import random
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from types import TracebackType
from typing import BinaryIO, Generic, TypeVar

import aiohttp
from aiohttp import ClientHandlerType, ClientRequest, ClientResponse
from yarl import URL

from harvester.errors import AccessRefused, AnswerRefused, AnswerTooLarge, ComeBackLater, SourceUnreachable
from mappings.library import Harvest

CONNECT_SECONDS = 30.0
FIRST_BACK_OFF_SECONDS = 1.0
LONGEST_BACK_OFF_SECONDS = 60.0
LONGEST_RETRY_AFTER_SECONDS = 300.0  # more is not slept through: the run ends and goes on at the next harvest
MAX_REDIRECTS = 5
CHUNK_BYTES = 64 * 1024
WORTH_ASKING_AGAIN = {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS}
NOT_CARRIED_OUT = {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}  # the server says it did nothing
GZIP_MAGIC = b"\x1f\x8b"

T = TypeVar("T")
Sleep = Callable[[float], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Patience:
    """How long, how often and how much, for one member."""

    timeout_seconds: float = 120.0  # for one answer
    retries: int = 4
    pause_seconds: float = 0.0
    max_bytes: int = 256 * 1024 * 1024

    @classmethod
    def of(cls, harvest: Harvest) -> Patience:
        return cls(harvest.timeout_seconds, harvest.retries, harvest.pause_seconds, harvest.max_page_bytes)


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer, whatever its status."""

    url: str
    status: int
    body: bytes
    date: datetime | None = None  # of the Date header
    retry_after: str = ""

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300


@dataclass(frozen=True, slots=True)
class Asked(Generic[T]):
    """What was read from an answer; ``disturbed``: the server may have carried out the request more than once."""

    value: T
    answer: Answer
    disturbed: bool


@dataclass(frozen=True, slots=True)
class Download:
    """A file as it was fetched; not ``modified`` when the server says that its validators still hold."""

    modified: bool
    etag: str = ""
    last_modified: str = ""


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


class PatientSession:
    """One session for a whole harvest; an asynchronous context manager."""

    def __init__(
        self, *, contact: str = "", sleep: Sleep = asyncio.sleep, jitter: Callable[[], float] = random.random
    ) -> None:
        version = importlib.metadata.version("allshelves")
        self._headers = {"User-Agent": f"Allshelves/{version} (union catalogue harvester{contact and '; ' + contact})"}
        if contact:
            self._headers["From"] = contact
        self._sleep = sleep
        self._jitter = jitter
        self._hosts: dict[str, asyncio.Lock] = {}
        self._plain: set[str] = set()  # hosts whose compression is broken
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> PatientSession:
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0, limit_per_host=1),
            headers=self._headers,
            middlewares=(_never_resend,),
            cookie_jar=aiohttp.DummyCookieJar(),
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._session is not None:
            await self._session.close()

    async def ask(
        self,
        url: URL,
        patience: Patience,
        read: Callable[[Answer], T],
        *,
        is_answer: Callable[[Answer], bool] = lambda answer: answer.ok,
    ) -> Asked[T]:
        """Asks until an answer can be read; ``read`` runs in a thread and refuses with AnswerRefused.

        ``is_answer`` says which answers are for ``read`` in spite of their status.

        Raises: SourceUnreachable (ComeBackLater, AnswerRefused) when the retries are used up, AccessRefused,
        AnswerTooLarge, and whatever ``read`` raises besides AnswerRefused.
        """
        disturbed = False
        for attempt in range(patience.retries + 1):
            last = attempt == patience.retries
            wait = self._back_off(attempt)
            try:
                answer = await self._answer(url, patience)
            except (aiohttp.ClientError, TimeoutError) as exc:
                if last or not _may_pass(exc):
                    raise _failure(url, exc, attempt) from exc
                disturbed = disturbed or not isinstance(exc, aiohttp.ClientConnectorError)
            else:
                if is_answer(answer):
                    try:
                        return Asked(await asyncio.to_thread(read, answer), answer, disturbed)
                    except AnswerRefused:
                        if last:
                            raise
                    disturbed = True
                else:
                    wait = _patience_for(answer, wait, last=last)
                    disturbed = disturbed or answer.status not in NOT_CARRIED_OUT
            await self._sleep(wait)
        raise AssertionError("the last attempt returns or raises")

    async def download(
        self, url: URL, patience: Patience, into: BinaryIO, *, etag: str = "", last_modified: str = ""
    ) -> Download:
        """Fetches a file, compressed as it is stored, into ``into``; not at all when its validators still hold.

        ``patience.timeout_seconds`` is the longest silence, not the length of the download.

        Raises: as ``ask``.
        """
        validators = {"If-None-Match": etag, "If-Modified-Since": last_modified}
        headers = {name: value for name, value in validators.items() if value} | {"Accept-Encoding": "identity"}
        limits = aiohttp.ClientTimeout(sock_connect=CONNECT_SECONDS, sock_read=patience.timeout_seconds)
        for attempt in range(patience.retries + 1):
            last = attempt == patience.retries
            wait = self._back_off(attempt)
            into.seek(0)
            into.truncate()
            try:
                async with self._response(url, patience, headers, limits) as response:
                    if response.status == HTTPStatus.NOT_MODIFIED:
                        return Download(False, etag, last_modified)
                    if response.status == HTTPStatus.OK:
                        await _store(response, into, patience.max_bytes)
                        found = response.headers
                        return Download(True, found.get("ETag", ""), found.get("Last-Modified", ""))
                    answer = Answer(str(url), response.status, b"", None, response.headers.get("Retry-After", ""))
                wait = _patience_for(answer, wait, last=last)
            except (aiohttp.ClientError, TimeoutError) as exc:
                if last or not _may_pass(exc):
                    raise _failure(url, exc, attempt) from exc
            await self._sleep(wait)
        raise AssertionError("the last attempt returns or raises")

    def _back_off(self, attempt: int) -> float:
        longest = min(LONGEST_BACK_OFF_SECONDS, FIRST_BACK_OFF_SECONDS * 2.0**attempt)
        return longest * (0.5 + self._jitter() / 2)

    async def _answer(self, url: URL, patience: Patience) -> Answer:
        host = _host(url)
        headers = {"Accept-Encoding": "identity"} if host in self._plain else {}
        limits = aiohttp.ClientTimeout(total=patience.timeout_seconds, sock_connect=CONNECT_SECONDS)
        try:
            async with self._response(url, patience, headers, limits) as response:
                body = bytearray()
                async for chunk in response.content.iter_chunked(CHUNK_BYTES):
                    body += chunk
                    if len(body) > patience.max_bytes:
                        raise AnswerTooLarge(f"{url}: the answer is larger than {patience.max_bytes:,} bytes")
                return Answer(
                    str(url),
                    response.status,
                    _unzipped(bytes(body), patience.max_bytes, str(url)),
                    _http_date(response.headers.get("Date", "")),
                    response.headers.get("Retry-After", ""),
                )
        except aiohttp.ClientPayloadError:
            self._plain.add(host)  # cut off, or its compression is broken: the next time without compression
            raise

    @asynccontextmanager
    async def _response(
        self, url: URL, patience: Patience, headers: dict[str, str], limits: aiohttp.ClientTimeout
    ) -> AsyncIterator[ClientResponse]:
        if self._session is None:
            raise RuntimeError("the session is used before it is entered")
        host = _host(url)
        first = host not in self._hosts
        # Waiting for a turn happens here and not in the connector, where it would count against the time-out.
        async with self._hosts.setdefault(host, asyncio.Lock()):
            if patience.pause_seconds and not first:
                await self._sleep(patience.pause_seconds)
            async with self._session.get(url, headers=headers, timeout=limits, max_redirects=MAX_REDIRECTS) as response:
                yield response


async def _store(response: ClientResponse, into: BinaryIO, max_bytes: int) -> None:
    size = 0
    async for chunk in response.content.iter_chunked(16 * CHUNK_BYTES):
        size += len(chunk)
        if size > max_bytes:
            raise AnswerTooLarge(f"{response.url}: the file is larger than {max_bytes:,} bytes")
        await asyncio.to_thread(into.write, chunk)


def _unzipped(body: bytes, max_bytes: int, url: str) -> bytes:
    """The body, decompressed when it is gzip that no header announced."""
    if not body.startswith(GZIP_MAGIC):
        return body
    unzip = zlib.decompressobj(wbits=31)
    try:
        plain = unzip.decompress(body, max_bytes + 1)
    except zlib.error as exc:
        raise aiohttp.ClientPayloadError(f"{url}: broken gzip: {exc}") from exc
    if len(plain) > max_bytes:
        raise AnswerTooLarge(f"{url}: the answer is larger than {max_bytes:,} bytes")
    if not unzip.eof:
        raise aiohttp.ClientPayloadError(f"{url}: the gzip stream is cut off")
    return plain


def address(text: str) -> URL:
    """A URL as it stands, its percent-encoding untouched.

    Raises: AccessRefused when it is not one.
    """
    try:
        return URL(text, encoded=True)
    except ValueError as exc:
        raise AccessRefused(f"{text!r} is no address: {exc}") from exc


def _host(url: URL) -> str:
    try:
        return str(url.origin())
    except ValueError as exc:
        raise AccessRefused(f"{url} is no address: {exc}") from exc


def _may_pass(exc: Exception) -> bool:
    never = (aiohttp.InvalidURL, aiohttp.TooManyRedirects, aiohttp.ClientSSLError, aiohttp.RedirectClientError)
    return not isinstance(exc, never)


def _failure(url: URL, exc: Exception, attempt: int) -> SourceUnreachable | AccessRefused:
    what = str(exc) or type(exc).__name__
    if not _may_pass(exc):
        return AccessRefused(f"{url}: {what}")
    if isinstance(exc, TimeoutError):
        what = "no answer in time"
    return SourceUnreachable(f"{url}: {what} (asked {attempt + 1} times)")


def _patience_for(answer: Answer, back_off: float, *, last: bool) -> float:
    """How long to wait before asking again after a status that is no answer.

    Raises: AccessRefused when asking again does not help, ComeBackLater when the server wants more patience than
    a run has, SourceUnreachable or AnswerRefused when this was the last attempt.
    """
    words = f"{answer.url}: {answer.status} {_phrase(answer.status)}"
    if answer.status < 500 and answer.status not in WORTH_ASKING_AGAIN:
        raise AccessRefused(words)
    wanted = retry_after_seconds(answer.retry_after, answer.date or datetime.now(UTC))
    if wanted is not None and wanted > LONGEST_RETRY_AFTER_SECONDS:
        raise ComeBackLater(f"{words}; it asks to come back in {wanted:.0f} s", wanted)
    if last:
        raise SourceUnreachable(words) if answer.status in NOT_CARRIED_OUT else AnswerRefused(words)
    return back_off if wanted is None else max(wanted, back_off)


def retry_after_seconds(value: str, now: datetime) -> float | None:
    """What a Retry-After header asks for (RFC 9110 §10.2.3): seconds or a date; absent when it says neither."""
    text = value.strip()
    if text.isascii() and text.isdigit():
        return float(text)
    date = _http_date(text)
    return None if date is None else max(0.0, (date - now).total_seconds())


def _http_date(text: str) -> datetime | None:
    try:
        date = parsedate_to_datetime(text)
    except (ValueError, IndexError):  # an empty or foreign date says nothing
        return None
    return date if date.tzinfo else date.replace(tzinfo=UTC)


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "(no known status)"
