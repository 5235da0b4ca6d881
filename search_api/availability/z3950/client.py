"""One Z39.50 session per server: opened when it is needed, kept, and opened once more when the server has dropped it.

One question is under way at a time. A session in which something went wrong, or of which the answer was not waited
for, is never used again: an answer that comes late would be taken for that of the next question.
"""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from search_api.availability.http import (
    MAX_BODY_BYTES,
    ConnectorTimedOut,
    ConnectorUnavailable,
    EntryRefused,
    QuestionRefused,
)
from search_api.availability.z3950.ber import MESSAGE_KIND, BerInvalid, Element, decoded, encoded, received
from search_api.availability.z3950.messages import (
    CLOSE,
    Credentials,
    close_request,
    found,
    given,
    init_request,
    is_let_in,
    present_request,
    search_request,
)

PORT = 210
MAX_RECORDS = 10  # taken of one search: a number finds one record, an ISBN several editions
CLOSE_SECONDS = 0.5

_NOT_LET_IN = frozenset({236, 1010, 1011, 1012, 1013, 1014, 1015, 1016, 1021, 1022, 1023, 1024})
_REFUSED = frozenset({3, 106, 107, 108, 113, 114, 115, 116, 117, 118, 119, 120, 121, 122, 123, 125, 126, 129})
_NO_SUCH_SYNTAX = frozenset({227, 238, 239})
"""Diagnostics of bib-1: of access; of a query that this server does not take; of records in the syntax asked for."""


class _Dropped(Exception):
    """The other side has ended the session."""


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked up: attributes of bib-1 and one term; which syntax and element set the records are wanted in."""

    database: str
    attributes: tuple[tuple[int, int], ...]
    term: str
    syntaxes: tuple[str, ...]  # the next where the server has none of the one before
    elements: str

    def __str__(self) -> str:
        attributes = " ".join(f"@attr {kind}={value}" for kind, value in self.attributes)
        return f"{self.database}: {attributes} {self.term} ({', '.join(self.syntaxes)})"


@dataclass(frozen=True, slots=True)
class Hits:
    """What a search found: how many records, and the first of them."""

    count: int
    records: tuple[tuple[str, Element], ...] = ()  # each with the name of its syntax


class Z3950Client:
    """Asks one server. ``credentials`` are asked for whenever a session is opened; None: as anybody."""

    def __init__(self, url: str, *, timeout_seconds: float, credentials: Callable[[], Credentials | None]) -> None:
        self._host, self._port, self._tls = address(url)
        self._timeout_seconds = timeout_seconds
        self._credentials = credentials
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        self._turn = asyncio.Lock()

    async def ask(self, search: Search) -> Hits:
        """Searches, and takes the first records; all of it within the time-out once it is this question's turn.

        Raises: ConnectorTimedOut, EntryRefused, QuestionRefused, or ConnectorUnavailable with a reason for staff.
        """
        async with self._turn:
            answered = False
            try:
                async with asyncio.timeout(self._timeout_seconds):
                    hits = await self._asked(search)
                answered = True
                return hits
            except QuestionRefused:
                answered = True  # the session goes on
                raise
            except TimeoutError as exc:
                raise ConnectorTimedOut(f"no answer within {self._timeout_seconds:g} s") from exc
            except BerInvalid as exc:
                raise ConnectorUnavailable(f"answered something that is not Z39.50 ({exc})") from exc
            except _Dropped as exc:
                raise ConnectorUnavailable("ended the session before it answered") from exc
            except OSError as exc:
                raise ConnectorUnavailable(f"could not be reached ({type(exc).__name__})") from exc
            finally:
                if not answered:
                    self._drop()

    async def close(self) -> None:
        """Ends the session, politely if that takes no time."""
        async with self._turn:
            if self._streams is not None:
                _, writer = self._streams
                with contextlib.suppress(OSError, TimeoutError):
                    writer.write(encoded(close_request()))
                    writer.close()
                    async with asyncio.timeout(CLOSE_SECONDS):
                        await writer.wait_closed()
                self._drop()

    async def _asked(self, search: Search) -> Hits:
        """The question in the session there is, or in a new one where that has gone in the meantime."""
        if self._streams is not None:
            try:
                return await self._question(search)
            except (_Dropped, OSError):
                self._drop()
        await self._open()
        return await self._question(search)

    async def _question(self, search: Search) -> Hits:
        answer = found(await self._exchange(search_request(search.database, search.attributes, search.term)))
        if answer.diagnostic is not None:
            raise refusal(answer.diagnostic)
        if answer.hits == 0:
            return Hits(0)
        for syntax in search.syntaxes:
            records, diagnostic = await self._presented(min(answer.hits, MAX_RECORDS), syntax, search.elements)
            if records or diagnostic not in _NO_SUCH_SYNTAX:
                break
        if not records:
            why = "" if diagnostic is None else f" (diagnostic {diagnostic})"
            raise ConnectorUnavailable(f"found the record and does not give it{why}")
        return Hits(answer.hits, records)

    async def _presented(
        self, wanted: int, syntax: str, elements: str
    ) -> tuple[tuple[tuple[str, Element], ...], int | None]:
        """The first records of the result, asked for until all are there or no more come, and what was said instead."""
        records: list[tuple[str, Element]] = []
        while len(records) < wanted:
            asked = present_request(len(records) + 1, wanted - len(records), syntax, elements)
            answer = given(await self._exchange(asked))
            records.extend(answer.records[: wanted - len(records)])
            if not answer.records or answer.diagnostic is not None:
                return tuple(records), answer.diagnostic
        return tuple(records), None

    async def _open(self) -> None:
        context = ssl.create_default_context() if self._tls else None
        self._streams = await asyncio.open_connection(self._host, self._port, ssl=context)
        if not is_let_in(await self._exchange(init_request(self._credentials()))):
            raise EntryRefused("does not let us in")

    async def _exchange(self, request: Element) -> Element:
        assert self._streams is not None, "a session is opened before anything is asked"
        reader, writer = self._streams
        writer.write(encoded(request))
        try:
            await writer.drain()
            answer = decoded(await received(reader, MAX_BODY_BYTES, kind=MESSAGE_KIND))
        except asyncio.IncompleteReadError as exc:
            raise _Dropped from exc
        if answer.number == CLOSE:
            raise _Dropped
        return answer

    def _drop(self) -> None:
        if self._streams is not None:
            self._streams[1].transport.abort()
            self._streams = None


def refusal(diagnostic: int) -> ConnectorUnavailable:
    """What a diagnostic of bib-1 in place of a result means."""
    if diagnostic in _NOT_LET_IN:
        return EntryRefused(f"does not let us in (diagnostic {diagnostic})")
    if diagnostic in _REFUSED:
        return QuestionRefused(f"refused the question (diagnostic {diagnostic})")
    return ConnectorUnavailable(f"answered with diagnostic {diagnostic}")


def address(url: str) -> tuple[str, int, bool]:
    """Host, port and whether to use TLS, of ``tcp://host:port`` or ``tls://host:port``.

    Raises: ConnectorUnavailable when it is no such address.
    """
    parts = urlsplit(url)
    try:
        port = parts.port
    except ValueError as exc:
        raise ConnectorUnavailable("has an address that is none") from exc
    if parts.scheme not in ("tcp", "tls") or not parts.hostname:
        raise ConnectorUnavailable("has an address that is not tcp:// or tls://")
    return parts.hostname, port or PORT, parts.scheme == "tls"
