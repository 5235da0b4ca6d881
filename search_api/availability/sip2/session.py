"""One SIP2 session per server and login: opened when it is needed, kept, shared, and opened once more when dropped.

Many servers take a handful of terminals and no more, and several libraries may stand behind one: their questions go
through the same session, one after the other. A session in which something went wrong, or of which the answer was not
waited for, is never used again: an answer that comes late would be taken for that of the next question.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from search_api.availability.http import ConnectorTimedOut, ConnectorUnavailable, EntryRefused
from search_api.availability.sip2.messages import (
    END,
    LOGIN_ANSWER,
    RESEND,
    STATUS_ANSWER,
    ChecksumWrong,
    Message,
    ServerStatus,
    Sip2Invalid,
    can_be_written,
    login,
    parsed,
    send_again,
    server_status,
    status_request,
    written,
)
from search_api.availability.system import System

PORT = 6001
MAX_MESSAGE_BYTES = 64_000
MAX_REPEATS = 2  # of one message that was damaged on the way, there or back

Listener = Callable[[str, bytes | str], None]


class Dropped(Exception):
    """The other side has ended the session."""


@dataclass(frozen=True, slots=True)
class Line:
    """What makes a session: questions of libraries with the same line share it."""

    url: str
    login: tuple[str, str] | None  # the names of the environment variables
    location: str
    encoding: str
    checksum: bool
    status: bool


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, and how its answer is known from one to another question."""

    of: Callable[[str], str]  # the message, for what the server calls the institution
    answer: str  # the code of the answer
    is_answered_by: Callable[[Message], bool]


class Session:
    """The session with one server, one question at a time."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        self._turn = asyncio.Lock()
        self._sequence = 0
        self._server = ServerStatus(online=True, tells_items=True, institution="")
        self.users = 0  # connectors that have not been closed

    async def ask(self, system: System, question: Question) -> Message:
        """Asks when it is this question's turn.

        Raises: EntryRefused, ConnectorTimedOut (no connection), ConnectorUnavailable. May be cancelled at any time: the
        session is given up then, if the question was under way.
        """
        async with self._turn:
            answered = False
            try:
                message = await self._asked(system, question)
                if not question.is_answered_by(message):
                    raise Sip2Invalid("answered another question than the one asked")
                answered = True
                return message
            except TimeoutError as exc:
                raise ConnectorTimedOut(f"no connection within {system.service.connect_seconds:g} s") from exc
            except Sip2Invalid as exc:
                raise ConnectorUnavailable(str(exc)) from exc
            except Dropped as exc:
                raise ConnectorUnavailable("ended the session before it answered") from exc
            except OSError as exc:
                raise ConnectorUnavailable(f"could not be reached ({type(exc).__name__})") from exc
            finally:
                if not answered:
                    self.drop()

    def drop(self) -> None:
        """Ends the session at once; SIP2 has no farewell."""
        if self._streams is not None:
            self._streams[1].transport.abort()
            self._streams = None

    async def _asked(self, system: System, question: Question) -> Message:
        """The question in the session there is, or in a new one where that has gone in the meantime."""
        if self._streams is not None:
            try:
                return await self._exchange(question.of(self._institution(system)), question.answer, system.tell)
            except (Dropped, OSError):
                self.drop()
        await self._open(system)
        return await self._exchange(question.of(self._institution(system)), question.answer, system.tell)

    def _institution(self, system: System) -> str:
        """As the library's file says, else as the server calls itself."""
        name = system.service.institution or self._server.institution
        return name if can_be_written(name, self._line.encoding) else ""

    async def _open(self, system: System) -> None:
        entry = system.entry.login()
        words = (*(entry or ()), self._line.location)
        if not all(can_be_written(word, self._line.encoding) for word in words):
            raise EntryRefused("cannot be entered: user, password or location holds what SIP2 cannot send")
        parts = urlsplit(self._line.url)
        context = ssl.create_default_context() if parts.scheme == "tls" else None
        async with asyncio.timeout(system.service.connect_seconds):
            self._streams = await asyncio.open_connection(
                parts.hostname, parts.port or PORT, ssl=context, limit=MAX_MESSAGE_BYTES
            )
        self._sequence = 0
        if entry is not None:
            answer = await self._exchange(login(*entry, self._line.location), LOGIN_ANSWER, system.tell)
            if answer.fixed != "1":
                raise EntryRefused("does not let us in (login refused)")
        if self._line.status:
            answer = await self._exchange(status_request(), STATUS_ANSWER, system.tell)
            self._server = server_status(answer)
            if not self._server.online:
                raise ConnectorUnavailable("says that it is off-line")
            if not self._server.tells_items:
                raise ConnectorUnavailable("says that it does not tell of items (BX)")

    async def _exchange(self, body: str, answer_code: str, tell: Listener) -> Message:
        """Sends a message and waits for its answer; what is damaged on the way is sent again, a few times."""
        number = self._sequence if self._line.checksum else None
        self._sequence = (self._sequence + 1) % 10
        first = sending = written(body, self._line.encoding, number)
        for _ in range(MAX_REPEATS + 1):
            received = await self._sent(sending)
            tell(_shown(sending, self._line.encoding), _shown(received, self._line.encoding))
            try:
                message = parsed(received, self._line.encoding)
            except ChecksumWrong:
                sending = send_again()
                continue
            if message.code == RESEND:
                sending = first
                continue
            if message.code != answer_code:
                raise Sip2Invalid(f"answered with message {message.code} instead of {answer_code}")
            if None not in (number, message.sequence) and message.sequence != number:
                raise Sip2Invalid("answered another message than the one sent")
            return message
        raise Sip2Invalid("no message gets through undamaged")

    async def _sent(self, sending: bytes) -> bytes:
        if self._streams is None:
            raise Dropped
        reader, writer = self._streams
        writer.write(sending)
        await writer.drain()
        try:
            return await reader.readuntil(END)
        except asyncio.IncompleteReadError as exc:
            raise Dropped from exc
        except asyncio.LimitOverrunError as exc:
            raise Sip2Invalid(f"answered more than {MAX_MESSAGE_BYTES} bytes without an end") from exc


def _shown(line: bytes, encoding: str) -> str:
    return line.decode(encoding, "replace").strip()


def session_of(system: System) -> Session:
    """The session that the library's questions go through, made once for all that share it; ``leave`` it at the end."""
    line = _line(system)
    session = system.commons.of(("sip2", line), lambda: Session(line))
    session.users += 1
    return session


def leave(session: Session) -> None:
    """Ends the connection when no other library's questions go through it."""
    session.users -= 1
    if session.users == 0:
        session.drop()


def _line(system: System) -> Line:
    service = system.service
    auth = service.auth
    return Line(
        url=service.url.rstrip("/"),
        login=None if auth is None else (auth.username_env or "", auth.password_env or ""),
        location=service.sip2.location,
        encoding=service.sip2.encoding,
        checksum=service.sip2.checksum,
        status=service.sip2.status,
    )
