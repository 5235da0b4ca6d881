"""The patient session: how member libraries' servers are asked for records.

One request at a time per host, back-off with jitter, Retry-After honoured, sizes capped, and no request ever sent
twice behind the harvester's back. Availability has a policy of its own and never uses this one.
"""

from __future__ import annotations

import asyncio
import importlib.metadata
import random
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from http import HTTPStatus
from tempfile import SpooledTemporaryFile
from types import TracebackType
from typing import BinaryIO, Generic, TypeVar

import aiohttp
from yarl import URL

from harvester.access import OPEN, Access
from harvester.compression import CompressionBroken, CompressionTooLarge, unfolded
from harvester.errors import AnswerRefused, AnswerTooLarge, SourceUnreachable, StoreUnusable
from harvester.retrying import NOT_CARRIED_OUT, Health, back_off_seconds, http_date, seconds_to_wait
from harvester.transport import Patience, Received, Sleep, Transport, address, chunks, host_of, shown
from harvester.turns import Turns
from harvester.unanswered import failure, may_pass

__all__ = ["Answer", "Asked", "Download", "Patience", "PatientSession", "address"]

MAX_HOSTS_AT_ONCE = 32
READ_AT_ONCE = 2  # answers: more threads would only wait for each other
CHUNK_BYTES = 64 * 1024
SPOOLED_BYTES = 4 * 1024 * 1024  # of one body in memory while it comes: pages are smaller, and what drips is not
PARTIAL = "status 206, a part of an answer"
MORE_THAN_COMPRESSED = "bytes behind the end of its compression"

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer, whatever its status."""

    url: str  # as it may be shown: without keys
    status: int
    body: bytes
    date: datetime | None = None  # of the Date header
    retry_after: str = ""
    moved_to: str = ""  # where permanent redirects, and only such, led; as it may be shown
    led_to: str = ""  # where redirects of any kind led
    odd: str = ""  # a sign that it may not be whole, though it came to its end, in words

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300


@dataclass(frozen=True, slots=True)
class Asked(Generic[T]):
    """What was read from an answer, and the answer without its body; ``disturbed``: the server may have carried out
    the request more than once."""

    value: T
    answer: Answer
    disturbed: bool


@dataclass(frozen=True, slots=True)
class Download:
    """A file as it was fetched; not ``modified`` when the server says that its validators still hold."""

    modified: bool
    etag: str = ""
    last_modified: str = ""


class PatientSession:
    """One session for a whole harvest; an asynchronous context manager.

    ``turns`` are those that other processes heed too; without any, one request at a time to a host is of this session.
    """

    def __init__(
        self,
        *,
        contact: str = "",
        hosts_at_once: int = MAX_HOSTS_AT_ONCE,
        turns: Turns | None = None,
        sleep: Sleep = asyncio.sleep,
        jitter: Callable[[], float] = random.random,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        version = importlib.metadata.version("allshelves")
        headers = {"User-Agent": f"Allshelves/{version} (union catalogue harvester{contact and '; ' + contact})"}
        headers |= {"From": contact} if contact else {}
        self._transport = Transport(headers, hosts_at_once, sleep, turns or Turns())
        self._sleep = sleep
        self._jitter = jitter
        self._clock = clock
        self._reading = asyncio.Semaphore(READ_AT_ONCE)
        self._health: dict[str, Health] = defaultdict(Health)  # by host
        self._plain: set[str] = set()  # hosts whose compression is broken

    async def __aenter__(self) -> PatientSession:
        await self._transport.open()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._transport.close()

    async def wait(self, seconds: float) -> None:
        """Lets time pass, such as between two looks at files that may be growing."""
        await self._sleep(seconds)

    def forgo_compression(self, url: URL) -> None:
        """Asks this address's host without compression from now on."""
        self._plain.add(host_of(url))

    def forgoes_compression(self, url: URL) -> bool:
        """Whether the compression of this address's host was found broken."""
        return host_of(url) in self._plain

    async def ask(
        self,
        url: URL,
        patience: Patience,
        read: Callable[[Answer], T],
        *,
        access: Access = OPEN,
        is_answer: Callable[[Answer], bool] = lambda answer: answer.ok,
    ) -> Asked[T]:
        """Asks until an answer can be read; ``read`` runs in a thread and refuses with AnswerRefused.

        ``is_answer`` says which answers are for ``read`` in spite of their status.

        Raises: SourceUnreachable (ComeBackLater, HostUnknown, AnswerRefused) when the retries are used up or the
        host is left alone, AccessRefused, AnswerTooLarge, and whatever ``read`` raises besides AnswerRefused.
        """
        health = self._health[host_of(url)]
        health.check(host_of(url), self._clock())
        try:
            asked = await self._ask(url, patience, read, access, is_answer)
        except SourceUnreachable as exc:
            health.failed(self._clock(), exc)
            raise
        health.answered()
        return asked

    async def _ask(
        self,
        url: URL,
        patience: Patience,
        read: Callable[[Answer], T],
        access: Access,
        is_answer: Callable[[Answer], bool],
    ) -> Asked[T]:
        disturbed = False
        for attempt in range(patience.retries + 1):
            last = attempt == patience.retries
            wait = back_off_seconds(attempt, self._jitter())
            try:
                answer = await self._answer(url, patience, access)
            except (aiohttp.ClientError, TimeoutError) as exc:
                if last or not may_pass(exc):
                    raise failure(url, exc, attempt + 1, access) from exc
                disturbed = disturbed or not isinstance(exc, aiohttp.ClientConnectorError)
            else:
                if is_answer(answer):
                    try:
                        async with self._reading:
                            value = await asyncio.to_thread(read, answer)
                            return Asked(value, replace(answer, body=b""), disturbed)
                    except AnswerRefused:
                        if last:
                            raise
                    disturbed = True
                else:
                    stated = (answer.status, answer.retry_after, answer.date)
                    wait = seconds_to_wait(
                        _where(answer.url, answer.led_to), *stated, wait, last=last, most=patience.absence_seconds
                    )
                    disturbed = disturbed or answer.status not in NOT_CARRIED_OUT
            await self._sleep(wait)
        raise AssertionError("the last attempt returns or raises")

    async def download(
        self,
        url: URL,
        patience: Patience,
        into: BinaryIO,
        *,
        etag: str = "",
        last_modified: str = "",
        access: Access = OPEN,
    ) -> Download:
        """Fetches a file, compressed as it is stored, into ``into``; not at all when its validators still hold.

        ``patience.timeout_seconds`` is the longest silence; the download may take as long as it needs.

        Raises: as ``ask``.
        """
        validators = {"If-None-Match": etag, "If-Modified-Since": last_modified}
        headers = {name: value for name, value in validators.items() if value} | {"Accept-Encoding": "identity"}
        for attempt in range(patience.retries + 1):
            last = attempt == patience.retries
            wait = back_off_seconds(attempt, self._jitter())
            into.seek(0)
            into.truncate()
            try:
                async with self._transport.received(url, patience, headers, access) as received:
                    response, found = received.response, received.response.headers
                    if response.status == HTTPStatus.NOT_MODIFIED and any(validators.values()):
                        return Download(False, etag, last_modified)
                    if response.status == HTTPStatus.OK:
                        size = 0
                        async for chunk in chunks(received, patience, 16 * CHUNK_BYTES):
                            size += len(chunk)
                            if size > patience.max_bytes:
                                raise AnswerTooLarge(f"{shown(url)}: is larger than {patience.max_bytes:,} bytes")
                            await asyncio.to_thread(into.write, chunk)
                        return Download(True, found.get("ETag", ""), found.get("Last-Modified", ""))
                    date, retry_after = http_date(found.get("Date", "")), found.get("Retry-After", "")
                stated = (response.status, retry_after, date)
                wait = seconds_to_wait(
                    _where(shown(url), received.led_to), *stated, wait, last=last, most=patience.absence_seconds
                )
            except (aiohttp.ClientError, TimeoutError) as exc:
                if last or not may_pass(exc):
                    raise failure(url, exc, attempt + 1, access) from exc
            await self._sleep(wait)
        raise AssertionError("the last attempt returns or raises")

    async def _answer(self, url: URL, patience: Patience, access: Access) -> Answer:
        headers = {"Accept-Encoding": "identity"} if host_of(url) in self._plain else {}
        try:
            async with (
                asyncio.timeout(patience.whole_seconds),
                self._transport.received(url, patience, headers, access) as got,
            ):
                body = await _whole(url, got, patience)
                found = got.response.headers
                plain, behind = unfolded(body, patience.max_bytes, found.get("Content-Encoding", ""))
                partial = got.response.status == HTTPStatus.PARTIAL_CONTENT  # which nobody asked for
                return Answer(
                    shown(url),
                    got.response.status,
                    plain,
                    http_date(found.get("Date", "")),
                    found.get("Retry-After", ""),
                    got.moved_to,
                    got.led_to,
                    PARTIAL if partial else MORE_THAN_COMPRESSED if behind else "",
                )
        except CompressionTooLarge as exc:
            raise AnswerTooLarge(f"{shown(url)}: {exc}") from exc
        except CompressionBroken as exc:
            self._plain.add(host_of(url))
            raise aiohttp.ClientPayloadError(str(exc)) from exc
        except aiohttp.ClientPayloadError:
            self._plain.add(host_of(url))  # cut off, or its compression is broken: the next time without compression
            raise


async def _whole(url: URL, got: Received, patience: Patience) -> bytes:
    """A body once all of it is here; until then a large one lies on disk, however slowly it comes and from how many.

    Raises: AnswerTooLarge; StoreUnusable when the disk is full.
    """
    with SpooledTemporaryFile(max_size=SPOOLED_BYTES) as spool:
        async for chunk in chunks(got, patience, CHUNK_BYTES):
            if spool.tell() + len(chunk) > patience.max_bytes:
                raise AnswerTooLarge(f"{shown(url)}: is larger than {patience.max_bytes:,} bytes")
            try:
                spool.write(chunk)
            except OSError as exc:
                raise StoreUnusable(f"an answer cannot be kept while it comes: {exc}") from exc
        spool.seek(0)
        return spool.read()


def _where(url: str, led_to: str) -> str:
    return f"{url}, which leads to {led_to}" if led_to else url
